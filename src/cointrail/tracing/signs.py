"""The signs that tell a CoinJoin, a batch and a payroll apart, as one row of numbers for each transaction.

`classify_transactions` turns such signs into a class by a fixed rule, and is wrong now and then. Here the numbers stand
by themselves, for who wants to decide by looking.
"""

import pandas as pd

from cointrail.ledger import Ledger
from cointrail.tracing.arrays import transaction_numbers
from cointrail.tracing.shapes import Shape, Shapes

__all__ = ["payment_signs"]


def payment_signs(ledger: Ledger, txids) -> pd.DataFrame:
    """Count what can be counted in transactions that pay many.

    Parameters
    ----------
    ledger : Ledger
    txids : iterable of str

    Returns
    -------
    DataFrame
        One row for each txid, in their order: txid, inputs; payers (different input addresses); outputs; equal (how
        often the most frequent amount occurs); smallest and largest output (satoshi); again (of the payees, how many
        another transaction pays together as well, at most); busy (in how many transactions its busiest input address
        spends). Outputs that hold a note (OP_RETURN) are not counted.

    Raises
    ------
    CointrailError
        A txid is unknown.

    Examples
    --------
    >>> from cointrail.ledger import load_ledger
    >>> ledger = load_ledger("primer")
    >>> payment_signs(ledger, ledger.transactions["hash"].iloc[-1:]).columns.tolist()[:4]
    ['txid', 'inputs', 'payers', 'outputs']
    """
    txids, shapes = list(txids), Shapes(ledger)
    rows = [_signs(shapes, shapes.of(int(t))) for t in transaction_numbers(ledger, txids)]
    columns = ["inputs", "payers", "outputs", "equal", "smallest", "largest", "again", "busy"]
    table = pd.DataFrame(rows, columns=columns)
    table.insert(0, "txid", txids)
    return table


def _signs(shapes: Shapes, shape: Shape) -> tuple[int, ...]:
    payers = {address for address in shape.in_addresses if address >= 0}
    payees = {address for address in shape.out_addresses if address >= 0} - payers
    return (
        len(shape.in_values),
        len(payers),
        len(shape.out_values),
        shape.repeated[0][1] if shape.repeated else 1,
        min(shape.out_values, default=0),
        max(shape.out_values, default=0),
        _paid_together_again(shapes, shape.t, payees),
        max((len(shapes.spends_by(address)) for address in payers), default=0),
    )


def _paid_together_again(shapes: Shapes, t: int, payees: set[int]) -> int:
    """Of these payees, how many one other transaction pays as well, at most."""
    common: dict[int, int] = {}
    for address in payees:
        for other in shapes.payments_to(address) - {t}:
            common[other] = common.get(other, 0) + 1
    most = max(common.values(), default=0)
    return most if most > 1 else 0
