"""Does the roster decide who has which docket, however a spreadsheet saved it?"""

import hashlib
from pathlib import Path

import pytest

from cointrail import CointrailError
from cointrail.exercises.roster import KIT_LIST, assign_docket, read_people, read_roster, roster_file


def test_without_a_roster_the_docket_is_the_hash_of_course_and_student():
    number = int.from_bytes(hashlib.sha256(b"cointrails017").digest(), "big") % 20
    assert assign_docket("s017") == "ABCDEFGHIJKLMNOPQRST"[number]


def test_exam_dockets_are_never_given_by_chance():
    assert {assign_docket(f"s{number}") for number in range(500)} == set("ABCDEFGHIJKLMNOPQRST")


def test_the_roster_comes_first(tmp_path):
    roster = tmp_path / "roster.csv"
    roster.write_text("student_id,name,docket\ns017,Officer One,V\n")
    assert assign_docket("s017", roster=roster) == "V"
    assert assign_docket("s018", roster=roster) == assign_docket("s018")


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("student,docket\na,A\n", "lacks the column student_id"),
        ("student_id,docket\na,A\na,B\n", "'a' stands twice"),
        ("student_id,docket\na,Z\n", "docket 'Z'"),
    ],
)
def test_a_faulty_roster_is_refused_with_the_line_at_fault(tmp_path, text, said):
    roster = tmp_path / "roster.csv"
    roster.write_text(text)
    with pytest.raises(CointrailError, match=said):
        read_roster(roster)


def test_a_list_of_students_beside_the_course_is_no_roster(tmp_path):
    """`world make --students class.csv` is what the pages for trainers say: that file often lies there."""
    (tmp_path / "class.csv").write_text("student_id,name\nP01,Ama\n")
    assert not roster_file(tmp_path).is_file()
    (tmp_path / KIT_LIST).write_text("student_id,docket\nP01,C\n")
    assert assign_docket("P01", roster=roster_file(tmp_path)) == "C"


ROWS = "student_id,name,docket\nP01,Zoë,A\n"


@pytest.mark.parametrize(
    "data",
    [
        ("\ufeff" + ROWS).encode(),
        ROWS.encode("utf-16"),
        ROWS.replace(",", ";").encode(),
        ROWS.replace(",", "\t").encode(),
        b"# made by hand\nstudent_id, name, docket\n P01 , Z # 1 , a \n,,\n\n",
    ],
    ids=["mark", "utf-16", "semicolons", "tabs", "spaces"],
)
def test_a_roster_is_read_as_spreadsheets_save_it(tmp_path, data):
    (tmp_path / "roster.csv").write_bytes(data)
    assert read_roster(tmp_path / "roster.csv") == {"P01": "A"}
    assert read_people(tmp_path / "roster.csv")[0]["name"][0] == "Z"


@pytest.mark.parametrize(
    ("data", "said"),
    [
        (ROWS.encode("cp1252"), "CSV UTF-8"),
        (b"", "lacks the column"),
        (b"student_id,name,docket\nP01,Obi, Ama,A\n", "needs quotes"),
        (b"student_id,name,docket\n../x,Obi,A\n", "no student id"),
    ],
)
def test_a_list_that_cannot_be_right_is_told(tmp_path, data, said):
    (tmp_path / "roster.csv").write_bytes(data)
    with pytest.raises(CointrailError, match=said):
        read_roster(tmp_path / "roster.csv")


def test_a_fresh_world_brings_its_own_roster(tmp_path, monkeypatch):
    desk = Path("grading", "classroom", "roster.csv")
    (tmp_path / "exam" / "datasets").mkdir(parents=True)
    monkeypatch.setenv("COINTRAIL_DATA", str(tmp_path / "exam" / "datasets"))
    assert roster_file(tmp_path / "course") == tmp_path / "course" / desk
    (tmp_path / "exam" / desk).parent.mkdir(parents=True)
    (tmp_path / "exam" / desk).write_text("student_id,name,docket\n")
    assert roster_file(tmp_path / "course") == tmp_path / "exam" / desk
