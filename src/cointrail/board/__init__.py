"""What a person looks at: figures with words, readable tables, the balance slider."""

from cointrail.board.balance import balance_sentence, balance_slider, show_balance
from cointrail.board.figures import show
from cointrail.board.text import btc, readable, short
from cointrail.board.transaction import show_transaction

__all__ = [
    "balance_sentence",
    "balance_slider",
    "btc",
    "readable",
    "short",
    "show",
    "show_balance",
    "show_transaction",
]
