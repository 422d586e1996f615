"""Compile the kernels once, so that the first call in a lesson does not wait for it.

numba keeps what it compiled in a cache on disk: beside the sources, or in the user's own folder where those may not be
written. `cointrail lab` and `cointrail doctor` fill it once; every later Python process only reads it. The grader fills
it, lends it to its sandbox, and loads the kernels there before it forks, so that no hand-in waits.
"""

import shutil
from pathlib import Path

import numpy as np

from cointrail.ledger import store
from cointrail.ledger.token_ledger import warm_token_ledgers
from cointrail.tracing.accounts import block_times, contracts_of, makers_of
from cointrail.tracing.arrays import ledger_arrays
from cointrail.tracing.consent import transfer_consent
from cointrail.tracing.holdings import coin_table
from cointrail.tracing.outputs import paid_addresses, whole_history
from cointrail.tracing.taint_kernels import RULES, haircut_kernel, order_kernel, poison_kernel
from cointrail.tracing.union_find import flatten, join_co_spends, join_pairs

__all__ = ["compile_kernels", "kernels_are_compiled", "warm_kernels", "warm_ledgers"]

KERNELS = (join_co_spends, join_pairs, flatten, poison_kernel, haircut_kernel, order_kernel)


def warm_kernels() -> None:
    """Run every kernel on a ledger of two transactions, with the types that real ledgers have.

    Examples
    --------
    >>> warm_kernels()
    """
    _borrow_compiled()
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


def kernels_are_compiled() -> bool:
    """Does numba's cache hold the kernels of these sources already? Then `warm_kernels` takes about a second.

    Examples
    --------
    >>> warm_kernels()
    >>> kernels_are_compiled()
    True
    """
    return all(map(_is_compiled, KERNELS))


def compile_kernels(say=print) -> None:
    """Compile what is not compiled yet, and say so, because it takes a while; nothing happens where all is there."""
    if not kernels_are_compiled():
        say("Compiling the tracing methods, once: this takes about 15 seconds ...")
        warm_kernels()


def warm_ledgers() -> None:
    """Load every world and make what lessons ask first of its ledgers, before notebooks are forked."""
    for ledger in store.warm_ledgers().values():
        ledger.make_indexes()
        whole_history(ledger)
        paid_addresses(ledger, "inputs")
        ledger_arrays(ledger)
    for tokens in warm_token_ledgers().values():
        coin_table(tokens)
        transfer_consent(tokens)
        contracts_of(tokens)
        makers_of(tokens)
        block_times(tokens)


def _borrow_compiled():
    """In a sandbox the sources are read-only: copy what lies compiled beside them to where numba looks."""
    for kernel in KERNELS:
        beside = _source(kernel).parent / "__pycache__"
        if _cache_of(kernel) != beside:
            for file in beside.glob(f"{_source(kernel).stem}.*.nb[ic]"):
                if not (_cache_of(kernel) / file.name).exists():
                    shutil.copyfile(file, _cache_of(kernel) / file.name)


def _is_compiled(kernel):
    made = [file.stat().st_mtime for file in _cache_of(kernel).glob(f"{_name(kernel)}*.nbc")]
    return bool(made) and max(made) >= _source(kernel).stat().st_mtime


def _cache_of(kernel):
    return Path(kernel.stats.cache_path)


def _source(kernel):
    return Path(kernel.py_func.__code__.co_filename)


def _name(kernel):
    return f"{_source(kernel).stem}.{kernel.py_func.__name__}-"
