"""Everything a class has done so far, as two tables: one row a hand-in, one row an answer.

Points and marks by hand come from nbgrader's gradebook; what was answered, which mistake it showed and how sure the
person was, from the details that the scorer left beside each score. The roster says who belongs to the class.
"""

import json
from pathlib import Path

import pandas as pd
from nbgrader.api import Gradebook

from cointrail.errors import CointrailError
from cointrail.exercises.roster import assign_docket, read_people, read_roster, roster_file
from cointrail.exercises.strangers_json import read_json
from cointrail.grading.assignments import day_of, graded_assignments
from cointrail.grading.course_files import course_directory
from cointrail.grading.questions import load_day

__all__ = ["ANSWERS", "HAND_INS", "class_list", "read_results"]

HAND_INS = ["student", "name", "assignment", "state", "points", "of", "waiting", "seconds_late", "penalty"]
ANSWERS = [
    *("student", "assignment", "notebook", "question", "title", "objective", "type", "exam", "points", "of", "share"),
    *("answered", "abstained", "waiting", "mistakes", "accuses", "sure"),
]


def class_list(root):
    """The participants: {id: (name, docket, first assignment)}.

    The roster's columns are student_id, name, docket, and where somebody came later `joined`, the first assignment
    that is asked of them, such as day3. Whoever handed in without a line there is added.

    Raises
    ------
    CointrailError
        The roster is damaged, or `joined` names no assignment.
    """
    roster = roster_file(root)
    people = {}
    if roster.is_file():
        dockets = read_roster(roster)  # its own sentences about what is wrong
        for row in read_people(roster):
            joined = row.get("joined") or "day0"
            try:
                day_of(joined)
            except CointrailError as error:
                raise CointrailError(f"roster.csv, student {row['student_id']!r}, column joined: {error}") from error
            people[row["student_id"]] = (row.get("name", ""), dockets[row["student_id"]], joined)
    for folder in sorted((root / "grading" / "autograded").glob("*")):
        if folder.is_dir() and folder.name not in people and not folder.name.startswith("."):
            people[folder.name] = ("", assign_docket(folder.name), "day0")
    return people


def read_results(root):
    """Read the class.

    Parameters
    ----------
    root : Path

    Returns
    -------
    (DataFrame, DataFrame)
        Hand-ins with the columns `HAND_INS`: `state` is "handed in", "absent", or "before joining"; `points` are those
        after the penalty for handing in late. Answers with the columns `ANSWERS`: `share` is the part of the points
        reached (of 0-point questions too), None while it waits for a person; `mistakes` a tuple of codes; `sure`
        percent or None.

    Raises
    ------
    CointrailError
        Nothing was graded yet.
    """
    people, hand_ins, answers = class_list(root), [], []
    directory = course_directory(root)
    with Gradebook(directory.db_url, directory.course_id) as book:
        for assignment in graded_assignments(root):
            graded = {one.student.id: one for one in _submissions(book, assignment)}
            if not graded:
                continue
            _, questions = load_day(root, day_of(assignment))
            for student, (name, _, joined) in people.items():
                row = {"student": student, "name": name, "assignment": assignment}
                if student in graded:
                    own = _answers(root, graded[student], student, assignment, questions)
                    hand_ins.append(row | _hand_in(graded[student]))
                    answers += own
                else:
                    state = "absent" if day_of(assignment) >= day_of(joined) else "before joining"
                    hand_ins.append(row | {"state": state, "points": 0.0, "of": 0.0, "waiting": 0.0} | _NOT_LATE)
    if not answers:
        raise CointrailError("Nothing was graded yet. First: cointrail grade DAY")
    return pd.DataFrame(hand_ins, columns=HAND_INS), pd.DataFrame(answers, columns=ANSWERS)


_NOT_LATE = {"seconds_late": 0.0, "penalty": 0.0}


def _submissions(book, assignment):
    return book.assignment_submissions(assignment) if assignment in {one.name for one in book.assignments} else []


def _hand_in(submission):
    waiting = sum(grade.max_score for book in submission.notebooks for grade in book.grades if grade.needs_manual_grade)
    penalty = float(sum(book.late_submission_penalty or 0 for book in submission.notebooks))
    return {
        "state": "handed in",
        "points": max(0.0, float(submission.score) - penalty),
        "of": float(submission.max_score),
        "waiting": float(waiting),
        "seconds_late": float(submission.total_seconds_late),
        "penalty": penalty,
    }


def _answers(root, submission, student, assignment, questions):
    grades = {grade.name: grade for book in submission.notebooks for grade in book.grades}
    details = _details(root / "grading" / "autograded" / student / assignment)
    return [
        {"student": student, "assignment": assignment, **_answer(question, grades[question.grade_id], details)}
        for question in questions.values()
        if question.grade_id in grades
    ]


def _answer(question, grade, details):
    own = details.get(question.id, {})
    record = own.get("record") or {}
    waiting = bool(grade.needs_manual_grade)
    points = float(grade.score)
    share = points / question.points if question.points else own.get("share", 0.0)
    return {
        "notebook": question.notebook,
        "question": question.id,
        "title": question.title,
        "objective": question.objective,
        "type": question.type,
        "exam": question.exam,
        "points": points,
        "of": question.points,
        "share": None if waiting else share,
        "answered": bool(own.get("answered", waiting or grade.manual_score is not None)),
        "abstained": "value" in record and record["value"] is None,
        "waiting": waiting,
        "mistakes": tuple(mistake["code"] for mistake in own.get("mistakes", [])),
        "accuses": bool(own.get("accuses", False)),
        "sure": _percent(record.get("sure")),
    }


def _percent(text):
    """A record is a stranger's: what is no percentage counts as not said."""
    return int(text) if isinstance(text, str) and text.isdecimal() and len(text) <= 3 and int(text) <= 100 else None


def _details(folder: Path):
    """What the scorer left in the notebooks of a hand-in, by question."""
    found = {}
    for file in sorted(folder.glob("*.ipynb")):
        for cell in read_json(file.read_text(encoding="utf-8"))["cells"]:
            if cell["metadata"].get("nbgrader", {}).get("grade"):
                for output in cell.get("outputs", []):
                    details = output.get("metadata", {}).get("cointrail")
                    if details:
                        found[details["id"]] = details
    return found


def write_table(file, table, *, encoding="utf-8-sig"):
    """A CSV that spreadsheets open without running anything in it: a text that begins like a formula gets a quote.

    The mark at its beginning tells a spreadsheet that it is UTF-8; a learning platform wants plain "utf-8".
    """
    safe = table.map(
        lambda value: f"'{value}" if isinstance(value, str) and value[:1] in "=+-@\t\r" and value else value
    )
    safe.to_csv(file, index=False, encoding=encoding, lineterminator="\n")


def as_json(table):
    """The table as plain rows, for a program."""
    return json.loads(table.to_json(orient="records"))
