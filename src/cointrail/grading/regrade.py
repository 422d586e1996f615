"""Score a question again after its key was mended: from the answers that are kept, without running anything.

Each scored check cell keeps the answer record it was scored by. So a mended key changes the points of that question
alone; manual marks, other questions and the outputs of the run stay as they are.
"""

import hashlib
import json

import nbformat

from cointrail.grading.answers import question_of
from cointrail.grading.course_files import write_whole
from cointrail.grading.questions import load_day
from cointrail.grading.score_answers import judge_record, with_hidden, write_result

__all__ = ["key_digests", "needs_a_run", "rescore"]

# what a score also depends on, beside the key
_RULES = ("type", "points", "weight", "path", "tolerance", "pass_mark")


def key_digests(questions, key):
    """A short hash for each machine-marked question of all that its score depends on: {question id: hash}."""
    digests = {}
    for question in questions.values():
        if question.type != "written":
            rules = [getattr(question, name) for name in _RULES]
            text = json.dumps([key["questions"].get(question.id), rules], sort_keys=True)
            digests[question.id] = hashlib.sha256(text.encode()).hexdigest()[:16]
    return digests


def needs_a_run(changed, questions):
    """Whether a change asks for a new run: questions came or went, or the cases of a function may have changed."""
    return any(name not in questions or questions[name].type == "function" for name in changed)


def rescore(root, book, assignment, day, student, docket, key, changed):
    """Score some questions of a graded hand-in again; `gradebook.write_penalties` is the caller's to follow.

    Parameters
    ----------
    root : Path
    book : Gradebook
    assignment, day, student, docket
        Whose, and of which world's docket.
    key : mapping
        The plain key of the docket.
    changed : set of str
        Question ids.
    """
    world, questions = load_day(root, day)
    for file in sorted((root / "grading" / "autograded" / student / assignment).glob("*.ipynb")):
        notebook = nbformat.read(file, as_version=4)
        points = {}
        for cell in notebook.cells:
            question = questions.get(question_of(cell))
            if question is not None and question.id in changed:
                points[question.grade_id] = _rescored(root, cell, question, key, world, docket)
        if points:
            write_whole(file, nbformat.writes(notebook))
            _write_points(book, assignment, student, file.stem, points)


def _rescored(root, cell, question, key, world, docket):
    """The new points of a check cell whose record is kept; without one they stay what they were."""
    output = cell.outputs[0]
    record = output.metadata.get("cointrail", {}).get("record")
    if record is not None:
        mended = with_hidden(root, question, key["questions"][question.id])
        read, result = judge_record(record, question, mended, world, docket)
        write_result(cell, question, read, result, record)
    return float(cell.outputs[0].data["text/plain"])


def _write_points(book, assignment, student, name, points):
    for grade_id, score in points.items():
        book.find_grade(grade_id, name, assignment, student).auto_score = score
    book.db.commit()
