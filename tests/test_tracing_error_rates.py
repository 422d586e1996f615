"""Error rates: by hand, against a slow count, and never without the words that forbid to quote them."""

import random
from itertools import combinations

import pandas as pd
import pytest
from made_ledgers import made_ledger, random_story
from scipy.stats import binomtest

from cointrail.errors import CointrailError
from cointrail.tracing import (
    bcubed,
    bootstrap_by_entity,
    calibration,
    change_consensus,
    change_error,
    found_share,
    fresh_address,
    measure,
    pairwise,
    position,
    predict_change,
    wilson_interval,
)
from cointrail.tracing.error_rates import NOTE


def tables(seed, n=40):
    rng = random.Random(seed)
    rows = [(f"a{i}", rng.randrange(8), f"e{rng.randrange(6)}") for i in range(n)]
    table = pd.DataFrame(rows, columns=["address", "cluster", "entity"])
    return table[["address", "cluster"]], table[["address", "entity"]].sample(frac=1, random_state=seed)


@pytest.mark.parametrize("seed", range(5))
def test_pairs_and_b_cubed_equal_a_slow_count(seed):
    clusters, truth = tables(seed)
    c, e = dict(clusters.to_numpy().tolist()), dict(truth.to_numpy().tolist())
    pairs = list(combinations(c, 2))
    both = sum(c[a] == c[b] and e[a] == e[b] for a, b in pairs)
    precision, recall = pairwise(clusters, truth)
    assert precision.value == pytest.approx(both / sum(c[a] == c[b] for a, b in pairs))
    assert recall.value == pytest.approx(both / sum(e[a] == e[b] for a, b in pairs))
    shares = [[sum(c[a] == c[b] and e[a] == e[b] for b in c) / sum(k[a] == k[b] for b in c) for a in c] for k in (c, e)]
    assert [rate.value for rate in bcubed(clusters, truth)] == pytest.approx([sum(one) / len(c) for one in shares])


def test_a_perfect_clustering_has_no_error():
    clusters, _ = tables(1)
    truth = clusters.rename(columns={"cluster": "entity"})
    assert [rate.value for rate in (*pairwise(clusters, truth), *bcubed(clusters, truth))] == [1, 1, 1, 1]


@pytest.mark.parametrize(("right", "n"), [(0, 10), (3, 10), (10, 10), (123, 1000)])
def test_wilson_s_interval_is_scipy_s(right, n):
    theirs = binomtest(right, n).proportion_ci(method="wilson")
    assert wilson_interval(right, n) == pytest.approx((theirs.low, theirs.high))


def test_nothing_measured_is_no_certainty():
    assert wilson_interval(0, 0) == (0, 1)
    with pytest.raises(CointrailError, match="is no share"):
        wilson_interval(3, 2)


def test_the_bootstrap_draws_owners_and_repeats_itself():
    clusters, truth = tables(2, n=60)
    first, again, other = (bootstrap_by_entity(clusters, truth, seed=s, draws=60) for s in (7, 7, 8))
    assert first == again
    assert first != other
    for rate in first:
        assert rate.low <= rate.value <= rate.high
        assert rate.n == truth["entity"].nunique()
    assert bootstrap_by_entity(clusters, truth, measure=pairwise, seed=1, draws=5)[0].name.startswith("pairwise")
    with pytest.raises(CointrailError, match="two owners"):
        bootstrap_by_entity(clusters, truth.assign(entity="one"), seed=1)


def test_calibration_compares_what_was_stated_with_what_held():
    table = calibration([0.95] * 10 + [0.55] * 10 + [None], [True] * 9 + [False] + [True] * 5 + [False] * 5 + [True])
    assert table[["stated", "right", "n"]].round(2).to_numpy().tolist() == [[0.55, 0.5, 10], [0.95, 0.9, 10]]
    assert table.attrs["brier"] == pytest.approx((9 * 0.05**2 + 0.95**2 + 5 * 0.45**2 + 5 * 0.55**2) / 20)
    with pytest.raises(CointrailError, match="divide per cent by 100"):
        calibration([90], [True])
    with pytest.raises(CointrailError, match="same length"):
        calibration([0.5], [])


def test_measure_counts_abstentions_apart_and_can_split_by_style():
    labels = pd.DataFrame({"txid": list("abcd"), "vout": [0, 1, None, 1], "style": ["x", "x", "y", "y"]})
    table = measure(lambda t: pd.DataFrame({"txid": t, "vout": [0, 0, 1, None]}), labels, by="style")
    assert table["group"].tolist() == ["all", "x", "y"]
    assert table[["asked", "answered", "right"]].to_numpy().tolist() == [[4, 3, 1], [2, 2, 1], [2, 1, 0]]
    assert table["precision"].round(3).tolist() == [0.333, 0.5, 0.0]
    assert table["coverage"].tolist() == [0.75, 1.0, 0.5]


