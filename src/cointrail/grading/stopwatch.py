"""How long work takes, for every benchmark of the project."""

import time

__all__ = ["best_of"]


def best_of(times: int, work, *, clock=time.perf_counter):
    """Seconds of the quickest of so many runs, and the result of the last; the quickest is least disturbed.

    Examples
    --------
    >>> seconds, result = best_of(3, lambda: sum(range(10)))
    >>> result
    45
    """
    best = float("inf")
    for _ in range(times):
        start = clock()
        result = work()
        best = min(best, clock() - start)
    return best, result
