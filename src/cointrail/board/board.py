"""The case board: follow money step by step; every step is written down, so that the clicks become code.

    board = open_board(ledger, start=address)
    board                                       # in a notebook: the board to click on
    board.expand(address)                       # the same steps, in Python
    board.picture()                             # a picture that stays, for the report
    board.as_code()                             # the Python that repeats every step

Nothing is drawn and nothing is computed before it is needed. Amounts are whole coins on the board; `payments` gives
them in the smallest unit as well. Times are UTC.
"""

import pandas as pd

from cointrail.board.figures import words_only
from cointrail.board.moves import is_transaction
from cointrail.board.state import State
from cointrail.board.steps import Steps, count
from cointrail.board.tags import Tags
from cointrail.board.text import short
from cointrail.board.token_moves import TokenMoves
from cointrail.board.utxo_moves import UtxoMoves
from cointrail.board.view import View
from cointrail.errors import CointrailError
from cointrail.ledger import Ledger, TokenLedger

__all__ = ["Board"]


class Board(Steps):
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
        return f"<Board {names}: {count(nodes, 'node')}, {count(payments, 'payment')}>"

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
