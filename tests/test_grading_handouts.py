"""What an instructor prints: made from keys, lessons and papers, and saying no more than they do."""

import re
from pathlib import Path

import pytest
from rotating import need_facts

from cointrail.cli import main
from cointrail.errors import CointrailError
from cointrail.grading.checkpoint import checkpoint
from cointrail.grading.handouts import printed_exhibits, slides

ROOT = Path(__file__).resolve().parents[1]
LESSONS = sorted((ROOT / "solutions").glob("day[0-2]/0*.ipynb"))


def test_the_verb_prints_answers_and_writes_slides(tmp_path, capsys, monkeypatch):
    monkeypatch.chdir(ROOT)
    assert main(["handouts", "answers", "day0", "--docket", "D"]) == 0
    assert "docket B" in capsys.readouterr().out  # primer has two cases, which take turns
    assert main(["handouts", "slides", "day0", "--out", str(tmp_path)]) == 0
    assert len(list(tmp_path.glob("day0_*.html"))) == 4
    assert main(["handouts", "answers"]) == 2


@pytest.mark.parametrize("lesson", LESSONS, ids=lambda file: file.stem)
def test_slides_hold_the_objectives_and_no_solution_and_run_nothing(lesson):
    text = slides(lesson)
    assert "Objectives" in text
    assert "Key points" in text
    assert not re.search(r"answer_\d|BEGIN SOLUTION|<script", text)
    assert text.count("<section>") >= 2


def test_exhibits_come_with_their_line_in_the_register():
    need_facts(ROOT, "glass_harbour", "A")
    text = printed_exhibits("glass_harbour", "A", ["E01e", "E27"])
    assert text.count("<article>") == 2
    assert all("SYNTHETIC TRAINING DATA" in page for page in text.split("<article>")[1:])
    assert "OB-26-A-01" in text


def test_printing_other_exhibits_leaves_the_first_ones_and_what_was_written_into_them(tmp_path, monkeypatch):
    need_facts(ROOT, "glass_harbour", "A")
    monkeypatch.chdir(ROOT)

    def printed(*numbers):
        assert main(["handouts", "exhibits", *numbers, "--docket", "A", "--out", str(tmp_path)]) == 0
        return sorted(file.name for file in tmp_path.iterdir())

    printed("E01e")
    assert printed("E27") == printed("E27") == ["exhibits_A_E01e.html", "exhibits_A_E27.html"]
    (tmp_path / "exhibits_A_E27.html").write_text("my notes")
    assert printed("E27") == ["exhibits_A_E01e.html", "exhibits_A_E27.html", "exhibits_A_E27_1.html"]
    assert (tmp_path / "exhibits_A_E27_1.html").read_text() == "my notes"
    assert (tmp_path / "exhibits_A_E27.html").read_text().startswith("<!doctype html>")


def test_a_lesson_that_is_not_there_is_named():
    with pytest.raises(CointrailError, match="no lesson nothing"):
        slides(ROOT / "solutions" / "day1" / "nothing.ipynb")


def test_a_checkpoint_holds_the_answers_up_to_its_question_and_leaves_the_rest_open():
    place, notebook = checkpoint(ROOT, "2.1b")
    filled = {cell.metadata.get("nbgrader", {}).get("grade_id"): cell.source for cell in notebook.cells}
    assert place == "day2/01_from_bank_statement_to_utxo.ipynb"
    assert "fee(ledger, tx1)" in filled["answer_2_1a"]
    assert "SOLUTION" not in filled["answer_2_1b"]
    assert filled["answer_2_1c"].startswith("answer_2_1c = ...")
    assert "question 2.1b" in notebook.cells[1].source


@pytest.mark.parametrize("question", ["2.9x", "9.1a", "day2", ""])
def test_a_checkpoint_of_no_question_is_refused(question):
    with pytest.raises(CointrailError, match="no question"):
        checkpoint(ROOT, question)
