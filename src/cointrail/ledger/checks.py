"""The invariants of a ledger, each with a sentence that names the transaction at fault."""

from typing import NoReturn

import numpy as np
import pandas as pd

from cointrail.errors import CointrailError

__all__ = ["check_tables", "subsidy"]

HALVING = 150
FIRST_SUBSIDY = 50 * 100_000_000


def subsidy(height: int) -> int:
    """New coins of the block at a height on regtest, in satoshi: 50 BTC, halved every 150 blocks."""
    return FIRST_SUBSIDY >> (height // HALVING)


def check_tables(blocks: pd.DataFrame, transactions: pd.DataFrame, inputs: pd.DataFrame, outputs: pd.DataFrame) -> None:
    """Raise `CointrailError` at the first broken invariant; see `Ledger.check`."""
    _check_keys(blocks, transactions, inputs, outputs)
    _check_spends(transactions, inputs, outputs)
    _check_values(transactions, inputs, outputs)
    _check_coinbases(transactions)


def _check_keys(blocks, transactions, inputs, outputs) -> None:
    twice = transactions["hash"].duplicated()
    if twice.any():
        _fail(transactions["hash"][twice], "is in the ledger twice")
    heights = transactions["block_number"].to_numpy()
    if (np.diff(heights) < 0).any():
        _fail(transactions["hash"][1:][np.diff(heights) < 0], "is not in block order")
    counts = transactions.groupby("block_number").size().reindex(blocks["number"], fill_value=0)
    wrong = counts.to_numpy() != blocks["transaction_count"].to_numpy()
    if wrong.any() or counts.sum() != len(transactions):
        height = blocks["number"][wrong].iloc[0] if wrong.any() else "unknown"
        raise CointrailError(f"The block at height {height} does not hold the number of transactions it states.")
    for table, name in ((inputs, "input"), (outputs, "output")):
        _check_rows(transactions, table, name)


def _check_rows(transactions: pd.DataFrame, table: pd.DataFrame, name: str) -> None:
    unknown = ~table["transaction_hash"].isin(transactions["hash"])
    if unknown.any():
        _fail(table["transaction_hash"][unknown], f"has an {name} but is not in the transactions table")
    order = table.groupby("transaction_hash", sort=False).cumcount()
    if (order != table["index"]).any():
        _fail(table["transaction_hash"][order != table["index"]], f"has {name}s that are not numbered 0, 1, 2 ...")
    counts = _per_transaction(transactions, table, np.ones(len(table), dtype="int64"))
    wrong = counts != transactions[f"{name}_count"]
    if wrong.any():
        _fail(transactions["hash"][wrong], f"does not have the number of {name}s it states")


def _check_spends(transactions, inputs, outputs) -> None:
    spent = pd.MultiIndex.from_frame(inputs[["spent_transaction_hash", "spent_output_index"]])
    made = pd.MultiIndex.from_frame(outputs[["transaction_hash", "index"]])
    row = made.get_indexer(spent)
    if (row < 0).any():
        _fail_spend(inputs[row < 0], "which does not exist")
    if spent.duplicated().any():
        _fail_spend(inputs[spent.duplicated()], "which an earlier input has spent already (a double spend)")
    position = pd.Series(range(len(transactions)), index=transactions["hash"])
    when = position[inputs["transaction_hash"]].to_numpy()
    early = position[inputs["spent_transaction_hash"]].to_numpy() >= when
    if early.any():
        _fail_spend(inputs[early], "which is made only later")
    for column in ("value", "type"):
        other = inputs[column].to_numpy() != outputs[column].to_numpy()[row]
        if other.any():
            _fail_spend(inputs[other], f"but states another {column} for it")


def _check_values(transactions, inputs, outputs) -> None:
    for table, name in ((inputs, "input"), (outputs, "output")):
        if (table["value"] < 0).any():
            _fail(table["transaction_hash"][table["value"] < 0], f"has an {name} with a negative value")
        wrong = _per_transaction(transactions, table, table["value"]) != transactions[f"{name}_value"]
        if wrong.any():
            _fail(transactions["hash"][wrong], f"states an {name}_value that is not the sum of its {name}s")
    ordinary = transactions[~transactions["is_coinbase"]]
    created = ordinary["output_value"] > ordinary["input_value"]
    if created.any():
        _fail(ordinary["hash"][created], "creates value: its outputs are worth more than its inputs")
    wrong = ordinary["fee"] != ordinary["input_value"] - ordinary["output_value"]
    if wrong.any():
        _fail(ordinary["hash"][wrong], "states a fee that is not its inputs minus its outputs")


def _check_coinbases(transactions) -> None:
    first = transactions["index"] == 0
    wrong = first != transactions["is_coinbase"]
    if wrong.any():
        _fail(transactions["hash"][wrong], "is a coinbase and not the first of its block, or the other way round")
    coinbases = transactions[first]
    odd = (coinbases["input_count"] != 0) | (coinbases["fee"] != 0)
    if odd.any():
        _fail(coinbases["hash"][odd], "is a coinbase with an input or a fee")
    fees = transactions.groupby("block_number")["fee"].sum()[coinbases["block_number"]].to_numpy()
    allowed = np.array([subsidy(int(height)) for height in coinbases["block_number"]], dtype="int64") + fees
    created = coinbases["output_value"].to_numpy() > allowed
    if created.any():
        _fail(coinbases["hash"][created], "creates value: a coinbase of more than the block's new coins and fees")


def _per_transaction(transactions: pd.DataFrame, table: pd.DataFrame, numbers) -> pd.Series:
    sums = pd.Series(np.asarray(numbers)).groupby(table["transaction_hash"].to_numpy()).sum()
    return transactions["hash"].map(sums).fillna(0).astype("int64")


def _fail_spend(rows: pd.DataFrame, what: str) -> NoReturn:
    row = rows.iloc[0]
    outpoint = f"{row['spent_transaction_hash']}:{row['spent_output_index']}"
    _fail(rows["transaction_hash"], f"spends {outpoint}, {what}")


def _fail(txids: pd.Series, what: str) -> NoReturn:
    raise CointrailError(f"Transaction {txids.iloc[0]} {what}: this ledger was changed; take a fresh copy.")
