"""Co-spend clusters: equal to somebody else's, explained, taken apart, and grown."""

import networkx as nx
import numpy as np
import pandas as pd
import pyarrow as pa
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from made_ledgers import made_ledger, owner, random_story, tx
from scipy.sparse import coo_matrix
from scipy.sparse.csgraph import connected_components

from cointrail.errors import CointrailError
from cointrail.ledger import load_ledger, worlds
from cointrail.tracing import GrowingClusters, bridges, cluster_growth, cluster_of, common_input_ownership, explain_link
from cointrail.tracing.arrays import ledger_arrays
from cointrail.tracing.cluster_error import owners_together
from cointrail.tracing.plain import co_spend
from cointrail.tracing.union_find import flatten, join_co_spends
from cointrail.world import sample_ledger

# Four owners are paid; 0 and 1 spend together, 2 and 3 do, then 1 and 2: the transaction 6 is the only link
PAID = {"inputs": [], "outputs": [(0, 100), (1, 100), (2, 100), (3, 100), (1, 100), (2, 100)]}
CHAIN = [
    PAID,
    {"inputs": [(0, 0), (0, 1)], "outputs": [(10, 200)]},
    {"inputs": [(0, 2), (0, 3)], "outputs": [(11, 200)]},
    {"inputs": [(0, 4), (0, 5)], "outputs": [(12, 200)]},
]

transactions = st.lists(st.lists(st.integers(0, 29), min_size=0, max_size=6), max_size=40)


def labels(story, count=30):
    """The kernel's clusters of lists of address numbers."""
    start = np.concatenate(([0], np.cumsum([len(one) for one in story]))).astype(np.int64)
    inputs = np.array([address for one in story for address in one], np.int32)
    parent = np.arange(count, dtype=np.int32)
    join_co_spends(parent, start, inputs, np.zeros(len(story), np.uint8), 0, len(story))
    flatten(parent)
    return parent.tolist()


def smallest(labels):
    """The same partition, each part named by its smallest member."""
    first = {}
    return [first.setdefault(label, number) for number, label in enumerate(labels)]


@given(transactions)
@settings(max_examples=200, deadline=None)
def test_the_kernel_equals_its_plain_twin_and_scipy(story):
    kernel = labels(story)
    assert kernel == co_spend(30, story)
    pairs = [(one[0], other) for one in story for other in one[1:]]
    rows, columns = np.array(pairs, int).reshape(-1, 2).T
    graph = coo_matrix((np.ones(len(pairs)), (rows, columns)), (30, 30))
    assert kernel == smallest(connected_components(graph, directed=False)[1].tolist())


def bundled():
    try:
        return [pytest.param(load_ledger, name, id=name) for name in worlds()]
    except CointrailError:
        return []


RANDOM = [pytest.param(lambda seed: made_ledger(random_story(seed, transactions=120, owners=60)), n) for n in range(4)]
SAMPLES = [pytest.param(sample_ledger, secret, id=secret.decode()) for secret in (b"one", b"two")]


@pytest.mark.parametrize(("make", "name"), [*RANDOM, *SAMPLES, *bundled()])
def test_the_partition_is_graphsense_s(make, name):
    judge = pytest.importorskip("gs_clustering", reason="graphsense-clustering has wheels for Linux only")
    ledger = make(name)
    view = ledger_arrays(ledger)
    clustering = judge.Clustering(max_address_id=len(view.addresses) - 1)
    lists = pa.ListArray.from_arrays(view.input_start.astype(np.int32), view.input_address.astype(np.uint32))
    clustering.process_transactions_arrow(lists)
    theirs = clustering.get_mapping().column(1).to_pylist()
    assert smallest(theirs) == common_input_ownership(ledger)["cluster"].tolist()


@pytest.mark.parametrize("seed", range(4))
def test_reading_in_steps_gives_the_same_as_reading_at_once(seed):
    story = random_story(seed, transactions=60)
    short, long, growing = made_ledger(story[:30]), made_ledger(story), GrowingClusters()
    for ledger, height in [(short, 4), (short, None), (long, 14), (long, None)]:
        growing.extend(ledger, height=height)
        assert growing.table().equals(common_input_ownership(ledger, height=height))


def test_another_ledger_does_not_continue_the_first():
    growing = GrowingClusters()
    growing.extend(made_ledger(random_story(1)))
    with pytest.raises(CointrailError, match="does not continue"):
        growing.extend(made_ledger(CHAIN))


