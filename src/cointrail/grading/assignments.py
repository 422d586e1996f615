"""The assignments of the course by name and number: day0 to day5, and the capstone, which counts as day 6.

The number is the first digit of every question id, and names the key files; the name is the folder in solutions/ and
course/, the file in grading/questions/, and nbgrader's assignment.
"""

import re

from cointrail.errors import CointrailError

__all__ = ["assignment_of", "day_of", "day_title", "graded_assignments"]

_CAPSTONE = 6


def assignment_of(day):
    """The name of a day's folder.

    Examples
    --------
    >>> assignment_of(2), assignment_of(6)
    ('day2', 'capstone')
    """
    return "capstone" if day == _CAPSTONE else f"day{day}"


def day_title(day):
    """How a sentence names a day.

    Examples
    --------
    >>> day_title(2), day_title(6)
    ('day 2', 'the capstone')
    """
    return "the capstone" if day == _CAPSTONE else f"day {day}"


def day_of(assignment):
    """The number of an assignment.

    Raises
    ------
    CointrailError
        The course has no assignment of that name.

    Examples
    --------
    >>> day_of("day0"), day_of("capstone")
    (0, 6)
    """
    if assignment == assignment_of(_CAPSTONE):
        return _CAPSTONE
    if not re.fullmatch(r"day[0-5]", str(assignment)):
        raise CointrailError(
            f"{assignment!r} is no assignment of the course. Write it so: day2 (day0 to day5, capstone)"
        )
    return int(assignment[3:])


def graded_assignments(root):
    """The names of the assignments that have questions, in the order of the course."""
    folder = root / "grading" / "questions"
    return [assignment_of(day) for day in range(_CAPSTONE + 1) if (folder / f"{assignment_of(day)}.py").is_file()]
