"""The trusted zone inside nbgrader's chain: run the submission elsewhere, then score what came out.

Three preprocessors for nbgrader_config.py. `RememberAnswers` notes, before outputs are cleared, which answers the
participant saw; `RunSubmission` replaces nbgrader's Execute; `ScoreAnswers` replaces every output of a check cell by
one result, the score (text/plain) with its reasons (text/html), which nbgrader's SaveAutoGrades then reads.
"""

import html
import os
from dataclasses import replace

import nbformat
from nbgrader.preprocessors import NbGraderPreprocessor
from traitlets import Enum, Integer, default

from cointrail.errors import CointrailError
from cointrail.exercises.answer_types import understood
from cointrail.exercises.case import docket_in
from cointrail.exercises.mistakes import named
from cointrail.exercises.roster import assign_docket, roster_file
from cointrail.grading.answers import question_of, records_of, remember_answers, remembered, value_of
from cointrail.grading.assignments import day_of
from cointrail.grading.barriers import require_barriers
from cointrail.grading.desk import course_root
from cointrail.grading.execute import ENGINES, Limits, run_notebook
from cointrail.grading.hidden import hidden_answers, hidden_folder, make_hidden
from cointrail.grading.keys import read_plain
from cointrail.grading.questions import load_day
from cointrail.grading.scoring import Score, score

__all__ = [
    "NO_RECORD",
    "RememberAnswers",
    "RunSubmission",
    "ScoreAnswers",
    "details_of",
    "judge_record",
    "score_notebook",
    "with_hidden",
    "write_result",
]


def _day_of(resources):
    return day_of(resources["nbgrader"]["assignment"])


def _docket_of(root, resources):
    roster = roster_file(root)
    return assign_docket(resources["nbgrader"]["student"], roster=roster)


class RememberAnswers(NbGraderPreprocessor):
    """Keep the answers that stood in the submitted outputs, to tell a stale notebook (M04) from a wrong answer."""

    def preprocess(self, nb, resources):
        remember_answers(nb)
        return nb, resources


class RunSubmission(NbGraderPreprocessor):
    """Run the notebook in the untrusted zone; the outputs come back as data."""

    engine = Enum(
        ENGINES,
        help=(
            "fork (default) and kernel run a notebook in a sandbox; plain runs it as an ordinary program of this "
            "machine. The environment variable COINTRAIL_ENGINE sets another default."
        ),
    ).tag(config=True)
    cell_seconds = Integer(30, help="Seconds that one cell may take.").tag(config=True)
    notebook_seconds = Integer(120, help="Seconds that a notebook may take.").tag(config=True)

    @default("engine")
    def _engine_of_this_machine(self):
        return os.environ.get("COINTRAIL_ENGINE", "fork")

    @property
    def limits(self):
        """The limits that nbgrader_config.py sets, and the usual ones."""
        return Limits(cell=self.cell_seconds, notebook=self.notebook_seconds)

    def preprocess(self, nb, resources):
        root = course_root()
        docket, day = _docket_of(root, resources), _day_of(resources)
        if self.engine != "plain":
            require_barriers()
        world, questions = load_day(root, day)
        make_hidden(root, questions)
        hidden = hidden_folder(root)
        limits, engine = self.limits, self.engine
        return run_notebook(nb, docket, world=world, day=day, hidden=hidden, limits=limits, engine=engine), resources


class ScoreAnswers(NbGraderPreprocessor):
    """Compare each answer record with the plain key; write one result into each check cell."""

    def preprocess(self, nb, resources):
        root, day = course_root(), _day_of(resources)
        world, _ = load_day(root, day)
        return score_notebook(nb, root, day, docket_in(world, _docket_of(root, resources))), resources


def score_notebook(nb, root, day, docket):
    """Score an executed notebook: the outputs of each check cell become one result, with its details beside it.

    Parameters
    ----------
    nb : NotebookNode
        Changed in place, and returned.
    root : Path
    day : int
    docket : str
        Of the day's world.
    """
    world, questions = load_day(root, day)
    keys = read_plain(root, world, docket, day)["questions"]
    seen = remembered(nb)
    errors = []
    for cell in nb.cells:
        if cell.metadata.get("nbgrader", {}).get("solution"):
            errors = []
        errors += [output for output in cell.get("outputs", []) if output.get("output_type") == "error"]
        question = questions.get(question_of(cell))
        if question is not None and cell.metadata.nbgrader.get("grade"):
            if question.id not in keys:
                raise CointrailError(f"The key of docket {docket} lacks {question.id}. Run: cointrail build")
            key = with_hidden(root, question, keys[question.id])
            records = records_of(cell, question.id)
            read, result = _verdict(cell, question, key, world, docket, seen, errors)
            write_result(cell, question, read, result, records[-1] if records else None)
            errors = []
    return nb


