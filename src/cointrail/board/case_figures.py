"""Figures of a case: handles and the signs they share, and who held an exhibit when."""

from collections.abc import Iterable
from math import cos, pi, sin

import pandas as pd

from cointrail.board.figures import BLUE, GREY, INK, ORANGE, new_figure, show
from cointrail.errors import CointrailError

__all__ = ["show_custody", "show_links"]


def show_links(handles: Iterable[str], pairs: pd.DataFrame, *, at_least: int = 1) -> None:
    """Draw handles on a circle and a line for each pair with enough signs; two signs or more make a thick line.

    Parameters
    ----------
    handles : iterable of str
    pairs : DataFrame
        As `cointrail.evidence.shared_signs` returns it.
    at_least : int
        Pairs with fewer signs are left out.

    Raises
    ------
    CointrailError
        A pair names a handle that is not among `handles`: the pairs belong to another table.
    """
    names = list(handles)
    if strange := sorted({*pairs["one"], *pairs["other"]} - set(names)):
        raise CointrailError(
            f"{strange[0]} stands in the pairs and not among the handles: the pairs come from another table. "
            "Make them anew with shared_signs(...)."
        )
    rows = [pair for pair in pairs.itertuples() if pair.count >= at_least]
    lines = "; ".join(f"{pair.one} and {pair.other} share {pair.count} ({pair.signs})" for pair in rows)
    alt = f"Lines between {len(names)} names with at least {at_least} sign(s) in common: {lines or 'none'}."
    show(lambda: _draw_links(names, rows), alt=alt)


def _draw_links(names, rows):
    figure, axes = new_figure(8, 4.2)
    turn = {name: pi / 2 - 2 * pi * place / len(names) for place, name in enumerate(names)}
    spot = {name: (2 * cos(angle), sin(angle)) for name, angle in turn.items()}
    for pair in rows:
        (left, low), (right, high) = spot[pair.one], spot[pair.other]
        strong = pair.count > 1
        axes.plot([left, right], [low, high], color=BLUE if strong else GREY, linewidth=1 + 1.4 * (pair.count - 1))
        axes.text(
            left + 0.4 * (right - left), low + 0.4 * (high - low), str(pair.count), fontsize=9, color=INK,
            ha="center", va="center", bbox={"facecolor": "white", "edgecolor": "none", "pad": 1},
        )  # fmt: skip
    for name, (across, up) in spot.items():
        axes.plot([across], [up], "o", color=ORANGE, markersize=7)
        side = "left" if across > 0.1 else "right" if across < -0.1 else "center"
        axes.text(1.07 * across, 1.13 * up, name, fontsize=9, ha=side, va="center", color=INK)
    axes.set_xlim(-4, 4)
    axes.set_ylim(-1.3, 1.3)
    axes.axis("off")
    return figure


def show_custody(log: list[dict], exhibit: str) -> None:
    """Draw who held one exhibit, from entry to entry of a custody log."""
    rows = [entry for entry in log if entry["exhibit"] == exhibit]
    story = "; ".join(f"entry {row['number']}, {row['time'][:16]}: {row['by']} {row['action']}" for row in rows)
    show(lambda: _draw_custody(rows, exhibit), alt=f"Custody of the {exhibit}: {story}.")


def _draw_custody(rows, exhibit):
    from matplotlib.dates import AutoDateLocator, DateFormatter

    people = list(dict.fromkeys([row["by"] for row in rows] + [row["to"] for row in rows if row["to"]]))
    times = [pd.Timestamp(row["time"]) for row in rows]
    figure, axes = new_figure(8, 0.9 + 0.5 * len(people))
    levels = [len(people) - 1 - people.index(row["by"]) for row in rows]
    axes.plot(times, levels, drawstyle="steps-post", color=GREY, linewidth=1.2)
    axes.plot(times, levels, "o", color=BLUE, markersize=8)
    for place, words in _entry_labels(rows, times):
        spot = (times[place], levels[place])
        axes.annotate(words, spot, (5, 5), textcoords="offset points", fontsize=8.5)
    axes.xaxis.set_major_locator(AutoDateLocator(minticks=2, maxticks=7))
    axes.xaxis.set_major_formatter(DateFormatter("%d %b\n%H:%M"))
    axes.set_yticks(range(len(people)), reversed(people), fontsize=9)
    axes.set_ylim(-0.5, len(people) - 0.2)
    axes.set_title(f"Who acted on the {exhibit} (numbers: entries; times in UTC)", loc="left", fontsize=10, color=INK)
    axes.tick_params(axis="x", labelsize=8.5)
    axes.spines[["top", "right"]].set_visible(False)
    return figure


def _entry_labels(rows, times):
    """(place, words): entries of one person that stand closer than a twentieth of the figure share a label."""
    near = (max(times) - min(times)) / 20
    first, words = 0, []
    for place, row in enumerate(rows):
        if words and (row["by"] != rows[first]["by"] or times[place] - times[first] > near):
            yield first, ", ".join(words)
            first, words = place, []
        words.append(str(row["number"]))
    if words:
        yield first, ", ".join(words)
