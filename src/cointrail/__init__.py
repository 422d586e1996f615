"""Cointrail: follow the money through synthetic cryptocurrency ledgers, and measure your own error.

A lesson begins with `from cointrail import ...`; everything here is loaded when it is first used.
"""

import importlib

from cointrail.errors import CointrailError

_HOME = {
    "load_ledger": "cointrail.ledger",
    "load_token_ledger": "cointrail.ledger",
    "open_case": "cointrail.exercises",
    "check": "cointrail.exercises",
    "hint": "cointrail.exercises",
    "progress": "cointrail.exercises.progress",
}

__all__ = ["CointrailError", *_HOME]
__version__ = "0.1.0"


def __getattr__(name):
    if name not in _HOME:
        raise AttributeError(f"module 'cointrail' has no attribute {name!r}")
    return getattr(importlib.import_module(_HOME[name]), name)


def __dir__():
    return __all__
