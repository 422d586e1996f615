"""Union-find on integer arrays: the kernel below co-spend clustering. Its plain twin is `plain.co_spend`.

Every address points to an address of its cluster with a smaller number; the smallest points to itself. Joining makes
the larger root point to the smaller, so that the result does not depend on the order of the transactions.
"""

import numpy as np
from numba import njit

__all__ = ["flatten", "join_co_spends", "join_pairs"]


@njit(cache=True)
def _root(parent, address):
    """The root above an address; on the way each address is made to point past its parent, if there is more above."""
    up = parent[address]
    while up != address:
        top = parent[up]
        if top != up:  # nothing is written where nothing changes: most addresses stand directly below their root
            parent[address] = top
        address, up = up, top
    return address


@njit(cache=True)
def join_co_spends(parent, input_start, input_address, left_out, first, last):
    """Join the input addresses of each of the transactions from first to last - 1; -1 is no address."""
    for t in range(first, last):
        begin, end = input_start[t], input_start[t + 1]
        if end - begin < 2 or left_out[t]:
            continue
        low = np.int32(-1)
        for i in range(begin, end):
            other = input_address[i]
            if other < 0:
                continue
            other = _root(parent, other)
            if low < 0:
                low = other
            elif other < low:
                parent[low] = other
                low = other
            elif low < other:
                parent[other] = low


@njit(cache=True)
def join_pairs(parent, one, two):
    """Join each address of one list with the address at the same place of the other."""
    for i in range(one.size):
        a, b = _root(parent, one[i]), _root(parent, two[i])
        if a < b:
            parent[b] = a
        elif b < a:
            parent[a] = b


@njit(cache=True)
def flatten(parent):
    """Point every address straight to its root; one pass does, because parents have smaller numbers."""
    for address in range(parent.size):
        parent[address] = parent[parent[address]]
