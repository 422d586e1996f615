"""Cointrail starts here.

    python start.py                 open the course in JupyterLab
    python start.py --as YOUR-ID    the same, with the case that belongs to you
    python start.py --test [...]    run the project's tests; what follows goes to pytest
    python start.py --setup         only make the environment
    python start.py VERB [...]      any verb of the command cointrail, for example: doctor

The first run makes a Python environment in .venv, beside this file, from the versions and hashes in
requirements.lock.txt: from the network, or without any network from the folder wheels/ where it lies beside this
file. Later runs find it ready. This file needs nothing but Python's own library.
"""

import hashlib
import importlib.util
import json
import os
import re
import signal
import subprocess
import sys
from pathlib import Path

HERE = Path(__file__).resolve().parent
LOCK = HERE / "requirements.lock.txt"
WHEELS = HERE / "wheels"
VENV = HERE / ".venv"
PYTHON = VENV / ("Scripts/python.exe" if os.name == "nt" else "bin/python")
STAMP = VENV / "cointrail-setup.json"
UNFINISHED = {"folder": str(HERE), "state": "unfinished"}
LEARNER, DESK = ["-r", "pyproject.toml"], ["-r", "pyproject.toml", "--all-extras"]
TESTS = [*DESK, "--group", "dev"]
LEVELS = [LEARNER, DESK, TESTS]  # each holds the one before
DESK_VERBS = {"bench", "build", "classroom", "collect", "grade", "kit", "report", "world"}


def main(words):
    if words[:1] in (["-h"], ["--help"]):
        return print(__doc__)
    forget_other_pythons()
    needs = TESTS if words[:1] == ["--test"] else DESK if is_for_the_desk(words) else LEARNER
    set_up(needs)
    if words[:1] == ["--setup"]:
        return print("Ready. Open the course with: python start.py")
    if needs is TESTS:
        return hand_over(["-m", "pytest", *words[1:]])
    verb = [] if words and not words[0].startswith("-") else ["lab"]
    os.environ["COINTRAIL_TYPED"] = f"{Path(sys.executable).name.removesuffix('.exe')} start.py"  # for its sentences
    return hand_over(["-m", "cointrail", *verb, *words])


def is_for_the_desk(words):
    """An instructor's or author's verb, in a copy that holds the desk."""
    verb = words[0] if words and not words[0].startswith("-") else "lab"
    return (verb in DESK_VERBS or "--teach" in words) and (HERE / "nbgrader_config.py").exists()


def forget_other_pythons():
    """Variables of another Python's set-up would put its packages before ours, or keep ours from starting at all."""
    for name in ("PYTHONHOME", "PYTHONPATH"):
        os.environ.pop(name, None)


def set_up(needs):
    """Bring .venv to what the lock says; in a moment where nothing is to be done."""
    recipe = hashlib.sha256(LOCK.read_bytes() + (HERE / "pyproject.toml").read_bytes()).hexdigest()
    ready = {"folder": str(HERE), "state": recipe, "for": " ".join(needs)}
    found, works = read_stamp(), environment_works()
    if works and found in [{**ready, "for": " ".join(level)} for level in LEVELS[LEVELS.index(needs) :]]:
        return
    print("Setting up the environment in .venv. The first time this takes from one minute to ten.", flush=True)
    write_stamp(UNFINISHED)
    if not works or found == UNFINISHED or found.get("folder", str(HERE)) != str(HERE):
        check_python()
        print("1 of 3  a Python environment of its own", flush=True)
        run([getattr(sys, "_base_executable", sys.executable), "-m", "venv", "--clear", str(VENV)])
        write_stamp(UNFINISHED)
    source = ["--no-index", "--find-links", str(WHEELS)] if WHEELS.is_dir() else []
    print("2 of 3  the installer, uv", flush=True)
    pinned = VENV / "uv-pinned.txt"
    pinned.write_text(locked("uv"), encoding="utf-8")
    pip = [str(PYTHON), "-m", "pip", "install", "--quiet", "--disable-pip-version-check", "--retries", "2"]
    run([*pip, *source, "--require-hashes", "-r", str(pinned)])
    print("3 of 3  the packages, each checked by its hash", flush=True)
    uv = [str(PYTHON), "-m", "uv", "pip", "install", "--python", str(PYTHON), *source]
    install = [*uv, *needs, "-c", str(LOCK), "--require-hashes", "--compile-bytecode"]
    if not succeeds(install):  # an office network may sign for every site: only the system knows its certificate
        print("Once more, with the certificates of this machine", flush=True)
        os.environ["UV_SYSTEM_CERTS"] = "1"
        run(install)
    run([*uv, "--quiet", "--no-deps", "-e", "."])
    write_stamp(ready)


def check_python():
    here = ".".join(map(str, sys.version_info[:3]))
    if not (3, 11) <= sys.version_info[:2] <= (3, 13):
        example = "py -3.12 start.py" if os.name == "nt" else "python3.12 start.py"
        sys.exit(f"Cointrail needs Python 3.11, 3.12 or 3.13; this is {here}. Install one of them, then run: {example}")
    if importlib.util.find_spec("ensurepip") is None:
        sys.exit("This Python cannot make environments. On Debian or Ubuntu run: sudo apt install python3-venv")
    if os.name == "nt" and len(str(HERE)) > 95:  # Windows stops at 260; JupyterLab's own paths take up to 160
        print(f"Note: the path {HERE} is long. If the set-up fails, move this folder up, for example to C:\\cointrail")


def read_stamp():
    try:
        return json.loads(STAMP.read_text(encoding="utf-8"))
    except OSError:  # not there yet
        return {}
    except ValueError:  # cut off while it was written
        return UNFINISHED


def write_stamp(content):
    try:
        VENV.mkdir(exist_ok=True)
        STAMP.write_text(json.dumps(content), encoding="utf-8")
    except OSError as error:
        sys.exit(f"Cannot write into {HERE} ({error.strerror}). Copy this folder to a place of your own; run it there.")


def environment_works():
    wanted = "import sys, pip; sys.exit(not (3, 11) <= sys.version_info[:2] <= (3, 13))"
    return PYTHON.exists() and subprocess.run([str(PYTHON), "-c", wanted], stderr=subprocess.DEVNULL).returncode == 0


def locked(package):
    """The lines of the lock that pin one package: its version and every hash it may have."""
    return re.search(rf"^{package}==.*(?:\n +--hash=.*)+", LOCK.read_text(encoding="utf-8"), re.MULTILINE).group()


def succeeds(command):
    return subprocess.run(command, cwd=HERE).returncode == 0


def run(command):
    if not succeeds(command):
        where = "the folder wheels/ is complete" if WHEELS.is_dir() else "there is a network"
        sys.exit(
            "\nThe set-up stopped; the lines above say where. Check that "
            f"{where} and that 2 GB of disk are free, then run the same command again."
        )


def hand_over(arguments):
    command = [str(PYTHON), *arguments]
    os.environ["PATH"] = str(PYTHON.parent) + os.pathsep + os.environ.get("PATH", "")  # as in an activated environment
    if os.name == "posix":
        os.chdir(HERE)
        sys.stdout.flush()
        os.execv(command[0], command)
    signal.signal(signal.SIGINT, lambda *_: None)  # Ctrl+C is for JupyterLab; wait until it has saved and stopped
    sys.exit(subprocess.run(command, cwd=HERE).returncode)


if __name__ == "__main__":
    main(sys.argv[1:])
