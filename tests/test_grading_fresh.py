"""Do all keys of a fresh world get written, and does a docket with an ambiguous question get other facts?"""

import pickle
from pathlib import Path

import pytest

from cointrail.grading import fresh
from cointrail.grading.keys import SameAnswerError

ROOT = Path("root")


LETTERS = [*"ABUV"]


@pytest.fixture
def written(monkeypatch):
    """Days and dockets in the order they were written; `clashes` says on which docket a day has no single answer."""
    calls, clashes = [], {}

    def write_keys(root, day, dockets):
        (letter,) = dockets
        if letter == clashes.get(day):
            raise SameAnswerError(letter, f"Question {day}.1a, docket {letter}: the same answer.")
        calls.append(f"{day}{letter}")
        return [Path(f"{day}/{letter}")]

    monkeypatch.setattr(fresh, "write_keys", write_keys)
    monkeypatch.setattr(fresh, "days_of", lambda root, world: [1, 2, 6])
    monkeypatch.setattr(fresh, "load_manifest", lambda world: {"dockets": LETTERS})
    monkeypatch.setattr(fresh, "DOCKETS", LETTERS)
    monkeypatch.setattr(fresh, "docket_in", lambda world, letter: letter)
    return calls, clashes


def test_every_day_is_written_once(written):
    calls, _ = written
    assert fresh.write_all_keys(ROOT, "toy", cores=1, draw=pytest.fail) == 12
    assert calls == [f"{day}{letter}" for day in (1, 2, 6) for letter in LETTERS]


def test_a_docket_with_an_ambiguous_question_gets_other_facts_and_new_keys_of_all_days_so_far(written):
    calls, clashes = written
    clashes[2], lines, drawn = "U", [], []

    def draw(docket):
        drawn.append(docket)
        clashes.clear()

    assert fresh.write_all_keys(ROOT, "toy", cores=1, draw=draw, say=lines.append) == 12
    assert drawn == ["U"] and "docket U: other facts are drawn" in "\n".join(lines)
    # U is the exam docket of A and of itself: their keys are made again, those of B and V are not.
    assert calls[:10] == ["1A", "1B", "1U", "1V", "2A", "2B", "2V", "6A", "6B", "6U"]
    assert sorted(calls[11:]) == ["1A", "1U", "2A", "2U"]


def test_two_dockets_with_an_ambiguous_question_are_both_drawn_before_the_day_is_written_again(written):
    calls, clashes = written
    clashes[1], clashes[2], drawn = "A", "B", []

    def draw(docket):
        drawn.append(docket)
        clashes.pop(1 if docket == "A" else 2)

    assert fresh.write_all_keys(ROOT, "toy", cores=1, draw=draw) == 12
    assert drawn == ["A", "B"] and {"1A", "2B"} <= set(calls)


def test_a_question_that_never_has_one_answer_is_an_error(written):
    _, clashes = written
    clashes[1] = "B"
    with pytest.raises(SameAnswerError, match="docket B"):
        fresh.write_all_keys(ROOT, "toy", cores=1, draw=lambda docket: None)


def test_which_docket_it_was_is_known_in_another_process_too():
    error = pickle.loads(pickle.dumps(SameAnswerError("K", "Question 5.1b, docket K: the same answer.")))
    assert error.docket == "K" and str(error) == "Question 5.1b, docket K: the same answer."
