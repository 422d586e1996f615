"""CoinJoins, exchange batches and payrolls: told apart by shape, named by rule, also when denominations drift."""

import random

import pytest
from made_ledgers import made_ledger, tx

from cointrail.errors import CointrailError
from cointrail.tracing import batches, classify_transactions, coinjoins
from cointrail.tracing.coinjoin import WASABI2_VALUES

STRANGERS = 10_000


def funded(values, *, owners=None):
    """A first transaction that pays each value to an owner of its own (or to the owners given)."""
    owners = owners or range(STRANGERS, STRANGERS + len(values))
    return [{"inputs": [], "outputs": [(who, value) for who, value in zip(owners, values, strict=True)]}]


def mix(values, outputs, *, fee=1000):
    """One transaction in which everybody's coin goes in and the given values come out to new addresses."""
    rest = sum(values) - sum(outputs) - fee
    assert rest >= 0
    paid = [(20_000 + n, value) for n, value in enumerate(outputs)]
    return [*funded(values), {"inputs": [(0, n) for n in range(len(values))], "outputs": paid}]


def whirlpool(pool=5_000_000):
    return mix([pool, pool, pool, pool + 9_000, pool + 9_000], [pool] * 5)


def wasabi1(base=10_000_000, people=20, level=False):
    values = [base + 3_000_000 + 1111 * n for n in range(people)]
    outputs = [base] * people + [2_900_000 + 1111 * n for n in range(people)]
    if level:
        values, outputs = [*values, *[5 * base] * 3], [*outputs, *[2 * base] * 3]
    return mix(values, outputs)


