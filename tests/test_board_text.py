"""Amounts, ids and tables for the eye, and the sentence under the slider."""

from decimal import Decimal

import pandas as pd
import pytest
from tiny_ledger import SHOP, tiny_ledger, txid

from cointrail.board import balance_sentence, balance_slider, btc, readable, short
from cointrail.tracing import balance_at, output_history, statement


@pytest.mark.parametrize(
    ("satoshi", "text"),
    [
        (1, "0.00000001 BTC"),
        (0, "0.00000000 BTC"),
        (-150_000_000, "-1.50000000 BTC"),
        (10**15, "10000000.00000000 BTC"),
    ],
)
def test_bitcoin_amounts_are_exact(satoshi, text):
    assert btc(satoshi) == text


def test_ids_are_shortened_and_words_are_not():
    assert short(txid("pay") + ":12") == f"{txid('pay')[:6]}…{txid('pay')[-6:]}:12"
    assert short(SHOP) == f"{SHOP[:10]}…{SHOP[-6:]}"
    assert short("mixed salad for table seven") == "mixed salad for table seven"


def test_a_readable_statement_has_separators_and_minutes():
    first = readable(statement(tiny_ledger(), SHOP)).iloc[0]
    assert (first["timestamp"], first["received"], first["balance"]) == ("2026-03-01 18:00", "1,200", "1,200")


def test_an_unspent_output_shows_a_dash_and_nothing_becomes_a_float():
    table = readable(output_history(tiny_ledger(), address=SHOP))
    assert table["spent_height"].tolist() == ["4", "4", "–"]


def test_money_keeps_its_two_places():
    assert readable(pd.DataFrame({"price": [Decimal("20759.20")]}))["price"].tolist() == ["20,759.20"]


def test_lists_and_truth_values_are_words():
    table = readable(pd.DataFrame({"addresses": [[SHOP], []], "is_coinbase": [True, False]}))
    assert table.to_numpy().tolist() == [[short(SHOP), "yes"], ["", "no"]]


def test_rows_are_counted_from_0_unless_the_index_has_a_name():
    table = tiny_ledger().outputs_of(txid("spend"))
    assert readable(table[["value"]]).index.tolist() == [0, 1, 2]
    assert readable(table.set_index("index")[["value"]]).index.name == "index"


@pytest.mark.parametrize("height", [1, 2, 3, 4])
def test_the_sentence_under_the_slider_is_the_balance(height):
    balance = balance_at(tiny_ledger(), SHOP, height)
    assert balance_sentence(tiny_ledger(), SHOP, height).endswith(f"= balance {balance:,} satoshi.")


def test_the_slider_leaves_its_sentence_where_no_program_runs():
    bundle = balance_slider(tiny_ledger(), SHOP, height=3)._repr_mimebundle_()
    assert "application/vnd.jupyter.widget-view+json" in bundle
    assert bundle["text/plain"] == balance_sentence(tiny_ledger(), SHOP, 3)


def test_moving_the_slider_moves_the_sentence():
    slider, line = balance_slider(tiny_ledger(), SHOP).children
    slider.value = 2
    assert line.value == balance_sentence(tiny_ledger(), SHOP, 2)
    assert (slider.min, slider.max) == (1, 4)
