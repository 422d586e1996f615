"""Offers, feedback, handles and signed notices: what lessons 1.2 and 1.3 rely on."""

import doctest
import importlib
import json

import pandas as pd
import pytest

from cointrail.errors import CointrailError
from cointrail.evidence import (
    TRAINING_KEY,
    TRAINING_NOTICES,
    check_signature,
    classify_listings,
    group_handles,
    minimum_revenue,
    read_public_keys,
    read_snapshots,
    shared_signs,
    triage_listings,
    verify_notices,
)

SCHEDULE = pd.DataFrame(
    [("ardoline", "AD-1", "OPIOID", 0), ("tolvenal", "TV-4", "CONTROLLED PRECURSOR", 15)],
    columns=["substance", "also_called", "class", "from_percent"],
)


@pytest.mark.parametrize("name", ["handles", "listings", "market_pages", "signatures"])
def test_examples_run_as_printed(name):
    assert doctest.testmod(importlib.import_module(f"cointrail.evidence.{name}")).failed == 0


@pytest.mark.parametrize(
    ("substance", "percent", "choices", "kind"),
    [
        ("ardoline", None, (True, True), "OPIOID"),
        ("ad-1", None, (True, True), "OPIOID"),
        ("AD-1", None, (False, True), "UNSCHEDULED DUAL-USE"),
        ("tolvenal", 14, (True, True), "UNSCHEDULED DUAL-USE"),
        ("tolvenal", 15, (True, True), "CONTROLLED PRECURSOR"),
        ("tolvenal", 14, (True, False), "CONTROLLED PRECURSOR"),
        ("no substance", None, (True, True), "NOT A DRUG"),
        (None, None, (True, True), None),
    ],
)
def test_the_class_follows_from_the_schedule(substance, percent, choices, kind):
    offer = pd.DataFrame({"listing": ["L1"], "substance": [substance], "percent": [percent]})
    other_names, share = choices
    assert classify_listings(offer, SCHEDULE, other_names=other_names, percent=share) == {"L1": kind}


def offers(*rows):
    return pd.DataFrame(rows, columns=["listing", "seller", "class", "ships_from", "ships_to", "status"])


def test_triage_follows_the_rules_that_were_chosen():
    rows = offers(
        ("L1", "a", "OPIOID", "SELMORA", "ARVANIA, SELMORA", "active"),
        ("L2", "a", "UNSCHEDULED DUAL-USE", "ARVANIA", "ARVANIA", "active"),
        ("L3", "b", "UNSCHEDULED DUAL-USE", "ARVANIA", "ARVANIA", "active"),
        ("L4", "b", None, "ARVANIA", "ARVANIA", "active"),
        ("L5", "c", "OPIOID", "ARVANIA", "ARVANIA", "taken down"),
    )
    rule = {"state": "ARVANIA", "link": "either", "taken_down": "preserve", "dual_use": "by seller"}
    assert list(triage_listings(rows, **rule).values()) == [
        "PURSUE",
        "PRESERVE",
        "NOT RELEVANT",
        "PRESERVE",
        "PRESERVE",
    ]
    assert triage_listings(rows, **rule | {"link": "from"})["L1"] == "PRESERVE"
    assert triage_listings(rows, **rule | {"taken_down": "as active"})["L5"] == "PURSUE"
    assert triage_listings(rows, **rule | {"dual_use": "pursue"})["L3"] == "PURSUE"
    with pytest.raises(CointrailError, match="from, to, either"):
        triage_listings(rows, **rule | {"link": "both"})


def page(day, price, *feedback):
    listings = [{"listing": name, "seller": "x", "title": "", "price": price} for name in ("Q1", "Q2")]
    rows = [{"listing": n, "seller": "x", "day": d, "buyer": "b*1", "words": "ok"} for n, d in feedback]
    return json.dumps({"captured": f"{day}T05:00:00Z", "listings": listings, "feedback": rows})


def test_feedback_counts_once_although_two_captures_and_two_offers_show_it():
    tables = read_snapshots(
        [
            page("2026-03-24", 100, ("Q1", "2026-03-20"), ("Q2", "2026-03-20")),
            page("2026-05-26", 100, ("Q1", "2026-03-20"), ("Q1", "2026-05-01")),
        ]
    )
    once, shown = (
        minimum_revenue(*tables, duplicates=how, holding_prices="leave out") for how in ("leave out", "count")
    )
    assert once["revenue"].tolist() == [200]
    assert shown["revenue"].tolist() == [400]


def test_a_holding_price_is_no_price():
    tables = read_snapshots(
        [page("2026-03-24", 100, ("Q1", "2026-03-20")), page("2026-05-26", 4000, ("Q1", "2026-05-01"))]
    )
    left_out, counted = (
        minimum_revenue(*tables, duplicates="leave out", holding_prices=how) for how in ("leave out", "count")
    )
    assert left_out["revenue"].tolist() == [100]
    assert counted["revenue"].tolist() == [4100]


def test_what_is_no_capture_is_refused_by_its_number():
    with pytest.raises(CointrailError, match="Snapshot 2"):
        read_snapshots([page("2026-03-24", 1), "{}"])


def test_pairs_join_into_groups_and_an_empty_field_is_no_sign():
    table = pd.DataFrame({"handle": ["a", "b", "c", "d"], "email": ["x", "x", "", ""], "style": ["s", None, "s", None]})
    pairs = shared_signs(table, signs=["email", "style"])
    assert set(zip(pairs["one"], pairs["other"], strict=True)) == {("a", "b"), ("a", "c")}
    assert group_handles(table["handle"], pairs) == [{"a", "b", "c"}, {"d"}]
    assert group_handles(table["handle"], pairs, at_least=2) == [{"a"}, {"b"}, {"c"}, {"d"}]
    with pytest.raises(CointrailError, match="no column 'mail'"):
        shared_signs(table, signs=["mail"])


def test_only_the_unchanged_signed_notice_is_valid():
    fingerprint = read_public_keys(TRAINING_KEY)["fingerprint"][0]
    assert check_signature(TRAINING_NOTICES["T1"], TRAINING_KEY) == fingerprint
    listed = [{"notice": name, "handle": "h", "text": text} for name, text in TRAINING_NOTICES.items()]
    verdicts = verify_notices(json.dumps({"notices": listed}), TRAINING_KEY)
    assert verdicts["signature"].tolist() == ["valid", "NOT valid", "none"]


def test_text_without_a_key_and_a_damaged_key_get_a_sentence():
    with pytest.raises(CointrailError, match="no public key"):
        read_public_keys("nothing")
    lines = TRAINING_KEY.splitlines()
    with pytest.raises(CointrailError, match="damaged"):
        read_public_keys("\n".join([*lines[:2], "AAAA", *lines[-2:]]))
