"""Does `progress` say where a learner stands, judged from the records and not from what was claimed?"""

import json

import hand_ins
import pytest

from cointrail.exercises.progress import standings


@pytest.fixture
def work(tmp_path, monkeypatch):
    (tmp_path / "case.json").write_text('{"student_id": "S-017", "docket": "B"}')
    (tmp_path / "answers").mkdir()
    monkeypatch.setenv("COINTRAIL_WORK", str(tmp_path))
    return tmp_path


def answer(work, question_id, value, docket="B", state="right"):
    record = {"v": 1, "id": question_id, "world": "primer", "docket": docket, "type": "int", "value": value}
    (work / "answers" / f"{question_id}.json").write_text(json.dumps({"record": record, "state": state, "tries": 3}))


def states():
    return {standing.id: standing.state for standing in standings()}


def test_nothing_answered_is_all_open_but_the_written_answer(work):
    found = states()
    assert found.pop("2.2") == "by hand"
    assert set(found.values()) == {"open"}


def test_right_answers_are_reached_and_a_claim_is_not_believed(work):
    answer(work, "2.1b", hand_ins.plain_key("B")["2.1b"]["answer"])
    answer(work, "2.2a", "1")
    assert states()["2.1b"] == "right"
    assert states()["2.2a"] == "not yet"
    assert {s.id: s.tries for s in standings()}["2.2a"] == 3


def test_a_record_of_another_docket_does_not_count(work):
    answer(work, "2.1b", hand_ins.plain_key("A")["2.1b"]["answer"], docket="A")
    assert states()["2.1b"] == "open"


def test_a_damaged_record_reads_as_open(work):
    (work / "answers" / "2.1b.json").write_text("{")
    assert states()["2.1b"] == "open"
