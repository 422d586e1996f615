"""Does `progress` say where a learner stands, judged from the records and not from what was claimed?"""

import json
import shutil

import hand_ins
import pytest

from cointrail.cli import main
from cointrail.exercises.keys import seal
from cointrail.exercises.progress import progress, standings
from cointrail.ledger import data_folder


@pytest.fixture
def work(tmp_path, monkeypatch):
    """A learner of docket B, and data that hold day 2 alone: the small world, and the key of the large one."""
    data = tmp_path / "data"
    shutil.copytree(data_folder() / "primer", data / "primer", ignore=shutil.ignore_patterns("keys"))
    (data / hand_ins.WORLD / "keys" / "B").mkdir(parents=True)
    shutil.copyfile(data_folder() / hand_ins.WORLD / "manifest.json", data / hand_ins.WORLD / "manifest.json")
    key = {"questions": {name: sealed(name, question) for name, question in hand_ins.plain_key("B").items()}}
    (data / hand_ins.WORLD / "keys" / "B" / "day2.json").write_text(json.dumps(key))
    monkeypatch.setenv("COINTRAIL_DATA", str(data))
    (tmp_path / "case.json").write_text('{"student_id": "S-017", "docket": "B"}')
    (tmp_path / "answers").mkdir()
    monkeypatch.setenv("COINTRAIL_WORK", str(tmp_path))
    return tmp_path


def sealed(name, question):
    rubric = {"rubric": [{"gets": f"does {n}", "not": f"omits {n}"} for n in range(4)]} if name == "2.2" else {}
    return seal({**question, **rubric}, salt="00" * 16)


def answer(work, question_id, value, docket="B", state="right"):
    record = {"v": 1, "id": question_id, "world": hand_ins.WORLD, "docket": docket, "type": "int", "value": value}
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


def say(monkeypatch, *words):
    said = iter(words)
    monkeypatch.setattr("builtins.input", lambda prompt: next(said))


def test_a_written_answer_is_marked_by_its_own_writer_line_by_line(work, monkeypatch, capsys):
    say(monkeypatch, "y", "maybe", "n", "yes", "Y")
    assert main(["progress", "--mark", "2.2"]) == 0
    assert "It gets the point if it does 0." in capsys.readouterr().out
    found = {standing.id: standing for standing in standings()}["2.2"]
    assert (found.state, found.marked) == ("self-marked", 3)
    assert main(["progress"]) == 0
    assert "(3 of 4 by your own mark)" in capsys.readouterr().out


def test_marking_without_a_keyboard_or_a_rubric_is_a_sentence(work, monkeypatch, capsys):
    def no_keyboard(prompt):
        raise EOFError

    monkeypatch.setattr("builtins.input", no_keyboard)
    assert main(["progress", "--mark", "2.2"]) == 2
    assert main(["progress", "--mark", "2.1b"]) == 2
    said = capsys.readouterr().err
    assert "needs a keyboard" in said and "not marked by a rubric" in said


def test_the_record_of_self_study_needs_seventy_percent_and_a_name(work, capsys):
    file = work / "record.pdf"
    assert main(["progress", "--certificate", str(file), "--name", "Ama"]) == 1
    for question, key in hand_ins.plain_key("B").items():
        if "answer" in key:
            answer(work, question, key["answer"])
        elif "samples" in key:
            answer(work, question, [sample["answer"] for sample in key["samples"]])
    assert main(["progress", "--certificate", str(file)]) == 2
    assert "needs a name" in capsys.readouterr().err
    assert main(["progress", "--certificate", str(file), "--name", "Ama"]) == 0
    assert file.read_bytes().startswith(b"%PDF")


def test_in_a_notebook_a_lesson_is_a_line_and_a_question_a_sign(work, monkeypatch):
    answer(work, "2.1b", hand_ins.plain_key("B")["2.1b"]["answer"])
    answer(work, "2.2a", "1")
    shown = []
    monkeypatch.setattr("IPython.display.display", lambda data, raw: shown.append(data))
    progress()
    lines = {line[:3]: line for line in shown[0]["text/plain"].splitlines()}
    assert "✔ b" in lines["2.1"]
    assert "✖ a" in lines["2.2"]
    assert "✎ in words" in lines["2.2"]
