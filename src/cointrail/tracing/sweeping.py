"""Addresses of a UTXO ledger whose every coin ends in a sweep to a service: the deposit addresses of `deposits`.

A sweep pays nothing but the service's hot addresses and spends none of them. A payout spends hot addresses, and a
customer's own payment leaves change elsewhere, so that neither looks like one.
"""

from datetime import timedelta

import numpy as np
import pandas as pd

from cointrail.ledger import Ledger
from cointrail.tracing.arrays import LedgerArrays, address_number, ledger_arrays

__all__ = ["swept_addresses"]


def swept_addresses(ledger: Ledger, hot, *, within: timedelta | None = None) -> pd.DataFrame:
    """The addresses whose every spending is a sweep to one of the `hot` addresses.

    Parameters
    ----------
    ledger : Ledger
    hot : iterable of str
    within : timedelta, optional
        Only those that were always swept so soon.

    Returns
    -------
    DataFrame
        Columns address, deposits (outputs that paid it), received (satoshi), sweeps (transactions), together (with how
        many other addresses it was swept at once, at most), first and last (times of deposits, UTC), in the order in
        which the ledger saw them. An address that was always swept alone may be a firm's own that pays all its takings
        in: a service sweeps many customers at once.

    Raises
    ------
    CointrailError
        A hot address is not valid, or the ledger never saw it.

    Examples
    --------
    >>> from cointrail.ledger import load_ledger
    >>> ledger = load_ledger("primer")
    >>> swept_addresses(ledger, ledger.outputs["addresses"].iloc[0]).columns.tolist()
    ['address', 'deposits', 'received', 'sweeps', 'together', 'first', 'last']
    """
    view = ledger_arrays(ledger)
    is_hot = np.zeros(len(view.addresses), bool)
    is_hot[[address_number(ledger, one) for one in hot]] = True
    spender, known = _spenders(view), view.input_address >= 0
    in_sweep = known & _sweeps(view, is_hot, spender)[spender]
    spends, swept = (np.bincount(view.input_address[chosen], minlength=len(is_hot)) for chosen in (known, in_sweep))
    found = (swept > 0) & (swept == spends) & ~is_hot
    if within is not None:
        found[_late(ledger, view, spender, pd.Timedelta(within))] = False
    return _table(ledger, view, found, spender)


def _late(ledger: Ledger, view: LedgerArrays, spender: np.ndarray, within: pd.Timedelta) -> np.ndarray:
    """Numbers of the addresses that once held a coin for longer."""
    times = ledger.transactions["block_timestamp"].to_numpy()
    waited = times[spender] - times[view.output_tx[view.spent_output]]
    late = (waited > within) & (view.input_address >= 0)
    return np.unique(view.input_address[late])


def _spenders(view):
    """The transaction of each input."""
    return np.repeat(np.arange(len(view.height)), np.diff(view.input_start))


def _sweeps(view, is_hot, spender):
    """Which transactions pay nothing but hot addresses, from inputs of which none is hot."""
    hot_out = (view.output_address >= 0) & is_hot[view.output_address]
    hot_in = (view.input_address >= 0) & is_hot[view.input_address]
    n = len(view.height)
    others = np.bincount(view.output_tx[~hot_out], minlength=n) + np.bincount(spender[hot_in], minlength=n)
    return (others == 0) & (np.diff(view.input_start) > 0)


def _table(ledger, view, found, spender):
    paid = np.flatnonzero((view.output_address >= 0) & found[view.output_address])
    spent = np.flatnonzero((view.input_address >= 0) & found[view.input_address])
    deposits = pd.DataFrame(
        {
            "number": view.output_address[paid],
            "value": view.output_value[paid],
            "time": ledger.transactions["block_timestamp"].iloc[view.output_tx[paid]].array,
        }
    ).groupby("number")
    sweeps = pd.DataFrame({"number": view.input_address[spent], "t": spender[spent]}).drop_duplicates()
    sweeps["others"] = sweeps.groupby("t")["number"].transform("size") - 1
    sweeps = sweeps.groupby("number").agg(sweeps=("t", "size"), together=("others", "max"))
    table = deposits.agg(
        deposits=("value", "size"), received=("value", "sum"), first=("time", "min"), last=("time", "max")
    )
    table.insert(2, "sweeps", sweeps["sweeps"])
    table.insert(3, "together", sweeps["together"])
    table.insert(0, "address", view.addresses.to_numpy()[table.index])
    return table.reset_index(drop=True)
