"""Is all that is taught tested, all that is tested taught, and does the answer sheet say what the key says?"""

import json
import re
from pathlib import Path

import pytest

from cointrail import CointrailError
from cointrail.grading.answer_sheet import _whole, answer_sheet, main
from cointrail.grading.assignments import day_of, graded_assignments
from cointrail.grading.objectives import gaps, objectives_page, objectives_table
from cointrail.grading.questions import Question, load_day

ROOT = Path(__file__).resolve().parents[1]


def all_questions():
    return [q for name in graded_assignments(ROOT) for q in load_day(ROOT, day_of(name))[1].values()]


def test_nothing_taught_goes_untested_and_nothing_tested_is_untaught():
    assert gaps(ROOT) == []


def test_the_table_holds_every_question_once_with_its_points():
    rows = objectives_table(ROOT)
    ids = [name for row in rows for name in row.questions]
    assert sorted(ids) == sorted(question.id for question in all_questions())
    assert sum(row.points for row in rows) == sum(question.points for question in all_questions())
    page = objectives_page(ROOT)
    assert all(row.objective in page for row in rows)


@pytest.mark.parametrize(
    ("change", "words"),
    [
        ({"objective": " "}, "has no objective"),
        ({"look": ""}, "names no lesson"),
        ({"look": "2.1, section 'Never written'"}, "a section that 2.1 does not have"),
    ],
)
def test_a_gap_is_named(monkeypatch, change, words):
    question = next(iter(load_day(ROOT, 2)[1].values()))
    made = Question(**{**vars(question), **change})
    monkeypatch.setattr("cointrail.grading.objectives.load_day", lambda root, day: ("primer", {made.id: made}))
    assert any(words in gap for gap in gaps(ROOT))


def test_a_lesson_without_a_question_is_named(monkeypatch):
    monkeypatch.setattr("cointrail.grading.objectives.graded_assignments", lambda root: [])
    assert any(re.match(r"2\.1 .* is taught, and no question tests it", gap) for gap in gaps(ROOT))


def made_key(tmp_path, answer, form=None):
    form = form or {"type": "mapping", "items": {"key": "text", "value": "int"}}
    folder = tmp_path / "grading" / "truth" / "glass_harbour" / "keys" / "A"
    folder.mkdir(parents=True)
    found = {"form": form, "answer": answer, "mistakes": [{"code": "M35", "message": "", "answer": None}]}
    (folder / "day5.json").write_text(json.dumps({"v": 1, "questions": {"5.1a": found}}))


def test_the_answer_sheet_says_what_the_key_says(tmp_path, monkeypatch):
    made_key(tmp_path, {"E07a": "1250000", "E07d": None})
    asked = {"5.1a": Question(id="5.1a", notebook="x", title="Papers", type="mapping", points=4, objective="x")}
    asked["5.2"] = Question(
        id="5.2", notebook="x", title="Answer", type="written", points=4, objective="x", rubric="day5"
    )
    monkeypatch.setattr("cointrail.grading.answer_sheet.load_day", lambda root, day: ("glass_harbour", asked))
    sheet = answer_sheet(tmp_path, "day5", "A")
    assert "E07a: **1250000**" in sheet
    assert "E07d: **it cannot be told (None)**" in sheet
    assert "grading/rubrics/day5.md" in sheet
    assert "M35" in sheet


def test_the_answer_sheet_holds_every_item_its_meaning_and_the_rule(tmp_path, monkeypatch):
    """What a learner reads is cut after six items; who leads the room needs them all."""
    made_key(tmp_path, [str(number) for number in range(12)], {"type": "set", "items": "int"})
    asked = Question(
        id="5.1a", notebook="x", title="t", type="set", points=4, objective="x", hints=["first", "the rule"]
    )
    monkeypatch.setattr("cointrail.grading.answer_sheet.load_day", lambda root, day: ("glass_harbour", {"5.1a": asked}))
    sheet = answer_sheet(tmp_path, "day5", "A")
    assert all(f"- **{number}**\n" in sheet for number in range(12))
    assert "Rule: the rule\n" in sheet
    assert _whole("choice", {"type": "choice", "options": {"A": "clearnet"}}, "A") == ["**A**: clearnet"]
    assert _whole("partition", {"type": "partition"}, [["a", "b"], ["c"]]) == ["- **a, b**", "- **c**"]


def test_a_key_older_than_its_questions_is_told(tmp_path, monkeypatch):
    made_key(tmp_path, {"E07a": "1250000"})
    asked = {"5.1b": Question(id="5.1b", notebook="x", title="Drafts", type="mapping", points=4, objective="x")}
    monkeypatch.setattr("cointrail.grading.answer_sheet.load_day", lambda root, day: ("glass_harbour", asked))
    with pytest.raises(CointrailError, match=r"lacks 5\.1b"):
        answer_sheet(tmp_path, "day5", "A")


def test_a_slip_of_the_command_gets_a_sentence(capsys):
    assert main([]) == 2
    assert "answer_sheet day5 A" in capsys.readouterr().err
    assert main(["day9", "A"]) == 2


def test_a_missing_key_is_told(tmp_path):
    with pytest.raises(CointrailError, match=r"There are no questions|is missing"):
        answer_sheet(tmp_path, "day5", "A")
