"""The figures of `cointrail bench tracing`: clustering and taint beside their peers, and what a learner waits for.

Sizes are inputs for clustering and transactions for taint. Seconds are CPU time of all threads, which neighbours on
the machine disturb least; figures that end in "_wall" are wall time, where a peer uses several cores. Of short runs the
best of several counts. Both sides start from arrays (the plain twins from lists) that are ready; all results are
compared.
"""

from importlib.util import find_spec
from itertools import pairwise
from time import process_time

import numpy as np
from numba import njit

from cointrail.cli.bench import Figure
from cointrail.cli.bench_ledgers import INPUTS_EACH, random_flow
from cointrail.cli.bench_waits import large_tables, waits
from cointrail.errors import CointrailError
from cointrail.grading.stopwatch import best_of
from cointrail.tracing import plain
from cointrail.tracing.taint_kernels import RULES
from cointrail.tracing.union_find import flatten, join_co_spends
from cointrail.tracing.warm import warm_kernels

__all__ = ["figures"]

SIZES = (100_000, 1_000_000, 10_000_000)
SLOW = 1_000_000  # peers that build a Python object for each input stop here


def figures(scale, note):
    """Yield (name, Figure) for every size up to scale."""
    warm_kernels()
    yield from waits(note)
    for size in [one for one in SIZES if one <= scale]:
        yield from _clustering(size, note)
    took = {}
    for size in [one for one in SIZES if one <= min(scale, SLOW)]:
        yield from _taint(size, took, note)
    for rule in RULES if scale >= SLOW else ():
        grown = took[rule, SLOW] / took[rule, SLOW // 10]
        yield f"{rule}_growth_1e5_to_1e6", Figure(round(grown, 2), "times", "limit", 12, round(12 / grown, 2), SLOW)
    if scale >= SLOW:
        yield from large_tables(note)


def _clustering(size, note):
    note(f"clustering, {size:.0e} inputs ...")
    flow = random_flow(round(size / INPUTS_EACH))
    start, address = flow.input_start, flow.output_address[flow.spent_output]
    mask, n = np.zeros(len(start) - 1, np.uint8), len(address)

    def ours():
        parent = np.arange(flow.addresses, dtype=np.int32)
        join_co_spends(parent, start, address, mask, 0, len(mask))
        flatten(parent)
        return parent

    seconds, labels = best_of(7, ours, clock=process_time)
    if size == SIZES[-1]:  # smaller ones fit into the processor's cache, where the comparison says nothing
        _random_reads(address[:1], labels)
        reads, _ = best_of(7, lambda: _random_reads(address, labels), clock=process_time)
        yield f"clustering_{_name(size)}_random_reads", Figure.seconds(seconds, "twice the reads", 2 * reads, n)
    for peer, (module, largest, runs, prepare) in _CLUSTERING_PEERS.items():
        if size > largest:
            continue
        if not find_spec(module):
            note(f"  {peer} is not installed: left out")
            continue
        work, read = prepare(start, address, flow.addresses)
        theirs, other = best_of(runs, work, clock=process_time)
        _agree(labels, _smallest(np.asarray(read(other))), peer)
        ending = "" if peer == "graphsense-clustering" else f"_{peer}"
        yield f"clustering_{_name(size)}{ending}", Figure.seconds(seconds, peer, theirs, n)
        if peer == "graphsense-clustering":
            walls = [best_of(7, one)[0] for one in (ours, work)]
            yield f"clustering_{_name(size)}_wall", Figure.seconds(walls[0], peer, walls[1], n)


@njit(cache=True)
def _random_reads(address, labels):
    """What no union-find can do without: make the array, look at each input's address and its root, flatten."""
    parent = labels.copy()
    total = 0
    for one in address:
        total += parent[parent[one]]
    for one in range(parent.size):
        total += parent[parent[one]]
    return total


def _graphsense(start, address, count):
    import pyarrow as pa
    from gs_clustering import Clustering

    inputs = pa.ListArray.from_arrays(start.astype(np.int32), address.astype(np.uint32))

    def work():
        clustering = Clustering(max_address_id=count - 1)
        clustering.process_transactions_arrow(inputs)
        return clustering.get_mapping()

    return work, lambda mapping: mapping.column(1).to_numpy()


def _scipy(start, address, count):
    from scipy.sparse import coo_matrix
    from scipy.sparse.csgraph import connected_components

    def work():
        first, other = _links(start, address)
        graph = coo_matrix((np.ones(len(first), np.int8), (first, other)), (count, count))
        return connected_components(graph, directed=False)[1]

    return work, np.asarray


def _igraph(start, address, count):
    import igraph

    def work():
        graph = igraph.Graph(n=count, edges=np.column_stack(_links(start, address)))
        return graph.connected_components(mode="weak").membership

    return work, np.asarray


def _networkx(start, address, count):
    import networkx

    def work():
        graph = networkx.Graph()
        graph.add_nodes_from(range(count))
        graph.add_edges_from(zip(*(side.tolist() for side in _links(start, address)), strict=True))
        labels = np.empty(count, np.int64)
        for number, part in enumerate(networkx.connected_components(graph)):
            labels[list(part)] = number
        return labels

    return work, np.asarray


def _python(start, address, count):
    ends, inputs = start.tolist(), address.tolist()
    transactions = [inputs[a:b] for a, b in pairwise(ends)]
    return lambda: plain.co_spend(count, transactions), np.asarray


_CLUSTERING_PEERS = {
    "graphsense-clustering": ("gs_clustering", SIZES[-1], 7, _graphsense),
    "scipy": ("scipy", SIZES[-1], 3, _scipy),
    "igraph": ("igraph", SLOW, 1, _igraph),
    "networkx": ("networkx", SLOW, 1, _networkx),
    "python": ("cointrail", SLOW, 1, _python),
}


def _links(start, address):
    """The first input's address of each transaction beside each other one's."""
    count = np.diff(start)
    first = np.repeat(address[np.minimum(start[:-1], len(address) - 1)], count)
    different = first != address
    return first[different], address[different]


def _smallest(labels):
    """Each part named by its smallest member, as the kernel does."""
    _, first, place = np.unique(labels, return_index=True, return_inverse=True)
    return first[place]


_TWINS = {
    "poison": plain.poison,
    "haircut": plain.haircut,
    "fifo": plain.fifo,
    "lifo": lambda *lists: plain.fifo(*lists, newest_first=True),
}


def _taint(size, took, note):
    note(f"taint, {size:.0e} transactions ...")
    flow = random_flow(size, payments_each=400)
    facts, lists = _coins(flow)
    for rule, kernel in RULES.items():
        seconds, (flag, mark, _) = best_of(9, lambda kernel=kernel: kernel(*facts), clock=process_time)
        took[rule, size] = seconds
        theirs, found = best_of(1, lambda twin=_TWINS[rule]: twin(*lists), clock=process_time)
        mark = np.where(flag > 0, mark, 0)
        other = np.zeros_like(mark)
        other[list(found)] = list(found.values())
        _agree(mark, other, "python")
        yield f"{rule}_{_name(size)}", Figure.seconds(seconds, "python", theirs, size)
        if rule == "haircut":
            theirs, solved = _triangular(flow, facts)
            _agree(mark[solved >= 0] // 10**6, solved[solved >= 0].astype(np.int64) // 10**6, "scipy", within=1)
            yield f"haircut_{_name(size)}_scipy", Figure.seconds(seconds, "scipy", theirs, size)


def _coins(flow):
    """The kernels' arguments for 20 sources from the middle of the flow, and the same as lists for the twins."""
    count = len(flow.input_start) - 1
    shift = np.repeat(np.arange(count), np.diff(flow.output_start))
    coin_start, spent = flow.output_start + np.arange(count + 1), flow.spent_output + shift[flow.spent_output]
    value = np.zeros(coin_start[-1], np.int64)
    value[np.arange(len(shift)) + shift] = flow.output_value
    paid = np.concatenate(([0], np.cumsum(flow.output_value[flow.spent_output])))[flow.input_start]
    made = np.concatenate(([0], np.cumsum(flow.output_value)))[flow.output_start]
    value[coin_start[1:] - 1] = np.where(np.diff(flow.input_start) > 0, np.diff(paid) - np.diff(made), 0)
    middle = count // 2
    sources = coin_start[middle : middle + 200 : 10]
    source, stop = np.zeros(len(value), np.uint8), np.zeros(len(value), np.uint8)
    source[sources] = 1
    steps = np.arange(middle, count)
    made = np.arange(len(value), dtype=np.int32)
    facts = (steps, flow.input_start, spent.astype(np.int32), coin_start, made, value, source, stop)
    into, ins, outs = spent.tolist(), flow.input_start.tolist(), coin_start.tolist()
    transactions = [(into[ins[t] : ins[t + 1]], list(range(outs[t], outs[t + 1]))) for t in range(middle, count)]
    return facts, (transactions, value.tolist(), set(sources.tolist()))


def _triangular(flow, facts):
    """Haircut as (I - A) x = b over all transactions; the marked satoshi of each output coin, -1 for fees."""
    from scipy.sparse import csr_matrix, identity
    from scipy.sparse.linalg import spsolve_triangular

    _, start, spent, coin_start, _, value, source, _ = facts
    count = len(start) - 1
    maker = np.repeat(np.arange(count), np.diff(coin_start))

    def work():
        spender = np.repeat(np.arange(count), np.diff(start))
        share = value[spent] / np.maximum(1, np.bincount(spender, value[spent], count))[spender]
        stolen = source[spent] == 1
        right = np.bincount(spender[stolen], share[stolen], count)
        matrix = csr_matrix((share[~stolen], (spender[~stolen], maker[spent[~stolen]])), (count, count))
        system = (identity(count, format="csr") - matrix).tocsr()
        return spsolve_triangular(system, right, lower=True, unit_diagonal=True)

    seconds, solved = best_of(1, work, clock=process_time)
    marked = np.where(source == 1, value, solved[maker] * value)
    marked[coin_start[1:] - 1] = -1
    return seconds, marked


def _agree(ours, theirs, peer, *, within=0):
    if np.abs(ours - theirs).max(initial=0) > within:
        raise CointrailError(f"The project and {peer} disagree: one of them is wrong, and no figure counts.")


def _name(size):
    return f"1e{len(str(size)) - 1}"
