"""Does every exhibit feed an answer that brings points, and does every such answer stand beside its exhibit?"""

import json
import re
from functools import cache
from pathlib import Path

import pytest

from cointrail.grading.questions import load_day, question_days
from cointrail.ledger import data_folder
from cointrail.world.dockets.background import BACKGROUND

ROOT = Path(__file__).resolve().parents[1]
WORLD = "glass_harbour"
EXHIBIT = re.compile(r"\bE\d\d[a-z]?\b")
DAYS = [day for day in question_days(ROOT) if load_day(ROOT, day)[0] == WORLD]


@cache
def registered():
    folder = data_folder() / WORLD / "dockets"
    registers = [json.loads((folder / part / "exhibits" / "register.json").read_bytes()) for part in ("A", "shared")]
    return {entry["id"] for register in registers for entry in register}


@cache
def lesson(name):
    """The cells of a solution as (grade id, is a heading, text)."""
    file = next((ROOT / "solutions").glob(f"*/{name}.ipynb"))
    cells = json.loads(file.read_text(encoding="utf-8"))["cells"]
    texts = ["".join(cell["source"]) for cell in cells]
    return [
        (
            cell["metadata"].get("nbgrader", {}).get("grade_id"),
            cell["cell_type"] == "markdown" and text.startswith(("# ", "## ")),
            text,
        )
        for cell, text in zip(cells, texts, strict=True)
    ]


def core_questions():
    """The questions that bring points."""
    return [question for day in DAYS for question in load_day(ROOT, day)[1].values() if question.points]


def cited(question):
    """The exhibits named in a question's section and in its hints; for a written one all that was named before."""
    cells = lesson(question.notebook)
    end = next(row for row, (grade_id, _, _) in enumerate(cells) if grade_id == question.grade_id)
    begin = 0 if question.type == "written" else max(row for row in range(end) if cells[row][1])
    text = " ".join([*(text for _, _, text in cells[begin : end + 1]), *question.hints, question.look])
    return set(EXHIBIT.findall(text))


def opened(question):
    """What its lesson reads before the graded cell: an exhibit may be read once for several questions."""
    cells = lesson(question.notebook)
    end = next(row for row, (grade_id, _, _) in enumerate(cells) if grade_id == question.grade_id)
    return {number for _, _, text in cells[: end + 1] for number in EXHIBIT.findall(text)}


@pytest.mark.parametrize("question", core_questions(), ids=lambda question: question.id)
def test_an_answer_that_brings_points_stands_beside_its_exhibit(question):
    own = cited(question)
    assert own, "its section names no exhibit"
    papers_of_one = {number[:3] for number in registered()}
    assert own <= registered() | papers_of_one, "it names an exhibit that nobody has"


def test_every_exhibit_feeds_such_an_answer_or_is_declared_as_background():
    fed = {number for question in core_questions() for number in opened(question)}
    assert sorted(registered() - fed - set(BACKGROUND)) == []
    assert sorted(set(BACKGROUND) & fed) == [], "these feed an answer and are no background"
    assert set(BACKGROUND) <= registered()
    assert 8 * len(BACKGROUND) < len(registered())
