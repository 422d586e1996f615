"""Compile the kernels once, so that the first call in a lesson does not wait for it.

numba keeps what it compiled in a cache on disk; `cointrail lab`, `cointrail doctor` and the grader's parent process
call this, and every later Python process only reads the cache.
"""

import numpy as np

from cointrail.tracing.taint_kernels import RULES
from cointrail.tracing.union_find import flatten, join_co_spends, join_pairs

__all__ = ["warm_kernels"]


def warm_kernels() -> None:
    """Run every kernel on a ledger of two transactions, with the types that real ledgers have.

    Examples
    --------
    >>> warm_kernels()
    """
    parent, inputs = np.arange(2, dtype=np.int32), np.array([0, 1], np.int32)
    mask, start = np.zeros(2, np.uint8), np.array([0, 0, 2])
    join_co_spends(parent, start, inputs, mask, 0, 2)
    join_pairs(parent, inputs, inputs)
    flatten(parent)
    into, out = (start, inputs), (np.array([0, 2, 4]), np.arange(4, dtype=np.int32))
    value, source, stop = np.array([3, 7, 4, 6]), np.array([1, 0, 0, 0], np.uint8), np.zeros(4, np.uint8)
    for sides in ((*into, *out), (*out, *into)):
        facts = np.arange(2), *sides, value, source, stop
        for rule in RULES.values():
            rule(*facts)
