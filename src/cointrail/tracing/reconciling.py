"""Hold a custodian's statement of deposits against the ledger, deposit by deposit.

A statement says what a book-keeper typed, the ledger what arrived. Neither says who the customer is.
"""

import pandas as pd

from cointrail.errors import CointrailError
from cointrail.ledger import Ledger
from cointrail.tracing.outputs import canonical_address

__all__ = ["reconcile"]

NEEDED = ("account", "transaction_hash", "index", "value")


def reconcile(ledger: Ledger, statement: pd.DataFrame, addresses: dict[str, str]) -> pd.DataFrame:
    """Every deposit that the ledger or the statement knows, side by side.

    Parameters
    ----------
    ledger : Ledger
    statement : DataFrame
        Columns account, transaction_hash, index and value (satoshi), one row for each deposit.
    addresses : dict of str to str
        The account that each deposit address was given to.

    Returns
    -------
    DataFrame
        Columns account, outpoint, height (of the block, 0 where the ledger has no such output), on_ledger and
        on_statement (satoshi, 0 where it is missing), difference (statement minus ledger) and remark: empty, "not on
        the statement", "not on the ledger" or "another amount". By account, then in ledger order.

    Raises
    ------
    CointrailError
        The statement lacks a column, an address is not valid, or an output stands twice in the statement.

    Examples
    --------
    >>> from cointrail.ledger import load_ledger
    >>> ledger = load_ledger("primer")
    >>> paid = ledger.outputs.iloc[-1]
    >>> statement = pd.DataFrame([("X", paid["transaction_hash"], paid["index"], 1)], columns=list(NEEDED))
    >>> found = reconcile(ledger, statement, {paid["addresses"][0]: "X"})
    >>> int((found["remark"] == "another amount").sum())
    1
    """
    missing = [column for column in NEEDED if column not in statement.columns]
    if missing:
        raise CointrailError(f"The statement lacks the column {missing[0]}. It needs {', '.join(NEEDED)}.")
    stated = statement.assign(outpoint=statement["transaction_hash"] + ":" + statement["index"].astype(str))
    twice = stated["outpoint"][stated["outpoint"].duplicated()]
    if len(twice):
        raise CointrailError(f"The output {twice.iloc[0]} stands twice in the statement. Ask which row is right.")
    arrived = _arrived(ledger, addresses)
    both = arrived.merge(stated[["account", "outpoint", "value"]], on=["account", "outpoint"], how="outer")
    both = both.sort_values(["account", "place", "outpoint"], na_position="last")
    both = both.assign(on_ledger=both.pop("on_ledger").fillna(0), on_statement=both.pop("value").fillna(0))
    both["remark"] = [_remark(row) for row in both.itertuples()]
    both["difference"] = both["on_statement"] - both["on_ledger"]
    numbers = dict.fromkeys(("height", "on_ledger", "on_statement", "difference"), "int64")
    columns = ["account", "outpoint", "height", "on_ledger", "on_statement", "difference", "remark"]
    return both.fillna({"height": 0}).astype(numbers)[columns].reset_index(drop=True)


def _arrived(ledger: Ledger, addresses: dict[str, str]) -> pd.DataFrame:
    """What the ledger paid to the addresses; `place` keeps ledger order."""
    accounts = {canonical_address(address): account for address, account in addresses.items()}
    outputs = ledger.outputs
    first = outputs["addresses"].map(lambda names: names[0] if len(names) == 1 else None)
    paid = outputs[first.isin(accounts)]
    heights = ledger.transactions.set_index("hash")["block_number"]
    return pd.DataFrame(
        {
            "account": first[paid.index].map(accounts),
            "outpoint": paid["transaction_hash"] + ":" + paid["index"].astype(str),
            "height": paid["transaction_hash"].map(heights),
            "on_ledger": paid["value"],
            "place": range(len(paid)),
        }
    )


def _remark(row) -> str:
    if not row.on_statement:
        return "not on the statement"
    if not row.on_ledger:
        return "not on the ledger"
    return "" if row.on_ledger == row.on_statement else "another amount"
