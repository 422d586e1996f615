"""The four hand-ins of a class, graded: by `cointrail grade`, and by plain nbgrader with the same scores."""

import html
import json
import os
import re
import shutil
import subprocess
import sys

import hand_ins
import nbformat
import pytest
from nbgrader.api import Gradebook

from cointrail import CointrailError
from cointrail.exercises.case import docket_in
from cointrail.exercises.records import MIME
from cointrail.exercises.roster import assign_docket
from cointrail.grading.course_files import generate
from cointrail.grading.grade import grade

CODES = ("M08", "M07", "M05")


def docket_of(student):
    return docket_in(hand_ins.WORLD, assign_docket(student))


@pytest.fixture(scope="module")
def desk(tmp_path_factory):
    """A desk with four hand-ins."""
    root = hand_ins.desk_copy(tmp_path_factory.mktemp("desk"))
    hand_ins.hand_in(root, "right", hand_ins.right_answers())
    hand_ins.hand_in(root, "mistaken", hand_ins.mistaken_answers(docket_of("mistaken"), CODES))
    hand_ins.hand_in(root, "abstaining", hand_ins.abstaining_answers(docket_of("abstaining")))
    hand_ins.hand_in(root, "untouched", {})
    generate(root, "day2", tmp_path_factory.mktemp("release"), into_gradebook=True)
    shutil.copyfile(root / "grading" / "gradebook.db", root / "grading" / "registered.db")
    return root


@pytest.fixture(scope="module")
def graded(desk):
    return {result.student: result for result in grade(desk, "day2", say=lambda line: None)}


def page(desk, student):
    pages = sorted((desk / "grading" / "feedback" / student / "day2").glob("*.html"))
    return "\n".join(file.read_text(encoding="utf-8") for file in pages)


def most_points(docket="A"):
    forms = [key["form"] for key in hand_ins.plain_key(docket).values()]
    return sum(form["points"] for form in forms if form["type"] != "written")


def test_all_right_gets_every_point_the_machine_can_give(graded):
    assert graded["right"].total == graded["right"].of == most_points()
    assert graded["right"].by_hand > 0, "the written answer waits for a person"


def test_untouched_and_abstaining_score_nothing(graded):
    assert graded["untouched"].total == graded["abstaining"].total == 0


def test_each_predicted_mistake_is_named_and_loses_points(desk, graded):
    text = page(desk, "mistaken")
    assert {code for code in CODES if f"({code})." in text} == set(CODES)
    assert graded["mistaken"].total < graded["right"].total


def test_the_page_says_unanswered_and_abstained_in_words(desk, graded):
    assert "Not answered: the three dots (...) are still there." in page(desk, "untouched")
    assert "You abstained." in page(desk, "abstaining")


def test_no_page_holds_a_right_answer_it_was_not_given(desk, graded):
    """What an unanswered or mistaken page shows must not contain the key."""
    for student in ("untouched", "abstaining", "mistaken"):
        text = html.unescape(page(desk, student))
        for question_id, key in hand_ins.plain_key(docket_of(student)).items():
            answer = key.get("answer")
            if isinstance(answer, str) and len(answer) > 3:
                assert answer not in text, f"{question_id} is given away to {student}"


def test_pages_ask_no_other_host_and_name_their_language(desk, graded):
    text = page(desk, "right")
    assert '<html lang="en">' in text
    assert not re.search(r"(src|href)\s*=|url\(|@import", text)


def test_a_second_run_grades_nothing_again_and_says_the_same(desk, graded):
    again = {result.student: result for result in grade(desk, "day2", say=lambda line: None)}
    assert all(result.skipped for result in again.values())
    assert {s: r.total for s, r in again.items()} == {s: r.total for s, r in graded.items()}


def test_plain_nbgrader_gives_the_same_scores(desk, graded, tmp_path):
    """Whole lessons by its own command; test_grading_gradebook compares the rest of the book."""
    root = hand_ins.desk_copy(tmp_path / "plain")
    shutil.copyfile(desk / "grading" / "registered.db", root / "grading" / "gradebook.db")
    for student in ("right", "mistaken"):
        shutil.copytree(desk / "grading" / "submitted" / student, root / "grading" / "submitted" / student)
    command = [sys.executable, "-m", "nbgrader", "autograde", "day2"]
    done = subprocess.run(command, cwd=root, env=os.environ, capture_output=True, text=True)
    assert done.returncode == 0, done.stderr[-2000:]
    ours, plain = scores(desk), scores(root)
    assert {student for student, *_ in plain} == {"right", "mistaken"}
    assert plain == {place: ours[place] for place in plain}


def scores(root):
    with Gradebook(f"sqlite:///{root / 'grading' / 'gradebook.db'}", "cointrail") as book:
        return {
            (submission.student.id, notebook.name, grade.name): (grade.score, grade.max_score, grade.needs_manual_grade)
            for submission in book.assignment_submissions("day2")
            for notebook in submission.notebooks
            for grade in notebook.grades
        }


FORGED = (
    "from IPython.display import display\n"
    "answer_2_1b = ...\n"
    "check = lambda *a: display({{{mime!r}: {record!r}}}, raw=True)"
)
PROBE = (
    "import os, json, pathlib\n"
    "keys = sorted(pathlib.Path(os.environ['COINTRAIL_KEYS']).rglob('*.json'))\n"
    "print('PROBE', json.dumps([sorted(os.environ), [k.read_text() for k in keys]]))\n"
    "answer_2_1b = ..."
)


