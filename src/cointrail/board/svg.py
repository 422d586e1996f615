"""A drawing as SVG text, the same for the board in a notebook and for the picture that stays.

Colours and fonts are attributes, so that the picture needs no style sheet; classes are for the board's own.
Nothing is told by colour alone: each kind has its own sign and its own word.
"""

from html import escape

from cointrail.board.drawing import CARD_WIDTH, EXTRA_LINE, LONGEST_LINE, bold_width, cut
from cointrail.board.tags import Tags

__all__ = ["KINDS", "MANY", "facts", "late_words", "markup", "sign_of", "signs", "spoken"]

BLUE, ORANGE, GREEN, PURPLE, GREY, INK = "#005a8e", "#a83c00", "#00694a", "#7b3f73", "#555555", "#111111"
FONT = "system-ui, 'DejaVu Sans', sans-serif"
MANY = 400  # from so many nodes on nobody reads all words at once: the page sets those in sight
LONGEST_SPOKEN = 80
TITLE_ROOM = CARD_WIDTH - 36  # pixels

# kind -> colour and sign: steps of a path from the sign's middle, 16 pixels wide
_DOT = "a4.5 4.5 0 1 0 9 0a4.5 4.5 0 1 0-9 0z"
_DISC = "m-7 0a7 7 0 1 0 14 0a7 7 0 1 0-14 0z"
KINDS = {
    "address": (BLUE, _DISC),
    "account": (BLUE, _DISC),
    "cluster": (BLUE, f"m-8.5 3{_DOT}m8 0{_DOT}m-4-7{_DOT}"),
    "service": (ORANGE, "m-8 8v-11l8-6l8 6v11z"),
    "transaction": (GREY, "m0-9l9 9l-9 9l-9-9z"),
    "contract": (PURPLE, "m-8-8v16h16v-16zm5 5h6v6h-6z"),
    "new coins": (GREEN, "m-2.5-8h5v5.5h5.5v5h-5.5v5.5h-5v-5.5h-5.5v-5h5.5z"),
    "script": (GREY, "m0-9l9 17h-18z"),
}


def sign_of(node) -> str:
    """Which of the kinds a node's sign shows: its own, or a service's where a tag says so."""
    return "service" if any(map(Tags.is_service, node.tags)) else node.kind


def signs(view) -> list[str]:
    """The kinds that stand on a board, for its legend."""
    found = {sign_of(node) for node in view.nodes.values()}
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
    many = len(nodes) > MANY
    now = not (live and many)
    parts = ['<g class="edges" fill="none" stroke="#777777">']
    parts += [_path(line) for line in drawing.lines]
    arrows = "".join(_arrow(line.arrow) for line in drawing.lines)
    parts.append(f'</g><path class="arrows" fill="{GREY}" d="{arrows}"/>')
    parts.append(f'<g class="labels" font-family="{FONT}" font-size="10.5" text-anchor="end" fill="{INK}">')
    parts += [_label(line, not many) for line in drawing.lines] if now else []
    parts.append(f'</g><g class="cards" font-family="{FONT}" fill="{INK}">')
    for number, card in enumerate(drawing.cards.values()):
        words = _words(nodes[card.id], card, live) if now else ""
        parts.append(_card(nodes[card.id], card, words, number if live else None))
    return "".join(parts) + "</g>"


def late_words(drawing) -> dict:
    """What `markup` leaves out of a live drawing of very many nodes: the words of each card, and the labels."""
    if len(drawing.cards) <= MANY:
        return {"cards": [], "labels": []}
    nodes = drawing.view.nodes
    return {
        "cards": [_words(nodes[card.id], card, True) for card in drawing.cards.values()],
        "labels": [[*line.label_at, _label(line, True)] for line in drawing.lines],
    }


def _path(line):
    dashes = ' stroke-dasharray="6 4"' if line.edge.link else ""
    return f'<path d="{line.path}" stroke-width="{line.width}"{dashes}/>'


def _arrow(arrow):
    x, y, way = arrow
    return f"M{x:g} {y:.1f}l{-9 * way}-4.5v9z"


def _label(line, ground):
    x, y = line.label_at
    text = f'<text x="{x:g}" y="{y:.1f}">{escape(line.label)}</text>'
    if not ground:
        return text
    width = 5.9 * len(line.label) + 4
    place = f'x="{x - width:.1f}" y="{y - 8.5:.1f}" width="{width + 2:.1f}" height="11"'
    return f'<rect class="ground" {place} fill="#ffffff" fill-opacity="0.85"/>{text}'


