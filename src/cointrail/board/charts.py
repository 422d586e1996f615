"""Figures for lessons and reports, one look: flow, taint by rule, peel chain, cluster growth, error rates.

Each takes what a tracing method gives, says its units on the axes, and comes with words. The balance over time is
`show_balance`. While a hand-in is graded the words come alone.
"""

import pandas as pd

from cointrail.board.figures import BLUE, GREY, INK, ORANGE, new_figure, show
from cointrail.board.text import btc, short
from cointrail.errors import CointrailError

__all__ = ["show_cluster_growth", "show_flow", "show_peel_chain", "show_rates", "show_taint"]

SATOSHI_IN_A_BITCOIN = 10**8
MOST_BARS, MOST_GROUPS, MOST_STEPS = 10, 6, 60
RULES = ("poison", "haircut", "fifo", "lifo")
HATCHES = ("", "//", "..", "xx")


def show_flow(payments: pd.DataFrame, *, title: str = "Who paid whom") -> None:
    """Draw the sums from each payer to each payee as bars, the largest first.

    Parameters
    ----------
    payments : DataFrame
        Columns source, target, amount (whole coins) and unit, such as `Board.payments` gives; one unit only.
    title : str

    Raises
    ------
    CointrailError
        A column is missing, the table is empty, or amounts have several units.
    """
    _need(payments, ("source", "target", "amount", "unit"), "payments")
    units = payments["unit"].unique()
    if len(units) > 1:
        raise CointrailError(f"The payments have the units {', '.join(units)}: choose one, amounts cannot be added.")
    sums = payments.groupby(["source", "target"], sort=False)["amount"].sum()
    sums = sums.astype(float).sort_values(ascending=False, kind="stable")
    rest = sums[MOST_BARS:]
    names = [f"{short(source)} → {short(target)}" for source, target in sums.index[:MOST_BARS]]
    values = sums[:MOST_BARS].tolist()
    if len(rest):
        names, values = [*names, f"{len(rest)} other pairs"], [*values, rest.sum()]
    told = "; ".join(f"{name}: {value:.4g} {units[0]}" for name, value in zip(names, values, strict=True))
    show(lambda: _bars(names, values, f"amount ({units[0]})", title), alt=f"{title}, {len(payments)} payments. {told}.")


def show_taint(comparison: pd.DataFrame, *, title: str = "Where the taint lies, by rule") -> None:
    """Draw one group of bars for each address where taint lies, one bar for each rule.

    Outputs that were spent are left out: their taint is on its way and would be counted twice.

    Parameters
    ----------
    comparison : DataFrame
        From `compare_taint`: columns outpoint, address, state, and satoshi under poison, haircut, fifo, lifo.
    title : str

    Raises
    ------
    CointrailError
        A column is missing, or the table is empty.
    """
    _need(comparison, ("outpoint", "address", "state", *RULES), "comparison")
    rest = comparison[~comparison["state"].isin(["spent", "passed"])]
    sums = rest.groupby(rest["address"].fillna(rest["outpoint"]), sort=False)[list(RULES)].sum()
    order = sums[list(RULES[1:])].max(axis=1).sort_values(ascending=False, kind="stable").index[:MOST_GROUPS]
    shown = sums.loc[order]
    told = "; ".join(
        f"{short(place)}: {', '.join(f'{rule} {btc(row[rule])}' for rule in RULES)}" for place, row in shown.iterrows()
    )
    more = f" {len(sums) - len(shown)} addresses with less are left out." if len(sums) > len(shown) else ""
    show(lambda: _grouped(shown, title), alt=f"{title}, in coins that are not spent. {told}.{more}")


def show_peel_chain(chain, *, title: str = "A peel chain") -> None:
    """Draw a followed peel chain: what is kept after each step as a line, what is peeled off as bars.

    Parameters
    ----------
    chain : PeelChain
        From `follow_peel_chain`.
    """
    steps = chain.steps[:MOST_STEPS]
    words = f"{title}: {len(chain.steps)} steps, {btc(chain.total_peeled)} peeled off in all, stopped: {chain.stop}."
    if len(steps):
        last = steps.iloc[-1]
        words += f" Peeled from {btc(steps['peeled'].min())} to {btc(steps['peeled'].max())} a step; "
        words += f"{btc(last['kept'])} kept after step {len(steps)}."
    show(lambda: _peels(steps, title), alt=words)


def show_cluster_growth(growth: pd.DataFrame, *, title: str = "How the cluster grew") -> None:
    """Draw how many addresses a cluster has after each transaction that made it larger.

    Parameters
    ----------
    growth : DataFrame
        From `cluster_growth`: columns height, joined, addresses.
    """
    if missing := {"height", "joined", "addresses"} - set(growth.columns):
        raise CointrailError(f"growth has no column {min(missing)}: give the table of cluster_growth.")
    if len(growth):
        most = growth.loc[growth["joined"].idxmax()]
        words = f"{title}: from 1 to {growth['addresses'].iloc[-1]:,} addresses in {len(growth)} transactions, "
        words += f"blocks {growth['height'].iloc[0]} to {growth['height'].iloc[-1]}. "
        words += f"The largest jump, {most['joined']:,} addresses, is in block {most['height']}."
    else:
        words = f"{title}: it did not grow, it is one address that never spent together with another."
    show(lambda: _growth(growth, title), alt=words)


