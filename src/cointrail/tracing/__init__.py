"""Methods on a ledger: fees, outputs and balances over time, and the value of a list of sales."""

from cointrail.tracing.balances import (
    Seen,
    balance_at,
    first_and_last_seen,
    statement,
    total_received,
    total_spent,
)
from cointrail.tracing.fees import fee
from cointrail.tracing.outputs import outpoint, output_history, unspent_outputs
from cointrail.tracing.prices import load_prices, price_on, worth
from cointrail.tracing.proceeds import proceeds, value_sales

__all__ = [
    "Seen",
    "balance_at",
    "fee",
    "first_and_last_seen",
    "load_prices",
    "outpoint",
    "output_history",
    "price_on",
    "proceeds",
    "statement",
    "total_received",
    "total_spent",
    "unspent_outputs",
    "value_sales",
    "worth",
]
