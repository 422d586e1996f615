"""Does each answer type score as the design says, and does abstaining cost nothing where accusing costs?"""

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cointrail.grading.questions import Question
from cointrail.grading.scoring import b_cubed, score


def question(kind, /, **details):
    return Question(id="1.1a", notebook="n", title="t", type=kind, points=4, objective="o", **details)


def share(kind, truth, answer, /, **details):
    return score(question(kind, **details), {"answer": truth, "mistakes": []}, answer).share


@pytest.mark.parametrize(("answer", "wanted"), [("5", 1.0), ("6", 0.0), (None, 0.0)])
def test_single_values_are_all_or_nothing(answer, wanted):
    assert share("int", "5", answer) == wanted


def test_none_is_right_where_it_cannot_be_told_and_wrong_to_accuse():
    assert share("id", None, None, kind="text") == 1.0
    assert share("id", None, "somebody", kind="text") == 0.0


@pytest.mark.parametrize(
    ("weight", "answer", "wanted"),
    [(1, ["a", "b", "x"], 0.25), (1, ["a", "b"], 0.5), (2, ["a", "b", "x"], 0.0), (3, ["a", "b", "c", "x"], 0.0)],
)
def test_a_wrong_member_costs_its_weight(weight, answer, wanted):
    assert share("set", ["a", "b", "c", "d"], answer, weight=weight) == wanted


def test_an_abstained_entry_of_a_mapping_costs_nothing():
    truth = {"a": "1", "b": "2"}
    assert share("mapping", truth, {"a": "1", "b": None}) == 0.5
    assert share("mapping", truth, {"a": "1", "b": "9"}) == 0.0


def test_lists_by_position_and_paths_by_common_prefix():
    assert share("list", ["a", "b", "c", "d"], ["a", "x", "c", "d"]) == 0.75
    assert share("list", ["a", "b", "c", "d"], ["a", "x", "c", "d"], path=True) == 0.25


def test_ranked_lists_by_reciprocal_rank():
    assert share("ranked", ["b"], ["a", "b"]) == 0.5
    assert share("ranked", ["b"], ["a"]) == 0.0


def test_b_cubed_on_a_case_computed_by_hand():
    """Six items in clusters {1,2,3},{4,5},{6}; answered {1,2},{3,4,5},{6}: precision (1+1+1/3+2/3+2/3+1)/6."""
    precision, recall = b_cubed([["1", "2"], ["3", "4", "5"], ["6"]], [["1", "2", "3"], ["4", "5"], ["6"]])
    assert precision == pytest.approx((1 + 1 + 1 / 3 + 2 / 3 + 2 / 3 + 1) / 6)
    assert recall == pytest.approx((2 / 3 + 2 / 3 + 1 / 3 + 1 + 1 + 1) / 6)


@pytest.mark.parametrize(
    "answer", [[], [["1"], ["2"]], [["1"], ["2"], ["3"], ["4"], ["5"]], [["1", "2", "3", "4", "5"]]]
)
def test_nothing_is_given_to_who_joined_nobody_or_everybody(answer):
    """Only two of five belong together: the empty answer has an F1 of 0.89."""
    assert share("partition", [["1", "2"], ["3"], ["4"], ["5"]], answer) == 0.0


def test_where_all_stand_alone_only_saying_so_brings_points():
    truth = [["1"], ["2"]]
    assert share("partition", truth, truth) == 1.0
    assert share("partition", truth, []) == share("partition", truth, [["1", "2"]]) == 0.0


def test_partition_is_linear_up_to_the_pass_mark():
    truth = [["1", "2", "3"], ["4", "5"], ["6"]]
    assert share("partition", truth, truth) == 1.0
    assert 0 < share("partition", truth, [["1", "2"], ["3", "4", "5"], ["6"]]) < 1
    assert share("partition", truth, [["1", "2"], ["3", "4", "5"], ["6"]], pass_mark=0.7) == 1.0


def test_a_function_scores_its_share_of_hidden_cases():
    assert share("function", ["1", "2", "3", "4"], ["1", "2", {"problem": "slow"}, None]) == 0.5
    assert share("function", ["1", "2"], ["1"]) == 0.0


def test_a_tolerance_accepts_what_lies_within():
    assert share("tolerance", "10.5", "10.4", tolerance="0.1") == 1.0
    assert share("tolerance", "10.5", "10.3", tolerance="0.1") == 0.0


def test_an_artefact_must_fit_its_schema_then_its_facts_count():
    details = {
        "schema": {"type": "object", "required": ["tags"]},
        "facts": lambda document: document["tags"],
    }
    truth = sorted(map(json.dumps, ["a", "b"]))
    assert share("artefact", truth, '{"tags": ["a", "b"]}', **details) == 1.0
    assert share("artefact", truth, "tags: [a]", **details) == 0.5
    assert share("artefact", truth, "{}", **details) == 0.0
    assert share("artefact", truth, "a: [", **details) == 0.0


@given(st.sets(st.text(max_size=3)), st.sets(st.text(max_size=3), min_size=1), st.integers(1, 3))
def test_no_set_scores_outside_zero_and_one(answer, truth, weight):
    assert 0.0 <= share("set", sorted(truth), sorted(answer), weight=weight) <= 1.0


def test_a_predicted_mistake_is_named():
    key = {"answer": "5", "mistakes": [{"code": "M08", "message": "The fee was left out.", "answer": "6"}]}
    result = score(question("int"), key, "6")
    assert [m.code for m in result.mistakes] == ["M08"]
    assert result.share == 0


@pytest.mark.parametrize(
    ("right", "wrong", "wanted"),
    [(29, 1, 1.0), (30, 0, 1.0), (60, 0, 1.0), (28, 2, 0.8), (20, 0, 20 / 30), (0, 9, 0.0)],
)
def test_a_goal_of_precision_and_coverage_brings_all_points_and_less_is_scored_towards_it(right, wrong, wanted):
    truth = {f"{n:02d}": "1" for n in range(60)}
    answer = {f"{n:02d}": "1" if n < right else "0" for n in range(right + wrong)}
    goal = {"precision": 0.95, "coverage": 0.5}
    assert share("mapping", truth, answer, weight=2, goal=goal) == pytest.approx(wanted)


def test_any_of_several_right_values_counts_once():
    truth = {"a": ["1", "2"], "b": "3"}
    assert share("mapping", truth, {"a": "2", "b": "3"}) == 1.0
    assert share("mapping", truth, {"a": "1"}) == 0.5
    assert share("mapping", truth, {"a": "9", "b": "3"}) == 0.0


def test_a_guess_where_nothing_can_be_told_is_named_and_an_accusation_noted():
    asked = Question(id="x", notebook="x", title="", type="int", points=2, objective="")
    told = {"code": "M35", "message": "An unknown wallet.", "answer": "0"}
    found = score(asked, {"answer": None, "mistakes": [told, {**told, "answer": "7", "accuses": True}]}, "0")
    assert (found.share, found.accuses, [mistake.code for mistake in found.mistakes]) == (0.0, False, ["M35"])
    assert score(asked, {"answer": None, "mistakes": [{**told, "answer": "7", "accuses": True}]}, "7").accuses
    assert score(asked, {"answer": None, "mistakes": [told]}, None).share == 1.0
    assert score(asked, {"answer": None, "mistakes": [told]}, "9").mistakes == ()
