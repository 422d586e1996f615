"""Find the hand-ins in what strangers sent: a packed file, a platform's download full of them, an unpacked folder.

Everything here is bytes of people we do not trust: sizes are limited, names are only looked up, nothing is written.
"""

import hashlib
import json
import lzma
import re
import zipfile
import zlib
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from io import BytesIO
from pathlib import Path

from cointrail.classroom.hand_in import LABEL
from cointrail.errors import CointrailError
from cointrail.exercises.roster import STUDENT_ID

__all__ = ["MOST_BYTES", "Parcel", "parcels"]

MOST_BYTES = 20 * 1024 * 1024
_MOST_PACKED = 64 * 1024 * 1024
_MOST_IN_ALL = 2 * 1024 * 1024 * 1024
_MOST_HAND_INS = 500  # in one packed file
_DEEPEST = 2  # a download that holds a file which somebody packed again
_FAST_CLOCKS = timedelta(days=1)
_SLOW_CLOCKS = timedelta(days=366)
_OF_A_SYSTEM = re.compile(r"(^|/)(__MACOSX|\._[^/]*|\.DS_Store)(/|$)")
_NOT_READ = (".ipynb", ".rar", ".7z", ".tar", ".gz", ".tgz", ".eml", ".msg")
_NOT_OURS = "Not a hand-in that `cointrail submit` made, or damaged on its way."
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


@dataclass(frozen=True)
class Parcel:
    """A file that was found: the hand-in in it, or why there is none.

    Attributes
    ----------
    name : str
        Where it lies, for people.
    label : dict or None
        student_id, docket, day and packed (a datetime), checked in form; None when nothing could be taken.
    notebooks : dict of str to bytes
        Those of the day, each with the hash that the label states.
    problem : str
        Why there is no label.
    loose : bool
        Whether it is no packed file at all, such as a notebook that somebody sent as it is.
    """

    name: str
    label: dict | None
    notebooks: dict
    problem: str = ""
    loose: bool = False


def parcels(folder: Path, course: Path) -> Iterator[Parcel]:
    """Every hand-in below a folder, and every file that could be meant as one.

    Parameters
    ----------
    folder : Path
        Saved attachments, a stick, a download: packed files, packed files in a packed file, or unpacked ones.
    course : Path
        The released lessons: only notebooks of these names are read.
    """
    files = sorted(file for file in folder.rglob("*") if file.is_file() and not file.is_symlink())
    unpacked = {file.parent for file in files if file.name == LABEL}
    for file in files:
        name = file.relative_to(folder).as_posix()
        if _OF_A_SYSTEM.search(name):
            continue
        if file.suffix.lower() == ".zip":
            yield from _of_a_file(file, name, course)
        elif file.name == LABEL:
            yield _parcel(name.removesuffix(LABEL).rstrip("/") or folder.name, LABEL, _reader_of(file.parent), course)
        elif file.suffix.lower() in _NOT_READ and file.parent not in unpacked:
            yield Parcel(
                name, None, {}, "Only the .zip file that `cointrail submit` makes is taken: ask for that.", True
            )


def _reader_of(folder):
    def read(name):
        file = folder / name
        if file.is_symlink() or not file.is_file():
            raise KeyError(name)
        with file.open("rb") as content:
            return _limited(content, name)

    return read


def _of_a_file(file, name, course):
    if file.stat().st_size > _MOST_IN_ALL:
        yield Parcel(name, None, {}, f"Larger than {_MOST_IN_ALL >> 30} GB. Unpack it, and collect the folder.")
        return
    try:
        yield from _of_a_zip(file, name, course, {"bytes": _MOST_IN_ALL}, 0)
    except _DAMAGED:
        yield Parcel(name, None, {}, _NOT_OURS)


def _of_a_zip(file, name, course, left, depth):
    with zipfile.ZipFile(file) as packed:
        entries = [
            entry for entry in packed.infolist() if not entry.is_dir() and not _OF_A_SYSTEM.search(entry.filename)
        ]
        labels = [entry.filename for entry in entries if entry.filename.rpartition("/")[2] == LABEL]
        inner = [entry for entry in entries if entry.filename.lower().endswith(".zip")]
        for label in labels[:_MOST_HAND_INS]:
            where = name if label == LABEL else f"{name}/{label.removesuffix(LABEL).rstrip('/')}"
            yield _parcel(where, label, lambda member: _member(packed, member), course)
        for entry in inner[:_MOST_HAND_INS] if depth < _DEEPEST else ():
            yield from _of_an_inner(packed, entry, f"{name}/{entry.filename}", course, left, depth)
    if not labels and not inner:
        loose = any(entry.filename.lower().endswith(".ipynb") for entry in entries)
        yield Parcel(name, None, {}, _NOT_OURS + (" It holds notebooks without the label." if loose else ""))


def _of_an_inner(packed, entry, name, course, left, depth):
    left["bytes"] -= entry.file_size
    if entry.file_size > _MOST_PACKED or left["bytes"] < 0:
        yield Parcel(name, None, {}, f"Larger than {_MOST_PACKED >> 20} MB. Ask for it without outputs.")
        return
    try:
        content = packed.read(entry)
        yield from _of_a_zip(BytesIO(content), name, course, left, depth + 1)
    except _DAMAGED:
        yield Parcel(name, None, {}, _NOT_OURS)


def _member(packed, name):
    with packed.open(name) as member:
        return _limited(member, name)


def _limited(stream, name):
    content = stream.read(MOST_BYTES + 1)
    if len(content) > MOST_BYTES:
        raise CointrailError(f"{name} is larger than {MOST_BYTES >> 20} MB. Ask for it without outputs.")
    return content


def _parcel(name, label_name, read, course):
    """The label, checked, and the notebooks it names, with their hashes."""
    place = label_name.removesuffix(LABEL)
    try:
        label = _label(json.loads(read(label_name)))
        released = {notebook.name for notebook in (course / label["day"]).glob("*.ipynb")}
        names = [name for name in label["notebooks"] if name in released]
        notebooks = {name: read(place + name) for name in names}
    except CointrailError as error:
        return Parcel(name, None, {}, str(error))
    except _DAMAGED:
        return Parcel(name, None, {}, _NOT_OURS)
    if not names:  # it would take the place of an earlier one
        return Parcel(name, None, {}, f"It holds no notebook of {label['day']}. Ask for the hand-in again.")
    changed = [name for name in names if hashlib.sha256(notebooks[name]).hexdigest() != label["notebooks"][name]]
    if changed:
        return Parcel(name, None, {}, f"{changed[0]} is not the file that was packed. Ask for the hand-in again.")
    return Parcel(name, label, notebooks)


def _label(label):
    if not STUDENT_ID.fullmatch(label["student_id"]) or not re.fullmatch(r"day\d|capstone", label["day"]):
        raise ValueError("student or day is no name")
    packed = datetime.fromisoformat(label["packed"])
    if packed.utcoffset() is None or packed.utcoffset().total_seconds():
        raise ValueError("not a time in UTC")
    if packed > datetime.now(UTC) + _FAST_CLOCKS:
        raise CointrailError("It says that it was packed in the future. Let the clock be set right, and pack it again.")
    return {
        "student_id": label["student_id"],
        "docket": str(label.get("docket", ""))[:1],
        "day": label["day"],
        "packed": packed,
        "clock_stood_still": packed < datetime.now(UTC) - _SLOW_CLOCKS,
        "notebooks": dict(label["notebooks"]),
    }
