"""Collect hand-ins from a folder (e-mail attachments, a stick, a download) into nbgrader's submitted tree.

A hand-in is a file that `cointrail submit` packed. Its label says whose it is; the roster and the names of the folders
around it must not contradict that. Everything in it is read as a stranger's bytes, with limits.
"""

import hashlib
import json
import lzma
import re
import zipfile
import zlib
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from cointrail.classroom.hand_in import LABEL
from cointrail.errors import CointrailError
from cointrail.exercises.case import read_roster, roster_file

__all__ = ["MOST_BYTES", "Collected", "collect", "keep"]

MOST_BYTES = 20 * 1024 * 1024
_MOST_PACKED = 64 * 1024 * 1024
_FAST_CLOCKS = timedelta(days=1)
_STUDENT = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]{0,63}")


@dataclass(frozen=True)
class Collected:
    """What became of one file: taken (for which student), or left, and why."""

    file: str
    student: str | None
    taken: bool
    sentence: str


def collect(folder, root):
    """Take every hand-in below a folder; a student's newest one of each day counts.

    Parameters
    ----------
    folder, root : Path
        Where the files lie, and the folder of the course.

    Returns
    -------
    list of Collected
    """
    if not folder.is_dir():
        raise CointrailError(f"There is no folder {folder}.")
    files = sorted(file for file in folder.rglob("*.zip") if file.is_file() and not file.is_symlink())
    if not files:
        raise CointrailError(
            f"There is no hand-in in {folder}. A hand-in is the .zip file that `cointrail submit` makes."
        )
    roster = roster_file(root)
    known = read_roster(roster) if roster.is_file() else None
    return [_collect_one(file, folder, root, known) for file in files]


def _collect_one(file, folder, root, known):
    name = file.relative_to(folder).as_posix()
    try:
        label, notebooks = _read(file, root)
        _check_owner(label["student_id"], name, known)
    except CointrailError as error:
        return Collected(name, None, False, str(error))
    return keep(root, label["student_id"], label["day"], label["packed"], notebooks, name)


def keep(root, student, day, time, notebooks, source):
    """Put a hand-in into nbgrader's submitted tree, unless a newer one of that day is there.

    Parameters
    ----------
    root : Path
    student, day : str
    time : datetime
        When it was handed in, UTC.
    notebooks : dict
        {file name: bytes}
    source : str
        Where it came from, for the message.
    """
    target = root / "grading" / "submitted" / student / day
    if _is_newer(target / "timestamp.txt", time):
        return Collected(source, student, False, "A newer hand-in of this day is there already.")
    target.mkdir(parents=True, exist_ok=True)
    for old in target.glob("*.ipynb"):
        old.unlink()
    for notebook, content in notebooks.items():
        (target / notebook).write_bytes(content)
    (target / "timestamp.txt").write_text(f"{time:%Y-%m-%d %H:%M:%S} UTC\n", encoding="utf-8")
    return Collected(source, student, True, f"{len(notebooks)} notebooks of {day}.")


# RuntimeError: encrypted, or packed in a way that zipfile does not know
_DAMAGED = (
    zipfile.BadZipFile,
    zlib.error,
    lzma.LZMAError,
    KeyError,
    ValueError,
    TypeError,
    OSError,
    RuntimeError,
    EOFError,
)


def _read(file, root):
    """The label, checked, and the notebooks it names, with their hashes."""
    if file.stat().st_size > _MOST_PACKED:
        raise CointrailError(f"Larger than {_MOST_PACKED >> 20} MB. Ask for it without outputs.")
    try:
        with zipfile.ZipFile(file) as packed:
            label = _label(json.loads(_member(packed, LABEL)))
            released = {notebook.name for notebook in (root / "course" / label["day"]).glob("*.ipynb")}
            names = [name for name in label["notebooks"] if name in released]
            notebooks = {name: _member(packed, name) for name in names}
    except _DAMAGED as error:
        raise CointrailError("Not a hand-in that `cointrail submit` made, or damaged on its way.") from error
    changed = [name for name in names if hashlib.sha256(notebooks[name]).hexdigest() != label["notebooks"][name]]
    if changed:
        raise CointrailError(f"{changed[0]} is not the file that was packed. Ask for the hand-in again.")
    return label, notebooks


def _member(packed, name):
    with packed.open(name) as member:
        content = member.read(MOST_BYTES + 1)
    if len(content) > MOST_BYTES:
        raise CointrailError(f"{name} is larger than 20 MB. Ask for it without outputs.")
    return content


def _label(label):
    if not _STUDENT.fullmatch(label["student_id"]) or not re.fullmatch(r"day\d|capstone", label["day"]):
        raise ValueError("student or day is no name")
    packed = datetime.fromisoformat(label["packed"])
    if packed.utcoffset() is None or packed.utcoffset().total_seconds():
        raise ValueError("not a time in UTC")
    if packed > datetime.now(UTC) + _FAST_CLOCKS:
        raise CointrailError("It says that it was packed in the future. Let the clock be set right, and pack it again.")
    return {**label, "packed": packed, "notebooks": dict(label["notebooks"])}


def _check_owner(student, name, known):
    """The roster knows the student, and no folder or file name speaks of another one."""
    if known is None:
        return
    if student not in known:
        raise CointrailError(
            f"The label says {student!r}, who is not in the roster. Add the student, or ask whose it is."
        )
    words = set(re.split(r"[/\\_ ]", name.removesuffix(".zip")))
    others = sorted(words & set(known) - {student})
    if others:
        raise CointrailError(f"The label says {student!r}, the file's name says {others[0]!r}. Ask whose it is.")


def _is_newer(timestamp, packed):
    if not timestamp.is_file():
        return False
    there = datetime.strptime(timestamp.read_text(encoding="utf-8").strip(), "%Y-%m-%d %H:%M:%S UTC")
    return there > packed.replace(tzinfo=None)
