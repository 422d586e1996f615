"""Swaps and bridges: measured on every crossing of glass_harbour, and silent where two ends fit."""

from datetime import timedelta
from decimal import Decimal
from pathlib import Path

import pandas as pd
import pytest

from cointrail.errors import CointrailError
from cointrail.ledger import load_ledger, load_token_ledger
from cointrail.tracing import (
    CrossingRule,
    bridge_records,
    coin_ends,
    crossing_candidates,
    deposit_addresses,
    load_hourly_prices,
    match_bridge,
    match_crossings,
    token_ends,
)
from cointrail.tracing.crossing_ends import _ARRIVED, _DEPARTED

TRUTH = Path(__file__).parents[1] / "grading" / "truth" / "glass_harbour"
RATES = {"ARVD": Decimal(1), "HBC": Decimal(100) / 3}
NOON = pd.Timestamp("2026-03-01T12:00Z")
PRICES = pd.DataFrame({"hour": [NOON - timedelta(hours=n) for n in (2, 1, 0)], "price": [Decimal(20_000)] * 3})


@pytest.fixture(scope="module")
def world():
    return load_ledger("glass_harbour"), load_token_ledger("glass_harbour")


@pytest.fixture(scope="module")
def truth():
    """The coin's outpoint and the transaction on the account chain of each crossing."""
    ends = pd.read_parquet(TRUTH / "crossing_legs.parquet")
    table = pd.read_parquet(TRUTH / "crossings.parquet").merge(ends, on="reference", suffixes=("", "_token"))
    return table.assign(coin=table["transaction_hash"] + ":" + table["index"].astype(str))


def coin_addresses(ledger, entity):
    table = pd.read_parquet(TRUTH / "addresses.parquet")
    own = table.loc[table["entity"] == entity, "address"]
    return own[own.isin(set(ledger.outputs["addresses"].explode()))]


def swap_ends(world, way):
    coins, tokens = world
    accounts = pd.read_parquet(TRUTH / "accounts.parquet").query("entity == 'swaplark' and role == 'hot'")["address"]
    accounts = [*accounts, *deposit_addresses(tokens, accounts)["address"]]
    other = "in" if way == "out" else "out"
    ends = token_ends(tokens, accounts, way=way)
    genuine = tokens.tokens.sort_values("block_number").drop_duplicates("symbol")["address"]
    return coin_ends(coins, coin_addresses(coins, "swaplark"), way=other), ends[ends["token"].isin(genuine)]


@pytest.mark.parametrize("way", ["out", "in"])
def test_swaps_are_matched_with_no_false_link(world, truth, way):
    answers = match_crossings(*swap_ends(world, way), way=way, prices=load_hourly_prices("glass_harbour"), rates=RATES)
    true = truth[(truth["service"] == "swaplark") & (truth["direction"] == way)]
    pairs = set(zip(true["coin"], true["transaction_hash_token"], strict=True))
    named = answers.dropna(subset=["destination"])
    columns = ["source", "destination"] if way == "out" else ["destination", "source"]
    found = {(coin, token.split(":")[0]) for coin, token in named[columns].itertuples(index=False)}
    assert len(found & pairs) >= 0.97 * len(pairs) and found <= pairs
    assert (answers["destination"].isna() == ~answers["source"].isin(named["source"])).all()


@pytest.mark.parametrize("way", ["out", "in"])
def test_a_bridge_says_what_belongs_together(world, truth, way):
    coins, tokens = world
    ends = coin_ends(coins, coin_addresses(coins, "spangate"), way="in" if way == "out" else "out")
    answers = match_bridge(ends, bridge_records(tokens), way=way).dropna(subset=["destination"])
    true = truth[(truth["service"] == "spangate") & (truth["direction"] == way)]
    columns = ["coin", "transaction_hash_token"] if way == "out" else ["transaction_hash_token", "coin"]
    pairs = set(true[columns].itertuples(index=False, name=None))
    assert set(answers[["source", "destination"]].itertuples(index=False, name=None)) == pairs and pairs


def test_what_a_bridge_writes_down_can_be_read(world, truth):
    records = bridge_records(world[1])
    inward = truth[(truth["service"] == "spangate") & (truth["direction"] == "in")]
    amounts = dict(zip(inward["transaction_hash_token"], inward["amount"].map(int), strict=True))
    rows = records[records["way"] == "in"]
    assert dict(zip(rows["txid"], rows["amount"], strict=True)) == amounts
    assert rows["names"].str.startswith(("bcrt1", "m", "n", "2")).all()


