"""Do the truth tables agree with the ledger, and do the custodians' books balance?"""

from collections.abc import Iterator

import pandas as pd

from cointrail.world.files import WorldFiles

__all__ = ["book_findings", "reference_findings"]

# Tables whose rows name an output and its value; rows without a transaction have an empty hash.
WITH_OUTPUTS = ("sources", "custodian_book", "orders", "crossings", "landmarks")

SIGNS = {"deposit": 1, "bought": 1, "received": 1, "withdrawal": -1, "sold": -1, "paid": -1}
HOUSE = "house"


def reference_findings(files: WorldFiles) -> Iterator[str]:
    """Rows of the truth that name an output which is not on the ledger, or has another value."""
    values = files.ledger.outputs.set_index(["transaction_hash", "index"])["value"]
    for name in (name for name in WITH_OUTPUTS if _has(files, name)):
        table = files.truth_table(name)
        table = table[table["transaction_hash"] != ""]
        keys = pd.MultiIndex.from_frame(table[["transaction_hash", "index"]])
        wrong = values.reindex(keys).to_numpy() != table["value"].to_numpy()
        for row in table[wrong].head(5).itertuples():
            yield f"{name}: the ledger has no output {row.transaction_hash}:{row.index} of {row.value} satoshi."
    if _has(files, "routes"):
        unknown = set(files.truth_table("routes")["transaction_hash"]) - set(files.ledger.transactions["hash"])
        yield from (f"routes: the ledger has no transaction {txid}." for txid in sorted(unknown))


def book_findings(files: WorldFiles) -> Iterator[str]:
    """Customers who were paid more than they had, and custodians who owe more than they hold."""
    book = files.truth_table("custodian_book")
    owners = files.truth_table("outputs").set_index(["transaction_hash", "index"])["entity"]
    deposits = book[book["kind"] == "deposit"]
    holder = owners.reindex(pd.MultiIndex.from_frame(deposits[["transaction_hash", "index"]])).to_numpy()
    for row in deposits[holder != deposits["custodian"].to_numpy()].head(5).itertuples():
        yield f"{row.custodian} booked a deposit of {row.customer} that somebody else received."
    # Where customers buy coins without a line in the book, as in primer, balances cannot be followed.
    if "bought" not in set(book["kind"]):
        return
    signed = book["value"] * book["kind"].map(SIGNS)
    customers = book["customer"] != HOUSE
    running = signed[customers].groupby([book["custodian"], book["customer"]]).cumsum()
    for row in book.loc[running[running < 0].index].head(5).itertuples():
        yield f"{row.custodian} paid {row.customer} more than the balance ({row.kind} at {row.timestamp})."
    owed = signed[customers].groupby(book["custodian"]).sum()
    for custodian, held in _reserves(files, owners).reindex(owed.index, fill_value=0).items():
        if held < owed[custodian]:
            yield f"{custodian} owes its customers {owed[custodian]} satoshi and holds {held}."


def _reserves(files: WorldFiles, owners: pd.Series) -> pd.Series:
    """Unspent satoshi of each entity at the tip."""
    outputs, inputs = files.ledger.outputs, files.ledger.inputs
    made = pd.MultiIndex.from_frame(outputs[["transaction_hash", "index"]])
    spent = pd.MultiIndex.from_frame(inputs[["spent_transaction_hash", "spent_output_index"]])
    return outputs["value"][~made.isin(spent)].groupby(owners.to_numpy()[~made.isin(spent)]).sum()


def _has(files: WorldFiles, name: str) -> bool:
    return (files.truth / f"{name}.parquet").is_file()
