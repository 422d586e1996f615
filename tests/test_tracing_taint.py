"""Taint: textbook cases by hand, exact conservation, and the same answers as plain Python and scipy."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from made_ledgers import made_ledger, owner, random_story, tx
from scipy.sparse import csr_matrix, identity
from scipy.sparse.linalg import spsolve_triangular

from cointrail.errors import CointrailError
from cointrail.tracing import compare_taint, fifo, haircut, lifo, outpoint, plain, poison
from cointrail.tracing.arrays import ledger_arrays, outpoints
from cointrail.world import sample_ledger

RULES = {"poison": poison, "haircut": haircut, "fifo": fifo, "lifo": lifo}
TWINS = {
    "poison": plain.poison,
    "haircut": plain.haircut,
    "fifo": plain.fifo,
    "lifo": lambda *facts: plain.fifo(*facts, newest_first=True),
}
# Anderson et al. 2018: 3 stolen coins, then 7 fresh ones, are spent together; 4 and 5 are paid, 1 is the fee
ANDERSON = [
    {"inputs": [], "outputs": [(0, 3)]},
    {"inputs": [], "outputs": [(1, 7)]},
    {"inputs": [(0, 0), (1, 0)], "outputs": [(2, 4), (3, 5)]},
    {"inputs": [(2, 1)], "outputs": [(4, 5)]},
]
STOLEN = outpoint(tx(0), 0)


def marks(found):
    return dict(zip(found.table["outpoint"], found.table["taint"], strict=True))


@pytest.mark.parametrize(
    ("rule", "paid", "kept", "ended"),
    [
        ("poison", 4, 5, {"unspent": 9, "stopped": 0, "fees": 1, "counted twice": 0}),
        ("haircut", 1, 2, {"unspent": 3, "stopped": 0, "fees": 0, "counted twice": 0}),
        ("fifo", 3, 0, {"unspent": 3, "stopped": 0, "fees": 0, "counted twice": 0}),
        ("lifo", 0, 2, {"unspent": 2, "stopped": 0, "fees": 1, "counted twice": 0}),
    ],
)
def test_three_stolen_and_seven_fresh_coins(rule, paid, kept, ended):
    found = RULES[rule](made_ledger(ANDERSON), [STOLEN])
    expected = {STOLEN: 3, outpoint(tx(2), 0): paid, outpoint(tx(2), 1): kept, outpoint(tx(3), 0): kept}
    assert marks(found) == {name: satoshi for name, satoshi in expected.items() if satoshi}
    assert found.ended == ended
    assert found.sources == 3
    assert found.is_conserved == (rule != "poison")


def test_the_four_rules_side_by_side():
    table = compare_taint(made_ledger(ANDERSON), [STOLEN])
    assert table["outpoint"].tolist() == [STOLEN, outpoint(tx(2), 0), outpoint(tx(2), 1), outpoint(tx(3), 0)]
    assert table["state"].tolist() == ["spent", "unspent", "spent", "unspent"]
    assert table[["poison", "haircut", "fifo", "lifo"]].to_numpy().tolist() == [
        [3, 3, 3, 3], [4, 1, 3, 0], [5, 2, 0, 2], [5, 2, 0, 2],
    ]  # fmt: skip


def test_the_trail_ends_at_a_service():
    found = haircut(made_ledger(ANDERSON), [STOLEN], stop=[owner(3)])
    assert marks(found) == {STOLEN: 3, outpoint(tx(2), 0): 1, outpoint(tx(2), 1): 2}
    assert found.table["state"].tolist() == ["spent", "unspent", "stopped"]
    assert found.ended["stopped"] == 2
    assert found.is_conserved


def test_a_height_hides_what_came_later():
    found = haircut(made_ledger(ANDERSON), [STOLEN], height=3)
    assert found.table["state"].tolist() == ["spent", "unspent", "unspent"]


def test_backward_asks_where_an_output_came_from():
    found = fifo(made_ledger(ANDERSON), [outpoint(tx(3), 0)], direction="backward")
    assert marks(found) == {outpoint(tx(1), 0): 5, outpoint(tx(2), 1): 5, outpoint(tx(3), 0): 5}
    assert found.table["state"].tolist() == ["origin", "passed", "passed"]
    assert found.is_conserved
    assert marks(lifo(made_ledger(ANDERSON), [outpoint(tx(3), 0)], direction="backward"))[STOLEN] == 2


def test_a_source_that_spends_another_source_is_counted_once():
    found = haircut(made_ledger(ANDERSON), [STOLEN, outpoint(tx(2), 1)])
    assert marks(found)[outpoint(tx(3), 0)] == 5
    assert found.ended["counted twice"] == 2
    assert found.is_conserved


def case(seed, direction):
    """A random ledger, some sources and stops, and the same as lists for the plain twins."""
    ledger = made_ledger(random_story(seed, transactions=50, largest=10 ** (1 + seed % 13)))
    view, rng = ledger_arrays(ledger), np.random.default_rng(seed)
    sources = np.unique(rng.integers(0, len(view.output_value), 3))
    stops = rng.choice(len(view.addresses), 2, replace=False)
    coins = [
        (
            view.spent_coin[view.input_start[t] : view.input_start[t + 1]].tolist(),
            list(range(view.coin_start[t], view.coin_start[t + 1])),
        )
        for t in range(len(view.height))
    ]
    coins = coins if direction == "forward" else [(outs, ins) for ins, outs in reversed(coins)]
    stop = set(view.coin_of(np.flatnonzero(np.isin(view.output_address, stops))).tolist())
    start = set(view.coin_of(sources).tolist())
    named = {"sources": outpoints(view, sources), "stop": [view.addresses[n] for n in stops], "direction": direction}
    return ledger, named, (coins, view.coin_value.tolist(), start, stop - start)


@pytest.mark.parametrize("direction", ["forward", "backward"])
@pytest.mark.parametrize("rule", RULES)
def test_the_kernels_equal_their_plain_twins(rule, direction):
    for seed in range(25):
        ledger, named, lists = case(seed, direction)
        found, view = RULES[rule](ledger, **named), ledger_arrays(ledger)
        outputs = np.arange(len(view.output_value))
        coin = dict(zip(view.coin_of(outputs).tolist(), outpoints(view, outputs), strict=True))
        twin = TWINS[rule](*lists)
        assert marks(found) == {coin[number]: satoshi for number, satoshi in twin.items() if number in coin}
        if direction == "forward":
            assert found.ended["fees"] == sum(satoshi for number, satoshi in twin.items() if number not in coin)
        assert found.is_conserved or rule == "poison"


@pytest.mark.parametrize("rule", ["haircut", "fifo", "lifo"])
@pytest.mark.parametrize("direction", ["forward", "backward"])
def test_no_satoshi_is_lost_in_ledgers_of_the_world(rule, direction):
    for secret in (b"one", b"two", b"three"):
        ledger = sample_ledger(secret, transactions=60)
        view = ledger_arrays(ledger)
        sources = outpoints(view, np.arange(0, len(view.output_value), 17))
        assert RULES[rule](ledger, sources, direction=direction).is_conserved


@given(st.integers(0, 2**51), st.integers(1, 2**51), st.lists(st.integers(0, 10**6), min_size=1, max_size=9))
@settings(max_examples=200, deadline=None)
def test_haircut_is_exact_for_any_amount_of_money(stolen, fresh, weights):
    """Also for more satoshis than a 64-bit product can hold."""
    total, scale = stolen + fresh, max(1, sum(weights))
    outputs = [(n, total * weight // scale) for n, weight in enumerate(weights)]
    story = [{"inputs": [], "outputs": [(8, stolen), (9, fresh)]}, {"inputs": [(0, 0), (0, 1)], "outputs": outputs}]
    coins = [([0, 1], [3, *range(4, 4 + len(outputs))])]
    value = [stolen, fresh, 0, *(v for _, v in outputs), total - sum(v for _, v in outputs)]
    found = haircut(made_ledger(story), [outpoint(tx(0), 0)])
    twin = plain.haircut(coins, value, {0})
    assert marks(found) == {
        outpoint(tx(1 if number > 2 else 0), number - 3 if number > 2 else 0): satoshi
        for number, satoshi in twin.items()
        if number < len(value) - 1
    }
    assert found.is_conserved


@pytest.mark.parametrize("seed", range(5))
def test_haircut_is_the_solution_of_a_triangular_system(seed):
    """(I - A) x = b, where A says which share of a transaction comes from which; equal but for rounded satoshis."""
    ledger = made_ledger(random_story(seed, transactions=80, largest=10**12))
    view = ledger_arrays(ledger)
    source, n = 1, len(view.height)
    spender = np.repeat(np.arange(n), np.diff(view.input_start))
    paid = view.output_value[view.spent_output].astype(float)
    share = paid / np.bincount(spender, paid, n)[spender]
    stolen = view.spent_output == source
    right = np.bincount(spender[stolen], share[stolen], n)
    matrix = csr_matrix((share[~stolen], (spender[~stolen], view.output_tx[view.spent_output[~stolen]])), (n, n))
    solved = spsolve_triangular((identity(n, format="csr") - matrix).tocsr(), right, lower=True, unit_diagonal=True)
    expected = solved[view.output_tx] * view.output_value
    expected[source] = view.output_value[source]
    found = marks(haircut(ledger, outpoints(view, np.array([source]))))
    ours = [found.get(name, 0) for name in outpoints(view, np.arange(len(view.output_value)))]
    assert np.allclose(ours, expected, rtol=1e-9, atol=n)


@pytest.mark.parametrize("rule", ["fifo", "lifo"])
def test_what_arrives_at_b_from_a_is_what_b_has_from_a(rule):
    for seed in range(12):
        ledger = made_ledger(random_story(seed))
        view = ledger_arrays(ledger)
        a, b = outpoints(view, np.array([0, len(view.output_value) - 1]))
        forward, backward = (marks(RULES[rule](ledger, [x], direction=d)) for x, d in ((a, "forward"), (b, "backward")))
        assert forward.get(b, 0) == backward.get(a, 0)


@pytest.mark.parametrize(
    ("change", "says"),
    [
        ({"sources": []}, "at least one outpoint"),
        ({"sources": STOLEN}, "write a list"),
        ({"sources": [f"{'ab' * 32}:0"]}, "There is no transaction"),
        ({"sources": [f"{tx(0)}:7"]}, "there is no output 7"),
        ({"sources": [f"{tx(3)}:0"], "height": 2}, "only after the height"),
        ({"height": 99}, "cannot say anything about height 99"),
        ({"direction": "up"}, "write 'forward' or 'backward'"),
        ({"stop": ["bc1qw508d6qejxtdg4y5r3zarvary0c5xw7kv8f3t4"]}, "real Bitcoin network"),
    ],
)
def test_bad_input_is_said_in_a_sentence(change, says):
    with pytest.raises(CointrailError, match=says):
        haircut(made_ledger(ANDERSON), **{"sources": [STOLEN]} | change)


def test_a_valid_address_that_the_ledger_never_saw_stops_nothing():
    assert haircut(made_ledger(ANDERSON), [STOLEN], stop=[owner(77)]).ended["stopped"] == 0
