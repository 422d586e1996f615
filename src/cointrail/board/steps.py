"""The steps of a board: follow money, take it away again, add what the ledgers do not show.

Each step leaves the board's earlier states as they were, and is written down with its arguments.
"""

from dataclasses import replace

from cointrail.board.moves import Found, Window, read_amount, read_day
from cointrail.board.state import Link, State
from cointrail.board.tags import Tags
from cointrail.board.text import short
from cointrail.errors import CointrailError

__all__ = ["LARGEST", "Steps", "count"]

LARGEST = 25
LONGEST_NOTE = 500
DIRECTIONS = {"out": "payments out", "in": "payments in"}


class Steps:
    """What a `Board` can be told to do; everything returns the board."""

    # --- following money -----------------------------------------------------------------------------------------

    def expand(self, name: str, direction: str = "out", *, largest: int = LARGEST) -> "Steps":
        """Bring the largest payments out of a node onto the board; again: the next largest.

        Payees come in the order of what they got in all, each with all its payments, so that a sum on the board is the
        whole sum.

        Parameters
        ----------
        name : str
            An address (its cluster, where that is one node), account or txid.
        direction : {"out", "in"}
        largest : int
            At most so many payees (payers for "in"); the board says how many payments are left.
        """
        if direction not in DIRECTIONS:
            raise CointrailError(f"{direction!r} is no direction: write 'out' or 'in'.")
        if isinstance(largest, bool) or not isinstance(largest, int) or largest < 1:
            raise CointrailError(f"largest={largest!r} must be a whole number, 1 or more.")
        node, state = self._node(name), self._state
        before = state.brought.get((node, direction), Found(()))
        known = frozenset(move.key for move in before.moves)
        found = self._source(node).expansion(
            node, direction, split=state.split, through=state.through, window=state.window, largest=largest, known=known
        )
        if not found.moves:
            return self._say(self._nothing(node, direction, bool(before.moves), found))
        state = state.with_node(node) if node not in self.view.nodes else state
        options = {} if largest == LARGEST else {"largest": largest}
        step = _step("expand" if direction == "out" else "back", node, **options)
        return self._done(step, state.with_found(node, direction, found), self._brought(node, direction, found))

    def back(self, name: str, *, largest: int = LARGEST) -> "Steps":
        """Bring the largest payments into a node onto the board: where its money came from."""
        return self.expand(name, "in", largest=largest)

    def collapse(self, name: str) -> "Steps":
        """Take away what the expansions of a node brought, and everything that hung on it only."""
        node = self._on_board(name)
        if not {(node, "out"), (node, "in")} & set(self._state.brought):
            return self._say(f"{self._title(node)} has not been expanded.")
        state = self._state.without_expansions({node})
        while lost := {key[0] for key in state.brought} - set(self._look(state).connected):
            state = state.without_expansions(lost)
        return self._done(_step("collapse", node), state, f"{self._title(node)} is collapsed.")

    def hide(self, name: str) -> "Steps":
        """Take one node off the board, with what hangs on it only; expanding or adding it brings it back."""
        node = self._on_board(name)
        if node in self.start:
            raise CointrailError("The board begins with this node: it cannot be hidden.")
        shown = tuple(one for one in self._state.shown if one != node)
        state = replace(self._state, hidden=self._state.hidden | {node}, shown=shown)
        return self._done(_step("hide", node), state, f"{self._title(node)} is hidden.")

    def open_cluster(self, name: str) -> "Steps":
        """Show a cluster as its single addresses: those that take part on the board, else the ones paid most."""
        node = self._on_board(name)
        source, state = self._source(node), self._state
        if source.size(node, state.split) < 2:
            return self._say(f"{self._title(node)} is a single address already.")
        state = replace(state, split=state.split | {node})
        members = source.members(node)
        if not set(members) & (set(self._look(state).nodes) - set(state.shown)):
            members.sort(key=lambda one: -source.activity(one, state.split)[0])
            state = state.with_node(*members[:LARGEST])
        seen = len(set(members) & set(self._look(state).nodes))
        said = f"The cluster has {len(members)} addresses; {seen} are on the board."
        return self._done(_step("open_cluster", node), state, said)

    def close_cluster(self, name: str) -> "Steps":
        """Show the addresses of a cluster as one node again."""
        address = self._node(name, State())
        if address not in self._state.split:
            return self._say("This cluster is one node already.")
        members = {*self._source(address).members(address)} - {address}
        state = replace(self._state, split=self._state.split - {address})
        state = replace(state, shown=tuple(one for one in state.shown if one not in members)).with_node(address)
        return self._done(_step("close_cluster", address), state, f"{short(address)} and its cluster are one node.")

    # --- what the person adds ------------------------------------------------------------------------------------

    def add(self, name: str) -> "Steps":
        """Put one more address, account or transaction on the board."""
        node = self._node(name)
        if node in self.view.nodes:
            return self.select(node)._say(f"{self._title(node)} is on the board already.")
        return self._done(
            _step("add", node), self._state.with_node(node), f"{short(node)} is on the board.", select=node
        )

    def link(self, source: str, target: str, why: str) -> "Steps":
        """Assert a link that no ledger shows, such as a swap between two chains, with the reason for it."""
        ends, why = [self._node(source), self._node(target)], _text(why)
        if not why or ends[0] == ends[1]:
            raise CointrailError(
                "A link needs two different nodes and a reason: link(a, b, 'order 17 in exhibit E08')."
            )
        state = self._state.with_node(*ends)
        state = replace(state, links=tuple(dict.fromkeys((*state.links, Link(*ends, why)))))
        return self._done(_step("link", *ends, why), state, f"You assert a link: {why}")

    def note(self, name: str, text: str) -> "Steps":
        """Write a note on a node; an empty one takes it away."""
        node, text = self._on_board(name), _text(text)
        notes = {one: words for one, words in self._state.notes.items() if one != node}
        state = replace(self._state, notes={**notes, node: text} if text else notes)
        return self._done(_step("note", node, text), state, "Note taken." if text else "The note is gone.")

    def pin(self, name: str, y: float | None = None) -> "Steps":
        """Keep a node at a height of the drawing: where it is now, or at y (pixels from the top)."""
        node = self._on_board(name)
        y = round(float(self.drawing.places[node].y if y is None else y), 1)
        state = replace(self._state, pins={**self._state.pins, node: y})
        return self._done(_step("pin", node, y), state, f"{self._title(node)} is pinned.")

    def unpin(self, name: str) -> "Steps":
        """Let a pinned node move again."""
        node = self._on_board(name)
        pins = {one: y for one, y in self._state.pins.items() if one != node}
        return self._done(_step("unpin", node), replace(self._state, pins=pins), f"{self._title(node)} can move.")

    def filter(self, *, least=0, since=None, until=None, hops: int | None = None) -> "Steps":
        """Show only some payments; `filter()` shows all again.

        Parameters
        ----------
        least : amount in whole coins, such as "0.05"
        since, until : date or time (UTC), such as "2026-03-01"; the whole last day counts
        hops : int
            Only nodes so many steps from the start.
        """
        if hops is not None and (isinstance(hops, bool) or not isinstance(hops, int) or hops < 1):
            raise CointrailError(f"hops={hops!r} must be a whole number, 1 or more.")
        window = Window(read_amount(least), read_day(since), read_day(until, end=True), hops)
        if None not in (window.since, window.until) and window.since > window.until:
            raise CointrailError(f"The time begins ({since}) after it ends ({until}): exchange them.")
        state = replace(self._state, window=window)
        asked = {"least": str(least) if window.least else None, "since": since, "until": until, "hops": hops}
        step = _step("filter", **{name: value for name, value in asked.items() if value})
        gone = self._look(state).filtered
        return self._done(
            step, state, f"{count(gone, 'payment')} hidden by the filter." if gone else "Nothing is hidden."
        )

    # --- what the board says of it ------------------------------------------------------------------------------------

    def _nothing(self, node, direction, again, found):
        if found.outside:
            return f"{self._title(node)}: the filter hides {count(found.outside, 'payment')}; there is no other."
        if again:
            return f"{self._title(node)}: all {DIRECTIONS[direction]} are on the board."
        word = "has paid nobody else" if direction == "out" else "was paid by nobody else"
        return f"{self._title(node)} {word} up to the end of this ledger."

    def _brought(self, node, direction, found):
        said = f"{self._title(node)}: {count(len(found.moves), 'payment')} {direction}"
        if found.smaller:
            left = f"{found.smaller:,} smaller, of {count(found.others, 'other')}"
            said += f"; {left}, not shown: do it again for the next"
        said += f"; {found.outside:,} hidden by the filter" if found.outside else ""
        tags = self.view.nodes[node].tags if node in self.view.nodes else []
        if any(map(Tags.is_service, tags)) and direction == "out":
            said += ". This is a service: what it pays out is no longer your suspect's money; its books tell"
        return said + "."


def _step(operation, *arguments, **options):
    return (operation, arguments, options)


def _text(text):
    if not isinstance(text, str) or len(text) > LONGEST_NOTE:
        raise CointrailError(f"A note is a text of at most {LONGEST_NOTE} characters.")
    return " ".join(text.split())


def count(number, word):
    return f"{number:,} {word}{'' if number == 1 else 's'}"
