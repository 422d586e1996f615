"""Does a request hold every element, and is it sent back for the right reason?"""

import doctest

import pytest
from tiny_ledger import CARLA, SHOP, TIMES, tiny_ledger, txid

from cointrail.errors import CointrailError
from cointrail.evidence import check_request, preservation_request, request_text, requests

PAYMENT = {
    "address": SHOP,
    "txid": txid("pay"),
    "time": TIMES[1].isoformat().replace("+00:00", "Z"),
    "asset": "SYNBTC",
    "amount": 1200,
}
GIVEN = {
    "to": "NORTHPIER",
    "sender": "Unit 5",
    "reference": "GH-1",
    "legal_basis": "Statute s. 4",
    "purpose": "to name the account",
    "reply_by": "2026-03-09T12:00:00Z",
}
MLA = {
    **{name: GIVEN[name] for name in ("to", "reference", "legal_basis", "purpose", "reply_by")},
    "kind": "mutual legal assistance",
    "from": "Unit 5",
    "order_id": "O-1",
    "offence": "s. 2",
    "facts": "Coins went to an account.",
    "assistance": "name the holder",
    "person": "not known",
    "use_limits": "this case only",
    "payments": [PAYMENT],
}


def request(**changes):
    return {**preservation_request(**GIVEN, payments=[PAYMENT]), **changes}


def test_a_whole_request_has_no_finding_and_becomes_a_letter():
    assert check_request(request(), ledger=tiny_ledger()) == []
    text = request_text(request())
    for said in ("PRESERVATION", "SYNTHETIC TRAINING DATA", SHOP, PAYMENT["txid"], "1200", "Statute s. 4", "90"):
        assert said in text


@pytest.mark.parametrize("field", ["to", "from", "reference", "legal_basis", "purpose", "reply_by", "payments"])
def test_a_missing_element_is_named_with_its_reason(field):
    for empty in (None, "", ..., [], "?"):
        found = check_request(request(**{field: empty}))
        assert [finding.field for finding in found] == [field]
        assert "needs to know" in found[0].sentence


@pytest.mark.parametrize("field", sorted(PAYMENT))
def test_a_payment_lacks_nothing(field):
    found = check_request(request(payments=[{name: PAYMENT[name] for name in PAYMENT if name != field}]))
    assert found and found[0].field == "payments" and "Payment 1" in found[0].sentence


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"txid": txid("none")}, "no transaction"),
        ({"address": CARLA}, "pays nothing to that address"),
        ({"amount": 1201}, "ledger shows 1200 satoshi"),
        ({"time": "2026-03-01T12:00:00Z"}, "not that of the payment's block"),
        ({"address": SHOP[:-1] + "q"}, "no valid address"),
        ({"amount": 0.5}, "field amount"),
    ],
)
def test_a_payment_is_held_against_the_ledger(changes, words):
    found = check_request(request(payments=[{**PAYMENT, **changes}]), ledger=tiny_ledger())
    assert any(words in finding.sentence for finding in found)


@pytest.mark.parametrize("field", ["order_id", "offence", "facts", "assistance", "person", "use_limits"])
def test_mutual_legal_assistance_needs_more(field):
    assert check_request(MLA) == []
    assert [finding.field for finding in check_request({**MLA, field: ""})] == [field]


def test_no_disclosure_without_an_order():
    asked = {**request(), "kind": "disclosure", "records": ["account holder"]}
    assert "order_id" in [finding.field for finding in check_request(asked)]
    assert check_request({**asked, "order_id": "O-2"}) == []


def test_the_treaty_matrix_decides_who_may_be_asked():
    matrix = {"NORTHPIER": ["Statute s. 4"], "SELMORA": ["Treaty art. 3"]}
    assert check_request(request(), may_ask=matrix) == []
    assert "does not act on" in check_request(request(legal_basis="Article 9"), may_ask=matrix)[0].sentence
    assert "not an addressee" in check_request(request(to="KESTREL"), may_ask=matrix)[0].sentence


def test_a_time_without_zone_is_refused_at_once():
    with pytest.raises(CointrailError, match="names no zone"):
        preservation_request(**{**GIVEN, "reply_by": "2026-03-09T12:00:00"}, payments=[PAYMENT])


def test_the_examples_run():
    assert doctest.testmod(requests).failed == 0
