"""The one door for figures: every figure goes through `show`, and none goes without words.

Figures are PNG, the same bytes for the same data: no clock and no software name in the file, and matplotlib's own font.
The words stand in the picture's metadata, which HTML pages use, and folded under the picture for everybody else:
JupyterLab itself shows no alternative text for pictures. While a hand-in is graded nobody looks: nothing is drawn then,
and the words alone are shown.
"""

import base64
import html
import os
from collections.abc import Callable
from io import BytesIO
from typing import TYPE_CHECKING

from IPython.display import display

from cointrail.errors import CointrailError

if TYPE_CHECKING:
    from matplotlib.figure import Figure

__all__ = ["BLUE", "GREY", "INK", "ORANGE", "new_figure", "png", "show", "words_only"]

# colours that stay apart for colour-blind readers (Okabe and Ito); no figure tells anything by colour alone
BLUE, ORANGE, GREY, INK = "#0072B2", "#D55E00", "#6b6b6b", "#111111"
DPI = 150
COLOURS = 64
WIDTH_ON_PAGE = 100  # CSS pixels for one inch of figure


def new_figure(width: float, height: float):
    """A white figure of that size in inches, with one pair of axes."""
    from matplotlib.figure import Figure

    figure = Figure(figsize=(width, height), dpi=DPI, facecolor="white", layout="constrained")
    return figure, figure.add_subplot()


def show(fig: "Figure | Callable[[], Figure]", *, alt: str) -> None:
    """Show a figure together with its words.

    Parameters
    ----------
    fig : matplotlib.figure.Figure, or a function that draws it
        The function is not called while a hand-in is graded (``COINTRAIL_GRADING=1``): then the words come alone.
    alt : str
        What the figure says, for a person who cannot see it: one to four sentences with the numbers that matter.

    Raises
    ------
    CointrailError
        There are no words.
    """
    if not isinstance(alt, str) or len(alt.split()) < 3:
        raise CointrailError(
            "A figure needs words for people who cannot see it: show(fig, alt='what the figure says')."
        )
    if words_only():
        _show_words(alt)
        return
    fig = fig() if callable(fig) else fig
    encoded = base64.b64encode(png(fig)).decode("ascii")
    width = round(fig.get_figwidth() * WIDTH_ON_PAGE)
    display(
        {"image/png": encoded, "text/plain": f"Figure: {alt}"},
        metadata={"image/png": {"alt": alt, "width": width}},
        raw=True,
    )
    words = f"<details><summary>The figure in words</summary><p>{html.escape(alt)}</p></details>"
    display({"text/html": words, "text/plain": "The figure in words: see above."}, raw=True)


def words_only() -> bool:
    """Whether a hand-in is being graded: pictures are left out then, they cost more time than all the answers."""
    return os.environ.get("COINTRAIL_GRADING") == "1"


def _show_words(alt):
    words = f"<p>The figure in words (not drawn while grading): {html.escape(alt)}</p>"
    display({"text/html": words, "text/plain": f"Figure: {alt}"}, raw=True)


def png(fig: "Figure") -> bytes:
    """The figure as PNG with a palette: a quarter of the size in every notebook, and no difference to the eye."""
    from PIL import Image

    drawn, small = BytesIO(), BytesIO()
    fig.savefig(drawn, format="png", dpi=DPI)
    Image.open(drawn).convert("RGB").quantize(COLOURS, dither=Image.Dither.NONE).save(
        small, format="png", optimize=True
    )
    return small.getvalue()
