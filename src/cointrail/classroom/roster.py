"""The roster of a class: who has which docket. Neighbours in the list get different ones."""

import csv
from pathlib import Path

from cointrail.errors import CointrailError
from cointrail.exercises.roster import DOCKETS, FOR_THE_WEEK, STUDENT_ID, read_people

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
    students = [(row["student_id"], row.get("name", "")) for row in read_people(file)]
    if not students or not all(STUDENT_ID.fullmatch(student) for student, _ in students):
        raise CointrailError(
            f"{file}: every line needs a student_id (letters, digits and . _ -, no spaces); the first line must be: "
            "student_id,name"
        )
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
    return {row["student_id"]: " ".join(row.get("name", "").split()) for row in read_people(file)}
