"""How far a learner has come: every question of every day, judged anew from the stored record and the sealed key."""

import json
from dataclasses import dataclass

from cointrail.exercises.case import docket_in, own_docket, work_folder
from cointrail.exercises.checking import judge
from cointrail.exercises.keys import read_key
from cointrail.ledger import data_folder, worlds

__all__ = ["Standing", "standings"]


@dataclass(frozen=True)
class Standing:
    """Where a learner stands with one question.

    `state` is right, not yet, recorded (only the grader can tell), by hand (a written answer) or open.
    """

    id: str
    title: str
    objective: str
    points: int
    state: str
    tries: int


def standings():
    """The standing of every question of the learner's docket, in the order of the course.

    Returns
    -------
    list of Standing
    """
    folder = work_folder()
    questions = {}
    for world in worlds():
        docket = docket_in(world, own_docket())
        for file in sorted((data_folder() / world / "keys" / docket).glob("day*.json")):
            for question_id, question in read_key(file)["questions"].items():
                questions[question_id] = _standing(question_id, question, world, docket, folder)
    return [questions[question_id] for question_id in sorted(questions)]


def _standing(question_id, question, world, docket, folder):
    form = question["form"]
    kept = _kept(folder, question_id)
    state, tries = "open", 0
    if form["type"] == "written":
        state = "by hand"
    elif kept and (kept["record"].get("world"), kept["record"].get("docket")) == (world, docket):
        state, tries = _state(question, kept["record"]), kept["tries"]
    return Standing(question_id, form["title"], form["objective"], form["points"], state, tries)


def _kept(folder, question_id):
    """The stored record; None when there is none or its file is damaged, which answering again mends."""
    file = folder / "answers" / f"{question_id}.json" if folder else None
    if file is None or not file.is_file():
        return None
    try:
        kept = json.loads(file.read_text(encoding="utf-8"))
    except ValueError:
        return None
    return kept if isinstance(kept, dict) and isinstance(kept.get("record"), dict) else None


def _state(question, record):
    return judge(question["form"], question, record["value"]).state if "value" in record else "not yet"
