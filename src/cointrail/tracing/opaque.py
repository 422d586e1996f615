"""SYN-OPAQUE, a stand-in for a coin that hides sender, receiver and amount: only its entries and exits are seen.

Nothing links an entry to an exit. All that can be counted is how many exits could fit.
"""

from datetime import timedelta

import pandas as pd

from cointrail.errors import CointrailError
from cointrail.ledger.store import checked_path
from cointrail.ledger.token_ledger import load_token_manifest

__all__ = ["load_opaque", "possible_exits"]


def load_opaque(world: str) -> pd.DataFrame:
    """Entries and exits of SYN-OPAQUE, in order of time.

    Returns
    -------
    DataFrame
        Columns time (UTC), side ("entry" or "exit"), service, transaction_hash and address (on the account chain),
        asset and value (base units, Python int).

    Raises
    ------
    CointrailError
        The world has no such table, or the file is not the published one.

    Examples
    --------
    >>> sorted(set(load_opaque("glass_harbour")["side"]))
    ['entry', 'exit']
    """
    file = checked_path(world, "opaque.csv", manifest=load_token_manifest(world), folder="evm")
    table = pd.read_csv(file, comment="#", dtype=str)
    units = pd.Series([int(value) for value in table["value"]], dtype=object)
    return table.assign(time=pd.to_datetime(table["time"]), value=units)


def possible_exits(world: str, entry: str, *, days: int = 28, least: float = 0.94) -> pd.DataFrame:
    """The exits that could be the other end of an entry: later, within some days, and not much smaller.

    Parameters
    ----------
    world : str
    entry : str
        Transaction hash of an entry.
    days : int
        How long after the entry an exit may come.
    least : float
        The smallest share of the entry's amount that may come out (the swapper keeps a fee).

    Returns
    -------
    DataFrame
        Rows of `load_opaque`. That a row fits is no link: the table counts possibilities.

    Raises
    ------
    CointrailError
        There is no such entry.

    Examples
    --------
    >>> table = load_opaque("glass_harbour")
    >>> entry = table.loc[table["side"] == "entry", "transaction_hash"].iloc[0]
    >>> (possible_exits("glass_harbour", entry)["side"] == "exit").all()
    np.True_
    """
    table = load_opaque(world)
    found = table[(table["side"] == "entry") & (table["transaction_hash"] == entry)]
    if found.empty:
        raise CointrailError(f"{entry} is no entry into SYN-OPAQUE in {world}. Copy its full transaction hash.")
    start, value = found["time"].iloc[0], found["value"].iloc[0]
    late = (table["time"] > start) & (table["time"] <= start + timedelta(days=days)) & (table["side"] == "exit")
    fits = table["value"].map(lambda units: value * least <= units <= value)
    return table[late & fits].reset_index(drop=True)