def ends(rows):
    return pd.DataFrame([(name, NOON + timedelta(hours=h), amount) for name, h, amount in rows], columns=list("eta"))


def sides(coins, tokens):
    names = {"e": "end", "t": "timestamp", "a": "amount"}
    return ends(coins).rename(columns=names), ends(tokens).rename(columns=names).assign(symbol="ARVD", decimals=6)


def match(coins, tokens, **rule):
    return match_crossings(*sides(coins, tokens), way="out", prices=PRICES, rates=RATES, rule=CrossingRule(**rule))


def test_fee_and_decimals_decide_and_not_the_equal_amount():
    """1,000,000 satoshi at 20,000 are 200.00; 199.40 come out, and 200.00 are somebody else's."""
    answer = match([("c", 0, 1_000_000)], [("equal", 1, 200_000_000), ("less fee", 1, 199_400_000)])
    assert (answer["destination"].tolist(), answer["score"].tolist()) == (["less fee"], [100])


def test_two_that_fit_are_not_told_apart():
    answer = match([("c", 0, 1_000_000)], [("one", 1, 199_400_000), ("other", 3, 199_380_000)])
    assert answer["destination"].tolist() == [None] and "cannot be told" in answer["reason"][0]


def test_one_end_is_not_given_to_two_payments():
    answer = match([("c", 0, 1_000_000), ("d", 1, 1_000_000)], [("one", 2, 199_400_000)])
    assert answer["destination"].tolist() == [None, None] and answer["score"].tolist() == [100, 100]


def test_outside_the_window_nothing_is_named():
    for hours in (-12, 30):
        answer = match([("c", 0, 1_000_000)], [("t", hours, 199_400_000)])
        assert answer["destination"].tolist() == [None] and "Nothing fits" in answer["reason"][0]
    late = match([("c", 0, 1_000_000)], [("t", 30, 199_400_000)], latest=timedelta(hours=40))
    assert late["destination"].tolist() == ["t"]


def test_candidates_are_ranked_by_their_score():
    table = crossing_candidates(
        *sides([("c", 0, 1_000_000)], [("far", 1, 200_000_000), ("near", 1, 199_401_000)]),
        way="out",
        prices=PRICES,
        rates=RATES,
    )
    assert table[["rank", "destination"]].values.tolist() == [[1, "near"], [2, "far"]]
    assert table["score"].between(0, 100).all() and table["score"].is_monotonic_decreasing


def test_the_same_backwards():
    """Tokens in, bitcoin out: the payer brings the fee on top."""
    coins, tokens = sides([("c", 2, 1_000_000)], [("t", 0, 200_601_805)])
    answer = match_crossings(coins, tokens, way="in", prices=PRICES, rates=RATES)
    assert answer[["source", "destination"]].values.tolist() == [["t", "c"]]


def test_bad_input_gets_a_sentence(world):
    coins, tokens = sides([("c", 0, 1_000_000)], [("t", 1, 199_400_000)])
    tries = [
        (lambda: match_crossings(coins, tokens, way="up", prices=PRICES, rates=RATES), "neither 'out'"),
        (lambda: match_crossings(coins, tokens, way="out", prices=PRICES, rates={"XYZ": 1}), "has a rate"),
        (lambda: match_crossings(coins[["end"]], tokens, way="out", prices=PRICES, rates=RATES), "no column"),
        (lambda: match_crossings(pd.concat([coins] * 2), tokens, way="out", prices=PRICES, rates=RATES), "twice"),
        (lambda: match_crossings(coins, tokens, way="out", prices=PRICES[:0], rates=RATES), "no price"),
        (lambda: coin_ends(world[0], ["bcrt1q"], way="in"), "bcrt1q"),
        (lambda: token_ends(world[1], ["0x" + "1" * 40], way="through"), "neither"),
    ]
    for ask, sentence in tries:
        with pytest.raises(CointrailError, match=sentence):
            ask()


def test_event_topics_are_the_hashes_of_their_names():
    hashing = pytest.importorskip("cointrail.world.evm.hashing")
    names = ("Arrived(bytes32,address,address,uint256)", "Departed(uint256,address,address,uint256,string)")
    assert ["0x" + hashing.keccak(name.encode()).hex() for name in names] == [_ARRIVED, _DEPARTED]
