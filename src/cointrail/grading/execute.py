"""The untrusted zone: run a notebook in a process of its own and bring back its outputs.

`run_notebook` is a pure function of the notebook and the docket. The kernel gets a clean environment, a scratch folder,
keys that hold forms only and the hidden inputs; a limit on every cell and on the whole notebook. It is handed no truth,
no plain key and no gradebook. (Walls that hostile code cannot climb are the sandbox's work, which wraps this process.)
"""

import json
import os
import tempfile
import time
from dataclasses import dataclass
from pathlib import Path

import nbformat
from nbclient import NotebookClient
from nbclient.exceptions import CellTimeoutError, DeadKernelError

from cointrail.exercises.case import docket_in
from cointrail.exercises.keys import read_key, seal
from cointrail.ledger import data_folder

__all__ = ["Limits", "run_notebook"]

# what a Python needs to start on Linux, macOS and Windows; nothing else of the grader's environment is passed on
_PASSED_ON = ("PATH", "LANG", "LC_ALL", "SYSTEMROOT", "SYSTEMDRIVE", "TZ")


@dataclass(frozen=True)
class Limits:
    """Seconds that a cell and a notebook may take."""

    cell: int = 30
    notebook: int = 120


def run_notebook(notebook, docket, *, world, day, hidden, limits=Limits()):
    """Run every cell of a notebook, from top to bottom, in a fresh kernel.

    Parameters
    ----------
    notebook : NotebookNode
        Left unchanged.
    docket : str
        Whose case it is.
    world, day : str, int
        Whose forms are put before the learner's `check`.
    hidden : Path
        Folder of hidden inputs.

    Returns
    -------
    NotebookNode
        A copy with outputs. A cell that failed or ran too long holds its error, and the next ones still run; after the
        notebook's time is over, or its kernel is dead, the rest is left without outputs.
    """
    notebook = nbformat.from_dict(notebook)
    with tempfile.TemporaryDirectory(prefix="cointrail-run-") as scratch:
        _write_forms(Path(scratch), world, docket, day)
        runner = _Runner(
            notebook,
            allow_errors=True,
            record_timing=False,
            kernel_name="python3",
            extra_arguments=["--IPKernelApp.log_level=ERROR"],
            resources={"metadata": {"path": scratch}},
        )
        runner.keep_to(limits)
        try:
            runner.execute(env=_environment(Path(scratch), docket, hidden))
        except DeadKernelError:
            _note(runner.last_cell, "KernelDied", "Python stopped in this cell; the cells after it were not run.")
    return notebook


class _Runner(NotebookClient):
    """Goes on after a cell that ran too long, until the notebook's time is over."""

    def keep_to(self, limits):
        self.limits = limits
        self.deadline = time.monotonic() + limits.notebook
        self.last_cell = None

    async def async_execute_cell(self, cell, cell_index, **options):
        left = self.deadline - time.monotonic()
        if cell.cell_type != "code" or left <= 0:
            if cell.cell_type == "code":
                _note(
                    cell, "NotRun", f"The notebook had used its {self.limits.notebook} seconds; this cell was not run."
                )
            return cell
        self.last_cell = cell
        self.timeout = max(1, min(self.limits.cell, int(left)))
        try:
            return await super().async_execute_cell(cell, cell_index, **options)
        except CellTimeoutError:
            _note(cell, "TimeOut", f"This cell ran longer than {self.timeout} seconds and was stopped.")
            await self.km.interrupt_kernel()
            return cell


def _note(cell, name, sentence):
    """An error output in words."""
    cell.outputs = [
        *cell.get("outputs", []),
        nbformat.v4.new_output("error", ename=name, evalue=sentence, traceback=[sentence]),
    ]


def _environment(scratch, docket, hidden):
    kept = {name: os.environ[name] for name in _PASSED_ON if name in os.environ}
    return kept | {
        "HOME": str(scratch),
        "USERPROFILE": str(scratch),
        "IPYTHONDIR": str(scratch / "ipython"),
        "MPLBACKEND": "module://matplotlib_inline.backend_inline",
        "MPLCONFIGDIR": str(scratch / "matplotlib"),
        "PYTHONDONTWRITEBYTECODE": "1",
        "PYTHONHASHSEED": "0",
        "COINTRAIL_GRADING": "1",
        "COINTRAIL_DOCKET": docket,
        "COINTRAIL_DATA": str(data_folder()),
        "COINTRAIL_KEYS": str(scratch / "forms"),
        "COINTRAIL_HIDDEN": str(hidden),
    }


def _write_forms(scratch, world, docket, day):
    """The exam's kind of key: forms and nothing else."""
    own = docket_in(world, docket)
    key = read_key(data_folder() / world / "keys" / own / f"day{day}.json")
    questions = {name: seal(question, salt="", exam=True) for name, question in key["questions"].items()}
    file = scratch / "forms" / world / "keys" / own / f"day{day}.json"
    file.parent.mkdir(parents=True)
    file.write_text(json.dumps({**key, "questions": questions}), encoding="utf-8")
