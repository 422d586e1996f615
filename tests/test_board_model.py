"""The board without a browser: what a step brings, what the ledger cannot say, and steps that become code."""

import pytest
from made_ledgers import made_ledger, owner, tx
from tiny_ledger import CARLA, MINER, NOBODY, SHOP, tiny_ledger, txid

from cointrail.board import open_board
from cointrail.board.widget import BoardWidget
from cointrail.errors import CointrailError
from cointrail.ledger import load_ledger, load_token_ledger


def pays(board):
    """(source, target, satoshi) of every edge."""
    return {(edge.source, edge.target, sum(move.value for move in edge.moves)) for edge in board.view.edges}


def test_an_expansion_brings_payees_with_their_whole_sums_and_no_change():
    board = open_board(tiny_ledger(), start=MINER).expand(MINER)
    assert pays(board) == {(MINER, SHOP, 2000), (MINER, CARLA, 2850)}
    assert board.payments()["txid"].tolist() == [txid("second"), txid("second"), txid("pay")]  # in time


def test_back_shows_where_money_came_from_and_new_coins_come_from_nobody():
    board = open_board(tiny_ledger(), start=SHOP).back(SHOP).back(MINER)
    kinds = dict(zip(board.nodes["name"], board.nodes["kind"], strict=True))
    assert (MINER, SHOP, 2000) in pays(board)
    assert [kinds[name] for name in (txid("a"), txid("b"))] == ["new coins", "new coins"]


SHARED = made_ledger(
    [
        {"inputs": [], "outputs": [(1, 500)]},
        {"inputs": [], "outputs": [(2, 700)]},
        {"inputs": [(0, 0), (1, 0)], "outputs": [(3, 600), (4, 500)]},
        {"inputs": [(2, 0)], "outputs": [(5, 590)]},
    ]
)


def test_where_several_pay_into_one_transaction_the_board_does_not_say_who_paid_whom():
    board = open_board(SHARED, start=owner(1), clusters=False).expand(owner(1)).expand(tx(2))
    assert pays(board) == {(owner(1), tx(2), 500), (tx(2), owner(3), 600), (tx(2), owner(4), 500)}
    board.back(tx(2))
    assert (owner(2), tx(2), 700) in pays(board)


def test_addresses_that_spend_together_are_one_node_that_can_be_opened_and_closed():
    board = open_board(SHARED, start=owner(2)).expand(owner(2))
    assert pays(board) == {(owner(1), owner(3), 600), (owner(1), owner(4), 500)}
    board.open_cluster(owner(1))
    parts = {(owner(1), tx(2), 500), (owner(2), tx(2), 700), (tx(2), owner(3), 600), (tx(2), owner(4), 500)}
    assert pays(board) == parts
    assert "2 addresses; 2 are on the board" in board.message
    board.close_cluster(owner(2))
    assert pays(board) == {(owner(1), owner(3), 600), (owner(1), owner(4), 500)}


def test_a_transaction_put_on_the_board_stands_between_payer_and_payee():
    board = open_board(tiny_ledger(), start=txid("pay")).back(txid("pay")).expand(txid("pay"))
    assert pays(board) == {(MINER, txid("pay"), 5000), (txid("pay"), SHOP, 1200), (txid("pay"), MINER, 3700)}


def star(leaves):
    return made_ledger(
        [
            {"inputs": [], "outputs": [(0, 10 * leaves * leaves)]},
            {"inputs": [(0, 0)], "outputs": [(n + 1, 10 * (n + 1)) for n in range(leaves)]},
        ]
    )


def test_the_largest_come_first_and_the_rest_is_counted():
    board = open_board(star(60), start=owner(0)).expand(owner(0))
    assert len(board.nodes) == 26
    assert board.payments()["value"].min() == 10 * 36
    assert "35 smaller, of 35 others, not shown" in board.message
    assert board.expand(owner(0)).payments()["value"].min() == 10 * 11
    assert len(board.expand(owner(0)).nodes) == 61
    assert "all payments out are on the board" in board.expand(owner(0)).message


