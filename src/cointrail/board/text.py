"""Amounts, ids and tables as a person reads them. For looking only: compute with the unshortened values."""

import re
from decimal import Decimal

import pandas as pd

__all__ = ["btc", "readable", "short"]

SATOSHI_IN_A_BITCOIN = 10**8
# pandas cuts texts at 50 characters; what a register says of an exhibit's source must be readable whole
pd.set_option("display.max_colwidth", 120)

_LONG_HEX = re.compile(r"[0-9a-f]{64}(:\d+)?")
_ADDRESS = re.compile(r"(bcrt1|[mn2])[0-9a-zA-Z]{25,}")


def btc(satoshi: int) -> str:
    """An amount in bitcoin, exact to the last satoshi.

    >>> btc(-150_000)
    '-0.00150000 BTC'
    """
    whole, rest = divmod(abs(int(satoshi)), SATOSHI_IN_A_BITCOIN)
    return f"{'-' if satoshi < 0 else ''}{whole}.{rest:08d} BTC"


def short(text: str) -> str:
    """A txid, outpoint or address by its two ends; any other text as it is.

    Two different addresses can look alike when shortened: never compare shortened ones.

    >>> short("ab" * 32 + ":1")
    'ababab…ababab:1'
    """
    text = str(text)
    if _LONG_HEX.fullmatch(text):
        txid, colon, vout = text.partition(":")
        return f"{txid[:6]}…{txid[-6:]}{colon}{vout}"
    return f"{text[:10]}…{text[-6:]}" if _ADDRESS.fullmatch(text) else text


def readable(table: pd.DataFrame) -> pd.DataFrame:
    """The same table for the eye: ids shortened, thousands separated, times to the minute, empty cells as a dash.

    Rows are counted from 0, unless the table's index has a name.
    """
    text = table.apply(lambda column: column.map(_cell))
    return text if table.index.name else text.reset_index(drop=True)


def _cell(cell):
    if isinstance(cell, (list, tuple)):
        return ", ".join(map(short, cell))
    if pd.isna(cell):
        return "–"
    if isinstance(cell, pd.Timestamp):
        return f"{cell:%Y-%m-%d %H:%M}"
    if isinstance(cell, bool):
        return "yes" if cell else "no"
    if hasattr(cell, "__index__") or isinstance(cell, Decimal):
        return f"{cell:,}"
    return short(cell)
