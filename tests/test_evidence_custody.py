"""Does a custody log show every later change, and every moment in which nobody answers for an exhibit?"""

import doctest
from datetime import UTC, datetime, timedelta, timezone
from functools import reduce

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cointrail.errors import CointrailError
from cointrail.evidence import (
    add_custody_entry,
    custody,
    custody_gaps,
    read_custody,
    verify_custody,
    write_custody,
)

START = datetime(2026, 3, 20, 2, 30, tzinfo=UTC)
STORY = [
    ("acquired", "Officer 17", None),
    ("handed over", "Officer 17", "Analyst 4"),
    ("received", "Analyst 4", None),
    ("examined", "Analyst 4", None),
    ("stored", "Analyst 4", None),
]


def log_of(story, *, sha256="ab" * 32, exhibit="E07"):
    log = []
    for hour, (action, by, to) in enumerate(story):
        time = START + timedelta(hours=hour)
        log = add_custody_entry(log, time=time, exhibit=exhibit, action=action, by=by, to=to, sha256=sha256)
    return log


def kinds(findings):
    return [(finding.number, finding.kind) for finding in findings]


def test_a_log_kept_well_has_no_finding_and_survives_its_file(tmp_path):
    log = log_of(STORY)
    write_custody(log, tmp_path / "custody.jsonl")
    assert read_custody(tmp_path / "custody.jsonl") == log
    assert verify_custody(log, last_hash=log[-1]["hash"]) == custody_gaps(log) == []
    assert (tmp_path / "custody.jsonl").read_bytes().count(b"\n") == len(log)


def test_adding_leaves_the_old_log_alone():
    log = log_of(STORY[:1])
    longer = add_custody_entry(log, time=START, exhibit="E07", action="examined", by="Officer 17")
    assert (len(log), len(longer), longer[1]["previous"]) == (1, 2, log[0]["hash"])


@given(st.integers(0, 4), st.sampled_from(["exhibit", "action", "by", "note", "sha256", "to"]), st.text())
def test_any_change_of_any_field_is_found_at_its_entry(place, field, value):
    log = log_of(STORY)
    if value == log[place][field]:
        return
    log[place] = {**log[place], field: value}
    assert kinds(verify_custody(log)) == [(place + 1, "content")]


@given(st.integers(0, 3), st.text())
def test_a_change_with_its_hash_made_anew_breaks_the_next_link(place, note):
    log = log_of(STORY)
    if not note:
        return
    changed = {**log[place], "note": note}
    log[place] = {**changed, "hash": custody._hash(changed)}
    assert kinds(verify_custody(log)) == [(place + 2, "link")]


@given(st.integers(0, 3))
def test_a_removed_entry_is_found(place):
    log = log_of(STORY)
    found = verify_custody(log[:place] + log[place + 1 :])
    assert {"number", "link"} <= {finding.kind for finding in found}


@given(st.permutations(range(5)))
def test_entries_in_another_order_are_found(order):
    log = log_of(STORY)
    assert bool(verify_custody([log[place] for place in order])) == (order != sorted(order))


def test_a_cut_end_is_found_only_with_the_hash_that_was_kept():
    log = log_of(STORY)
    assert verify_custody(log[:-1]) == []
    assert kinds(verify_custody(log[:-1], last_hash=log[-1]["hash"])) == [(4, "end")]
    assert kinds(verify_custody([], last_hash=log[-1]["hash"])) == [(0, "end")]


def test_a_broken_log_is_neither_continued_nor_written(tmp_path):
    log = log_of(STORY)[1:]
    with pytest.raises(CointrailError, match="not continued"):
        add_custody_entry(log, time=START + timedelta(days=1), exhibit="E07", action="stored", by="Analyst 4")
    with pytest.raises(CointrailError, match="not written"):
        write_custody(log, tmp_path / "custody.jsonl")


def test_times_are_written_in_utc_and_never_go_back():
    local = datetime(2026, 3, 20, 9, 30, tzinfo=timezone(timedelta(hours=7)))
    log = add_custody_entry([], time=local, exhibit="E07", action="acquired", by="Officer 17")
    assert log[0]["time"] == "2026-03-20T02:30:00Z"
    with pytest.raises(CointrailError, match="before the last one"):
        add_custody_entry(log, time="2026-03-20T09:00:00+07:00", exhibit="E07", action="stored", by="Officer 17")


