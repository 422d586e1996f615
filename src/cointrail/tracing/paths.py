"""Paths from some addresses to others: how many there are, and which could have carried most.

A path is a row of outputs, each made by the transaction that spends the one before it; a hop is one transaction. Time
is respected by itself, because nothing is spent before it is made. Paths start at an output of a source address, end at
the first output of a target address, and touch no source, target or stop in between, so that none is counted twice.

"All paths" is no question to ask: in a ledger with a million transactions two addresses can be joined by more paths
than there are atoms. Count them, and look at few.
"""

import heapq
from collections import defaultdict
from itertools import pairwise

import numpy as np
import pandas as pd

from cointrail.errors import CointrailError
from cointrail.ledger import Ledger
from cointrail.tracing.arrays import address_number, ledger_arrays, outpoints, transactions_in_time

__all__ = ["count_paths", "most_valuable_paths"]


def most_valuable_paths(
    ledger: Ledger, sources, targets, *, max_hops: int = 6, k: int = 5, stop=(), max_wait=None, height=None
) -> pd.DataFrame:
    """The k paths that could have carried most, and not more than so many hops long.

    Parameters
    ----------
    ledger : Ledger
    sources, targets : iterables of str
        Addresses, such as two clusters.
    max_hops, k : int
    stop : iterable of str
        Addresses that no path leads through, such as an exchange's.
    max_wait : int, optional
        No coin on the path waits longer, in blocks, before it is spent.
    height : int, optional
        Count blocks up to and with this one; without it, up to the tip.

    Returns
    -------
    DataFrame
        One row for each output of each path: path (1 is the most valuable), carries (satoshi: the smallest value on the
        path, so at most that came through), hop, txid, height, outpoint, address and value. Paths with the same value
        come in ledger order; one through an output of 0 satoshi carries nothing and is left out.

    Raises
    ------
    CointrailError
        An address is not in the ledger, stands on both sides, or a limit is not positive.

    Examples
    --------
    >>> from cointrail.ledger import load_ledger
    >>> ledger = load_ledger("primer")
    >>> paid = [address[0] for address in ledger.outputs["addresses"] if address]
    >>> most_valuable_paths(ledger, paid[:1], paid[-1:], k=1)["path"].nunique() <= 1
    True
    """
    net = _Net(ledger, sources, targets, stop, max_wait, height)
    if max_hops < 1 or k < 1:
        raise CointrailError("max_hops and k must be 1 or more.")
    best = net.best_values(max_hops)
    queue = [(-best[0][coin], (coin,)) for coin in net.starts if best[0][coin]]
    heapq.heapify(queue)
    rows, found = [], 0
    while queue and found < k:
        bound, path = heapq.heappop(queue)
        if len(path) > 1 and net.role[path[-1]] == _TARGET:
            found += 1
            rows += net.rows(found, -bound, path)
            continue
        for coin in net.onward(path[-1]):
            reach = net.reach(coin, best[len(path)])
            if reach:
                heapq.heappush(queue, (-min(-bound, reach), (*path, coin)))
    return pd.DataFrame(rows, columns=["path", "carries", "hop", "txid", "height", "outpoint", "address", "value"])


def count_paths(ledger: Ledger, sources, targets, *, max_hops=None, stop=(), max_wait=None, height=None) -> int:
    """How many different paths there are, counted without walking along them; parameters as for `most_valuable_paths`.

    The number of ways to a transaction is the sum of the ways to the coins that it spends. Counted in ledger order,
    this takes as long as reading the transactions once, however many paths there are.

    Examples
    --------
    >>> from cointrail.ledger import load_ledger
    >>> ledger = load_ledger("primer")
    >>> paid = [address[0] for address in ledger.outputs["addresses"] if address]
    >>> count_paths(ledger, paid[:1], paid[-1:]) >= count_paths(ledger, paid[:1], paid[-1:], max_hops=2)
    True
    """
    net = _Net(ledger, sources, targets, stop, max_wait, height)
    ways, total = defaultdict(lambda: defaultdict(int)), 0
    for coin in net.starts:
        ways[net.spender(coin)][1] += 1
    waiting = sorted(ways)
    while waiting:
        t = heapq.heappop(waiting)
        arrived = ways.pop(t)
        for coin in net.made_by(t):
            if net.role[coin] == _TARGET:
                total += sum(arrived.values())
            elif net.role[coin] == _OPEN and net.spender(coin) >= 0:
                after = net.spender(coin)
                if after not in ways:
                    heapq.heappush(waiting, after)
                _add_hop(ways[after], arrived, max_hops)
    return total


