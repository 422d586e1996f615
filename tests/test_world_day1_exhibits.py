"""The exhibits of Day 1, for all 24 dockets: one intended answer each, true to the truth, and every slip shows."""

import json
import shutil
import subprocess

import pytest

from cointrail.evidence import custody_gaps, read_custody, verify_custody, verify_notices
from cointrail.evidence.times import to_utc
from cointrail.world.dockets.cast import COPIED
from cointrail.world.dockets.source import Records, Source
from cointrail.world.dockets.subjects import market as market_subject
from cointrail.world.dockets.subjects.phone import PHONE_LIFE

RECORDS = Records("glass_harbour")
LETTERS = RECORDS.manifest["dockets"]
# The right answer of a subject, and what each slip makes of it.
ANSWERS = {
    ("layers", "codes"): ("word_onion", "account_is_darknet", "reading_is_free", "one_order"),
    ("layers", "shows"): ("offer_is_goods", "lead_is_words", "key_is_person"),
    ("listings", "classes"): ("main_names_only", "share_ignored", "all_chemicals", "guessed"),
    ("listings", "actions"): ("only_to", "only_from", "gone_pursued", "dual_use_pursued", "dual_use_left"),
    ("market", "ranking"): ("duplicates_counted", "holding_counted", "both_counted"),
    ("handles", "lead"): ("one_sign_enough", "copied_counted", "hearsay_counted", "machine_counted"),
    ("handles", "court"): ("lead", "key_shown_is_proof"),
    ("talk", "utc"): ("local_as_utc", "wrong_way", "home_for_all", "clock_change_missed", "server_for_parcels"),
    ("custody", "gaps"): ("no_limit", "too_strict"),
}


@pytest.fixture(scope="module")
def sources():
    return {letter: Source(RECORDS, letter) for letter in LETTERS}


def text(source, subject, number):
    return next(paper for paper in source.subject(subject).papers if paper.id == number).data.decode()


@pytest.mark.parametrize("letter", LETTERS)
def test_every_slip_changes_the_answer(sources, letter):
    for (subject, right), slips in ANSWERS.items():
        facts = sources[letter].facts(subject)
        answers = [json.dumps(facts[name], sort_keys=True) for name in (right, *slips)]
        assert len(set(answers)) == len(answers), (subject, right)


def test_no_two_dockets_have_the_same_answer(sources):
    for subject, right in ANSWERS:
        answers = {json.dumps(source.facts(subject)[right], sort_keys=True) for source in sources.values()}
        assert len(answers) == len(LETTERS), (subject, right)


@pytest.mark.parametrize("letter", LETTERS)
def test_minimum_revenue_is_less_than_what_was_really_paid(sources, letter):
    source = sources[letter]
    paid = source.of("orders")
    paid = paid[paid["channel"].isin(market_subject.ON_THE_MARKET)]["cents"].sum() / 100
    assert 0 < float(source.facts("market")["total_arv"]) < paid
    assert source.facts("market")["feedback_of_vendor"] < source.facts("market")["orders_of_vendor"]


@pytest.mark.parametrize("letter", LETTERS)
def test_the_custody_log_is_whole_and_has_two_gaps_of_different_kind(sources, letter, tmp_path):
    from datetime import timedelta

    file = tmp_path / "log.jsonl"
    file.write_text(text(sources[letter], "custody", "E20a"))
    log = read_custody(file)
    assert verify_custody(log) == []
    taken = [entry["time"] for entry in log if entry["action"] == "acquired"]
    first_on_its_way = min(entry["time"] for entry in log if entry["action"] == "handed over")
    # The phone's last owner held it until the search; both devices were copied before they left the search.
    assert PHONE_LIFE["seized"] < min(taken) and max(taken) < COPIED < first_on_its_way
    gaps = custody_gaps(log, longest_transit=timedelta(hours=48))
    assert sorted(gap.kind for gap in gaps) == ["holder", "transit"]
    assert [gap.number for gap in gaps] == sources[letter].facts("custody")["gaps"]


def test_the_copier_shows_the_suspects_key_and_signs_nothing_with_it(sources):
    for source in sources.values():
        notices = verify_notices(text(source, "handles", "E04b"), text(source, "handles", "E04a")).set_index("handle")
        copier = source.facts("handles")["impersonator"]
        assert notices.loc[copier, "signature"] == "NOT valid"
        assert (notices["signature"] == "NOT valid").sum() == 1


@pytest.mark.skipif(shutil.which("gpg") is None, reason="gpg is not installed: it judges the notices")
def test_gpg_gives_the_same_verdict_on_every_notice_of_a_docket(sources, tmp_path):
    tmp_path.chmod(0o700)
    keys, listed = text(sources["A"], "handles", "E04a"), text(sources["A"], "handles", "E04b")
    (tmp_path / "keys.asc").write_text(keys)
    gpg = ["gpg", "--homedir", str(tmp_path), "--batch", "--no-autostart", "--status-fd", "1"]
    subprocess.run([*gpg, "--import", str(tmp_path / "keys.asc")], capture_output=True, check=False)
    verdicts = verify_notices(listed, keys).set_index("notice")["signature"]
    for notice in json.loads(listed)["notices"]:
        (tmp_path / "notice.asc").write_text(notice["text"])
        said = subprocess.run([*gpg, "--verify", str(tmp_path / "notice.asc")], capture_output=True, text=True)
        assert ("VALIDSIG" in said.stdout) == (verdicts[notice["notice"]] == "valid")


def test_times_of_the_exhibits_are_those_of_the_register(sources):
    """The note says when the page was saved by the local clock; the register says it in UTC."""
    for source in sources.values():
        page = next(paper for paper in source.subject("market").papers if paper.id == "E01e")
        day, clock = (text(source, "custody", "E20b").partition("On ")[2].partition(",")[0]).split(" at ")
        assert to_utc(f"{day}T{clock}+07:00") == page.acquired
