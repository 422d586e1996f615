"""Signs that one person's hand-in comes from another's. They are for the instructor to ask about, and prove nothing.

The same right answers are no sign: people of one docket must have them. A file that is the same byte for byte is one;
so is a cell of one's own with the same number (JupyterLab draws it at random), and the same words in a written answer.
"""

import hashlib
from collections import defaultdict
from pathlib import Path

from cointrail.exercises.case import docket_in
from cointrail.exercises.roster import read_roster, roster_file
from cointrail.grading.slim import MOST_BYTES, NotANotebookError, read_slim
from cointrail.ledger import worlds

__all__ = ["alike", "of_another_docket"]

_FEWEST_WORDS = 12  # shorter answers may agree by chance
_FROM_THE_TRAINER = "filled-"  # how the ids of `handouts checkpoint` begin


def alike(root: Path, day: str) -> list[str]:
    """Who handed in what somebody else handed in too.

    Parameters
    ----------
    root : Path
        The folder of the course.
    day : str
        Such as "day2".

    Returns
    -------
    list of str
        Sentences, one for each group of people; empty when there is no sign.
    """
    released = {file.name: file for file in sorted((root / "course" / day).glob("*.ipynb"))}
    holders = defaultdict(set)  # sign -> students
    for student, name, file in _notebooks(root, day, released):
        for sign in _signs(file, released[name]):
            holders[name, *sign].add(student)
    said = defaultdict(list)  # students -> what they share
    for (name, kind, _, words), students in sorted(holders.items()):
        if len(students) > 1:
            sentence = f"{words} in {name}" if kind else f"{name} byte for byte"
            said[tuple(sorted(students))].append(sentence)
    return [f"{', '.join(students)} share {'; '.join(dict.fromkeys(what))}." for students, what in sorted(said.items())]


def of_another_docket(root: Path, day: str) -> list[str]:
    """Whose notebooks show answers about another docket than the roster's: made before the id was right, or not theirs.

    Parameters
    ----------
    root, day
        As for `alike`.
    """
    roster = roster_file(root)
    dockets = read_roster(roster) if roster.is_file() else {}
    found, known = defaultdict(set), set(worlds())
    for student, _, file in _notebooks(root, day, {file.name for file in (root / "course" / day).glob("*.ipynb")}):
        for record in [cell["record"] or {} for cell in _cells(file)] if student in dockets else ():
            world, docket = record.get("world"), record.get("docket")
            if world in known and isinstance(docket, str) and docket != docket_in(world, dockets[student]):
                found[student].add(docket[:1])
    return [
        f"{student} (docket {dockets[student]}) shows answers about docket {', '.join(sorted(others))}."
        for student, others in sorted(found.items())
    ]


def _notebooks(root, day, names):
    """Every notebook of the day that was handed in: (student, name, file)."""
    for folder in sorted((root / "grading" / "submitted").glob(f"*/{day}")):
        for file in sorted(folder.glob("*.ipynb")):
            if file.name in names and file.is_file() and not file.is_symlink() and file.stat().st_size <= MOST_BYTES:
                yield folder.parent.name, file.name, file


def _cells(file):
    try:
        return read_slim(file)["cells"]
    except NotANotebookError:  # the grader says what is wrong with it
        return []


def _signs(file, released):
    """What is this person's own in a notebook: (kind, what tells it, words for people); the whole file is kind 0."""
    content = file.read_bytes()
    if content == released.read_bytes():
        return
    cells = _cells(file)
    if any(cell["record"] for cell in cells):  # never run, two notebooks with the same right answers are the same
        yield 0, hashlib.sha256(content).hexdigest(), ""
    handed_out = {cell["id"] for cell in _cells(released)}
    for cell in cells:
        words = cell["source"].split()
        name = cell["grade_id"] or ""
        own = cell["id"] and cell["id"] not in handed_out and not cell["id"].startswith(_FROM_THE_TRAINER)
        if name.startswith("explain_") and len(words) >= _FEWEST_WORDS:
            yield 1, f"{name} {' '.join(words).casefold()}", f"the words of {name}"
        elif not name and own and words:
            yield 2, cell["id"], "a cell of their own, with the number it was made with,"
