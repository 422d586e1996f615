"""The balance of an address over the blocks: as a figure, as a sentence, and under a slider."""

import numpy as np

from cointrail.board.figures import BLUE, GREY, INK, ORANGE, new_figure, png, show, words_only
from cointrail.board.text import short
from cointrail.ledger import Ledger
from cointrail.tracing import balance_at, statement, total_received, total_spent

__all__ = ["balance_picture", "balance_sentence", "balance_slider", "show_balance"]

DATES_ON_THE_AXIS = 6


def show_balance(ledger: Ledger, address: str, *, mark: int | None = None) -> None:
    """Draw the balance of an address over the block heights, with every payment in and out.

    Parameters
    ----------
    ledger : Ledger
    address : str
    mark : int, optional
        A height to mark with its balance.

    Raises
    ------
    CointrailError
        The address is not valid, or the ledger does not reach the marked height.
    """
    rows = statement(ledger, address)
    show(lambda: _draw(ledger, address, rows, mark), alt=_words(ledger, address, rows, mark))


def balance_picture(ledger: Ledger, address: str, *, mark: int | None = None) -> tuple[bytes, str]:
    """The picture of `show_balance` as PNG, and its words: for a report."""
    rows = statement(ledger, address)
    return png(_draw(ledger, address, rows, mark)), _words(ledger, address, rows, mark)


def balance_sentence(ledger: Ledger, address: str, height: int) -> str:
    """What the balance at a height is made of, in one sentence."""
    received, spent = (total(ledger, address, height=height) for total in (total_received, total_spent))
    balance = balance_at(ledger, address, height)
    return f"After block {height}: received {received:,} − spent {spent:,} = balance {balance:,} satoshi."


def balance_slider(ledger: Ledger, address: str, *, height: int | None = None):
    """A slider over the block heights, with the balance at the chosen height under it.

    Where no program runs (a page, a graded notebook) the sentence for the first height stays. Nothing is graded by it.
    """
    from IPython.display import HTML

    height = ledger.tip if height is None else height
    sentence = balance_sentence(ledger, address, height)
    if words_only():
        return HTML(f"<p>{sentence}</p>")
    from cointrail.board.slider import slider_with_line

    lowest = int(ledger.blocks["number"].min())
    return slider_with_line((lowest, height, ledger.tip), sentence, lambda at: balance_sentence(ledger, address, at))


def _in_and_out(rows):
    """Transactions that raise the balance, and those that lower it; change that comes back is no payment in."""
    change = rows["received"] - rows["spent"]
    return rows[change > 0], rows[change < 0]


def _levels(rows):
    last = int(rows["balance"].iloc[-1]) if len(rows) else 0
    return [0, *rows["balance"], last]


def _draw(ledger, address, rows, mark):
    figure, axes = new_figure(8, 3.6)
    first = max(int(rows["height"].min() if len(rows) else ledger.tip) - 5, int(ledger.blocks["number"].min()))
    axes.step([first, *rows["height"], ledger.tip], _levels(rows), where="post", color=BLUE, linewidth=1.8)
    money_in, money_out = _in_and_out(rows)
    axes.plot(money_in["height"], money_in["balance"], "^", color=BLUE, markersize=7, label="balance up")
    axes.plot(money_out["height"], money_out["balance"], "v", color=ORANGE, markersize=7, label="balance down")
    if mark is not None:
        _draw_mark(axes, mark, balance_at(ledger, address, mark))
    _draw_axes(axes, ledger, first)
    axes.set_title(f"Balance of {short(address)}", loc="left", fontsize=10, color=INK)
    return figure


def _draw_mark(axes, height, balance):
    axes.axvline(height, color=GREY, linestyle="--", linewidth=1.2)
    axes.annotate(
        f"height {height}:\n{balance:,} sat", (height, 1), xycoords=("data", "axes fraction"), xytext=(4, -4),
        textcoords="offset points", va="top", fontsize=8.5, color=INK,
    )  # fmt: skip


def _draw_axes(axes, ledger, first):
    from matplotlib.ticker import FuncFormatter, MaxNLocator

    heights = np.unique(np.linspace(first, ledger.tip, DATES_ON_THE_AXIS).round().astype(int))
    times = ledger.blocks.set_index("number")["timestamp"]
    axes.set_xticks(heights, [f"{height}\n{times[height]:%d %b}" for height in heights], fontsize=8.5)
    axes.set_xlabel("block height, and the date its block states (UTC)", fontsize=9)
    axes.set_ylabel("balance (satoshi)", fontsize=9)
    axes.yaxis.set_major_locator(MaxNLocator(6, integer=True))
    axes.yaxis.set_major_formatter(FuncFormatter(lambda value, _: f"{value:,.0f}"))
    axes.tick_params(labelsize=8.5)
    axes.set_ylim(0, 1.3 * max(axes.get_ylim()[1], 1))
    axes.spines[["top", "right"]].set_visible(False)
    axes.grid(axis="y", color="#dddddd", linewidth=0.6)
    axes.legend(loc="lower right", bbox_to_anchor=(1, 1), ncols=2, fontsize=8.5, frameon=False)


def _words(ledger, address, rows, mark):
    words = [
        f"Balance of {short(address)} up to block {ledger.tip}.",
        "Transactions that raise it: {}, that lower it: {}.".format(*map(len, _in_and_out(rows))),
        f"The highest balance is {max(_levels(rows)):,} satoshi, the last {_levels(rows)[-1]:,}.",
    ]
    if mark is not None:
        words.append(balance_sentence(ledger, address, mark))
    return " ".join(words)
