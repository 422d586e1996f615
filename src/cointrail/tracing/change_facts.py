"""What the rules for change look at: one value for each output or each transaction of a ledger."""

from functools import cached_property

import numpy as np

from cointrail.ledger import Ledger
from cointrail.tracing.arrays import ledger_arrays, transactions_in_time

__all__ = ["ChangeFacts"]


class ChangeFacts:
    """What the rules look at: one value for each output or each transaction, known at a height."""

    def __init__(self, ledger: Ledger, *, height: int | None = None):
        self.ledger, self.view = ledger, ledger_arrays(ledger)
        self.until = transactions_in_time(ledger, height)

    @cached_property
    def spendable(self):
        return (self.ledger.outputs["type"] != "nulldata").to_numpy()

    @cached_property
    def spendable_count(self):
        return self.per_output(np.bincount(self.view.output_tx[self.spendable], minlength=len(self.view.height)))

    @cached_property
    def input_count(self):
        return np.diff(self.view.input_start)

    @cached_property
    def eligible(self):
        """Outputs that can be change at all."""
        paid = self.per_output((self.input_count > 0) & (np.arange(len(self.view.height)) < self.until))
        return paid & self.spendable & (self.spendable_count > 1)

    @cached_property
    def spender(self):
        """The transaction that spends each output, -1 if none does so far."""
        return np.where(self.view.spent_by < self.until, self.view.spent_by, -1)

    @cached_property
    def type_code(self):
        return self.ledger.outputs["type"].astype("category").cat.codes.to_numpy()

    def per_output(self, by_transaction):
        return by_transaction[self.view.output_tx]

    def of_inputs(self, ufunc, values, empty):
        """The smallest or largest value among the inputs of each transaction."""
        some = self.input_count > 0
        result = np.full(len(some), empty, values.dtype)
        if some.any():
            result[some] = ufunc.reduceat(values, self.view.input_start[:-1][some])
        return result

    def habit(self, name):
        return self.ledger.transactions[name].to_numpy()
