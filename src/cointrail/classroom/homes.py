"""Take the work of a day out of the classroom's rooms, as it lies there now.

A room's folder belongs to its participant, who may lay links there. Every step down is opened by itself and refuses
links, so that nothing outside the folder is ever read.
"""

import os
import stat
from contextlib import ExitStack
from datetime import UTC, datetime
from pathlib import Path

from cointrail.classroom.collect import Collected, keep
from cointrail.classroom.parcels import MOST_BYTES
from cointrail.errors import CointrailError
from cointrail.exercises.roster import read_roster, roster_file

__all__ = ["collect_rooms", "home_of"]


def home_of(root: Path, student: str) -> Path:
    """Where the classroom keeps a participant's folder."""
    return root / "grading" / "classroom" / "homes" / student


def collect_rooms(root: Path, day: str) -> list[Collected]:
    """Take the saved notebooks of a day out of every participant's room; what is there now is their hand-in.

    Its time is now, unless the notebooks are those that were taken before.

    Parameters
    ----------
    root : Path
        The folder of the course.
    day : str
        Such as "day2".
    """
    released = sorted(file.name for file in (root / "course" / day).glob("*.ipynb"))
    if not released:
        raise CointrailError(f"There is no {day!r} in the course: write day0 to day5, or capstone.")
    roster = roster_file(root)
    if not roster.is_file():
        raise CointrailError(f"There is no roster {roster}: has `cointrail classroom` run here?")
    return [_collect_one(root, student, day, released) for student in read_roster(roster)]


def _collect_one(root, student, day, released):
    where = f"homes/{student}/{day}"
    try:
        notebooks = {name: _read_inside(home_of(root, student), day, name) for name in released}
    except CointrailError as error:
        return Collected(where, student, False, str(error))
    saved = {name: content for name, content in notebooks.items() if content is not None}
    if not saved:
        return Collected(where, student, False, "Nothing there: this participant has not opened the course.")
    now = datetime.now(UTC)  # this machine's own clock
    return keep(root, student, day, now, saved, where, received=now)


def _read_inside(home, *names):
    """The bytes of a file below a participant's folder; None if it is not there."""
    with ExitStack() as opened:
        try:
            step = os.open(home, os.O_RDONLY | os.O_DIRECTORY | os.O_NOFOLLOW)
            opened.callback(os.close, step)
            for name in names[:-1]:
                step = os.open(name, os.O_RDONLY | os.O_DIRECTORY | os.O_NOFOLLOW, dir_fd=step)
                opened.callback(os.close, step)
            # without O_NONBLOCK a named pipe laid there would hold the collection up for ever
            file = os.open(names[-1], os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK, dir_fd=step)
            opened.callback(os.close, file)
        except FileNotFoundError:
            return None
        except OSError as error:
            raise CointrailError(f"{'/'.join(names)} is a link or cannot be read: {error.strerror}.") from error
        about = os.fstat(file)
        if not stat.S_ISREG(about.st_mode) or about.st_nlink > 1:
            raise CointrailError(f"{'/'.join(names)} is not a file of its own.")
        with os.fdopen(os.dup(file), "rb") as content:
            text = content.read(MOST_BYTES + 1)
    if len(text) > MOST_BYTES:
        raise CointrailError(f"{'/'.join(names)} is larger than 20 MB. Its outputs must be cleared.")
    return text
