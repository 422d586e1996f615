"""Flow patterns: consolidations, sweeps, fan-in and fan-out, structuring. The words are those of AMLSim.

Each names a shape, and every shape has honest reasons too: shops consolidate, exchanges sweep, charities collect, and
people pay their rent in parts. A payer here is a co-spend cluster, so that a wallet with many addresses counts once.
"""

from collections import Counter
from itertools import pairwise

import numpy as np
import pandas as pd

from cointrail.errors import CointrailError
from cointrail.ledger import Ledger
from cointrail.tracing.arrays import ledger_arrays, transactions_in_time
from cointrail.tracing.clustering import common_input_ownership
from cointrail.tracing.shapes import Shapes

__all__ = ["consolidations", "fan_in", "fan_out", "structuring", "sweeps"]


def consolidations(ledger: Ledger, *, inputs: int = 5, height: int | None = None) -> pd.DataFrame:
    """Transactions that put many coins into one output.

    Returns
    -------
    DataFrame
        Columns txid, height, inputs, addresses (how many different ones were spent from), value and address (the
        output's); satoshi; in ledger order.

    Raises
    ------
    CointrailError
        The ledger does not reach that height.

    Examples
    --------
    >>> from cointrail.ledger import load_ledger
    >>> bool((consolidations(load_ledger("primer"), inputs=3)["inputs"] >= 3).all())
    True
    """
    shapes = Shapes(ledger, height=height)
    found = np.flatnonzero((shapes.input_count >= max(1, inputs)) & (shapes.output_count == 1))
    return _one_output(shapes, found.tolist())


def sweeps(ledger: Ledger, *, height: int | None = None) -> pd.DataFrame:
    """Transactions that empty their addresses into one output, as exchanges do with deposit addresses.

    Returns
    -------
    DataFrame
        As of `consolidations`. A sweep leaves none of its input addresses with a coin when it is confirmed.

    Raises
    ------
    CointrailError
        The ledger does not reach that height.
    """
    shapes = Shapes(ledger, height=height)
    view = shapes.view
    order = np.argsort(view.output_address, kind="stable")
    start = np.searchsorted(view.output_address[order], np.arange(len(view.addresses) + 1))

    def emptied(t):
        for address in set(shapes.of(t).in_addresses):
            paid = order[start[address] : start[address + 1]]
            paid = paid[view.output_tx[paid] <= t]
            if ((view.spent_by[paid] < 0) | (view.spent_by[paid] > t)).any():
                return False
        return True

    single = np.flatnonzero((shapes.input_count >= 1) & (shapes.output_count == 1)).tolist()
    return _one_output(shapes, [t for t in single if emptied(t)])


def fan_in(
    ledger: Ledger, *, payers: int = 5, blocks: int = 144, exclude=(), height: int | None = None
) -> pd.DataFrame:
    """Addresses that many payers pay within a number of blocks.

    Parameters
    ----------
    ledger : Ledger
    payers : int
        At least so many different payers (co-spend clusters).
    blocks : int
        Length of the window; 144 blocks are a day on a chain with one block in ten minutes.
    exclude
        As in `common_input_ownership`, for the clusters.
    height : int, optional
        Count blocks up to and with this one; without it, up to the tip.

    Returns
    -------
    DataFrame
        Columns address, payers, first_height, last_height, payments and value (satoshi) of the window with most payers,
        the earliest of several; most payers first.

    Raises
    ------
    CointrailError
        As in `common_input_ownership`.
    """
    table = _payments(ledger, exclude, height)
    return _windows(ledger, table, "payee", "payer", payers, blocks, ["address", "payers"])


def fan_out(
    ledger: Ledger, *, payees: int = 5, blocks: int = 144, exclude=(), height: int | None = None
) -> pd.DataFrame:
    """Payers that pay many addresses within a number of blocks; parameters as for `fan_in`.

    Returns
    -------
    DataFrame
        Columns address (the payer cluster's first), payees, first_height, last_height, payments and value. Payments
        back to an address of the payer's own cluster do not count; change to a fresh address does.
    """
    table = _payments(ledger, exclude, height)
    return _windows(ledger, table, "payer", "payee", payees, blocks, ["address", "payees"])


