"""Collecting out of the classroom's rooms: what lies there counts, and no link leads out of a room."""

import os

import pytest

from cointrail.classroom.homes import collect_rooms, home_of
from cointrail.errors import CointrailError


@pytest.fixture
def root(tmp_path):
    """A course of one lesson with two participants, whose rooms hold it."""
    (tmp_path / "course" / "day2").mkdir(parents=True)
    (tmp_path / "course" / "day2" / "01_a.ipynb").write_text("{}")
    roster = tmp_path / "grading" / "classroom" / "roster.csv"
    roster.parent.mkdir(parents=True)
    roster.write_text("student_id,name,docket\nada,Ada,A\nben,Ben,B\n")
    for student in ("ada", "ben"):
        (home_of(tmp_path, student) / "day2").mkdir(parents=True)
        (home_of(tmp_path, student) / "day2" / "01_a.ipynb").write_text(student)
    return tmp_path


def taken(root):
    return {found.student: found.taken for found in collect_rooms(root, "day2")}


def test_everybodys_saved_notebook_is_their_hand_in(root):
    assert taken(root) == {"ada": True, "ben": True}
    assert (root / "grading/submitted/ben/day2/01_a.ipynb").read_text() == "ben"
    assert (root / "grading/submitted/ben/day2/timestamp.txt").read_text().endswith(" UTC\n")


def test_what_did_not_change_since_keeps_its_time(root):
    collect_rooms(root, "day2")
    stamps = {name: root / f"grading/submitted/{name}/day2/timestamp.txt" for name in ("ada", "ben")}
    for stamp in stamps.values():  # as if it had been collected the day before
        stamp.write_text("2026-03-01 17:00:00 UTC\n")
    (home_of(root, "ben") / "day2" / "01_a.ipynb").write_text("more of ben")
    assert collect_rooms(root, "day2")[0].sentence.startswith("As before")
    assert stamps["ada"].read_text() == "2026-03-01 17:00:00 UTC\n"
    assert stamps["ben"].read_text() > "2026-03-01 17:00:00 UTC\n"


def test_who_never_came_is_named_and_left(root):
    (home_of(root, "ben") / "day2" / "01_a.ipynb").unlink()
    assert taken(root) == {"ada": True, "ben": False}


@pytest.mark.parametrize("trick", ["file", "folder", "hard link", "pipe"])
def test_nothing_outside_a_room_is_read(root, trick):
    mine = home_of(root, "ada") / "day2"
    (mine / "01_a.ipynb").unlink()
    if trick == "file":
        (mine / "01_a.ipynb").symlink_to(home_of(root, "ben") / "day2" / "01_a.ipynb")
    elif trick == "folder":
        mine.rmdir()
        mine.symlink_to(home_of(root, "ben") / "day2")
    elif trick == "hard link":
        os.link(home_of(root, "ben") / "day2" / "01_a.ipynb", mine / "01_a.ipynb")
    else:
        os.mkfifo(mine / "01_a.ipynb")
    assert not taken(root)["ada"]
    assert not (root / "grading" / "submitted" / "ada").exists()


def test_a_day_that_is_not_there_and_a_class_without_roster_are_sentences(root):
    with pytest.raises(CointrailError, match="day0 to day5"):
        collect_rooms(root, "day9")
    (root / "grading" / "classroom" / "roster.csv").unlink()
    with pytest.raises(CointrailError, match="no roster"):
        collect_rooms(root, "day2")
