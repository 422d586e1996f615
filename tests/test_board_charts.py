"""Every figure says its units on both axes, tells its numbers in words, and refuses what it cannot draw."""

from unittest.mock import patch

import pandas as pd
import pytest
from tiny_ledger import MINER, SHOP, tiny_ledger, txid

from cointrail.board import balance, charts, open_board, transaction
from cointrail.errors import CointrailError
from cointrail.ledger import load_ledger
from cointrail.tracing import (
    Rate,
    cluster_growth,
    common_input_ownership,
    compare_taint,
    follow_peel_chain,
    peel_chains,
)


def drawn(module, draw, *arguments, **options):
    """The figure that a function would show, and its words."""
    kept = []
    with patch.object(module, "show", lambda fig, alt: kept.append((fig(), alt))):
        draw(*arguments, **options)
    return kept[0]


def primer_chain():
    ledger = load_ledger("primer")
    longest = peel_chains(ledger, steps=1).sort_values("steps").iloc[-1]
    return follow_peel_chain(ledger, longest["start"])


def figures():
    ledger, primer = tiny_ledger(), load_ledger("primer")
    spender = common_input_ownership(primer).groupby("cluster")["address"].filter(lambda group: len(group) > 2).iloc[0]
    yield "flow", drawn(charts, charts.show_flow, open_board(ledger, start=MINER).expand(MINER).payments())
    yield "taint", drawn(charts, charts.show_taint, compare_taint(ledger, [f"{txid('pay')}:0"]))
    yield "peel chain", drawn(charts, charts.show_peel_chain, primer_chain())
    yield "cluster growth", drawn(charts, charts.show_cluster_growth, cluster_growth(primer, spender))
    yield (
        "rates",
        drawn(
            charts, charts.show_rates, [Rate("recall", 0.8, 0.7, 0.9, 40), Rate("other", 0.5, *[float("nan")] * 2, 2)]
        ),
    )
    yield "balance", drawn(balance, balance.show_balance, ledger, SHOP)


FIGURES = dict(figures())
UNITS = (
    "BTC",
    "satoshi",
    "height",
    "addresses",
    "share (0 to 1)",
    "payer → payee",
    "where it lies",
    "step",
    "measured",
)


@pytest.mark.parametrize("name", FIGURES)
def test_both_axes_say_what_they_measure(name):
    (axes,) = FIGURES[name][0].axes
    for label in (axes.get_xlabel(), axes.get_ylabel()):
        assert any(unit in label for unit in UNITS), label
    assert axes.get_title(loc="left")


@pytest.mark.parametrize("name", FIGURES)
def test_all_figures_look_the_same(name):
    figure, _ = FIGURES[name]
    (axes,) = figure.axes
    assert figure.get_figwidth() == 8
    assert not axes.spines["top"].get_visible()
    assert {label.get_fontsize() for label in (axes.xaxis.label, axes.yaxis.label)} == {9}


@pytest.mark.parametrize("name", FIGURES)
def test_the_words_tell_numbers(name):
    words = FIGURES[name][1]
    assert len(words.split()) > 8
    assert any(letter.isdigit() for letter in words)


def test_the_words_hold_the_sums():
    assert "2.85e-05 BTC" in FIGURES["flow"][1]
    assert "0.00002000" not in FIGURES["taint"][1]


def test_spent_coins_are_not_counted_in_the_figure_of_taint():
    """1,200 satoshi of pay:0 are spent with 800 others into 1,500, 450 and a fee of 50."""
    assert "haircut 0.00000900 BTC" in FIGURES["taint"][1]  # 1,500 of 2,000, times 1,200
    assert "fifo 0.00001200 BTC" in FIGURES["taint"][1]


def test_a_rate_is_never_shown_without_its_note():
    figure, words = FIGURES["rates"]
    assert "not quotable in a case" in words
    assert "not quotable in a case" in figure.axes[0].get_xlabel()


def test_a_cluster_of_one_is_said_to_be_one():
    _, words = drawn(charts, charts.show_cluster_growth, cluster_growth(tiny_ledger(), MINER))
    assert "did not grow" in words


TWO_UNITS = pd.DataFrame([["a", "b", 1, "X"], ["a", "b", 1, "Y"]], columns=["source", "target", "amount", "unit"])


@pytest.mark.parametrize(
    ("draw", "table", "words"),
    [
        (charts.show_flow, pd.DataFrame({"source": []}), "no column 'target'"),
        (charts.show_flow, TWO_UNITS[:0], "nothing to draw"),
        (charts.show_flow, TWO_UNITS, "cannot be added"),
        (charts.show_taint, pd.DataFrame({"outpoint": ["x"]}), "no column 'address'"),
        (charts.show_cluster_growth, pd.DataFrame({"height": [1]}), "no column addresses"),
        (charts.show_rates, [], "no rates to draw"),
    ],
)  # fmt: skip
def test_what_cannot_be_drawn_is_said(draw, table, words):
    with pytest.raises(CointrailError, match=words):
        draw(table)


def test_while_grading_no_figure_is_drawn(monkeypatch):
    monkeypatch.setenv("COINTRAIL_GRADING", "1")
    monkeypatch.setattr(charts, "new_figure", lambda *size: pytest.fail("drawn"))
    monkeypatch.setattr(transaction, "new_figure", lambda *size: pytest.fail("drawn"))
    charts.show_cluster_growth(cluster_growth(tiny_ledger(), MINER))
    charts.show_rates([Rate("recall", 0.8, 0.7, 0.9, 40)])
    transaction.show_transaction(tiny_ledger(), txid("pay"))
