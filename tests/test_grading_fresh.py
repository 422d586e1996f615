"""Do all keys of a fresh world get written, and does a docket with an ambiguous question get other facts?"""

import pickle
from pathlib import Path

import pytest

from cointrail.grading import fresh
from cointrail.grading.keys import SameAnswerError

ROOT = Path("root")


@pytest.fixture
def written(monkeypatch):
    """Days and dockets in the order they were written; `clashes` says on which docket a day has no single answer."""
    calls, clashes = [], {}

    def write_keys(root, day, dockets=()):
        if clashes.get(day):
            raise SameAnswerError(clashes[day], f"Question {day}.1a, docket {clashes[day]}: the same answer.")
        calls.append((day, tuple(dockets)))
        return [Path(f"{day}/{docket}") for docket in dockets or "AB"]

    monkeypatch.setattr(fresh, "write_keys", write_keys)
    monkeypatch.setattr(fresh, "days_of", lambda root, world: [1, 2, "capstone"])
    monkeypatch.setattr(fresh, "docket_in", lambda world, letter: letter)
    return calls, clashes


def test_every_day_is_written_once(written):
    calls, _ = written
    assert fresh.write_all_keys(ROOT, "toy", cores=1, draw=pytest.fail) == 6
    assert calls == [(1, ()), (2, ()), ("capstone", ())]


def test_a_docket_with_an_ambiguous_question_gets_other_facts_and_new_keys_of_the_days_before(written):
    calls, clashes = written
    clashes[2], lines = "U", []
    assert fresh.write_all_keys(ROOT, "toy", cores=1, draw=lambda docket: clashes.clear(), say=lines.append) == 11
    # U is the exam docket of A, E, I, M, Q and of itself.
    assert calls == [(1, ()), (2, ()), ("capstone", ()), (1, tuple("AEIMQU"))]
    assert "docket U: other facts are drawn" in lines[1]


def test_a_question_that_never_has_one_answer_is_an_error(written):
    _, clashes = written
    clashes[1] = "B"
    with pytest.raises(SameAnswerError, match="docket B"):
        fresh.write_all_keys(ROOT, "toy", cores=1, draw=lambda docket: None)


def test_which_docket_it_was_is_known_in_another_process_too():
    error = pickle.loads(pickle.dumps(SameAnswerError("K", "Question 5.1b, docket K: the same answer.")))
    assert error.docket == "K" and str(error) == "Question 5.1b, docket K: the same answer."
