"""`check` and `hint`: what a learner calls under a question.

`check` reads the answer, shows how it was understood, says at once what the sealed key allows to say, and leaves the
answer record in the cell's output. It never raises: a wrong or missing answer must not stop the notebook.
"""

import html
import json
import os
from dataclasses import dataclass
from pathlib import Path

from IPython.display import display

from cointrail.errors import CointrailError
from cointrail.exercises.answer_types import AnswerError, canonical, shortened, understood
from cointrail.exercises.artefacts import read_document
from cointrail.exercises.case import docket_in, own_docket
from cointrail.exercises.cells import failed, watch
from cointrail.exercises.compare import compare, reaches
from cointrail.exercises.functions import run_cases
from cointrail.exercises.keys import Seal, find_sealed
from cointrail.exercises.mistakes import named
from cointrail.exercises.records import MIME, answer_record, keep

__all__ = ["Reply", "check", "hint", "judge"]


@dataclass(frozen=True)
class Reply:
    """What the learner is told: a state, and lines of plain text."""

    state: str
    lines: tuple[str, ...]


_LOOK = {
    "right": ("✔", "Right", "#1b7837"),
    "recorded": ("●", "Recorded", "#2166ac"),
    "not yet": ("✖", "Not yet", "#b35806"),
    "unanswered": ("○", "Not answered", "#666666"),
}


watch()


def check(question_id, answer, *, sample=None, sure=...):
    """Check an answer and record it for grading.

    Parameters
    ----------
    question_id : str
        The number of the question, such as "2.1a".
    answer : object
        Your answer; `...` means not answered yet, `None` means "I abstain" or "it cannot be told".
    sample : int, optional
        Try the answer on public sample case 1, 2, ... instead; nothing is recorded.
    sure : int, optional
        How sure you are, from 0 to 100 percent. It brings and costs no points; the report shows how well stated
        certainty and right answers agree.
    """
    try:
        world, docket, question = find_sealed(question_id, _own_docket_in)
        if sample is not None:
            _show(question_id, _on_sample(question, answer, sample), None)
            return
        record, reply = _answered(question_id, world, docket, question, answer)
    except CointrailError as error:
        record, reply = None, Reply("not yet", (str(error),))
    if record is not None:
        record, reply = _with_certainty(record, reply, sure)
        keep(record, reply.state)
    _show(question_id, reply, record)


def _with_certainty(record, reply, sure):
    """Note how sure a person says to be; `...` and None are not noted."""
    if sure is ... or sure is None:
        return record, reply
    if isinstance(sure, bool) or not isinstance(sure, (int, float)) or not 0 <= sure <= 100:
        line = f"How sure you are was not read: write a number from 0 to 100, not {str(sure)[:40]!r}."
        return record, Reply(reply.state, (*reply.lines, line))
    return {**record, "sure": str(round(sure))}, Reply(reply.state, (*reply.lines, f"You are {round(sure)} % sure."))


def hint(question_id):
    """Show the hints of a question, one under the other; each opens by a click or the Enter key."""
    try:
        form = find_sealed(question_id, _own_docket_in)[2]["form"]
    except CointrailError as error:
        _show(question_id, Reply("not yet", (str(error),)), None)
        return
    hints = form.get("hints", [])
    text = "\n".join(f"Hint {number} of {len(hints)}: {line}" for number, line in enumerate(hints, 1))
    page = "".join(
        f"<details><summary>Hint {number} of {len(hints)}</summary><p>{html.escape(line)}</p></details>"
        for number, line in enumerate(hints, 1)
    )
    display({"text/plain": text or "No hints.", "text/html": page or "<p>No hints.</p>"}, raw=True)


def _on_sample(question, answer, number):
    """Right or not on a public sample case, which is the only thing some types can be told at once."""
    samples = question.get("samples", [])
    if not 1 <= number <= len(samples):
        raise CointrailError(f"There are {len(samples)} sample cases, counted from 1; {number!r} is none of them.")
    value = canonical(question["form"], answer)
    right = value == samples[number - 1]["answer"]
    return Reply("right" if right else "not yet", (f"Sample case {number}: {'right' if right else 'not right'}.",))


def _own_docket_in(world):
    return docket_in(world, own_docket())


def _answered(question_id, world, docket, question, answer):
    """The record and the reply; an unanswered question leaves no record."""
    form = question["form"]
    if form["type"] == "written":
        return None, Reply("recorded", ("A person marks this answer. Write it into its text cell and save.",))
    if failed(_assigned_name(form)) and os.environ.get("COINTRAIL_GRADING") != "1":
        return None, Reply("not yet", ("Your answer cell shows a red message, so nothing new was checked.", _MEND))
    if answer is ...:
        return None, Reply("unanswered", ("Replace the three dots (...) with your answer and run both cells again.",))
    try:
        value = _value(question_id, form, question, answer)
    except AnswerError as error:
        record = answer_record(
            question_id, world, docket, form["type"], problem={"text": str(error), "code": error.code}
        )
        return record, Reply("not yet", (str(error), "Nothing is lost: change the answer and run both cells again."))
    if form["type"] == "function" and all(result == "..." for result in value):
        return None, Reply("unanswered", ("Replace the three dots (...) in the function and run both cells again.",))
    record = answer_record(question_id, world, docket, form["type"], value=value)
    return record, judge(form, question, value)


