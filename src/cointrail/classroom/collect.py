"""Collect hand-ins from a folder (e-mail attachments, a stick, a download) into nbgrader's submitted tree.

A hand-in is a file that `cointrail submit` packed. Its label says whose it is; the roster and the names of the folders
around it must not contradict that. Two clocks speak of it: the participant's, in the label, decides which of several
hand-ins of one person is the newest; when it was received, where the instructor says so, decides whether it was late.
"""

import json
import re
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import partial

from cointrail.classroom.parcels import parcels
from cointrail.classroom.roster import read_names
from cointrail.errors import CointrailError
from cointrail.exercises.roster import read_roster, roster_file, row_of

__all__ = ["Collected", "collect", "keep", "read_received"]

_NOTE = ".hand-in.json"  # beside the notebooks: what nbgrader's timestamp.txt has no room for
_STAMP = "%Y-%m-%d %H:%M:%S UTC"


@dataclass(frozen=True)
class Collected:
    """What became of one file: taken (for which student), or left, and why; `notes` are for the instructor to judge."""

    file: str
    student: str | None
    taken: bool
    sentence: str
    notes: tuple[str, ...] = ()
    day: str = ""


def read_received(text):
    """When hand-ins were received, as an instructor writes it: a time with its zone, or "now".

    Examples
    --------
    >>> str(read_received("2026-03-02T19:00+01:00"))
    '2026-03-02 18:00:00+00:00'
    """
    if text == "now":
        return datetime.now(UTC)
    try:
        time = datetime.fromisoformat(text)
    except ValueError:
        time = None
    if time is None or time.utcoffset() is None:
        raise CointrailError(
            f"--received {text!r} is not a time with its zone. Write now, or a time in UTC such as 2026-03-02T18:00Z."
        )
    if time > datetime.now(UTC):
        raise CointrailError(f"--received {text} has not come yet by the clock of this machine.")
    return time.astimezone(UTC)


def collect(folder, root, *, received=None):
    """Take every hand-in below a folder; a student's newest one of each day counts.

    Parameters
    ----------
    folder, root : Path
        Where the files lie, and the folder of the course.
    received : datetime, optional
        When they came, UTC. Left out, each one's time is that of the participant's own clock.

    Returns
    -------
    list of Collected
    """
    if not folder.is_dir():
        raise CointrailError(f"There is no folder {folder}.")
    roster = roster_file(root)
    known = (read_roster(roster), read_names(roster)) if roster.is_file() else None
    results, loose = [], []
    for parcel in parcels(folder, root / "course"):  # one by one: a class's notebooks need not all be in memory
        if parcel.loose:
            loose.append(parcel)
        else:
            results.append(_collect_one(parcel, root, known, received))
    if not results:
        raise CointrailError(
            f"There is no hand-in in {folder}. A hand-in is the .zip file that `cointrail submit` makes."
        )
    if loose:
        others = f" and {len(loose) - 1} other{'s' if len(loose) > 2 else ''}" if len(loose) > 1 else ""
        results.append(Collected(loose[0].name + others, None, False, loose[0].problem))
    return results


def _collect_one(parcel, root, known, received):
    if parcel.label is None:
        return Collected(parcel.name, None, False, parcel.problem)
    label = parcel.label
    student = (known and row_of(label["student_id"], known[0])) or label["student_id"]
    try:
        if known is not None:
            _check_owner(student, parcel.name, *known)
        if label["clock_stood_still"] and received is None:
            raise CointrailError(
                f"It says that it was packed on {label['packed']:%d %B %Y}: that machine's clock was not set. "
                "To take it, say when it came: --received."
            )
    except CointrailError as error:
        return Collected(parcel.name, None, False, str(error))
    notes = (*_other_docket(student, label["docket"], known[0] if known else {}), *_missing(parcel, root / "course"))
    return keep(
        root, student, label["day"], label["packed"], parcel.notebooks, parcel.name, received=received, notes=notes
    )


def _other_docket(student, docket, dockets):
    if not docket or dockets.get(student, docket) == docket:
        return ()
    return (
        f"{student} worked on docket {docket}, the roster says {dockets[student]}: answers about another docket earn "
        "nothing. If the work is their own, write the docket that was worked on into the roster before you grade.",
    )