def test_a_change_rule_can_be_measured():
    ledger = made_ledger(random_story(2, transactions=80, owners=200))
    labels = predict_change(ledger, fresh_address)[["txid", "vout"]]
    for method in (predict_change, change_consensus):
        rule = fresh_address if method is predict_change else [fresh_address]
        table = measure(lambda t, m=method, r=rule: m(ledger, r, txids=t), labels)
        assert table["precision"].tolist() == [1.0]


def test_each_rule_is_measured_over_the_wallet_styles():
    ledger = made_ledger(random_story(2, transactions=80, owners=200))
    labels = predict_change(ledger, fresh_address)[["txid", "vout"]]
    labels["style"] = ["core" if n % 2 else "phone" for n in range(len(labels))]
    table = change_error(ledger, labels, rules=[fresh_address, position()], by="style")
    assert table["rule"].tolist() == ["fresh_address"] * 3 + ["position(last)"] * 3
    assert table["group"].tolist() == ["all", "core", "phone"] * 2
    assert table["coverage"].iloc[3] == 1
    assert (table["note"] == NOTE).all()


def test_no_result_comes_without_its_warning():
    clusters, truth = tables(3)
    for rate in (
        *pairwise(clusters, truth),
        *bcubed(clusters, truth),
        *bootstrap_by_entity(clusters, truth, seed=1, draws=5),
    ):
        assert NOTE in str(rate)
        assert NOTE in repr(rate)
    assert calibration([0.5], [True])["note"].tolist() == [NOTE]
    labels = pd.DataFrame({"txid": ["a"], "vout": [0]})
    assert measure(lambda t: labels, labels)["note"].tolist() == [NOTE]
    assert NOTE == "measured on training data; not quotable in a case"


@pytest.mark.parametrize(
    ("clusters", "truth", "says"),
    [
        ({"address": ["a"]}, {"address": ["a"], "entity": ["x"]}, "no column 'cluster'"),
        ({"address": ["a", "a"], "cluster": [1, 2]}, {"address": ["a"], "entity": ["x"]}, "is there twice"),
        ({"address": ["a"], "cluster": [1]}, {"address": ["b"], "entity": ["x"]}, "share no address"),
    ],
)
def test_bad_tables_are_refused_in_a_sentence(clusters, truth, says):
    for ask in (pairwise, bcubed):
        with pytest.raises(CointrailError, match=says):
            ask(pd.DataFrame(clusters), pd.DataFrame(truth))


def test_bad_labels_and_answers_are_refused_in_a_sentence():
    labels = pd.DataFrame({"txid": ["a", "a"], "vout": [0, 0]})
    with pytest.raises(CointrailError, match="labelled twice"):
        measure(lambda t: labels, labels)
    with pytest.raises(CointrailError, match="every txid"):
        measure(lambda t: labels.iloc[:0], labels.iloc[:1])
    with pytest.raises(CointrailError, match="no column 'style'"):
        measure(lambda t: labels, labels, by="style")


@pytest.mark.parametrize("how", [bcubed, pairwise])
def test_the_interval_holds_the_rate_itself_and_shrinks_with_more_owners(how):
    """An owner drawn twice is no stranger to itself: otherwise the interval of precision lies below the precision."""
    few, many = (tables(3, n=n) for n in (40, 40))
    many = [pd.concat([part.assign(**_renamed(part, copy)) for copy in range(9)]) for part in many]
    narrow, wide = (bootstrap_by_entity(*one, measure=how, seed=1, draws=300) for one in (many, few))
    for small, large in zip(narrow, wide, strict=True):
        assert small.low <= small.value <= small.high
        assert small.high - small.low < large.high - large.low
    whole = pd.DataFrame({"address": list("abcdef"), "cluster": [0, 0, 1, 1, 2, 2]})
    right = pd.DataFrame({"address": list("abcdef"), "entity": list("xxyyzz")})
    assert [(rate.low, rate.high) for rate in bootstrap_by_entity(whole, right, seed=1)] == [(1.0, 1.0), (1.0, 1.0)]


def _renamed(part, copy):
    return {name: part[name].map(lambda value: f"{value}/{copy}") for name in part.columns}


def test_owners_count_once_each_in_the_share_that_was_found():
    clusters = pd.DataFrame({"address": list("abcdef"), "cluster": [0, 0, 0, 1, 2, 2]})
    truth = pd.DataFrame({"address": list("abcdef"), "entity": list("xxxxyy")})
    assert found_share(clusters, truth)[["addresses", "found", "share"]].to_numpy().tolist() == [
        [4, 3, 0.75],
        [2, 2, 1.0],
    ]
