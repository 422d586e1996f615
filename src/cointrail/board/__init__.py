"""What a person looks at: figures with words, readable tables, the balance slider.

Each name loads its module when it is first used, so that a graded notebook, which draws nothing, loads no drawing.
"""

import importlib

from cointrail.board.text import btc, readable, short

_LATER = {
    "Board": "board",
    "balance_sentence": "balance",
    "balance_slider": "balance",
    "open_board": "saved",
    "show": "figures",
    "show_balance": "balance",
    "show_cluster_growth": "charts",
    "show_flow": "charts",
    "show_peel_chain": "charts",
    "show_rates": "charts",
    "show_taint": "charts",
    "show_custody": "case_figures",
    "show_layers": "web",
    "show_links": "case_figures",
    "show_page": "web",
    "show_transaction": "transaction",
}

__all__ = ["btc", "readable", "short", *_LATER]


def __getattr__(name):
    if name not in _LATER:
        raise AttributeError(f"module 'cointrail.board' has no attribute {name!r}")
    return getattr(importlib.import_module(f"cointrail.board.{_LATER[name]}"), name)


def __dir__():
    return __all__
