"""A wallet from its known addresses: all clusters that hold one of them, as one list.

Seeds are joined by what is known outside the ledger (a backup on a phone, a market's book), not by the ledger. So the
list is only as good as the weakest of those sources, and each seed names its own.
"""

from cointrail.errors import CointrailError
from cointrail.ledger import Ledger
from cointrail.tracing.arrays import address_number
from cointrail.tracing.clustering import common_input_ownership

__all__ = ["seed_cluster"]


def seed_cluster(ledger: Ledger, seeds, *, exclude=(), height: int | None = None) -> list[str]:
    """The addresses of all co-spend clusters in which a seed lies, in order of first appearance.

    Parameters
    ----------
    ledger : Ledger
    seeds : iterable of str
        Addresses that other evidence gives to one owner.
    exclude, height
        As in `common_input_ownership`.

    Returns
    -------
    list of str
        Every address once.

    Raises
    ------
    CointrailError
        There is no seed, one is not in the ledger, or as in `common_input_ownership`.

    Examples
    --------
    >>> from cointrail.ledger import load_ledger
    >>> ledger = load_ledger("primer")
    >>> first = ledger.outputs["addresses"].iloc[0][0]
    >>> first in seed_cluster(ledger, [first])
    True
    """
    seeds = [seeds] if isinstance(seeds, str) else list(seeds)
    if not seeds:
        raise CointrailError("There is no seed: name at least one address that is known from other evidence.")
    numbers = [address_number(ledger, seed) for seed in seeds]
    clusters = common_input_ownership(ledger, exclude=exclude, height=height)
    mine = clusters["cluster"].isin(clusters["cluster"].iloc[numbers])
    return clusters.loc[mine, "address"].tolist()
