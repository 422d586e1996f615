"""A trail from one output, forward or backward, as a tree in which every branch says why it stops.

A tree shows where to look, not how much belongs to whom: for that, choose a taint rule. Follow nothing past a service:
what happened inside is in its books.
"""

from collections import deque

import numpy as np
import pandas as pd

from cointrail.errors import CointrailError
from cointrail.ledger import Ledger
from cointrail.tracing.arrays import ledger_arrays, outpoints, output_number, transaction_numbers, transactions_in_time

__all__ = ["trace"]


def trace(
    ledger: Ledger,
    start: str,
    *,
    direction: str = "forward",
    max_hops: int = 5,
    stop=(),
    exclude=(),
    least: int = 0,
    widest: int | None = None,
    height: int | None = None,
) -> pd.DataFrame:
    """The tree of outputs that a coin leads to (forward), or that it came from (backward).

    Parameters
    ----------
    ledger : Ledger
    start : str
        An outpoint.
    direction : {"forward", "backward"}
    max_hops : int
        Follow so many transactions from the start.
    stop : iterable of str
        Addresses of services.
    exclude : iterable of str
        Txids that no branch goes through, such as CoinJoins.
    least : int
        Do not follow an output of fewer satoshi.
    widest : int, optional
        Do not follow into a transaction with more outputs (forward) or inputs (backward).
    height : int, optional
        Count blocks up to and with this one; without it, up to the tip.

    Returns
    -------
    DataFrame
        Columns node, parent (node number; -1 for the start), hop, outpoint, address, value (satoshi), height, txid (the
        transaction through which the trail goes on, or would) and reason. The reason is empty where the trail goes on;
        else it is service, unspent, new coins, left out, too wide, small, hop limit, or seen before (another branch
        came there first). Breadth first.

    Raises
    ------
    CointrailError
        The outpoint, a txid or the direction is unknown, or the height is beyond the tip.

    Examples
    --------
    >>> from cointrail.ledger import load_ledger
    >>> ledger = load_ledger("primer")
    >>> tree = trace(ledger, f"{ledger.transactions['hash'].iloc[-1]}:0")
    >>> tree["reason"].tolist()
    ['unspent']
    """
    if direction not in ("forward", "backward"):
        raise CointrailError(f"{direction!r} is no direction: write 'forward' or 'backward'.")
    walk = _Walk(ledger, direction == "forward", stop, exclude, least, widest, height)
    first = output_number(ledger, start)
    if ledger_arrays(ledger).output_tx[first] >= walk.until:
        raise CointrailError(f"The output {start} is made only after the height asked for.")
    rows, seen, queue = [], {first}, deque([(first, -1, 0)])
    while queue:
        coin, parent, hop = queue.popleft()
        repeated = coin < 0
        coin = ~coin if repeated else coin
        t, onward = walk.onward(coin)
        reason = "seen before" if repeated else walk.reason(coin, t, onward) or ("hop limit" if hop == max_hops else "")
        if not reason:
            for other in onward:
                queue.append((~other if other in seen else other, len(rows), hop + 1))
                seen.add(other)
        rows.append((parent, hop, coin, t, reason))
    return walk.table(rows)


class _Walk:
    """The steps of a trail, and the reasons to stop."""

    def __init__(self, ledger, forward, stop, exclude, least, widest, height):
        self.view, self.until = ledger_arrays(ledger), transactions_in_time(ledger, height)
        self._forward, self._least, self._widest = forward, least, widest
        self._stop, self._left_out = frozenset(stop), set(transaction_numbers(ledger, exclude).tolist())

    def onward(self, coin):
        """The next transaction (-1 if there is none) and the outputs behind it."""
        view = self.view
        if self._forward:
            t = int(view.spent_by[coin])
            t = t if t < self.until else -1
            return t, range(int(view.output_start[t]), int(view.output_start[t + 1])) if t >= 0 else ()
        t = int(view.output_tx[coin])
        return t, view.spent_output[view.input_start[t] : view.input_start[t + 1]].tolist()

    def reason(self, coin, t, onward):
        address = self.view.output_address[coin]
        if address >= 0 and self.view.addresses[address] in self._stop:
            return "service"
        if not onward:
            return "unspent" if self._forward else "new coins"
        if t in self._left_out:
            return "left out"
        if self._widest is not None and len(onward) > self._widest:
            return "too wide"
        return "small" if self.view.output_value[coin] < self._least else ""

    def table(self, rows):
        view, (parents, hops, coins, ts, reasons) = self.view, zip(*rows, strict=True)
        coins = np.array(coins)
        columns = {
            "node": range(len(rows)),
            "parent": parents,
            "hop": hops,
            "outpoint": outpoints(view, coins),
            "address": [view.addresses[a] if a >= 0 else None for a in view.output_address[coins]],
            "value": view.output_value[coins],
            "height": view.height[view.output_tx[coins]].astype(np.int64),
            "txid": [view.txids[t] if t >= 0 else None for t in ts],
            "reason": reasons,
        }
        return pd.DataFrame(columns)
