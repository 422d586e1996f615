"""What an address received, spent and held at a height, and its statement like a bank's.

A balance is a difference: received minus spent. "At height h" counts blocks up to and with h. The unit is satoshi. An
address is not a person: who could spend from it is a question for other evidence.
"""

from typing import NamedTuple

import pandas as pd

from cointrail.errors import CointrailError
from cointrail.ledger import Ledger
from cointrail.tracing.outputs import canonical_address, heights, known_height, paid_addresses

__all__ = ["Seen", "balance_at", "first_and_last_seen", "statement", "total_received", "total_spent"]


class Seen(NamedTuple):
    """A transaction that touches an address: its txid, its block's height, and that block's time in UTC."""

    txid: str
    height: int
    timestamp: pd.Timestamp


def total_received(ledger: Ledger, address: str, height: int | None = None) -> int:
    """All satoshi that outputs paid to the address, up to and with a height (without one: up to the tip).

    Change that comes back to the same address counts again: it is an output like any other.
    """
    return _total(ledger, "outputs", address, height)


def total_spent(ledger: Ledger, address: str, height: int | None = None) -> int:
    """All satoshi of the address that inputs used, up to and with a height (without one: up to the tip)."""
    return _total(ledger, "inputs", address, height)


def balance_at(ledger: Ledger, address: str, height: int) -> int:
    """The satoshi that the address had received and not yet spent, after the block of that height.

    Parameters
    ----------
    ledger : Ledger
    address : str
        A regtest address. One that the ledger never saw has the balance 0.
    height : int

    Raises
    ------
    CointrailError
        The address is not valid, or the ledger does not reach that height.

    Examples
    --------
    >>> from cointrail.ledger import load_ledger
    >>> balance_at(load_ledger("primer"), "msvedTa3Sm9YZM5vGw3fPwc2Vx1RXEd1Rz", 204)
    274213
    """
    return total_received(ledger, address, height=height) - total_spent(ledger, address, height=height)


def statement(ledger: Ledger, address: str, height: int | None = None) -> pd.DataFrame:
    """The address's movements, one row for each transaction, in the order of the ledger.

    Returns
    -------
    DataFrame
        Columns height, timestamp (the block's time, UTC), txid, received, spent and balance, in satoshi.
        The order is that of the blocks; block times can run backwards.
    """
    height = known_height(ledger, height)
    sums = {
        "received": _by_transaction(ledger, "outputs", canonical_address(address)),
        "spent": _by_transaction(ledger, "inputs", canonical_address(address)),
    }
    rows = ledger.transactions[["block_number", "block_timestamp", "hash"]].set_axis(
        ["height", "timestamp", "txid"], axis="columns"
    )
    for name, by_txid in sums.items():
        rows[name] = rows["txid"].map(by_txid).fillna(0).astype("int64")
    touched = rows["txid"].isin(sums["received"].index) | rows["txid"].isin(sums["spent"].index)
    rows = rows[touched & (rows["height"] <= height)].reset_index(drop=True)
    rows["balance"] = (rows["received"] - rows["spent"]).cumsum()
    return rows


def first_and_last_seen(ledger: Ledger, address: str, height: int | None = None) -> tuple[Seen, Seen]:
    """The first and the last transaction that touch the address, in the order of the ledger.

    Spending counts as well as receiving. "Last" means last in this ledger, up to the height asked for.

    Raises
    ------
    CointrailError
        No transaction up to that height touches the address.
    """
    rows = statement(ledger, address, height=height)
    if rows.empty:
        raise CointrailError(f"No transaction up to height {known_height(ledger, height)} touches {address}.")
    return _seen(rows.iloc[0]), _seen(rows.iloc[-1])


def _seen(row):
    return Seen(row["txid"], int(row["height"]), row["timestamp"])


def _total(ledger, side, address, height):
    mine = _rows_of(ledger, side, canonical_address(address))
    in_time = mine["transaction_hash"].map(heights(ledger)) <= known_height(ledger, height)
    return int(mine.loc[in_time, "value"].sum())


def _by_transaction(ledger, side, address):
    return _rows_of(ledger, side, address).groupby("transaction_hash")["value"].sum()


def _rows_of(ledger, side, address):
    return getattr(ledger, side)[paid_addresses(ledger, side) == address]
