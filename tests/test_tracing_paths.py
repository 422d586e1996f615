"""Paths: the same as networkx lists, most valuable first, and counted where nobody could list them."""

import networkx as nx
import numpy as np
import pytest
from made_ledgers import made_ledger, owner, random_story, tx

from cointrail.errors import CointrailError
from cointrail.tracing import count_paths, most_valuable_paths, outpoint, trace
from cointrail.tracing.arrays import ledger_arrays, outpoints

# 0 pays 1 and 2; 1 pays 9 directly, 2 pays 9 through 3
SPLIT = [
    {"inputs": [], "outputs": [(0, 100)]},
    {"inputs": [(0, 0)], "outputs": [(1, 60), (2, 40)]},
    {"inputs": [(1, 0)], "outputs": [(9, 50), (5, 10)]},
    {"inputs": [(1, 1)], "outputs": [(3, 40)]},
    {"inputs": [(3, 0)], "outputs": [(9, 39)]},
]


def test_paths_are_listed_by_what_they_could_have_carried():
    table = most_valuable_paths(made_ledger(SPLIT), [owner(0)], [owner(9)])
    first, second = (table[table["path"] == n] for n in (1, 2))
    assert first["outpoint"].tolist() == [outpoint(tx(0), 0), outpoint(tx(1), 0), outpoint(tx(2), 0)]
    assert first["address"].tolist() == [owner(0), owner(1), owner(9)]
    assert (first["carries"].iloc[0], second["carries"].iloc[0]) == (50, 39)
    assert second["hop"].tolist() == [0, 1, 2, 3]
    assert len(most_valuable_paths(made_ledger(SPLIT), [owner(0)], [owner(9)], k=1)) == 3
    assert count_paths(made_ledger(SPLIT), [owner(0)], [owner(9)]) == 2


@pytest.mark.parametrize(
    ("limit", "number"),
    [({"max_hops": 2}, 1), ({"max_hops": 1}, 0), ({"stop": [owner(3)]}, 1), ({"max_wait": 1}, 1), ({"height": 3}, 1)],
)
def test_limits_leave_paths_out(limit, number):
    ledger = made_ledger(SPLIT)
    assert count_paths(ledger, [owner(0)], [owner(9)], **limit) == number
    assert most_valuable_paths(ledger, [owner(0)], [owner(9)], **limit)["path"].nunique() == number


@pytest.mark.parametrize("seed", range(10))
def test_the_paths_are_those_of_networkx(seed):
    ledger = made_ledger(random_story(seed, transactions=30, owners=8, largest=1000))
    view = ledger_arrays(ledger)
    role = {owner(0): "source", owner(1): "target", owner(2): "stop"}
    if not {owner(0), owner(1), owner(2)} <= set(view.addresses):
        return
    graph, names = coin_graph(view, role), outpoints(view, range_of(view))
    for hops in (3, 6):
        listed = {tuple(path[1:-1]) for path in nx.all_simple_paths(graph, "from", "to", cutoff=hops + 2)}
        limits = {"stop": [owner(2)], "max_hops": hops}
        assert count_paths(ledger, [owner(0)], [owner(1)], **limits) == len(listed)
        table = most_valuable_paths(ledger, [owner(0)], [owner(1)], k=10_000, **limits)
        ours = {
            tuple(names.index(one) for one in part["outpoint"]): part["carries"].iloc[0]
            for _, part in table.groupby("path")
        }
        assert ours == {
            path: min(view.output_value[coin] for coin in path) for path in listed if min(view.output_value[list(path)])
        }
        assert table["carries"].is_monotonic_decreasing


def range_of(view):
    return np.arange(len(view.output_value))


def coin_graph(view, role):
    """Outputs as nodes; paths run from any source's output to the first target's, around the others."""
    graph = nx.DiGraph([("from", "to")])
    graph.remove_edge("from", "to")
    parts = [role.get(view.addresses[a]) if a >= 0 else None for a in view.output_address]
    for coin, part in enumerate(parts):
        if part == "source":
            graph.add_edge("from", coin)
        if part == "target":
            graph.add_edge(coin, "to")
        t = view.spent_by[coin]
        if t >= 0 and part in (None, "source"):
            made = range(view.output_start[t], view.output_start[t + 1])
            graph.add_edges_from((coin, other) for other in made if parts[other] in (None, "target"))
    return graph


