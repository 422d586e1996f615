"""Is what a learner types read as the learner meant it, and refused with a sentence when it cannot be?"""

import json
from datetime import UTC, datetime
from decimal import Decimal

import numpy as np
import pandas as pd
import pytest
from embit.bech32 import encode
from hypothesis import given
from hypothesis import strategies as st

from cointrail.exercises.answer_types import AnswerError, canonical, understood

TXID = "ab" * 32
ADDRESS = encode("bcrt", 0, bytes(range(20)))
MAINNET = encode("bc", 0, bytes(range(20)))


@pytest.mark.parametrize("value", [1500, np.int64(1500), "1500", " 1500 ", "1,500"])
def test_a_whole_number_is_read_from_python_numpy_and_text(value):
    assert canonical({"type": "int"}, value) == "1500"


@pytest.mark.parametrize(
    ("form", "value", "code"),
    [
        ({"type": "int"}, True, "M01"),
        ({"type": "int", "unit": "satoshi"}, 0.015, "M02"),
        ({"type": "list", "items": "int"}, [1, 1], "M03"),
        ({"type": "list", "items": "int"}, {1, 2}, "M03"),
        ({"type": "time"}, "2026-03-01T10:00:00", "M10"),
    ],
)
def test_a_wrong_type_that_is_a_known_mistake_carries_its_code(form, value, code):
    with pytest.raises(AnswerError) as refused:
        canonical(form, value)
    assert refused.value.code == code


@pytest.mark.parametrize(
    ("form", "value", "said"),
    [
        ({"type": "int"}, [5], "a list arrived"),
        ({"type": "id", "kind": "txid"}, "abc", "64 characters"),
        ({"type": "id", "kind": "txid"}, "ab12…cd34", "shortened name"),
        ({"type": "id", "kind": "txid"}, "tx1", "without quotation marks"),
        ({"type": "id", "kind": "txid"}, 0, "a whole number arrived"),
        ({"type": "id", "kind": "outpoint"}, TXID, "Add a colon"),
        ({"type": "id", "kind": "outpoint"}, f"{TXID}:01", "no number of an output"),
        ({"type": "id", "kind": "outpoint"}, "ab…cd:0", "shortened name"),
        ({"type": "int"}, (948, 788), "without commas"),
        ({"type": "decimal", "places": 2}, (2, 265.80), "without commas"),
        ({"type": "decimal", "places": 2}, "2265,80", "An amount such as"),
        ({"type": "id", "kind": "address"}, MAINNET, "real Bitcoin network"),
        ({"type": "id", "kind": "address"}, ADDRESS[:-1] + "q", "checksum"),
        ({"type": "choice", "options": {"A": "", "B": ""}}, "C", "A, B"),
        ({"type": "set", "items": "txid"}, TXID, "a text arrived"),
        ({"type": "mapping", "items": {"key": "txid", "value": "int"}}, [1], "a list arrived"),
        ({"type": "partition", "items": "text"}, [["a", "b"], ["b"]], "two groups"),
        ({"type": "decimal", "places": 2}, "12.345", "more than 2 decimal places"),
        ({"type": "decimal", "places": 2}, "NaN", "ordinary amount"),
        ({"type": "time"}, "yesterday", "no time"),
        ({"type": "int"}, ..., "Three dots"),
        ({"type": "int"}, 10**100, "more than 100 digits"),
        pytest.param({"type": "int"}, "1" + ",000" * 2000, "at most 1,000", id="a long number"),
        pytest.param({"type": "id", "kind": "address"}, "m" + "z" * 250_000, "at most 1,000", id="a long address"),
        ({"type": "set", "items": "int"}, range(60_000), "something of type range"),
        ({"type": "set", "items": "int"}, list(range(60_000)), "at most 50,000"),
        ({"type": "mapping", "items": {"key": "text", "value": "int"}}, {"a": 1, "a ": 2}, "twice"),
        ({"type": "partition", "items": "int"}, [[1], ["1"]], "in two groups"),
    ],
)
def test_other_wrong_input_gets_a_sentence_that_says_what_is_off(form, value, said):
    with pytest.raises(AnswerError, match=said):
        canonical(form, value)


def test_amounts_are_exact_whether_typed_as_text_number_or_decimal():
    form = {"type": "decimal", "places": 2}
    assert canonical(form, "10.1") == canonical(form, 10.1) == canonical(form, Decimal("10.10")) == "10.10"


def test_an_amount_is_never_rounded_and_never_minus_nothing():
    assert canonical({"type": "decimal"}, "1." + "0" * 40 + "1") == "1." + "0" * 40 + "1"
    assert canonical({"type": "decimal", "places": 8}, "123456789012345678901") == "123456789012345678901.00000000"
    assert canonical({"type": "decimal"}, -0.0) == "0" and canonical({"type": "decimal", "places": 2}, "-0") == "0.00"


def test_times_are_brought_to_utc():
    wanted = "2026-03-01T03:00:00Z"
    assert canonical({"type": "time"}, "2026-03-01T10:00:00+07:00") == wanted
    assert canonical({"type": "time"}, datetime(2026, 3, 1, 3, tzinfo=UTC)) == wanted
    assert canonical({"type": "time"}, pd.Timestamp("2026-03-01T03:00:00Z")) == wanted


