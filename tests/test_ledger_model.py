"""Can a person ask a ledger about one transaction, and are wrong txids refused in clear words?"""

import pytest

from cointrail.errors import CointrailError
from cointrail.ledger import load_ledger, read_txid


@pytest.fixture(scope="module")
def ledger():
    return load_ledger("primer")


def test_a_transaction_is_found_with_its_inputs_and_outputs(ledger):
    txid = ledger.inputs["transaction_hash"].iloc[-1]
    row = ledger.transaction(txid)
    assert row["hash"] == txid
    assert len(ledger.inputs_of(txid)) == row["input_count"]
    assert list(ledger.outputs_of(txid)["index"]) == list(range(row["output_count"]))
    assert ledger.inputs_of(txid)["value"].sum() - ledger.outputs_of(txid)["value"].sum() == row["fee"]


def test_a_coinbase_has_outputs_and_no_inputs(ledger):
    txid = ledger.transactions["hash"].iloc[0]
    assert ledger.inputs_of(txid).empty
    assert len(ledger.outputs_of(txid)) == 2


def test_a_pasted_txid_may_have_blanks_and_capitals(ledger):
    txid = ledger.transactions["hash"].iloc[3]
    assert ledger.transaction(f" {txid.upper()}\n")["hash"] == txid


@pytest.mark.parametrize("ask", ["transaction", "inputs_of", "outputs_of"])
def test_an_unknown_txid_is_named(ledger, ask):
    with pytest.raises(CointrailError, match="no transaction " + "ab" * 32 + " in the ledger primer"):
        getattr(ledger, ask)("ab" * 32)


@pytest.mark.parametrize("text", ["", "abc", "g" * 64, "ab" * 32 + ":0", None, 7])
def test_what_is_no_txid_is_refused(text):
    with pytest.raises(CointrailError, match="is not a txid"):
        read_txid(text)


def test_rows_are_in_the_order_of_the_chain(ledger):
    transactions = ledger.transactions
    assert transactions["block_number"].is_monotonic_increasing
    assert (transactions.groupby("block_number")["index"].diff().dropna() == 1).all()
    position = {txid: row for row, txid in enumerate(transactions["hash"])}
    for table in (ledger.inputs, ledger.outputs):
        keys = [(position[txid], index) for txid, index in zip(table["transaction_hash"], table["index"], strict=True)]
        assert keys == sorted(keys)


def test_money_is_whole_and_time_is_utc(ledger):
    assert {str(ledger.outputs["value"].dtype), str(ledger.transactions["fee"].dtype)} == {"int64"}
    assert str(ledger.blocks["timestamp"].dtype) == "datetime64[s, UTC]"


def test_a_ledger_says_what_it_is(ledger):
    assert repr(ledger) == f"<Ledger primer: {len(ledger.transactions)} transactions, blocks up to height {ledger.tip}>"
