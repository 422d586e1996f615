"""Both ends of a swap or a bridge: what went into a service on one chain, and what came out of it on the other.

A swapper names nothing: amount, time and fee must do. The price that it applied is that of some hour before the block,
and it keeps a part. Every pair that fits within the window gets a score; a pair is named only where it is clearly the
best for both of its ends, because a false link accuses a stranger. A bridge writes down the other end itself: then read
it (`bridge_records`), and score nothing.
"""

from datetime import timedelta
from decimal import Decimal
from typing import NamedTuple

import numpy as np
import pandas as pd

from cointrail.errors import CointrailError

__all__ = ["USUAL_RULE", "CrossingRule", "crossing_candidates", "match_crossings"]

_NEEDED = ("end", "timestamp", "amount")


class CrossingRule(NamedTuple):
    """What is assumed about a service; each assumption is stated, and can be doubted.

    Attributes
    ----------
    fee : Decimal
        The part that the service keeps, such as 0.003.
    earliest, latest : timedelta
        How long after the paying end's block the other end's may come. Negative where the slow chain's block may be
        later than the other end.
    price_lag : timedelta
        The price may be that of any hour so long before the block of the bitcoin end.
    tolerance : Decimal
        The largest relative difference in value that still counts. It must leave room for rounding.
    least : int
        Name no pair with a lower score.
    margin : int
        Name no pair whose rival, at either end, comes closer than so many points.
    """

    fee: Decimal = Decimal("0.003")
    earliest: timedelta = timedelta(hours=-10)
    latest: timedelta = timedelta(hours=16)
    price_lag: timedelta = timedelta(hours=8)
    tolerance: Decimal = Decimal("0.005")
    least: int = 60
    margin: int = 15


USUAL_RULE = CrossingRule()


def match_crossings(
    coins: pd.DataFrame, tokens: pd.DataFrame, *, way: str, prices: pd.DataFrame, rates: dict, rule=USUAL_RULE
) -> pd.DataFrame:
    """The one other end of each paying end, or None where none or several fit.

    Parameters
    ----------
    coins, tokens : DataFrame
        The ends on the UTXO chain and on the account chain, from `coin_ends` and `token_ends`: columns end (its name),
        timestamp and amount (satoshi; units), and for `tokens` symbol and decimals.
    way : {"out", "in"}
        "out": bitcoin is paid in, tokens come out. "in": tokens are paid in, bitcoin comes out.
    prices : DataFrame
        Columns hour and price (for one bitcoin), from `load_hourly_prices`.
    rates : dict
        What one whole token is worth in the money of the prices, by symbol, such as ``{"ARVD": Decimal(1)}``. Tokens of
        other symbols are left out.
    rule : CrossingRule
        Without it, the values above.

    Returns
    -------
    DataFrame
        One row for each paying end, in the order given: source, destination (None where it cannot be told), score (0 to
        100, of the best candidate; missing where there is none), rivals (other candidates) and reason.

    Raises
    ------
    CointrailError
        A column is missing, an end is listed twice, the way is unknown, or no price or rate fits.

    Notes
    -----
    score = 100 x (1 - difference / tolerance), where difference is the relative difference between what came out and
    what should have: the value at the best hour's price, less the fee. It ranks; it is no probability. Scores of
    practitioners' tools are made in the same way (a window, a tolerance, 0 to 100).

    Examples
    --------
    >>> hour = pd.Timestamp("2026-03-01T10:00Z")
    >>> coins = pd.DataFrame({"end": ["a:0"], "timestamp": [hour], "amount": [1_000_000]})
    >>> tokens = pd.DataFrame({"end": ["t"], "timestamp": [hour], "amount": [199_400_000], "symbol": ["ARVD"],
    ...                        "decimals": [6]})
    >>> prices = pd.DataFrame({"hour": [hour], "price": [Decimal(20_000)]})
    >>> match_crossings(coins, tokens, way="out", prices=prices, rates={"ARVD": 1})[["destination", "score"]].iloc[0, 0]
    't'
    """
    found = crossing_candidates(coins, tokens, way=way, prices=prices, rates=rates, rule=rule)
    sources = coins["end"] if way == "out" else tokens.loc[tokens["symbol"].isin(rates), "end"]
    by_source = dict(list(found.groupby("source", sort=False)))
    by_destination = {end: rows.sort_values("score")["score"].tolist() for end, rows in found.groupby("destination")}
    rows = [(end, *_answer(by_source.get(end), by_destination, rule)) for end in sources]
    table = pd.DataFrame(rows, columns=["source", "destination", "score", "rivals", "reason"])
    table["destination"] = pd.Series([row[1] for row in rows], dtype=object)
    return table.astype({"score": "Int64"})


