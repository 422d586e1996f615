"""The case board: follow money step by step; every step is written down, so that the clicks become code.

    board = open_board(ledger, start=address)
    board                                       # in a notebook: the board to click on
    board.expand(address)                       # the same steps, in Python
    board.picture()                             # a picture that stays, for the report
    board.as_code()                             # the Python that repeats every step

Nothing is drawn and nothing is computed before it is needed. Amounts are whole coins on the board; `payments` gives
them in the smallest unit as well. Times are UTC.
"""

from dataclasses import replace

import pandas as pd

from cointrail.board.figures import words_only
from cointrail.board.moves import Found, Window, is_transaction, read_amount, read_day
from cointrail.board.state import Link, State
from cointrail.board.tags import Tags
from cointrail.board.text import short
from cointrail.board.token_moves import TokenMoves
from cointrail.board.utxo_moves import UtxoMoves
from cointrail.board.view import View
from cointrail.errors import CointrailError
from cointrail.ledger import Ledger, TokenLedger

__all__ = ["Board"]

LARGEST = 25
LONGEST_NOTE = 500
DIRECTIONS = {"out": "payments out", "in": "payments in"}


class Board:
    """A board on one or more ledgers.

    Parameters
    ----------
    *ledgers : Ledger or TokenLedger
        At most one of each kind.
    start : str or list of str
        Addresses, accounts or txids to begin with.
    tags : TagPack or list of TagPacks
        As dict or file: what is claimed about addresses, shown with its confidence.
    clusters : bool or DataFrame
        True: addresses that spend together are one node (`common_input_ownership`); False: every address for itself; or
        a table of your own with the columns address and cluster.
    exclude : iterable of str
        Transactions and addresses that join nothing, as for `common_input_ownership`.

    Raises
    ------
    CointrailError
        An address or txid is not in the ledgers; the sentence says which.

    Examples
    --------
    >>> from cointrail.ledger import load_ledger
    >>> ledger = load_ledger("primer")
    >>> board = Board(ledger, start=ledger.transactions["hash"].iloc[0])
    >>> board.expand(ledger.transactions["hash"].iloc[0])
    <Board primer: 2 nodes, 1 payment>
    >>> board.undo()
    <Board primer: 1 node, 0 payments>
    """

    def __init__(self, *ledgers, start, tags=(), clusters=True, exclude=()):
        self._sources = [_source(ledger, clusters, exclude) for ledger in ledgers]
        if not ledgers or len({type(source) for source in self._sources}) < len(ledgers):
            raise CointrailError("A board needs a ledger, or one Ledger and one TokenLedger: open_board(ledger, ...).")
        self.tags = tags if isinstance(tags, Tags) else Tags(tags)
        self.steps: list[tuple] = []
        self.message = "Choose a node, then follow its money."
        self._selection: list[str] = []
        self._listeners, self._memo = [], {}
        names = [start] if isinstance(start, str) else list(start)
        if not names:
            raise CointrailError("start is empty: name an address or txid to begin with.")
        self.start = list(dict.fromkeys(self._node(name, State()) for name in names))
        self._states = [State(shown=tuple(self.start))]

    def __repr__(self) -> str:
        names = " + ".join(dict.fromkeys(source.name for source in self._sources))
        nodes, payments = len(self.view.nodes), self.view.payment_count
        return f"<Board {names}: {_count(nodes, 'node')}, {_count(payments, 'payment')}>"

    # --- following money -----------------------------------------------------------------------------------------

    def expand(self, name: str, direction: str = "out", *, largest: int = LARGEST) -> "Board":
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

    def back(self, name: str, *, largest: int = LARGEST) -> "Board":
        """Bring the largest payments into a node onto the board: where its money came from."""
        return self.expand(name, "in", largest=largest)

    def collapse(self, name: str) -> "Board":
        """Take away what the expansions of a node brought, and everything that hung on it only."""
        node = self._on_board(name)
        if not {(node, "out"), (node, "in")} & set(self._state.brought):
            return self._say(f"{self._title(node)} has not been expanded.")
        state = self._state.without_expansions({node})
        while lost := {key[0] for key in state.brought} - set(self._look(state).connected):
            state = state.without_expansions(lost)
        return self._done(_step("collapse", node), state, f"{self._title(node)} is collapsed.")

    def hide(self, name: str) -> "Board":
        """Take one node off the board, with what hangs on it only; expanding or adding it brings it back."""
        node = self._on_board(name)
        if node in self.start:
            raise CointrailError("The board begins with this node: it cannot be hidden.")
        shown = tuple(one for one in self._state.shown if one != node)
        state = replace(self._state, hidden=self._state.hidden | {node}, shown=shown)
        return self._done(_step("hide", node), state, f"{self._title(node)} is hidden.")

    def open_cluster(self, name: str) -> "Board":
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

    def close_cluster(self, name: str) -> "Board":
        """Show the addresses of a cluster as one node again."""
        address = self._node(name, State())
        if address not in self._state.split:
            return self._say("This cluster is one node already.")
        members = {*self._source(address).members(address)} - {address}
        state = replace(self._state, split=self._state.split - {address})
        state = replace(state, shown=tuple(one for one in state.shown if one not in members)).with_node(address)
        return self._done(_step("close_cluster", address), state, f"{short(address)} and its cluster are one node.")

    # --- what the person adds ------------------------------------------------------------------------------------

    def add(self, name: str) -> "Board":
        """Put one more address, account or transaction on the board."""
        node = self._node(name)
        if node in self.view.nodes:
            return self.select(node)._say(f"{self._title(node)} is on the board already.")
        return self._done(
            _step("add", node), self._state.with_node(node), f"{short(node)} is on the board.", select=node
        )

    def link(self, source: str, target: str, why: str) -> "Board":
        """Assert a link that no ledger shows, such as a swap between two chains, with the reason for it."""
        ends, why = [self._node(source), self._node(target)], _text(why)
        if not why or ends[0] == ends[1]:
            raise CointrailError(
                "A link needs two different nodes and a reason: link(a, b, 'order 17 in exhibit E08')."
            )
        state = self._state.with_node(*ends)
        state = replace(state, links=tuple(dict.fromkeys((*state.links, Link(*ends, why)))))
        return self._done(_step("link", *ends, why), state, f"You assert a link: {why}")

    def note(self, name: str, text: str) -> "Board":
        """Write a note on a node; an empty one takes it away."""
        node, text = self._on_board(name), _text(text)
        notes = {one: words for one, words in self._state.notes.items() if one != node}
        state = replace(self._state, notes={**notes, node: text} if text else notes)
        return self._done(_step("note", node, text), state, "Note taken." if text else "The note is gone.")

    def pin(self, name: str, y: float | None = None) -> "Board":
        """Keep a node at a height of the drawing: where it is now, or at y (pixels from the top)."""
        node = self._on_board(name)
        y = round(float(self.drawing.places[node].y if y is None else y), 1)
        state = replace(self._state, pins={**self._state.pins, node: y})
        return self._done(_step("pin", node, y), state, f"{self._title(node)} is pinned.")

    def unpin(self, name: str) -> "Board":
        """Let a pinned node move again."""
        node = self._on_board(name)
        pins = {one: y for one, y in self._state.pins.items() if one != node}
        return self._done(_step("unpin", node), replace(self._state, pins=pins), f"{self._title(node)} can move.")

    def filter(self, *, least=0, since=None, until=None, hops: int | None = None) -> "Board":
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
            step, state, f"{_count(gone, 'payment')} hidden by the filter." if gone else "Nothing is hidden."
        )

    # --- undo, select, read --------------------------------------------------------------------------------------

    def undo(self) -> "Board":
        """Take the last step back."""
        if not self.steps:
            return self._say("There is nothing to undo.")
        step = self.steps.pop()
        self._states.pop()
        return self._changed(f"Undone: {step[0].replace('_', ' ')}.")

    def select(self, *names: str) -> "Board":
        """Choose nodes, as a click does."""
        self._selection = [self._on_board(name) for name in names]
        return self._changed(None)

    @property
    def selection(self) -> list[str]:
        """The chosen nodes: set by a click, read by the next cell; and the other way round."""
        return [name for name in self._selection if name in self.view.nodes]

    @selection.setter
    def selection(self, names):
        self.select(*([names] if isinstance(names, str) else names))

    @property
    def nodes(self) -> pd.DataFrame:
        """The nodes on the board: name, kind, addresses, hop, label, confidence, note."""
        return self.view.node_table()

    def payments(self) -> pd.DataFrame:
        """The payments on the board: time, source, target, amount (whole coins), unit, value (smallest unit), txid."""
        return self.view.payment_table()

    def as_code(self):
        """The Python that repeats the steps."""
        from cointrail.board.code import as_code

        return as_code(self)

    def save(self, file="board.json"):
        """Write the board to a file; `open_board(file)` brings it back.

        Returns
        -------
        Path
        """
        from cointrail.board.saved import save

        return save(self, file)

    def picture(self, *, alt: str | None = None):
        """The board as it is now, as a picture with words that needs no running program."""
        from cointrail.board.picture import Picture

        return Picture(self, alt)

    @property
    def view(self) -> View:
        """What is on the board now."""
        return self._look(self._state)

    @property
    def drawing(self):
        """Where everything stands in the drawing."""
        if self._drawn is None or self._drawn[0] is not self._state:
            from cointrail.board.drawing import Drawing

            self._drawn = (self._state, Drawing(self.view))
        return self._drawn[1]

    _drawn = None

    def _repr_mimebundle_(self, **kwargs):
        still = self.picture()._repr_mimebundle_()
        if words_only():
            return still
        if self._widget is None:
            from cointrail.board.widget import BoardWidget

            self._widget = BoardWidget(self)
        shown = self._widget._repr_mimebundle_(**kwargs)
        return {**(shown[0] if isinstance(shown, tuple) else shown), **still}

    _widget = None

    # --- inside --------------------------------------------------------------------------------------------------

    @property
    def _state(self) -> State:
        return self._states[-1]

    def _look(self, state):
        if self._looked is None or self._looked[0] is not state:
            self._looked = (state, View(state, self._source, self.tags, self._memo))
        return self._looked[1]

    _looked = None

    def _source(self, node):
        if len(self._sources) == 1:
            return self._sources[0]
        return next(source for source in self._sources if source.owns(node))

    def _node(self, name, state=None):
        if not isinstance(name, str):
            raise CointrailError(f"{name!r} is no address or txid: write it as text, in quotes.")
        found = next(((source, one) for source in self._sources if (one := source.find(name))), None)
        if found is None:
            raise CointrailError(f"{short(name)} is not of a ledger of this board.")
        source, one = found
        return one if is_transaction(one) else source.holder(one, (state or self._state).split)

    def _on_board(self, name):
        node = name if name in self.view.nodes else self._node(name)
        if node not in self.view.nodes:
            raise CointrailError(f"{short(node)} is not on the board: add it first, board.add(...).")
        return node

    def _title(self, node):
        return self.view.nodes[node].title if node in self.view.nodes else short(node)

    def _nothing(self, node, direction, again, found):
        if found.outside:
            return f"{self._title(node)}: the filter hides {_count(found.outside, 'payment')}; there is no other."
        if again:
            return f"{self._title(node)}: all {DIRECTIONS[direction]} are on the board."
        word = "has paid nobody else" if direction == "out" else "was paid by nobody else"
        return f"{self._title(node)} {word} up to the end of this ledger."

    def _brought(self, node, direction, found):
        said = f"{self._title(node)}: {_count(len(found.moves), 'payment')} {direction}"
        if found.smaller:
            left = f"{found.smaller:,} smaller, of {_count(found.others, 'other')}"
            said += f"; {left}, not shown: do it again for the next"
        said += f"; {found.outside:,} hidden by the filter" if found.outside else ""
        tags = self.view.nodes[node].tags if node in self.view.nodes else []
        if any(map(Tags.is_service, tags)) and direction == "out":
            said += ". This is a service: what it pays out is no longer your suspect's money; its books tell"
        return said + "."

    def _done(self, step, state, said, *, select=None):
        self.steps.append(step)
        self._states.append(state)
        if select:
            self._selection = [select]
        return self._changed(said)

    def _say(self, said):
        return self._changed(said)

    def _changed(self, said):
        self.message = said if said is not None else self.message
        for tell in self._listeners:
            tell()
        return self


def _source(ledger, clusters, exclude):
    if isinstance(ledger, Ledger):
        return UtxoMoves(ledger, clusters, exclude)
    if isinstance(ledger, TokenLedger):
        return TokenMoves(ledger)
    raise CointrailError(f"A board needs a Ledger or a TokenLedger, not {type(ledger).__name__}: see load_ledger.")


def _step(operation, *arguments, **options):
    return (operation, arguments, options)


def _text(text):
    if not isinstance(text, str) or len(text) > LONGEST_NOTE:
        raise CointrailError(f"A note is a text of at most {LONGEST_NOTE} characters.")
    return " ".join(text.split())


def _count(number, word):
    return f"{number:,} {word}{'' if number == 1 else 's'}"
