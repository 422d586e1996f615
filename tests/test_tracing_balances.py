"""Balances and statements: on a ledger checked by hand, against a plain replay, and against the truth of primer."""

import json
from pathlib import Path

import pytest
from tiny_ledger import CARLA, MINER, NOBODY, SHOP, tiny_ledger, txid

from cointrail.errors import CointrailError
from cointrail.ledger import load_ledger
from cointrail.tracing import balance_at, first_and_last_seen, statement, total_received, total_spent

TRUTH = Path(__file__).parents[1] / "grading" / "truth" / "primer" / "dockets"


def test_the_tiny_ledger_is_a_lawful_ledger():
    tiny_ledger().check()


@pytest.mark.parametrize(
    ("height", "received", "spent", "balance"),
    [(1, 0, 0, 0), (2, 1200, 0, 1200), (3, 2000, 0, 2000), (4, 2450, 2000, 450)],
)
def test_a_balance_is_received_minus_spent_after_the_block(height, received, spent, balance):
    ledger = tiny_ledger()
    assert total_received(ledger, SHOP, height=height) == received
    assert total_spent(ledger, SHOP, height=height) == spent
    assert balance_at(ledger, SHOP, height) == balance


def test_an_address_the_ledger_never_saw_has_nothing():
    assert balance_at(tiny_ledger(), NOBODY, 4) == 0


def test_capital_letters_of_a_bech32_address_are_the_same_address():
    assert balance_at(tiny_ledger(), SHOP.upper(), 4) == 450


def test_a_statement_reads_like_a_banks():
    table = statement(tiny_ledger(), SHOP)
    assert table["txid"].tolist() == [txid("pay"), txid("second"), txid("spend")]
    assert table[["height", "received", "spent", "balance"]].to_numpy().tolist() == [
        [2, 1200, 0, 1200],
        [3, 800, 0, 2000],
        [4, 450, 2000, 450],
    ]


def test_a_statement_stops_at_the_height_asked_for():
    assert statement(tiny_ledger(), SHOP, height=3)["height"].tolist() == [2, 3]
    assert statement(tiny_ledger(), NOBODY).empty


def test_first_and_last_follow_the_blocks_and_not_their_clocks():
    """The block at height 3 says it is earlier than the one at height 2."""
    first, last = first_and_last_seen(tiny_ledger(), SHOP, height=3)
    assert (first.height, last.height) == (2, 3)
    assert last.timestamp < first.timestamp


def test_spending_counts_as_being_seen():
    first, last = first_and_last_seen(tiny_ledger(), MINER, height=3)
    assert (first.txid, last.txid) == (txid("a"), txid("second"))


def test_never_seen_is_said_in_a_sentence():
    with pytest.raises(CointrailError, match="No transaction up to height 4 touches"):
        first_and_last_seen(tiny_ledger(), NOBODY)


@pytest.mark.parametrize("height", [0, 5, -1])
def test_the_ledger_does_not_speak_about_blocks_it_does_not_have(height):
    with pytest.raises(CointrailError, match="blocks 1 to 4"):
        balance_at(tiny_ledger(), SHOP, height)


@pytest.mark.parametrize("height", ["4", 4.0, True])
def test_a_height_is_a_whole_number(height):
    with pytest.raises(CointrailError, match="whole number"):
        balance_at(tiny_ledger(), SHOP, height)


def test_a_mistyped_address_is_refused_and_not_called_empty():
    with pytest.raises(CointrailError, match="address"):
        balance_at(tiny_ledger(), SHOP[:-1] + ("q" if SHOP[-1] != "q" else "p"), 4)


@pytest.mark.parametrize("who", [MINER, SHOP, CARLA])
def test_the_balance_equals_a_replay_by_hand(who):
    ledger = tiny_ledger()
    for height in range(1, 5):
        assert balance_at(ledger, who, height) == replay(ledger, height).get(who, 0)


@pytest.mark.parametrize("docket", ["A", "B"])
def test_balances_of_primer_are_those_of_its_truth(docket):
    facts, ledger = json.loads((TRUTH / f"{docket}.json").read_bytes()), load_ledger("primer")
    listed, height = facts["listed_address"], facts["report_height"]
    assert balance_at(ledger, listed, height) == facts["balance_at_report"]
    assert total_received(ledger, listed, height=height) == facts["received_at_report"]
    assert balance_at(ledger, listed, ledger.tip) == facts["balance_at_tip"]
    first, last = first_and_last_seen(ledger, listed)
    assert (first.txid, first.height) == (facts["first_seen"]["txid"], facts["first_seen"]["height"])
    assert (last.txid, last.height) == (facts["last_seen"]["txid"], facts["last_seen"]["height"])


def test_every_balance_of_primer_equals_a_replay_by_hand():
    ledger = load_ledger("primer")
    for height in (ledger.tip // 2, ledger.tip):
        balances = replay(ledger, height)
        for who in sorted({addresses[0] for addresses in ledger.outputs["addresses"] if addresses})[::7]:
            assert balance_at(ledger, who, height) == balances.get(who, 0)


def replay(ledger, height):
    """Walk through the ledger transaction by transaction, with a purse of unspent outputs."""
    purse = {}
    for transaction in ledger.transactions.itertuples():
        if transaction.block_number > height:
            break
        for spent in ledger.inputs_of(transaction.hash).itertuples():
            del purse[spent.spent_transaction_hash, spent.spent_output_index]
        for output in ledger.outputs_of(transaction.hash).itertuples():
            purse[transaction.hash, output.index] = (output.addresses, output.value)
    balances = {}
    for addresses, value in purse.values():
        for who in addresses:
            balances[who] = balances.get(who, 0) + value
    return balances
