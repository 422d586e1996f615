"""Change rules: each by a case of its own, all against a slow version, combined, and with the right to abstain."""

import numpy as np
import pytest
from made_ledgers import made_ledger, owner, random_story, tx

from cointrail.errors import CointrailError
from cointrail.tracing import change_consensus, common_input_ownership, predict_change
from cointrail.tracing.change_rules import (
    PUBLISHED,
    address_reuse,
    by_size,
    client_behaviour,
    fresh_address,
    lock_time,
    optimal_change,
    peel,
    position,
    round_value,
    script_type,
)

# Owner 0 is known and has two coins; owner 5 was paid before; 6 is new
BEFORE = [{"inputs": [], "outputs": [(0, 5_000_000), (0, 3_000_000), (5, 77)]}]


def decide(rule, inputs, outputs, *later, **habits):
    """Which output of one payment the rule names."""
    ledger = made_ledger([*BEFORE, {"inputs": inputs, "outputs": outputs, **habits}, *later])
    vout = predict_change(ledger, rule, txids=[tx(1)])["vout"].iloc[0]
    return None if vout is not vout or str(vout) == "<NA>" else int(vout)


@pytest.mark.parametrize(
    ("rule", "inputs", "outputs", "vout"),
    [
        (address_reuse, [(0, 0)], [(5, 9), (0, 90)], 1),
        (address_reuse, [(0, 0)], [(5, 9), (6, 90)], None),
        (address_reuse, [(0, 0)], [(0, 9), (0, 90)], None),
        (script_type, [(0, 0)], [(6, 9, "pubkeyhash"), (7, 90)], 1),
        (script_type, [(0, 0)], [(6, 9), (7, 90)], None),
        (optimal_change, [(0, 0), (0, 1)], [(6, 6_500_000), (7, 1_400_000)], 1),
        (optimal_change, [(0, 0)], [(6, 4_000_000), (7, 900_000)], None),
        (round_value(6), [(0, 0)], [(6, 4_000_000), (7, 900_001)], 1),
        (round_value(6), [(0, 0)], [(6, 4_000_000), (7, 1_000_000)], None),
        (round_value(3), [(0, 0)], [(6, 4_000_001), (7, 900_000)], 0),
        (fresh_address, [(0, 0)], [(5, 9), (6, 90)], 1),
        (fresh_address, [(0, 0)], [(6, 9), (7, 90)], None),
        (position("last"), [(0, 0)], [(6, 9), (7, 90), (None, 0)], 1),
        (position("first"), [(0, 0)], [(None, 0), (6, 9), (7, 90)], 1),
        (by_size("smallest"), [(0, 0)], [(6, 9), (7, 90)], 0),
        (by_size("largest"), [(0, 0)], [(6, 9), (7, 90)], 1),
        (by_size("largest"), [(0, 0)], [(6, 90), (7, 90)], None),
        (position("last"), [(0, 0)], [(6, 9)], None),
        (position("last"), [(0, 0)], [(6, 9), (None, 0)], None),
    ],
)
def test_each_rule_names_one_output_or_abstains(rule, inputs, outputs, vout):
    assert decide(rule, inputs, outputs) == vout


def test_rules_that_look_at_later_spends():
    pay = [[(0, 0)], [(6, 1_000_000), (7, 3_900_000)]]
    spends = [
        {"inputs": [(1, 0)], "outputs": [(8, 1_000_000)]},
        {"inputs": [(1, 1)], "outputs": [(8, 1), (9, 3_000_000)]},
    ]
    assert decide(peel, *pay) is None
    assert decide(peel, *pay, *spends) == 1
    locked = [spends[0], {**spends[1], "lock_time": 90}]
    assert decide(lock_time, *pay, *locked, lock_time=100) == 1
    assert decide(lock_time, *pay, *locked) == 0
    assert decide(lock_time, *pay, locked[1], lock_time=100) is None
    final = [spends[0], {**spends[1], "sequence": 0xFFFFFFFF}]
    assert decide(client_behaviour, *pay, *final) == 0
    assert decide(client_behaviour, *pay, {**spends[0], "version": 1}, spends[1]) == 1


def test_rules_know_only_what_was_known_at_the_height():
    story = [
        *BEFORE,
        {"inputs": [(0, 0)], "outputs": [(6, 1_000_000), (7, 3_900_000)]},
        {"inputs": [(1, 1)], "outputs": [(8, 1), (9, 3_000_000)]},
    ]
    assert predict_change(made_ledger(story), peel, height=3)["vout"].tolist()[0] == 1
    assert predict_change(made_ledger(story), peel, height=2)["vout"].isna().all()


