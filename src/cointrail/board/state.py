"""What is on a board, and what each step changes: values that are never changed in place, so that undo is exact."""

from dataclasses import dataclass, field, replace

from cointrail.board.moves import Found, Window, is_transaction

__all__ = ["Link", "State"]


@dataclass(frozen=True)
class Link:
    """A link that the person asserts, because the ledgers do not show it."""

    source: str
    target: str
    why: str


@dataclass(frozen=True)
class State:
    """The board between two steps.

    Attributes
    ----------
    shown : tuple of str
        Nodes that were put there by name.
    brought : dict
        (node, "out" or "in") -> what its expansions brought.
    split : frozenset of str
        Clusters that are shown as single addresses, each named by its first address.
    pins, notes : dict
        Node -> height on the board, and -> text.
    """

    shown: tuple[str, ...] = ()
    brought: dict[tuple[str, str], Found] = field(default_factory=dict)
    split: frozenset = frozenset()
    hidden: frozenset = frozenset()
    pins: dict[str, float] = field(default_factory=dict)
    notes: dict[str, str] = field(default_factory=dict)
    links: tuple[Link, ...] = ()
    window: Window = field(default_factory=Window)

    @property
    def through(self) -> frozenset:
        """Transactions that were put on the board by name: money goes through them, not past them."""
        return frozenset(name for name in self.shown if is_transaction(name))

    def with_node(self, *names: str) -> "State":
        """With these nodes shown."""
        return replace(self, shown=tuple(dict.fromkeys((*self.shown, *names))), hidden=self.hidden - {*names})

    def with_found(self, name: str, direction: str, found: Found) -> "State":
        """With what an expansion brought, beside what earlier ones of the same node brought."""
        before = self.brought.get((name, direction), Found(()))
        both = found._replace(moves=(*before.moves, *found.moves))
        return replace(self, brought={**self.brought, (name, direction): both}, hidden=self.hidden - {name})

    def without_expansions(self, names) -> "State":
        """Without what the expansions of these nodes brought."""
        return replace(self, brought={key: found for key, found in self.brought.items() if key[0] not in names})
