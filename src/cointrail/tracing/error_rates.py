"""How often a method is wrong: measured against labels, with an interval, and never to be quoted in a case.

Error rates hold for the data they were measured on. Every result here carries `NOTE` and prints it.

Decisions about independently drawn items get a Wilson interval. Clusters are measured in `cluster_error`.
"""

from collections.abc import Callable
from dataclasses import dataclass
from math import sqrt
from statistics import NormalDist

import numpy as np
import pandas as pd

from cointrail.errors import CointrailError

__all__ = ["NOTE", "Rate", "calibration", "measure", "need_columns", "share", "wilson_interval"]

NOTE = "measured on training data; not quotable in a case"


@dataclass(frozen=True)
class Rate:
    """A share with the numbers behind it.

    Attributes
    ----------
    name : str
    value : float
        From 0 to 1; nan where there was nothing to measure.
    low, high : float
        A 95 % interval, or nan where none was asked for.
    n : int
        How many items were counted.
    note : str
        What the number may be used for.
    """

    name: str
    value: float
    low: float
    high: float
    n: int
    note: str = NOTE

    def __str__(self):
        interval = "" if np.isnan(self.low) else f" (95 % interval {self.low:.3f} to {self.high:.3f})"
        return f"{self.name}: {self.value:.3f}{interval}, n = {self.n}; {self.note}"

    __repr__ = __str__


def wilson_interval(right: int, n: int, *, confidence: float = 0.95) -> tuple[float, float]:
    """Wilson's score interval for `right` of n independently drawn items; (0, 1) for n = 0.

    Raises
    ------
    CointrailError
        `right` is not from 0 to n.

    References
    ----------
    Wilson 1927.

    Examples
    --------
    >>> low, high = wilson_interval(9, 10)
    >>> round(low, 3), round(high, 3)
    (0.596, 0.982)
    """
    if not 0 <= right <= n:
        raise CointrailError(f"{right} of {n} is no share: the first number must be from 0 to the second.")
    if n == 0:
        return 0.0, 1.0
    z, share = NormalDist().inv_cdf((1 + confidence) / 2), right / n
    middle = (share + z * z / (2 * n)) / (1 + z * z / n)
    half = z * sqrt(share * (1 - share) / n + z * z / (4 * n * n)) / (1 + z * z / n)
    return max(0.0, middle - half), min(1.0, middle + half)


def share(name: str, hits: int, n: int) -> Rate:
    """So many of n independently drawn items, with Wilson's interval and the sentence that every rate bears.

    Raises
    ------
    CointrailError
        `hits` is not from 0 to n.

    Examples
    --------
    >>> share("they match", 3, 100)
    they match: 0.030 (95 % interval 0.010 to 0.085), n = 100; measured on training data; not quotable in a case
    """
    hits, n = int(hits), int(n)
    return Rate(name, hits / n if n else float("nan"), *wilson_interval(hits, n), n)


def calibration(confidence, right, *, bins: int = 5) -> pd.DataFrame:
    """Do stated confidences hold? Of the answers stated with 0.8, about 80 % should be right.

    Parameters
    ----------
    confidence : sequence of float
        From 0 to 1; missing where the method abstained.
    right : sequence of bool
    bins : int
        So many steps of equal width.

    Returns
    -------
    DataFrame
        Columns stated (mean confidence), right (share), low and high (Wilson interval), n and note, one row for each
        step with an answer. ``attrs["brier"]`` is the mean squared difference (Brier 1950): 0 is perfect.

    Raises
    ------
    CointrailError
        The lengths differ, or a confidence is not from 0 to 1.

    Examples
    --------
    >>> calibration([0.9, 0.9, 0.9, 0.1], [True, True, False, False])[["stated", "right", "n"]].round(2).values.tolist()
    [[0.1, 0.0, 1.0], [0.9, 0.67, 3.0]]
    """
    stated, hit = np.asarray(confidence, float), np.asarray(right, bool)
    if stated.shape != hit.shape or bins < 1:
        raise CointrailError("confidence and right must have the same length, and bins must be 1 or more.")
    stated, hit = stated[~np.isnan(stated)], hit[~np.isnan(stated)]
    if ((stated < 0) | (stated > 1)).any():
        raise CointrailError("A confidence is a number from 0 to 1: divide per cent by 100.")
    place, rows = np.minimum((stated * bins).astype(int), bins - 1), []
    for one in np.unique(place):
        inside = place == one
        n, good = int(inside.sum()), int(hit[inside].sum())
        rows.append((float(stated[inside].mean()), good / n, *wilson_interval(good, n), n, NOTE))
    table = pd.DataFrame(rows, columns=["stated", "right", "low", "high", "n", "note"])
    table.attrs["brier"] = float(((stated - hit) ** 2).mean()) if len(stated) else float("nan")
    return table


def measure(method: Callable, labels: pd.DataFrame, *, by: str | None = None) -> pd.DataFrame:
    """The error of a method that names one output of a transaction, or abstains.

    Parameters
    ----------
    method : function
        Takes a list of txids and returns a table with the columns txid and vout (missing: it abstains), for example
        ``lambda txids: predict_change(ledger, fresh_address, txids=txids)``.
    labels : DataFrame
        Columns txid and vout (the right answer; missing where there is none), and the column named by `by`.
    by : str, optional
        A column of the labels to measure apart, such as the wallet's style.

    Returns
    -------
    DataFrame
        Columns group ("all", then each value of `by`), asked, answered, right, precision (right of answered), low, high
        (Wilson interval of the precision), coverage (answered of asked) and note.

    Raises
    ------
    CointrailError
        A column is missing, a txid is labelled twice, or the method answers other txids than those asked.

    Examples
    --------
    >>> labels = pd.DataFrame({"txid": ["a", "b", "c"], "vout": [0, 1, 1]})
    >>> first = measure(lambda txids: pd.DataFrame({"txid": txids, "vout": [0, 0, None]}), labels)
    >>> first[["asked", "answered", "right"]].values.tolist()
    [[3, 2, 1]]
    """
    need_columns(labels, ["txid", "vout", *([by] if by else [])], "labels")
    if labels["txid"].duplicated().any():
        raise CointrailError(
            f"The transaction {labels['txid'][labels['txid'].duplicated()].iloc[0]} is labelled twice."
        )
    answers = method(labels["txid"].tolist())
    need_columns(answers, ["txid", "vout"], "the method's answers")
    if answers["txid"].tolist() != labels["txid"].tolist():
        raise CointrailError("The method must answer every txid that it is asked, in the same order.")
    table = pd.DataFrame({"answer": answers["vout"].to_numpy(), "truth": labels["vout"].to_numpy()})
    table["group"] = labels[by].to_numpy() if by else "all"
    rows = [_errors("all", table)] + [_errors(one, part) for one, part in table.groupby("group") if by]
    columns = ["group", "asked", "answered", "right", "precision", "low", "high", "coverage", "note"]
    return pd.DataFrame(rows, columns=columns)


def _errors(group, table):
    answered = table[table["answer"].notna()]
    known = answered[answered["truth"].notna()]
    right, n = int((known["answer"].astype(int) == known["truth"].astype(int)).sum()), len(answered)
    share = right / n if n else float("nan")
    coverage = n / len(table) if len(table) else float("nan")
    return group, len(table), n, right, share, *wilson_interval(right, n), coverage, NOTE


def need_columns(table, columns, name):
    """Refuse a table without these columns, with a sentence."""
    for column in columns:
        if column not in table.columns:
            raise CointrailError(f"The table of {name} has no column {column!r}.")
