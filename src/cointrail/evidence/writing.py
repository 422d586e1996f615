"""How alike are texts, and how alike are the hours in which two people post.

Both are weak signs: people copy each other's listings, and everybody of one time zone sleeps at the same hours. So they
are given as numbers beside those of other pairs, not as a verdict.
"""

from collections import Counter

import numpy as np
import pandas as pd
from scipy import sparse

from cointrail.errors import CointrailError

__all__ = ["hours_overlap", "text_similarity"]


def text_similarity(texts: dict[str, str], *, sizes: tuple[int, ...] = (3, 4)) -> pd.DataFrame:
    """Cosine similarity of texts by the short runs of characters in them: spelling, blanks, punctuation, endings.

    Parameters
    ----------
    texts : dict
        Name -> text. Runs that many texts have weigh less (tf-idf), so that more texts make a better measure.
    sizes : tuple of int
        Lengths of the runs.

    Returns
    -------
    DataFrame
        Square, names as index and columns; 1 for the same text, 0 for texts that share no run.

    Raises
    ------
    CointrailError
        There is no text, or a size is below 1.

    References
    ----------
    Character n-grams are the usual features of authorship attribution (Stamatatos 2009).

    Examples
    --------
    >>> table = text_similarity({"a": "ships daily, -regards", "b": "ships weekly, -regards", "c": "OLD MAPS."})
    >>> bool(table.loc["a", "b"] > table.loc["a", "c"])
    True
    """
    if not texts or min(sizes, default=0) < 1:
        raise CointrailError("Give at least one text, and lengths of 1 or more.")
    counts = [_runs(text, sizes) for text in texts.values()]
    columns = {run: place for place, run in enumerate(sorted(set().union(*counts)))}
    rows = [(row, columns[run], n) for row, runs in enumerate(counts) for run, n in runs.items()]
    row, column, value = (np.array(one) for one in zip(*rows, strict=True)) if rows else ([], [], [])
    table = sparse.csr_matrix((np.log1p(value), (row, column)), shape=(len(texts), max(1, len(columns))))
    seen = np.asarray((table > 0).sum(axis=0)).ravel()
    weighed = table @ sparse.diags(np.log((1 + len(texts)) / (1 + seen)) + 1)
    length = np.sqrt(np.asarray(weighed.multiply(weighed).sum(axis=1)).ravel())
    scaled = sparse.diags(1 / np.where(length > 0, length, 1)) @ weighed
    return pd.DataFrame((scaled @ scaled.T).toarray().clip(0, 1), index=list(texts), columns=list(texts))


def hours_overlap(one, other) -> float:
    """The share of posts that fall on the same hours of the day (UTC): 1 for the same pattern, 0 for none in common.

    Parameters
    ----------
    one, other : sequence of datetime
        With a zone.

    Raises
    ------
    CointrailError
        There is no time on one side, or one has no zone.

    Examples
    --------
    >>> times = [pd.Timestamp("2026-03-01T08:00Z"), pd.Timestamp("2026-03-02T09:00Z")]
    >>> hours_overlap(times, times[:1])
    0.5
    """
    shares = []
    for times in (one, other):
        if any(time.tzinfo is None for time in times) or not len(times):
            raise CointrailError("Give times with a zone, at least one on each side: 2026-03-20T02:30:00Z.")
        hours = [pd.Timestamp(time).tz_convert("UTC").hour for time in times]
        shares.append(np.bincount(hours, minlength=24) / len(hours))
    return float(np.minimum(*shares).sum())


def _runs(text, sizes):
    text = " ".join(text.split())
    return Counter(text[place : place + size] for size in sizes for place in range(len(text) - size + 1))