def test_sets_come_from_any_container_without_order_or_duplicates():
    form = {"type": "set", "items": "outpoint"}
    points = [f"{TXID}:1", f"{TXID}:0"]
    wanted = sorted(points)
    for value in (points, tuple(points), set(points), pd.Series(points), np.array(points), points * 2):
        assert canonical(form, value) == wanted


def test_an_unanswered_member_is_left_out_and_an_abstention_is_kept():
    form = {"type": "mapping", "items": {"key": "text", "value": "int"}}
    assert canonical(form, {"a": 1, "b": ..., "c": None}) == {"a": "1", "c": None}


def test_abstention_is_an_answer_of_every_type():
    for kind in ("int", "decimal", "set", "mapping", "list", "partition", "choice", "artefact"):
        assert canonical({"type": kind}, None) is None


def test_a_document_stays_text_and_a_dict_becomes_json():
    assert canonical({"type": "artefact"}, "title: x") == "title: x"
    assert json.loads(canonical({"type": "artefact"}, {"b": 1, "a": [2]})) == {"a": [2], "b": 1}


@given(st.integers(min_value=-(10**29), max_value=10**29))
def test_every_integer_survives(value):
    assert int(canonical({"type": "int"}, value)) == value


@given(st.lists(st.integers(0, 9), unique=True))
def test_the_canonical_set_does_not_depend_on_the_order_typed(members):
    form = {"type": "set", "items": "int"}
    assert canonical(form, members) == canonical(form, members[::-1]) == canonical(form, set(members))


def test_the_learner_sees_how_the_answer_was_read():
    assert understood({"type": "int", "unit": "satoshi"}, "1500") == "1,500 satoshi"
    assert understood({"type": "set"}, [f"{TXID}:1"]) == "1 item: ababab…ababab:1"
    assert understood({"type": "int"}, None) == "no answer on purpose (None)"


JUNK = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text() | st.decimals() | st.datetimes() | st.binary(),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=3), inner, max_size=3),
    max_leaves=6,
)
FORMS = [
    {"type": kind, "items": "int", "options": {"A": ""}} for kind in ("int", "time", "choice", "set", "list", "ranked")
]
FORMS += [{"type": "decimal", "places": 2}, {"type": "partition", "items": "text"}, {"type": "artefact"}]
FORMS += [{"type": "mapping", "items": {"key": "txid", "value": "decimal"}}, {"type": "id", "kind": "outpoint"}]


@given(st.sampled_from(FORMS), JUNK)
def test_whatever_is_typed_becomes_json_or_a_sentence(form, junk):
    try:
        json.dumps(canonical(form, junk), allow_nan=False)
    except AnswerError as refused:
        assert str(refused).rstrip()[-1] in ".?"


ACCOUNT, ACCOUNT_TXID = "0x" + "ab" * 20, "0x" + "cd" * 32


@pytest.mark.parametrize("written", [ACCOUNT, ACCOUNT.upper().replace("0X", "0x"), f"syn:{ACCOUNT}", f" {ACCOUNT} "])
def test_an_address_of_the_account_chain_is_read_in_every_way_it_is_written(written):
    assert canonical({"type": "id", "kind": "account"}, written) == ACCOUNT


@pytest.mark.parametrize(
    ("kind", "written", "sentence"),
    [
        ("account", "0xabab…abab", "shortened name"),
        ("account", ACCOUNT_TXID, "66 characters arrived"),
        ("account_txid", ACCOUNT, "42 characters arrived"),
        ("account_txid", "cd" * 32, "64 characters arrived"),
    ],
)
def test_what_is_no_name_of_the_account_chain_gets_a_sentence(kind, written, sentence):
    with pytest.raises(AnswerError, match=sentence):
        canonical({"type": "id", "kind": kind}, written)


def test_txids_of_the_account_chain_make_a_set():
    form = {"type": "set", "items": "account_txid"}
    assert canonical(form, {ACCOUNT_TXID, ACCOUNT_TXID.upper().replace("0X", "0x")}) == [ACCOUNT_TXID]


def test_a_column_with_its_index_is_a_mapping():
    form = {"type": "mapping", "items": {"key": "text", "value": "int"}}
    assert canonical(form, pd.Series([5, -3], index=["NP-1", "NP-2"])) == {"NP-1": "5", "NP-2": "-3"}


def test_odd_names_and_endless_digits_are_shown_all_the_same():
    form = {"type": "mapping", "items": {"key": "text", "value": "int"}}
    assert understood(form, {"²": "1", "9" * 5000: "2"}) == "2 entries: ² → 1, 999999…999999 → 2"
    assert understood({"type": "artefact"}, "[" * 100_000) == "a document of 1 lines"


def test_a_document_is_said_in_a_few_words():
    form = {"type": "artefact"}
    assert understood(form, json.dumps({"to": "X", "payments": [1, 2]})) == "a document with to, payments (2)"
    assert understood(form, "title: a\ntags: []") == "a document of 2 lines"


def test_a_name_that_was_shortened_for_the_eye_is_no_text_answer():
    with pytest.raises(AnswerError, match="shortened name"):
        canonical({"type": "list", "items": "text"}, ["3a5c20…b84fea", "unspent"])
