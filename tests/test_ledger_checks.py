"""Does Ledger.check refuse a doctored ledger, naming the transaction?"""

from dataclasses import replace

import pandas as pd
import pytest

from cointrail.errors import CointrailError
from cointrail.ledger import load_ledger
from cointrail.ledger.checks import subsidy


@pytest.fixture(scope="module")
def ledger():
    return load_ledger("primer")


@pytest.fixture
def tables(ledger):
    names = ("blocks", "transactions", "inputs", "outputs")
    return {name: getattr(ledger, name).copy() for name in names}


def refusal(ledger, tables):
    with pytest.raises(CointrailError) as error:
        replace(ledger, **tables).check()
    return str(error.value)


def last_payment(tables):
    """The last transaction with an input, and the rows of its inputs and outputs."""
    txid = tables["inputs"]["transaction_hash"].iloc[-1]
    rows = [tables[name].index[tables[name]["transaction_hash"] == txid] for name in ("inputs", "outputs")]
    return txid, *rows


def test_the_published_ledger_is_sound(ledger):
    ledger.check()


def test_a_double_spend_is_refused(ledger, tables):
    txid, inputs, _ = last_payment(tables)
    for column in ("spent_transaction_hash", "spent_output_index", "value", "type"):
        tables["inputs"].loc[inputs[0], column] = tables["inputs"][column].iloc[0]
    text = refusal(ledger, tables)
    assert txid in text and "double spend" in text


def test_a_coin_that_never_was_is_refused(ledger, tables):
    txid, inputs, _ = last_payment(tables)
    tables["inputs"].loc[inputs[0], "spent_transaction_hash"] = "ab" * 32
    text = refusal(ledger, tables)
    assert txid in text and "ab" * 32 in text and "does not exist" in text


def test_a_coin_from_the_future_is_refused(ledger, tables):
    txid = tables["inputs"]["transaction_hash"].iloc[0]
    last = tables["outputs"].iloc[-2]
    row = {"spent_transaction_hash": last["transaction_hash"], "spent_output_index": last["index"]}
    tables["inputs"].loc[tables["inputs"].index[0], list(row)] = list(row.values())
    text = refusal(ledger, tables)
    assert txid in text and "made only later" in text


def test_created_value_is_refused(ledger, tables):
    txid, _, outputs = last_payment(tables)
    extra = 1_000_000_000
    tables["outputs"].loc[outputs[0], "value"] += extra
    tables["transactions"].loc[tables["transactions"]["hash"] == txid, "output_value"] += extra
    text = refusal(ledger, tables)
    assert txid in text and "creates value" in text


def test_a_miner_who_takes_too_much_is_refused(ledger, tables):
    row = tables["transactions"].index[tables["transactions"]["is_coinbase"]][-1]
    coinbase = tables["transactions"]["hash"][row]
    tables["outputs"].loc[tables["outputs"]["transaction_hash"].eq(coinbase).idxmax(), "value"] += 1
    tables["transactions"].loc[row, "output_value"] += 1
    text = refusal(ledger, tables)
    assert coinbase in text and "creates value" in text


def test_a_wrong_fee_is_refused(ledger, tables):
    txid, _, _ = last_payment(tables)
    tables["transactions"].loc[tables["transactions"]["hash"] == txid, "fee"] += 1
    text = refusal(ledger, tables)
    assert txid in text and "fee" in text


def test_an_input_that_states_another_value_is_refused(ledger, tables):
    txid, inputs, _ = last_payment(tables)
    tables["inputs"].loc[inputs[0], "value"] -= 1
    text = refusal(ledger, tables)
    assert txid in text and "another value" in text


@pytest.mark.parametrize("table", ["inputs", "outputs"])
def test_a_missing_row_is_noticed(ledger, tables, table):
    txid, inputs, outputs = last_payment(tables)
    tables[table] = tables[table].drop((inputs if table == "inputs" else outputs)[-1])
    text = refusal(ledger, tables)
    assert txid in text and f"number of {table}" in text


def test_a_missing_transaction_is_noticed(ledger, tables):
    tables["transactions"] = tables["transactions"].iloc[:-1]
    assert f"height {ledger.tip}" in refusal(ledger, tables)


def test_a_transaction_given_twice_is_noticed(ledger, tables):
    tables["transactions"] = pd.concat([tables["transactions"], tables["transactions"].iloc[-1:]])
    assert "twice" in refusal(ledger, tables)


def test_new_coins_halve_every_150_blocks():
    assert [subsidy(height) for height in (1, 149, 150, 299, 300)] == [
        5_000_000_000,
        5_000_000_000,
        2_500_000_000,
        2_500_000_000,
        1_250_000_000,
    ]