def _missing(parcel, course):
    released = {file.name for file in (course / parcel.label["day"]).glob("*.ipynb")}
    lacking = sorted(released - set(parcel.notebooks))
    return (f"Without {', '.join(lacking)}: graded as not answered.",) if lacking else ()


def keep(root, student, day, packed, notebooks, source, *, received=None, notes=()):
    """Put a hand-in into nbgrader's submitted tree, unless a newer one of that day is there.

    The same notebooks once more are not another hand-in: its time stays, but that a time by the participant's clock
    gives way to the instructor's, and a later one of these to an earlier one.

    Parameters
    ----------
    root : Path
    student, day : str
    packed : datetime
        When it was packed by the participant's clock, UTC: the newest counts.
    notebooks : dict
        {file name: bytes}
    source : str
        Where it came from, for the message.
    received : datetime, optional
        When it came, UTC; then lateness is counted from this.
    notes : tuple of str
        For the instructor.
    """
    target = root / "grading" / "submitted" / student / day
    before, done = _times(target), partial(Collected, source, student, notes=notes, day=day)
    if before and notebooks == {file.name: file.read_bytes() for file in target.glob("*.ipynb")}:
        if received and (before["received"] is None or received < before["received"]):
            _write_times(target, before["packed"], received)
            return done(True, f"As before; its time is now {received:{_STAMP}}.")
        return done(True, "As before: its time stays.")
    if before and before["packed"] > packed:
        place = target.relative_to(root).as_posix()
        return done(False, f"A newer hand-in of this day is there already. To take this one, delete {place} first.")
    target.mkdir(parents=True, exist_ok=True)
    for old in (target / _NOTE, target / "timestamp.txt", *target.glob("*.ipynb")):  # the times first: see _times
        old.unlink(missing_ok=True)
    for notebook, content in notebooks.items():
        (target / notebook).write_bytes(content)
    _write_times(target, packed, received)
    instead = f" In place of the hand-in of {before['received'] or before['packed']:{_STAMP}}." if before else ""
    count = f"{len(notebooks)} notebook{'s' if len(notebooks) != 1 else ''} of {day}."
    return done(True, count + instead)


def _write_times(target, packed, received):
    (target / "timestamp.txt").write_text(f"{received or packed:{_STAMP}}\n", encoding="utf-8")
    note = {"packed": packed.isoformat(), "received": received and received.isoformat()}
    (target / _NOTE).write_text(json.dumps(note) + "\n", encoding="utf-8")


def _times(target):
    """Both times of what is there: {packed, received or None}; None where nothing whole is there.

    A hand-in that `collect` did not write has nbgrader's timestamp.txt alone.
    """
    try:
        if (target / _NOTE).is_file():
            note = json.loads((target / _NOTE).read_text(encoding="utf-8"))
            return {name: note[name] and datetime.fromisoformat(note[name]) for name in ("packed", "received")}
        stamp = (target / "timestamp.txt").read_text(encoding="utf-8").strip()
        return {"packed": datetime.strptime(stamp, _STAMP).replace(tzinfo=UTC), "received": None}
    except (OSError, ValueError, KeyError, TypeError):  # none, or one that nobody can read: the new one counts
        return None


def _check_owner(student, name, known, names):
    """The roster knows the student, and no folder or file name speaks of another one."""
    if student not in known:
        raise CointrailError(
            f"The label says {student!r}, who is not in the roster. Add the student, or ask whose it is."
        )
    words = set(re.split(r"[/\\_ ]", name.removesuffix(".zip")))
    others = sorted((words & set(known)) - {student})
    if not others and not _spoken_of(names[student], name):
        others = sorted(other for other in names if names[other] != names[student] and _spoken_of(names[other], name))
    if others:
        said = others[0] if others[0] in words else f"{names[others[0]]} ({others[0]})"
        raise CointrailError(f"The label says {student!r}, the file's name says {said!r}. Ask whose it is.")


def _spoken_of(person, name):
    """Whether a file's name holds a person's name as a platform writes it: Ama Owusu_12345_assignsubmission_file_."""
    parts = re.findall(r"\w+", person.replace("_", " ").casefold())
    spoken = " ".join(re.findall(r"\w+", name.replace("_", " ").casefold()))
    # one word alone, such as Rose, would be found anywhere
    return (len(parts) > 1 or not person.isascii()) and f" {' '.join(parts)} " in f" {spoken} "
