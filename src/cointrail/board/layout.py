"""Where things stand: a layered drawing, left to right in time, the same for the same input.

Method of Sugiyama, Tagawa and Toda (1981): columns, then the order in each column, then heights. Money that runs
against the order of time (back to somebody who paid before) is drawn from right to left. Heights in a column are the
least squares fit to the neighbours' heights with the needed distances, found by pooling (isotonic regression).
No browser and no random numbers are needed.
"""

from collections import defaultdict
from itertools import pairwise
from typing import NamedTuple

import networkx as nx

__all__ = ["Place", "backward_edges", "lay_out"]

GAP_BETWEEN_NODES = 10
GAP_AT_BENDS = 8
MOST_BENDS = 3000


class Place(NamedTuple):
    """A node's column and the height of its middle."""

    column: int
    y: float


class Placed(NamedTuple):
    """The result: node -> `Place`; (source, target) -> bends of a long edge; the edges that run backwards."""

    places: dict
    bends: dict
    backward: set


def lay_out(heights: dict, edges: list, pins: dict | None = None) -> Placed:
    """Columns and heights.

    Parameters
    ----------
    heights : dict
        Node -> height in pixels; the order is the order in which they came onto the board.
    edges : list of (source, target, time)
        At most one for each pair and direction.
    pins : dict, optional
        Node -> height at which its middle stays, as far as its neighbours in the column leave room.
    """
    order = {name: n for n, name in enumerate(heights)}
    forward, backward = _forward(order, edges)
    columns = _columns(order, forward)
    chains = _chains(columns, forward)
    layers, beside = _layers(order, columns, chains)
    y = _heights(layers, beside, heights, pins or {})
    places = {name: Place(columns[name], y[name]) for name in heights}
    bends = {
        edge: [Place(node[2], y[node]) for node in chain[1:-1]] for edge, chain in chains.items() if len(chain) > 2
    }
    return Placed(places, bends, backward)


def backward_edges(names, edges: list) -> set:
    """The edges that are drawn from right to left; `names` in the order in which they came onto the board."""
    return _forward({name: n for n, name in enumerate(names)}, edges)[1]


def _forward(order, edges):
    """Every edge in the direction of time; in a circle, from who was first to pay or be paid. The turned ones too."""
    graph = nx.DiGraph()
    graph.add_nodes_from(order)
    began = {}
    for source, target, time in edges:
        graph.add_edge(source, target)
        for name, paid in ((source, 0), (target, 1)):
            began[name] = min((time, paid), began.get(name, (time, paid)))
    group = {}
    for part in nx.strongly_connected_components(graph):
        group |= dict.fromkeys(part, min(order[name] for name in part))
    rank = {name: (began.get(name, (0, 0)), order[name]) for name in order}
    forward, backward = set(), set()
    for source, target, _ in edges:
        turned = group[source] == group[target] and rank[source] > rank[target]
        forward.add((target, source) if turned else (source, target))
        if turned:
            backward.add((source, target))
    return sorted(forward, key=lambda edge: (order[edge[0]], order[edge[1]])), backward


def _columns(order, forward):
    """Longest way from the left; who has no payer on the board stands next to whom it pays first."""
    after, before = defaultdict(list), defaultdict(int)
    for source, target in forward:
        after[source].append(target)
        before[target] += 1
    column, ready, waiting = dict.fromkeys(order, 0), [name for name in order if not before[name]], dict(before)
    while ready:
        name = ready.pop()
        for other in after[name]:
            column[other] = max(column[other], column[name] + 1)
            waiting[other] -= 1
            if not waiting[other]:
                ready.append(other)
    for name in order:
        if not before[name] and after[name]:
            column[name] = min(column[other] for other in after[name]) - 1
    return column


def _chains(columns, forward):
    """Each edge as a chain of its ends and, in the columns between, bends; without bends where there are too many."""
    between = sum(columns[target] - columns[source] - 1 for source, target in forward)
    chains = {}
    for n, (source, target) in enumerate(forward):
        inner = range(columns[source] + 1, columns[target]) if between <= MOST_BENDS else ()
        chains[source, target] = [source, *(("bend", n, column) for column in inner), target]
    return chains


