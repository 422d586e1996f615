"""Does a class get a roster that the grader reads, with different dockets side by side?"""

import itertools

import pytest

from cointrail.classroom.roster import PLACES, make_roster, read_students
from cointrail.errors import CointrailError
from cointrail.exercises.case import DOCKETS, FOR_THE_WEEK
from cointrail.exercises.roster import assign_docket, read_roster


def test_places_without_names_use_the_dockets_of_the_week(tmp_path):
    file = tmp_path / "classroom" / "roster.csv"
    assert make_roster(file) == PLACES
    dockets = list(read_roster(file).values())
    assert set(dockets) == set(DOCKETS[:FOR_THE_WEEK])
    assert all(one != other for one, other in itertools.pairwise(dockets))


def test_a_class_is_read_and_a_student_gets_the_docket_of_the_roster(tmp_path):
    (tmp_path / "class.csv").write_text("student_id,name\nada,Ada Ferrin\nben,\n", encoding="utf-8")
    make_roster(tmp_path / "roster.csv", read_students(tmp_path / "class.csv"))
    assert assign_docket("ben", roster=tmp_path / "roster.csv") == "B"
    assert "ada,Ada Ferrin,A" in (tmp_path / "roster.csv").read_text(encoding="utf-8")


def test_an_existing_roster_is_left_alone(tmp_path):
    (tmp_path / "roster.csv").write_text("mine")
    assert make_roster(tmp_path / "roster.csv") == 0
    assert (tmp_path / "roster.csv").read_text() == "mine"


@pytest.mark.parametrize("text", [None, "student_id,name\n", "student_id,name\n,Ada\n", "id\nada\n"])
def test_a_class_that_cannot_be_read_is_one_sentence(tmp_path, text):
    if text is not None:
        (tmp_path / "class.csv").write_text(text)
    with pytest.raises(CointrailError, match="student_id"):
        read_students(tmp_path / "class.csv")
