"""Do a plain and a sealed key say the same, and does neither the sealed file nor its message give the answer away?"""

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cointrail.exercises.checking import _short_of_goal
from cointrail.exercises.compare import Comparison, compare, lock
from cointrail.exercises.keys import Seal, seal

MEMBERS = st.lists(st.integers(0, 12).map(str), unique=True).map(sorted)


class CheapSeal(Seal):
    """The real salted hash for members; scrypt is left out to keep the property test quick."""

    slow = Seal.fast


@given(MEMBERS, MEMBERS, MEMBERS)
def test_a_sealed_key_compares_like_the_plain_one(truth, wrong, answer):
    form = {"type": "set"}
    key = {"answer": truth, "mistakes": [{"code": "M05", "message": "m", "answer": wrong}] if wrong != truth else []}
    sealed = CheapSeal("00" * 16)
    assert compare(form, lock(form, key), answer) == compare(form, lock(form, key, by=sealed), answer, by=sealed)


@given(MEMBERS, MEMBERS)
def test_counts_are_those_of_sets(truth, answer):
    form = {"type": "set"}
    found = compare(form, lock(form, {"answer": truth, "mistakes": []}), answer)
    assert (found.right, found.wrong) == (len(set(truth) & set(answer)), len(set(answer) - set(truth)))
    assert found.exact == (truth == answer)


def test_scrypt_guards_whole_answers():
    """RFC 7914 by the standard library: another salt, another lock."""
    assert Seal("00" * 16).slow("42") != Seal("01" * 16).slow("42")
    assert Seal("00" * 16).slow("42") == Seal("00" * 16).slow("42")


@pytest.mark.parametrize(
    ("kind", "answer", "mistake"),
    [("int", "123456", "654321"), ("set", ["111111"], ["222222"]), ("mapping", {"k": "333333"}, {"k": "444444"})],
)
def test_the_sealed_key_holds_neither_answer_nor_predicted_mistake_in_clear(kind, answer, mistake):
    plain = {
        "form": {"type": kind, "hints": []},
        "answer": answer,
        "mistakes": [{"code": "M07", "message": "A balance was asked.", "answer": mistake}],
    }
    text = json.dumps(seal(plain, salt="ab" * 16))
    for secret in ("123456", "654321", "111111", "222222", "333333", "444444"):
        assert secret not in text
    assert "answer" not in seal(plain, salt="ab" * 16, exam=True)
    assert "locked" not in seal(plain, salt="ab" * 16, exam=True)


def test_a_predicted_mistake_is_named_whole_or_by_its_members():
    form = {"type": "mapping"}
    key = {
        "answer": {"a": "1", "b": "2", "c": "3"},
        "mistakes": [
            {"code": "M08", "message": "fee", "answer": {"a": "10", "b": "20", "c": "30"}},
            {"code": "M05", "message": "change", "answer": {"a": "7", "b": "2", "c": "8"}},
        ],
    }
    locked = lock(form, key)
    assert [m.code for m in compare(form, locked, {"a": "10", "b": "20", "c": "30"}).mistakes] == ["M08"]
    assert [m.code for m in compare(form, locked, {"a": "7", "b": "2", "c": "3"}).mistakes] == ["M05"]
    assert compare(form, locked, {"a": "1", "b": "2"}).mistakes == ()


def test_a_list_tells_the_first_place_that_differs():
    form = {"type": "list"}
    locked = lock(form, {"answer": ["a", "b", "c"], "mistakes": []})
    assert compare(form, locked, ["a", "c", "b"]).place == 2
    assert compare(form, locked, ["a", "b"]).place == 3
    assert compare(form, locked, ["a", "b", "c"]).exact


def test_a_mapping_with_several_right_values_is_whole_with_any_of_them():
    form, key = {"type": "mapping"}, {"answer": {"a": ["1", "2"], "b": "3"}, "mistakes": []}
    locked = lock(form, key, by=CheapSeal("00" * 16))
    for value in ("1", "2"):
        found = compare(form, locked, {"a": value, "b": "3"}, by=CheapSeal("00" * 16))
        assert (found.exact, found.right, found.n) == (True, 2, 2)
    assert not compare(form, locked, {"a": "3", "b": "3"}, by=CheapSeal("00" * 16)).exact


@pytest.mark.parametrize(
    ("right", "wrong", "said"),
    [
        (50, 10, ["Too often wrong: 83% right, 95% wanted."]),
        (20, 0, ["Too few answers: 20 of 60, at least 50% wanted."]),
    ],
)
def test_who_misses_a_goal_is_told_which_half_of_it(right, wrong, said):
    form = {"goal": {"precision": 0.95, "coverage": 0.5}}
    assert list(_short_of_goal(form, Comparison(False, right=right, wrong=wrong, n=60))) == said
