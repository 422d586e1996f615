"""Is course/ exactly what nbgrader makes of solutions/, and are the solutions in normal form?"""

import os
import re
import shutil
from datetime import date
from pathlib import Path

import hand_ins
import nbformat
import pytest

from cointrail import CointrailError
from cointrail.grading.build import generate_course, normal_form, place_questions
from cointrail.grading.desk import Desk
from cointrail.grading.keys import plain_key, sealed_key, write_keys
from cointrail.grading.questions import Mistake, Question, load_day, question_days
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


def test_prints_that_a_busy_machine_cut_are_one_text_again():
    v4 = nbformat.v4
    cut = [("stdout", "one\n"), ("stdout", "two\n"), ("stderr", "slow\n"), ("stdout", "three\n")]
    cell = v4.new_code_cell("...", outputs=[v4.new_output("stream", name=name, text=text) for name, text in cut])
    outputs = normal_form(v4.new_notebook(cells=[cell])).cells[0].outputs
    assert [(output.name, output.text) for output in outputs] == [
        ("stdout", "one\ntwo\n"),
        ("stderr", "slow\n"),
        ("stdout", "three\n"),
    ]


def what_all_must_do(cells):
    """The cells outside the quiz of the day and the stretch tasks, which earn no points and may be left out."""
    kept, left_out = [], False
    for cell in cells:
        if cell.cell_type == "markdown" and cell.source.startswith("#"):
            left_out = cell.source.startswith(("## Quiz", "### Stretch")) or (
                left_out and cell.source.startswith("###")
            )
        if not left_out:
            kept.append(cell)
    return kept


@pytest.mark.parametrize("file", SOLUTIONS, ids=lambda file: file.stem)
def test_a_notebook_has_the_size_of_a_lesson(file):
    """STYLE: 25 to 45 cells, 700 to 1,500 words, code cells of at most 12 lines; quiz and stretch come on top."""
    everything = nbformat.read(file, as_version=4).cells
    cells = what_all_must_do(everything)
    words = sum(len(cell.source.split()) for cell in cells if cell.cell_type == "markdown")
    longest = max(len(cell.source.splitlines()) for cell in everything if cell.cell_type == "code")
    assert 25 <= len(everything)
    assert len(cells) <= 45
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


def some(dockets):
    """The first docket, and two that take turns with the calendar."""
    turn = date.today().toordinal()
    chosen = {dockets[0], dockets[turn % len(dockets)], dockets[(turn + 11) % len(dockets)]}
    return dockets if os.environ.get("COINTRAIL_ALL_DOCKETS") else sorted(chosen)


@pytest.mark.parametrize("day", DAYS)
def test_keys_are_those_of_the_questions_byte_for_byte(day):
    """Some dockets, others each day; all of them with COINTRAIL_ALL_DOCKETS=1."""
    world, questions = load_day(ROOT, day)
    for docket in some(load_manifest(world)["dockets"]):
        plain = plain_key(Desk(ROOT, world, docket), day, questions)
        assert plain["questions"] == hand_ins.plain_key(docket, f"day{day}", world), "run: cointrail build"
        sealed = data_folder() / world / "keys" / docket / f"day{day}.json"
        assert sealed_key(plain)["questions"] == hand_ins.read_json(sealed)["questions"], "run: cointrail build"


@pytest.mark.parametrize("day", DAYS)
def test_dockets_have_different_answers(day):
    """Nobody can copy a number: a core answer is shared by few dockets; one made of choices by half of them at most.

    An exam has four dockets. Where every docket's answer is "cannot be told", there is no number to copy.
    """
    world, questions = load_day(ROOT, day)
    dockets = load_manifest(world)["dockets"]
    for question in questions.values():
        if question.points and not question.exam and question.type not in ("written", "function", "choice"):
            answers = [hand_ins.plain_key(docket, f"day{day}", world)[question.id]["answer"] for docket in dockets]
            told = [str(answer) for answer in answers if answer is not None]
            few_values = "choice" in str(question.items) or question.kind == "text"
            most = len(dockets) // 2 if few_values else max(1, len(dockets) // 8)
            assert max(map(told.count, told), default=0) <= most, question.id


def notebook_of(*sources):
    return nbformat.v4.new_notebook(cells=[nbformat.v4.new_code_cell(source) for source in sources])


