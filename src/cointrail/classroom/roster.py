"""The roster of a class: who has which docket. Neighbours in the list get different ones."""

import csv
from pathlib import Path

import pandas as pd

from cointrail.errors import CointrailError
from cointrail.exercises.case import DOCKETS, FOR_THE_WEEK

__all__ = ["PLACES", "make_roster", "read_names", "read_students"]

# A roster without names has so many places, P01 and so on.
PLACES = 24


def make_roster(file: Path, students: list[tuple[str, str]] | None = None) -> int:
    """Write a roster with a docket of the week for each student; an existing roster is left alone.

    Parameters
    ----------
    file : Path
        Such as ``grading/classroom/roster.csv``.
    students : list of (str, str), optional
        Id and name, as from `read_students`; `PLACES` places without names if left out.

    Returns
    -------
    int
        How many students were written; 0 where the file is there already.

    Examples
    --------
    >>> import tempfile
    >>> with tempfile.TemporaryDirectory() as folder:
    ...     made = make_roster(Path(folder) / "roster.csv", [("ada", "Ada"), ("ben", "Ben")])
    ...     print(made, (Path(folder) / "roster.csv").read_text().split())
    2 ['student_id,name,docket', 'ada,Ada,A', 'ben,Ben,B']
    """
    if file.exists():
        return 0
    students = students or [(f"P{number:02d}", "") for number in range(1, PLACES + 1)]
    file.parent.mkdir(parents=True, exist_ok=True)
    with file.open("w", encoding="utf-8", newline="") as out:
        rows = csv.writer(out, lineterminator="\n")
        rows.writerow(("student_id", "name", "docket"))
        rows.writerows((*student, DOCKETS[place % FOR_THE_WEEK]) for place, student in enumerate(students))
    return len(students)


def read_students(file: Path) -> list[tuple[str, str]]:
    """Id and name of each student, from a CSV file with these two columns and a heading.

    Raises
    ------
    CointrailError
        The file is not there, has no rows, or a line has no id.
    """
    if not file.is_file():
        raise CointrailError(f"There is no file {file}: name a CSV file with the columns student_id and name.")
    with file.open(encoding="utf-8-sig", newline="") as lines:
        rows = list(csv.DictReader(lines))
    students = [((row.get("student_id") or "").strip(), (row.get("name") or "").strip()) for row in rows]
    if not students or not all(student for student, _ in students):
        raise CointrailError(f"{file}: every line needs a student_id; the first line must be: student_id,name")
    return students


def read_names(file: Path) -> dict[str, str]:
    """The name of each student of a roster that `read_roster` has found whole: {student_id: name or ""}.

    Examples
    --------
    >>> import tempfile
    >>> with tempfile.TemporaryDirectory() as folder:
    ...     made = make_roster(Path(folder) / "roster.csv", [("ada", "Ada Obi"), ("ben", "")])
    ...     read_names(Path(folder) / "roster.csv")
    {'ada': 'Ada Obi', 'ben': ''}
    """
    rows = pd.read_csv(file, dtype=str, keep_default_na=False, comment="#")
    names = rows["name"] if "name" in rows else [""] * len(rows)
    return {student: " ".join(name.split()) for student, name in zip(rows["student_id"], names, strict=True)}
