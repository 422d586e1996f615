"""Is this machine ready for the lessons? The checks behind the self-test of lesson 0.4 and `cointrail doctor`.

A check returns a line of text where all is well, raises `CointrailError` where something must be done, and
`NotNeededError` where this copy of the course does not have the thing and does not need it.
"""

import hashlib
import html
import json
import os
import platform
import re
import shutil
import sys
from collections.abc import Callable
from importlib import metadata

from cointrail.errors import CointrailError
from cointrail.ledger import data_folder, worlds

__all__ = [
    "NotNeededError",
    "check_data",
    "check_disk",
    "check_memory",
    "check_packages",
    "check_python",
    "outcome",
    "self_test",
]

GB = 1024**3
DISK_NEEDED, MEMORY_NEEDED = 1 * GB, 3 * GB


class NotNeededError(Exception):
    """A grey line: this copy does not have the thing, and does not need it. (A CointrailError is a red line.)"""


def self_test():
    """The learner's part of the checks as a screen in a notebook: green, or red with what to do.

    A green line says what was asked for, not what this machine has, so that it is the same everywhere.
    """
    from IPython.display import display

    if os.environ.get("COINTRAIL_GRADING") == "1":
        print("The self-test looks at the learner's machine; it is not run while a notebook is graded.")
        return
    lines = [(name, *outcome(check)) for name, (check, _) in _ASKED.items()]
    rows, words = [], []
    for name, word, text in lines:
        said = text if word == "RED" else _ASKED[name][1]
        colour, sign = ("#b2182b", "✖ RED") if word == "RED" else ("#1b7837", "✔ green")
        cells = f"<td style='color:{colour}'><b>{sign}</b></td><td>{name}</td><td>{html.escape(said)}</td>"
        rows.append(f"<tr style='text-align:left'>{cells}</tr>")
        words.append(f"{sign:<8} {name:<9} {said}")
    table = f"<table role='status'>{''.join(rows)}</table>"
    display({"text/html": table, "text/plain": "\n".join(words)}, raw=True)


def outcome(check: Callable[[], str]) -> tuple[str, str]:
    """A word (ok, --, RED) and a text for one check."""
    try:
        return "ok", check()
    except NotNeededError as reason:
        return "--", str(reason)
    except (CointrailError, ImportError, OSError) as error:
        return "RED", str(error)


def check_python() -> str:
    """A Python that the lock knows."""
    if not (3, 11) <= sys.version_info[:2] <= (3, 13):
        raise CointrailError(
            f"{platform.python_version()}. Install Python 3.11, 3.12 or 3.13, then run: python start.py"
        )
    foreign = [name for name in ("PYTHONHOME", "PYTHONPATH") if os.environ.get(name)]
    note = f"; {' and '.join(foreign)} set: if packages misbehave, unset it" if foreign else ""
    return f"{platform.python_version()} on {platform.system()} {platform.machine()}{note}"


def check_packages() -> str:
    """Every installed package that the lock knows has a version the lock names."""
    lock = data_folder().parent / "requirements.lock.txt"
    if not lock.is_file():
        raise NotNeededError("no requirements.lock.txt in this copy: versions not compared")
    locked = {}
    for name, version in re.findall(r"^([\w.-]+)==(\S+)", lock.read_text(encoding="utf-8"), re.MULTILINE):
        locked.setdefault(name, set()).add(version)
    installed = {re.sub(r"[-_.]+", "-", d.metadata["Name"]).lower(): d.version for d in metadata.distributions()}
    other = sorted(name for name in installed.keys() & locked.keys() if installed[name] not in locked[name])
    if other:
        raise CointrailError(
            f"{', '.join(other)}: not the locked version. Delete .venv, then run: python start.py --setup"
        )
    main = ", ".join(f"{name} {installed[name]}" for name in ("jupyterlab", "pandas", "nbgrader"))
    return f"{len(installed.keys() & locked.keys())} as locked ({main})"


def check_disk() -> str:
    """Room on the disk that holds the course."""
    free = shutil.disk_usage(data_folder().parent).free
    if free < DISK_NEEDED:
        raise CointrailError(f"{free / GB:.1f} GB free. Make at least {DISK_NEEDED / GB:.0f} GB free.")
    return f"{free / GB:.0f} GB free"


def check_memory() -> str:
    """Memory for the largest lesson."""
    have = _memory_bytes()
    if have < MEMORY_NEEDED:
        raise CointrailError(
            f"{have / GB:.1f} GB. Lessons need {MEMORY_NEEDED / GB:.0f} GB: close other programs, or change machine."
        )
    return f"{have / GB:.0f} GB"


def _memory_bytes():
    if os.name == "posix":
        return os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES")
    import ctypes

    kilobytes = ctypes.c_ulonglong()
    ctypes.windll.kernel32.GetPhysicallyInstalledSystemMemory(ctypes.byref(kilobytes))
    return kilobytes.value * 1024


def check_data() -> str:
    """Every file of every world, its papers too, has the SHA-256 that a manifest names."""
    found, spoilt = [], []
    for world in worlds():
        files = [(file, stated) for part in _PARTS for file, stated in _stated(data_folder() / world / part)]
        spoilt += [file for file, stated in files if not file.is_file() or _sha256(file) != stated]
        found.append(f"{world}: {len(files)} files intact")
    if spoilt:
        more = f" and {len(spoilt) - 1} more" if len(spoilt) > 1 else ""
        raise CointrailError(f"{spoilt[0]}{more}: damaged, changed or missing. Unpack datasets/ of the course again.")
    if not found:
        raise CointrailError(f"there is no world in {data_folder()}. Copy the course's datasets again.")
    return "; ".join(found)


# The ledger, the account chain, the papers and the training set have a manifest each.
_PARTS = ("", "evm", "dockets", "training")


def _stated(folder):
    """(file, SHA-256) of each line of a manifest. A docket that is not here at all, as in a kit without the exam, is
    not asked for."""
    manifest = folder / "manifest.json"
    if not manifest.is_file():
        return
    for name, stated in json.loads(manifest.read_text(encoding="utf-8"))["files"].items():
        if folder.name != "dockets" or (folder / name.split("/")[0]).is_dir():
            yield folder / name, stated["sha256"] if isinstance(stated, dict) else stated


def _sha256(file):
    with file.open("rb") as stream:
        return hashlib.file_digest(stream, "sha256").hexdigest()


# What a learner's machine is asked for: the check, and what a green line says.
_ASKED = {
    "Python": (check_python, "3.11, 3.12 or 3.13"),
    "Packages": (check_packages, "the versions of the course"),
    "Disk": (check_disk, "at least 1 GB free"),
    "Memory": (check_memory, "at least 3 GB"),
    "Data": (check_data, "every file of every world has its published SHA-256"),
}