def test_ten_thousand_neighbours_are_said_in_words():
    board = open_board(star(10_000), start=owner(0)).expand(owner(0))
    assert len(board.nodes) == 26
    assert "9,975 smaller" in board.message
    assert "9,975 smaller payments" in str(board.picture())


def test_collapse_takes_away_what_hung_on_a_node_only():
    board = open_board(tiny_ledger(), start=MINER).expand(MINER).expand(SHOP)
    assert (SHOP, CARLA, 1500) in pays(board)
    board.collapse(MINER)
    assert board.nodes["name"].tolist() == [MINER]
    assert "has not been expanded" in board.collapse(MINER).message


def test_undo_takes_back_one_step_exactly():
    board = open_board(tiny_ledger(), start=MINER)
    before = [repr(board)]
    for step in (lambda: board.expand(MINER), lambda: board.note(SHOP, "the shop"), lambda: board.hide(CARLA)):
        step()
        before.append((repr(board), board.nodes["note"].tolist()))
    board.undo()
    assert (repr(board), board.nodes["note"].tolist()) == before[-2]
    board.undo().undo()
    assert repr(board) == before[0]
    assert "nothing to undo" in board.undo().message


def test_filters_hide_and_say_how_many():
    board = open_board(tiny_ledger(), start=MINER).expand(MINER)
    assert pays(board.filter(least="0.00001")) == {(MINER, SHOP, 1200), (MINER, CARLA, 2850)}
    assert "1 payment hidden" in board.message
    assert pays(board.filter(until="2026-03-01", least="0.00002")) == {(MINER, CARLA, 2850)}
    assert len(board.filter(since="2026-04-01").payments()) == 0
    assert len(board.filter().payments()) == 3
    assert board.expand(SHOP).filter(hops=1).view.nodes.keys() == {MINER, SHOP, CARLA}


def test_the_filter_counts_what_an_expansion_leaves():
    board = open_board(tiny_ledger(), start=MINER).filter(least="1").expand(MINER)
    assert "the filter hides 3 payments" in board.message
    assert board.as_code().count("expand") == 0


def test_an_asserted_link_is_no_payment():
    board = open_board(tiny_ledger(), start=SHOP).link(SHOP, NOBODY_IN_IT, "order 17 in exhibit E08")
    (edge,) = board.view.edges
    assert edge.label == "asserted: order 17 in exhibit E08"
    assert len(board.payments()) == 0
    assert "Asserted: order 17" in str(board.picture())


NOBODY_IN_IT = CARLA


def test_two_chains_stand_on_one_board_and_only_a_link_joins_them():
    ledger, tokens = load_ledger("glass_harbour"), load_token_ledger("glass_harbour")
    bitcoin = next(a[0] for a in ledger.outputs["addresses"][::-1] if len(a))
    account = tokens.token_transfers["to_address"].iloc[-1]
    board = open_board(ledger, tokens, start=[bitcoin, account])
    board.link(bitcoin, account, "swap order").back(account)
    assert set(board.nodes["kind"]) & {"account", "contract"}
    assert board.payments()["unit"].ne("BTC").all()


def test_two_tokens_with_one_symbol_do_not_look_alike():
    tokens = load_token_ledger("glass_harbour")
    symbols = {unit.symbol for unit in open_board(tokens, start=tokens.tokens["address"][0])._sources[0].units.values()}
    assert len(symbols) == len(tokens.tokens)


def test_a_tag_stands_on_its_cluster_with_its_confidence():
    head = {"title": "T", "creator": "U", "source": "E06", "currency": "SYNBTC"}
    tags = [
        {"address": owner(2), "label": "Harbour Exchange", "confidence": "service_data", "category": "exchange"},
        {"address": owner(2), "label": "a guess", "confidence": "heuristic"},
    ]
    board = open_board(SHARED, start=owner(1), tags={**head, "tags": tags})
    assert board.nodes[["label", "confidence"]].values.tolist() == [["Harbour Exchange", "service_data"]]
    assert "tag 50/100 service_data" in board.picture().svg()
    assert "This is a service" in board.expand(owner(1)).message