def test_a_transaction_can_be_left_out_by_txid_or_by_a_custodian_s_address():
    ledger = made_ledger(CHAIN)
    assert cluster_of(ledger, owner(0)) == [owner(n) for n in (0, 1, 2, 3)]
    assert cluster_of(ledger, owner(0), exclude=[tx(3)]) == [owner(0), owner(1)]
    assert cluster_of(ledger, owner(0), exclude=[owner(2)]) == [owner(0), owner(1)]
    assert cluster_of(ledger, owner(0), height=2) == [owner(0), owner(1)]
    with pytest.raises(CointrailError, match="There is no transaction"):
        common_input_ownership(ledger, exclude=["ab" * 32])
    with pytest.raises(CointrailError, match="write a list"):
        common_input_ownership(ledger, exclude=tx(3))


def test_the_link_is_explained_by_the_shortest_chain():
    chain = explain_link(made_ledger(CHAIN), owner(0), owner(3))
    assert chain["txid"].tolist() == [tx(1), tx(3), tx(2)]
    assert chain["spends"].tolist() == [owner(0), owner(1), owner(2)]
    assert chain["joins"].tolist() == [owner(1), owner(2), owner(3)]
    assert explain_link(made_ledger(CHAIN), owner(0), owner(0)).empty


def test_no_link_is_said_in_a_sentence():
    with pytest.raises(CointrailError, match="different clusters"):
        explain_link(made_ledger(CHAIN), owner(0), owner(3), exclude=[tx(3)])
    with pytest.raises(CointrailError, match="never saw"):
        explain_link(made_ledger(CHAIN), owner(0), owner(77))


def test_the_transaction_that_alone_holds_the_cluster_comes_first():
    table = bridges(made_ledger(CHAIN), owner(0))
    assert table["txid"].tolist() == [tx(3), tx(1), tx(2)]
    assert table["parts"].tolist() == [[2, 2], [3, 1], [3, 1]]


def test_growth_shows_when_two_clusters_met():
    table = cluster_growth(made_ledger(CHAIN), owner(0))
    assert table[["height", "joined", "addresses"]].to_numpy().tolist() == [[2, 1, 2], [4, 2, 4]]
    assert cluster_growth(made_ledger(CHAIN), owner(12)).empty


@pytest.mark.parametrize("seed", range(8))
def test_chains_and_bridges_are_those_of_networkx(seed):
    ledger = made_ledger(random_story(seed, transactions=80, owners=50))
    graph = co_spend_graph(ledger)
    clusters = common_input_ownership(ledger)
    biggest = clusters["cluster"].mode()[0]
    members = clusters.loc[clusters["cluster"] == biggest, "address"].tolist()
    for other in members[1:]:
        steps = nx.shortest_path_length(graph, members[0], other) // 2
        assert len(explain_link(ledger, members[0], other)) == steps
    part = graph.subgraph(nx.node_connected_component(graph, members[0]))
    cuts = {t for t in nx.articulation_points(part) if len(t) == 64}
    table = bridges(ledger, members[0])
    assert set(table["txid"]) == cuts
    for row in table.itertuples():
        pieces = nx.connected_components(nx.restricted_view(part, [row.txid], []))
        assert row.parts == sorted((sum(len(n) != 64 for n in piece) for piece in pieces), reverse=True)
    grown = cluster_growth(ledger, members[0])
    assert (grown["addresses"].iloc[-1] if len(grown) else 1) == len(members)


def co_spend_graph(ledger):
    graph = nx.Graph()
    graph.add_nodes_from(address[0] for address in ledger.outputs["addresses"] if address)
    graph.add_edges_from(
        (t, a[0]) for t, a in zip(ledger.inputs["transaction_hash"], ledger.inputs["addresses"], strict=True)
    )
    return graph


def test_payments_of_several_known_owners_are_told_from_those_of_one():
    ledger = load_ledger("primer")
    inputs = ledger.inputs.assign(address=ledger.inputs["addresses"].str[0])
    wide = inputs.groupby("transaction_hash")["address"].nunique().idxmax()
    first, second = inputs.loc[inputs["transaction_hash"] == wide, "address"].unique()[:2]
    apart = pd.DataFrame({"address": [first, second], "entity": ["x", "y"]})
    assert owners_together(ledger, apart).set_index("txid").loc[wide, "owners"] == 2
    assert owners_together(ledger, apart.assign(entity="x"))["owners"].max() == 1
