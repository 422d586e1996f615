"""For every question of every day: each predicted mistake has its own message and loses points; a blank is told."""

from functools import cache
from pathlib import Path

import pytest
from rotating import by_docket, need_facts

from cointrail.exercises.checking import _answered, judge
from cointrail.exercises.keys import _FORM_ONLY
from cointrail.grading.desk import Desk
from cointrail.grading.keys import plain_key, sealed_key
from cointrail.grading.questions import load_day, question_days
from cointrail.grading.scoring import score
from cointrail.ledger import load_manifest

ROOT = Path(__file__).resolve().parents[1]
DAYS = question_days(ROOT)
DOCKETS = [
    pytest.param(day, *letter.values, marks=letter.marks, id=f"day{day}-{letter.values[0]}")
    for day in DAYS
    for letter in by_docket(load_manifest(load_day(ROOT, day)[0])["dockets"])
]


@cache
def day_of(day):
    return load_day(ROOT, day)


@cache
def keys_of(day, docket):
    """The plain key, made now from the facts."""
    world, questions = day_of(day)
    need_facts(ROOT, world, docket, exam=any(question.exam for question in questions.values()))
    return plain_key(Desk(ROOT, world, docket), day, questions)


def graded(day, docket):
    _world, questions = day_of(day)
    plain = keys_of(day, docket)["questions"]
    return [(question, plain[name]) for name, question in questions.items() if question.type != "written"]


@pytest.mark.parametrize(("day", "docket"), DOCKETS)
def test_a_predicted_mistake_loses_points_and_gets_its_own_message(day, docket):
    for question, key in graded(day, docket):
        if question.type in ("function", "artefact"):
            continue
        for mistake in key["mistakes"]:
            result = score(question, key, mistake["answer"])
            where = f"{question.id}, {mistake['code']}"
            assert result.share < 1, where
            assert mistake["message"] in [found.message for found in result.mistakes], where


@pytest.mark.parametrize("day", DAYS)
def test_the_learner_hears_of_it_at_once_where_the_key_allows(day):
    """On one docket: each sealing takes a while on purpose."""
    _, questions = day_of(day)
    plain = keys_of(day, "A")
    for name, sealed in sealed_key(plain)["questions"].items():
        if questions[name].type in _FORM_ONLY or "locked" not in sealed:
            continue
        for mistake in plain["questions"][name]["mistakes"][:2]:
            reply = judge(questions[name].form(), sealed, mistake["answer"])
            assert reply.state == "not yet", name
            assert any(mistake["message"] in line for line in reply.lines), f"{name}, {mistake['code']}"


@pytest.mark.parametrize(("day", "docket"), DOCKETS)
def test_the_right_answer_earns_everything(day, docket):
    for question, key in graded(day, docket):
        if question.type not in ("function", "artefact") and not _several_are_right(key):
            assert score(question, key, key["answer"]).share == 1, question.id


def _several_are_right(key):
    """An entry of a mapping that allows several values: then the key itself is no answer."""
    answer = key["answer"]
    return isinstance(answer, dict) and any(isinstance(value, list) for value in answer.values())


@pytest.mark.parametrize(("day", "docket"), DOCKETS)
def test_a_wrong_function_fails_on_a_public_sample_case(day, docket):
    for question, key in graded(day, docket):
        if question.type == "function":
            right = [sample["answer"] for sample in key["samples"]]
            assert [m["code"] for m in key["sample_mistakes"] if m["answer"] == right] == [], question.id


@pytest.mark.parametrize("day", DAYS)
def test_a_blank_is_told_and_leaves_no_record(day):
    world, questions = day_of(day)
    for question in questions.values():
        record, reply = _answered(question.id, world, "A", {"form": question.form()}, ...)
        assert record is None
        assert reply.state == ("recorded" if question.type == "written" else "unanswered"), question.id


@pytest.mark.parametrize("day", DAYS)
def test_messages_of_a_question_differ_and_point_to_a_lesson(day):
    for question in day_of(day)[1].values():
        messages = [mistake.message for mistake in question.mistakes]
        assert len(set(messages)) == len(messages), question.id
        assert all(len(message.split()) >= 4 for message in messages), question.id
        assert question.objective, question.id
        if question.points:
            assert question.hints, question.id


@pytest.mark.parametrize(("day", "docket"), DOCKETS)
def test_no_message_and_no_hint_holds_the_answer(day, docket):
    for question, key in graded(day, docket):
        answer = key.get("answer")
        single = question.type in ("int", "decimal", "text", "txid", "address", "outpoint", "time")
        if single and answer is not None and len(answer) > 3:
            said = " ".join([*question.hints, *(mistake.message for mistake in question.mistakes)])
            assert answer not in said.replace(",", ""), question.id