def test_the_code_of_a_board_makes_the_same_board():
    ledger = load_ledger("primer")
    payer = ledger.inputs["addresses"].iloc[-1][0]
    board = open_board(ledger, start=payer).expand(payer).back(payer, largest=3)
    other = board.nodes["name"].iloc[-1]
    board.expand(other).note(other, "look 'here'").filter(least="0.001", hops=3).undo()
    room = {}
    exec(board.as_code(), room)
    again = room["board"]
    assert again.payments().equals(board.payments())
    assert again.nodes.equals(board.nodes)
    assert again.picture().svg() == board.picture().svg()


def test_a_saved_board_comes_back(tmp_path):
    board = open_board(tiny_ledger(), start=MINER, exclude=[txid("spend")]).expand(MINER).note(SHOP, "Grüße").pin(SHOP)
    file = board.save(tmp_path / "board.json")
    again = open_board(file, tiny_ledger())
    assert again.nodes.equals(board.nodes)
    assert again.as_code() == board.as_code()
    assert again.save(tmp_path / "again.json").read_bytes() == file.read_bytes()


@pytest.mark.parametrize("content", ["", "[]", "{}", '{"cointrail board": 1, "ledgers": 3}', '{"cointrail board": 9}'])
def test_a_damaged_file_is_a_sentence(tmp_path, content):
    file = tmp_path / "board.json"
    file.write_text(content)
    with pytest.raises(CointrailError, match="is no board"):
        open_board(file)


def test_a_file_can_not_call_anything_but_steps(tmp_path):
    file = open_board(tiny_ledger(), start=MINER).save(tmp_path / "board.json")
    file.write_text(file.read_text().replace('"steps": []', f'"steps": [["save", ["{tmp_path}/evil"], {{}}]]'))
    with pytest.raises(CointrailError, match="a step that no board has"):
        open_board(file, tiny_ledger())
    assert not (tmp_path / "evil").exists()


@pytest.mark.parametrize(
    ("call", "words"),
    [
        (lambda board: board.expand("bcrt1nonsense"), "not a valid address|is no|not an address"),
        (lambda board: board.expand(NOBODY), "never saw the address"),
        (lambda board: board.expand("0x" + "1" * 40), "not of a ledger of this board"),
        (lambda board: board.expand(7), "write it as text"),
        (lambda board: board.expand(MINER, "sideways"), "is no direction"),
        (lambda board: board.expand(MINER, largest=0), "whole number"),
        (lambda board: board.note(CARLA, "x"), "not on the board"),
        (lambda board: board.note(MINER, "x" * 501), "at most 500"),
        (lambda board: board.link(MINER, MINER, "why"), "two different nodes"),
        (lambda board: board.filter(least="much"), "is no amount"),
        (lambda board: board.filter(since="yesterday evening"), "is no date"),
        (lambda board: board.filter(since="2026-04-01", until="2026-03-01"), "exchange them"),
        (lambda board: board.filter(hops=0), "whole number"),
        (lambda board: board.hide(MINER), "begins with this node"),
    ],
)
def test_bad_input_is_a_sentence_and_changes_nothing(call, words):
    board = open_board(tiny_ledger(), start=MINER)
    with pytest.raises(CointrailError, match=words):
        call(board)
    assert (len(board.nodes), board.steps) == (1, [])


def test_an_address_that_never_pays_says_so():
    board = open_board(tiny_ledger(), start=CARLA).expand(CARLA)
    assert "has paid nobody else" in board.message


