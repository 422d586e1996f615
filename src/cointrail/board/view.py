"""What a board shows: nodes and edges, worked out from its state; no coordinates yet."""

from collections import defaultdict, deque
from dataclasses import dataclass, field
from datetime import UTC, datetime
from functools import cached_property
from itertools import pairwise

import pandas as pd

from cointrail.board.moves import Move, coins, day_text, is_transaction
from cointrail.board.state import Link
from cointrail.board.text import short

__all__ = ["Edge", "Node", "View"]

COLUMNS = ["time", "source", "target", "amount", "unit", "value", "txid"]


@dataclass(eq=False)
class Node:
    """A holder or a transaction on the board."""

    id: str
    kind: str
    size: int
    hop: int
    tags: list
    note: str
    pin: float | None
    into: int
    out: int
    opened: frozenset
    hidden: int
    time: int | None = None
    year: bool = False

    @property
    def title(self) -> str:
        """What stands on it first: the surest tag's label, else its shortened name."""
        return self.tags[0]["label"] if self.tags else short_name(self.id)

    @property
    def words(self) -> str:
        """Its kind in words."""
        if self.kind == "cluster":
            return f"cluster of {self.size:,}"
        if self.kind in ("transaction", "new coins") and self.time:
            return f"{self.kind}, {day_text(self.time, year=self.year)}"
        return {"script": "script without address"}.get(self.kind, self.kind)


@dataclass(eq=False)
class Edge:
    """All shown money from one node to another, or a link that a person asserts."""

    source: str
    target: str
    moves: list[Move] = field(default_factory=list)
    link: Link | None = None
    year: bool = False

    @cached_property
    def totals(self) -> dict:
        """Unit -> sum in its smallest part, the largest first."""
        sums = defaultdict(int)
        for move in self.moves:
            sums[move.unit] += move.value
        return dict(sorted(sums.items(), key=lambda item: (-item[1] / 10 ** item[0].decimals, item[0].symbol)))

    @property
    def first(self) -> int | None:
        """When the first payment was made; None for an asserted link."""
        return min((move.time for move in self.moves), default=None)

    @property
    def last(self) -> int | None:
        """When the last payment was made."""
        return max((move.time for move in self.moves), default=None)

    @property
    def label(self) -> str:
        """Amount, number of payments, date or dates."""
        if self.link:
            return f"asserted: {self.link.why}"
        amounts = [f"{coins(value, unit)} {unit.symbol}" for unit, value in self.totals.items()]
        amount = amounts[0] + (f" +{len(amounts) - 1}" if len(amounts) > 1 else "")
        count = f" ×{len(self.moves)}" if len(self.moves) > 1 else ""
        days = [day_text(time, year=self.year) for time in (self.first, self.last)]
        return f"{amount}{count} · {'–'.join(dict.fromkeys(days))}"