def test_rules_combine_and_an_abstention_leaves_it_to_the_other():
    both_fresh = [[(0, 0), (0, 1)], [(6, 6_500_000), (7, 1_400_000)]]
    assert decide(fresh_address, *both_fresh) is None
    assert decide(fresh_address & optimal_change, *both_fresh) == 1
    assert decide(fresh_address | optimal_change, *both_fresh) == 1
    assert decide(optimal_change - fresh_address, *both_fresh) == 1
    disagree = [[(0, 0), (0, 1)], [(5, 1_400_000), (6, 6_500_000)]]
    assert (decide(fresh_address, *disagree), decide(optimal_change, *disagree)) == (1, 0)
    assert decide(fresh_address & optimal_change, *disagree) is None
    assert decide(fresh_address | optimal_change, *disagree) is None
    assert decide(fresh_address - optimal_change, *disagree) == 1
    assert (fresh_address & optimal_change).name == "(fresh_address & optimal_change)"
    assert (peel & address_reuse).uses_later_spends


def slow_marks(ledger, name, t):
    """The rules once more, one transaction at a time."""
    row, ins, outs = (
        ledger.transactions.iloc[t],
        *(side(ledger.transactions["hash"][t]) for side in (ledger.inputs_of, ledger.outputs_of)),
    )
    spendable = [n for n, kind in enumerate(outs["type"]) if kind != "nulldata"]
    if row["is_coinbase"] or len(spendable) < 2:
        return set()
    address = [a[0] if a else None for a in outs["addresses"]]
    earlier = ledger.outputs.iloc[: outs.index[0]]["addresses"]
    known = {a[0] for a in earlier if a}
    marked = {
        "address_reuse": {n for n in spendable if [address[n]] in ins["addresses"].tolist()},
        "optimal_change": {n for n in spendable if len(ins) > 1 and outs["value"].iloc[n] < ins["value"].min()},
        "fresh_address": {n for n in spendable if address[n] not in known and address.index(address[n]) == n},
        "round_value(2)": {n for n in spendable if outs["value"].iloc[n] % 100},
        "by_size(largest)": {n for n in spendable if outs["value"].iloc[n] == outs["value"].iloc[spendable].max()},
        "position(last)": {spendable[-1]},
    }[name]
    return marked if len(marked) < len(spendable) else set()


@pytest.mark.parametrize(
    "rule", [address_reuse, optimal_change, fresh_address, round_value(2), by_size("largest"), position()]
)
def test_the_rules_equal_a_slow_version(rule):
    for seed in range(4):
        ledger = made_ledger(random_story(seed, transactions=60, largest=5000))
        table = predict_change(ledger, rule, txids=ledger.transactions["hash"])
        for t, vout in enumerate(table["vout"].tolist()):
            marked = slow_marks(ledger, rule.name, t)
            assert (marked if len(marked) == 1 else set()) == (set() if str(vout) == "<NA>" else {vout})


def test_the_consensus_shows_who_is_for_and_against_and_how_sure_it_is():
    story = [*BEFORE, {"inputs": [(0, 0), (0, 1)], "outputs": [(5, 6_000_000), (6, 1_400_001)]}]
    row = change_consensus(
        made_ledger(story), [fresh_address, optimal_change, round_value(6), by_size("largest")]
    ).iloc[0]
    assert (row["vout"], row["address"]) == (1, owner(6))
    assert row["for_it"] == "fresh_address, optimal_change, round_value(6)"
    assert row["against_it"] == "by_size(largest)"
    assert row["confidence"] == pytest.approx(4 / 6)


def test_the_consensus_abstains_on_ties_and_with_too_few_signs():
    story = [*BEFORE, {"inputs": [(0, 0), (0, 1)], "outputs": [(5, 6_000_000), (6, 1_400_001)]}]
    tie = change_consensus(made_ledger(story), [fresh_address, by_size("largest")]).iloc[0]
    few = change_consensus(made_ledger(story), [fresh_address], signs=2).iloc[0]
    for row in (tie, few):
        assert str(row["vout"]) == "<NA>"
        assert row["address"] is None
        assert np.isnan(row["confidence"])
        assert row["for_it"] == ""


def test_change_can_join_clusters():
    story = [*BEFORE, {"inputs": [(0, 0)], "outputs": [(5, 9), (6, 90)]}]
    ledger = made_ledger(story)
    clusters = common_input_ownership(ledger, change=predict_change(ledger, fresh_address))
    assert clusters["cluster"].tolist() == [0, 1, 0]


def test_a_ledger_without_payments_gives_empty_answers():
    """No rule fails where there is nothing to decide."""
    empty = made_ledger(BEFORE)
    assert change_consensus(empty).empty
    assert all(predict_change(empty, rule).empty for rule in PUBLISHED)


@pytest.mark.parametrize(
    ("ask", "says"),
    [
        (lambda ledger: predict_change(ledger, "fresh"), "is no change rule"),
        (lambda ledger: predict_change(ledger, peel, txids=["ab" * 32]), "There is no transaction"),
        (lambda ledger: predict_change(ledger, peel, height=50), "cannot say anything about height 50"),
        (lambda ledger: change_consensus(ledger, []), "at least one"),
        (lambda ledger: position("middle"), "write 'first' or 'last'"),
        (lambda ledger: by_size("medium"), "write 'smallest' or 'largest'"),
        (lambda ledger: peel & 3, "combines with another rule"),
    ],
)
def test_bad_input_is_said_in_a_sentence(ask, says):
    with pytest.raises(CointrailError, match=says):
        ask(made_ledger(BEFORE))
