"""The layers of the web as one picture, and a captured page as it looked, shut off from everything around it."""

import html
import re

from IPython.display import display

from cointrail.board.figures import BLUE, GREY, INK, ORANGE, new_figure, show, words_only

__all__ = ["show_layers", "show_page"]

# layer, how one gets there, an example; the first letter is the code of Instruction 7
LAYERS = (
    ("Clearnet", "an ordinary browser, no account", "a shop's page, a newspaper"),
    ("Private web (deep web)", "an ordinary browser and an account", "a forum for members, a mailbox"),
    ("Darknet", "an overlay network, such as Tor", "a market on an onion address"),
)


def show_layers() -> None:
    """Draw clearnet, private web and darknet above each other, and messengers beside them."""
    words = "; ".join(f"{name}: reached with {way}, for example {example}" for name, way, example in LAYERS)
    alt = f"The web in layers, from top to bottom. {words}. Beside all three: messengers, reached with an app."
    show(_draw_layers, alt=alt)


def _draw_layers():
    figure, axes = new_figure(8, 3.2)
    for place, (name, way, example) in enumerate(LAYERS):
        _box(axes, (0.1, 2.1 - place, 6.2, 0.85), (BLUE, GREY, ORANGE)[place], name, f"{way}\n{example}")
    _box(axes, (6.6, 0.1, 3.2, 2.85), INK, "Messengers", "an app: open channels,\ngroups by invitation,\nprivate chats")
    axes.set_xlim(0, 10)
    axes.set_ylim(0, 3.1)
    axes.axis("off")
    return figure


def _box(axes, place, colour, name, text):
    from matplotlib.patches import FancyBboxPatch

    left, low, wide, high = place
    axes.add_patch(
        FancyBboxPatch(
            (left, low), wide, high, boxstyle="round,pad=0.02", facecolor="white", edgecolor=colour, linewidth=2
        )
    )
    top = low + high - 0.12
    axes.text(left + 0.15, top, name, va="top", fontsize=10.5, fontweight="bold", color=colour)
    axes.text(left + 0.15, top - 0.28, text, va="top", fontsize=9, color=INK, linespacing=1.3)


def show_page(page: str, *, height: int = 320) -> None:
    """Show a captured page in a frame that runs no script and fetches nothing.

    Parameters
    ----------
    page : str
        The HTML text of an exhibit.
    height : int
        Of the frame, in pixels.
    """
    words = re.sub(r"\s+", " ", re.sub(r"<style>.*?</style>|<[^>]+>", " ", page)).strip()
    if words_only():
        display({"text/plain": html.unescape(words)}, raw=True)
        return
    frame = (
        f'<iframe sandbox="" title="captured page" srcdoc="{html.escape(page)}" '
        f'style="width:100%;max-width:60em;height:{height}px;border:1px solid #888"></iframe>'
    )
    display({"text/html": frame, "text/plain": html.unescape(words)}, raw=True)
