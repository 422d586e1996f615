"""Re-derive the numbers of a report from the public ledger, with nothing of the course: pandas and this one file.

    python rederive.py numbers.json FOLDER

FOLDER holds transactions.parquet, inputs.parquet and outputs.parquet (bitcoin-etl's columns). Every number is worked
out anew and held against the one that the report states; the exit code is 1 where one differs. This file is copied
into every bundle, so that another analyst needs neither the author's programs nor the author.
"""

import json
import sys
from itertools import pairwise
from pathlib import Path

import pandas as pd

__all__ = ["DERIVATIONS", "derive"]


def _of(table, address, height, heights):
    """The rows of inputs or outputs that name an address, up to and with a block."""
    mine = table["addresses"].map(lambda names: address in list(names))
    return table[mine & (table["transaction_hash"].map(heights) <= height)]


def _heights(ledger):
    return ledger["transactions"].set_index("hash")["block_number"]


def received(ledger, *, address, height):
    """Satoshi that an address received up to and with a block."""
    return int(_of(ledger["outputs"], address, height, _heights(ledger))["value"].sum())


def spent(ledger, *, address, height):
    """Satoshi that an address spent up to and with a block."""
    return int(_of(ledger["inputs"], address, height, _heights(ledger))["value"].sum())


def balance(ledger, *, address, height):
    """Received minus spent."""
    return received(ledger, address=address, height=height) - spent(ledger, address=address, height=height)


def fee(ledger, *, txid):
    """Inputs minus outputs of a transaction."""
    taken, given = (
        ledger[side].loc[ledger[side]["transaction_hash"] == txid, "value"].sum() for side in ("inputs", "outputs")
    )
    return int(taken - given)


def output_value(ledger, *, outpoint):
    """Satoshi of one output."""
    txid, vout = outpoint.split(":")
    outputs = ledger["outputs"]
    found = outputs[(outputs["transaction_hash"] == txid) & (outputs["index"] == int(vout))]
    return int(found["value"].iloc[0])


def cluster_size(ledger, *, address, height, leave_out=()):
    """Addresses that common inputs join to one, up to and with a block, some transactions left out."""
    heights = _heights(ledger)
    inputs = ledger["inputs"]
    seen = inputs[(inputs["transaction_hash"].map(heights) <= height) & ~inputs["transaction_hash"].isin(leave_out)]
    parent = {}

    def top(name):
        while parent.setdefault(name, name) != name:
            parent[name] = parent[parent[name]]
            name = parent[name]
        return name

    for _, names in seen.groupby("transaction_hash")["addresses"]:
        first, *others = sorted({name for listed in names for name in listed}) or [None]
        for other in others:
            parent[top(other)] = top(first)
        if first is not None:
            top(first)
    return sum(top(name) == top(address) for name in [*parent]) if address in parent else 1


def steps_of_path(ledger, *, txids):
    """How many steps of a path hold: each transaction spends an output of the one before it."""
    inputs = ledger["inputs"]
    pairs = set(zip(inputs["transaction_hash"], inputs["spent_transaction_hash"], strict=True))
    return sum((later, earlier) in pairs for earlier, later in pairwise(txids))


DERIVATIONS = {
    function.__name__: function
    for function in (received, spent, balance, fee, output_value, cluster_size, steps_of_path)
}


def derive(ledger, how):
    """One number from the ledger's tables: `how` names the derivation under "what", and its arguments."""
    return DERIVATIONS[how["what"]](ledger, **{name: value for name, value in how.items() if name != "what"})


def main(words):
    """Print every number beside its re-derivation; 0 where all agree."""
    file, folder = Path(words[0]), Path(words[1])
    ledger = {name: pd.read_parquet(folder / f"{name}.parquet") for name in ("transactions", "inputs", "outputs")}
    differ = 0
    for number in json.loads(file.read_text(encoding="utf-8")):
        found = derive(ledger, number["how"])
        differ += found != number["value"]
        sign = "agrees " if found == number["value"] else "DIFFERS"
        print(f"{sign} claim {number['claim']}: {number['name']} = {number['value']}, derived {found}")
    return 1 if differ else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
