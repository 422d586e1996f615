"""Practice data of Day 0: a cash book that is invented anew for each docket, and nobody's evidence."""

import hashlib

import pandas as pd

__all__ = ["cash_book"]

PAYERS = ("Amber", "Birch", "Clover", "Dahlia", "Elder", "Fern", "Gorse", "Hazel")
WAYS = ("cash", "cash", "cash", "transfer")
ROWS = 80
LARGE = 500
# An edition in which no two ways of counting give the same result, in neither docket of primer.
PRINT = 17


def cash_book(docket: str) -> pd.DataFrame:
    """A cash book of spring 2026, one row a payment.

    Parameters
    ----------
    docket : str
        Whose; another letter, another book.

    Returns
    -------
    DataFrame
        Columns day (text), payer, way ("cash" or "transfer") and amount (whole ARV), in order of the day.

    Examples
    --------
    >>> cash_book("A").columns.tolist(), len(cash_book("A"))
    (['day', 'payer', 'way', 'amount'], 80)
    """
    rows = [_row(docket, number) for number in range(ROWS)]
    return pd.DataFrame(sorted(rows), columns=["day", "payer", "way", "amount"])


def _row(docket, number):
    draw = hashlib.sha256(f"cash book {docket}/{number}/{PRINT}".encode()).digest()
    # Small squares favour the first names, so that totals differ; every seventh amount is exactly the limit.
    payer = PAYERS[draw[0] * draw[1] * len(PAYERS) >> 16]
    amount = LARGE if number % 7 == 0 else 20 + int.from_bytes(draw[2:4], "big") % 98 * 10
    day = f"2026-{2 + draw[4] % 3:02d}-{1 + draw[5] % 28:02d}"
    return day, payer, WAYS[draw[6] % len(WAYS)], amount
