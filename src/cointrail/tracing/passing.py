"""Where an address passes its coins on: to a service's hot wallet, to a deposit address of that service, or elsewhere.

A deposit address belongs to the service: what arrives is swept into the hot wallet. Somebody who sends all takings to
an own deposit address looks much the same, one step earlier. This table keeps the two apart.
"""

import numpy as np
import pandas as pd

from cointrail.errors import CointrailError
from cointrail.ledger import Ledger
from cointrail.tracing.arrays import address_number, ledger_arrays

__all__ = ["passing_on", "payments_to"]


def passing_on(ledger: Ledger, addresses, *, hot) -> pd.DataFrame:
    """For each address, in how many transactions it passed coins on, and to whom.

    Parameters
    ----------
    ledger : Ledger
    addresses : iterable of str
        The addresses in question.
    hot : iterable of str
        Addresses of one service's hot wallet, known from elsewhere: its own answer, a test deposit.

    Returns
    -------
    DataFrame
        Columns address, arrivals (outputs that paid it), departures (transactions that spend from it), and of these
        to_hot (all outputs pay the hot wallet), to_deposit (all outputs pay addresses that themselves only ever pass
        on to the hot wallet) and elsewhere; together_with: with how many other addresses it was spent at most.

    Raises
    ------
    CointrailError
        No hot address is given, or an address is not in the ledger.

    Notes
    -----
    An address that was never swept yet cannot be told from one that nobody uses.

    Examples
    --------
    >>> from cointrail.ledger import load_ledger
    >>> ledger = load_ledger("primer")
    >>> one, *_, two = ledger.outputs["addresses"].explode().dropna()
    >>> bool(passing_on(ledger, [one], hot=[two])["arrivals"].iloc[0] > 0)
    True
    """
    view, hot = ledger_arrays(ledger), [hot] if isinstance(hot, str) else list(hot)
    if not hot:
        raise CointrailError("No hot address is given: name at least one address of the service's hot wallet.")
    is_hot = np.zeros(len(view.addresses) + 1, bool)
    is_hot[[address_number(ledger, one) for one in hot]] = True
    only_hot = _all_outputs(view, is_hot)
    is_deposit = _only_by(view, only_hot) & ~is_hot
    only_deposit = _all_outputs(view, is_deposit)
    start, spends = view.spending
    arrivals = np.bincount(view.output_address[view.output_address >= 0], minlength=len(view.addresses))
    rows = []
    for address in addresses:
        number = address_number(ledger, address)
        mine = np.unique(spends[start[number] : start[number + 1]])
        others = max((_payers(view, t) - 1 for t in mine.tolist()), default=0)
        counts = int(only_hot[mine].sum()), int(only_deposit[mine].sum())
        rows.append((address, int(arrivals[number]), len(mine), *counts, len(mine) - sum(counts), others))
    columns = ["address", "arrivals", "departures", "to_hot", "to_deposit", "elsewhere", "together_with"]
    return pd.DataFrame(rows, columns=columns)


def payments_to(ledger: Ledger, addresses, *, asset: str = "SYNBTC") -> pd.DataFrame:
    """Every payment to these addresses, in the words of a request: address, txid, time (UTC), asset, amount (satoshi).

    Raises
    ------
    CointrailError
        An address is not in the ledger.

    Examples
    --------
    >>> from cointrail.ledger import load_ledger
    >>> ledger = load_ledger("primer")
    >>> payments_to(ledger, ledger.outputs["addresses"].iloc[0]).columns.tolist()
    ['address', 'txid', 'time', 'asset', 'amount']
    """
    view = ledger_arrays(ledger)
    numbers = [address_number(ledger, address) for address in addresses]
    found = np.flatnonzero(np.isin(view.output_address, numbers))
    t = view.output_tx[found]
    times = ledger.transactions["block_timestamp"].iloc[t]
    return pd.DataFrame(
        {
            "address": view.addresses.to_numpy()[view.output_address[found]],
            "txid": np.asarray(view.txids)[t],
            "time": times.dt.strftime("%Y-%m-%dT%H:%M:%SZ").to_numpy(),
            "asset": asset,
            "amount": view.output_value[found].astype(np.int64),
        }
    )


def _all_outputs(view, chosen):
    """For each transaction: does it spend something, and do all its outputs pay chosen addresses?"""
    other = ~chosen[view.output_address] | (view.output_address < 0)
    count = np.bincount(view.output_tx[other], minlength=len(view.height))
    return (count == 0) & (np.diff(view.input_start) > 0)


def _only_by(view, transactions):
    """For each address (and one place for none): was it spent from, and only by such transactions?"""
    spender = np.repeat(np.arange(len(view.height)), np.diff(view.input_start))
    known, n = view.input_address >= 0, len(view.addresses)
    spends = np.bincount(view.input_address[known], minlength=n)
    by_them = np.bincount(view.input_address[known & transactions[spender]], minlength=n)
    return np.append((spends > 0) & (spends == by_them), False)


def _payers(view, t):
    return len(set(view.input_address[view.input_start[t] : view.input_start[t + 1]].tolist()))
