"""The moves of a UTXO ledger, between addresses or clusters of them."""

from functools import cached_property

import numpy as np
import pandas as pd

from cointrail.board.moves import Found, Move, Unit, Window, is_transaction
from cointrail.errors import CointrailError
from cointrail.ledger import Ledger
from cointrail.tracing.arrays import address_number, ledger_arrays, transaction_numbers
from cointrail.tracing.outputs import canonical_address

__all__ = ["UtxoMoves"]

BTC = Unit("BTC", 8)


class UtxoMoves:
    """A UTXO ledger as the board sees it.

    Parameters
    ----------
    ledger : Ledger
    clusters : bool or DataFrame
        True: common input ownership; False: every address for itself; or a table with the columns address and cluster.
    exclude : iterable of str
        As for `common_input_ownership`.
    """

    def __init__(self, ledger: Ledger, clusters=True, exclude=()):
        self.ledger, self.exclude, self.clusters = ledger, tuple(exclude), clusters
        self.name = ledger.name

    @cached_property
    def view(self):
        return ledger_arrays(self.ledger)

    @cached_property
    def addresses(self) -> list[str]:
        """The address of each address number; a list is read much faster than an index."""
        return self.view.addresses.tolist()

    @cached_property
    def _number(self) -> dict[str, int]:
        return {address: n for n, address in enumerate(self.addresses)}

    @cached_property
    def _place(self) -> dict[str, int]:
        return {txid: n for n, txid in enumerate(self.view.txids)}

    @cached_property
    def times(self) -> np.ndarray:
        return self.ledger.transactions["block_timestamp"].dt.as_unit("s").astype("int64").to_numpy()

    @cached_property
    def first(self) -> np.ndarray:
        """For each address number, the number of its cluster's first address."""
        count = len(self.view.addresses)
        if self.clusters is False:
            return np.arange(count)
        table = self.clusters if isinstance(self.clusters, pd.DataFrame) else _co_spends(self.ledger, self.exclude)
        return _first_of_each(self.view.addresses, table)

    @cached_property
    def _paying(self):
        """Output numbers by the address they pay: starts and outputs, in ledger order."""
        order = np.argsort(self.view.output_address, kind="stable")
        return np.searchsorted(self.view.output_address[order], np.arange(len(self.view.addresses) + 1)), order

    @cached_property
    def _members(self):
        order = np.argsort(self.first, kind="stable")
        return np.searchsorted(self.first[order], np.arange(len(self.first) + 1)), order

    def find(self, name: str) -> str | None:
        """The canonical id of an address or txid of this ledger; None if it is of another kind of ledger."""
        text = name.strip()
        if text[:2].lower() == "0x":
            return None
        if is_transaction(text):
            return self.view.txids[int(transaction_numbers(self.ledger, [text])[0])]
        if len(text) > 64 and text[64] == ":":
            raise CointrailError(f"{text} is an outpoint: write its txid, or the address that it pays.")
        return self.view.addresses[address_number(self.ledger, text)]

    def owns(self, name: str) -> bool:
        """Whether an id of the board belongs to this ledger."""
        return not name.startswith("0x")

    def members(self, name: str) -> list[str]:
        """The addresses of an address's cluster, in order of first appearance."""
        start, order = self._members
        first = self.first[address_number(self.ledger, name)]
        return self.view.addresses[order[start[first] : start[first + 1]]].tolist()

    def holder(self, address: str, split) -> str:
        """The id that stands for an address on the board: its cluster's first address, or itself if that is split."""
        if ":" in address:
            return address
        first = self.addresses[self.first[self._number[address]]]
        return address if first in split else first

    def kind(self, name: str, split) -> str:
        """Of which kind a node is: transaction, new coins, script, address, or cluster."""
        if is_transaction(name):
            return "new coins" if self._inputs(name)[1].size == 0 else "transaction"
        if ":" in name:
            return "script"
        return "cluster" if self.size(name, split) > 1 else "address"

    def size(self, name: str, split) -> int:
        """How many addresses a holder has."""
        if is_transaction(name) or ":" in name:
            return 1
        start, _ = self._members
        first = self.first[self._number[name]]
        return 1 if self.addresses[first] in split else int(start[first + 1] - start[first])

    def payers(self, txid: str, split) -> set[str]:
        """The holders whose coins a transaction spends."""
        _, addresses, _ = self._inputs(txid)
        names = self.addresses
        return {self.holder(names[a], split) if a >= 0 else f"{txid}:input" for a in set(addresses.tolist())}

    def inputs(self, txid: str) -> list[Move]:
        """A move into the transaction for each address whose coins it spends."""
        t, addresses, values = self._inputs(txid)
        own = [a for a in dict.fromkeys(addresses.tolist()) if a >= 0]
        return [self._into(int(t), a, int(values[addresses == a].sum())) for a in own]

    def expansion(
        self, name: str, direction: str, *, split, through, window: Window, largest: int, known: frozenset
    ) -> Found:
        """The largest moves out of a node, or into it, that are not on the board yet."""
        if ":" in name:
            return Found(())
        if is_transaction(name):
            moves = self._paid(self._outputs(name)) if direction == "out" else self.inputs(name)
            sides = [move.payee or move.payer for move in moves]
            neighbours = [self.holder(side, split) for side in sides]
        else:
            moves, neighbours = self._holder_moves(name, direction, split, through)
        return Found.best(moves, neighbours, window, largest, known)

    def activity(self, name: str, split) -> tuple[int, int]:
        """How many outputs pay a holder, and how many transactions spend from it; of a transaction, inputs and outputs.

        A transaction that spends from several addresses of a cluster counts once for each.
        """
        if ":" in name:
            return 1, 0
        if is_transaction(name):
            t = self._place[name]
            return int(np.diff(self.view.input_start)[t]), int(np.diff(self.view.output_start)[t])
        mine = self._numbers(name, split)
        (paid, _), (spent, _) = self._paying, self.view.spending
        return int((paid[mine + 1] - paid[mine]).sum()), int((spent[mine + 1] - spent[mine]).sum())

    def _numbers(self, name, split):
        number = self._number[name]
        start, order = self._members
        first = self.first[number]
        return np.array([number]) if self.addresses[first] in split else order[start[first] : start[first + 1]]

    def _inputs(self, txid):
        t = self._place[txid]
        part = slice(self.view.input_start[t], self.view.input_start[t + 1])
        return np.array(t), self.view.input_address[part], self.view.output_value[self.view.spent_output[part]]

    def _outputs(self, txid):
        t = self._place[txid]
        return self._with_money(np.arange(self.view.output_start[t], self.view.output_start[t + 1]))

    def _with_money(self, outputs):
        """Without those that carry nothing, such as notes."""
        return outputs[self.view.output_value[outputs] > 0]

    def _holders(self, split):
        """For each address number, the number of the address that stands for it."""
        holders = self.first.copy()
        for name in split:
            numbers = self._numbers(name, ())
            holders[numbers] = numbers
        return holders

    def _holder_moves(self, name, direction, split, through):
        """Moves of a holder, and beside each the neighbour: a holder's number, or ~number of a shared transaction."""
        view, holders, numbers = self.view, self._holders(split), self._numbers(name, split)
        me = holders[numbers[0]]
        start, listed = self._paying if direction == "in" else view.spending
        found = np.unique(_ranges(start[numbers], start[numbers + 1], listed))
        if direction == "in":
            found = self._with_money(found)
            payer = self._payer(view.output_tx[found], holders, through)
            found, payer = found[payer != me], payer[payer != me]
            return self._paid(found), payer.tolist()
        alone = self._payer(found, holders, through) == me
        outputs = self._with_money(_ranges(view.output_start[found[alone]], view.output_start[found[alone] + 1]))
        owners = view.output_address[outputs]
        payees = np.where(owners >= 0, holders[owners], -1)
        outputs, payees = outputs[payees != me], payees[payees != me]
        payees = np.where(payees >= 0, payees, len(holders) + outputs)
        shared = [
            move for t in found[~alone] for move in self.inputs(view.txids[t]) if self._is(move.payer, me, holders)
        ]
        return [*self._paid(outputs), *shared], [*payees.tolist(), *(~move.key[1] for move in shared)]

    def _is(self, address, holder, holders):
        return holders[self._number[address]] == holder

    def _payer(self, transactions, holders, through):
        """For each transaction its only payer's number, or ~its own number where it has several, or none."""
        start, view = self.view.input_start, self.view
        counts = start[transactions + 1] - start[transactions]
        payers = np.where(view.input_address >= 0, holders[view.input_address], -1)[
            _ranges(start[transactions], start[transactions + 1])
        ]
        edges = np.concatenate(([0], np.cumsum(counts)))[:-1][counts > 0]
        sole = ~transactions.astype(np.int64)
        if edges.size:
            low, high = np.minimum.reduceat(payers, edges), np.maximum.reduceat(payers, edges)
            sole[counts > 0] = np.where((low == high) & (low >= 0), low, sole[counts > 0])
        shown = [self._place[txid] for txid in through if is_transaction(txid)]
        return np.where(np.isin(transactions, shown), ~transactions.astype(np.int64), sole)

    def _paid(self, outputs):
        """A move for each of these outputs."""
        view = self.view
        t, owners = view.output_tx[outputs], view.output_address[outputs]
        places, values = outputs - view.output_start[t], view.output_value[outputs].tolist()
        names = [
            self.addresses[a] if a >= 0 else f"{view.txids[tx]}:{n}" for a, tx, n in zip(owners, t, places, strict=True)
        ]
        rows = zip(outputs.tolist(), view.txids[t], names, values, self.times[t].tolist(), strict=True)
        return [Move(("out", number), txid, None, payee, value, BTC, time) for number, txid, payee, value, time in rows]

    def _into(self, t, address, value):
        key = ("in", t, address)
        return Move(key, self.view.txids[t], self.addresses[address], None, value, BTC, int(self.times[t]))


def _ranges(starts, ends, listed=None):
    """The numbers of several ranges end to end, or what a list holds there."""
    counts = ends - starts
    shift = np.repeat(starts - np.concatenate(([0], np.cumsum(counts)[:-1])), counts)
    numbers = np.arange(counts.sum()) + shift
    return numbers if listed is None else listed[numbers]


def _co_spends(ledger, exclude):
    from cointrail.tracing.clustering import common_input_ownership

    return common_input_ownership(ledger, exclude=exclude)


def _first_of_each(addresses, table):
    """For each address the number of the first one with the same cluster; one without a cluster is its own."""
    if not {"address", "cluster"} <= set(table.columns):
        raise CointrailError("The clusters need the columns address and cluster: see common_input_ownership.")
    first = np.arange(len(addresses))
    numbers = addresses.get_indexer(
        [canonical_address(one) if one not in addresses else one for one in table["address"]]
    )
    known = numbers >= 0
    groups = pd.Series(numbers[known]).groupby(table["cluster"].to_numpy()[known])
    first[numbers[known]] = groups.transform("min").to_numpy()
    return first
