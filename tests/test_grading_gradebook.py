"""Two gradebooks of one class, by plain nbgrader and by `cointrail grade`: every row that a user meets is the same."""

import contextlib
import copy
import shutil
from datetime import datetime, timedelta

import hand_ins
import pytest
import walls
from nbgrader.api import Gradebook
from nbgrader.converters import Autograde

from cointrail.grading import runs, score_answers
from cointrail.grading.course_files import course_directory, generate, load_config, nbgrader_step
from cointrail.grading.grade import grade

pytestmark = walls.needs_sandbox

FIRST, SECOND = "01_from_bank_statement_to_utxo", "02_balances_time_and_value"
DUE = datetime(2026, 6, 1, 12)
LATE = {"punctual": 0, "second_late": 1, "day_late": 25 * 3600}  # seconds after the due date
CLASS = ("right", "blank", "written", "marked", "missing", *LATE)
WRITTEN = "explain_2_2"


def remembering(run):
    """A notebook that was run once gives the same outputs again: what is compared here is what becomes of them."""
    known = {}

    def run_once(notebook, docket, **how):
        text = (docket, *(cell.source for cell in notebook.cells))
        if text not in known:
            known[text] = run(notebook, docket, **how)
        ran = copy.deepcopy(notebook)
        for cell, done in zip(ran.cells, known[text].cells, strict=True):
            if cell.cell_type == "code":
                cell.outputs, cell.execution_count = copy.deepcopy(done.outputs), done.execution_count
        return ran

    return run_once


@pytest.fixture(scope="module", autouse=True)
def _one_run_of_each_notebook():
    with pytest.MonkeyPatch.context() as patch:
        run_once = remembering(runs.run_notebook)
        patch.setattr(runs, "run_notebook", run_once)
        patch.setattr(score_answers, "run_notebook", run_once)
        yield


@pytest.fixture(scope="module")
def desk(tmp_path_factory):
    root = hand_ins.make_small(hand_ins.desk_copy(tmp_path_factory.mktemp("desk")), notebooks=2)
    hand_ins.seat(root, CLASS, "A")
    right = hand_ins.right_answers()
    for student in CLASS:
        answers = {"blank": {}, "written": {"2.2": "My own words."}}.get(student, right)
        folder = hand_ins.hand_in(root, student, answers)
        if student in LATE:
            when = f"{DUE + timedelta(seconds=LATE[student])} UTC"
            (folder / "timestamp.txt").write_text(when, encoding="utf-8")
    (root / "grading" / "submitted" / "missing" / "day2" / f"{SECOND}.ipynb").unlink()
    generate(root, "day2", tmp_path_factory.mktemp("release"), into_gradebook=True)
    shutil.copyfile(book_of(root, "gradebook"), book_of(root, "plain"))
    return root


def book_of(root, name):
    return root / "grading" / f"{name}.db"


@contextlib.contextmanager
def opened(root, name):
    with Gradebook(f"sqlite:///{book_of(root, name)}", "cointrail") as book:
        yield book
        book.db.commit()


def grade_both_ways(root, students=CLASS):
    """The same hand-ins, graded (again) into a book of ours and into one of plain nbgrader's; every row of both."""
    grade(root, "day2", students=students, force=True, jobs=1, say=lambda line: None)
    places = {"db_url": f"sqlite:///{book_of(root, 'plain')}", "autograded_directory": "grading/autograded_plain"}
    with contextlib.chdir(root):
        for student in students:
            directory = course_directory(root, "day2", student_id=student, **places)
            step = Autograde(coursedir=directory, config=load_config(root))
            step.force = True
            nbgrader_step(step)
    return rows(root, "gradebook"), rows(root, "plain")


def rows(root, name):
    found = {}
    with opened(root, name) as book:
        for one in book.assignment_submissions("day2"):
            who = one.student
            found[who.id] = (who.first_name, who.last_name, who.email, who.lms_user_id)
            found[who.id, "day2"] = {
                "handed in": one.timestamp,
                "seconds late": one.total_seconds_late,
                **summed(one),
            }
            for notebook in one.notebooks:
                place = who.id, notebook.name
                taken = notebook.late_submission_penalty
                found[place] = {"penalty": taken, "failed": notebook.failed_tests, **summed(notebook)}
                found |= {(*place, mark.name): columns(mark, GRADE) for mark in notebook.grades}
                found |= {(*place, said.name, "said"): columns(said, COMMENT) for said in notebook.comments}
    return found


def summed(row):
    return columns(row, ("score", "max_score", "code_score", "written_score", "needs_manual_grade"))


def columns(row, names):
    return {name: getattr(row, name) for name in names}


GRADE = ("auto_score", "manual_score", "extra_credit", "needs_manual_grade", "score", "max_score", "failed_tests")
COMMENT = ("auto_comment", "manual_comment", "comment")


def differing(ours, plain):
    assert ours.keys() == plain.keys()
    return {place: (ours[place], plain[place]) for place in ours if ours[place] != plain[place]}


def set_percent(root, percent):
    with (root / "nbgrader_config.py").open("a", encoding="utf-8") as config:
        config.write(f"c.LatePenalty.percent_per_day = {percent}\n")


def set_due(root, when):
    for name in ("gradebook", "plain"):
        with opened(root, name) as book:
            book.update_or_create_assignment("day2", duedate=when)


