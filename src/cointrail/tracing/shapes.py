"""The shape of one transaction as plain lists, and lookups by address: what the pattern detectors read."""

from collections import Counter
from functools import cached_property
from typing import NamedTuple

import numpy as np

from cointrail.ledger import Ledger
from cointrail.tracing.arrays import ledger_arrays, transactions_in_time

__all__ = ["Shape", "Shapes"]


class Shape(NamedTuple):
    """One transaction: values in satoshi, addresses as numbers; notes (OP_RETURN) are left out."""

    t: int
    in_values: list[int]
    in_addresses: list[int]
    out_values: list[int]
    out_addresses: list[int]

    @property
    def repeated(self) -> list[tuple[int, int]]:
        """Output values that occur more than once, with their number; the most frequent first, then the largest."""
        counts = Counter(self.out_values).items()
        return sorted(((v, n) for v, n in counts if n > 1), key=lambda pair: (-pair[1], -pair[0]))


class Shapes:
    """All shapes of a ledger up to a height, made on demand."""

    def __init__(self, ledger: Ledger, *, height: int | None = None):
        self.view, self.until = ledger_arrays(ledger), transactions_in_time(ledger, height)
        self._spendable = (ledger.outputs["type"] != "nulldata").to_numpy()

    @cached_property
    def input_count(self):
        return np.diff(self.view.input_start)[: self.until]

    @cached_property
    def output_count(self):
        notes = np.bincount(self.view.output_tx[~self._spendable], minlength=len(self.view.height))
        return (np.diff(self.view.output_start) - notes)[: self.until]

    @cached_property
    def first_paid(self):
        """The transaction that paid each address first."""
        paid, first = np.unique(self.view.output_address, return_index=True)
        result = np.full(len(self.view.addresses), len(self.view.height))
        result[paid[paid >= 0]] = self.view.output_tx[first[paid >= 0]]
        return result

    def spends_by(self, address: int) -> list[int]:
        """The transactions that spend from an address."""
        start, spends = self.view.spending
        return [t for t in spends[start[address] : start[address + 1]].tolist() if t < self.until]

    def payments_to(self, address: int) -> set[int]:
        """The transactions that pay an address."""
        start, payments = self._paying
        return {t for t in payments[start[address] : start[address + 1]].tolist() if t < self.until}

    @cached_property
    def _paying(self):
        """Transactions by the address they pay, as one array with the place where each address begins."""
        known = self.view.output_address >= 0
        addresses, payments = self.view.output_address[known], self.view.output_tx[known]
        order = np.argsort(addresses, kind="stable")
        start = np.searchsorted(addresses[order], np.arange(len(self.view.addresses) + 1))
        return start, payments[order]

    def of(self, t: int) -> Shape:
        view = self.view
        spent = view.spent_output[view.input_start[t] : view.input_start[t + 1]]
        made = np.arange(view.output_start[t], view.output_start[t + 1])
        made = made[self._spendable[made]]
        lists = (
            view.output_value[spent],
            view.output_address[spent],
            view.output_value[made],
            view.output_address[made],
        )
        return Shape(int(t), *(one.tolist() for one in lists))

    def outputs_of(self, t: int) -> list[int]:
        """Output numbers of a transaction, without notes."""
        made = np.arange(self.view.output_start[t], self.view.output_start[t + 1])
        return made[self._spendable[made]].tolist()
