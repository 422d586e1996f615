"""Rubrics of written answers, read out of grading/rubrics/*.md, so that a learner alone can mark by the same lines."""

import re

from cointrail.errors import CointrailError

__all__ = ["rubric_lines"]


def rubric_lines(root, question):
    """The lines of a written question's rubric, one point each.

    The page is a Markdown file; a heading names the question, as in "(question 2.2, 4 points)", and the first table
    below it has the columns #, gets the point if, does not get it if.

    Parameters
    ----------
    root : Path
    question : Question
        Of type written; its `rubric` is the name of the page. Without one there are no lines.

    Returns
    -------
    list of dict
        Each with `gets` and `not`, as plain text.

    Raises
    ------
    CointrailError
        The page is missing, or holds no table for this question.
    """
    if not question.rubric:
        return []
    file = root / "grading" / "rubrics" / f"{question.rubric}.md"
    text = file.read_text(encoding="utf-8") if file.is_file() else ""
    found = re.search(rf"^#.*\(question {re.escape(question.id)},.*?$(.*?)(?=^#|\Z)", text, re.MULTILINE | re.DOTALL)
    rows = re.findall(r"^\| *\d+[^|]*\|(.+)\| *$", found[1] if found else "", re.MULTILINE)
    if not rows:
        raise CointrailError(
            f"grading/rubrics/{file.name} has no table below a heading '(question {question.id}, ...)'."
        )
    return [_line(row.split("|")) for row in rows]


def _line(cells):
    """The first words and the last ones; a column of points, and one for half of them, may stand between."""
    words = [cell for cell in cells if not cell.strip().isdigit()]
    return {"gets": _plain(words[0]), "not": _plain(words[-1])}


def _plain(cell):
    return re.sub(r"[*`_]{1,2}(?=\S)|(?<=\S)[*`_]{1,2}", "", cell).strip()