_OPEN, _SOURCE, _TARGET, _STOP = range(4)


class _Net:
    """Outputs as the nodes of a network, each with the role that its address has."""

    def __init__(self, ledger, sources, targets, stop, max_wait, height):
        self.view, self._until = ledger_arrays(ledger), transactions_in_time(ledger, height)
        self._max_wait = max_wait
        role = np.zeros(len(self.view.addresses) + 1, np.int8)
        for part, names in ((_STOP, stop), (_SOURCE, sources), (_TARGET, targets)):
            numbers = [address_number(ledger, name) for name in _listed(names)]
            if part == _TARGET and (role[numbers] == _SOURCE).any():
                raise CointrailError("An address is a source and a target at once: leave it out on one side.")
            role[numbers] = part
        self.role = role[self.view.output_address]
        starts = np.flatnonzero(self.role == _SOURCE).tolist()
        self.starts = [coin for coin in starts if self.spender(coin) >= 0]

    def spender(self, coin):
        """The transaction that spends a coin in time, or -1."""
        t = int(self.view.spent_by[coin])
        if t < 0 or t >= self._until:
            return -1
        waited = self.view.height[t] - self.view.height[self.view.output_tx[coin]]
        return -1 if self._max_wait is not None and waited > self._max_wait else t

    def made_by(self, t):
        return range(int(self.view.output_start[t]), int(self.view.output_start[t + 1]))

    def onward(self, coin):
        t = self.spender(coin)
        return self.made_by(t) if t >= 0 else ()

    def reach(self, coin, best):
        """The most that can come to a target through a coin; 0 if nothing can, in the hops that are left."""
        return int(self.view.output_value[coin]) if self.role[coin] == _TARGET else best.get(coin, 0)

    def best_values(self, max_hops):
        """For each hop, the most that each coin reached there can bring to a target; from the last hop back."""
        layers = [dict.fromkeys(self.starts, 0)]
        for _ in range(max_hops):
            onward = (one for coin in layers[-1] for one in self.onward(coin) if self.role[one] == _OPEN)
            layers.append(dict.fromkeys(onward, 0))
        layers[-1].clear()
        for layer, after in reversed(list(pairwise(layers))):
            for coin in layer:
                through = max((self.reach(one, after) for one in self.onward(coin)), default=0)
                layer[coin] = min(int(self.view.output_value[coin]), through)
        return layers

    def rows(self, number, carries, path):
        view, t = self.view, self.view.output_tx[list(path)]
        owners = view.output_address[list(path)]
        names = [view.addresses[one] if one >= 0 else None for one in owners]
        values, places = view.output_value[list(path)].tolist(), outpoints(view, np.array(path))
        columns = zip(view.txids[t], view.height[t].tolist(), places, names, values, strict=True)
        return [(number, carries, hop, *column) for hop, column in enumerate(columns)]


def _add_hop(ways, arrived, max_hops):
    for hops, number in arrived.items():
        if max_hops is None:
            ways[1] += number
        elif hops < max_hops:
            ways[hops + 1] += number


def _listed(names):
    if isinstance(names, str):
        raise CointrailError("Write addresses as a list, for example [address].")
    return list(names)
