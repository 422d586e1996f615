"""Whatever a record says in place of an answer: no crash, no point that was not earned, a page that can be written."""

import json
import sys
from decimal import Decimal, InvalidOperation

import hand_ins
import nbformat
import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from cointrail.evidence.case_bundle import CONTEXT
from cointrail.exercises.answer_types import canonical
from cointrail.grading.answers import records_of
from cointrail.grading.outputs import clean_outputs
from cointrail.grading.questions import Question, load_day
from cointrail.grading.score_answers import judge_record, write_result

TXIDS = sorted(letter * 64 for letter in "abcdef")
POINTS = 4


def asked(type, answer, mistakes=(), **details):
    question = Question(id="9.9a", notebook="n", title="t", type=type, points=POINTS, objective="o", **details)
    told = [{"code": "M08", "message": "A fee.", "answer": one, "accuses": True} for one in mistakes]
    return question, {"form": question.form(), "answer": answer, "mistakes": told}


def quiz(answer):
    question, key = asked("choice", answer, options={"A": "", "B": ""})
    return Question(**{**vars(question), "points": 0}), key


KINDS = {
    "int": asked("int", "5", ["6"]),
    "decimal": asked("decimal", "12.50", ["12.49"], places=2),
    "txid": asked("id", TXIDS[0], [TXIDS[1]], kind="txid"),
    "text": asked("id", "NORTHPIER", kind="text"),
    "cannot be told": asked("id", None, ["NORTHPIER"], kind="text"),
    "time": asked("time", "2026-03-01T14:05:00Z"),
    "choice": asked("choice", "A", ["B"], options={"A": "", "B": ""}),
    "set": asked("set", TXIDS[:4], [TXIDS[3:]], items="txid", weight=2),
    "mapping": asked("mapping", {"a": "1", "b": "2"}, [{"a": "2"}], items={"key": "text", "value": "int"}),
    "any of": asked("mapping", {"a": ["1", "2"], "b": "3"}, items={"key": "text", "value": "int"}),
    "list": asked("list", TXIDS[:3], [TXIDS[2::-1]], items="txid"),
    "path": asked("list", TXIDS[:3], items="txid", path=True),
    "ranked": asked("ranked", TXIDS[:1], items="txid"),
    "partition": asked("partition", [["a", "b"], ["c"]], [[["a"], ["b", "c"]]], items="text", weight=2),
    "function": asked("function", ["1", None], [["2", "2"]], signature="f(x)", returns="int"),
    "tolerance": asked("tolerance", "10.5", ["1.05"], tolerance="0.1"),
    "artefact": asked("artefact", ['"a"', '"b"'], schema={"type": "object"}, facts=lambda found: found["tags"]),
    "written": asked("written", None),
    "quiz": quiz("A"),
}


def points_for(kind, value):
    """What a record with this value is given, once the whole way through: cleaned, read, judged, written."""
    question, key = KINDS[kind]
    record = {"v": 1, "id": question.id, "world": hand_ins.WORLD, "docket": "A", "type": question.type, "value": value}
    shown = {"output_type": "display_data", "data": {"application/vnd.cointrail.answer+json": record}, "metadata": {}}
    cell = nbformat.v4.new_code_cell("check()", outputs=clean_outputs([shown]), id="c")
    records = records_of(cell, question.id)
    if not records:
        return None
    read, result = judge_record(records[-1], question, key, hand_ins.WORLD, "A")
    write_result(cell, question, read, result, records[-1])
    nbformat.v4.writes(nbformat.v4.new_notebook(cells=[cell])).encode()
    points = float(cell.outputs[0].data["text/plain"])
    assert 0 <= points <= question.points
    return points


def most_share(kind, value):
    """How much a value can have earned, by a count that knows nothing of the scorer."""
    truth = KINDS[kind][1]["answer"]
    if kind == "tolerance":
        return float(_is_near(value, truth))
    if kind == "artefact":
        return float(isinstance(value, str))
    if kind == "partition":
        return float(_is_groups(value) and any(len(set(group) & set(true)) > 1 for group in value for true in truth))
    if kind in ("mapping", "any of"):
        pairs = value.items() if isinstance(value, dict) else ()
        return sum(said in truth[name] for name, said in pairs if name in truth and isinstance(said, str)) / len(truth)
    if not isinstance(truth, list):
        return float(value == truth)
    if not isinstance(value, list) or not (kind == "function" or _distinct(value)):
        return 0
    if kind == "set":
        return len(set(value) & set(truth)) / len(truth)
    if kind == "ranked":
        return float(truth[0] in value)
    return sum(one == other for one, other in zip(value, truth, strict=False)) / len(truth)


def _is_near(value, truth):
    try:
        return isinstance(value, str) and abs(Decimal(value) - Decimal(truth)) <= Decimal("0.1")
    except (InvalidOperation, ArithmeticError):
        return False


def _is_groups(value):
    lists = isinstance(value, list) and all(isinstance(group, list) for group in value)
    return lists and _distinct([item for group in value for item in group])


def _distinct(items):
    return all(isinstance(item, str) for item in items) and len(set(items)) == len(items)


def near_misses(kind):
    """The right answer, and others that look like it: other signs, spaces, kinds of value, one member twice."""
    right = KINDS[kind][1]["answer"]
    if isinstance(right, dict):
        right = {name: said[0] for name, said in right.items()}
        return [right, {**right, "a ": "1"}, {**right, "а": "1"}, {"a": ["1"]}, {"a": {"1": "1"}}, {"²": "1", **right}]
    if isinstance(right, list) and isinstance(right[0], list):
        return [right, [*right, ["a"]], [["a", "a"]], [["a", "b", "c", "d"]], [], [[]], [right], ["ab"]]
    if isinstance(right, list):
        return [right, right * 2, [*right, right[0].upper()], [*right, 5], [*right, [right[0]]], right[::-1], [None]]
    if right is None:
        return ["None", "null", "...", 0, False, []]
    return [right, f" {right}", f"{right}\n", f"{right}\0", f"{right}\u200b", right.lower(), [right], {right: right}]


