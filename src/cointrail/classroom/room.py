"""A participant's room on the classroom's machine: a bubblewrap command that shows their own folder and the course.

Inside there is the system read-only, the toolkit without the rooms that grade and make worlds, the data, the released
lessons, and one folder that can be written: the participant's own. Neither truth, plain keys, solutions nor anybody
else's folder exists there. The network is the machine's own, because the classroom talks to the room over it.
"""

import os
import sys
from dataclasses import dataclass
from pathlib import Path

import cointrail
from cointrail.grading.sandbox import show, system_view, toolkit_view
from cointrail.ledger import data_folder

__all__ = ["HOME", "ROOM_UID", "Room", "room_command"]

HOME = "/learner"
# The learner's side of the classroom; without its own rooms the toolkit could not hand the lessons out.
_SIDE = ("classroom/__init__.py", "classroom/handout.py", "classroom/lab.py", "classroom/enter.py", "classroom/jupyter")
ROOM_UID = 61000  # as root: who the rooms' programs and files belong to; nobody, as the grader's numbers


@dataclass(frozen=True)
class Room:
    """Where a participant's folder, the released lessons and a roster with one line lie on the machine."""

    home: Path
    course: Path
    roster: Path


def room_command(room: Room, argv: list[str]) -> list[str]:
    """The command that runs `argv` in a room.

    Parameters
    ----------
    room : Room
    argv : list of str

    Examples
    --------
    >>> room = Room(Path("homes/ada"), Path("course"), Path("ada.csv"))
    >>> words = room_command(room, ["python", "-V"])
    >>> words[0], words[-2:]
    ('bwrap', ['python', '-V'])
    """
    words = ["bwrap", "--unshare-pid", "--unshare-ipc", "--unshare-uts", "--unshare-cgroup-try", "--die-with-parent"]
    words += ["--new-session", *_rights(), *system_view(), *toolkit_view()]
    package = Path(cointrail.__file__).resolve().parent
    for name in _SIDE:
        words += show(package / name, f"/toolkit/cointrail/{name}")
    words += show(data_folder().resolve(), "/data")
    words += show(room.course.resolve(), "/course")
    words += show(room.roster.resolve(), "/grading/classroom/roster.csv")
    words += ["--proc", "/proc", "--dev", "/dev", "--perms", "1777", "--tmpfs", "/dev/shm", "--perms", "1777"]
    words += ["--tmpfs", "/tmp", "--bind", str(room.home.resolve()), HOME, "--remount-ro", "/"]
    for name, value in _environment().items():
        words += ["--setenv", name, value]
    return [*words, "--chdir", "/", "--", *_as_nobody(), *argv]


def _rights():
    if os.geteuid() != 0:
        return ["--unshare-user", "--cap-drop", "ALL"]
    return ["--cap-drop", "ALL", "--cap-add", "CAP_SETUID", "--cap-add", "CAP_SETGID"]


def _as_nobody():
    if os.geteuid() != 0:
        return []
    return ["setpriv", f"--reuid={ROOM_UID}", f"--regid={ROOM_UID}", "--clear-groups", "--no-new-privs"]


def _environment():
    return {
        "PATH": f"{sys.prefix}/bin:/usr/bin:/bin",
        "LANG": "C.UTF-8",
        "HOME": HOME,
        "TMPDIR": "/tmp",
        "PYTHONPATH": "/toolkit",
        "PYTHONDONTWRITEBYTECODE": "1",
        "COINTRAIL_DATA": "/data",
        "COINTRAIL_WORK": HOME,
        "JUPYTER_CONFIG_DIR": f"{HOME}/.jupyter",
        "JUPYTER_CONFIG_PATH": "/toolkit/cointrail/classroom/jupyter",
        "JUPYTER_RUNTIME_DIR": "/tmp/runtime",
    }
