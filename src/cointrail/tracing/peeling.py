"""Peel chains: a large coin pays a small amount again and again, each time from the change of the time before.

The rule, after Hopline (2026): one input, two outputs, the smaller at most half of the larger and at least 1,000
satoshi; the larger is followed. It is the opposite of the rule of optimal change, and both are only rules. Payments of
546 or 330 satoshi are dust that carries a token or a note: no peel, and a well-known trap.
"""

from typing import NamedTuple

import numpy as np
import pandas as pd

from cointrail.errors import CointrailError
from cointrail.ledger import Ledger
from cointrail.tracing.arrays import outpoints, output_number
from cointrail.tracing.shapes import Shapes

__all__ = ["DUST", "PeelChain", "follow_peel_chain", "peel_chains"]

DUST = 1_000


class PeelChain(NamedTuple):
    """A followed chain.

    Attributes
    ----------
    steps : DataFrame
        Columns txid, height, spent (the outpoint that was followed into the transaction), peeled_to (outpoint), peeled,
        kept_at (outpoint), kept and fee; satoshi.
    total_peeled : int
        Sum of `peeled`.
    stop : str
        Why the chain ends: unspent, service, several inputs, no second output, more than two outputs, dust, or
        no small side.
    end : str
        The outpoint at which it ends.
    """

    steps: pd.DataFrame
    total_peeled: int
    stop: str
    end: str


def follow_peel_chain(ledger: Ledger, start: str, *, stop=(), height: int | None = None, dust: int = DUST) -> PeelChain:
    """Follow a peel chain from an output.

    Parameters
    ----------
    ledger : Ledger
    start : str
        The outpoint with the large coin.
    stop : iterable of str
        Addresses of services: the chain ends where the kept coin reaches one.
    height : int, optional
        Count blocks up to and with this one; without it, up to the tip.
    dust : int
        A smaller side below so many satoshi is no peel.

    Raises
    ------
    CointrailError
        The outpoint is not in the ledger, or the ledger does not reach that height.

    Examples
    --------
    >>> from cointrail.ledger import load_ledger
    >>> ledger = load_ledger("primer")
    >>> follow_peel_chain(ledger, f"{ledger.transactions['hash'].iloc[-1]}:0").stop
    'unspent'
    """
    shapes = Shapes(ledger, height=height)
    first, ends = output_number(ledger, start), frozenset(stop)
    if shapes.view.output_tx[first] >= shapes.until:
        raise CointrailError(f"The output {start} is made only after the height asked for.")
    return _follow(shapes, first, ends, dust)


def peel_chains(ledger: Ledger, *, steps: int = 3, height: int | None = None, dust: int = DUST) -> pd.DataFrame:
    """All peel chains of a ledger with at least so many steps, each from its first coin.

    Returns
    -------
    DataFrame
        Columns start and end (outpoints), steps, total_peeled (satoshi), kept (satoshi, at the end), first_height,
        last_height and stop; the longest first.

    Raises
    ------
    CointrailError
        The ledger does not reach that height.
    """
    shapes = Shapes(ledger, height=height)
    two = np.flatnonzero((shapes.input_count == 1) & (shapes.output_count == 2)).tolist()
    kept = {t: step[1] for t in two if (step := _peel(shapes, t, dust))[0] == ""}
    continued, rows = set(kept.values()), []
    for t in kept:
        start = int(shapes.view.spent_output[shapes.view.input_start[t]])
        if start not in continued and _length(shapes.view, kept, t) >= steps:
            chain = _follow(shapes, start, frozenset(), dust)
            heights = chain.steps["height"]
            ends = (int(chain.steps["kept"].iloc[-1]), int(heights.iloc[0]), int(heights.iloc[-1]), chain.stop)
            rows.append(
                (*outpoints(shapes.view, np.array([start])), chain.end, len(heights), chain.total_peeled, *ends)
            )
    names = ["start", "end", "steps", "total_peeled", "kept", "first_height", "last_height", "stop"]
    table = pd.DataFrame(rows, columns=names)
    return table.sort_values("steps", ascending=False, kind="stable").reset_index(drop=True)


def _length(view, kept, t):
    """How many peels follow one another from this one."""
    number = 0
    while t in kept:
        number, t = number + 1, int(view.spent_by[kept[t]])
    return number


def _follow(shapes, coin, ends, dust):
    view, rows = shapes.view, []
    while True:
        t = int(view.spent_by[coin])
        reason = _end_here(shapes, coin, t, ends)
        if not reason:
            reason, large, small = _peel(shapes, t, dust)
        if reason:
            break
        names = outpoints(view, np.array([coin, small, large]))
        peeled, kept = int(view.output_value[small]), int(view.output_value[large])
        fee = int(view.output_value[coin]) - peeled - kept
        rows.append((view.txids[t], int(view.height[t]), names[0], names[1], peeled, names[2], kept, fee))
        coin = large
    columns = ["txid", "height", "spent", "peeled_to", "peeled", "kept_at", "kept", "fee"]
    steps = pd.DataFrame(rows, columns=columns)
    return PeelChain(steps, int(steps["peeled"].sum()), reason, outpoints(view, np.array([coin]))[0])


def _end_here(shapes, coin, t, ends):
    address = shapes.view.output_address[coin]
    if address >= 0 and shapes.view.addresses[address] in ends:
        return "service"
    return "unspent" if t < 0 or t >= shapes.until else ""


def _peel(shapes, t, dust):
    """Why this transaction is no peel ("" if it is one), its larger and its smaller output."""
    made = shapes.outputs_of(t)
    if shapes.input_count[t] > 1:
        return "several inputs", None, None
    if len(made) != 2:
        return ("no second output" if len(made) < 2 else "more than two outputs"), None, None
    values = shapes.view.output_value[made]
    large, small = (made[0], made[1]) if values[0] >= values[1] else (made[1], made[0])
    if values.min() < dust:
        return "dust", None, None
    return ("" if 2 * values.min() <= values.max() else "no small side"), large, small
