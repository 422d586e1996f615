"""Daily prices of a world, and what an amount was worth: exact decimals, rounded half up to 0.01.

Prices are those of the course's fictional market, in ARV for one bitcoin, one closing price for each UTC day.
"""

import hashlib
from decimal import ROUND_HALF_UP, Decimal, localcontext

import pandas as pd

from cointrail.errors import CointrailError
from cointrail.ledger import data_folder, load_manifest

__all__ = ["load_prices", "price_on", "worth"]

SATOSHI_IN_A_BITCOIN = 10**8


def load_prices(world: str) -> pd.DataFrame:
    """The closing prices of a world, after checking the file against the manifest.

    Returns
    -------
    DataFrame
        Columns date (text such as "2026-03-01", a UTC day), currency and price (Decimal, for one bitcoin).

    Raises
    ------
    CointrailError
        There is no such world, or its prices.csv is missing or not the published file.
    """
    published = load_manifest(world)["files"].get("prices.csv", {}).get("sha256")
    file = data_folder() / world / "prices.csv"
    if not file.is_file() or hashlib.sha256(file.read_bytes()).hexdigest() != published:
        raise CointrailError(f"{file} is missing, damaged or changed: copy the world {world} again.")
    return pd.read_csv(file, comment="#", dtype=str).assign(price=lambda table: table["price"].map(Decimal))


def price_on(prices: pd.DataFrame, date: str) -> Decimal:
    """The closing price of one day, written as in "2026-03-01".

    Raises
    ------
    CointrailError
        The table has no price for that day.
    """
    found = prices.loc[prices["date"] == str(date), "price"]
    if found.empty:
        raise CointrailError(
            f"There is no price for {date!r}. The table has {prices['date'].min()} to {prices['date'].max()}."
        )
    return found.iloc[0]


def worth(satoshi: int, price: Decimal) -> Decimal:
    """What an amount is worth at a price for one bitcoin, rounded to 0.01; half a cent is rounded up.

    >>> worth(1_000_000, Decimal("50000.50"))
    Decimal('500.01')
    """
    with localcontext(prec=40):
        return (satoshi * price / SATOSHI_IN_A_BITCOIN).quantize(Decimal("0.01"), rounding=ROUND_HALF_UP)
