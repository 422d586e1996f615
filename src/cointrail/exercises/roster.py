"""The roster of a class: who has which docket, as spreadsheets write it.

Without a row in it, a student's docket follows from the id.
"""

import csv
import hashlib
import re
from io import StringIO
from pathlib import Path

from cointrail.errors import CointrailError
from cointrail.ledger import data_folder

__all__ = [
    "COURSE_ID",
    "DOCKETS",
    "FOR_THE_WEEK",
    "KIT_LIST",
    "STUDENT_ID",
    "assign_docket",
    "read_people",
    "read_roster",
    "roster_file",
    "row_of",
    "veiled",
]

COURSE_ID = "cointrail"
DOCKETS = "ABCDEFGHIJKLMNOPQRSTUVWX"
FOR_THE_WEEK = 20  # U to X are kept for the exam and the capstone
KIT_LIST = "dockets.csv"  # in a kit: a roster without names, its ids veiled
STUDENT_ID = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]{0,63}")  # the name of a folder on every system


def assign_docket(student_id, *, course_id=COURSE_ID, roster=None):
    """The docket of a student: the roster's, else SHA-256(course id + student id) mod 20.

    Parameters
    ----------
    student_id : str
    course_id : str
    roster : Path, optional
        CSV file with the columns student_id, name, docket.
    """
    listed = read_roster(roster) if roster is not None and roster.is_file() else {}
    row = row_of(student_id, listed)
    return listed[row] if row else _docket_by_id(student_id, course_id)


def _docket_by_id(student_id, course_id=COURSE_ID):
    digest = hashlib.sha256((course_id + student_id).encode()).digest()
    return DOCKETS[int.from_bytes(digest, "big") % FOR_THE_WEEK]


def row_of(student_id, listed):
    """Which row of a roster is a student's, None if none: capital letters do not count, and a kit has `veiled` ids.

    Examples
    --------
    >>> row_of("s-017", {"S-017": "B"}), row_of("S-018", {"S-017": "B"})
    ('S-017', None)
    """
    if student_id in listed:
        return student_id
    near = [row for row in listed if row.casefold() == student_id.casefold()]
    near += [row for row in [veiled(student_id)] if row in listed]
    return near[0] if len(near) == 1 else None


def veiled(student_id):
    """An id as a kit's list bears it, so that the list that goes round names nobody.

    Examples
    --------
    >>> veiled("S-017") == veiled("s-017") != veiled("S-018")
    True
    """
    return "sha256-" + hashlib.sha256(f"{COURSE_ID}/{student_id.casefold()}".encode()).hexdigest()[:24]


def roster_file(root):
    """Where the class's roster lies: in the folder of a fresh world that has one, else on the desk of the course.

    A participant's copy has no desk: there it is the list of dockets that came with the kit.

    Parameters
    ----------
    root : Path
        Of the course.
    """
    place = Path("grading", "classroom", "roster.csv")
    there = [file for file in (data_folder().parent / place, root / place, root / KIT_LIST) if file.is_file()]
    return there[0] if there else root / place


def read_roster(file):
    """Who has which docket, from a roster file: {student_id: docket}. A docket left empty is the one of the id.

    Raises
    ------
    CointrailError
        A column is missing, a student stands twice, an id cannot name a folder, or a docket does not exist.
    """
    dockets = {}
    for row in read_people(file, ("student_id", "docket")):
        student, docket = row["student_id"], row["docket"].upper()
        if not STUDENT_ID.fullmatch(student):
            raise CointrailError(
                f"{file.name}: {student!r} is no student id. Letters, digits and . _ - are, without spaces: S-017."
            )
        if student in dockets:
            raise CointrailError(f"{file.name}: student {student!r} stands twice. Keep one row for each.")
        dockets[student] = docket or _docket_by_id(student)
        if len(dockets[student]) != 1 or dockets[student] not in DOCKETS:
            raise CointrailError(f"{file.name}: student {student!r} has docket {docket!r}. Dockets are A to X.")
    return dockets


def read_people(file: Path, columns=("student_id",)) -> list[dict[str, str]]:
    """The rows of a list of people as a spreadsheet saves it: commas, semicolons or tabs; UTF-8 or UTF-16.

    Lines that are empty or begin with # are left out, spaces around a value too.

    Parameters
    ----------
    file : Path
    columns : sequence of str
        Those that must be there.

    Raises
    ------
    CointrailError
        The file is not text in one of these forms, a column is missing, or a line is longer than the first.
    """
    text = _text_of(file)
    lines = [line for line in text.splitlines() if not line.startswith("#") and line.strip(" ,;\t")]
    heading = lines[0] if lines else ""
    rows = csv.reader(StringIO("\n".join(lines)), delimiter=max(",;\t", key=heading.count), skipinitialspace=True)
    names = [name.strip() for name in next(rows, [])]
    if missing := sorted(set(columns) - set(names)):
        raise CointrailError(
            f"{file.name} lacks the column {', '.join(missing)}. Its first line must be: student_id,name,docket"
        )
    people = []
    for row in rows:
        if len(row) > len(names):
            raise CointrailError(
                f'{file.name}, {row[0]}: too many values. A name with a comma needs quotes: "Obi, Ama".'
            )
        people.append(dict.fromkeys(names, "") | dict(zip(names, (value.strip() for value in row), strict=False)))
    return people


def _text_of(file):
    data = file.read_bytes()
    try:
        return data.decode("utf-16" if data[:2] in (b"\xff\xfe", b"\xfe\xff") else "utf-8-sig")
    except UnicodeDecodeError as error:
        raise CointrailError(f"{file.name} is not in UTF-8. In Excel save it as: CSV UTF-8.") from error
