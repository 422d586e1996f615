"""`cointrail doctor`: is this machine ready, and are the data intact?"""

import argparse
import html
import os
import platform
import re
import shutil
import sys
import tempfile
from importlib import metadata
from pathlib import Path

from cointrail.errors import CointrailError

HELP = """\
Look at this machine: Python, packages, disk, memory, the data of every world, the folder of your work, a notebook's
kernel, and the instructor's desk where there is one. Each line is ok, or RED with what to do. The exit code is 1 if
a line is red. Nothing is changed.

  cointrail doctor
"""
GB = 1024**3
DISK_NEEDED, MEMORY_NEEDED = 1 * GB, 3 * GB


class NotNeededError(Exception):
    """A grey line: this copy does not have the thing, and does not need it. (A CointrailError is a red line.)"""


def add_parser(subparsers):
    parser = subparsers.add_parser("doctor", description=HELP, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.set_defaults(run=run)


def run(args):
    red = sum(_report(name, check) for name, check in CHECKS.items())
    print("\nThis machine is ready." if not red else f"\n{red} red: do what the red lines say, then run doctor again.")
    return 1 if red else 0


def self_test():
    """The learner's part of the checks as a screen in a notebook: green, or red with what to do.

    A green line says what was asked for, not what this machine has, so that it is the same everywhere.
    """
    from IPython.display import display

    lines = [(name, *_outcome(CHECKS[name])) for name in ASKED_OF_A_LEARNER]
    rows, words = [], []
    for name, word, text in lines:
        said = text if word == "RED" else ASKED_OF_A_LEARNER[name]
        colour, sign = ("#b2182b", "✖ RED") if word == "RED" else ("#1b7837", "✔ green")
        cells = f"<td style='color:{colour}'><b>{sign}</b></td><td>{name}</td><td>{html.escape(said)}</td>"
        rows.append(f"<tr style='text-align:left'>{cells}</tr>")
        words.append(f"{sign:<8} {name:<9} {said}")
    table = f"<table role='status'>{''.join(rows)}</table>"
    display({"text/html": table, "text/plain": "\n".join(words)}, raw=True)


# What a machine needs for the lessons, by check.
ASKED_OF_A_LEARNER = {
    "Python": "3.11, 3.12 or 3.13",
    "Packages": "the versions of the course",
    "Disk": "at least 1 GB free",
    "Memory": "at least 3 GB",
    "Data": "every file of every world has its published SHA-256",
}


def _outcome(check):
    """A word (ok, --, RED) and a text for one check."""
    try:
        return "ok", check()
    except NotNeededError as reason:
        return "--", str(reason)
    except (CointrailError, ImportError, OSError) as error:
        return "RED", str(error)


def _report(name, check):
    word, text = _outcome(check)
    colour = {"ok": "32", "RED": "31;1"}.get(word)
    plain = colour is None or not sys.stdout.isatty() or os.name == "nt" or "NO_COLOR" in os.environ
    print(f"{word:>4}" if plain else f"\033[{colour}m{word:>4}\033[0m", f" {name:<9} {text}", flush=True)
    return word == "RED"


def _python():
    if not (3, 11) <= sys.version_info[:2] <= (3, 13):
        raise CointrailError(
            f"{platform.python_version()}. Install Python 3.11, 3.12 or 3.13, then run: python start.py"
        )
    return f"{platform.python_version()} on {platform.system()} {platform.machine()}"


def _packages():
    """Every installed package that the lock knows has a version the lock names."""
    lock = _house() / "requirements.lock.txt"
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


def _disk():
    free = shutil.disk_usage(_house()).free
    if free < DISK_NEEDED:
        raise CointrailError(f"{free / GB:.1f} GB free. Make at least {DISK_NEEDED / GB:.0f} GB free.")
    return f"{free / GB:.0f} GB free"


def _memory():
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


def _data():
    """Every file of every world has the SHA-256 that its manifest names."""
    from cointrail.ledger import checked_path, data_folder, load_manifest, worlds

    found = []
    for world in worlds():
        manifest = load_manifest(world)
        files = manifest["files"]
        for name in files:
            checked_path(world, name, manifest=manifest)
        found.append(f"{world}: {len(files)} files intact")
    if not found:
        raise CointrailError(f"there is no world in {data_folder()}. Copy the course's datasets again.")
    return "; ".join(found)


def _lessons():
    from cointrail.classroom.lab import course_folder

    lessons = len(list(course_folder().glob("day*/*.ipynb")))
    if not lessons:
        raise CointrailError(f"{course_folder()} holds no lesson. Unpack the course again.")
    return f"{lessons} lessons in {course_folder()}"


def _work():
    from cointrail.classroom.lab import learner_folder

    folder = learner_folder()
    there = folder if folder.is_dir() else folder.parent
    try:
        with tempfile.NamedTemporaryFile(dir=there):
            pass
    except OSError as error:
        raise CointrailError(
            f"{there} cannot be written ({error.strerror}). Copy the course to a folder of your own."
        ) from error
    return f"{folder} can be written"


def _kernel():
    """A notebook's kernel starts and can import the toolkit: what a firewall or a broken install prevents."""
    from jupyter_client.manager import start_new_kernel

    try:
        manager, client = start_new_kernel(startup_timeout=60, transport_encryption="auto")
    except RuntimeError as error:
        raise CointrailError(
            f"a notebook kernel does not start ({error}). Allow Python in the firewall for 127.0.0.1."
        ) from error
    try:
        reply = client.execute_interactive("import cointrail", timeout=60, output_hook=lambda message: None)
    except TimeoutError as error:
        raise CointrailError(
            "a notebook kernel does not answer. Allow Python in the firewall for 127.0.0.1."
        ) from error
    finally:
        client.stop_channels()
        manager.shutdown_kernel(now=True)
    if reply["content"]["status"] != "ok":
        raise CointrailError("the kernel cannot import cointrail. Delete .venv, then run: python start.py --setup")
    return "a notebook's kernel starts and finds the toolkit"


def _methods():
    """The tracing methods are compiled and kept, so that the first call in a lesson does not wait."""
    from cointrail.tracing import warm_kernels

    warm_kernels()
    return "tracing methods compiled"


def _grading():
    house = _house()
    if not (house / "nbgrader_config.py").is_file():
        raise NotNeededError("a participant's copy: nothing to grade with here")
    if platform.system() != "Linux":
        raise NotNeededError("grading runs on Linux (on Windows: WSL2); learning and teaching run here")
    from cointrail.exercises.case import read_roster
    from cointrail.ledger import worlds

    lacking = [world for world in worlds() if not (house / "grading" / "truth" / world).is_dir()]
    if lacking:
        raise CointrailError(
            f"grading/truth/ lacks {', '.join(lacking)}. Take the whole project, or run: cointrail world make"
        )
    roster = house / "grading" / "classroom" / "roster.csv"
    class_size = (
        f"{len(read_roster(roster))} in the roster" if roster.is_file() else "no roster: dockets follow the ids"
    )
    return f"desk complete, {class_size}"


def _sandbox():
    """Every barrier that submissions meet, tried for real."""
    if not (_house() / "nbgrader_config.py").is_file() or platform.system() != "Linux":
        raise NotNeededError("submissions are not graded here")
    from cointrail.grading.barriers import try_barriers
    from cointrail.grading.sandbox import why_no_bubblewrap

    if why_no_bubblewrap() and not (_house() / "grading" / "submitted").is_dir():
        raise NotNeededError(f"before you grade: {why_no_bubblewrap()}")  # who only learns has nothing to do
    barriers = try_barriers()
    broken = [f"{barrier.name} ({barrier.seen})" for barrier in barriers if not barrier.holds]
    if broken:
        raise CointrailError(f"submissions could get out: {', '.join(broken)}")
    return f"{len(barriers)} barriers hold: {', '.join(barrier.name for barrier in barriers)}"


def _house():
    from cointrail.classroom.lab import course_folder

    try:
        return course_folder().parent
    except CointrailError:  # the line about the lessons says so; the others still have something to say
        return Path(sys.prefix).parent


CHECKS = {
    "Python": _python,
    "Packages": _packages,
    "Disk": _disk,
    "Memory": _memory,
    "Lessons": _lessons,
    "Data": _data,
    "Work": _work,
    "Kernel": _kernel,
    "Methods": _methods,
    "Grading": _grading,
    "Sandbox": _sandbox,
}
