"""The truth tables that every world has, read off the economy that lived it."""

import pandas as pd
import pyarrow as pa

from cointrail.ledger.model import Ledger
from cointrail.world.economy import Economy
from cointrail.world.records import TRUTH_SCHEMAS

__all__ = ["NO_ONE", "owner_tables", "truth_frame"]

# The holder of outputs that nobody can spend (OP_RETURN).
NO_ONE = "none"


def owner_tables(economy: Economy, ledger: Ledger) -> dict[str, pd.DataFrame]:
    """`addresses`, `outputs` and `transactions`: who holds what, what is change, why each transaction was made."""
    payments = {payment.txid: payment for block in economy.confirmed for payment in block}
    names = {script.hex(): wallet for script, (wallet, _) in economy.owners.items()}
    addresses = sorted(
        (lock.address, wallet.entity, wallet.name.partition("/")[2]) for wallet, lock in economy.owners.values()
    )
    outputs = []
    columns = ledger.outputs[["transaction_hash", "index", "script_hex"]]
    for txid, index, script in columns.itertuples(index=False):
        owner = names[script].entity if script in names else NO_ONE
        outputs.append((txid, index, owner, txid in payments and index in payments[txid].changes))
    purposes = [
        (txid, payments[txid].purpose if txid in payments else "mining") for txid in ledger.transactions["hash"]
    ]
    rows = {"addresses": addresses, "outputs": outputs, "transactions": purposes}
    return {name: truth_frame(name, entries) for name, entries in rows.items()}


def truth_frame(name: str, rows: list[tuple]) -> pd.DataFrame:
    """A truth table from rows in the order of its columns."""
    schema = TRUTH_SCHEMAS[name]
    columns = list(zip(*rows, strict=True)) if rows else [()] * len(schema)
    arrays = [pa.array(values, field.type) for values, field in zip(columns, schema, strict=True)]
    return pa.Table.from_arrays(arrays, schema=schema).to_pandas()
