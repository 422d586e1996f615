"""What does a learner see under a question, and what leaves the notebook?"""

import json
import time

import pytest

from cointrail.exercises import cells, checking
from cointrail.exercises.functions import run_cases
from cointrail.exercises.keys import seal
from cointrail.exercises.records import MIME

FEES = {
    "form": {"id": "9.1a", "type": "mapping", "items": {"key": "text", "value": "int"}, "unit": "satoshi",
             "hints": ["Look at <b>inputs</b>.", "Subtract."]},
    "answer": {"a": "10", "b": "20"},
    "mistakes": [{"code": "M05", "message": "The change was counted.", "answer": {"a": "99", "b": "98"}}],
}  # fmt: skip
TWICE = {
    "form": {"id": "9.1b", "type": "function", "signature": "twice(n)", "returns": "int", "hints": []},
    "samples": [{"case": {"n": 1}, "answer": "2"}, {"case": {"n": 5}, "answer": "10"}],
    "sample_mistakes": [{"code": "M39", "message": "Counted once too often.", "answer": ["3", "15"]}],
}
GROUPS = {
    "form": {"id": "9.1c", "type": "partition", "items": "text", "hints": []},
    "answer": [["a", "b"]],
    "mistakes": [],
    "samples": [{"case": "x and y sign with one key", "answer": [["x", "y"], ["z"]]}],
}
PACK = {
    "form": {"id": "9.1d", "type": "artefact", "schema": {"required": ["title"]}, "hints": []},
    "answer": [],
    "mistakes": [],
}


@pytest.fixture
def page(tmp_path, monkeypatch):
    """A small world with one day of questions, and a list that collects what `display` is given."""
    keys = tmp_path / "data" / "toy" / "keys"
    questions = {q["form"]["id"]: seal(q, salt="ab" * 16) for q in (FEES, TWICE, GROUPS, PACK)}
    for docket in "AB":
        (keys / docket).mkdir(parents=True)
        (keys / docket / "day9.json").write_text(json.dumps({"questions": questions}))
    manifest = {"dockets": ["A", "B"], "files": {}}
    (tmp_path / "data" / "toy" / "manifest.json").write_text(json.dumps(manifest))
    monkeypatch.setenv("COINTRAIL_DATA", str(tmp_path / "data"))
    monkeypatch.setenv("COINTRAIL_WORK", str(tmp_path / "work"))
    (tmp_path / "work").mkdir()
    (tmp_path / "work" / "case.json").write_text('{"student_id": "s1", "docket": "B"}')
    shown = []
    monkeypatch.setattr(checking, "display", lambda bundle, raw: shown.append(bundle))
    return shown


def told(page):
    return page[-1]["text/plain"]


def test_a_right_answer_is_told_right_and_leaves_one_record(page):
    checking.check("9.1a", {"a": 10, "b": 20})
    assert "✔ 9.1a: Right" in told(page)
    assert page[-1][MIME] == {
        "v": 1, "id": "9.1a", "world": "toy", "docket": "B", "type": "mapping", "value": {"a": "10", "b": "20"},
    }  # fmt: skip


def test_a_partly_right_answer_is_counted_and_its_mistake_named(page):
    checking.check("9.1a", {"a": 10, "b": 98})
    assert "1 of 2 are right, 1 does not belong." in told(page)
    assert "Every output counted as a payment (M05): The change was counted." in told(page)
    assert "20" not in told(page)


def test_unanswered_leaves_no_record(page):
    checking.check("9.1a", ...)
    assert "Not answered" in told(page)
    assert MIME not in page[-1]


def test_abstaining_is_recorded_as_such(page):
    checking.check("9.1a", None)
    assert page[-1][MIME]["value"] is None
    assert "abstained" in told(page)


def test_a_wrong_type_says_what_was_expected_and_records_the_problem(page):
    checking.check("9.1a", {"a": 0.5})
    assert "Write whole satoshi" in told(page)
    assert page[-1][MIME]["problem"]["code"] == "M02"
    assert "value" not in page[-1][MIME]


def test_an_unknown_question_is_refused_with_the_questions_there_are(page):
    checking.check("9.9z", 1)
    assert "There is no question '9.9z'" in told(page)
    assert "9.1a, 9.1b, 9.1c, 9.1d" in told(page)


def test_answers_and_tries_are_kept_in_the_work_folder(page, tmp_path):
    checking.check("9.1a", {"a": 10})
    checking.check("9.1a", {"a": 10, "b": 20})
    kept = json.loads((tmp_path / "work" / "answers" / "9.1a.json").read_text())
    assert (kept["state"], kept["tries"]) == ("right", 2)


def test_nothing_is_kept_while_grading(page, tmp_path, monkeypatch):
    monkeypatch.setenv("COINTRAIL_GRADING", "1")
    checking.check("9.1a", {"a": 10})
    assert not (tmp_path / "work" / "answers").exists()


