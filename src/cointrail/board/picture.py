"""The board as a picture that stays: SVG inside HTML, with words, that needs no running program, file or network."""

from html import escape

from cointrail.board.figures import words_only
from cointrail.board.moves import coins, day_text
from cointrail.board.steps import count
from cointrail.board.svg import KINDS, markup, signs

__all__ = ["Picture", "describe"]

_PAPER = "color:#111;background:#fff"
NARROW, WIDEST, TALLEST = 700, 1000, 4000  # pixels on a page of paper, and in a notebook
READABLE = 0.7  # a wider drawing is scrolled, not shrunk further
TOLD = 5
# without it, where pages are cleaned, the drawing has the size that its attributes say
_STYLE = (
    "<style>.ct-drawn>svg{width:100%;height:auto}@page ct-wide{size:landscape}"
    "@media print{.ct-wide{page:ct-wide}.ct-wide .ct-drawn{min-width:0!important}}</style>"
)


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
        shown = width * self._scale
        return (
            f'<svg xmlns="http://www.w3.org/2000/svg" role="img" aria-label="{escape(self.alt)}" '
            f'viewBox="{left:g} {top:g} {width:g} {height:g}" width="{shown:g}" height="{height * self._scale:.0f}">'
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
        said = f"{legend}{_period(self._view)}{_left_out(self._view)}"
        if self._scale < READABLE:
            said += " <strong>Too much to read in one picture: filter, hide or collapse first.</strong>"
        caption = f'<figcaption style="{_PAPER};font-size:12px">{said}</figcaption>'
        width, shown = self._drawing.box[2], self._drawing.box[2] * self._scale
        width = width if self._scale >= READABLE else shown
        room = f'<div class="ct-drawn" style="min-width:{shown:.0f}px;max-width:{width:.0f}px">{self.svg()}</div>'
        if shown > NARROW:
            room = f'<div style="overflow-x:auto" tabindex="0" role="group" aria-label="Board">{room}</div>'
        kind = "ct-picture ct-wide" if width * READABLE > NARROW else "ct-picture"
        return f'<figure class="{kind}" style="{_PAPER};margin:0">{_STYLE}{room}{caption}</figure>{words}'

    @property
    def _scale(self):
        """As large as it can be read; a drawing too tall for that is shown whole, as an overview."""
        _, _, width, height = self._drawing.box
        fits = min(1.0, WIDEST / width)
        return min(fits, TALLEST / height) if height * READABLE > TALLEST else max(fits, READABLE)


def describe(view) -> str:
    """The board in one to four sentences: how much is on it, the largest payments, what is left out."""
    kinds = {}
    for node in view.nodes.values():
        kinds[node.kind] = kinds.get(node.kind, 0) + 1
    counts = ", ".join(f"{number:,} {_plural(kind, number)}" for kind, number in kinds.items())
    said = [f"A board of {counts}, with {count(view.payment_count, 'payment')}."]
    flows = sorted((edge for edge in view.edges if edge.moves), key=_weight, reverse=True)
    if flows:
        said.append(f"Largest: {'; '.join(_told(view, edge) for edge in flows[:TOLD])}.")
    links = [edge for edge in view.edges if edge.link]
    if links:
        said.append(f"Asserted: {'; '.join(edge.link.why for edge in links)}.")
    return " ".join(said) + _period(view) + _left_out(view)


def _told(view, edge):
    amounts = " and ".join(f"{coins(value, unit)} {unit.symbol}" for unit, value in edge.totals.items())
    return f"{view.nodes[edge.source].title} to {view.nodes[edge.target].title}, {amounts}"


def _weight(edge):
    return max(value / 10**unit.decimals for unit, value in edge.totals.items())


def _left_out(view):
    smaller = sum(node.hidden for node in view.nodes.values())
    parts = [f" Not shown: {count(smaller, 'smaller payment')}." if smaller else ""]
    parts.append(f" The filter hides {count(view.filtered, 'payment')}." if view.filtered else "")
    return "".join(parts)


def _period(view):
    days = dict.fromkeys(day_text(time, year=True) for time in view.period)
    return f" Payments of {' to '.join(days)} (UTC)." if days else ""


def _plural(kind, number):
    if number == 1 or kind == "new coins":
        return kind
    return f"{kind}es" if kind.endswith("s") else f"{kind}s"


def _sign(kind):
    colour, sign = KINDS[kind]
    path = f'<path fill="{colour}" d="M0 0{sign}"/>'
    drawn = f'<svg viewBox="-10 -10 20 20" width="14" height="14" aria-hidden="true">{path}</svg>'
    return f'<span style="white-space:nowrap;margin-right:1em">{drawn} {kind}</span>'
