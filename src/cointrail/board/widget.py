"""The board to click on: an anywidget that shows the drawing and sends back what was asked for.

All knowledge stays in Python: the page gets finished SVG, and the names of the cards on it. Nothing is loaded from
anywhere else.
"""

from pathlib import Path

import anywidget
import traitlets

from cointrail.board.code import as_code
from cointrail.board.drawing import CARD_WIDTH
from cointrail.board.moves import coins
from cointrail.board.picture import describe
from cointrail.board.state import State
from cointrail.board.svg import facts, late_words, markup
from cointrail.board.tags import Tags
from cointrail.errors import CointrailError

__all__ = ["BoardWidget"]

HERE = Path(__file__).parent
MOST_ROWS = 200


class BoardWidget(anywidget.AnyWidget):
    """The page's side of a board; `scene` is all that it shows."""

    _esm = HERE / "board.js"
    _css = HERE / "board.css"
    scene = traitlets.Dict().tag(sync=True)
    panel = traitlets.Dict().tag(sync=True)
    height = traitlets.Int(440).tag(sync=True)

    def __init__(self, board, **options):
        super().__init__(**options)
        self.board = board
        board._listeners.append(self.push)
        self.on_msg(lambda _, message, __: self.asked(message))
        self.push()

    def push(self) -> None:
        """Show the board as it is now; in the middle of an answer, when it is done."""
        self._fresh = False
        if self._answering:
            return
        self._fresh = True
        board = self.board
        drawing = board.drawing
        self.scene = {
            "svg": markup(drawing, live=True),
            "wide": CARD_WIDTH,
            "box": list(drawing.box),
            "cards": [[card.id, card.x, card.y, card.height] for card in drawing.cards.values()],
            "late": late_words(drawing),
            "opened": [name for name, node in board.view.nodes.items() if "out" in node.opened],
            "selection": board.selection,
            "about": _about(board),
            "message": board.message,
            "words": describe(board.view),
            "steps": len(board.steps),
            "filter": next((how for what, _, how in reversed(board.steps) if what == "filter"), {}),
        }

    def asked(self, message) -> None:
        """Do what a click or key asks for; what cannot be done is said on the board."""
        self._answering = True
        try:
            self._do(message if isinstance(message, dict) else {})
        except CointrailError as error:
            self.board._changed(str(error))
        finally:
            self._answering = False
        if not self._fresh:
            self.push()

    _answering = _fresh = False

    def _do(self, message):
        what, name = message.get("do"), message.get("name")
        board = self.board
        if what in ("expand", "back", "collapse", "hide", "add"):
            getattr(board, what)(name)
            board.select(*[one for one in [board._node(name)] if one in board.view.nodes])
        elif what == "cluster":
            opened = board._node(name, State()) in board._state.split
            (board.close_cluster if opened else board.open_cluster)(name)
        elif what == "pin":
            pinned = name in board._state.pins and "y" not in message
            board.unpin(name) if pinned else board.pin(name, message.get("y"))
        elif what == "link":
            if len(board.selection) != 2:
                raise CointrailError("A link joins two cards: click the first, Shift-click the second, then Link…")
            board.link(*board.selection, message.get("why", ""))
        elif what == "note":
            board.note(name, message.get("text", ""))
        elif what == "filter":
            hops = str(message.get("hops") or "").strip()
            if hops and not hops.isdigit():
                raise CointrailError(f"{hops!r} is no number of steps.")
            dates = {side: message.get(side) or None for side in ("since", "until")}
            board.filter(least=message.get("least") or 0, hops=int(hops) if hops else None, **dates)
        elif what == "undo":
            board.undo()
        elif what == "select":
            board.select(*message.get("names", []))
        elif what in ("payments", "code"):
            self.panel = {"kind": what, **(_payments(board) if what == "payments" else {"text": str(as_code(board))})}


def _about(board):
    """What is known of the chosen node, whole and unshortened."""
    lines = []
    for name in board.selection[:1]:
        node = board.view.nodes[name]
        lines.append(f"{name}: {node.words}, {facts(node)}.")
        lines += [f"Note: {node.note}."] if node.note else []
        lines += [f"Tag: {Tags.words(tag)}." for tag in node.tags]
        links = [edge for edge in board.view.edges if edge.link and name in (edge.source, edge.target)]
        lines += [f"Asserted, on no ledger: {edge.link.why}." for edge in links]
    return " ".join(lines)


def _payments(board):
    """The payments of the chosen nodes, or all, as rows of text."""
    chosen = {*board.selection}
    edges = [edge for edge in board.view.edges if not chosen or {edge.source, edge.target} & chosen]
    moves = sorted(
        ((move.time, move.txid, edge, move) for edge in edges for move in edge.moves), key=lambda one: one[:2]
    )
    title = board.view.nodes
    rows = [
        [f"{_minute(time)}", title[edge.source].title, title[edge.target].title,
         f"{coins(move.value, move.unit, exact=True)} {move.unit.symbol}", txid]
        for time, txid, edge, move in moves[:MOST_ROWS]
    ]  # fmt: skip
    whose = "of the chosen node" if chosen else "on the board"
    shown = f", the first {MOST_ROWS} shown" if len(moves) > MOST_ROWS else ""
    head = ["time (UTC)", "from", "to", "amount", "transaction"]
    return {"head": head, "rows": rows, "text": f"{len(moves):,} payments {whose}{shown}"}


def _minute(seconds):
    from datetime import UTC, datetime

    return f"{datetime.fromtimestamp(seconds, UTC):%Y-%m-%d %H:%M}"
