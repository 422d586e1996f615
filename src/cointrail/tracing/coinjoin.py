"""CoinJoin detectors: which transactions mix the coins of several people, by which rule, and how surely.

Only the shape is looked at. "Is it a CoinJoin" is easier than "which kind": denominations drift, so that the rules look
at the structure first and at the usual denomination only for the confidence. Confidence is this course's statement on
a scale from 0 to 1, after the ladder of GraphSense-lib (2026): Whirlpool 0.6, with lineage 0.9; Wasabi 0.6; JoinMarket
0.49. PayJoin and mixers inside a custodian cannot be seen at all.

A coin's way through a CoinJoin is not a fact: name it as lost, or as one of n.
"""

import numpy as np
import pandas as pd

from cointrail.ledger import Ledger
from cointrail.tracing.shapes import Shape, Shapes

__all__ = ["coinjoins", "has_one_payer", "mixing"]

WHIRLPOOL_POOLS = (100_000, 1_000_000, 5_000_000, 50_000_000)
WHIRLPOOL_MARGIN = 110_000
WASABI_BASE = 10_000_000
WASABI2_SMALLEST = 5_000
# Standard denominations of Wasabi 2: powers of 2, of 3 and twice those, and 1, 2, 5 times powers of 10
WASABI2_VALUES = frozenset(
    factor * base**power
    for base, factors in ((2, (1,)), (3, (1, 2)), (10, (1, 2, 5)))
    for power in range(52)
    for factor in factors
    if WASABI2_SMALLEST <= factor * base**power <= 21 * 10**14
)


def coinjoins(ledger: Ledger, *, height: int | None = None) -> pd.DataFrame:
    """The transactions that look like CoinJoins.

    Parameters
    ----------
    ledger : Ledger
    height : int, optional
        Count blocks up to and with this one; without it, up to the tip.

    Returns
    -------
    DataFrame
        Columns txid, height, kind (whirlpool, wasabi1, wasabi2, joinmarket), rule (what was seen, in words),
        confidence, denomination (satoshi, the most frequent equal value) and participants (how many outputs have it:
        an upper limit of the people, and of the anonymity set).

    Raises
    ------
    CointrailError
        The ledger does not reach that height.

    References
    ----------
    Rules after GraphSense-lib (2026), BlockSci (Kalodner et al. 2020) and Stuetz et al. 2022; denominations of Wasabi 2
    from its own source code.

    Examples
    --------
    >>> from cointrail.ledger import load_ledger
    >>> coinjoins(load_ledger("primer")).empty
    True
    """
    shapes = Shapes(ledger, height=height)
    rows, lineage = [], set()
    for t in np.flatnonzero((shapes.input_count >= 3) & (shapes.output_count >= 3)):
        found = mixing(shapes, int(t), lineage)
        if found:
            rows.append((shapes.view.txids[t], int(shapes.view.height[t]), *found))
            if found[0] == "whirlpool":
                lineage.add(int(t))
    columns = ["txid", "height", "kind", "rule", "confidence", "denomination", "participants"]
    return pd.DataFrame(rows, columns=columns)


def mixing(shapes: Shapes, t: int, lineage=frozenset()):
    """Kind, rule, confidence, denomination and equal outputs of one transaction; None if it does not look mixed."""
    shape = shapes.of(t)
    if not shape.repeated or has_one_payer(shapes, shape):
        return None
    parents = shapes.view.output_tx[
        shapes.view.spent_output[shapes.view.input_start[t] : shapes.view.input_start[t + 1]]
    ]
    return (
        _whirlpool(shape, any(parent in lineage for parent in parents.tolist()))
        or _wasabi2(shape)
        or _wasabi1(shape)
        or _joinmarket(shape)
    )