def show_rates(rates, *, title: str = "How often the method is right") -> None:
    """Draw measured rates with their 95 % intervals; the note that they may not be quoted stands in the figure.

    Parameters
    ----------
    rates : iterable of Rate
        From `measure`, `pairwise`, `bcubed`, ...
    """
    rates = list(rates)
    if not rates:
        raise CointrailError("There are no rates to draw: measure something first.")
    notes = "; ".join(dict.fromkeys(rate.note for rate in rates))
    told = "; ".join(str(rate).removesuffix(f"; {rate.note}") for rate in rates)
    show(lambda: _intervals(rates, title, notes), alt=f"{title}. {told}. These rates are {notes}.")


def _need(table, columns, name):
    if missing := [column for column in columns if column not in table.columns]:
        raise CointrailError(f"{name} has no column {missing[0]!r}: it needs {', '.join(columns)}.")
    if not len(table):
        raise CointrailError(f"There is nothing to draw: {name} is empty.")


def _styled(axes, title, x, y, *, grid):
    """The look of all figures: few lines, readable letters, units at both axes."""
    axes.set_title(title, loc="left", fontsize=10, color=INK)
    axes.set_xlabel(x, fontsize=9)
    axes.set_ylabel(y, fontsize=9)
    axes.tick_params(labelsize=8.5)
    axes.spines[["top", "right"]].set_visible(False)
    axes.grid(axis=grid, color="#dddddd", linewidth=0.6)
    axes.set_axisbelow(True)
    return axes.figure


def _bars(names, values, unit, title):
    _, axes = new_figure(8, 1.2 + 0.3 * len(names))
    places = range(len(names))
    axes.barh(places, values, color=[GREY if " other pairs" in name else BLUE for name in names], height=0.7)
    axes.set_yticks(places, names)
    axes.invert_yaxis()
    for place, value in zip(places, values, strict=True):
        axes.annotate(
            f"{value:.4g}", (value, place), xytext=(3, 0), textcoords="offset points", va="center", fontsize=8
        )
    axes.margins(x=0.12)
    return _styled(axes, title, unit, "payer → payee", grid="x")


def _grouped(table, title):
    _, axes = new_figure(8, 1.4 + 0.26 * len(table) * len(table.columns))
    height = 0.8 / len(table.columns)
    for n, rule in enumerate(table.columns):
        places = [place + n * height for place in range(len(table))]
        colour = (BLUE, ORANGE, "#56B4E9", GREY)[n % 4]
        values = table[rule] / SATOSHI_IN_A_BITCOIN
        axes.barh(places, values, height, label=rule, color=colour, hatch=HATCHES[n % 4], edgecolor="white")
        for place, value in zip(places, values, strict=True):
            axes.annotate(
                f"{value:.4g}", (value, place), xytext=(3, 0), textcoords="offset points", va="center", fontsize=8
            )
    axes.set_yticks([place + 0.4 - height / 2 for place in range(len(table))], [short(name) for name in table.index])
    axes.invert_yaxis()
    axes.margins(x=0.1)
    axes.legend(loc="lower right", bbox_to_anchor=(1, 1), ncols=len(table.columns), fontsize=8.5, frameon=False)
    return _styled(axes, title, "taint (BTC)", "where it lies", grid="x")


def _peels(steps, title):
    _, axes = new_figure(8, 3.4)
    numbers = range(1, len(steps) + 1)
    axes.plot(
        numbers, steps["kept"] / SATOSHI_IN_A_BITCOIN, "o-", color=BLUE, markersize=4, label="kept, and followed on"
    )
    peeled = steps["peeled"] / SATOSHI_IN_A_BITCOIN
    axes.bar(numbers, peeled, color=ORANGE, width=0.6, hatch="//", edgecolor="white", label="peeled off")
    axes.set_ylim(bottom=0)
    axes.legend(loc="lower right", bbox_to_anchor=(1, 1), ncols=2, fontsize=8.5, frameon=False)
    axes.xaxis.get_major_locator().set_params(integer=True)
    return _styled(axes, title, "step (number of the transaction)", "amount (BTC)", grid="y")


def _growth(growth, title):
    _, axes = new_figure(8, 3.2)
    first = growth["height"].iloc[0] - 1 if len(growth) else 0
    axes.step([first, *growth["height"]], [1, *growth["addresses"]], where="post", color=BLUE, linewidth=1.8)
    axes.plot(growth["height"], growth["addresses"], "o", color=BLUE, markersize=4)
    axes.set_ylim(bottom=0)
    axes.xaxis.get_major_locator().set_params(integer=True)
    axes.yaxis.get_major_locator().set_params(integer=True)
    return _styled(axes, title, "block height", "cluster size (addresses)", grid="y")


def _intervals(rates, title, notes):
    _, axes = new_figure(8, 1.3 + 0.34 * len(rates))
    for place, rate in enumerate(rates):
        if rate.low == rate.low:  # nan: no interval was asked for
            axes.plot([rate.low, rate.high], [place, place], "|-", color=GREY, linewidth=2, markersize=9)
        axes.plot(rate.value, place, "D", color=BLUE, markersize=6)
        axes.annotate(
            f"{rate.value:.3f}", (rate.value, place), xytext=(0, 6), textcoords="offset points", ha="center", fontsize=8
        )
    axes.set_yticks(range(len(rates)), [f"{rate.name} (n = {rate.n:,})" for rate in rates])
    axes.set_ylim(len(rates) - 0.4, -0.7)
    axes.set_xlim(-0.02, 1.02)
    return _styled(axes, title, f"share (0 to 1), bars: 95 % interval; {notes}", "measured", grid="x")