NUMBERS = ["5", "５", "٥", "5.0", "05", "+5", "-0", "5e0", "NaN", "sNaN", "Infinity", "1e999999999", "1e-999999999"]
WORDS = ["12.5", "12.500", "10.4", "1_0.5", "АBC", "\ud800", "\u202e5", "a", "...", "?", "", *TXIDS]
PAPERS = [
    "{tags: [a, a, b]}",
    "tags: [a",
    "tags: 5",
    "&a [*a]",
    "!!python/name:os.system",
    "tags: [0x" + "f" * 5000 + "]",
]
TEXTS = st.sampled_from([*NUMBERS, *WORDS, *PAPERS, "{tags: [{}, .nan, 2001-01-01]}"])
VALUES = st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=5) | TEXTS
JUNK = st.recursive(VALUES, lambda more: st.lists(more, max_size=4) | st.dictionaries(TEXTS, more, max_size=3))


@pytest.mark.parametrize("kind", KINDS)
def test_no_value_stops_the_scorer_or_earns_what_it_does_not_hold(kind):
    question, _ = KINDS[kind]
    every = JUNK | st.sampled_from(near_misses(kind)) | st.lists(TEXTS, max_size=5)

    @settings(max_examples=60, deadline=None)
    @given(every)
    def scored(value):
        points = points_for(kind, value)
        if points and value is not None:
            assert points <= question.points * most_share(kind, value) + 1e-4

    scored()


LARGE = {
    "a number": "9" * 250_000,
    "a fraction": "1." + "1" * 250_000,
    "an outpoint": "a:" + "b" * 250_000,
    "a list": [str(number) for number in range(20_000)],
    "groups": [[str(number)] for number in range(15_000)],
    "a mapping": {str(number): "1" for number in range(15_000)},
    "a mapping of numbers": {"9" * 5000: "9" * 5000, "²": "1"},
    "brackets": "[" * 64_000,
    "too many brackets": "[" * 250_000,
}


@pytest.mark.parametrize("kind", KINDS)
def test_large_values_are_read_to_their_end_however_deep_python_may_go(kind):
    """Libraries for account chains raise Python's recursion limit; its JSON reader would then end the process."""
    kept = sys.getrecursionlimit()
    sys.setrecursionlimit(100_000)
    try:
        for name, value in LARGE.items():
            assert points_for(kind, value) == 0, name
    finally:
        sys.setrecursionlimit(kept)


def test_the_same_member_in_two_spellings_brings_no_more_than_one_and_the_other_is_wrong():
    once = TXIDS[:2]
    assert points_for("set", once) == 2
    assert points_for("set", [*once, TXIDS[0].upper()]) == 0  # one wrong one costs two right ones here
    assert points_for("set", [*once, *once]) == 0
    assert points_for("any of", {"a": "1"}) == points_for("any of", {"a": "2"}) == 2
    assert points_for("partition", [["a", "b"], ["c"], ["A"]]) == POINTS
    assert points_for("partition", [["a", "b"], ["c"], ["a"]]) == 0


def test_an_answer_in_any_script_may_be_as_large_as_check_lets_it_be():
    text = json.dumps({"tags": ["a", "b"], "said": "ж" * 60_000}, ensure_ascii=False)
    assert points_for("artefact", text) == POINTS
    assert points_for("text", "ж" * 140_000) is None  # over 256 KB: no record


ROOT = hand_ins.ROOT
DOCUMENTS = {
    question.id: question
    for day in (1, 3, 5, 6)
    for question in load_day(ROOT, day)[1].values()
    if question.type == "artefact"
}
NODE = {
    "case-investigation:exhibitNumber": JUNK,
    "uco-action:startTime": JUNK,
    "uco-core:hasFacet": JUNK | st.fixed_dictionaries({"uco-observable:hash": JUNK}),
    "uco-observable:hash": JUNK,
    "uco-core:name": JUNK,
}
ODD_NODES = st.fixed_dictionaries(
    {"@id": st.just("kb:1"), "@type": st.sampled_from(["uco-identity:Person", "x"])}, optional=NODE
)


@settings(max_examples=30, deadline=None)
@given(st.lists(ODD_NODES, min_size=1, max_size=3))
@example([{"@id": "kb:1", "@type": "x", "uco-core:hasFacet": "a text", "uco-action:startTime": {}}])
def test_a_record_of_an_acquisition_that_is_valid_and_odd_is_scored_all_the_same(nodes):
    text = json.dumps({"@context": CONTEXT, "@graph": nodes})
    for question in DOCUMENTS.values():
        if "@graph" in question.schema["properties"]:
            key = {"form": question.form(), "answer": ['["sha256", "x"]'], "mistakes": []}
            record = {"world": hand_ins.WORLD, "docket": "A", "value": text}
            assert judge_record(record, question, key, hand_ins.WORLD, "A")[1].share == 0


@pytest.mark.parametrize("kind", [kind for kind in KINDS if kind not in ("function", "written", "artefact")])
def test_what_a_learner_can_type_is_canonical_after_one_reading(kind):
    question, key = KINDS[kind]
    one_of = {name: said[0] for name, said in key["answer"].items()} if kind == "any of" else key["answer"]
    assert canonical(question.form(), one_of) == one_of
