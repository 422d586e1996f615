"""Figures: none without words, the same bytes for the same data, and the words hold the numbers."""

import base64
import hashlib
import os
import subprocess
import sys
from typing import NamedTuple
from unittest.mock import patch

import pytest
from matplotlib.figure import Figure
from tiny_ledger import NOBODY, SHOP, tiny_ledger, txid

from cointrail.board import figures, show, show_balance, show_transaction
from cointrail.errors import CointrailError


class Output(NamedTuple):
    data: dict
    metadata: dict


def shown(draw, *arguments, **options):
    """The two outputs of a figure: the picture with its words, and the words folded under it."""
    outputs = []
    with patch.object(figures, "display", lambda data, raw, metadata=None: outputs.append(Output(data, metadata))):
        draw(*arguments, **options)
    return outputs


@pytest.mark.parametrize("alt", ["", "   ", "a figure", None])
def test_a_figure_without_words_is_refused(alt):
    with pytest.raises(CointrailError, match="needs words"):
        show(Figure(), alt=alt)


def test_the_words_are_in_the_picture_and_under_it():
    picture, words = shown(show_balance, tiny_ledger(), SHOP, mark=3)
    alt = picture.metadata["image/png"]["alt"]
    assert "After block 3: received 2,000 − spent 0 = balance 2,000 satoshi." in alt
    assert alt in words.data["text/html"]
    assert words.data["text/html"].startswith("<details>")


def test_a_transaction_is_told_with_inputs_outputs_and_fee():
    picture, _ = shown(show_transaction, tiny_ledger(), txid("spend"), labels={SHOP: "the shop"})
    alt = picture.metadata["image/png"]["alt"]
    for part in ("(the shop), 1,200 sat", "1,500 sat", "a note, no coins", "fee (in no output), 50 sat"):
        assert part in alt


def test_a_fee_can_be_left_open_as_a_question():
    picture, _ = shown(show_transaction, tiny_ledger(), txid("spend"), ask_fee=True)
    assert "fee (in no output), ? sat" in picture.metadata["image/png"]["alt"]


def test_new_coins_come_from_nowhere():
    picture, _ = shown(show_transaction, tiny_ledger(), txid("a"))
    assert "Inputs on the left: new coins and the block's fees, 5,000 sat." in picture.metadata["image/png"]["alt"]


def test_an_address_without_a_history_is_drawn_and_told():
    picture, _ = shown(show_balance, tiny_ledger(), NOBODY)
    assert "raise it: 0, that lower it: 0" in picture.metadata["image/png"]["alt"]


def test_change_that_comes_back_is_no_payment_in():
    """The last transaction spends 2,000 of the shop and pays 450 back to it."""
    picture, _ = shown(show_balance, tiny_ledger(), SHOP)
    assert "raise it: 2, that lower it: 1" in picture.metadata["image/png"]["alt"]


@pytest.mark.parametrize("draw", [show_balance, show_transaction])
def test_the_same_data_give_the_same_bytes(draw):
    what = SHOP if draw is show_balance else txid("spend")
    first, again = (shown(draw, tiny_ledger(), what)[0].data["image/png"] for _ in range(2))
    assert hashlib.sha256(base64.b64decode(first)).digest() == hashlib.sha256(base64.b64decode(again)).digest()
    assert b"Software" not in base64.b64decode(first)


def test_a_wrong_txid_or_height_is_a_sentence():
    with pytest.raises(CointrailError, match="not a txid"):
        show_transaction(tiny_ledger(), "abc")
    with pytest.raises(CointrailError, match="blocks 1 to 4"):
        show_balance(tiny_ledger(), SHOP, mark=9)


def test_while_grading_nothing_is_drawn_and_the_words_stay(monkeypatch):
    monkeypatch.setenv("COINTRAIL_GRADING", "1")
    (words,) = shown(show_balance, tiny_ledger(), SHOP, mark=3)
    assert "After block 3: received 2,000" in words.data["text/html"]
    assert "image/png" not in words.data
    assert [text.data["text/plain"] for text in shown(show_transaction, tiny_ledger(), txid("spend"))]


def test_while_grading_neither_matplotlib_nor_widgets_are_loaded():
    code = """
from tiny_ledger import SHOP, tiny_ledger, txid
from cointrail.board import balance_slider, show_balance, show_transaction
show_balance(tiny_ledger(), SHOP), show_transaction(tiny_ledger(), txid("spend")), balance_slider(tiny_ledger(), SHOP)
import sys; print(*sys.modules)"""
    here = {**os.environ, "COINTRAIL_GRADING": "1", "PYTHONPATH": os.pathsep.join(sys.path)}
    loaded = subprocess.run([sys.executable, "-c", code], env=here, capture_output=True, text=True, check=True).stdout
    assert not {"matplotlib", "ipywidgets", "anywidget", "PIL"} & set(loaded.split())
