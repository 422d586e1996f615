"""How well clusters agree with owners: pairs of addresses, B-cubed, and an interval that draws owners.

**Pairwise** counts pairs of addresses, so that one large cluster decides; **B-cubed** asks for each address how much of
its cluster, and of its owner, is right, and averages (Bagga and Baldwin 1998). Addresses of one owner are not
independent: the interval comes from a bootstrap that draws owners.
"""

from collections.abc import Callable

import numpy as np
import pandas as pd

from cointrail.errors import CointrailError
from cointrail.ledger import Ledger
from cointrail.tracing.error_rates import Rate, need_columns

__all__ = ["bcubed", "bootstrap_by_entity", "found_share", "owners_together", "pairwise"]


def pairwise(clusters: pd.DataFrame, truth: pd.DataFrame) -> tuple[Rate, Rate]:
    """Precision and recall over pairs of addresses that a clustering joins, or that one owner has.

    Parameters
    ----------
    clusters : DataFrame
        Columns address and cluster.
    truth : DataFrame
        Columns address and entity. Addresses that are in one table only are left out.

    Raises
    ------
    CointrailError
        A column is missing, an address is there twice, or the tables share no address.

    Examples
    --------
    >>> clusters = pd.DataFrame({"address": list("abcd"), "cluster": [0, 0, 0, 1]})
    >>> truth = pd.DataFrame({"address": list("abcd"), "entity": ["x", "x", "y", "y"]})
    >>> [round(rate.value, 3) for rate in pairwise(clusters, truth)]
    [0.333, 0.5]
    """
    table = _labelled(clusters, truth)
    both, found, owned = (_pairs(table, keys) for keys in (["cluster", "entity"], ["cluster"], ["entity"]))
    return _rate("pairwise precision", both, found), _rate("pairwise recall", both, owned)


def bcubed(clusters: pd.DataFrame, truth: pd.DataFrame) -> tuple[Rate, Rate]:
    """B-cubed precision and recall; parameters and errors as for `pairwise`.

    Examples
    --------
    >>> clusters = pd.DataFrame({"address": list("abcd"), "cluster": [0, 0, 0, 1]})
    >>> truth = pd.DataFrame({"address": list("abcd"), "entity": ["x", "x", "y", "y"]})
    >>> [round(rate.value, 3) for rate in bcubed(clusters, truth)]
    [0.667, 0.75]
    """
    table = _labelled(clusters, truth)
    both, found, owned = (_size(table, keys) for keys in (["cluster", "entity"], ["cluster"], ["entity"]))
    rates = ("B-cubed precision", both / found), ("B-cubed recall", both / owned)
    return tuple(Rate(name, float(share.mean()), np.nan, np.nan, len(table)) for name, share in rates)


def found_share(clusters: pd.DataFrame, truth: pd.DataFrame) -> pd.DataFrame:
    """For each owner, how much of the wallet the largest cluster holds: every owner counts once, large or small.

    The mean of `share` is the figure of Nick (2015), 68.59 % over 37,585 wallets. It weighs owners, B-cubed weighs
    addresses: the two can be far apart on the same clusters.

    Returns
    -------
    DataFrame
        Columns entity, addresses, found (addresses of the owner in the cluster that holds most of them) and share.

    Raises
    ------
    CointrailError
        As for `pairwise`.

    Examples
    --------
    >>> clusters = pd.DataFrame({"address": list("abcd"), "cluster": [0, 0, 1, 2]})
    >>> truth = pd.DataFrame({"address": list("abcd"), "entity": ["x", "x", "x", "y"]})
    >>> found_share(clusters, truth)["share"].round(2).tolist()
    [0.67, 1.0]
    """
    table = _labelled(clusters, truth)
    sizes = table.groupby(["entity", "cluster"]).size().groupby("entity").max()
    rows = pd.DataFrame({"addresses": table.groupby("entity").size(), "found": sizes}).reset_index()
    return rows.assign(share=rows["found"] / rows["addresses"])