@pytest.mark.parametrize(
    ("sources", "said"),
    [
        (['check("2.1a", answer_2_1a)'], "no answer cell above"),
        (["### BEGIN SOLUTION\n### END SOLUTION", 'check("9.9z", 1)'], "no such question"),
        (
            ["answer_2_1b = ...\n### BEGIN SOLUTION\n### END SOLUTION", 'check("2.1a", answer_2_1a)'],
            "no answer cell above",
        ),
        (["x = 1"], "no cell for the question 2.1a"),
    ],
)
def test_a_notebook_that_does_not_match_its_questions_is_refused(sources, said):
    _, questions = load_day(ROOT, 2)
    with pytest.raises(CointrailError, match=said):
        place_questions(notebook_of(*sources), {"2.1a": questions["2.1a"]}, "lesson.ipynb")


def test_quiz_answers_may_stand_in_a_row_before_their_checks():
    _, questions = load_day(ROOT, 2)
    asked = {name: questions[name] for name in ("2.1a", "2.1b", "2.1c")}
    answers = [f"{q.answer_id} = ...\n### BEGIN SOLUTION\n### END SOLUTION" for q in asked.values()]
    notebook = notebook_of(*answers, *(f'check("{q.id}", {q.answer_id})' for q in asked.values()))
    place_questions(notebook, asked, "quiz.ipynb")
    names = [cell.metadata.nbgrader.grade_id for cell in notebook.cells]
    assert names == ["answer_2_1a", "answer_2_1b", "answer_2_1c", "q2_1a", "q2_1b", "q2_1c"]


def test_quiz_answers_may_share_a_cell():
    _, questions = load_day(ROOT, 2)
    asked = {name: questions[name] for name in ("2.1a", "2.1b")}
    answers = "answer_2_1a = ...\nanswer_2_1b = ...\n### BEGIN SOLUTION\n### END SOLUTION"
    notebook = notebook_of(answers, *(f'check("{q.id}", {q.answer_id})' for q in asked.values()))
    place_questions(notebook, asked, "quiz.ipynb")
    names = [cell.metadata.nbgrader.grade_id for cell in notebook.cells]
    assert names == ["answer_2_1a", "q2_1a", "q2_1b"]


def test_several_written_answers_of_a_notebook_stand_in_the_order_of_their_questions():
    written = [
        Question(id=name, notebook="x", title="", type="written", points=2, objective="") for name in ("4.1", "4.2")
    ]
    cells = [nbformat.v4.new_markdown_cell("### BEGIN SOLUTION\nwords\n### END SOLUTION") for _ in written]
    notebook = nbformat.v4.new_notebook(cells=cells)
    place_questions(notebook, {q.id: q for q in written}, "written.ipynb")
    assert [cell.metadata.nbgrader.grade_id for cell in notebook.cells] == ["explain_4_1", "explain_4_2"]


def exam_question():
    return Question(
        id="5.4a",
        notebook="04_exam",
        title="An exam's question",
        type="text",
        points=5,
        objective="",
        exam=True,
        hints=["no"],
        truth=lambda desk: desk.docket,
        mistakes=[Mistake("M06", lambda desk: "somebody", "An address is not a person.")],
    )


def test_an_exam_is_about_the_exam_docket_and_its_sealed_key_holds_the_form_only():
    """Glass_harbour has all letters: a learner of docket B is examined on V, and nothing can be searched for."""
    plain = plain_key(Desk(ROOT, "glass_harbour", "B"), 5, {"5.4a": exam_question()})
    assert plain["questions"]["5.4a"]["answer"] == "V"
    assert set(sealed_key(plain)["questions"]["5.4a"]) == {"form"}
    form = sealed_key(plain)["questions"]["5.4a"]["form"]
    assert form["exam"] is True and not form["hints"]


def test_one_docket_of_a_day_can_be_built_alone(tmp_path, monkeypatch):
    root = hand_ins.desk_copy(tmp_path / "desk")
    monkeypatch.setenv("COINTRAIL_DATA", str(tmp_path / "data"))
    world = hand_ins.WORLD
    shutil.copytree(ROOT / "datasets" / world, tmp_path / "data" / world, ignore=shutil.ignore_patterns("keys"))
    written = write_keys(root, 2, ["B"])
    assert [file.parent.name for file in written] == ["B", "B"]
    with pytest.raises(CointrailError, match="no docket Z"):
        write_keys(root, 2, ["Z"])