@pytest.fixture(scope="module")
def odd(tmp_path_factory):
    """A smaller desk with hand-ins that are not as they should be."""
    root = hand_ins.make_small(hand_ins.desk_copy(tmp_path_factory.mktemp("odd")), notebooks=2)
    hand_ins.hand_in(root, "forger", {"2.1b": FORGED.format(mime=MIME, record=_record_of_a_neighbour("forger"))})
    _break(hand_ins.hand_in(root, "broken", hand_ins.right_answers()))
    _make_stale(hand_ins.hand_in(root, "stale", {"2.1b": "answer_2_1b = 1"}))
    hand_ins.hand_in(root, "curious", {"2.1b": PROBE})
    return root


@pytest.fixture(scope="module")
def odd_results(odd):
    return {result.student: result for result in grade(odd, "day2", jobs=1, say=lambda line: None)}


def _record_of_a_neighbour(student):
    other = "B" if docket_of(student) == "A" else "A"
    value = hand_ins.plain_key(other)["2.1b"]["answer"]
    return {"v": 1, "id": "2.1b", "world": hand_ins.WORLD, "docket": other, "type": "int", "value": value}


def _break(folder):
    first, second = sorted(folder.glob("*.ipynb"))
    first.write_text("this is not JSON", encoding="utf-8")
    (folder / "02_my copy.ipynb").write_text(second.read_text(encoding="utf-8"), encoding="utf-8")


def _make_stale(folder):
    """The record saved in the notebook differs from what a fresh run gives."""
    file = sorted(folder.glob("*.ipynb"))[0]
    notebook = nbformat.read(file, as_version=4)
    record = {"v": 1, "id": "2.1b", "world": hand_ins.WORLD, "docket": docket_of("stale"), "type": "int", "value": "2"}
    cell = next(cell for cell in notebook.cells if cell.metadata.get("nbgrader", {}).get("grade_id") == "q2_1b")
    cell.outputs = [nbformat.v4.new_output("display_data", data={MIME: record})]
    nbformat.write(notebook, file)


def test_an_answer_for_another_docket_is_refused(odd, odd_results):
    """A record that names a neighbour's docket, forged by hand, earns nothing."""
    assert odd_results["forger"].total == 0
    assert "belongs to another docket" in page(odd, "forger")


def test_broken_and_missing_notebooks_are_told_and_the_rest_is_graded(odd, odd_results):
    result = odd_results["broken"]
    folder = odd / "grading" / "submitted" / "broken" / "day2"
    first, second, _ = sorted(folder.glob("*.ipynb"))
    assert result.scores[first.stem] == 0 < result.scores[second.stem]
    assert any(f"{first.name} is not a notebook" in note for note in result.notes)
    assert any("02_my copy.ipynb is not a notebook of this day" in note for note in result.notes)
    assert "could not be graded" in page(odd, "broken")
    second.unlink()
    (result,) = grade(odd, "day2", students=["broken"], say=lambda line: None)
    assert any(f"{second.name} was not handed in under this name" in note for note in result.notes)


def test_a_stale_answer_is_told_apart_from_a_wrong_one(odd, odd_results):
    """M04."""
    assert "M04" in page(odd, "stale")


def test_nothing_handed_in_and_unknown_names_get_a_sentence(tmp_path):
    root = hand_ins.desk_copy(tmp_path)
    with pytest.raises(CointrailError, match="no hand-in for day2"):
        grade(root, "day2")
    with pytest.raises(CointrailError, match="no assignment 'day9'"):
        grade(root, "day9")
    hand_ins.hand_in(root, "somebody", {})
    with pytest.raises(CointrailError, match="nobody handed in nothing"):
        grade(root, "day2", students=["nobody"])


def test_the_untrusted_side_is_handed_no_truth(odd, odd_results):
    """What the submission's process can see of the course by name: forms without locks, hints or answers."""
    ran = sorted((odd / "grading" / "autograded" / "curious" / "day2").glob("*.ipynb"))[0].read_text(encoding="utf-8")
    seen = json.loads('"' + re.search(r"PROBE (.*?)\\n\"", ran)[1] + '"')
    names, keys = json.loads(seen)
    assert "PYTEST_VERSION" in os.environ and "PYTEST_VERSION" not in names, "the grader's own environment"
    assert not {"locked", "answer", "mistakes", "salt"} & {
        name for key in keys for question in json.loads(key)["questions"].values() for name in question
    }


def test_a_mended_key_changes_its_question_alone_and_runs_nothing(tmp_path, monkeypatch):
    """A key said another value was right. After the mend the kept answer is right; a mark by hand stays."""
    root = hand_ins.make_small(hand_ins.desk_copy(tmp_path), notebooks=2)
    hand_ins.hand_in(root, "right", hand_ins.right_answers())
    file = root / "grading" / "truth" / hand_ins.WORLD / "keys" / docket_of("right") / "day2.json"
    good = file.read_text(encoding="utf-8")
    key = json.loads(good)
    key["questions"]["2.1b"]["answer"] = "1"
    file.write_text(json.dumps(key), encoding="utf-8")
    (before,) = grade(root, "day2", say=lambda line: None)
    mark_by_hand(root, "right", "explain_2_2", 3.0)
    file.write_text(good, encoding="utf-8")
    monkeypatch.setattr("cointrail.grading.grade.run_hand_in", None)
    (after,) = grade(root, "day2", say=lambda line: None)
    assert after.total == before.total + 2 + 3
    assert any("2.1b" in note and "2.2b" not in note for note in after.notes)
    (again,) = grade(root, "day2", say=lambda line: None)
    assert again.total == after.total and not any("2.1b" in note for note in again.notes)


def mark_by_hand(root, student, cell, points):
    with Gradebook(f"sqlite:///{root / 'grading' / 'gradebook.db'}", "cointrail") as book:
        for notebook in book.find_submission("day2", student).notebooks:
            for given in notebook.grades:
                if given.name == cell:
                    given.manual_score, given.needs_manual_grade = points, False
        book.db.commit()