def _card(node, card, words, number):
    """A card at its place in numbers of its own: with a transform for each, a browser moves thousands of layers.

    A card with a number is a button.
    """
    colour, sign = KINDS[sign_of(node)]
    x, top = card.x, card.y - card.height / 2
    name = ""
    if number is not None:
        name = f' data-n="{number}" role="button" tabindex="-1" aria-label="{escape(spoken(node))}"'
    dashes = ' stroke-dasharray="2 2"' if node.pin is not None else ""
    return (
        f'<g class="card {sign_of(node).replace(" ", "-")}"{name}>'
        f'<rect x="{x:g}" y="{top:g}" width="{CARD_WIDTH}" height="{card.height:g}" rx="6" fill="#ffffff"'
        f' stroke="{colour}" stroke-width="1.5"{dashes}/>'
        f'<path class="sign" fill="{colour}" d="M{x + 16:g} {top + 20:g}{sign}"/>{words}</g>'
    )


def _words(node, card, live):
    """The lines of text on a card, a space between them; a live card is read aloud by its name, which says more."""
    x, y = card.x + 30, card.y - card.height / 2
    lines = [_title(node, x, y + 16), _text(x, y + 31, node.words)]
    if more := more_of(node):
        lines.append(_text(card.x + CARD_WIDTH - 7, y + 31, more, more=' text-anchor="end"'))
    if node.tags:
        lines.append(_text(x, y + 45, _tag(node)))
    if node.note:
        below = y + 45 + EXTRA_LINE * bool(node.tags)
        lines.append(_text(x, below, cut(node.note, LONGEST_LINE), more=' font-style="italic"'))
    return (
        f'<g class="words" aria-hidden="true">{" ".join(lines)}</g>'
        if live
        else f'<g class="words">{"".join(lines)}</g>'
    )


def _tag(node):
    return cut(f"tag {Tags.sure(node.tags[0])}", LONGEST_LINE)


def _title(node, x, y):
    """A label is cut where the card ends; of a name both ends are needed: a wide one is set narrower."""
    text, more = _shown_title(node), ' font-weight="bold"'
    if 12 * bold_width(text) > TITLE_ROOM:
        more += f' textLength="{TITLE_ROOM}" lengthAdjust="spacingAndGlyphs"'
    return _text(x, y, text, size=12, more=more)


def _shown_title(node):
    text = node.title
    if not node.tags or 12 * bold_width(text) <= TITLE_ROOM:
        return text
    fits = [n for n in range(min(len(text), LONGEST_LINE)) if 12 * bold_width(f"{text[:n]}…") <= TITLE_ROOM]
    return f"{text[: fits[-1]]}…"


def _text(x, y, text, *, size=10.5, more=""):
    return f'<text x="{x:g}" y="{y:g}" font-size="{size}"{more}>{escape(text)}</text>'


def more_of(node) -> str:
    """What is left to follow out of a node, as it stands on its card."""
    if "out" in node.opened:
        return f"+{node.hidden:,} ▸" if node.hidden else ""
    return f"{node.out:,} ▸" if node.out else ""


def spoken(node) -> str:
    """A node in words, as a screen reader says it: first what stands on its card, as it stands there."""
    said = [_shown_title(node), node.words, more_of(node)]
    said += [_tag(node)] if node.tags else []
    said += [node.note]
    if _shown_title(node) != node.title:
        said.append(f"label {cut(node.title, LONGEST_SPOKEN)}")
    return ", ".join(part for part in [*said, facts(node)] if part)


def facts(node) -> str:
    """How often a node is paid and pays, what is not shown of it, and whether it is pinned."""
    if node.kind in ("transaction", "new coins"):
        said = [f"{node.into:,} in, {node.out:,} out"]
    else:
        said = [f"paid {_times(node.into)}, {f'pays {_times(node.out)}' if node.out else 'never pays'}"]
    said += [f"not shown: {node.hidden:,} smaller"] if node.hidden else []
    said += ["pinned"] if node.pin is not None else []
    return ", ".join(said)


def _times(number):
    return "once" if number == 1 else f"{number:,} times"
