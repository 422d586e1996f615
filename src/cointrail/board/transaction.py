"""One transaction as a picture: inputs on the left, outputs on the right, the fee below them."""

from typing import NamedTuple

from cointrail.board.figures import BLUE, GREY, INK, ORANGE, new_figure, show
from cointrail.board.text import short
from cointrail.ledger import Ledger
from cointrail.tracing import fee

__all__ = ["show_transaction"]

MOST_ROWS = 8
BOX_WIDTH, BOX_HEIGHT = 0.36, 0.72


class _Box(NamedTuple):
    """One input or output: its two lines of text, its value, and a colour of its own where it is no plain coin."""

    name: str
    amount: str
    value: int
    colour: str = INK


def show_transaction(ledger: Ledger, txid: str, *, labels: dict[str, str] | None = None, ask_fee: bool = False) -> None:
    """Draw one transaction: what it used up on the left, what it made on the right.

    Parameters
    ----------
    ledger : Ledger
    txid : str
    labels : dict, optional
        Address -> a short word to stand beside it, such as "listed address".
    ask_fee : bool
        Draw a question mark in place of the fee, for a person who wants to work it out.

    Raises
    ------
    CointrailError
        The ledger has no such transaction.
    """
    left, right = _inputs(ledger, txid, labels or {}), _outputs(ledger, txid, labels or {}, ask_fee)
    show(lambda: _draw(short(txid), left, right), alt=_words(txid, left, right))


def _inputs(ledger, txid, labels):
    if ledger.transaction(txid)["is_coinbase"]:
        value = int(ledger.outputs_of(txid)["value"].sum())
        return [_Box("new coins and the block's fees", f"{value:,} sat", value)]
    return _boxes(ledger.inputs_of(txid), labels)


def _outputs(ledger, txid, labels, ask_fee):
    boxes = _boxes(ledger.outputs_of(txid), labels)
    cost = fee(ledger, txid)
    amount = "? sat" if ask_fee else f"{cost:,} sat"
    return [*boxes, _Box("fee (in no output)", amount, cost, ORANGE)] if cost else boxes


def _boxes(table, labels):
    boxes = [_box(row, labels) for row in table.itertuples()]
    rest = boxes[MOST_ROWS - 1 :]
    if len(boxes) <= MOST_ROWS:
        return boxes
    value = sum(box.value for box in rest)
    return [*boxes[: MOST_ROWS - 1], _Box(f"and {len(rest)} more", f"{value:,} sat", value, GREY)]


def _box(row, labels):
    if row.type == "nulldata":
        return _Box(f"{row.index}: a note, no coins", f"{row.value:,} sat", row.value, GREY)
    address = " + ".join(map(short, row.addresses)) or row.type
    label = next((f" ({labels[one]})" for one in row.addresses if one in labels), "")
    return _Box(f"{row.index}: {address}{label}", f"{row.value:,} sat", row.value)


def _draw(title, left, right):
    rows = max(len(left), len(right))
    figure, axes = new_figure(8, 1.0 + 0.52 * rows)
    axes.set(xlim=(-0.005, 1.005), ylim=(-rows, 0.7))
    axes.axis("off")
    middle = -rows / 2
    for x, boxes, heading in ((0, left, "Inputs: used up"), (1 - BOX_WIDTH, right, "Outputs: newly made")):
        axes.text(x, 0.3, heading, fontsize=10, weight="bold", color=INK)
        top = middle + len(boxes) / 2
        for n, box in enumerate(boxes):
            y = top - n - 0.5
            _draw_box(axes, x, y, box)
            _draw_line(axes, x, (y, middle), box, sum(one.value for one in boxes))
    axes.text(0.5, middle, title, ha="center", va="center", fontsize=8.5, color="white", zorder=4,
              bbox={"boxstyle": "round,pad=0.6", "facecolor": BLUE, "edgecolor": "none"})  # fmt: skip
    return figure


def _draw_box(axes, x, y, box):
    from matplotlib.patches import FancyBboxPatch

    outline = FancyBboxPatch(
        (x, y - BOX_HEIGHT / 2), BOX_WIDTH, BOX_HEIGHT, boxstyle="round,pad=0,rounding_size=0.015", zorder=3
    )
    outline.set(facecolor="white", edgecolor=box.colour, linestyle="-" if box.colour == INK else "--")
    axes.add_patch(outline)
    axes.text(x + 0.012, y + 0.16, box.name, va="center", fontsize=8.5, color=box.colour, zorder=4)
    axes.text(x + 0.012, y - 0.17, box.amount, va="center", fontsize=9, weight="bold", color=box.colour, zorder=4)


def _draw_line(axes, x, heights, box, total):
    side = BOX_WIDTH if x == 0 else 1 - BOX_WIDTH
    colour = BLUE if box.colour == INK else box.colour
    width = 0.8 + (5 * box.value / total if total else 0)
    axes.plot([side, 0.5], heights, color=colour, linewidth=width, alpha=0.55, zorder=2)


def _words(txid, left, right):
    def side(boxes):
        return "; ".join(f"{box.name}, {box.amount}" for box in boxes)

    return f"Transaction {short(txid)}. Inputs on the left: {side(left)}. Outputs on the right: {side(right)}."
