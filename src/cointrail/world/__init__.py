"""The simulator: makes synthetic worlds on real consensus rules, and judges them.

Nothing a learner imports imports this package: it knows the truth. Making a world needs the extra ``world``
(coincurve); verifying one and `sample_ledger` do not.
"""

from importlib import import_module

__all__ = ["make_world", "sample_ledger", "verify_world", "write_world"]

_MODULES = {"make_world": "make", "write_world": "make", "verify_world": "verify", "sample_ledger": "sample"}


def __getattr__(name: str):
    if name not in _MODULES:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    return getattr(import_module(f"{__name__}.{_MODULES[name]}"), name)
