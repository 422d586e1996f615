"""Amounts as people write them in messages: how exact a stated amount is, and when it was written in UTC.

"0.02 BTC" and "0.02000000 BTC" are not the same statement. Whoever writes two decimals has rounded, and every amount
that rounds to them fits; eight decimals name one satoshi.
"""

import re
from decimal import Decimal

import pandas as pd

from cointrail.errors import CointrailError

__all__ = ["stated_amount", "stated_messages"]

_AMOUNT = re.compile(r"(\d{1,8})(?:\.(\d{1,8}))?\s*BTC")


def stated_amount(text: str) -> tuple[int, int]:
    """A stated amount in satoshi, and how far the true one may lie beside it.

    Raises
    ------
    CointrailError
        The text does not hold exactly one amount such as "0.022 BTC".

    Examples
    --------
    >>> stated_amount("0.022 BTC"), stated_amount("0.02212345 BTC")
    ((2200000, 50000), (2212345, 0))
    """
    found = _AMOUNT.findall(text) if isinstance(text, str) else []
    if len(found) != 1:
        raise CointrailError(f"{text!r} does not state one amount: write it so: 0.022 BTC.")
    whole, decimals = found[0]
    satoshi = int(Decimal(f"{whole}.{decimals or 0}") * 10**8)
    return satoshi, 10 ** (8 - len(decimals)) // 2


def stated_messages(listed: pd.DataFrame, *, utc_offset: int) -> pd.DataFrame:
    """Messages about payments in the form that `match_messages` reads.

    Parameters
    ----------
    listed : DataFrame
        Columns message, local_time (text, a wall clock without a zone), stated ("0.022 BTC"; rows without are left out)
        and direction ("in" or "out").
    utc_offset : int
        Hours by which that clock is ahead of UTC.

    Returns
    -------
    DataFrame
        Columns message, time (UTC), amount (satoshi), direction and tolerance (satoshi).

    Raises
    ------
    CointrailError
        A column is missing, a time or an amount cannot be read, or the offset is no whole number of hours.

    Examples
    --------
    >>> row = {"message": "M1", "local_time": "2026-03-01T09:00:00", "stated": "0.02 BTC", "direction": "in"}
    >>> stated_messages(pd.DataFrame([row]), utc_offset=7)["time"].iloc[0].isoformat()
    '2026-03-01T02:00:00+00:00'
    """
    missing = [name for name in ("message", "local_time", "stated", "direction") if name not in listed.columns]
    if missing:
        raise CointrailError(f"The list of messages has no column {missing[0]!r}.")
    if isinstance(utc_offset, bool) or not isinstance(utc_offset, int) or abs(utc_offset) > 14:
        raise CointrailError(f"utc_offset={utc_offset!r}: give the hours that the clock is ahead of UTC, such as 7.")
    rows = listed[listed["stated"].notna()]
    amounts = [stated_amount(text) for text in rows["stated"]]
    return pd.DataFrame(
        {
            "message": rows["message"].tolist(),
            "time": [_utc(text, utc_offset) for text in rows["local_time"]],
            "amount": [satoshi for satoshi, _ in amounts],
            "direction": rows["direction"].tolist(),
            "tolerance": [tolerance for _, tolerance in amounts],
        }
    )


def _utc(text, offset):
    try:
        return pd.Timestamp(text, tz="UTC") - pd.Timedelta(hours=offset)
    except (ValueError, TypeError) as error:
        raise CointrailError(f"{text!r} is no time without a zone: write it so: 2026-03-01T09:00:00.") from error
