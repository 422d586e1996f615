"""What a seized phrase controls on a ledger: discovery by history, with a gap limit.

A wallet makes addresses one after the other. Recovery walks along them and stops after a gap: 20 addresses in a row
that never received anything (BIP44). "Never received" means no history: an address that was emptied has none of its
balance left and still has its history, so whoever stops at empty addresses stops too early.
"""

import pandas as pd

from cointrail.errors import CointrailError
from cointrail.evidence.descriptors import PURPOSES, read_descriptor, wallet_descriptor
from cointrail.ledger import Ledger
from cointrail.ledger.addresses import address_of

__all__ = ["GAP_LIMIT", "discover_wallet", "wallet_addresses", "wallet_coins"]

GAP_LIMIT = 20
_COLUMNS = ["address", "path", "descriptor", "index", "received", "balance", "first_height", "last_height"]


def wallet_addresses(descriptor: str, *, count: int = GAP_LIMIT) -> list[str]:
    """The first addresses of a descriptor.

    Examples
    --------
    >>> wallet_addresses(wallet_descriptor("abandon " * 11 + "about"), count=1)
    ['bcrt1q6rz28mcfaxtmd6v789l9rrlrusdprr9pz3cppk']
    """
    return list(_walk(read_descriptor(descriptor), count))


def _walk(descriptor, count):
    for index in range(count):
        yield address_of(descriptor.derive(index).script_pubkey().data)


def discover_wallet(
    ledger: Ledger, phrase: str, *, passphrase: str = "", gap_limit: int = GAP_LIMIT, purposes=tuple(PURPOSES)
) -> pd.DataFrame:
    """The addresses of a phrase that have a history on a ledger.

    Parameters
    ----------
    ledger : Ledger
    phrase : str
    passphrase : str, optional
        Another passphrase is another wallet; none is wrong, and none can be told from the phrase.
    gap_limit : int
        How many addresses in a row without history end the walk (BIP44: 20).
    purposes : iterable of int
        Which kinds of path to walk (44, 49, 84, 86); external and change chain of each.

    Returns
    -------
    DataFrame
        address, path, descriptor, index, received and balance (satoshi, at the tip), first_height, last_height; in the
        order of the walk. Empty where the phrase has no history: that does not show that it was never used.

    Raises
    ------
    CointrailError
        The phrase is not valid, or the gap limit is below 1.
    """
    if gap_limit < 1:
        raise CointrailError(f"A gap limit of {gap_limit} walks nowhere: BIP44 uses 20.")
    history = _history(ledger)
    rows = []
    for purpose in purposes:
        for chain in (0, 1):
            line = wallet_descriptor(phrase, purpose=purpose, change=bool(chain), passphrase=passphrase)
            rows += _discovered(line, f"m/{purpose}h/1h/0h/{chain}", history, gap_limit)
    return pd.DataFrame(rows, columns=_COLUMNS)


def _discovered(line, path, history, gap_limit):
    descriptor, index, gap = read_descriptor(line), 0, 0
    while gap < gap_limit:
        address = address_of(descriptor.derive(index).script_pubkey().data)
        if address in history:
            gap = 0
            yield [address, f"{path}/{index}", line, index, *history[address]]
        else:
            gap += 1
        index += 1


def _history(ledger):
    """{address: (received, balance, first height, last height)} of every address with a history."""
    made = _flat(ledger.outputs, ledger)
    spent = _flat(ledger.inputs, ledger)
    received = made.groupby("address")["value"].sum()
    gone = spent.groupby("address")["value"].sum().reindex(received.index, fill_value=0)
    heights = pd.concat([made, spent]).groupby("address")["height"].agg(["min", "max"])
    table = pd.DataFrame({"received": received, "balance": received - gone}).join(heights)
    return {row[0]: tuple(int(value) for value in row[1:]) for row in table.itertuples()}


def _flat(side, ledger):
    heights = ledger.transactions.set_index("hash")["block_number"]
    table = pd.DataFrame({"address": side["addresses"].str[0], "value": side["value"]})
    table["height"] = side["transaction_hash"].map(heights)
    return table.dropna(subset="address")


def wallet_coins(ledger: Ledger, found: pd.DataFrame) -> pd.DataFrame:
    """The unspent outputs of discovered addresses, at the tip: what a payment to the agency must take along.

    Parameters
    ----------
    ledger : Ledger
    found : DataFrame
        As `discover_wallet` returns it.

    Returns
    -------
    DataFrame
        outpoint, value (satoshi), address, descriptor, index.
    """
    names = found.set_index("address")[["descriptor", "index"]]
    spent = set(zip(ledger.inputs["spent_transaction_hash"], ledger.inputs["spent_output_index"], strict=True))
    outputs = ledger.outputs.assign(address=ledger.outputs["addresses"].str[0])
    outputs = outputs[outputs["address"].isin(names.index)]
    rows = [
        [f"{row.transaction_hash}:{row.index}", int(row.value), row.address, *names.loc[row.address]]
        for row in outputs.rename(columns={"index": "vout"}).rename(columns={"vout": "index"}).itertuples(index=False)
        if (row.transaction_hash, row.index) not in spent
    ]
    return pd.DataFrame(rows, columns=["outpoint", "value", "address", "descriptor", "index"])