def wasabi2():
    rng = random.Random(2)
    outputs = [value for value in (65_536, 100_000, 131_072, 118_098, 200_000, 354_294) for _ in range(8)]
    outputs += [rng.randint(6_000, 60_000) for _ in range(3)]
    total = sum(outputs) + 10_000
    values = [total // 30 + 17 * n for n in range(30)]
    return mix(values, outputs)


def joinmarket(people=6, value=7_654_321):
    values = [value + 100_000 * (n + 1) for n in range(people)]
    return mix(values, [value] * people + [100_000 * (n + 1) - 300 for n in range(people - 1)])


@pytest.mark.parametrize(
    ("story", "kind", "confidence", "participants"),
    [
        (whirlpool(), "whirlpool", 0.6, 5),
        (whirlpool(pool=3_141_592), "whirlpool", 0.4, 5),
        (wasabi1(), "wasabi1", 0.6, 20),
        (wasabi1(base=9_876_543), "wasabi1", 0.6, 20),
        (wasabi1(base=11_500_000, level=True), "wasabi1", 0.6, 20),
        (wasabi1(base=777_777), "wasabi1", 0.45, 20),
        (wasabi2(), "wasabi2", 0.6, 8),
        (joinmarket(), "joinmarket", 0.49, 6),
        (joinmarket(people=4, value=250_000), "joinmarket", 0.49, 4),
    ],
)
def test_each_design_is_named_with_its_rule_and_confidence(story, kind, confidence, participants):
    table = coinjoins(made_ledger(story))
    assert table["txid"].tolist() == [tx(1)]
    row = table.iloc[0]
    assert (row["kind"], row["confidence"], row["participants"]) == (kind, confidence, participants)
    assert str(participants) in row["rule"] or kind == "wasabi2"


def test_lineage_makes_a_whirlpool_surer():
    story = whirlpool()
    story.append({"inputs": [], "outputs": [(900 + n, 5_009_000 if n == 0 else 5_000_000) for n in range(4)]})
    story.append({"inputs": [(1, 0), *((2, n) for n in range(4))], "outputs": [(950 + n, 5_000_000) for n in range(5)]})
    assert coinjoins(made_ledger(story))["confidence"].tolist() == [0.6, 0.9]


def test_the_standard_denominations_are_those_of_wasabi_2():
    assert {65_536, 59_049, 118_098, 10_000_000, 20_000_000, 50_000_000} <= WASABI2_VALUES
    assert not {40_000_000, 12_345, 4_096} & WASABI2_VALUES


def batch(values, payees, *, back_to=None, payers=None):
    """One exchange pays many customers."""
    change = sum(values) - sum(value for _, value in payees) - 500
    outputs = [*payees, (77_000 if back_to is None else back_to, change)]
    return [*funded(values, owners=payers), {"inputs": [(0, n) for n in range(len(values))], "outputs": outputs}]


SPLIT = [(n, 10_000_000 if n < 6 else 100_000 + n) for n in range(11)]


@pytest.mark.parametrize(
    ("story", "rule"),
    [
        (batch([90_000_000], [(n, 10_000_000) for n in range(8)]), "9 outputs from 1 input"),
        (batch([3_000_000] * 30, [(n, 10_000_000) for n in range(8)]), "too few others"),
        (batch([70_000_000, *[2_000] * 9], SPLIT), "cannot be divided"),
        (batch([12_000_000] * 8, [(n, 10_000_000) for n in range(8)], back_to=STRANGERS), "pays back"),
        (batch([60_000_000] * 3, [(n, 10_000_000) for n in range(8)]), "only 3 input addresses"),
    ],
)
def test_an_exchange_batch_with_equal_amounts_is_no_coinjoin(story, rule):
    ledger = made_ledger(story)
    assert coinjoins(ledger).empty
    table = batches(ledger)
    assert table["kind"].tolist() == ["exchange_batch"]
    assert table["rule"].str.contains(rule).all()
    assert table["payees"].tolist() == [len(story[1]["outputs"])]


def test_a_hot_wallet_and_known_customers_are_no_coinjoin():
    story = joinmarket()
    assert len(coinjoins(made_ledger(story))) == 1
    for n in range(4):
        story.append({"inputs": [], "outputs": [(STRANGERS, 5_000)]})
        story.append({"inputs": [(2 + 2 * n, 0)], "outputs": [(88_000 + n, 5_000)]})
    assert coinjoins(made_ledger(story)).empty
    known = [{"inputs": [], "outputs": [(20_000 + n, 1_000) for n in range(11)]}]
    shifted = [{**line, "inputs": [(a + 1, b) for a, b in line["inputs"]]} for line in joinmarket()]
    assert coinjoins(made_ledger(known + shifted)).empty


def payroll(people, *, months=2, raise_by=0):
    story = []
    for month in range(months):
        story.append({"inputs": [], "outputs": [(500, 50_000_000)]})
        wages = [(n, 4_000_000 + 1_000 * n + raise_by * month) for n in people]
        spent = sum(value for _, value in wages) + 700
        story.append({"inputs": [(2 * month, 0)], "outputs": [*wages, (510 + month, 50_000_000 - spent)]})
    return story


def test_a_payroll_pays_the_same_people_again():
    table = batches(made_ledger(payroll(range(4), raise_by=5_000)))
    assert table["kind"].tolist() == ["payroll", "payroll"]
    assert table["rule"].tolist() == ["4 of 5 payees are paid together again"] * 2
    assert batches(made_ledger(payroll(range(6), months=1)))["kind"].tolist() == ["exchange_batch"]


def test_a_payroll_to_fresh_addresses_is_known_by_its_amounts():
    """As in primer, where everybody names a new address each week."""
    story = payroll(range(5))
    fresh = [(300 + n, value) for n, (_, value) in enumerate(story[3]["outputs"])]
    table = batches(made_ledger([*story[:3], {**story[3], "outputs": fresh}]))
    assert table["kind"].tolist() == ["payroll", "payroll"]
    assert table["rule"].tolist() == ["6 of 6 amounts are paid together again"] * 2
    other = [(address, value + 1 + address) for address, value in fresh]
    spoilt = batches(made_ledger([*story[:3], {**story[3], "outputs": [*other[:5], (399, fresh[5][1] - 1_600)]}]))
    assert "payroll" not in set(spoilt["kind"])


def test_every_transaction_gets_one_class():
    ledger = made_ledger(joinmarket())
    assert classify_transactions(ledger)["kind"].tolist() == ["none", "coinjoin"]
    assert classify_transactions(ledger, txids=[tx(1)])["confidence"].tolist() == [0.49]
    wages = made_ledger(payroll(range(4)))
    assert classify_transactions(wages, txids=[tx(3), tx(0)])["kind"].tolist() == ["payroll", "none"]


def test_ordinary_payments_are_not_flagged():
    story = batch([900, 800], [(1, 1_000)])
    assert coinjoins(made_ledger(story)).empty
    assert batches(made_ledger(story)).empty


@pytest.mark.parametrize("ask", [coinjoins, batches, classify_transactions])
def test_a_height_beyond_the_tip_is_refused(ask):
    assert len(ask(made_ledger(joinmarket()), height=1)) in (0, 2)
    with pytest.raises(CointrailError, match="cannot say anything about height 9"):
        ask(made_ledger(joinmarket()), height=9)