def _answer(rows, by_destination, rule):
    if rows is None:
        return None, pd.NA, 0, "Nothing fits in the window: another service, a longer wait, or another asset."
    best, second = rows.iloc[0], rows.iloc[1]["score"] if len(rows) > 1 else -1
    score, others = int(best["score"]), by_destination[best["destination"]]
    if score < rule.least:
        return None, score, len(rows) - 1, f"The best candidate has {score} of 100 points only."
    if score - second < rule.margin:
        return None, score, len(rows) - 1, "Two other ends fit about equally well: it cannot be told."
    rival = max([one for place, one in enumerate(others) if place != others.index(score)], default=-1)
    if score - rival < rule.margin:
        return None, score, len(rows) - 1, "The other end fits another payment about equally well: it cannot be told."
    return best["destination"], score, len(rows) - 1, "Best for both ends, and no rival comes close."


def crossing_candidates(
    coins: pd.DataFrame, tokens: pd.DataFrame, *, way: str, prices: pd.DataFrame, rates: dict, rule=USUAL_RULE
) -> pd.DataFrame:
    """Every pair of ends that fits, the best first; the same arguments as `match_crossings`.

    Returns
    -------
    DataFrame
        Columns source, rank (from 1), destination, score, difference (relative; negative where less came out than
        expected), price (the hour's that fits best) and delay (from the paying end's block to the other's).
    """
    tokens = _checked(coins, tokens, way, prices, rates)
    value = np.array([_worth(row, rates) for row in tokens.itertuples()], float)
    times, hours = (_plain(table) for table in (tokens["timestamp"], prices["hour"]))
    quotes, rows = prices["price"].astype(float).to_numpy(), []
    keeps = 1 - float(rule.fee) if way == "out" else 1 / (1 - float(rule.fee))
    early, late = (pd.Timedelta(one).to_timedelta64() for one in (rule.earliest, rule.latest))
    for coin, when in zip(coins.itertuples(), _plain(coins["timestamp"]), strict=True):
        delay = times - when if way == "out" else when - times
        asked = (hours <= when) & (hours > when - pd.Timedelta(rule.price_lag).to_timedelta64())
        near = np.flatnonzero((delay >= early) & (delay <= late))
        if not asked.any():
            raise CointrailError(f"There is no price for the hours before {coin.timestamp}: give prices of those days.")
        for place in near:
            off = value[place] / (coin.amount / 1e8 * quotes[asked] * keeps) - 1
            best = int(np.abs(off).argmin())
            ends = (coin.end, tokens["end"].iloc[place])
            rows.append((*(ends if way == "out" else ends[::-1]), float(off[best]), quotes[asked][best], delay[place]))
    table = pd.DataFrame(rows, columns=["source", "destination", "difference", "price", "delay"])
    return _ranked(table.assign(delay=pd.to_timedelta(table["delay"])), rule)


def _ranked(table, rule):
    share = 1 - table["difference"].abs() / float(rule.tolerance)
    table = table.assign(score=(100 * share).round().astype("int64"))[share >= 0]
    table = table.sort_values(["source", "score", "destination"], ascending=[True, False, True], kind="stable")
    table.insert(1, "rank", table.groupby("source").cumcount() + 1)
    return table[["source", "rank", "destination", "score", "difference", "price", "delay"]].reset_index(drop=True)


def _plain(times):
    """Times in UTC as numpy's, which know no zone."""
    return pd.to_datetime(times, utc=True).dt.tz_localize(None).to_numpy()


def _worth(row, rates):
    return float(Decimal(int(row.amount)).scaleb(-int(row.decimals)) * Decimal(rates[row.symbol]))


def _checked(coins, tokens, way, prices, rates):
    for name, table, columns in (
        ("coins", coins, _NEEDED),
        ("tokens", tokens, (*_NEEDED, "symbol", "decimals")),
        ("prices", prices, ("hour", "price")),
    ):
        if missing := [column for column in columns if column not in table.columns]:
            raise CointrailError(f"The table of {name} has no column {missing[0]!r}: it needs {', '.join(columns)}.")
        if "end" in columns and (doubled := table["end"][table["end"].duplicated()]).size:
            raise CointrailError(f"The end {doubled.iloc[0]} stands in the table of {name} twice: keep one.")
    if way not in ("out", "in"):
        raise CointrailError(f"way={way!r} is neither 'out' (bitcoin to tokens) nor 'in' (tokens to bitcoin).")
    tokens = tokens[tokens["symbol"].isin(rates)].reset_index(drop=True)
    if tokens.empty:
        raise CointrailError("No token of the table has a rate: give what one is worth, such as {'ARVD': Decimal(1)}.")
    return tokens
