"""Names on markets and forums: which may belong to one person, and how many independent signs say so.

A sign is a property that two names share: the same e-mail, the same camera, a valid signature by the same key. Which
properties count is the reader's choice, because some can be copied, and some are shared by strangers. Groups follow
from pairs: if a joins b and b joins c, all three stand together, so one wrong pair spoils a whole group.
"""

from collections.abc import Iterable
from itertools import combinations

import pandas as pd

from cointrail.errors import CointrailError

__all__ = ["group_handles", "shared_signs"]


def shared_signs(handles: pd.DataFrame, *, signs: Iterable[str]) -> pd.DataFrame:
    """The pairs of handles that share a sign, those with the most first.

    Parameters
    ----------
    handles : DataFrame
        One row for each handle: a column `handle`, and one for each property; an empty field is no sign.
    signs : iterable of str
        The columns that count.

    Returns
    -------
    DataFrame
        Columns one, other, count and signs (the names of the columns in which the two agree).

    Raises
    ------
    CointrailError
        A column does not exist, or a handle stands in the table twice.

    Examples
    --------
    >>> table = pd.DataFrame({"handle": ["a", "b", "c"], "email": ["x@mail.example", "x@mail.example", None]})
    >>> shared_signs(table, signs=["email"])[["one", "other", "count"]].values.tolist()
    [['a', 'b', 1]]
    """
    signs = [signs] if isinstance(signs, str) else list(signs)
    unknown = [name for name in ("handle", *signs) if name not in handles.columns]
    if unknown:
        raise CointrailError(f"There is no column {unknown[0]!r}. There are: {', '.join(handles.columns)}.")
    rows = {row["handle"]: row for row in handles.to_dict("records")}
    if len(rows) < len(handles):
        raise CointrailError("A handle stands in the table twice. Keep one row for each.")
    pairs = [(one, other, [name for name in signs if _same(rows[one], rows[other], name)])
             for one, other in combinations(rows, 2)]  # fmt: skip
    found = [(one, other, len(shared), ", ".join(shared)) for one, other, shared in pairs if shared]
    found.sort(key=lambda pair: -pair[2])
    return pd.DataFrame(found, columns=["one", "other", "count", "signs"])


def _same(one, other, name):
    return isinstance(one[name], str) and one[name] != "" and one[name] == other[name]


def group_handles(handles: Iterable[str], pairs: pd.DataFrame, *, at_least: int = 1) -> list[set[str]]:
    """Groups of handles: those joined by pairs with enough signs stand together, the others alone.

    Parameters
    ----------
    handles : iterable of str
        All names, also those that no pair holds.
    pairs : DataFrame
        As `shared_signs` returns it.
    at_least : int
        How many signs a pair needs.

    Raises
    ------
    CointrailError
        `at_least` is below 1.

    Examples
    --------
    >>> pairs = pd.DataFrame({"one": ["a"], "other": ["b"], "count": [2]})
    >>> [sorted(group) for group in group_handles("abc", pairs, at_least=2)]
    [['a', 'b'], ['c']]
    """
    if at_least < 1:
        raise CointrailError("A pair needs at least one sign: at_least is 1 or more.")
    groups = [{name} for name in handles]
    for pair in pairs[pairs["count"] >= at_least].itertuples():
        touched = [group for group in groups if group & {pair.one, pair.other}]
        groups = [group for group in groups if group not in touched] + [set().union(*touched)]
    return sorted(groups, key=lambda group: (-len(group), min(group)))
