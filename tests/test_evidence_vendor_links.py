"""Vendor links: an impersonator with a copied key is nobody's second name; a signature counts for its own text only."""

import doctest
from datetime import UTC, datetime, timedelta
from random import Random

import pytest

import cointrail.evidence.vendor_links
import cointrail.evidence.writing
from cointrail.errors import CointrailError
from cointrail.evidence import (
    Vendor,
    count_signs,
    court_partition,
    hours_overlap,
    lead_partition,
    link_features,
    signed_text,
    text_similarity,
)
from cointrail.world.pgp import pgp_key

SEED = b"a test's own seed, 32 bytes long"
START = datetime(2026, 4, 1, tzinfo=UTC)
SHIPS = "Ships daily,  tracked ,no questions . -regards"
MAPS = "OLD MAPS! And older books; always in good order. Yours truly..."


def key(owner):
    return pgp_key(SEED, owner, user_id=f"{owner} <{owner}@mail.example>", created="2026-02-18T09:00:00Z")


def posts(hour, n=40, seed=1):
    random = Random(seed)
    return tuple(START + timedelta(days=day, hours=hour + random.random() * 3) for day in range(n))


def agreeing(one, other, **kwargs):
    table = link_features(one, other, **kwargs)
    return set(table.loc[table["agrees"].fillna(False), "sign"])


@pytest.fixture(scope="module")
def people():
    """A vendor with three names, an impersonator with the copied key and the copied notice, and a stranger."""
    own, time = key("harrowgate"), int(START.timestamp())
    first = own.clear_signed("I am harrowgate, and also fenmoor.", time)
    return {
        "harrowgate": Vendor("harrowgate", own.certificate(), (first,), (SHIPS,), posts(7)),
        "fenmoor": Vendor("fenmoor", own.certificate(), (own.clear_signed("New page, same seller.", time + 900),)),
        "larch": Vendor(
            "larch", texts=(SHIPS.replace("daily", "weekly"),), times=posts(7, seed=2), cameras=frozenset({"C7"})
        ),
        "harrowgate_real": Vendor("harrowgate_real", own.certificate(), (first,), (SHIPS,)),
        "stranger": Vendor(
            "stranger", key("stranger").certificate(), (), (MAPS,), posts(19), frozenset(), frozenset({"C7"})
        ),
    }


def test_own_texts_under_one_key_are_a_signature(people):
    assert "signature" in agreeing(people["harrowgate"], people["fenmoor"])


def test_a_copied_key_with_a_copied_notice_is_no_signature_and_no_sign(people):
    copied, table = people["harrowgate_real"], link_features(people["harrowgate"], people["harrowgate_real"])
    assert {"key shown", "name"} <= agreeing(people["harrowgate"], copied)
    assert "signature" not in agreeing(people["harrowgate"], copied)
    assert "same signed text" in table.set_index("sign").loc["signature", "shown"]


def test_the_impersonator_stands_alone_before_the_court(people):
    groups = court_partition(people.values())
    assert groups[0] == {"fenmoor", "harrowgate"} and {"harrowgate_real"} in groups
    assert all(len(group) == 1 for group in groups[1:])


def test_a_copied_text_that_names_neither_page_counts_for_nobody():
    own = key("harrowgate")
    notice = own.clear_signed("Away for a week.", int(START.timestamp()))
    two = [Vendor(name, own.certificate(), (notice,)) for name in ("harrowgate", "bryn")]
    third = Vendor("fenmoor", own.certificate(), (own.clear_signed("Back again.", int(START.timestamp())),))
    assert court_partition([*two, third]) == [{"bryn"}, {"fenmoor"}, {"harrowgate"}]
    assert court_partition([two[0], third]) == [{"fenmoor", "harrowgate"}]


def test_two_signs_of_different_kinds_are_a_lead(people):
    assert agreeing(people["harrowgate"], people["larch"]) >= {"style", "hours"}
    groups = lead_partition([people[name] for name in ("harrowgate", "fenmoor", "larch", "stranger")])
    assert groups == [{"fenmoor", "harrowgate", "larch"}, {"stranger"}]


def test_one_shared_camera_is_not_enough(people):
    assert agreeing(people["larch"], people["stranger"]) == {"camera"}
    assert count_signs(link_features(people["larch"], people["stranger"])) == 1
    assert {"stranger"} in lead_partition([people["larch"], people["stranger"]])


def test_a_style_counts_only_where_nobody_else_is_nearer(people):
    rival = Vendor("rival", texts=people["larch"].texts)
    assert "style" not in agreeing(people["harrowgate"], people["larch"], others=[rival])


def test_a_forged_notice_counts_for_nobody(people):
    notice = people["fenmoor"].notices[0].replace("same seller", "other seller")
    assert "signature" not in agreeing(people["harrowgate"], Vendor("fenmoor", people["fenmoor"].keys, (notice,)))


def test_missing_records_are_missing_and_not_a_no():
    table = link_features(Vendor("gate"), Vendor("moor")).set_index("sign")
    assert table.loc["signature":"hours", "agrees"].isna().all() and count_signs(table.reset_index()) == 0


def test_the_words_of_a_notice_are_what_was_signed():
    notice = key("harrowgate").clear_signed("First line.\n\nSecond part.", int(START.timestamp()))
    assert signed_text(notice) == "First line.\n\nSecond part." and signed_text(" a\n\nb ") == "a\n\nb"


def test_similarity_is_that_of_the_definition():
    """Against cosine and tf-idf written out with dictionaries."""
    from math import log, log1p, sqrt

    texts = {"a": "abcabcd", "b": "bcdbcd", "c": "xyz xyz", "d": ""}
    runs = {k: [t[i : i + n] for n in (3, 4) for i in range(len(t) - n + 1)] for k, t in texts.items()}
    seen = {run: sum(run in other for other in runs.values()) for one in runs.values() for run in one}
    weight = {
        k: {run: log1p(one.count(run)) * (log(5 / (1 + seen[run])) + 1) for run in one} for k, one in runs.items()
    }
    table = text_similarity(texts)
    for one in texts:
        for other in texts:
            dot = sum(v * weight[other].get(run, 0) for run, v in weight[one].items())
            norm = sqrt(sum(v * v for v in weight[one].values()) * sum(v * v for v in weight[other].values()))
            assert table.loc[one, other] == pytest.approx(dot / norm if norm else 0)


def test_hours_overlap_whatever_the_zone():
    assert hours_overlap(posts(7), posts(7)) == 1 and hours_overlap(posts(7), posts(19)) == 0
    assert 0.5 < hours_overlap(posts(7), posts(7, seed=9)) < 1


@pytest.mark.parametrize(
    ("ask", "sentence"),
    [
        (lambda: link_features(Vendor("a"), Vendor("a")), "one name"),
        (lambda: lead_partition([Vendor("a"), Vendor("a")]), "twice"),
        (lambda: lead_partition([], signs=0), "at least one sign"),
        (lambda: text_similarity({}), "at least one text"),
        (lambda: hours_overlap([datetime(2026, 1, 1)], posts(1)), "zone"),
        (lambda: hours_overlap([], posts(1)), "zone"),
    ],
)
def test_bad_input_gets_a_sentence(ask, sentence):
    with pytest.raises(CointrailError, match=sentence):
        ask()


@pytest.mark.parametrize("module", [cointrail.evidence.vendor_links, cointrail.evidence.writing])
def test_the_examples_run(module):
    assert doctest.testmod(module).failed == 0
