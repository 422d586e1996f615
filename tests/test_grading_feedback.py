"""The page a participant reads: what happened to an answer is told in words that are true, and nothing breaks it."""

import re
import shutil

import hand_ins
import nbformat
import pytest

from cointrail.grading.feedback import write_feedback
from cointrail.grading.gradebook import Mark
from cointrail.grading.intake import HandIn
from cointrail.grading.score_answers import NO_RECORD

NOTEBOOK = "01_from_bank_statement_to_utxo"


@pytest.fixture
def page(tmp_path):
    """Write the page of a hand-in whose questions have these details; return its text."""
    shutil.copytree(hand_ins.ROOT / "grading" / "questions", tmp_path / "grading" / "questions")
    released = tmp_path / "course" / "day2" / f"{NOTEBOOK}.ipynb"
    released.parent.mkdir(parents=True)
    shutil.copyfile(hand_ins.ROOT / "course" / "day2" / released.name, released)

    def write(details, problems=None):
        notebook, marks = nbformat.read(released, as_version=4), []
        for cell in notebook.cells:
            name = cell.metadata.get("nbgrader", {})
            if name.get("grade"):
                question = name["grade_id"][1:].replace("_", ".", 1)
                own = {"id": question, "answered": False, "reasons": []} | details.get(question, {})
                output = nbformat.v4.new_output("execute_result", data={"text/plain": "0"}, metadata={"cointrail": own})
                cell.outputs = [output]
                marks.append(Mark(NOTEBOOK, name["grade_id"], 0.0, float(name["points"]), False))
        graded = tmp_path / "grading" / "autograded" / "s1" / "day2" / released.name
        graded.parent.mkdir(parents=True, exist_ok=True)
        nbformat.write(notebook, graded)
        write_feedback(tmp_path, "day2", "s1", "A", HandIn(problems or {}, {}, ()), marks, {NOTEBOOK: 0.0})
        return (tmp_path / "grading" / "feedback" / "s1" / "day2" / f"{NOTEBOOK}.html").read_text(encoding="utf-8")

    return write


def test_an_answer_that_did_not_arrive_is_not_called_unanswered(page):
    text = page({"2.1a": {"reasons": [f"{NO_RECORD}: ValueError: my slip."]}})
    cards = dict(re.findall(r'aria-label="Question (2\.1[ab])">(.*?)</article>', text, re.DOTALL))
    assert "No answer arrived" in cards["2.1a"] and "my slip." in cards["2.1a"]
    assert "Not answered" in cards["2.1b"]


def test_a_notebook_that_could_not_be_read_says_so_once_and_blames_no_question(page):
    text = page({}, {NOTEBOOK: f"{NOTEBOOK}.ipynb is not a notebook: it is not JSON."})
    assert "could not be graded" in text and "it is not JSON" in text
    assert "Not answered" not in text


def test_what_somebody_wrote_is_text_and_stays_inside_the_page(page):
    text = page({"2.1b": {"answered": True, "read": "<script>1</script> 563373…afa291 " + "b" * 3000}})
    assert "<script>" not in text and "&lt;script&gt;" in text
    assert "563373\u2060…\u2060afa291" in text, "a shortened hash is not broken in two"
    assert "overflow-wrap: anywhere" in text


def test_a_strong_false_accusation_is_told_where_the_points_are(page):
    """Ninety of a hundred points, and failed: nobody should learn that from the list of certificates."""
    text = page({"2.1c": {"answered": True, "accuses": True}})
    top, card = text.split("<h2>Questions</h2>")
    assert "2.1c: a false accusation, without doubt" in top
    assert "fails, whatever the points" in card
    assert "accusation" not in page({})
