"""Is course/ exactly what nbgrader makes of solutions/, and are the solutions in normal form?"""

import re
from pathlib import Path

import hand_ins
import nbformat
import pytest

from cointrail import CointrailError
from cointrail.grading.build import generate_course, normal_form, place_questions
from cointrail.grading.desk import Desk
from cointrail.grading.keys import plain_key, sealed_key
from cointrail.grading.questions import load_day, question_days
from cointrail.ledger import data_folder, load_manifest

ROOT = Path(__file__).resolve().parents[1]
SOLUTIONS = sorted((ROOT / "solutions").glob("day*/*.ipynb"))
DAYS = question_days(ROOT)


def tree(folder):
    return {file.relative_to(folder).as_posix(): file.read_bytes() for file in folder.rglob("*") if file.is_file()}


def test_course_is_generated_from_solutions_byte_for_byte(tmp_path):
    generate_course(ROOT, tmp_path / "course")
    generated, kept = tree(tmp_path / "course"), tree(ROOT / "course")
    assert sorted(generated) == sorted(kept)
    assert [name for name in generated if generated[name] != kept[name]] == [], "run: cointrail build"


@pytest.mark.parametrize("file", SOLUTIONS, ids=lambda file: file.stem)
def test_solutions_are_in_normal_form_and_freshly_run_in_order(file):
    text = file.read_text(encoding="utf-8")
    notebook = nbformat.reads(text, as_version=4)
    assert nbformat.writes(normal_form(notebook)) + "\n" == text, "run: cointrail build"
    ids = [cell.id for cell in notebook.cells]
    assert len(ids) == len(set(ids))
    counts = [cell.execution_count for cell in notebook.cells if cell.cell_type == "code"]
    assert counts == list(range(1, len(counts) + 1))


@pytest.mark.parametrize("file", SOLUTIONS, ids=lambda file: file.stem)
def test_a_notebook_has_the_size_of_a_lesson(file):
    """STYLE: 25 to 45 cells, 700 to 1,500 words, code cells of at most 12 lines."""
    cells = nbformat.read(file, as_version=4).cells
    words = sum(len(cell.source.split()) for cell in cells if cell.cell_type == "markdown")
    longest = max(len(cell.source.splitlines()) for cell in cells if cell.cell_type == "code")
    assert 25 <= len(cells) <= 45
    assert 700 <= words <= 1500
    assert longest <= 12


@pytest.mark.parametrize("file", SOLUTIONS, ids=lambda file: file.stem)
def test_points_in_the_text_are_those_of_the_question(file):
    _, questions = load_day(ROOT, int(file.parent.name[3:]))
    text = "\n".join(cell.source for cell in nbformat.read(file, as_version=4).cells if cell.cell_type == "markdown")
    for question in questions.values():
        if question.notebook == file.stem and question.points:
            assert re.search(rf"{re.escape(question.id)}\b[^\n]*\b{question.points} points", text), question.id


def test_the_learners_copy_holds_no_solution_and_no_output():
    for file in sorted((ROOT / "course").glob("day*/*.ipynb")):
        notebook = nbformat.read(file, as_version=4)
        assert "BEGIN SOLUTION" not in file.read_text(encoding="utf-8")
        assert not any(cell.get("outputs") for cell in notebook.cells)
        answers = [
            c.source for c in notebook.cells if c.metadata.get("nbgrader", {}).get("grade_id", "").startswith("answer")
        ]
        assert answers
        assert all("= ..." in source for source in answers)


@pytest.mark.parametrize("day", DAYS)
def test_keys_are_those_of_the_questions_byte_for_byte(day):
    world, questions = load_day(ROOT, day)
    for docket in load_manifest(world)["dockets"]:
        plain = plain_key(Desk(ROOT, world, docket), day, questions)
        assert plain["questions"] == hand_ins.plain_key(docket, f"day{day}", world), "run: cointrail build"
        sealed = data_folder() / world / "keys" / docket / f"day{day}.json"
        assert sealed_key(plain)["questions"] == hand_ins.read_json(sealed)["questions"], "run: cointrail build"


@pytest.mark.parametrize("day", DAYS)
def test_dockets_have_different_answers(day):
    """Nobody can copy a number: every core answer differs between any two dockets."""
    world, questions = load_day(ROOT, day)
    dockets = load_manifest(world)["dockets"]
    for question in questions.values():
        if question.points and question.type not in ("written", "function", "choice"):
            answers = [str(hand_ins.plain_key(docket, f"day{day}", world)[question.id]["answer"]) for docket in dockets]
            assert len(set(answers)) == len(dockets), question.id


def notebook_of(*sources):
    return nbformat.v4.new_notebook(cells=[nbformat.v4.new_code_cell(source) for source in sources])


@pytest.mark.parametrize(
    ("sources", "said"),
    [
        (['check("2.1a", answer_2_1a)'], "no answer cell above"),
        (["### BEGIN SOLUTION\n### END SOLUTION", 'check("9.9z", 1)'], "no such question"),
        (["x = 1"], "no cell for the question 2.1a"),
    ],
)
def test_a_notebook_that_does_not_match_its_questions_is_refused(sources, said):
    _, questions = load_day(ROOT, 2)
    with pytest.raises(CointrailError, match=said):
        place_questions(notebook_of(*sources), {"2.1a": questions["2.1a"]}, "lesson.ipynb")
