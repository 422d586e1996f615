"""The exhibits of day 2 hold what lessons 2.1 to 2.4 ask, and nothing that a rule would call otherwise."""

import json
from collections import Counter

import pandas as pd
import pytest

from cointrail.exercises import Case
from cointrail.ledger import load_ledger, load_token_ledger
from cointrail.tracing import find_addresses, look_alikes, output_history, show_address
from cointrail.tracing.token_transfers import account_history
from cointrail.world.dockets.look_alike import look_alike
from cointrail.world.dockets.source import Records, Source
from cointrail.world.dockets.subjects.phone import PHONE_LIFE, PHOTOS, holder_at
from cointrail.world.streams import Stream

LETTERS = ("A", "F", "Q", "X")
ADDRESS = "bcrt1qzyg3zyg3zyg3zyg3zyg3zyg3zyg3zyg3lgth6c"


@pytest.fixture(scope="module")
def sources():
    records = Records("glass_harbour")
    return {letter: Source(records, letter) for letter in LETTERS}


def paper(source, subject, number):
    return next(one for one in source.subject(subject).papers if one.id == number)


def table(source, subject, number):
    from io import StringIO

    return pd.read_csv(StringIO(paper(source, subject, number).data.decode()), comment="#")


@pytest.mark.parametrize("letter", LETTERS)
def test_two_rows_of_the_sales_list_stand_in_no_block_and_ten_do(sources, letter):
    source = sources[letter]
    rows = table(source, "ledger_reading", "E30")
    known = rows["txid"].isin(set(source.ledger.transactions["hash"]))
    assert (~known).sum() == 2 and known.sum() == 10
    assert Counter(rows["status"][~known]) == {"seen in wallet": 1, "replaced by a higher fee": 1}


@pytest.mark.parametrize("letter", LETTERS)
def test_a_replaced_payment_is_the_first_version_of_one_that_is_listed_too(sources, letter):
    """Both versions spend the same coin, so that only one could be confirmed: the truth's raw bytes say so."""
    source = sources[letter]
    rows = table(source, "ledger_reading", "E30").set_index("status")["txid"]
    first = source.of("replaced").iloc[0]
    assert rows["replaced by a higher fee"] == first["first_hash"]
    assert first["final_hash"] in rows.tolist() and first["final_fee"] > first["first_fee"]


@pytest.mark.parametrize("letter", LETTERS)
def test_the_sellers_page_holds_one_address_and_some_of_the_wallet_file_is_unspent(sources, letter):
    source = sources[letter]
    facts = source.facts("ledger_reading")
    found = find_addresses(paper(source, "ledger_reading", "E33b").data.decode())
    assert [one.address for one in found] == [facts["listed_address"]]
    history = output_history(source.ledger, outpoints=[row["outpoint"] for row in facts["wallet"]])
    assert set(history["outpoint"][history["spent_by"].isna()]) == set(facts["unspent"])
    assert 2 <= len(facts["unspent"]) <= 4


def test_every_docket_reviews_other_transactions(sources):
    reviewed = [row["txid"] for source in sources.values() for row in source.facts("ledger_reading")["fee_review"]]
    assert len(set(reviewed)) == 5 * len(LETTERS)


@pytest.mark.parametrize("letter", LETTERS)
def test_the_look_alike_is_valid_unknown_to_the_ledger_and_known_by_both_ends(sources, letter):
    source = sources[letter]
    facts = source.facts("phone")
    paid = {one for held in source.ledger.outputs["addresses"] for one in held}
    assert facts["look_alike"] not in paid and facts["real"] in paid
    assert look_alikes(facts["real"], facts["valid"]) == [facts["look_alike"]]
    assert facts["real"] in facts["own"] and facts["look_alike"] not in facts["own"]


@pytest.mark.parametrize("letter", LETTERS)
def test_four_messages_have_one_transaction_and_two_have_several(sources, letter):
    facts = sources[letter].facts("phone")
    assert Counter(txid is None for txid in facts["matches"].values()) == {False: 4, True: 2}
    assert all(facts["mistaken_matches"][code] != facts["matches"] for code in ("M08", "M10", "M17"))


def test_who_held_the_phone_follows_from_records_only():
    assert [holder_at(PHONE_LIFE[step]) for step in ("sold", "wiped", "set up", "lock")] == ["E", "N", "N", "S"]
    assert holder_at("2026-03-11T19:31:40Z") == "N", "its local time, 12 March, would say somebody"
    assert len(PHOTOS) == 4


@pytest.mark.parametrize("letter", LETTERS)
def test_the_account_has_a_poisoners_lines_an_approval_and_a_failed_try(sources, letter):
    source = sources[letter]
    facts = source.facts("tokens")
    history = account_history(source.tokens, facts["account"])
    assert {"approval", "failed", "internal", "token transfer"} <= set(history["kind"])
    assert set(facts["zero_lines"]) < set(facts["poisoning"])
    assert show_address(facts["account"]) in paper(source, "tokens", "E34a").data.decode()
    assert len(table(source, "tokens", "E34b")) == 2


def test_labels_are_bip329_with_the_banner_in_a_label(sources):
    lines = paper(sources["A"], "phone", "E06b").data.decode().splitlines()
    records = [json.loads(line) for line in lines]
    assert {record["type"] for record in records} <= {"tx", "addr", "pubkey", "input", "output", "xpub"}
    assert all({"type", "ref", "label"} <= set(record) for record in records)
    assert "SYNTHETIC TRAINING DATA" in records[-1]["label"]


@pytest.mark.parametrize("number", range(20))
def test_a_look_alike_is_a_valid_address_in_somebody_elses_eyes(number):
    """Core's own checksum rules, in another library."""
    from bech32 import decode

    other = look_alike(ADDRESS, Stream(bytes(16), str(number)))
    assert decode("bcrt", other)[0] == 0
    assert other != ADDRESS and other[:10] == ADDRESS[:10] and other[-4:] == ADDRESS[-4:]


def test_learners_read_the_papers_that_were_made():
    """The filed docket is the one that the code makes, where it is on disk."""
    filed = Case("glass_harbour", "A").exhibit("E34a")
    source = Source(Records("glass_harbour"), "A")
    assert filed == paper(source, "tokens", "E34a").data.decode()
    assert load_ledger("glass_harbour").tip == source.ledger.tip
    assert load_token_ledger("glass_harbour").tip >= source.facts("tokens")["height"]