def bootstrap_by_entity(
    clusters: pd.DataFrame, truth: pd.DataFrame, *, measure: Callable = bcubed, seed: int, draws: int = 200
) -> tuple[Rate, Rate]:
    """Precision and recall with an interval that knows that addresses of one owner belong together.

    Owners are drawn with replacement, each with what its addresses (or pairs) add to the two rates on the whole table.
    The interval holds the middle 95 % of the draws.

    Parameters
    ----------
    clusters, truth : DataFrame
        As for `pairwise`.
    measure : function
        `bcubed` or `pairwise`.
    seed : int
        The same seed gives the same interval.
    draws : int
        How often to draw.

    Raises
    ------
    CointrailError
        As for `pairwise`; or fewer than two owners, or fewer than two draws.
    """
    table = _labelled(clusters, truth)
    shares = _SHARES.get(measure)
    if shares is None:
        raise CointrailError("measure must be bcubed or pairwise.")
    counts = shares(table).groupby(table["entity"], sort=True).sum().to_numpy()
    if len(counts) < 2 or draws < 2:
        raise CointrailError("A bootstrap needs at least two owners and two draws.")
    drawn = np.random.default_rng(seed).integers(0, len(counts), (draws, len(counts)))
    right_p, all_p, right_r, all_r = counts[drawn].sum(axis=1).T
    with np.errstate(invalid="ignore", divide="ignore"):
        values = np.stack([right_p / all_p, right_r / all_r])
    lows, highs = np.nanpercentile(values, [2.5, 97.5], axis=1)
    whole = measure(clusters, truth)
    return tuple(
        Rate(f"{rate.name}, owners drawn {draws} times", rate.value, float(low), float(high), len(counts))
        for rate, low, high in zip(whole, lows, highs, strict=True)
    )


def _bcubed_shares(table):
    """For each address its part of numerator and denominator of both rates."""
    both, found, owned = (_size(table, keys) for keys in (["cluster", "entity"], ["cluster"], ["entity"]))
    one = pd.Series(1.0, index=table.index)
    return pd.concat([both / found, one, both / owned, one], axis=1)


def _pairwise_shares(table):
    """The same for pairs; half of a pair belongs to each of its addresses."""
    both, found, owned = (_size(table, keys) - 1 for keys in (["cluster", "entity"], ["cluster"], ["entity"]))
    return pd.concat([both, found, both, owned], axis=1) / 2


_SHARES = {bcubed: _bcubed_shares, pairwise: _pairwise_shares}


def _labelled(clusters, truth):
    need_columns(clusters, ["address", "cluster"], "clusters")
    need_columns(truth, ["address", "entity"], "truth")
    for table in (clusters, truth):
        if table["address"].duplicated().any():
            raise CointrailError(
                f"The address {table['address'][table['address'].duplicated()].iloc[0]} is there twice."
            )
    table = clusters[["address", "cluster"]].merge(truth[["address", "entity"]], on="address")
    if table.empty:
        raise CointrailError("The clusters and the truth share no address: are they of the same ledger?")
    return table


def _size(table, keys):
    return table.groupby(keys)["address"].transform("size")


def _pairs(table, keys):
    sizes = table.groupby(keys).size()
    return int((sizes * (sizes - 1) // 2).sum())


def _rate(name, right, n):
    return Rate(name, right / n if n else float("nan"), float("nan"), float("nan"), n)


def owners_together(ledger: Ledger, owners: pd.DataFrame) -> pd.DataFrame:
    """Which transactions were paid by known owners, and by how many of them together.

    What one owner paid alone is no CoinJoin; what several owners paid is one, or a PayJoin: so the labels of owners
    serve to measure a detector of CoinJoins.

    Parameters
    ----------
    ledger : Ledger
    owners : DataFrame
        Columns address and entity, such as ``load_training().addresses``.

    Returns
    -------
    DataFrame
        One row for each transaction with a known payer, in the order of the ledger: txid, owners (how many of the known
        ones), strangers (inputs of others) and entity (the first known owner).

    Raises
    ------
    CointrailError
        A column is missing.

    Examples
    --------
    >>> from cointrail.ledger import load_ledger
    >>> ledger = load_ledger("primer")
    >>> first = ledger.inputs["addresses"].str[0].iloc[0]
    >>> int(owners_together(ledger, pd.DataFrame({"address": [first], "entity": ["x"]}))["owners"].max())
    1
    """
    need_columns(owners, ["address", "entity"], "owners")
    payer = ledger.inputs["addresses"].str[0].map(owners.drop_duplicates("address").set_index("address")["entity"])
    groups = payer.groupby(ledger.inputs["transaction_hash"], sort=False)
    table = groups.agg(owners="nunique", known="count", inputs="size", entity="first").rename_axis("txid").reset_index()
    table["strangers"] = table["inputs"] - table["known"]
    return table.loc[table["owners"] > 0, ["txid", "owners", "strangers", "entity"]].reset_index(drop=True)
