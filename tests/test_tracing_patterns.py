"""Peel chains with their stop reasons; consolidations, sweeps, fan-in, fan-out and structuring."""

import pytest
from made_ledgers import made_ledger, owner, tx

from cointrail.errors import CointrailError
from cointrail.tracing import (
    consolidations,
    fan_in,
    fan_out,
    follow_peel_chain,
    outpoint,
    peel_chains,
    structuring,
    sweeps,
)


def chain(*last, hops=3):
    """A coin of 10,000,000 pays 500,000 three times (twice as second output), then whatever `last` says."""
    story, kept = [{"inputs": [], "outputs": [(0, 10_000_000)]}], 10_000_000
    coin = (0, 0)
    for hop in range(hops):
        kept -= 500_100
        pay, keep = (100 + hop, 500_000), (200 + hop, kept)
        story.append({"inputs": [coin], "outputs": [keep, pay] if hop else [pay, keep]})
        coin = (len(story) - 1, 0 if hop else 1)
    return story + [
        {"inputs": [coin if one == "chain" else one for one in t["inputs"]], "outputs": t["outputs"]} for t in last
    ]


START = outpoint(tx(0), 0)


def test_the_steps_say_what_was_peeled_and_what_was_kept():
    found = follow_peel_chain(made_ledger(chain()), START)
    assert found.steps["txid"].tolist() == [tx(1), tx(2), tx(3)]
    assert found.steps["peeled_to"].tolist() == [outpoint(tx(1), 0), outpoint(tx(2), 1), outpoint(tx(3), 1)]
    assert found.steps["peeled"].tolist() == [500_000] * 3
    assert found.steps["kept"].tolist() == [9_499_900, 8_999_800, 8_499_700]
    assert found.steps["fee"].tolist() == [100] * 3
    assert (found.total_peeled, found.stop, found.end) == (1_500_000, "unspent", outpoint(tx(3), 0))


@pytest.mark.parametrize(
    ("last", "reason"),
    [
        ([(50, 8_000_000)], "no second output"),
        ([(50, 8_000_000), (51, 400_000), (52, 1_000)], "more than two outputs"),
        ([(50, 8_000_000), (51, 546)], "dust"),
        ([(50, 4_500_000), (51, 3_900_000)], "no small side"),
        ([(50, 8_000_000), (51, 1_000)], "unspent"),
    ],
)
def test_why_a_chain_ends(last, reason):
    found = follow_peel_chain(made_ledger(chain({"inputs": ["chain"], "outputs": last})), START)
    assert found.stop == reason
    assert len(found.steps) == (4 if reason == "unspent" else 3)


def test_a_note_beside_the_payment_is_no_output():
    story = chain({"inputs": ["chain"], "outputs": [(None, 0), (50, 8_000_000), (51, 2_000)]})
    assert len(follow_peel_chain(made_ledger(story), START).steps) == 4


def test_a_chain_ends_at_other_coins_at_a_service_and_at_the_height():
    joined = chain({"inputs": ["chain", (1, 0)], "outputs": [(50, 8_900_000), (51, 2_000)]})
    assert follow_peel_chain(made_ledger(joined), START).stop == "several inputs"
    service = follow_peel_chain(made_ledger(chain()), START, stop=[owner(201)])
    assert (service.stop, len(service.steps)) == ("service", 2)
    early = follow_peel_chain(made_ledger(chain()), START, height=2)
    assert (early.stop, len(early.steps)) == ("unspent", 1)
    with pytest.raises(CointrailError, match="only after the height"):
        follow_peel_chain(made_ledger(chain()), outpoint(tx(3), 0), height=2)
    with pytest.raises(CointrailError, match="is no outpoint"):
        follow_peel_chain(made_ledger(chain()), "here")


def test_all_chains_are_found_once_from_their_first_coin():
    table = peel_chains(made_ledger(chain()))
    assert table.iloc[0].to_dict() == {
        "start": START, "end": outpoint(tx(3), 0), "steps": 3, "total_peeled": 1_500_000, "kept": 8_499_700,
        "first_height": 2, "last_height": 4, "stop": "unspent",
    }  # fmt: skip
    assert len(table) == 1
    assert peel_chains(made_ledger(chain()), steps=4).empty


def paid(*values, owners=None):
    return {"inputs": [], "outputs": [(owners[n] if owners else n, value) for n, value in enumerate(values)]}


def test_consolidations_and_sweeps():
    story = [
        paid(10, 20, 30, 40, 50, 60, owners=[0, 0, 1, 2, 3, 4]),
        {"inputs": [(0, n) for n in range(5)], "outputs": [(9, 140)]},
    ]
    ledger = made_ledger(story)
    assert consolidations(ledger).to_numpy().tolist() == [[tx(1), 2, 5, 4, 140, owner(9)]]
    assert consolidations(ledger, inputs=6).empty
    assert sweeps(ledger)["txid"].tolist() == [tx(1)]
    left = [story[0], {"inputs": [(0, 0)], "outputs": [(9, 10)]}, {"inputs": [(0, 1)], "outputs": [(9, 20)]}]
    assert sweeps(made_ledger(left))["txid"].tolist() == [tx(2)]


def payments(heights, *, value=100, to=lambda n: 50, payer=lambda n: n):
    """One payment at each height: from payer(n) to to(n)."""
    story = [{"inputs": [], "outputs": [(payer(n), value) for n in range(len(heights))], "height": 1}]
    return story + [
        {"inputs": [(0, n)], "outputs": [(to(n), value)], "height": height} for n, height in enumerate(heights)
    ]


def test_fan_in_counts_payers_within_the_window():
    ledger = made_ledger(payments([2, 3, 4, 5, 9]))
    assert fan_in(ledger, payers=4, blocks=4).to_numpy().tolist() == [[owner(50), 4, 2, 5, 4, 400]]
    assert fan_in(ledger, payers=5, blocks=4).empty
    assert fan_in(ledger, payers=5, blocks=8)["payers"].tolist() == [5]


def test_one_wallet_with_many_addresses_is_one_payer():
    story = payments([2, 3, 4, 5])
    story.append({"inputs": [], "outputs": [(n, 5) for n in range(4)], "height": 6})
    story.append({"inputs": [(5, n) for n in range(4)], "outputs": [(60, 20)], "height": 7})
    assert fan_in(made_ledger(story), payers=2).empty
    assert fan_in(made_ledger(story), payers=4, exclude=[tx(6)])["payers"].tolist() == [4]


def test_fan_out_counts_payees():
    story = payments([2, 3, 4], to=lambda n: 50 + n, payer=lambda n: 7)
    assert fan_out(made_ledger(story), payees=3).to_numpy().tolist() == [[owner(7), 3, 2, 4, 3, 300]]


def test_structuring_stays_below_the_threshold_and_adds_up_above_it():
    ledger = made_ledger(payments([2, 3, 4], value=90, payer=lambda n: 7))
    assert structuring(ledger, threshold=100).to_numpy().tolist() == [[owner(7), owner(50), 3, 2, 4, 270]]
    assert structuring(ledger, threshold=90).empty
    assert structuring(ledger, threshold=200).empty
    assert structuring(ledger, threshold=100, blocks=2).empty
    with pytest.raises(CointrailError, match="positive whole number"):
        structuring(ledger, threshold=0.5)


@pytest.mark.parametrize("ask", [consolidations, sweeps, fan_in, fan_out, peel_chains])
def test_a_height_beyond_the_tip_is_refused(ask):
    with pytest.raises(CointrailError, match="cannot say anything about height 99"):
        ask(made_ledger(chain()), height=99)
