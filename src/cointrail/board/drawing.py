"""The board in pixels: cards, lines with their labels, and the size of the whole. Labels never overlap by construction:
each payment reaches its card in a row of its own, and the space between two columns is as wide as its longest label."""

from collections import defaultdict
from functools import cached_property
from typing import NamedTuple

from cointrail.board.layout import Placed, backward_edges, lay_out

__all__ = ["CARD_WIDTH", "EXTRA_LINE", "LONGEST_LINE", "Card", "Drawing", "Line", "bold_width", "cut"]

CARD_WIDTH = 188
CARD_HEIGHT, EXTRA_LINE = 40, 14
ROW = 17  # of a label at a card
CURVE = 56  # room for the curve between a card and the labels
LETTER = 6.0  # widest average of a label's letters, in pixels at 10.5
LONGEST_LABEL, LONGEST_LINK, LONGEST_LINE = 50, 34, 26
THINNEST, THICKEST = 1.2, 5.0


class Card(NamedTuple):
    """A node in the drawing; x is its left side, y its middle."""

    id: str
    x: float
    y: float
    height: float


class Line(NamedTuple):
    """An edge in the drawing: its path, where its arrow points, its label (right-aligned at x, y) and its width."""

    edge: object
    path: str
    arrow: tuple[float, float, int]
    label: str
    label_at: tuple[float, float]
    width: float


class Drawing:
    """Where everything stands.

    Attributes
    ----------
    cards : dict
        Node id -> `Card`.
    lines : list of Line
    box : tuple
        Left, top, width and height of the whole, in pixels.
    """

    def __init__(self, view):
        self.view = view
        pairs = _pairs(view)
        left_rows = _count_rows(view, backward_edges(view.nodes, pairs))
        self.heights = {name: _height(node, left_rows[name]) for name, node in view.nodes.items()}
        pins = {name: node.pin for name, node in view.nodes.items() if node.pin is not None}
        self.layout: Placed = lay_out(self.heights, pairs, pins)
        self.places = self.layout.places
        self._rows()

    @cached_property
    def columns(self) -> dict[int, float]:
        """Left side of each column."""
        widest = defaultdict(int)
        for edge in self.view.edges:
            column = self.places[self._ends(edge)[1]].column
            widest[column] = max(widest[column], len(_label(edge)))
        x, found = 0.0, {}
        for column in sorted({place.column for place in self.places.values()}):
            x += (CURVE + LETTER * widest[column] + 14) if found else 0
            found[column] = x
            x += CARD_WIDTH
        return found

    @cached_property
    def cards(self) -> dict[str, Card]:
        return {
            name: Card(name, self.columns[place.column], round(place.y, 1), self.heights[name])
            for name, place in self.places.items()
        }

    @cached_property
    def box(self) -> tuple[float, float, float, float]:
        cards = self.cards.values()
        ys = [y for card in cards for y in (card.y - card.height / 2, card.y + card.height / 2)]
        ys += [place.y for bends in self.layout.bends.values() for place in bends]
        left, right = min(card.x for card in cards), max(card.x for card in cards) + CARD_WIDTH
        return left - 24, min(ys) - 24, right - left + 48, max(ys) - min(ys) + 48

    @cached_property
    def lines(self) -> list[Line]:
        largest = defaultdict(float)
        for edge in self.view.edges:
            for unit, value in edge.totals.items():
                largest[unit] = max(largest[unit], value)
        return [self._line(edge, largest) for edge in self.view.edges]

    def _ends(self, edge):
        """The nodes at the left and at the right end of an edge."""
        turned = (edge.source, edge.target) in self.layout.backward
        return (edge.target, edge.source) if turned else (edge.source, edge.target)

    def _rows(self):
        """For each edge, its row at the card on its right and its place at the card on its left."""
        arriving, leaving = defaultdict(list), defaultdict(list)
        for edge in self.view.edges:
            left, right = self._ends(edge)
            bends = self.layout.bends.get((left, right), [])
            arriving[right].append(((bends[-1] if bends else self.places[left]).y, edge))
            leaving[left].append(((bends[0] if bends else self.places[right]).y, edge))
        self._row = {}
        for side, listed in ((1, arriving), (0, leaving)):
            for name, edges in listed.items():
                edges.sort(key=lambda item: item[0])
                step = ROW if side else min(ROW, (self.heights[name] - 10) / len(edges))
                for n, (_, edge) in enumerate(edges):
                    self._row[edge, side] = (n - (len(edges) - 1) / 2) * step

    def _line(self, edge, largest):
        left, right = self._ends(edge)
        backward = left != edge.source
        start, end = self.cards[left], self.cards[right]
        x, y = start.x + CARD_WIDTH, start.y + self._row[edge, 0]
        to_x, to_y = end.x, end.y + self._row[edge, 1]
        path = [f"M{x + (7 if backward else 0):g} {y:.1f}"]
        for bend in self.layout.bends.get((left, right), []):
            turn = self.columns.get(bend.column)
            if turn is None:
                continue
            path.append(_curve(x, y, x + CURVE, bend.y, turn + CARD_WIDTH))
            x, y = turn + CARD_WIDTH, bend.y
        path.append(_curve(x, y, x + CURVE, to_y, to_x - (0 if backward else 7)))
        arrow = (start.x + CARD_WIDTH, start.y + self._row[edge, 0], -1) if backward else (to_x, to_y, 1)
        share = max((value / largest[unit] for unit, value in edge.totals.items() if largest[unit]), default=0)
        width = round(THINNEST + (THICKEST - THINNEST) * share**0.5, 1)
        label = _label(edge)
        return Line(edge, "".join(path), arrow, label, (to_x - 10, to_y - 4 - width / 2), width)


def cut(text: str, longest: int) -> str:
    """A text of at most so many characters; what was cut off is marked."""
    return text if len(text) <= longest else f"{text[: longest - 1]}…"


def bold_width(text: str) -> float:
    """About how wide a bold text is, in its own size; of DejaVu Sans, one of the widest letters there are."""
    return sum(_WIDTHS.get(one, 1.0 if one > "\u04ff" else 0.78 if one.isupper() else 0.7) for one in text)


_WIDTHS = {**dict.fromkeys("iljI.,:;'!| ", 0.38), **dict.fromkeys("frt()-", 0.5), **dict.fromkeys("mwMW@%…", 1.05)}


def _label(edge):
    """Amount and date whole; the reason of an asserted link stands whole among the words under the board."""
    return cut(edge.label, LONGEST_LINK if edge.link else LONGEST_LABEL)


def _height(node, rows):
    lines = CARD_HEIGHT + EXTRA_LINE * (bool(node.tags) + bool(node.note))
    return max(lines, ROW * rows + 6)


def _pairs(view):
    """Edges for the layout, one for each pair and direction: an asserted link may stand beside payments."""
    pairs = {}
    for edge in view.edges:
        pairs.setdefault((edge.source, edge.target), edge.first if edge.first is not None else 0)
    return [(*pair, time) for pair, time in pairs.items()]


def _count_rows(view, backward):
    """How many labels stand at the left of each card: those of the edges whose right end it is."""
    rows = defaultdict(int)
    for edge in view.edges:
        rows[edge.source if (edge.source, edge.target) in backward else edge.target] += 1
    return rows


def _curve(x, y, to_x, to_y, on_to):
    """A curve with level ends to (to_x, to_y), then level on to another x."""
    middle = (x + to_x) / 2
    return f"C{middle:.1f} {y:.1f} {middle:.1f} {to_y:.1f} {to_x:.1f} {to_y:.1f}H{on_to:.1f}"
