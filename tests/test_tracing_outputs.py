"""Fees, and which outputs are unspent at which height."""

import json
from pathlib import Path

import pytest
from tiny_ledger import CARLA, MINER, SHOP, tiny_ledger, txid

from cointrail.errors import CointrailError
from cointrail.ledger import load_ledger
from cointrail.tracing import fee, outpoint, output_history, unspent_outputs

TRUTH = Path(__file__).parents[1] / "grading" / "truth" / "primer" / "dockets"
PAY, SECOND = outpoint(txid("pay"), 0), outpoint(txid("second"), 0)


@pytest.mark.parametrize(("name", "satoshi"), [("pay", 100), ("second", 50), ("spend", 50), ("a", 0)])
def test_a_fee_is_what_no_output_receives(name, satoshi):
    assert fee(tiny_ledger(), txid(name)) == satoshi


def test_an_unknown_transaction_has_no_fee_but_a_sentence():
    with pytest.raises(CointrailError, match="no transaction"):
        fee(tiny_ledger(), txid("never"))


@pytest.mark.parametrize(
    ("height", "unspent"), [(1, []), (2, [PAY]), (3, [PAY, SECOND]), (4, [outpoint(txid("spend"), 1)])]
)
def test_unspent_depends_on_the_height(height, unspent):
    assert unspent_outputs(tiny_ledger(), SHOP, height=height)["outpoint"].tolist() == unspent


def test_unspent_outputs_say_what_they_hold_and_since_when():
    row = unspent_outputs(tiny_ledger(), SHOP).iloc[0]
    assert (row["value"], row["address"], row["height"]) == (450, SHOP, 4)


def test_a_note_in_the_ledger_is_no_coin():
    """OP_RETURN outputs can never be spent, so that they are not offered as unspent."""
    assert unspent_outputs(tiny_ledger())["address"].tolist() == [MINER, MINER, CARLA, MINER, CARLA, SHOP]


def test_all_unspent_outputs_and_all_unclaimed_fees_are_all_coins_ever_made():
    ledger = tiny_ledger()
    assert unspent_outputs(ledger)["value"].sum() + ledger.transactions["fee"].sum() == 4 * 5000


def test_the_history_names_the_spending_transaction():
    table = output_history(tiny_ledger(), outpoints=[SECOND, PAY])
    assert table["outpoint"].tolist() == [SECOND, PAY]
    assert table["spent_height"].tolist() == [4, 4]
    assert set(table["spent_by"]) == {txid("spend")}


def test_the_history_knows_nothing_of_later_blocks():
    table = output_history(tiny_ledger(), outpoints=[PAY], height=3)
    assert table["spent_height"].isna().all()
    with pytest.raises(CointrailError, match="made only in block"):
        output_history(tiny_ledger(), outpoints=[SECOND], height=2)


@pytest.mark.parametrize("wrong", [txid("pay"), "pay:0", f"{txid('pay')}:x", 7])
def test_an_outpoint_is_a_txid_a_colon_and_a_number(wrong):
    with pytest.raises(CointrailError, match="no outpoint"):
        output_history(tiny_ledger(), outpoints=[wrong])


@pytest.mark.parametrize("docket", ["A", "B"])
def test_fees_and_unspent_outputs_of_primer_are_those_of_its_truth(docket):
    facts, ledger = json.loads((TRUTH / f"{docket}.json").read_bytes()), load_ledger("primer")
    assert [fee(ledger, row["txid"]) for row in facts["fee_review"]] == [row["fee"] for row in facts["fee_review"]]
    wallet = output_history(ledger, outpoints=[row["outpoint"] for row in facts["wallet"]])
    assert wallet["spent_by"].notna().tolist() == [row["spent"] for row in facts["wallet"]]
    assert wallet["value"].tolist() == [row["value"] for row in facts["wallet"]]
    assert set(facts["unspent"]) <= set(unspent_outputs(ledger)["outpoint"])


def test_every_fee_of_primer_is_the_one_bitcoin_etl_would_state():
    ledger = load_ledger("primer")
    assert [fee(ledger, one) for one in ledger.transactions["hash"]] == ledger.transactions["fee"].tolist()