def mark_by_hand(root, student):
    """What the formgrader saves: a mark for the written answer, extra credit, and a comment of the instructor's."""
    for name in ("gradebook", "plain"):
        with opened(root, name) as book:
            mark = book.find_grade(WRITTEN, SECOND, "day2", student)
            mark.manual_score, mark.extra_credit, mark.needs_manual_grade = 2.5, 1.0, False
            overruled = book.find_grade("q2_1b", FIRST, "day2", student)
            overruled.manual_score, overruled.needs_manual_grade = 0.5, False
            book.find_comment(WRITTEN, SECOND, "day2", student).manual_comment = "Well seen."
            book.find_comment("answer_2_1b", FIRST, "day2", student).manual_comment = "See the fee."


@pytest.fixture(scope="module")
def first_time(desk):
    return grade_both_ways(desk)


@pytest.fixture(scope="module")
def second_time(desk, first_time):
    """Graded again, after marks by hand, with a due date and a price for handing in late."""
    mark_by_hand(desk, "marked")
    mark_by_hand(desk, "missing")
    set_due(desk, DUE)
    set_percent(desk, 10)
    return grade_both_ways(desk)


def test_the_first_grading_writes_what_nbgrader_writes(first_time):
    ours, plain = first_time
    assert ours["right", "day2"]["score"] > 0 == ours["blank", "day2"]["score"]
    assert ours["written", SECOND, WRITTEN]["needs_manual_grade"] and not ours["written", SECOND]["score"]
    assert ours["blank", SECOND, WRITTEN, "said"]["comment"] == "No response."
    assert {place[:2] for place in differing(ours, plain)} == {("missing", SECOND)}


def test_a_missing_notebook_is_an_untouched_one(first_time):
    """On purpose: nbgrader says nothing in its book about the answers of a notebook that is not there."""
    ours, plain = first_time
    differ = differing(ours, plain)
    assert differ.keys() == {place for place in ours if place[:2] == ("missing", SECOND) and place[3:] == ("said",)}
    assert all((one["comment"], other["comment"]) == ("No response.", None) for one, other in differ.values())
    assert ours["missing", FIRST] == ours["right", FIRST]


def test_a_second_grading_keeps_marks_by_hand_comments_and_extra_credit_and_asks_to_look_again(second_time):
    ours, plain = second_time
    by_hand = ours["marked", SECOND, WRITTEN]
    assert (by_hand["manual_score"], by_hand["extra_credit"], by_hand["score"]) == (2.5, 1.0, 3.5)
    assert by_hand["needs_manual_grade"] and ours["marked", FIRST, "q2_1b"]["score"] == 0.5
    assert ours["marked", SECOND, WRITTEN, "said"]["comment"] == "Well seen."
    assert {place[:2] for place in differing(ours, plain)} <= {("missing", "day2"), ("missing", SECOND)}


def test_a_mark_by_hand_in_a_missing_notebook_stays_and_waits_for_a_look_again(second_time):
    """On purpose: nbgrader keeps the mark as well, but shows it to nobody again."""
    ours, plain = second_time
    place = "missing", SECOND, WRITTEN
    assert ours[place] == {**plain[place], "needs_manual_grade": True}
    assert ours[place]["score"] == 3.5


@pytest.mark.parametrize(("student", "days"), [("punctual", 0), ("second_late", 1), ("day_late", 2)])
def test_each_day_begun_costs_its_share_of_a_notebooks_points(second_time, student, days):
    ours, plain = second_time
    for name in (FIRST, SECOND):
        row = ours[student, name]
        assert row == plain[student, name]
        assert row["penalty"] == (pytest.approx(row["score"] * days / 10) if days else None)
    assert ours[student, "day2"]["seconds late"] == LATE[student]
    assert ours["right", "day2"]["handed in"] is None and ours["right", FIRST]["penalty"] is None


def test_a_hand_in_that_stands_follows_a_new_due_date_and_a_new_mark_and_then_a_percentage_of_zero(desk, second_time):
    """On purpose: nbgrader takes these up only when everything is graded again."""
    set_due(desk, DUE - timedelta(days=3))
    mark_by_hand(desk, "punctual")
    (standing,) = grade(desk, "day2", students=["punctual"], say=lambda line: None)
    row = rows(desk, "gradebook")["punctual", SECOND]
    assert standing.skipped
    assert row["penalty"] == pytest.approx(row["score"] * 3 / 10)
    assert standing.scores[SECOND] == pytest.approx(row["score"] * 7 / 10)
    set_percent(desk, 0)
    (free,) = grade(desk, "day2", students=["punctual"], say=lambda line: None)
    assert free.skipped and free.scores[SECOND] == row["score"]
    ours, plain = grade_both_ways(desk, ["punctual", "day_late"])
    assert ours["day_late", FIRST] == plain["day_late", FIRST] and ours["day_late", FIRST]["penalty"] is None
    assert ours["punctual", SECOND, WRITTEN] == plain["punctual", SECOND, WRITTEN]


def test_a_gradebook_that_was_put_away_is_filled_again(desk, second_time):
    """The graded notebooks lie there still, but their marks are nowhere."""
    before = rows(desk, "gradebook")["right", "day2"]
    book_of(desk, "gradebook").unlink()
    (again,) = grade(desk, "day2", students=["right"], jobs=1, say=lambda line: None)
    assert not again.skipped
    assert rows(desk, "gradebook")["right", "day2"] == before
