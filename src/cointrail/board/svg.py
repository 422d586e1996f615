"""A drawing as SVG text, the same for the board in a notebook and for the picture that stays.

Colours and fonts are attributes, so that the picture needs no style sheet; classes are for the board's own.
Nothing is told by colour alone: each kind has its own sign and its own word.
"""

from html import escape

from cointrail.board.drawing import CARD_WIDTH, EXTRA_LINE, LONGEST_LINE, LONGEST_TITLE, cut
from cointrail.board.tags import Tags

__all__ = ["KINDS", "MANY", "colour_of", "markup", "signs", "spoken"]

BLUE, ORANGE, GREEN, PURPLE, GREY, INK = "#005a8e", "#a83c00", "#00694a", "#7b3f73", "#555555", "#111111"
FONT = "system-ui, 'DejaVu Sans', sans-serif"
MANY = 400  # from so many nodes on, labels get no ground of their own: nobody reads them all at once

# kind -> colour and sign: a path around (0, 0), 16 pixels wide
_DOT = "a4.5 4.5 0 1 0 9 0a4.5 4.5 0 1 0-9 0z"
KINDS = {
    "address": (BLUE, "M-7 0a7 7 0 1 0 14 0a7 7 0 1 0-14 0z"),
    "account": (BLUE, "M-7 0a7 7 0 1 0 14 0a7 7 0 1 0-14 0z"),
    "cluster": (BLUE, f"M-8.5 3{_DOT}M-.5 3{_DOT}M-4.5-4{_DOT}"),
    "service": (ORANGE, "M-8 8V-3L0-9L8-3V8z"),
    "transaction": (GREY, "M0-9L9 0L0 9L-9 0z"),
    "contract": (PURPLE, "M-8-8V8H8V-8zM-3-3H3V3H-3z"),
    "new coins": (GREEN, "M-2.5-8H2.5V-2.5H8V2.5H2.5V8H-2.5V2.5H-8V-2.5H-2.5z"),
    "script": (GREY, "M0-9L9 8H-9z"),
}


def colour_of(node) -> tuple[str, str]:
    """A node's colour and sign: its kind's, or a service's where a tag says so."""
    return KINDS["service" if any(map(Tags.is_service, node.tags)) else node.kind]


def signs(view) -> list[str]:
    """The kinds that stand on a board, for its legend."""
    found = {"service" if any(map(Tags.is_service, node.tags)) else node.kind for node in view.nodes.values()}
    return [kind for kind in KINDS if kind in found]


def markup(drawing, *, live: bool) -> str:
    """The inner SVG of a drawing.

    Parameters
    ----------
    drawing : Drawing
    live : bool
        For the board that is clicked on: cards are buttons with a name that is read aloud.
    """
    nodes = drawing.view.nodes
    few = len(nodes) < MANY
    parts = ['<g class="edges" fill="none" stroke="#777777">']
    parts += [_path(line) for line in drawing.lines]
    arrows = "".join(_arrow(line.arrow) for line in drawing.lines)
    parts.append(f'</g><path class="arrows" fill="{GREY}" d="{arrows}"/>')
    parts.append(f'<g class="labels" font-family="{FONT}" font-size="10.5" text-anchor="end" fill="{INK}">')
    parts += [_label(line, few) for line in drawing.lines]
    parts.append(f'</g><g class="cards" font-family="{FONT}" fill="{INK}">')
    parts += [_card(nodes[card.id], card, n, live) for n, card in enumerate(drawing.cards.values())]
    return "".join(parts) + "</g>"


def _path(line):
    dashes = ' stroke-dasharray="6 4"' if line.edge.link else ""
    return f'<path d="{line.path}" stroke-width="{line.width}"{dashes}/>'


def _arrow(arrow):
    x, y, way = arrow
    return f"M{x:g} {y:.1f}l{-9 * way}-4.5v9z"


def _label(line, ground):
    (x, y), text = (
        line.label_at,
        f'<text x="{line.label_at[0]:g}" y="{line.label_at[1]:.1f}">{escape(line.label)}</text>',
    )
    if not ground:
        return text
    width = 5.9 * len(line.label) + 4
    place = f'x="{x - width:.1f}" y="{y - 9.5:.1f}" width="{width + 2:.1f}" height="12"'
    return f'<rect class="ground" {place} fill="#ffffff" fill-opacity="0.85"/>{text}'


def _card(node, card, number, live):
    colour, sign = colour_of(node)
    top = -card.height / 2
    name = f' data-n="{number}" role="button" tabindex="-1" aria-label="{escape(spoken(node))}"' if live else ""
    dashes = ' stroke-dasharray="2 2"' if node.pin is not None else ""
    return (
        f'<g class="card {node.kind.replace(" ", "-")}" transform="translate({card.x:g},{card.y:g})"{name}>'
        f'<rect y="{top:g}" width="{CARD_WIDTH}" height="{card.height:g}" rx="6" fill="#ffffff" stroke="{colour}"'
        f' stroke-width="1.5"{dashes}/>'
        f'<path class="sign" transform="translate(16,{top + 20:g})" fill="{colour}" d="{sign}"/>'
        f'<g class="words">{"".join(_lines(node, top))}</g></g>'
    )


def _lines(node, top):
    """The lines of text on a card."""
    yield _text(30, top + 16, cut(node.title, LONGEST_TITLE), size=12, more=' font-weight="bold"')
    yield _text(30, top + 31, node.words)
    if more := more_of(node):
        yield _text(CARD_WIDTH - 7, top + 31, more, more=' text-anchor="end"')
    if node.tags:
        yield _text(30, top + 45, cut(f"tag {Tags.sure(node.tags[0])}", LONGEST_LINE))
    if node.note:
        y = top + 45 + EXTRA_LINE * bool(node.tags)
        yield _text(30, y, cut(node.note, LONGEST_LINE), more=' font-style="italic"')


def _text(x, y, text, *, size=10.5, more=""):
    return f'<text x="{x}" y="{y:g}" font-size="{size}"{more}>{escape(text)}</text>'


def more_of(node) -> str:
    """What is left to follow out of a node, as it stands on its card."""
    if "out" in node.opened:
        return f"+{node.hidden:,} ▸" if node.hidden else ""
    return f"{node.out:,} ▸" if node.out else ""


def spoken(node) -> str:
    """A node in words, as a screen reader says it."""
    said = [node.title, node.words]
    if node.tags:
        said.append(f"tag with confidence {Tags.sure(node.tags[0])}")
    if node.note:
        said.append(f"note: {node.note}")
    if node.kind in ("transaction", "new coins"):
        said.append(f"{node.into} in, {node.out} out")
    else:
        said.append(
            f"paid {node.into} times, pays {node.out} times" if node.out else f"paid {node.into} times, never pays"
        )
    if node.hidden:
        said.append(f"{node.hidden} smaller payments not shown")
    if node.pin is not None:
        said.append("pinned")
    return ", ".join(said)
