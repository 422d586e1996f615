"""The drawing without a browser: same input, same coordinates; money runs to the right; nothing overlaps."""

import itertools
import random

import pytest
from tiny_ledger import CARLA, MINER, SHOP, tiny_ledger

from cointrail.board import open_board
from cointrail.board.drawing import CARD_WIDTH, ROW
from cointrail.board.layout import lay_out
from cointrail.ledger import load_ledger


def grown(nodes):
    """A board of the large world with at least so many nodes: a first owner's, then whoever pays most often."""
    ledger = load_ledger("glass_harbour")
    start = ledger.inputs["addresses"].iloc[len(ledger.inputs) // 2][0]
    board = open_board(ledger, start=start).back(start)
    while len(board.view.nodes) < nodes:
        unopened = [node for node in board.view.nodes.values() if "out" not in node.opened]
        board.expand(max(unopened, key=lambda node: node.out).id)
    return board


@pytest.fixture(scope="module")
def board():
    return grown(150)


def boxes(drawing):
    """(left, top, right, bottom) of every card and of every label."""
    cards = [(c.x, c.y - c.height / 2, c.x + CARD_WIDTH, c.y + c.height / 2) for c in drawing.cards.values()]
    labels = []
    for line in drawing.lines:
        x, y = line.label_at
        labels.append((x - 6.0 * len(line.label), y - 9, x, y + 2.5))
    return cards, labels


def overlap(one, other):
    return one[0] < other[2] and other[0] < one[2] and one[1] < other[3] and other[1] < one[3]


def test_no_card_and_no_label_overlaps_another_at_150_nodes(board):
    assert len(board.view.nodes) >= 150
    cards, labels = boxes(board.drawing)
    assert labels
    wrong = [pair for pair in itertools.combinations([*cards, *labels], 2) if overlap(*pair)]
    assert wrong == []


def test_the_same_board_gives_the_same_coordinates(board):
    assert grown(150).picture().svg() == board.picture().svg()


def test_money_runs_to_the_right_unless_it_goes_back(board):
    drawing = board.drawing
    for line in drawing.lines:
        source, target = (drawing.cards[end].x for end in (line.edge.source, line.edge.target))
        backward = (line.edge.source, line.edge.target) in drawing.layout.backward
        assert source > target if backward else source < target


def test_money_that_comes_back_is_drawn_from_right_to_left():
    board = open_board(tiny_ledger(), start=MINER).expand(MINER).expand(SHOP)
    assert board.drawing.layout.backward == set()
    placed = lay_out({"a": 40, "b": 40, "c": 40}, [("a", "b", 1), ("b", "c", 2), ("c", "a", 3)])
    assert placed.backward == {("c", "a")}
    assert [placed.places[name].column for name in "abc"] == [0, 1, 2]


def test_a_pinned_node_stays_where_it_was_put():
    board = open_board(tiny_ledger(), start=MINER).expand(MINER).pin(SHOP, 500)
    assert abs(board.drawing.cards[SHOP].y - 500) < 1
    assert abs(board.unpin(SHOP).drawing.cards[SHOP].y - 500) > 100


def crossings(edges, places):
    """How many pairs of edges between the same two columns cross, counted one by one."""
    lines = [(places[a].y, places[b].y) for a, b, _ in edges]
    return sum((a - c) * (b - d) < 0 for (a, b), (c, d) in itertools.combinations(lines, 2))


def test_few_crossings():
    """Two columns whose best order has none: the layout finds it from a shuffled start."""
    rng = random.Random(5)
    pairs = [(f"a{n}", f"b{m}", 1) for n in range(20) for m in (2 * n, 2 * n + 1)]
    names = [*{a: 0 for a, _, _ in pairs}, *(b for _, b, _ in pairs)]
    rng.shuffle(names)
    placed = lay_out(dict.fromkeys(names, 40), pairs)
    assert crossings(pairs, placed.places) == 0


@pytest.mark.parametrize("seed", range(5))
def test_neighbours_in_a_column_keep_their_distance(seed):
    rng = random.Random(seed)
    heights = {n: rng.choice([40, 54, 16 * 9]) for n in range(60)}
    edges = sorted({(rng.randrange(60), rng.randrange(60), 0) for _ in range(90)})
    placed = lay_out(heights, [edge for edge in edges if edge[0] != edge[1]], {3: 100.0})
    columns = {}
    for name, place in placed.places.items():
        columns.setdefault(place.column, []).append((place.y, heights[name]))
    for column in columns.values():
        for (y, h), (next_y, next_h) in itertools.pairwise(sorted(column)):
            assert next_y - y >= (h + next_h) / 2 + 9.99


def test_each_payment_reaches_its_card_in_a_row_of_its_own():
    board = open_board(tiny_ledger(), start=CARLA).back(CARLA)
    rows = sorted(line.arrow[1] for line in board.drawing.lines)
    assert all(later - row >= ROW - 0.01 for row, later in itertools.pairwise(rows))
