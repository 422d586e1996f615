"""Taint: which outputs carry the value of given outputs, under four rules that give four answers to the same facts.

Conventions, for all rules: transactions in ledger order, inputs and outputs in index order, the fee is taken last,
whole satoshis. No rule is the right one; a court or a statute chooses, and the same choice must serve both sides.

========  ==============================================================================================
poison    every output of a transaction with a marked input is marked whole; value is not conserved
haircut   marked satoshis are shared in proportion to value, rounded by largest remainder
fifo      the first satoshi in is the first one out (Clayton's case, 1816)
lifo      the last satoshi in is the first one out: outputs take from the end of the last input
========  ==============================================================================================

Sources: Anderson, Shumailov, Ahmed and Rietmann 2018 (poison, haircut, FIFO); Clayton's case (1816) 1 Mer 572.
"""

from dataclasses import dataclass

import numpy as np
import pandas as pd

from cointrail.errors import CointrailError
from cointrail.ledger import Ledger
from cointrail.tracing.arrays import ledger_arrays, outpoints, output_number, transactions_in_time
from cointrail.tracing.outputs import canonical_address
from cointrail.tracing.taint_kernels import RULES

__all__ = ["Taint", "compare_taint", "fifo", "haircut", "lifo", "poison"]


@dataclass(frozen=True, eq=False)
class Taint:
    """What a taint rule found.

    Attributes
    ----------
    rule, direction : str
    table : DataFrame
        Columns outpoint, address (None where a script has none), height, value, taint (satoshi) and state, one row for
        each marked output, in ledger order. Forward, state is spent, unspent or stopped; backward, it is passed, origin
        (new coins of a miner) or stopped. Taint of a spent or passed output is on its way: never add it to the rest.
    sources : int
        Satoshi at the start.
    ended : dict
        Where they ended, in satoshi: at unspent outputs or origins, at stops, in fees, and under "counted twice" what
        arrived at an output that is itself a source.

    Examples
    --------
    >>> from cointrail.ledger import load_ledger
    >>> ledger = load_ledger("primer")
    >>> found = haircut(ledger, [f"{ledger.transactions['hash'].iloc[0]}:0"])
    >>> found.sources == sum(found.ended.values())
    True
    """

    rule: str
    direction: str
    table: pd.DataFrame
    sources: int
    ended: dict

    @property
    def is_conserved(self) -> bool:
        """Does every satoshi of the sources end somewhere, and none twice? Never for poison with strangers' coins."""
        return self.sources == sum(self.ended.values())


def poison(ledger: Ledger, sources, *, stop=(), direction="forward", height: int | None = None) -> Taint:
    """Mark every output of every transaction that spends a marked output; parameters as for `haircut`.

    The result tells who is connected at all, and soon that is nearly everybody.
    """
    return _taint(ledger, sources, "poison", stop, direction, height)


def haircut(ledger: Ledger, sources, *, stop=(), direction="forward", height: int | None = None) -> Taint:
    """Share marked satoshis among outputs and fee in proportion to value.

    Parameters
    ----------
    ledger : Ledger
    sources : iterable of str
        Outpoints, ``txid:vout``: stolen outputs for a forward trace, or the outputs whose origin is asked for.
    stop : iterable of str
        Addresses where the trail ends, such as an exchange's deposit addresses: behind them the custodian's book says
        who was paid, not the chain. An output that is a source itself is followed all the same.
    direction : {"forward", "backward"}
    height : int, optional
        Count blocks up to and with this one; without it, up to the tip.

    Raises
    ------
    CointrailError
        No source, an outpoint that the ledger does not have at that height, a stop that is no valid address, an unknown
        direction, or a height beyond the tip.

    Examples
    --------
    >>> from cointrail.ledger import load_ledger
    >>> ledger = load_ledger("primer")
    >>> source = f"{ledger.transactions['hash'].iloc[0]}:0"
    >>> haircut(ledger, [source]).is_conserved
    True
    """
    return _taint(ledger, sources, "haircut", stop, direction, height)


def fifo(ledger: Ledger, sources, *, stop=(), direction="forward", height: int | None = None) -> Taint:
    """Let satoshis leave a transaction in the order in which they came; parameters as for `haircut`.

    No satoshi is split, so that forward and backward agree: what of A arrives at B came from A.
    """
    return _taint(ledger, sources, "fifo", stop, direction, height)


def lifo(ledger: Ledger, sources, *, stop=(), direction="forward", height: int | None = None) -> Taint:
    """Let the satoshi that came last leave first; parameters as for `haircut`."""
    return _taint(ledger, sources, "lifo", stop, direction, height)


