"""A lesson filled up to a question, for a class that fell behind: everybody goes on from the same place.

The learner's notebook stays as it is but for the answer cells, which get the solution's lines. These compute, so the
same notebook serves every docket.
"""

import re

import nbformat

from cointrail.errors import CointrailError
from cointrail.grading.questions import load_day

__all__ = ["checkpoint"]

_NOTE = """*Your trainer has filled this lesson up to question {id}. Click the check of {id} once, then choose
**Run All Above Selected Cell** in the menu **Run**, and go on from there. The answers above are not your own work: read
them, and say aloud what they do.*
"""


def checkpoint(root, question_id):
    """A learner's notebook whose answers are filled up to a question, that one included.

    Parameters
    ----------
    root : Path
        The course.
    question_id : str
        Such as "2.1b". Written answers stay empty: they are the learner's own words.

    Returns
    -------
    str
        Where the notebook belongs in a learner's work folder, such as "day2/01_from_bank_statement_to_utxo.ipynb".
    NotebookNode
        The notebook, without outputs.

    Raises
    ------
    CointrailError
        There is no such question, or its lesson is not in course/.
    """
    question = _question(root, question_id)
    place = f"day{question_id[0]}/{question.notebook}.ipynb"
    if missing := [top for top in ("course", "solutions") if not (root / top / place).is_file()]:
        raise CointrailError(f"{missing[0]}/{place} is not there: run cointrail build day{question_id[0]}.")
    lesson = nbformat.read(root / "course" / place, as_version=4)
    solved = {_name(cell): cell.source for cell in nbformat.read(root / "solutions" / place, as_version=4).cells}
    for cell in lesson.cells[: _check_cell(lesson, question_id)]:
        if cell.cell_type == "code" and cell.metadata.get("nbgrader", {}).get("solution"):
            cell.source = re.sub(
                r"^ *### (BEGIN|END) SOLUTION\n?", "", solved[_name(cell)], flags=re.MULTILINE
            ).rstrip()
    lesson.cells.insert(
        1, nbformat.v4.new_markdown_cell(_NOTE.format(id=question_id), id=f"filled-{_dashed(question_id)}")
    )
    return place, lesson


def _question(root, question_id):
    found = load_day(root, int(question_id[0]))[1].get(question_id) if re.match(r"[0-5]\.\d", question_id) else None
    if found is None:
        raise CointrailError(f"There is no question {question_id!r}. Write its number, such as 2.1b.")
    return found


def _check_cell(lesson, question_id):
    call = f'check("{question_id}"'
    return next(place for place, cell in enumerate(lesson.cells) if cell.source.startswith(call))


def _name(cell):
    return cell.metadata.get("nbgrader", {}).get("grade_id")


def _dashed(question_id):
    return question_id.replace(".", "-")
