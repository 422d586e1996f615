"""The value of a list of sales in local money, under rules that the investigator names.

Nothing is chosen silently: whose day sets the price, which outputs count and what happens to a sale that never reached
a block are arguments without a default. Each sale is rounded to 0.01 (half up), then the sales are added.
"""

import re
from decimal import Decimal

import pandas as pd

from cointrail.errors import CointrailError
from cointrail.ledger import Ledger
from cointrail.tracing.outputs import canonical_address, single_address
from cointrail.tracing.prices import price_on, worth

__all__ = ["proceeds", "value_sales"]


def proceeds(
    ledger: Ledger, sales: pd.DataFrame, prices: pd.DataFrame, *, address: str, day: str, outputs: str, pending: str
) -> Decimal:
    """The sum of the sales in local money; the same arguments as `value_sales`, which shows every row."""
    table = value_sales(ledger, sales, prices, address=address, day=day, outputs=outputs, pending=pending)
    return sum(table["value_ARV"], Decimal("0.00"))


def value_sales(
    ledger: Ledger, sales: pd.DataFrame, prices: pd.DataFrame, *, address: str, day: str, outputs: str, pending: str
) -> pd.DataFrame:
    """Value each sale under the named rules.

    Parameters
    ----------
    ledger : Ledger
    sales : DataFrame
        Columns sale, txid, local_time (text, the wall clock of the place) and claimed (satoshi).
    prices : DataFrame
        From `load_prices`: one price for each UTC day.
    address : str
        Where the sales were to be paid.
    day : str
        Whose calendar day sets the price: ``"block"`` for the UTC day of the block that confirmed the payment,
        ``"local"`` for the day in local_time, or one date for all sales, such as ``"2026-03-20"``.
    outputs : str
        ``"address"`` counts the outputs that pay the address, ``"all"`` every output of the transaction.
    pending : str
        A sale whose txid is in no block: ``"leave out"``, or ``"claimed"`` to believe the claimed amount; it has no
        block, so that the day of its local_time stands in.

    Returns
    -------
    DataFrame
        Columns sale, txid, height, day, satoshi, price and value_ARV (Decimal).

    Raises
    ------
    CointrailError
        A rule is unknown, the address is not valid, or a day has no price.
    """
    _check_choice("outputs", outputs, ("address", "all"))
    _check_choice("pending", pending, ("leave out", "claimed"))
    if day not in ("block", "local") and not (isinstance(day, str) and re.fullmatch(r"\d{4}-\d\d-\d\d", day)):
        raise CointrailError(f'day={day!r} is no rule: choose "block", "local", or a date such as "2026-03-20".')
    address = canonical_address(address)
    confirmed = set(ledger.transactions["hash"])
    rows = [
        _row(ledger, sale, prices, address=address, day=day, outputs=outputs, confirmed=sale.txid in confirmed)
        for sale in sales.itertuples()
        if sale.txid in confirmed or pending == "claimed"
    ]
    table = pd.DataFrame(rows, columns=["sale", "txid", "height", "day", "satoshi", "price", "value_ARV"])
    return table.astype({"height": "Int64"})


def _check_choice(name, value, choices):
    if value not in choices:
        listed = " or ".join(f'"{choice}"' for choice in choices)
        raise CointrailError(f"{name}={value!r} is no rule: choose {listed}.")


def _row(ledger, sale, prices, *, address, day, outputs, confirmed):
    height, value, date = None, int(sale.claimed), sale.local_time[:10]
    if confirmed:
        transaction = ledger.transaction(sale.txid)
        height, value = transaction["block_number"], _paid(ledger, sale.txid, address, outputs)
        if day == "block":
            date = transaction["block_timestamp"].strftime("%Y-%m-%d")
    if day not in ("block", "local"):
        date = day
    price = price_on(prices, date)
    return sale.sale, sale.txid, height, date, value, price, worth(value, price)


def _paid(ledger, txid, address, outputs):
    made = ledger.outputs_of(txid)
    if outputs == "address":
        made = made[made["addresses"].map(single_address) == address]
    return int(made["value"].sum())