def details_of(nb):
    """What was written beside each score of a scored notebook, in its order."""
    found = []
    for cell in nb.cells:
        for output in cell.get("outputs", []):
            details = output.get("metadata", {}).get("cointrail")
            if details and cell.metadata.get("nbgrader", {}).get("grade"):
                found.append(details)
    return found


def with_hidden(root, question, key):
    """The key of a question; of a function question, with what the reference function returns on the hidden cases."""
    if question.type != "function":
        return key
    answer, mistakes = hidden_answers(root, question)
    return {**key, "answer": answer, "mistakes": mistakes}


def _verdict(cell, question, key, world, docket, seen, errors):
    """How the answer was read, and its score; `errors` are those from the answer cell on."""
    records = records_of(cell, question.id)
    if not records:
        return "", Score(0.0, (_why_no_answer(cell, errors),))
    read, result = judge_record(records[-1], question, key, world, docket)
    stale = question.id in seen and seen[question.id] != records[-1].get("value") and "problem" not in records[-1]
    if stale and question.type != "function":
        result = replace(result, reasons=(*result.reasons, _STALE))
    return read, result


def judge_record(record, question, key, world, docket):
    """How an answer record is read, in words, and its `Score`; a record of a stranger, of any shape."""
    if (record.get("world"), record.get("docket")) != (world, docket):
        return "", Score(0.0, (f"The answer belongs to another docket. Yours is {docket} of {world}.",))
    if "problem" in record:
        return "", Score(0.0, (f"The answer could not be read. {_problem(record)}",))
    try:
        value = value_of(record, key["form"])
        read = "" if question.type == "function" else understood(key["form"], value)
        return read, score(question, key, value)
    except _NOT_READ as error:  # a record that `check` did not make
        return "", Score(0.0, (f"The answer could not be read: {str(error)[:200]}.",))


_NOT_READ = (ValueError, TypeError, KeyError, ArithmeticError, RecursionError)
_STALE = (
    "M04: the answer saved in your notebook is another one. Here every cell was run once from top to bottom; "
    "do the same before you hand in (Kernel, Restart Kernel and Run All Cells)."
)


def _problem(record):
    text = record["problem"].get("text") if isinstance(record["problem"], dict) else None
    return text[:400] if isinstance(text, str) else ""


NO_RECORD = "No answer was recorded"  # how the reason begins where there was an answer, and it did not arrive


def _why_no_answer(cell, errors):
    if errors:
        return f"{NO_RECORD}: {errors[0].get('ename')}: {str(errors[0].get('evalue'))[:200].rstrip('. ')}."
    shown = " ".join(str(output.get("data", {}).get("text/plain", "")) for output in cell.get("outputs", []))
    if "Not answered" in shown:
        return "Not answered: the three dots (...) are still there."
    return f"{NO_RECORD}. The cell said: {shown[:200].strip() or 'nothing'}"


def write_result(cell, question, read, result, record):
    """Put the score in the place of a check cell's outputs, with its details and the record it was given for.

    nbgrader takes the first result that is a number; -1 would mean full points, so the score is clipped.
    """
    points = round(min(max(result.share, 0.0), 1.0) * question.points, 4)
    details = {
        "id": question.id,
        "points": points,
        "of": question.points,
        "share": round(result.share, 4),
        "answered": record is not None,
        "accuses": result.accuses,
        "record": record,
        "read": read,
        "reasons": list(result.reasons),
        "mistakes": [{"code": m.code, "name": named(m.code), "message": m.message} for m in result.mistakes],
    }
    data = {"text/plain": repr(float(points)), "text/html": _as_html(details)}
    output = nbformat.v4.new_output("execute_result", data=data, execution_count=cell.get("execution_count"))
    output.metadata["cointrail"] = details
    cell.outputs = [output]


def _as_html(details):
    lines = [f"Read as: {details['read']}."] if details["read"] else []
    lines += details["reasons"] + [f"{m['name']}: {m['message']}" for m in details["mistakes"]]
    items = "".join(f"<li>{html.escape(line)}</li>" for line in lines)
    worth = f"{details['points']:g} of {details['of']} points" if details["of"] else "no points (stretch)"
    return f"<div><p><b>{html.escape(details['id'])}: {worth}</b></p><ul>{items}</ul></div>"