def test_hints_are_shown_as_text_not_as_markup(page):
    checking.hint("9.1a")
    assert "&lt;b&gt;inputs&lt;/b&gt;" in page[-1]["text/html"]
    assert page[-1]["text/html"].count("<details>") == 2


def test_a_function_is_tried_on_its_sample_cases(page):
    checking.check("9.1b", lambda n: 2 * n)
    assert "✔ 9.1b: Right" in told(page)
    checking.check("9.1b", lambda n: 3 * n)
    assert "Sample case 1 (n 1): your function returned 3, expected 2." in told(page)
    assert "Counted twice (M39): Counted once too often." in told(page)


def test_a_function_with_dots_is_unanswered(page):
    checking.check("9.1b", lambda n: ...)
    assert "Not answered" in told(page)
    assert MIME not in page[-1]


def test_a_function_of_other_arguments_is_refused(page):
    checking.check("9.1b", lambda a, b: 1)
    assert "must take n; yours takes a, b" in told(page)


def test_a_failing_or_endless_case_spoils_only_itself():
    def odd(n):
        if n == 1:
            raise ValueError("one")
        while n == 2:
            pass
        return n

    started = time.monotonic()
    results = run_cases(TWICE["form"], odd, [{"n": 1}, {"n": 2}, {"n": 3}], seconds=0.3)
    assert results == [{"problem": "stopped with ValueError: one"}, {"problem": "ran longer than 0.3 seconds"}, "3"]
    assert time.monotonic() - started < 60, "the endless case was stopped"


def test_hidden_cases_are_run_in_place_of_samples_while_grading(page, tmp_path, monkeypatch):
    folder = tmp_path / "hidden" / "9.1b"
    folder.mkdir(parents=True)
    (folder / "cases.json").write_text('[{"n": 7}, {"n": 8}, {"n": 9}]')
    monkeypatch.setenv("COINTRAIL_HIDDEN", str(tmp_path / "hidden"))
    checking.check("9.1b", lambda n: 2 * n)
    assert page[-1][MIME]["value"] == ["14", "16", "18"]


def test_what_only_the_grader_can_judge_is_recorded_and_can_be_tried_on_a_sample(page):
    checking.check("9.1c", [{"a"}, {"b"}])
    assert "● 9.1c: Recorded" in told(page)
    assert page[-1][MIME]["value"] == [["a"], ["b"]]
    checking.check("9.1c", [{"y", "x"}, {"z"}], sample=1)
    assert "Sample case 1: right." in told(page)
    assert MIME not in page[-1]
    checking.check("9.1c", [{"x"}, {"y", "z"}], sample=1)
    assert "Sample case 1: not right." in told(page)
    checking.check("9.1c", [], sample=2)
    assert "There are 1 sample cases" in told(page)


def test_a_document_is_validated_at_once(page):
    checking.check("9.1d", "title: pack")
    assert "Recorded" in told(page)
    checking.check("9.1d", "name: pack")
    assert "At the top level the document does not fit" in told(page)
    checking.check("9.1d", "a: [")
    assert "neither YAML nor JSON" in told(page)
    bomb = "a: &a [x, x]\nb: &b [*a, *a]\ntitle: [*b, *b]"
    checking.check("9.1d", bomb)
    assert "aliases (*name) are not allowed" in told(page)


def test_a_function_that_fails_everywhere_is_told_so(page):
    checking.check("9.1b", lambda n: n + "x")
    assert "your function stopped with TypeError" in told(page)
    assert page[-1][MIME]["value"][0]["problem"].startswith("stopped with TypeError")


def test_a_written_answer_is_left_to_a_person(page, tmp_path):
    questions = json.loads((tmp_path / "data" / "toy" / "keys" / "B" / "day9.json").read_text())["questions"]
    questions["9.1"] = {"form": {"id": "9.1", "type": "written", "hints": []}}
    (tmp_path / "data" / "toy" / "keys" / "B" / "day9.json").write_text(json.dumps({"questions": questions}))
    checking.check("9.1", "text")
    assert "A person marks this answer." in told(page)


def test_the_old_answer_of_a_cell_that_failed_is_not_judged(page):
    """In a real shell: a red answer cell leaves the earlier answer standing."""
    from IPython.testing.globalipapp import start_ipython

    shell = start_ipython() or __import__("IPython").get_ipython()
    cells.watch()
    shell.run_cell("answer_9_1a = {'a': 10, 'b': 20}")
    shell.run_cell("answer_9_1a = {'a': 3,087}")
    checking.check("9.1a", shell.user_ns["answer_9_1a"])
    assert "Your answer cell shows a red message" in told(page)
    assert MIME not in page[-1]
    shell.run_cell("answer_9_1a = {'a': 10, 'b': 21}")
    checking.check("9.1a", shell.user_ns["answer_9_1a"])
    assert "1 of 2 are right" in told(page)
