"""Listings of a market or shop: their class under a schedule, and what to do with each of them first.

A class says what a seller claims to offer. It is no substance: that takes a laboratory. A triage says where to look
first. It is no finding: whoever sells or buys a dual-use chemical may do so for a lawful reason.
"""

from collections.abc import Mapping

import pandas as pd

from cointrail.errors import CointrailError

__all__ = ["ACTIONS_OF_TRIAGE", "CLASSES", "classify_listings", "triage_listings"]

SCHEDULED = ("OPIOID", "OTHER SYNTHETIC", "CONTROLLED PRECURSOR")
CLASSES = (*SCHEDULED, "UNSCHEDULED DUAL-USE", "NOT A DRUG")
ACTIONS_OF_TRIAGE = ("PURSUE", "PRESERVE", "NOT RELEVANT")


def classify_listings(
    listings: pd.DataFrame, schedule: pd.DataFrame, *, other_names: bool, percent: bool
) -> dict[str, str | None]:
    """The class of each listing that fills in its field `substance`.

    Parameters
    ----------
    listings : DataFrame
        Columns listing, substance (text; "no substance" for other goods; empty where the seller left it out) and
        percent (whole number or empty).
    schedule : DataFrame
        Columns substance, also_called, class and from_percent: below that share a mixture is not scheduled.
    other_names : bool
        Does a substance count under its other name, too?
    percent : bool
        Does a mixture below `from_percent` fall out of the schedule?

    Returns
    -------
    dict
        Listing to one of `CLASSES`; None where the field is empty, so that a person must read the offer.

    Raises
    ------
    CointrailError
        A column is missing.

    Examples
    --------
    >>> schedule = pd.DataFrame({"substance": ["ardoline"], "also_called": ["AD"], "class": ["OPIOID"],
    ...                          "from_percent": [0]})
    >>> listings = pd.DataFrame({"listing": ["L1", "L2"], "substance": ["AD", None], "percent": [None, None]})
    >>> classify_listings(listings, schedule, other_names=True, percent=True)
    {'L1': 'OPIOID', 'L2': None}
    """
    _need(listings, ("listing", "substance", "percent"), "list of listings")
    _need(schedule, ("substance", "also_called", "class", "from_percent"), "schedule")
    known = {}
    for row in schedule.to_dict("records"):
        names = (row["substance"], row["also_called"]) if other_names else (row["substance"],)
        known |= {name.lower(): row for name in names if isinstance(name, str)}
    return {row["listing"]: _class(row, known, percent) for row in listings.to_dict("records")}


def _class(row, known, percent):
    named = row["substance"]
    if not isinstance(named, str) or not named.strip():
        return None
    if named == "no substance":
        return "NOT A DRUG"
    entry = known.get(named.lower())
    if entry is None:
        return "UNSCHEDULED DUAL-USE"
    share = row["percent"]
    too_weak = percent and not pd.isna(share) and int(share) < int(entry["from_percent"])
    return "UNSCHEDULED DUAL-USE" if too_weak else entry["class"]


def triage_listings(listings: pd.DataFrame, *, state: str, link: str, taken_down: str, dual_use: str) -> dict[str, str]:
    """What to do with each classified listing, under rules that you choose.

    Parameters
    ----------
    listings : DataFrame
        Columns listing, seller, class, ships_from, ships_to (states with ", " between them) and status ("active" or
        "taken down"). A class may be empty: the offer names nothing.
    state : str
        Whose cell this is.
    link : str
        What links an offer with the state: "from", "to" or "either".
    taken_down : str
        "as active" or "preserve": what to do with a scheduled offer that is no longer there.
    dual_use : str
        Unscheduled dual-use goods: "pursue", "by seller" (preserve where the same seller also offers something
        scheduled) or "leave".

    Returns
    -------
    dict
        Listing to PURSUE, PRESERVE or NOT RELEVANT.

    Raises
    ------
    CointrailError
        A choice or a column does not exist.

    Examples
    --------
    >>> one = pd.DataFrame({"listing": ["L1"], "seller": ["x"], "class": ["OPIOID"], "ships_from": ["SELMORA"],
    ...                     "ships_to": ["ARVANIA, SELMORA"], "status": ["active"]})
    >>> triage_listings(one, state="ARVANIA", link="either", taken_down="preserve", dual_use="by seller")
    {'L1': 'PURSUE'}
    """
    _need(listings, ("listing", "seller", "class", "ships_from", "ships_to", "status"), "list of listings")
    for name, given, choices in (
        ("link", link, ("from", "to", "either")),
        ("taken_down", taken_down, ("as active", "preserve")),
        ("dual_use", dual_use, ("pursue", "by seller", "leave")),
    ):
        if given not in choices:
            raise CointrailError(f"{name}={given!r} is no choice. Write one of: {', '.join(choices)}.")
    rows = listings.to_dict("records")
    serious = {row["seller"] for row in rows if row["class"] in SCHEDULED}
    rule = {"state": state, "link": link, "taken_down": taken_down, "dual_use": dual_use, "serious": serious}
    return {row["listing"]: _action(row, rule) for row in rows}


def _action(row: Mapping, rule: Mapping) -> str:
    kind = row["class"]
    if not isinstance(kind, str):
        return "PRESERVE"
    if kind in SCHEDULED:
        there = row["status"] == "active" or rule["taken_down"] == "as active"
        return "PURSUE" if there and _is_linked(row, rule) else "PRESERVE"
    if kind == "UNSCHEDULED DUAL-USE" and rule["dual_use"] == "pursue":
        return "PURSUE"
    if kind == "UNSCHEDULED DUAL-USE" and rule["dual_use"] == "by seller" and row["seller"] in rule["serious"]:
        return "PRESERVE"
    return "NOT RELEVANT"


def _is_linked(row, rule):
    sides = {"from": row["ships_from"], "to": row["ships_to"], "either": f"{row['ships_from']}, {row['ships_to']}"}
    return rule["state"] in sides[rule["link"]].split(", ")


def _need(table, columns, what):
    missing = [name for name in columns if name not in table.columns]
    if missing:
        raise CointrailError(f"The {what} has no column {missing[0]!r}. It needs {', '.join(columns)}.")
