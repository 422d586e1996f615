"""Snapshots of a market: prices and feedback as captured, and the least that the feedback lets one say about revenue.

Feedback is what buyers left, not what was sold: some leave none, and a page shows old feedback again in the next
snapshot. A sum of feedback is a lower bound only if nothing in it is counted twice and no price in it is invented
(Christin, WWW 2013; Soska and Christin, USENIX Security 2015).
"""

import json
from collections.abc import Iterable

import pandas as pd

from cointrail.errors import CointrailError

__all__ = ["HOLDING", "minimum_revenue", "read_snapshots", "seen_first"]

# A price this many times the listing's lowest one is a holding price: it tells buyers not to order.
HOLDING = 10
_SAME = ["seller", "day", "buyer", "words"]


def read_snapshots(snapshots: Iterable[str]) -> tuple[pd.DataFrame, pd.DataFrame]:
    """The listings and the feedback of captured market pages.

    Parameters
    ----------
    snapshots : iterable of str
        The JSON text of each capture.

    Returns
    -------
    listings : DataFrame
        One row for each listing in each capture: captured (UTC), listing, seller, title, price (whole units of the
        market's currency).
    feedback : DataFrame
        One row for each feedback in each capture: captured, listing, seller, day, buyer (masked), words.

    Raises
    ------
    CointrailError
        A text is no such capture.

    Examples
    --------
    >>> page = {"captured": "2026-03-24T05:00:00Z", "listings": [
    ...     {"listing": "Q1", "seller": "x", "title": "a", "price": 400}], "feedback": []}
    >>> read_snapshots([json.dumps(page)])[0]["price"].tolist()
    [400]
    """
    listings, feedback = [], []
    for number, text in enumerate(snapshots, 1):
        try:
            page = json.loads(text)
            moment = page["captured"]
            listings += [{"captured": moment, **row} for row in page["listings"]]
            feedback += [{"captured": moment, **row} for row in page["feedback"]]
        except (ValueError, KeyError, TypeError) as error:
            raise CointrailError(f"Snapshot {number} is no capture of a market page: {error}.") from error
    columns = ["captured", "listing", "seller", "day", "buyer", "words"]
    return pd.DataFrame(listings), pd.DataFrame(feedback, columns=columns)


def seen_first(feedback: pd.DataFrame) -> pd.DataFrame:
    """Each feedback once, where it was first captured: the same seller, day, buyer and words are one feedback."""
    return feedback.sort_values("captured", kind="stable").drop_duplicates(_SAME).reset_index(drop=True)


def minimum_revenue(
    listings: pd.DataFrame, feedback: pd.DataFrame, *, duplicates: str, holding_prices: str
) -> pd.DataFrame:
    """Feedback times the price shown in the same capture, by seller, the largest first.

    Parameters
    ----------
    listings, feedback : DataFrame
        As `read_snapshots` returns them.
    duplicates : str
        "leave out" (each feedback once) or "count" (as often as it is shown).
    holding_prices : str
        "leave out" or "count": what to do with feedback beside a holding price, `HOLDING` times the listing's lowest.

    Returns
    -------
    DataFrame
        Columns seller, feedback (number counted) and revenue (whole units of the market's currency).

    Raises
    ------
    CointrailError
        A choice does not exist.

    Examples
    --------
    >>> page = {"captured": "2026-03-24T05:00:00Z", "listings": [
    ...     {"listing": "Q1", "seller": "x", "title": "a", "price": 400}], "feedback": [
    ...     {"listing": "Q1", "seller": "x", "day": "2026-03-20", "buyer": "b*1", "words": "arrived"}]}
    >>> tables = read_snapshots([json.dumps(page)])
    >>> minimum_revenue(*tables, duplicates="leave out", holding_prices="leave out")["revenue"].tolist()
    [400]
    """
    for name, given in (("duplicates", duplicates), ("holding_prices", holding_prices)):
        if given not in ("leave out", "count"):
            raise CointrailError(f"{name}={given!r} is no choice. Write one of: leave out, count.")
    rows = seen_first(feedback) if duplicates == "leave out" else feedback
    priced = rows.merge(listings[["captured", "listing", "price"]], on=["captured", "listing"])
    if holding_prices == "leave out":
        lowest = listings.groupby("listing")["price"].min()
        priced = priced[priced["price"] < HOLDING * priced["listing"].map(lowest)]
    sums = priced.groupby("seller")["price"].agg(feedback="size", revenue="sum").reset_index()
    return sums.sort_values(["revenue", "seller"], ascending=[False, True]).reset_index(drop=True)
