"""Without a sandbox: the same ipykernel runner as a plain process, for those who typed that they want that.

It is handed no truth, no key and no gradebook, but nothing stops hostile code from looking for them.
"""

import json
import os
import signal
import subprocess
import sys
import tempfile
from pathlib import Path

from cointrail.grading.ran import Ran, listen

__all__ = ["run_plain"]

# what a Python needs to start; nothing else of the grader's environment is passed on
_PASSED_ON = ("PATH", "LANG", "LC_ALL", "TZ", "PYTHONPATH")


def run_plain(view, job, limits):
    """Run a notebook's cells in a kernel of this machine; same job and result as `Worker.run`."""
    ran = Ran()
    with tempfile.TemporaryDirectory(prefix="cointrail-run-", ignore_cleanup_errors=True) as name:
        scratch = Path(name)
        hidden = scratch / "hidden"
        hidden.mkdir()
        for question, folder in view.hidden if job["hidden"] else ():
            (hidden / question).symlink_to(folder)
        for path, text in job["files"].items():
            file = scratch / path
            file.parent.mkdir(parents=True, exist_ok=True)
            file.write_text(text, encoding="utf-8")
        process = subprocess.Popen(
            [sys.executable, "-m", "cointrail.grading.inside.kernel"],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            cwd=scratch,
            env=_environment(scratch, view) | job["environment"],
            start_new_session=True,
        )
        _talk(process, job, ran, limits)
    return ran


def _talk(process, job, ran, limits):
    try:
        process.stdin.write(json.dumps(job).encode())
        process.stdin.close()
        listen(process.stdout.fileno(), ran, limits)
    except BrokenPipeError:  # it died before it read its job, which `ran` says
        return
    finally:
        os.killpg(process.pid, signal.SIGKILL)
        process.wait()
        process.stdout.close()


def _environment(scratch, view):
    kept = {name: os.environ[name] for name in _PASSED_ON if name in os.environ}
    return kept | {
        "HOME": str(scratch),
        "IPYTHONDIR": str(scratch / "ipython"),
        "JUPYTER_RUNTIME_DIR": str(scratch / "runtime"),
        "MPLBACKEND": "module://matplotlib_inline.backend_inline",
        "MPLCONFIGDIR": str(scratch / "matplotlib"),
        "PYTHONDONTWRITEBYTECODE": "1",
        "PYTHONHASHSEED": "0",
        "COINTRAIL_GRADING": "1",
        "COINTRAIL_DATA": str(view.data),
        "COINTRAIL_KEYS": str(scratch / "forms"),
        "COINTRAIL_HIDDEN": str(scratch / "hidden"),
    }
