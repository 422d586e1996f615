"""`cointrail doctor`: is this machine ready, and are the data intact?"""

import argparse
import os
import platform
import sys
import tempfile
from pathlib import Path

from cointrail.errors import CointrailError
from cointrail.exercises.machine import (
    NotNeededError,
    check_data,
    check_disk,
    check_memory,
    check_packages,
    check_python,
    outcome,
)

HELP = """\
Look at this machine: Python, packages, disk, memory, the data of every world, the folder of your work, a notebook's
kernel, and the instructor's desk where there is one. Each line is ok, or RED with what to do. The exit code is 1 if
a line is red. Nothing is changed.

  cointrail doctor
"""


def add_parser(subparsers):
    parser = subparsers.add_parser("doctor", description=HELP, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.set_defaults(run=run)


def run(args):
    red = sum(_report(name, check) for name, check in CHECKS.items())
    print("\nThis machine is ready." if not red else f"\n{red} red: do what the red lines say, then run doctor again.")
    return 1 if red else 0


def _report(name, check):
    word, text = outcome(check)
    colour = {"ok": "32", "RED": "31;1"}.get(word)
    plain = colour is None or not sys.stdout.isatty() or os.name == "nt" or "NO_COLOR" in os.environ
    print(f"{word:>4}" if plain else f"\033[{colour}m{word:>4}\033[0m", f" {name:<9} {text}", flush=True)
    return word == "RED"


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
    from cointrail.exercises.roster import read_roster, roster_file
    from cointrail.ledger import worlds

    lacking = [world for world in worlds() if not (house / "grading" / "truth" / world).is_dir()]
    if lacking:
        raise CointrailError(
            f"grading/truth/ lacks {', '.join(lacking)}. Take the whole project, or run: cointrail world make"
        )
    roster = roster_file(house)
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
    "Python": check_python,
    "Packages": check_packages,
    "Disk": check_disk,
    "Memory": check_memory,
    "Lessons": _lessons,
    "Data": check_data,
    "Work": _work,
    "Kernel": _kernel,
    "Methods": _methods,
    "Grading": _grading,
    "Sandbox": _sandbox,
}