def test_more_paths_than_atoms_are_counted_exactly():
    """Each transaction splits a coin in two, and the next joins both: every step doubles the number of paths."""
    story, value = [{"inputs": [], "outputs": [(0, 10**9)]}], 10**9
    for step in range(300):
        coins = [(len(story) - 1, n) for n in range(len(story[-1]["outputs"]))]
        last = step == 299
        story.append(
            {
                "inputs": coins,
                "outputs": [(9, value)] if last else [(2 * step + 10, value // 2), (2 * step + 11, value - value // 2)],
            }
        )
    assert count_paths(made_ledger(story), [owner(0)], [owner(9)]) == 2**299
    table = most_valuable_paths(made_ledger(story), [owner(0)], [owner(9)], max_hops=300, k=2)
    assert table["carries"].unique().tolist() == [5 * 10**8]


@pytest.mark.parametrize(
    ("change", "says"),
    [
        ({"sources": [owner(77)]}, "never saw"),
        ({"sources": owner(0)}, "as a list"),
        ({"targets": [owner(0)]}, "a source and a target"),
        ({"max_hops": 0}, "1 or more"),
        ({"height": 50}, "cannot say anything"),
    ],
)
def test_bad_input_is_said_in_a_sentence(change, says):
    with pytest.raises(CointrailError, match=says):
        most_valuable_paths(made_ledger(SPLIT), **{"sources": [owner(0)], "targets": [owner(9)]} | change)


def reasons(tree):
    return dict(zip(tree["outpoint"], tree["reason"], strict=True))


def test_every_branch_of_a_trail_says_why_it_stops():
    ledger = made_ledger(SPLIT)
    tree = trace(ledger, outpoint(tx(0), 0), stop=[owner(5)])
    assert tree["hop"].tolist() == [0, 1, 1, 2, 2, 2, 3]
    assert tree["parent"].tolist() == [-1, 0, 0, 1, 1, 2, 5]
    assert tree["reason"].tolist() == ["", "", "", "unspent", "service", "", "unspent"]
    assert tree["txid"].tolist()[:3] == [tx(1), tx(2), tx(3)]


@pytest.mark.parametrize(
    ("limit", "where", "reason"),
    [
        ({"max_hops": 1}, outpoint(tx(1), 0), "hop limit"),
        ({"exclude": [tx(2)]}, outpoint(tx(1), 0), "left out"),
        ({"least": 50}, outpoint(tx(1), 1), "small"),
        ({"widest": 1}, outpoint(tx(0), 0), "too wide"),
        ({"height": 2}, outpoint(tx(1), 0), "unspent"),
    ],
)
def test_limits_stop_a_branch(limit, where, reason):
    assert reasons(trace(made_ledger(SPLIT), outpoint(tx(0), 0), **limit))[where] == reason


def test_a_trail_leads_backward_to_new_coins():
    tree = trace(made_ledger(SPLIT), outpoint(tx(4), 0), direction="backward")
    assert tree["outpoint"].tolist() == [outpoint(tx(n), v) for n, v in ((4, 0), (3, 0), (1, 1), (0, 0))]
    assert tree["reason"].tolist() == ["", "", "", "new coins"]


def test_branches_that_meet_are_followed_once():
    story = [*SPLIT[:2], {"inputs": [(1, 0), (1, 1)], "outputs": [(9, 100)]}]
    tree = trace(made_ledger(story), outpoint(tx(0), 0))
    assert tree["reason"].tolist() == ["", "", "", "unspent", "seen before"]


def test_bad_trails_are_refused_in_a_sentence():
    with pytest.raises(CointrailError, match="write 'forward' or 'backward'"):
        trace(made_ledger(SPLIT), outpoint(tx(0), 0), direction="up")
    with pytest.raises(CointrailError, match="only after the height"):
        trace(made_ledger(SPLIT), outpoint(tx(4), 0), height=2)
    with pytest.raises(CointrailError, match="There is no transaction"):
        trace(made_ledger(SPLIT), outpoint(tx(0), 0), exclude=["ab" * 32])