class View:
    """Nodes and edges of a state.

    Attributes
    ----------
    nodes : dict
        Id -> `Node`, in the order in which they are reached from the start.
    edges : list of Edge
        In the order of their first payment; asserted links last.
    filtered : int
        Payments that the filter hides.
    """

    def __init__(self, state, source_of, tags, memo=None):
        self._state, self._source, self._tags = state, source_of, tags
        memo = (
            {} if memo is None else memo
        )  # what stays the same from one step to the next, as long as no cluster opens
        self._holders, self._payers, self._facts = (memo.setdefault((state.split, what), {}) for what in range(3))
        self._through = state.through
        moves = {move.key: move for found in state.brought.values() for move in found.moves}
        inside = [move for move in moves.values() if state.window.passes(move)]
        self.filtered = len(moves) - len(inside)
        self._edges = {}
        for move in inside:
            self._place(move)
        self._complete_shared(moves)
        for link in state.links:
            self._edges[link] = Edge(link.source, link.target, link=link)
        self._remove_hidden()
        self.connected = self._hops()
        limit = state.window.hops
        kept = {
            name: hop for name, hop in self.connected.items() if limit is None or hop <= limit or name in state.pins
        }
        edges = [edge for edge in self._edges.values() if edge.source in kept and edge.target in kept]
        self.edges = sorted(edges, key=lambda edge: (edge.link is not None, edge.first or 0))
        self.nodes = {name: self._node(name, hop) for name, hop in kept.items()}
        if len({datetime.fromtimestamp(time, UTC).year for time in self.period}) > 1:
            for one in (*self.edges, *self.nodes.values()):
                one.year = True

    @cached_property
    def period(self) -> tuple[int, ...]:
        """When the first and the last payment on the board were made; empty where there is none."""
        paid = [edge for edge in self.edges if edge.moves]
        return (min(edge.first for edge in paid), max(edge.last for edge in paid)) if paid else ()

    @property
    def payment_count(self) -> int:
        """How many payments are shown."""
        return sum(len(edge.moves) for edge in self.edges)

    def node_table(self) -> pd.DataFrame:
        """One row a node."""
        rows = [
            (node.id, node.kind, node.size, node.hop, node.tags[0]["label"] if node.tags else None,
             node.tags[0]["confidence"] if node.tags else None, node.note or None)
            for node in self.nodes.values()
        ]  # fmt: skip
        return pd.DataFrame(rows, columns=["name", "kind", "addresses", "hop", "label", "confidence", "note"])

    def payment_table(self) -> pd.DataFrame:
        """One row a payment, in time."""
        rows = [
            (pd.Timestamp(move.time, unit="s", tz="UTC"), edge.source, edge.target, move.coins, move.unit.symbol,
             move.value, move.txid)
            for edge in self.edges for move in edge.moves
        ]  # fmt: skip
        rows.sort(key=lambda row: (row[0], row[6]))
        table = pd.DataFrame(rows, columns=COLUMNS)
        table["value"] = table["value"].astype(object)  # wei are larger than an int64
        return table

    def _holder(self, address):
        if address not in self._holders:
            self._holders[address] = self._source(address).holder(address, self._state.split)
        return self._holders[address]

    def _sole_payer(self, txid):
        """The one holder that pays in a transaction; None where there are several, or the transaction is shown."""
        if txid not in self._payers:
            payers = self._source(txid).payers(txid, self._state.split)
            self._payers[txid] = next(iter(payers)) if len(payers) == 1 else None
        return None if txid in self._through else self._payers[txid]

    def _place(self, move):
        if move.payer and move.payee:
            ends = [self._holder(move.payer), self._holder(move.payee)]
            ends = [ends[0], move.txid, ends[1]] if move.txid in self._through else ends
        elif move.payee:
            ends = [self._sole_payer(move.txid) or move.txid, self._holder(move.payee)]
        elif self._sole_payer(move.txid) is None:
            ends = [self._holder(move.payer), move.txid]
        else:
            return
        for source, target in pairwise(ends):
            if source != target:
                self._edges.setdefault((source, target), Edge(source, target)).moves.append(move)

    def _complete_shared(self, moves):
        """Who pays into a shared transaction is shown for every holder on the board, whichever way they came there."""
        ends = {end for edge in self._edges.values() for end in (edge.source, edge.target)} | {*self._state.shown}
        ends |= {name for name, _ in self._state.brought}
        for txid in sorted(name for name in ends if is_transaction(name)):
            for move in self._source(txid).inputs(txid):
                if move.key not in moves and self._holder(move.payer) in ends and self._state.window.passes(move):
                    self._place(move)

    def _remove_hidden(self):
        hidden = self._state.hidden
        if hidden:
            self._edges = {
                key: edge
                for key, edge in self._edges.items()
                if edge.source not in hidden and edge.target not in hidden
            }

    def _hops(self):
        """Steps from the start, over edges of either direction; what does not hang together with it is left out."""
        beside = defaultdict(list)
        for edge in self._edges.values():
            beside[edge.source].append(edge.target)
            beside[edge.target].append(edge.source)
        hops = dict.fromkeys(self._state.shown, 0)
        queue = deque(hops)
        while queue:
            name = queue.popleft()
            for other in beside[name]:
                if other not in hops:
                    hops[other] = hops[name] + 1
                    queue.append(other)
        return hops

    def _node(self, name, hop):
        state = self._state
        if name not in self._facts:
            self._facts[name] = self._look_up(name)
        kind, size, (into, out), tags = self._facts[name]
        mine = {way: state.brought[name, way] for way in ("in", "out") if (name, way) in state.brought}
        hidden = mine["out"].others if "out" in mine else 0
        node = Node(
            name, kind, size, hop, tags,
            state.notes.get(name, ""), state.pins.get(name), into, out, frozenset(mine), hidden,
        )  # fmt: skip
        node.time = self._times.get(name) if is_transaction(name) else None
        return node

    def _look_up(self, name):
        """Kind, size, activity and tags of a node, as the ledger and the TagPacks have them."""
        source, split = self._source(name), self._state.split
        size = source.size(name, split)
        tags = self._tags.of(source.members(name) if size > 1 else [name]) if self._tags else []
        return source.kind(name, split), size, source.activity(name, split), tags

    @cached_property
    def _times(self):
        return {end: edge.first for edge in self._edges.values() if edge.moves for end in (edge.source, edge.target)}


def short_name(name: str) -> str:
    """A node's name by its two ends; also accounts, which begin with 0x."""
    return f"{name[:8]}…{name[-6:]}" if name[:2] == "0x" else short(name)