def test_a_ledger_with_one_transaction_has_a_board():
    ledger = made_ledger([{"inputs": [], "outputs": [(1, 500)]}])
    board = open_board(ledger, start=owner(1)).back(owner(1)).expand(owner(1))
    assert len(board.nodes) == 2
    assert "<svg" in board.picture().html()


def test_while_grading_a_board_is_words(monkeypatch):
    monkeypatch.setenv("COINTRAIL_GRADING", "1")
    shown = open_board(tiny_ledger(), start=MINER).expand(MINER)._repr_mimebundle_()
    assert set(shown) == {"text/html", "text/plain"}
    assert "not drawn while grading" in shown["text/html"]
    assert "<svg" not in shown["text/html"]


def test_dates_carry_the_year_where_a_board_spans_two():
    late = made_ledger(
        [
            {"inputs": [], "outputs": [(1, 500)], "height": 1},
            {"inputs": [(0, 0)], "outputs": [(2, 400)], "height": 2},
            {"inputs": [(1, 0)], "outputs": [(3, 300)], "height": 9000},
        ]
    )
    board = open_board(late, start=owner(1)).expand(owner(1))
    assert [edge.label for edge in board.view.edges] == ["0.000004 BTC · 1 Mar"]
    board.expand(owner(2))
    assert [edge.label[-10:] for edge in board.view.edges] == ["1 Mar 2026", "1 Mar 2027"]


def test_amount_and_date_are_never_cut_off_an_edge():
    board = open_board(load_token_ledger("glass_harbour"), start=(payer := busiest_payer()))
    labels = [line.label for line in board.expand(payer).drawing.lines]
    assert labels
    assert not [label for label in labels if "…" in label]


def busiest_payer():
    return load_token_ledger("glass_harbour").token_transfers["from_address"].value_counts().index[1]


def test_two_chosen_cards_are_linked_with_a_reason_on_the_page_too():
    widget = BoardWidget(open_board(tiny_ledger(), start=[MINER, SHOP]))
    widget.asked({"do": "link", "why": "order 17"})
    assert "Shift-click" in widget.scene["message"]
    widget.asked({"do": "select", "names": [MINER, SHOP]})
    widget.asked({"do": "link", "why": "order 17"})
    assert [edge.label for edge in widget.board.view.edges] == ["asserted: order 17"]
    assert "on no ledger: order 17" in widget.scene["about"]


def test_the_page_knows_the_filter_that_is_on():
    widget = BoardWidget(open_board(tiny_ledger(), start=MINER).expand(MINER))
    widget.asked({"do": "filter", "least": "0.00001", "since": "2026-03-01", "hops": "2"})
    assert widget.scene["filter"] == {"least": "0.00001", "since": "2026-03-01", "hops": 2}
    widget.asked({"do": "filter"})
    assert widget.scene["filter"] == {}


def test_one_click_is_one_answer_to_the_page():
    board = open_board(tiny_ledger(), start=MINER)
    widget = BoardWidget(board)
    scenes = []
    widget.observe(lambda change: scenes.append(change["new"]), "scene")
    widget.asked({"do": "expand", "name": MINER})
    assert [len(scene["cards"]) for scene in scenes] == [3]
    assert scenes[0]["selection"] == [MINER]


@pytest.mark.parametrize(
    ("message", "words"),
    [
        ({"do": "add", "name": "bcrt1nonsense"}, "bcrt1nonsense"),
        ({"do": "add", "name": NOBODY}, "never saw the address"),
        ({"do": "expand", "name": CARLA}, "has paid nobody else"),
        ({"do": "filter", "hops": "far"}, "no number of steps"),
        ({"do": "filter", "least": "much"}, "is no amount"),
        ({"do": "hide", "name": MINER}, "begins with this node"),
    ],
)
def test_what_cannot_be_done_is_said_on_the_board(message, words):
    widget = BoardWidget(open_board(tiny_ledger(), start=MINER).expand(MINER))
    widget.asked(message)
    assert words in widget.scene["message"]
    assert len(widget.scene["cards"]) == 3
