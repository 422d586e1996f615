"""How far a learner has come: every question of every day, judged anew from the stored record and the sealed key."""

import json
import os
from dataclasses import dataclass
from itertools import groupby

from cointrail.errors import CointrailError
from cointrail.exercises.case import docket_in, own_docket, work_folder
from cointrail.exercises.checking import judge
from cointrail.exercises.keys import find_sealed, read_key
from cointrail.exercises.records import keep
from cointrail.ledger import data_folder, worlds

__all__ = ["LEGEND", "SIGNS", "Standing", "keep_marks", "progress", "rubric_of", "standings"]

SIGNS = {"right": "✔", "not yet": "✖", "recorded": "●", "by hand": "✎", "open": "○", "self-marked": "✎"}
LEGEND = "✔ reached   ✖ not yet   ● recorded, the grader will tell   ✎ marked by a person   ○ open"


@dataclass(frozen=True)
class Standing:
    """Where a learner stands with one question.

    `state` is right, not yet, recorded (only the grader can tell), by hand (a written answer), self-marked or open;
    `marked` the points a learner gave the own written answer.
    """

    id: str
    title: str
    objective: str
    points: int
    state: str
    tries: int
    marked: int | None = None


def progress():
    """Show in a notebook what is done: a line for each lesson, a sign for each question.

    Examples
    --------
    >>> progress()  # doctest: +SKIP
    2.1   ✔ a  ✔ b  ✖ c  ○ d
    """
    from IPython.display import display

    if os.environ.get("COINTRAIL_GRADING") == "1":
        print("What is done is shown to the learner; it is not looked up while a notebook is graded.")
        return
    rows = [(lesson, "  ".join(map(_signed, group))) for lesson, group in groupby(standings(), key=lambda s: s.id[:3])]
    left = "style='text-align:left'"
    lines = "".join(f"<tr><th scope='row'>{one}</th><td {left}>{signs}</td></tr>" for one, signs in rows)
    page = f"<table role='status'>{lines}</table><p>{LEGEND}</p>"
    display({"text/html": page, "text/plain": "\n".join([*map("   ".join, rows), LEGEND])}, raw=True)


def _signed(standing):
    return f"{SIGNS[standing.state]} {standing.id[3:] or 'in words'}"


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
    state, tries, marked = "open", 0, None
    own = kept and (kept["record"].get("world"), kept["record"].get("docket")) == (world, docket)
    if form["type"] == "written":
        marks = kept["record"].get("marks") if own else None
        state, marked = ("self-marked", sum(map(bool, marks))) if isinstance(marks, list) else ("by hand", None)
    elif own:
        state, tries = _state(question, kept["record"]), kept["tries"]
    return Standing(question_id, form["title"], form["objective"], form["points"], state, tries, marked)


def rubric_of(question_id):
    """The written question, and the lines by which a learner alone marks the answer.

    Returns
    -------
    (world, docket, form, list of dict)
        Each line with `gets` and `not`.

    Raises
    ------
    CointrailError
        There is no such question, or it has no rubric (then the check cell or an instructor marks it).
    """
    world, docket, question = find_sealed(question_id, lambda world: docket_in(world, own_docket()))
    if not question.get("rubric"):
        raise CointrailError(
            f"Question {question_id} is not marked by a rubric. Its check cell tells what can be told."
        )
    return world, docket, question["form"], question["rubric"]


def keep_marks(question_id, world, docket, marks):
    """Store the marks a learner gave the own written answer: True for each line that has its point."""
    keep(
        {"v": 1, "id": question_id, "world": world, "docket": docket, "type": "written", "marks": marks}, "self-marked"
    )


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
