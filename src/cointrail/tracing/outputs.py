"""Outputs over time: which block made them, which transaction spent them, which are unspent at a height.

An output is written ``txid:vout``, its outpoint. "At height h" means after block h: every transaction in blocks 0 to h
counts, nothing later does, and nothing that waits outside a block. Unspent says that nobody has spent the output so
far; it does not say who can.
"""

import re

import pandas as pd

from cointrail.errors import CointrailError
from cointrail.ledger import Ledger
from cointrail.ledger.addresses import address_of, script_of

__all__ = ["outpoint", "output_history", "unspent_outputs"]


def outpoint(txid: str, vout: int) -> str:
    """The name of an output: its txid, a colon, its number.

    >>> outpoint("ab" * 32, 1)[-5:]
    'bab:1'
    """
    return f"{txid}:{vout}"


def unspent_outputs(ledger: Ledger, address: str | None = None, height: int | None = None) -> pd.DataFrame:
    """The outputs that exist and are not spent at a height.

    Parameters
    ----------
    ledger : Ledger
    address : str, optional
        Only outputs that pay this address.
    height : int, optional
        Count blocks up to and with this one; without it, up to the ledger's tip.

    Returns
    -------
    DataFrame
        Columns outpoint, value (satoshi), address (None where a script has none), height of the block that made it;
        in the order of the ledger. Outputs that can never be spent (OP_RETURN) are left out.

    Raises
    ------
    CointrailError
        The address is not valid, or the ledger does not reach that height.
    """
    history = _history(ledger, address=address, height=known_height(ledger, height))
    spendable = history["type"] != "nulldata"
    columns = ["outpoint", "value", "address", "height"]
    return history.loc[spendable & history["spent_height"].isna(), columns].reset_index(drop=True)


def output_history(
    ledger: Ledger, outpoints=None, *, address: str | None = None, height: int | None = None
) -> pd.DataFrame:
    """Each output with the block that made it and, where there is one, the transaction that spent it.

    Parameters
    ----------
    ledger : Ledger
    outpoints : iterable of str, optional
        Only these outputs, in this order.
    address : str, optional
        Only outputs that pay this address.
    height : int, optional
        What was known at this height: later blocks do not count.

    Returns
    -------
    DataFrame
        Columns outpoint, value (satoshi), address, height, spent_height and spent_by (the txid); the last two are empty
        while the output is unspent. An OP_RETURN output has no address and is never spent.

    Raises
    ------
    CointrailError
        An outpoint is unknown at that height, the address is not valid, or the ledger does not reach that height.
    """
    height = known_height(ledger, height)
    history = _history(ledger, address=address, height=height).drop(columns="type")
    return history if outpoints is None else _chosen(ledger, history, list(outpoints), height)


def known_height(ledger: Ledger, height: int | None) -> int:
    """The height itself, or the tip for None; a sentence where the ledger cannot say."""
    if height is None:
        return ledger.tip
    lowest = int(ledger.blocks["number"].min())
    if isinstance(height, bool) or not hasattr(height, "__index__"):
        raise CointrailError(f"{height!r} is no block height: write a whole number, such as {ledger.tip}.")
    if not lowest <= height <= ledger.tip:
        raise CointrailError(
            f"This ledger has blocks {lowest} to {ledger.tip}. It cannot say anything about height {height}."
        )
    return int(height)


def canonical_address(address: str) -> str:
    """The address as the tables write it; a sentence where it is not valid."""
    return address_of(script_of(address))


def single_address(addresses) -> str | None:
    """The one address an output pays.

    None where a script names no address or several: bitcoin-etl lists every key of a bare multisig, and counting the
    whole value for each of them would count it twice.
    """
    return addresses[0] if len(addresses) == 1 else None


def heights(ledger: Ledger) -> pd.Series:
    """The height of each transaction's block, by txid; made once and kept with the ledger."""
    return _kept(ledger, "_heights", lambda: ledger.transactions.set_index("hash")["block_number"])


def paid_addresses(ledger: Ledger, side: str) -> pd.Series:
    """The single address of each row of `outputs` or `inputs`, or None; made once and kept with the ledger."""
    table = getattr(ledger, side)
    return _kept(ledger, f"_paid_{side}", lambda: table["addresses"].map(single_address))


def whole_history(ledger: Ledger) -> pd.DataFrame:
    """The history of every output up to the tip, with its script's type; made once and kept with the ledger."""
    return _kept(ledger, "_output_history", lambda: _whole_history(ledger))


def _kept(ledger, name, make):
    memory = vars(ledger)
    if name not in memory:
        memory[name] = make()
    return memory[name]


def _whole_history(ledger):
    outputs, inputs = ledger.outputs, ledger.inputs
    made = pd.DataFrame(
        {
            "outpoint": _outpoints(outputs["transaction_hash"], outputs["index"]),
            "value": outputs["value"],
            "address": paid_addresses(ledger, "outputs"),
            "type": outputs["type"],
            "height": outputs["transaction_hash"].map(heights(ledger)),
        }
    )
    spent = pd.DataFrame(
        {
            "outpoint": _outpoints(inputs["spent_transaction_hash"], inputs["spent_output_index"]),
            "spent_height": inputs["transaction_hash"].map(heights(ledger)).astype("Int64"),
            "spent_by": inputs["transaction_hash"],
        }
    )
    return made.merge(spent, how="left", on="outpoint")


def _history(ledger, *, address, height):
    """What was known at a height: later outputs are left out, later spends are not yet there."""
    known = whole_history(ledger)
    chosen = known["height"] <= height
    if address is not None:
        chosen &= known["address"] == canonical_address(address)
    known = known[chosen].reset_index(drop=True)
    later = (known["spent_height"] > height).fillna(False).astype(bool)
    known.loc[later, ["spent_height", "spent_by"]] = [pd.NA, None]
    return known


def _outpoints(txids, vouts):
    return txids.str.cat(vouts.astype(str), sep=":")


def _why_unknown(ledger, name, height):
    later = _history(ledger, address=None, height=ledger.tip).set_index("outpoint")["height"]
    if name in later.index and later[name] > height:
        return f"At height {height} there is no output {name} yet: it was made only in block {later[name]}."
    return f"At height {height} this ledger has no output {name}. Copy the outpoint again."


def _chosen(ledger, history, outpoints, height):
    known = history.set_index("outpoint")
    for name in outpoints:
        if not re.fullmatch(r"[0-9a-f]{64}:\d+", str(name)):
            raise CointrailError(f"{name!r} is no outpoint. Write the txid, a colon and the output's number.")
        if name not in known.index:
            raise CointrailError(_why_unknown(ledger, name, height))
    return known.loc[outpoints].reset_index()