def _layers(order, columns, chains):
    layers, beside = defaultdict(list), defaultdict(lambda: ([], []))
    for name in order:
        layers[columns[name]].append(name)
    for chain in chains.values():
        for node in chain[1:-1]:
            layers[node[2]].append(node)
        for one, other in pairwise(chain):
            beside[one][1].append(other)
            beside[other][0].append(one)
    return [layers[column] for column in sorted(layers)], beside


def _heights(layers, beside, heights, pins):
    """Sweep over the columns; keep the heights with the fewest crossings, then even them out."""
    size = {node: heights.get(node, 0) for layer in layers for node in layer}
    y = {}
    for layer in layers:
        _stack(layer, dict.fromkeys(layer, 0.0), size, y, pins)
    sweeps = 12 if len(size) < 600 else 4
    best, fewest = None, None
    for sweep in range(sweeps):
        right = sweep % 2 == 0
        for layer in layers if right else reversed(layers):
            _arrange(layer, beside, y, size, pins, side=0 if right else 1)
        crossings = _crossings(layers, beside)
        if fewest is None or crossings < fewest:
            best, fewest = [list(layer) for layer in layers], crossings
    for layer, order in zip(layers, best, strict=True):
        layer[:] = order
    for _ in range(4):
        for layer in (*layers, *reversed(layers)):
            _stack(layer, {node: _middle(node, beside, y, pins) for node in layer}, size, y, pins)
    return y


def _arrange(layer, beside, y, size, pins, *, side):
    """Order a column by its neighbours' heights on one side, and stack it."""
    wanted = {}
    for node in layer:
        others = beside[node][side] or beside[node][1 - side]
        wanted[node] = (
            pins[node] if node in pins else sum(y[one] for one in others) / len(others) if others else y[node]
        )
    layer.sort(key=wanted.__getitem__)
    _stack(layer, wanted, size, y, pins)


def _middle(node, beside, y, pins):
    if node in pins:
        return pins[node]
    others = [y[one] for side in beside[node] for one in side]
    return sum(others) / len(others) if others else y[node]


def _stack(layer, wanted, size, y, pins):
    """Heights nearest to the wanted ones, in this order, with room between: pool adjacent violators."""
    offset, before, blocks = 0.0, None, []
    shifts = {}
    for node in layer:
        if before is not None:
            gap = GAP_AT_BENDS if isinstance(node, tuple) or isinstance(before, tuple) else GAP_BETWEEN_NODES
            offset += (size[before] + size[node]) / 2 + gap
        shifts[node], before = offset, node
        weight = 1000.0 if node in pins else 1.0
        blocks.append([(wanted[node] - offset) * weight, weight, 1])
        while len(blocks) > 1 and blocks[-2][0] * blocks[-1][1] > blocks[-1][0] * blocks[-2][1]:
            total, weights, count = blocks.pop()
            blocks[-1][0] += total
            blocks[-1][1] += weights
            blocks[-1][2] += count
    nodes = iter(layer)
    for total, weights, count in blocks:
        for _ in range(count):
            node = next(nodes)
            y[node] = total / weights + shifts[node]


def _crossings(layers, beside):
    """How many pairs of edges between neighbouring columns cross."""
    total = 0
    for layer, after in pairwise(layers):
        place = {node: n for n, node in enumerate(after)}
        ends = [
            place[other]
            for node in layer
            for other in sorted(beside[node][1], key=lambda o: place.get(o, -1))
            if other in place
        ]
        total += _inversions(ends, len(after))
    return total


def _inversions(numbers, count):
    tree, total = [0] * (count + 1), 0
    for seen, number in enumerate(numbers):
        at, less = number + 1, 0
        while at:
            less += tree[at]
            at &= at - 1
        total += seen - less
        at = number + 1
        while at <= count:
            tree[at] += 1
            at += at & -at
    return total