def compare_taint(ledger: Ledger, sources, *, stop=(), direction="forward", height: int | None = None) -> pd.DataFrame:
    """The same facts under all four rules, side by side; parameters as for `haircut`.

    Returns
    -------
    DataFrame
        Columns outpoint, address, height, value, state, and poison, haircut, fifo, lifo in satoshi; one row for each
        output that any rule marks, in ledger order.

    Examples
    --------
    >>> from cointrail.ledger import load_ledger
    >>> ledger = load_ledger("primer")
    >>> table = compare_taint(ledger, [f"{ledger.transactions['hash'].iloc[0]}:0"])
    >>> table.columns[5:].tolist()
    ['poison', 'haircut', 'fifo', 'lifo']
    """
    run = _Run(ledger, sources, stop, direction, height)
    marks = {rule: run.marks(rule)[0] for rule in RULES}
    table = run.table(np.logical_or.reduce([mark > 0 for mark in marks.values()]))
    coins = table.pop("coin")
    return table.assign(**{rule: mark[coins] for rule, mark in marks.items()})


def _taint(ledger, sources, rule, stop, direction, height):
    run = _Run(ledger, sources, stop, direction, height)
    mark, overlap = run.marks(rule)
    table = run.table(mark > 0)
    table.insert(4, "taint", mark[table.pop("coin")])
    return Taint(rule, direction, table, int(run.value[run.source == 1].sum()), run.ended(mark, overlap))


_STATES = {"forward": ["spent", "unspent", "stopped"], "backward": ["passed", "origin", "stopped"]}


class _Run:
    """One trace's arrays: coins, sources, stops, and the order of the steps."""

    def __init__(self, ledger, sources, stop, direction, height):
        if direction not in _STATES:
            raise CointrailError(f"{direction!r} is no direction: write 'forward' or 'backward'.")
        self.view, self.direction = ledger_arrays(ledger), direction
        self.until, self.value = transactions_in_time(ledger, height), self.view.coin_value
        starts = _source_outputs(ledger, sources, self.until)
        self.source, self.stop = np.zeros(len(self.value), np.uint8), np.zeros(len(self.value), np.uint8)
        self.source[self.view.coin_of(starts)] = 1
        at_stop = np.isin(self.view.output_address, _known_addresses(self.view, stop))
        self.stop[self.view.coin_of(np.flatnonzero(at_stop))] = 1
        self.stop[self.source == 1] = 0
        made = self.view.output_tx[starts]
        self.steps = np.arange(made.min(), self.until) if direction == "forward" else np.arange(made.max(), -1, -1)

    def marks(self, rule):
        view = self.view
        before = view.input_start, view.spent_coin
        after = view.coin_start, view.made_coin
        sides = (*before, *after) if self.direction == "forward" else (*after, *before)
        flag, mark, overlap = RULES[rule](self.steps, *sides, self.value, self.source, self.stop)
        return np.where(flag > 0, mark, 0), overlap

    def table(self, marked):
        view = self.view
        outputs = np.flatnonzero(marked[view.coin_of(np.arange(len(view.output_value)))])
        coins = view.coin_of(outputs)
        names = view.addresses.to_numpy()[view.output_address[outputs]] if len(view.addresses) else None
        columns = {
            "outpoint": outpoints(view, outputs),
            "address": pd.Series(names, dtype=object).where(view.output_address[outputs] >= 0, None),
            "height": view.height[view.output_tx[outputs]].astype(np.int64),
            "value": view.output_value[outputs],
            "state": np.array(_STATES[self.direction], dtype=object)[self._state(outputs)],
            "coin": coins,
        }
        return pd.DataFrame(columns)

    def ended(self, mark, overlap):
        outputs = np.arange(len(self.view.output_value))
        taint, state = mark[self.view.coin_of(outputs)], self._state(outputs)
        _, end, stopped = _STATES[self.direction]
        fees = int(mark[self.view.coin_start[1:] - 1].sum())
        sums = {end: int(taint[state == 1].sum()), stopped: int(taint[state == 2].sum())}
        return sums | ({"fees": fees} if self.direction == "forward" else {}) | {"counted twice": int(overlap)}

    def _state(self, outputs):
        """0 on its way, 1 at the end, 2 at a stop."""
        view, spent_by = self.view, self.view.spent_by[outputs]
        if self.direction == "forward":
            ends = (spent_by < 0) | (spent_by >= self.until)
        else:
            ends = np.diff(view.input_start)[view.output_tx[outputs]] == 0
        return np.where(self.stop[view.coin_of(outputs)] == 1, 2, ends.astype(int))


def _source_outputs(ledger, sources, until):
    if isinstance(sources, str):
        raise CointrailError("sources is one text: write a list of outpoints, for example [outpoint].")
    sources = list(sources)
    if not sources:
        raise CointrailError("There is no source to follow: name at least one outpoint, txid:vout.")
    numbers = np.array([output_number(ledger, source) for source in sources])
    late = ledger_arrays(ledger).output_tx[numbers] >= until
    if late.any():
        raise CointrailError(f"The output {sources[late.argmax()]} is made only after the height asked for.")
    return numbers


def _known_addresses(view, addresses):
    """Numbers of the addresses that the ledger saw; others are valid and have nothing to stop."""
    names = [name if name in view.addresses else canonical_address(name) for name in addresses]
    return [view.addresses.get_loc(name) for name in names if name in view.addresses]
