"""Sign-in codes: drawn once, for the roster of today, readable by the instructor alone."""

import os
import stat

import pytest

from cointrail.classroom.codes import draw_codes, owner_of
from cointrail.errors import CointrailError

ROSTER = "student_id,name,docket\nS-01,Ada,A\nS-02,Ben,B\n"


@pytest.fixture
def files(tmp_path):
    roster = tmp_path / "roster.csv"
    roster.write_text(ROSTER)
    return roster, tmp_path / "codes.csv"


def test_a_late_joiner_gets_a_code_and_the_others_keep_theirs(files):
    before = draw_codes(*files)
    files[0].write_text(ROSTER + "S-03,Cem,C\n")
    after = draw_codes(*files)
    assert {student: after[student] for student in before} == before
    assert len(set(after.values())) == 3


def test_who_left_the_roster_can_not_sign_in(files):
    code = draw_codes(*files)["S-02"]
    files[0].write_text("student_id,name,docket\nS-01,Ada,A\n")
    assert owner_of(draw_codes(*files), "S-02", code) is None


def test_only_the_instructor_may_read_the_codes(files):
    draw_codes(*files)
    if os.name == "posix":
        assert stat.S_IMODE(files[1].stat().st_mode) == 0o600


def test_a_code_opens_its_own_room_only_and_forgives_how_it_is_typed(files):
    codes = draw_codes(*files)
    assert owner_of(codes, "s-01 ", codes["S-01"].lower().replace("-", " ")) == "S-01"
    assert owner_of(codes, "S-01", codes["S-02"]) is None
    assert owner_of(codes, "nobody", "") is None
    assert owner_of(codes, "S-01", "") is None


def test_no_roster_and_ids_that_differ_in_capitals_are_sentences(files):
    files[0].write_text("student_id,name,docket\nS-01,Ada,A\ns-01,Ben,B\n")
    with pytest.raises(CointrailError, match="capital letters"):
        draw_codes(*files)
    files[0].unlink()
    with pytest.raises(CointrailError, match="no roster"):
        draw_codes(*files)