_MEND = "Read the last line of the message, mend the cell and run it; then run this one again."


def _assigned_name(form):
    """What the answer cell of a question assigns: answer_2_1a, or the function by its name."""
    if form["type"] == "function":
        return form["signature"].partition("(")[0]
    return "answer_" + form["id"].replace(".", "_")


def _value(question_id, form, question, answer):
    if form["type"] != "function":
        value = canonical(form, answer)
        if form["type"] == "artefact" and value is not None:
            read_document(form, value)
        return value
    hidden = os.environ.get("COINTRAIL_HIDDEN")
    if not hidden:
        return run_cases(form, answer, [sample["case"] for sample in question.get("samples", [])])
    folder = Path(hidden) / question_id
    return run_cases(form, answer, json.loads((folder / "cases.json").read_text(encoding="utf-8")), folder=folder)


def judge(form, question, value):
    """What a sealed question allows to say at once of a canonical answer: a state and lines of text."""
    if form["type"] == "function":
        return _reply_function(question, value)
    read = f"Read as: {understood(form, value)}."
    if "locked" not in question:
        return Reply("recorded", (read, "This answer is scored when the work is handed in."))
    found = compare(form, question["locked"], value, by=Seal(question["salt"]))
    if found.exact:
        return Reply("right", (read,))
    if reaches(form, found):
        return Reply("right", (read, *_counted(form, found, value), "That is enough for all points."))
    named_ones = (_mistake(mistake.code, mistake.message) for mistake in found.mistakes)
    return Reply("not yet", (read, *_counted(form, found, value), *_short_of_goal(form, found), *named_ones))


def _short_of_goal(form, found):
    """Where a question has a goal: which half of it is missed, and by how much."""
    goal, answered = form.get("goal"), found.right + found.wrong
    if not goal or not answered:
        return ()
    lines = []
    if found.right < goal["precision"] * answered:
        lines.append(f"Too often wrong: {found.right / answered:.0%} right, {goal['precision']:.0%} wanted.")
    if answered < goal["coverage"] * found.n:
        lines.append(f"Too few answers: {answered} of {found.n}, at least {goal['coverage']:.0%} wanted.")
    return tuple(lines)


def _counted(form, found, value):
    if value is None:
        return ("You abstained. That costs nothing; an answer can be found here.",)
    if form["type"] == "list":
        return (f"The order differs first at place {found.place}.",)
    if form["type"] in ("set", "mapping"):
        wrong = f"{found.wrong} {'does' if found.wrong == 1 else 'do'} not belong"
        return (f"{found.right} of {found.n} are right, {wrong}.",)
    return () if found.mistakes else ("This is not the answer yet. The hints below the question may help.",)


def _reply_function(question, value):
    samples = question.get("samples", [])
    if len(samples) != len(value):
        return Reply("recorded", (f"The function ran on {len(value)} cases.",))
    lines = [
        _case_line(number, question["form"], sample, got)
        for number, (sample, got) in enumerate(zip(samples, value, strict=True), 1)
    ]
    right = sum(sample["answer"] == got for sample, got in zip(samples, value, strict=True))
    if right == len(samples):
        lines.append("It is graded on other ledgers, with the same rule.")
        return Reply("right", tuple(lines))
    shown = {m["code"]: m["message"] for m in question["sample_mistakes"] if m["answer"] == value}
    return Reply("not yet", (*lines, *(_mistake(code, message) for code, message in shown.items())))


def _mistake(code, message):
    return f"{named(code)}: {message}"


def _case_line(number, form, sample, got):
    given = ", ".join(f"{name} {shortened(value)}" for name, value in sample["case"].items() if name != "ledger")
    if sample["answer"] == got:
        return f"Sample case {number} ({given}): right."
    if isinstance(got, dict):
        return f"Sample case {number} ({given}): your function {got['problem']}."
    read, wanted = understood(form, got), understood(form, sample["answer"])
    return f"Sample case {number} ({given}): your function returned {read}, expected {wanted}."


def _show(question_id, reply, record):
    """One output: the record for the grader, HTML for the page, text for everything else."""
    icon, word, colour = _LOOK[reply.state]
    bundle = {"text/plain": "\n".join([f"{icon} {question_id}: {word}", *reply.lines])}
    lines = "".join(f"<p style='margin:2px 0'>{html.escape(line)}</p>" for line in reply.lines)
    bundle["text/html"] = (
        f"<div role='status' style='border-left:6px solid {colour};padding:4px 12px;max-width:60em'>"
        f"<p style='margin:2px 0'><b>{icon} {html.escape(question_id)}: {word}</b></p>{lines}</div>"
    )
    if record is not None:
        bundle[MIME] = record
    display(bundle, raw=True)