@pytest.mark.parametrize("time", [datetime(2026, 3, 20), "2026-03-20T09:30:00", "yesterday", None])
def test_a_time_without_a_zone_is_refused(time):
    with pytest.raises(CointrailError, match=r"names no zone|is no time"):
        add_custody_entry([], time=time, exhibit="E07", action="acquired", by="Officer 17")


@pytest.mark.parametrize(
    ("field", "value", "words"),
    [
        ("by", " ", "no 'by'"),
        ("exhibit", "", "no 'exhibit'"),
        ("action", "lost", "is no action"),
        ("to", "Analyst 4", "belongs to the action"),
        ("sha256", "ab", "is no SHA-256"),
        ("note", None, "note is no text"),
    ],
)
def test_a_poor_entry_is_refused(field, value, words):
    entry = {"time": START, "exhibit": "E07", "action": "acquired", "by": "Officer 17", field: value}
    with pytest.raises(CointrailError, match=words):
        add_custody_entry([], **entry)


GAPS = {
    "nobody acquired it": (STORY[3:4], [(1, "start")]),
    "acquired twice": ([STORY[0], STORY[0]], [(2, "start")]),
    "another person acts": ([STORY[0], STORY[3], STORY[4]], [(2, "holder")]),
    "received by a third": ([*STORY[:2], ("received", "Driver 2", None)], [(3, "holder")]),
    "never received": (STORY[:2], [(2, "transit")]),
    "examined on the way": ([*STORY[:2], STORY[3]], [(3, "transit")]),
    "received from nobody": ([STORY[0], ("received", "Officer 17", None)], [(2, "holder")]),
    "handed over by one who gave it away": ([*STORY[:2], ("stored", "Officer 17", None)], [(3, "holder")]),
}


@pytest.mark.parametrize("name", GAPS)
def test_a_hole_in_the_story_is_found_once(name):
    story, expected = GAPS[name]
    assert kinds(custody_gaps(log_of(story))) == expected


def test_changed_bytes_and_a_long_way_are_found():
    log = log_of(STORY[:3])
    log = add_custody_entry(
        log, time=START + timedelta(days=1), exhibit="E07", action="examined", by="Analyst 4", sha256="cd" * 32
    )
    assert kinds(custody_gaps(log)) == [(4, "hash")]
    assert kinds(custody_gaps(log[:3], longest_transit=timedelta(minutes=30))) == [(3, "transit")]
    assert custody_gaps(log[:3], longest_transit=timedelta(hours=1)) == []


@given(st.lists(st.sampled_from(["E01", "E02"]), min_size=1, max_size=12))
def test_each_exhibit_has_its_own_story(exhibits):
    steps = {"E01": list(STORY), "E02": list(STORY)}

    def add(log, exhibit):
        if not steps[exhibit]:
            return log
        action, by, to = steps[exhibit].pop(0)
        return add_custody_entry(log, time=START, exhibit=exhibit, action=action, by=by, to=to)

    log = reduce(add, exhibits, [])
    on_the_way = sum(len(rest) == len(STORY) - 2 for rest in steps.values())
    assert [finding.kind for finding in custody_gaps(log)] == ["transit"] * on_the_way


@pytest.mark.parametrize("change", [lambda t: t.replace('"by"', '"by" '), lambda t: "[]\n", lambda t: t[:-9]])
def test_a_file_of_another_form_is_refused_with_its_line(tmp_path, change):
    file = tmp_path / "custody.jsonl"
    write_custody(log_of(STORY[:1]), file)
    file.write_text(change(file.read_text()))
    with pytest.raises(CointrailError, match="Line 1 of"):
        read_custody(file)


def test_a_missing_file_and_a_missing_field_get_a_sentence(tmp_path):
    with pytest.raises(CointrailError, match="cannot be read"):
        read_custody(tmp_path / "none")
    with pytest.raises(CointrailError, match="Entry 1 of the custody log lacks exhibit"):
        custody_gaps(
            [{"number": 1, "time": "2026-03-20T02:30:00Z", "action": "stored", "by": "", "to": "", "sha256": ""}]
        )


def test_the_examples_run():
    assert doctest.testmod(custody).failed == 0
