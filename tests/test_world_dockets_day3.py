"""Has every question of day 3 one true answer in a docket, and does an exhibit lead to it?"""

import json
from collections import Counter

import pytest

from cointrail.tracing import change_consensus, explain_link, follow_peel_chain, passing_on, payments_to, seed_cluster
from cointrail.tracing.links import bridges
from cointrail.world.dockets.source import Records, Source
from cointrail.world.dockets.subjects.change import DRAWN
from cointrail.world.training import labelled_change, training_entities

LETTERS = "ACDPX"


@pytest.fixture(scope="module")
def records():
    return Records("glass_harbour")


@pytest.fixture(scope="module", params=LETTERS)
def source(request, records):
    return Source(records, request.param)


def paper(source, name, number):
    return next(paper for paper in source.subject(name).papers if paper.id == number).data.decode()


def test_without_the_wrong_payment_the_cluster_is_the_suspects_alone(source):
    facts, me = source.facts("cluster"), source.vendor["vendor"]
    owner = source.truth("addresses").set_index("address")["entity"]
    clean = seed_cluster(source.ledger, facts["seeds"], exclude=[facts["wrong_merge"]])
    assert set(owner[clean]) == {me}
    assert len(clean) == facts["size"] < facts["naive_size"]
    assert owner[facts["shop_coin"]] == facts["shop"] != me


def test_the_shops_letter_leads_to_the_wrong_payment_and_other_payments_are_right(source):
    facts = source.facts("cluster")
    assert facts["shop_coin"] in paper(source, "cluster", "E35")
    assert facts["wrong_merge"] not in paper(source, "cluster", "E35")
    link = explain_link(source.ledger, facts["seeds"][-1], facts["shop_coin"])
    assert link["txid"].iloc[-1] == facts["wrong_merge"]
    joins = {txid for seed in facts["seeds"] for txid in bridges(source.ledger, seed)["txid"]}
    assert set(facts["other_joins"]) <= joins - {facts["wrong_merge"]}


def test_sixty_payments_reward_two_signs_and_neither_one_nor_four(source):
    truth = source.facts("change")["change"]
    assert len(truth) == sum(DRAWN.values()) == 60
    assert not set(truth) & set(labelled_change(source.records)["txid"])
    for signs, enough in ((1, False), (2, True), (4, False)):
        table = change_consensus(source.ledger, txids=list(truth), signs=signs).dropna(subset=["vout"])
        right = sum(truth[row.txid] == row.vout for row in table.itertuples())
        assert (right >= 0.95 * len(table) and len(table) >= 30) == enough


def test_the_peel_chain_is_the_one_that_was_made_and_dust_hides_its_end(source):
    facts = source.facts("change")["peel"]
    whole = follow_peel_chain(source.ledger, facts["start"], dust=500)
    assert whole.steps["txid"].tolist() == facts["txids"]
    assert 6 <= len(facts["txids"]) <= 14
    assert facts["until_dust"] == facts["txids"][: len(facts["until_dust"])] != facts["txids"]
    pieces = whole.steps["peeled"]
    assert facts["total"] == pieces[pieces >= 1000].sum() < facts["total_with_dust"]
    assert facts["start"] in paper(source, "change", "E36c")


def test_the_trail_ends_among_strangers_and_one_line_of_the_book_names_both(source):
    facts = source.facts("market_trail")
    book = [line.split(",") for line in paper(source, "market_trail", "E17b").splitlines()[2:]]
    both = [line[0] for line in book if line[2] == "order" and line[3] in paper(source, "market_trail", "E14")]
    assert both == [facts["joins"]]
    sweep = facts["trail_ends"].partition(":")[0]
    spent = source.ledger.inputs_of(sweep)
    assert facts["swept_with"] == len(spent) - 1 >= 2
    assert facts["deposit"] in set(
        spent["spent_transaction_hash"] + ":" + spent["spent_output_index"].astype("int64").astype(str)
    )
    assert len({facts[name] for name in ("joins", "only_buyer", "only_vendor", "release", "nearest_amount")}) == 5


def test_an_innocent_shop_is_named_by_two_papers_with_one_source(source):
    coin = source.facts("cluster")["shop_coin"]
    for number in ("E16", "E24", "E38"):
        assert coin in paper(source, "market_trail", number)
    levels = source.facts("market_trail")["attributions"]
    assert Counter(map(tuple, levels.values()))[("WITHDRAW",)] == 2
    assert len(levels) == 6


def test_the_ledger_shows_which_addresses_are_the_exchanges_and_none_is_a_training_owners(source):
    facts = source.facts("deposits")
    owner = source.truth("addresses").set_index("address")["entity"]
    for address, kind in facts["classes"].items():
        assert (owner[address] == "northpier") == (kind == "DEPOSIT")
    assert not set(owner[list(facts["classes"])]) & set(training_entities(source.records))
    table = passing_on(source.ledger, facts["classes"], hot=[facts["hot"]]).set_index("address")
    assert table.loc[facts["desk"], ["to_hot", "together_with"]].tolist() == [1, 0]
    assert table.loc[facts["forwarder"], "to_deposit"] == table.loc[facts["forwarder"], "departures"] > 0


def test_the_request_names_the_suspects_payments_and_nobody_is_named_as_customer(source):
    facts = source.facts("deposits")
    assert facts["payments"] == payments_to(source.ledger, facts["own"]).to_dict("records")
    book = source.truth("custodian_book")
    credited = book[(book["custodian"] == "northpier") & (book["kind"] == "deposit")]
    mine = set(credited.loc[credited["customer"] == source.vendor["vendor"], "transaction_hash"])
    assert {payment["txid"] for payment in facts["payments"]} <= mine
    papers = [one for name in ("deposits", "market_trail", "cluster", "change") for one in source.subject(name).papers]
    assert not [one.id for one in papers if facts["suspect"] in one.data.decode()]
    exported = paper(source, "market_trail", "E24")
    assert all(address in exported for address in facts["in_tool_export"])
    json.dumps(facts)
