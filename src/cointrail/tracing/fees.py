"""What a transaction costs: the part of its inputs that no output receives.

The ledger stores no fee. It follows from two sums, and the miner of the block may claim it.
"""

from cointrail.ledger import Ledger

__all__ = ["fee"]


def fee(ledger: Ledger, txid: str) -> int:
    """The fee of a transaction in satoshi: sum of its inputs minus sum of its outputs.

    A coinbase has no inputs and pays no fee: 0.

    Raises
    ------
    CointrailError
        The ledger has no transaction with this txid.

    Examples
    --------
    >>> from cointrail.ledger import load_ledger
    >>> ledger = load_ledger("primer")
    >>> fee(ledger, "74a96c2c84b6f17944813515fcb383c079a76d838c7e15b769f0a64b18212d6b")
    1377
    """
    if ledger.transaction(txid)["is_coinbase"]:
        return 0
    return int(ledger.inputs_of(txid)["value"].sum() - ledger.outputs_of(txid)["value"].sum())