def structuring(
    ledger: Ledger,
    *,
    threshold: int,
    payments: int = 3,
    blocks: int = 144,
    margin: int = 20,
    exclude=(),
    height: int | None = None,
) -> pd.DataFrame:
    """Payments of one payer to one address, each a little below a threshold, together above it.

    Parameters
    ----------
    ledger : Ledger
    threshold : int
        Satoshi. Where the law counts local money, convert it at the price of the day.
    payments : int
        At least so many within the window.
    blocks : int
        Length of the window.
    margin : int
        How far below the threshold still counts, in per cent of it.
    exclude, height
        As in `fan_in`.

    Returns
    -------
    DataFrame
        Columns payer (the cluster's first address), address, payments, first_height, last_height and value; the window
        with most payments of each pair, most payments first.

    Raises
    ------
    CointrailError
        The threshold is not a positive whole number; else as in `common_input_ownership`.
    """
    if not isinstance(threshold, int) or threshold <= 0:
        raise CointrailError(f"{threshold!r} is no threshold: write a positive whole number of satoshi.")
    table = _payments(ledger, exclude, height)
    table = table[(table["value"] < threshold) & (100 * table["value"] >= (100 - margin) * threshold)]
    names, rows = ledger_arrays(ledger).addresses, []
    for (payer, payee), heights, each, values in _groups(table, ["payer", "payee"], None):
        low, high, number = _best_window(heights, each, blocks)
        if number >= payments and sum(values[low:high]) >= threshold:
            ends = heights[low], heights[high - 1], sum(values[low:high])
            rows.append((names[payer], names[payee], number, *ends))
    columns = ["payer", "address", "payments", "first_height", "last_height", "value"]
    found = pd.DataFrame(rows, columns=columns)
    return found.sort_values("payments", ascending=False, kind="stable").reset_index(drop=True)


def _one_output(shapes, found):
    rows = []
    for t in found:
        shape, names = shapes.of(t), shapes.view.addresses
        address = names[shape.out_addresses[0]] if shape.out_addresses[0] >= 0 else None
        counts = len(shape.in_values), len(set(shape.in_addresses))
        rows.append((shapes.view.txids[t], int(shapes.view.height[t]), *counts, shape.out_values[0], address))
    return pd.DataFrame(rows, columns=["txid", "height", "inputs", "addresses", "value", "address"])


def _payments(ledger, exclude, height):
    """One row for each output that one cluster pays to an address outside it, in ledger order."""
    view, until = ledger_arrays(ledger), transactions_in_time(ledger, height)
    clusters = common_input_ownership(ledger, exclude=exclude, height=height)["cluster"].to_numpy()
    paid = np.flatnonzero((view.output_tx < until) & (view.output_address >= 0))
    t = view.output_tx[paid]
    paid, t = (one[np.diff(view.input_start)[t] > 0] for one in (paid, t))
    source = view.input_address[view.input_start[t]]
    payee, payer = view.output_address[paid], np.where(source >= 0, clusters[source], -1)
    columns = {"payer": payer, "payee": payee, "height": view.height[t], "value": view.output_value[paid]}
    return pd.DataFrame(columns)[(payer >= 0) & (clusters[payee] != payer)]


def _windows(ledger, table, key, other, least, blocks, names):
    known, rows = ledger_arrays(ledger).addresses, []
    for number, heights, partners, values in _groups(table, [key], other):
        low, high, different = _best_window(heights, partners, blocks) if len(partners) >= least else (0, 0, 0)
        if different >= least:
            ends = heights[low], heights[high - 1], high - low, sum(values[low:high])
            rows.append((known[number[0]], different, *ends))
    found = pd.DataFrame(rows, columns=[*names, "first_height", "last_height", "payments", "value"])
    return found.sort_values(names[1], ascending=False, kind="stable").reset_index(drop=True)


def _groups(table, keys, other):
    """The rows of each key as plain lists, in ledger order: key, heights, partners (the rows' own if None), values."""
    table = table.sort_values(keys, kind="stable")
    partners = table[other].tolist() if other else list(range(len(table)))
    heights, values, names = table["height"].tolist(), table["value"].tolist(), table[keys].to_numpy()
    edges = np.flatnonzero((np.diff(names, axis=0) != 0).any(axis=1)) + 1 if len(table) else []
    for low, high in pairwise([0, *edges, len(table)] if len(table) else []):
        yield names[low].tolist(), heights[low:high], partners[low:high], values[low:high]


def _best_window(heights, partners, blocks):
    """Where the window of so many blocks with most different partners begins and ends, and how many they are."""
    inside, low, best = Counter(), 0, (0, 0, 0)
    for high, partner in enumerate(partners):
        inside[partner] += 1
        while heights[high] - heights[low] >= blocks:
            inside[partners[low]] -= 1
            if not inside[partners[low]]:
                del inside[partners[low]]
            low += 1
        if len(inside) > best[2]:
            best = low, high + 1, len(inside)
    return best