def has_one_payer(shapes: Shapes, shape: Shape) -> str:
    """Why this is one payer's transaction, whatever its outputs look like; empty text if nothing says so.

    Exchange batches and payrolls have equal outputs too. These signs tell them apart from a CoinJoin.
    """
    value, count = shape.repeated[0] if shape.repeated else (0, 0)
    payers = set(shape.in_addresses)
    if len(payers) < count:
        return f"{count} equal outputs, but only {len(payers)} input addresses"
    if payers & set(shape.out_addresses):
        return "an output pays back to an input address"
    if sum(min(one, value) for one in shape.in_values) < 0.99 * count * value:
        return "the inputs cannot be divided so that each participant brings one equal output"
    if any(len(shapes.spends_by(address)) > 3 for address in payers if address >= 0):
        return "an input address spends in more than three transactions: a hot wallet"
    known = sum(shapes.first_paid[address] < shape.t for address in shape.out_addresses if address >= 0)
    if 2 * known > len(shape.out_addresses):
        return "most outputs pay addresses that were paid before"
    return ""


def _whirlpool(shape, remix):
    size, value = len(shape.in_values), shape.out_values[0]
    extra = [one - value for one in shape.in_values]
    same = len(set(shape.out_values)) == 1 and size == len(shape.out_values) and 5 <= size <= 8
    if not same or not _all_different(shape.in_addresses) or not _all_different(shape.out_addresses):
        return None
    if not all(0 <= one <= WHIRLPOOL_MARGIN for one in extra) or not 1 <= sum(one > 0 for one in extra) <= 4:
        return None
    confidence = 0.9 if remix else 0.6 if value in WHIRLPOOL_POOLS else 0.4
    rule = f"{size} inputs, {size} equal outputs, {sum(one > 0 for one in extra)} newcomers"
    return "whirlpool", rule + (", one input from an earlier round" if remix else ""), confidence, value, size


def _wasabi2(shape):
    repeated = shape.repeated
    standard = sum(value in WASABI2_VALUES for value, _ in repeated)
    if len(shape.in_values) < 20 or len(repeated) < 3 or min(shape.out_values) < WASABI2_SMALLEST:
        return None
    if standard < 0.8 * len(repeated) or repeated[0][1] > len(shape.out_values) / 3:
        return None
    most = max(shape.in_addresses.count(address) for address in set(shape.in_addresses))
    if most > 0.1 * len(shape.in_addresses):
        return None
    rule = f"{len(shape.in_values)} inputs, {len(repeated)} repeated denominations, {standard} of them standard"
    return "wasabi2", rule, 0.6, *repeated[0]


def _wasabi1(shape):
    value, count = shape.repeated[0]
    others = len(shape.out_values) - count
    if len(shape.in_values) < 10 or count < 5 or not count / 2 <= others <= 3 * count:
        return None
    if not _all_different(shape.out_addresses) or not all(_is_level(one, value) for one, _ in shape.repeated[1:]):
        return None
    drift = abs(value - WASABI_BASE) / WASABI_BASE
    rule = f"{len(shape.in_values)} inputs, {count} equal outputs, other repeated values at 2, 4, 8 ... times, change"
    return "wasabi1", rule, 0.6 if drift <= 0.2 else 0.45, value, count


def _is_level(value, base):
    """Is it 2, 4, 8 ... times (or 1/2, 1/4 ... of) the base, within 2 %? Coordinators take a fee from each level."""
    power = np.log2(value / base)
    return abs(2 ** (power - round(power)) - 1) <= 0.02


def _joinmarket(shape):
    """Every maker has change, and the taker may: n equal outputs and n or n - 1 others (BlockSci's rule)."""
    value, count = shape.repeated[0]
    change = len(shape.out_values) - count
    if count < 3 or not count - 1 <= change <= count or not _all_different(shape.out_addresses):
        return None
    return (
        "joinmarket",
        f"{count} equal outputs and {change} others, from {len(shape.in_values)} inputs",
        0.49,
        value,
        count,
    )


def _all_different(addresses):
    return len(set(addresses)) == len(addresses)
