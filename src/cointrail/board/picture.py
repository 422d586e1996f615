"""The board as a picture that stays: SVG inside HTML, with words, that needs no running program, file or network."""

from html import escape

from cointrail.board.figures import words_only
from cointrail.board.moves import coins
from cointrail.board.svg import KINDS, markup, signs
from cointrail.board.tags import Tags

__all__ = ["Picture", "describe"]

_PAPER = "color:#111;background:#fff"
WIDEST = 1000  # pixels on a page
TOLD = 5


class Picture:
    """What `Board.picture` gives: shown by a notebook; `svg()` is the drawing alone, `str()` the words."""

    def __init__(self, board, alt=None):
        self._view, self.alt = board.view, alt or describe(board.view)
        self._drawing = None if words_only() else board.drawing

    def __str__(self) -> str:
        return self.alt

    def svg(self) -> str:
        """The drawing as one SVG element."""
        if self._drawing is None:
            return ""
        left, top, width, height = self._drawing.box
        shown = min(width, WIDEST)
        return (
            f'<svg xmlns="http://www.w3.org/2000/svg" role="img" aria-label="{escape(self.alt)}" '
            f'viewBox="{left:g} {top:g} {width:g} {height:g}" width="{shown:g}" height="{height * shown / width:.0f}">'
            f'<title>{escape(self.alt)}</title><rect x="{left:g}" y="{top:g}" width="{width:g}" height="{height:g}" '
            f'fill="#ffffff"/>{markup(self._drawing, live=False)}</svg>'
        )

    def _repr_mimebundle_(self, **kwargs):
        return {"text/html": self.html(), "text/plain": f"Board: {self.alt}"}

    def html(self) -> str:
        """The picture, its legend and its words as HTML."""
        if self._drawing is None:
            return f"<p>The board in words (not drawn while grading): {escape(self.alt)}</p>"
        words = f"<details><summary>The board in words</summary><p>{escape(self.alt)}</p></details>"
        legend = " ".join(_sign(kind) for kind in signs(self._view))
        caption = f'<figcaption style="{_PAPER};font-size:12px">{legend}{_left_out(self._view)}</figcaption>'
        return f'<figure style="{_PAPER};margin:0;overflow-x:auto">{self.svg()}{caption}</figure>{words}'


def describe(view) -> str:
    """The board in one to four sentences: how much is on it, the largest payments, what is left out."""
    kinds = {}
    for node in view.nodes.values():
        kinds[node.kind] = kinds.get(node.kind, 0) + 1
    counts = ", ".join(f"{count:,} {_plural(kind, count)}" for kind, count in kinds.items())
    said = [f"A board of {counts}, with {view.payment_count:,} payment{'' if view.payment_count == 1 else 's'}."]
    flows = sorted((edge for edge in view.edges if edge.moves), key=_weight, reverse=True)
    if flows:
        said.append(f"Largest: {'; '.join(_told(view, edge) for edge in flows[:TOLD])}.")
    links = [edge for edge in view.edges if edge.link]
    if links:
        said.append(f"Asserted: {'; '.join(edge.link.why for edge in links)}.")
    return " ".join(said) + _left_out(view)


def _told(view, edge):
    amounts = " and ".join(f"{coins(value, unit)} {unit.symbol}" for unit, value in edge.totals.items())
    return f"{view.nodes[edge.source].title} to {view.nodes[edge.target].title}, {amounts}"


def _weight(edge):
    return max(value / 10**unit.decimals for unit, value in edge.totals.items())


def _left_out(view):
    smaller = sum(node.hidden for node in view.nodes.values())
    parts = [f" {smaller:,} smaller payments are not shown." if smaller else ""]
    parts.append(f" The filter hides {view.filtered:,} payments." if view.filtered else "")
    return "".join(parts)


def _plural(kind, count):
    if count == 1 or kind == "new coins":
        return kind
    return f"{kind}es" if kind.endswith("s") else f"{kind}s"


def _sign(kind):
    colour, sign = KINDS[kind]
    path = f'<path fill="{colour}" d="M0 0{sign}"/>'
    drawn = f'<svg viewBox="-10 -10 20 20" width="14" height="14" aria-hidden="true">{path}</svg>'
    return f'<span style="white-space:nowrap;margin-right:1em">{drawn} {kind}</span>'


def tag_lines(node) -> list[str]:
    """All that is claimed about a node, one line a tag."""
    return [Tags.words(tag) for tag in node.tags]
