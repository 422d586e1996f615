"""Do the solutions, handed in, earn every point? A few dockets each day, all of them in the slow run."""

from pathlib import Path

import pytest
from rotating import by_docket, need_facts

from cointrail.grading.assignments import assignment_of, graded_assignments
from cointrail.grading.desk import truth_folder
from cointrail.grading.questions import load_day, question_days
from cointrail.grading.rehearse import rehearse
from cointrail.ledger import load_manifest

ROOT = Path(__file__).resolve().parents[1]
CASES = [
    pytest.param(day, *letter.values, marks=letter.marks, id=f"day{day}-{letter.values[0]}")
    for day in question_days(ROOT)
    if assignment_of(day) in graded_assignments(ROOT)
    for letter in by_docket(load_manifest(load_day(ROOT, day)[0])["dockets"])
]


@pytest.mark.parametrize(("day", "docket"), CASES)
def test_a_days_solutions_earn_every_point(day, docket):
    world, questions = load_day(ROOT, day)
    need_facts(ROOT, world, docket, exam=any(question.exam for question in questions.values()))
    if not (truth_folder(ROOT, world) / "keys" / docket / f"day{day}.json").is_file():
        pytest.skip(f"the key of day{day}, docket {docket}, is not made here: cointrail build --day {day}")
    assert rehearse(ROOT, assignment_of(day), dockets=[docket], say=lambda line: None) == []
