"""What an instructor prints: made from keys, lessons and papers, and saying no more than they do."""

import re
from pathlib import Path

import pytest
from rotating import need_facts

from cointrail.errors import CointrailError
from cointrail.grading.desk import truth_folder
from cointrail.grading.handouts import answer_sheet, printed_exhibits, slides

ROOT = Path(__file__).resolve().parents[1]
LESSONS = sorted((ROOT / "solutions").glob("day[0-2]/0*.ipynb"))


def test_an_answer_sheet_holds_the_answers_of_that_docket():
    sheets = [answer_sheet(ROOT, "day2" if truth_has("A", 2) else "day0", docket) for docket in "AB"]
    assert sheets[0] != sheets[1]
    assert "SYNTHETIC TRAINING DATA" in sheets[0]
    assert "grading/rubrics/" in sheets[0] or "0.1a" in sheets[0]


def truth_has(docket, day):
    need_facts(ROOT, "glass_harbour", docket)
    return all((truth_folder(ROOT, "glass_harbour") / "keys" / letter / f"day{day}.json").is_file() for letter in "AB")


@pytest.mark.parametrize("lesson", LESSONS, ids=lambda file: file.stem)
def test_slides_hold_the_objectives_and_no_solution_and_run_nothing(lesson):
    text = slides(lesson)
    assert "Objectives" in text
    assert "Key points" in text
    assert not re.search(r"answer_\d|BEGIN SOLUTION|<script", text)
    assert text.count("<section>") >= 3


def test_exhibits_come_with_their_line_in_the_register():
    need_facts(ROOT, "glass_harbour", "A")
    text = printed_exhibits("glass_harbour", "A", ["E01e", "E27"])
    assert text.count("<article>") == 2
    assert "OB-26-A-01" in text


def test_a_lesson_that_is_not_there_is_named():
    with pytest.raises(CointrailError, match="no lesson nothing"):
        slides(ROOT / "solutions" / "day1" / "nothing.ipynb")
