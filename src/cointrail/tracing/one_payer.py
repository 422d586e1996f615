"""One payer and many payees: an exchange's batch of withdrawals, a payroll, and the classes of lesson 4.2.

A batch looks like a CoinJoin from afar. What tells them apart: one payer (few input addresses, change back to the
wallet, a hot wallet that spends often), and for a payroll the same payees again.
"""

import numpy as np
import pandas as pd

from cointrail.ledger import Ledger
from cointrail.tracing.arrays import transaction_numbers
from cointrail.tracing.coinjoin import coinjoins, has_one_payer
from cointrail.tracing.shapes import Shapes

__all__ = ["batches", "classify_transactions"]


def batches(ledger: Ledger, *, payees: int = 5, height: int | None = None) -> pd.DataFrame:
    """Transactions of one payer to many payees.

    Parameters
    ----------
    ledger : Ledger
    payees : int
        At least so many outputs for an exchange batch; a payroll, known by its repetition, needs three.
    height : int, optional
        Count blocks up to and with this one; without it, up to the tip.

    Returns
    -------
    DataFrame
        Columns txid, height, kind (exchange_batch or payroll), rule (in words), confidence, payees and value (satoshi,
        all outputs). Kinds are shapes: a donation drive or a mining pool can have the same.

    Raises
    ------
    CointrailError
        The ledger does not reach that height.

    Examples
    --------
    >>> from cointrail.ledger import load_ledger
    >>> sorted(set(batches(load_ledger("primer"))["kind"]) - {"exchange_batch", "payroll"})
    []
    """
    shapes = Shapes(ledger, height=height)
    mixed = set(coinjoins(ledger, height=height)["txid"])
    wide = np.flatnonzero((shapes.input_count > 0) & (shapes.output_count >= 3)).tolist()
    wide = [t for t in wide if shapes.view.txids[t] not in mixed]
    again, rows = _paid_again(shapes, wide), []
    for t in wide:
        shape = shapes.of(t)
        if t in again:
            kind, rule, confidence = "payroll", again[t], 0.6
        elif len(shape.out_values) >= payees and (sign := _one_payer(shapes, shape)):
            kind, rule, confidence = "exchange_batch", sign, 0.5
        else:
            continue
        row = (kind, rule, confidence, len(shape.out_values), sum(shape.out_values))
        rows.append((shapes.view.txids[t], int(shapes.view.height[t]), *row))
    return pd.DataFrame(rows, columns=["txid", "height", "kind", "rule", "confidence", "payees", "value"])


def classify_transactions(ledger: Ledger, *, txids=None, height: int | None = None) -> pd.DataFrame:
    """The class of each transaction: coinjoin, exchange_batch, payroll or none.

    Parameters
    ----------
    ledger : Ledger
    txids : iterable of str, optional
        Only these, in this order; without it, all.
    height : int, optional
        As in `coinjoins`.

    Returns
    -------
    DataFrame
        Columns txid, kind, rule and confidence; rule is empty and confidence missing where nothing was seen.

    Raises
    ------
    CointrailError
        A txid is unknown, or the ledger does not reach that height.
    """
    found = pd.concat([coinjoins(ledger, height=height).assign(kind="coinjoin"), batches(ledger, height=height)])
    table = pd.DataFrame({"txid": ledger.transactions["hash"]})
    table = table.merge(found[["txid", "kind", "rule", "confidence"]], how="left", on="txid")
    table = table.fillna({"kind": "none", "rule": ""})
    if txids is None:
        return table
    return table.iloc[transaction_numbers(ledger, txids)].reset_index(drop=True)


def _one_payer(shapes, shape):
    payers = set(shape.in_addresses)
    if len(payers) <= 2:
        return f"{len(shape.out_values)} outputs from {len(payers)} input addresses"
    count = shape.repeated[0][1] if shape.repeated else 0
    others = len(shape.out_values) - count
    few = f"{count} equal outputs, but too few others ({others}) for everybody's change"
    return has_one_payer(shapes, shape) or (few if count > 2 and others < count - 1 else "")


def _paid_again(shapes, wide):
    """Transactions whose payees, or whose amounts, another one pays together as well; and what is the same, in words.

    Wages go to the same people: to the same addresses, or in the same different amounts where each asks for a fresh
    address. Two payees or three amounts must be common, and half of both.
    """
    payees, amounts = {}, {}
    for t in wide:
        shape = shapes.of(t)
        payees[t] = {a for a in shape.out_addresses if a >= 0} - set(shape.in_addresses)
        amounts[t] = set(shape.out_values)
    same_amounts = _common(amounts, least=3)
    found = {t: f"{common} of {len(amounts[t])} amounts are paid together again" for t, common in same_amounts.items()}
    counts = {t: len(shapes.of(t).out_values) for t in wide}
    same_payees = _common(payees, least=2)
    return found | {t: f"{common} of {counts[t]} payees are paid together again" for t, common in same_payees.items()}


def _common(parts, least):
    """Transaction -> how many of its parts another one has as well: at least so many, and half of both."""
    last, result = {}, {}
    for t, mine in parts.items():
        for other in {last[one] for one in mine if one in last}:
            common = len(mine & parts[other])
            if common >= least and 2 * common >= max(len(mine), len(parts[other])):
                result[t], result[other] = max(common, result.get(t, 0)), max(common, result.get(other, 0))
        last |= dict.fromkeys(mine, t)
    return result
