"""Why a cluster is one: the transactions that join two addresses, those that alone hold it together, its growth.

A cluster is a graph of addresses and the transactions that spend from them together. These answers are what a defence
lawyer asks for, and what a bare cluster number cannot give.
"""

from collections import deque

import pandas as pd

from cointrail.errors import CointrailError
from cointrail.ledger import Ledger
from cointrail.tracing.arrays import address_number, ledger_arrays, transactions_in_time
from cointrail.tracing.clustering import left_out

__all__ = ["bridges", "cluster_growth", "explain_link"]


def explain_link(ledger: Ledger, a: str, b: str, *, exclude=(), height: int | None = None) -> pd.DataFrame:
    """The shortest chain of transactions that puts two addresses into one cluster.

    Parameters
    ----------
    ledger : Ledger
    a, b : str
        Two addresses.
    exclude, height
        As in `common_input_ownership`.

    Returns
    -------
    DataFrame
        Columns txid, height, spends and joins: in this transaction, an input of the address `spends` and one of the
        address `joins` stand side by side. The first row spends from a, the last joins b. Of several shortest chains,
        the one whose transactions come first in the ledger. Empty where a and b are the same address.

    Raises
    ------
    CointrailError
        An address is not in the ledger, or no chain joins the two.

    Examples
    --------
    >>> from cointrail.ledger import load_ledger
    >>> ledger = load_ledger("primer")
    >>> several = ledger.transactions.query("input_count > 1")["hash"].iloc[0]
    >>> first, *_, last = [address[0] for address in ledger.inputs_of(several)["addresses"]]
    >>> len(explain_link(ledger, first, last)) <= 1
    True
    """
    cluster = _Cluster(ledger, exclude, height)
    start, goal = address_number(ledger, a), address_number(ledger, b)
    came = {start: None}
    queue = deque([start])
    while queue and goal not in came:
        address = queue.popleft()
        for t in cluster.spends(address):
            for other in cluster.addresses(t):
                if other not in came:
                    came[other] = (t, address)
                    queue.append(other)
    if goal not in came:
        raise CointrailError(f"No chain of co-spends joins {a} and {b}: they are in different clusters.")
    return cluster.rows(_walk_back(came, goal))


def bridges(ledger: Ledger, address: str, *, exclude=(), height: int | None = None) -> pd.DataFrame:
    """The transactions of an address's cluster without which it falls apart.

    Look at these first when a cluster seems too large: if one of them is a CoinJoin, the parts are strangers.

    Returns
    -------
    DataFrame
        Columns txid, height and parts (the numbers of addresses in the pieces that would remain, largest first);
        the most even split first. Empty if no single transaction holds the cluster together.

    Raises
    ------
    CointrailError
        The address is not in the ledger.

    Notes
    -----
    These are the articulation points of the graph of addresses and transactions (Hopcroft and Tarjan 1973).
    """
    cluster = _Cluster(ledger, exclude, height)
    found = _articulations(cluster, address_number(ledger, address))
    order = sorted(found, key=lambda t: (found[t][0], t))
    rows = [(cluster.view.txids[t], int(cluster.view.height[t]), found[t]) for t in order]
    return pd.DataFrame(rows, columns=["txid", "height", "parts"])


def cluster_growth(ledger: Ledger, address: str, *, exclude=(), height: int | None = None) -> pd.DataFrame:
    """How an address's cluster became what it is: one row for each transaction that made it larger.

    Returns
    -------
    DataFrame
        Columns txid, height, joined (addresses that came in) and addresses (size afterwards), in ledger order.
        A sudden large `joined` deserves a look: two clusters met.

    Raises
    ------
    CointrailError
        The address is not in the ledger.
    """
    cluster = _Cluster(ledger, exclude, height)
    me = address_number(ledger, address)
    group, rows = {}, []
    for t in sorted(cluster.transactions(me)):
        before = len(group.get(me, {me}))
        merged = set().union(*(group.get(one, {one}) for one in cluster.addresses(t)))
        group |= dict.fromkeys(merged, merged)
        if me in merged and len(merged) > before:
            rows.append((cluster.view.txids[t], int(cluster.view.height[t]), len(merged) - before, len(merged)))
    return pd.DataFrame(rows, columns=["txid", "height", "joined", "addresses"])


class _Cluster:
    """The graph of addresses and co-spending transactions, as far as somebody walks in it."""

    def __init__(self, ledger, exclude, height):
        self.view, self._until = ledger_arrays(ledger), transactions_in_time(ledger, height)
        self._left_out = left_out(ledger, exclude)
        self._start, self._spends = self.view.spending

    def spends(self, address):
        mine = self._spends[self._start[address] : self._start[address + 1]].tolist()
        return [t for t in mine if t < self._until and not self._left_out[t]]

    def addresses(self, t):
        inputs = self.view.input_address[self.view.input_start[t] : self.view.input_start[t + 1]].tolist()
        return [address for address in dict.fromkeys(inputs) if address >= 0]

    def transactions(self, address):
        """All transactions that co-spend within an address's cluster."""
        seen, found, queue = {address}, set(), [address]
        while queue:
            for t in self.spends(queue.pop()):
                if t not in found:
                    found.add(t)
                    fresh = [one for one in self.addresses(t) if one not in seen]
                    seen.update(fresh)
                    queue += fresh
        return found

    def rows(self, chain):
        name = self.view.addresses
        rows = [(self.view.txids[t], int(self.view.height[t]), name[one], name[two]) for t, one, two in chain]
        return pd.DataFrame(rows, columns=["txid", "height", "spends", "joins"])


def _walk_back(came, goal):
    chain = []
    while came[goal] is not None:
        t, address = came[goal]
        chain.append((t, address, goal))
        goal = address
    return chain[::-1]


def _articulations(cluster, root):
    """Transaction -> sizes of the pieces without it. Depth-first; a transaction is the node -1 - t."""
    order, low, size, cut = {root: 0}, {root: 0}, {root: 1}, {}
    stack = [(root, None, iter(_neighbours(cluster, root)))]
    while stack:
        node, parent, rest = stack[-1]
        for other in rest:
            if other not in order:
                order[other] = low[other] = len(order)
                size[other] = int(other >= 0)
                stack.append((other, node, iter(_neighbours(cluster, other))))
                break
            if other != parent:
                low[node] = min(low[node], order[other])
        else:
            stack.pop()
            if parent is not None:
                low[parent] = min(low[parent], low[node])
                size[parent] += size[node]
                if parent < 0 and low[node] >= order[parent]:
                    cut.setdefault(-1 - parent, []).append(size[node])
    return {t: sorted([*parts, size[root] - sum(parts)], reverse=True) for t, parts in cut.items()}


def _neighbours(cluster, node):
    return cluster.addresses(-1 - node) if node < 0 else [-1 - t for t in cluster.spends(node)]
