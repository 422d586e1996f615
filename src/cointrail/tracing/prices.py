"""Daily prices of a world, and what an amount was worth: exact decimals, rounded half up to 0.01.

Prices are those of the course's fictional market, in ARV for one bitcoin, one closing price for each UTC day.
"""

from decimal import ROUND_HALF_UP, Decimal, localcontext

import pandas as pd

from cointrail.errors import CointrailError
from cointrail.ledger import checked_path

__all__ = ["load_exchange_rates", "load_hourly_prices", "load_prices", "price_on", "worth"]

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
    table = pd.read_csv(checked_path(world, "prices.csv"), comment="#", dtype=str)
    return table.assign(price=table["price"].map(Decimal))


def load_exchange_rates(world: str) -> pd.DataFrame:
    """What one unit of a foreign currency was worth in the world's own, by day.

    Returns
    -------
    DataFrame
        Columns date (text, a UTC day), currency, and arv (Decimal).

    Raises
    ------
    CointrailError
        There is no such world, or it has no such file.

    Examples
    --------
    >>> load_exchange_rates("glass_harbour")["currency"].unique().tolist()
    ['SEL', 'TOR']
    """
    table = pd.read_csv(checked_path(world, "exchange_rates.csv"), comment="#", dtype=str)
    return table.assign(arv=table["arv"].map(Decimal))


def load_hourly_prices(world: str) -> pd.DataFrame:
    """The price at the start of each hour of a world that has them, after checking the file against the manifest.

    Returns
    -------
    DataFrame
        Columns hour (time, UTC), currency and price (Decimal, for one bitcoin).

    Raises
    ------
    CointrailError
        There is no such world, or it has no prices_hourly.csv, or not the published one.

    Examples
    --------
    >>> load_hourly_prices("glass_harbour")["hour"].is_monotonic_increasing
    True
    """
    table = pd.read_csv(checked_path(world, "prices_hourly.csv"), comment="#", dtype=str)
    return table.assign(hour=pd.to_datetime(table["hour"], utc=True), price=table["price"].map(Decimal))


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
            f"There is no price for {str(date)!r}. The table has {prices['date'].min()} to {prices['date'].max()}: "
            "write a day in this form, as text, in UTC."
        )
    return found.iloc[0]


def worth(satoshi: int, price: Decimal) -> Decimal:
    """What an amount is worth at a price for one bitcoin, rounded to 0.01; half a cent is rounded up.

    >>> worth(1_000_000, Decimal("50000.50"))
    Decimal('500.01')
    """
    with localcontext(prec=40):
        return (satoshi * price / SATOSHI_IN_A_BITCOIN).quantize(Decimal("0.01"), rounding=ROUND_HALF_UP)
