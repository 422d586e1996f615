"""nbgrader's gradebook, open for a whole run: a hand-in is written in one transaction and read back in two questions.

nbgrader's own chain opens the book thirteen times for each notebook and commits after every cell, which takes longer
than running the notebook. What stands in the book afterwards is the same; a test compares every row. On purpose two
things differ. A notebook that was not handed in is graded as an untouched one: its answers get the comment "No
response.", and a mark by hand in it waits for another look, as in every notebook that is graded again. And what handing
in late costs is reckoned by each run, also for a hand-in that stands: a due date or a mark may have come since.
"""

import contextlib
from dataclasses import dataclass

from nbgrader.api import (
    Assignment,
    BaseCell,
    Comment,
    Grade,
    Gradebook,
    GradeCell,
    Notebook,
    SourceCell,
    SubmittedAssignment,
    SubmittedNotebook,
)
from nbgrader.utils import compute_checksum, determine_grade
from sqlalchemy import select
from tornado.log import app_log

from cointrail.grading.course_files import course_directory

__all__ = ["Mark", "is_registered", "marks_of", "open_book", "penalties_of", "write_marks", "write_penalties"]


@dataclass(frozen=True)
class Mark:
    """What stands in the book for one graded cell; `points` counts a mark by hand and extra credit."""

    notebook: str
    cell: str
    points: float
    of: float
    waiting: bool


@contextlib.contextmanager
def open_book(root):
    """The course's gradebook, made when there is none."""
    directory = course_directory(root)
    before, app_log.disabled = app_log.disabled, True  # what nbgrader logs there with a traceback, it raises as well
    try:
        with Gradebook(directory.db_url, directory.course_id) as book:
            yield book
    finally:
        app_log.disabled = before


def is_registered(book, assignment, released):
    """Whether the book knows every graded cell of the released notebooks, with its text and points.

    Parameters
    ----------
    book : Gradebook
    assignment : str
    released : dict of str to NotebookNode
        By name, without the ending.
    """
    of = Assignment.name == assignment
    texts = select(Notebook.name, SourceCell.name, SourceCell.checksum).join_from(SourceCell, Notebook)
    points = select(Notebook.name, GradeCell.name, GradeCell.max_score).join_from(GradeCell, Notebook)
    known = {tuple(row) for row in book.db.execute(texts.join(Assignment).where(of))}
    worth = {tuple(row) for row in book.db.execute(points.join(Assignment).where(of))}
    cells = [
        (name, cell.metadata.nbgrader)
        for name, nb in released.items()
        for cell in nb.cells
        if "nbgrader" in cell.metadata
    ]
    return bool(cells) and (
        known == {(name, cell.grade_id, cell.checksum) for name, cell in cells}
        and worth == {(name, cell.grade_id, float(cell.points)) for name, cell in cells if cell.grade}
    )


def write_marks(book, assignment, student, notebooks, *, handed_in=None, penalty=None):
    """Write what nbgrader's SaveAutoGrades and AssignLatePenalties would write for a scored hand-in.

    Parameters
    ----------
    book : Gradebook
    assignment, student : str
    notebooks : dict of str to NotebookNode
        Scored, by name, without the ending; every notebook of the assignment.
    handed_in : str, optional
        When, as nbgrader's exchange wrote it.
    penalty : callable, optional
        nbgrader's `late_submission_penalty`, of a student, the points of a notebook, and the seconds too late.
    """
    book.update_or_create_student(student)
    when = {} if handed_in is None else {"timestamp": handed_in}
    with book.db.no_autoflush:  # a hand-in is made whole before it is asked about
        submission = book.update_or_create_submission(assignment, student, **when)
    for submitted, name in _submitted_notebooks(book, submission):
        cells = {c.metadata.nbgrader.grade_id: c for c in notebooks[name].cells if c.metadata.get("nbgrader")}
        _write_scores(book, submitted, cells)
        _write_comments(book, submitted, cells)
    _write_penalties(book, submission, penalty)
    book.db.commit()


def write_penalties(book, assignment, student, penalty):
    """Write what handing in late costs by today's due date and marks; see `write_marks`."""
    _write_penalties(book, book.find_submission(assignment, student), penalty)
    book.db.commit()


def _write_penalties(book, submission, penalty):
    """As nbgrader's AssignLatePenalties: within the points of each notebook; no row when nothing is taken."""
    late = submission.total_seconds_late
    student = submission.student.id
    marks = marks_of(book, submission.assignment.name, student) if late > 0 and penalty is not None else []
    for submitted, name in _submitted_notebooks(book, submission):
        points = sum(mark.points for mark in marks if mark.notebook == name)
        taken = penalty(student, points, late) if marks else None
        submitted.late_submission_penalty = None if taken is None else min(max(taken, 0), points)


def _submitted_notebooks(book, submission):
    of = select(SubmittedNotebook, Notebook.name).join_from(SubmittedNotebook, Notebook)
    return book.db.execute(of.where(SubmittedNotebook.assignment_id == submission.id)).all()


def _write_scores(book, submitted, cells):
    for grade, name in _with_cell_names(book, Grade, submitted):
        grade.auto_score, _ = determine_grade(cells[name])
        grade.needs_manual_grade = grade.manual_score is not None or grade.auto_score is None


def _write_comments(book, submitted, cells):
    for comment, name in _with_cell_names(book, Comment, submitted):
        untouched = cells[name].metadata.nbgrader.get("checksum") == compute_checksum(cells[name])
        comment.auto_comment = "No response." if untouched else None


def _with_cell_names(book, kind, submitted):
    of = select(kind, BaseCell.name).join_from(kind, BaseCell, kind.cell_id == BaseCell.id)
    return book.db.execute(of.where(kind.notebook_id == submitted.id)).all()


def marks_of(book, assignment, student):
    """The marks of one hand-in, by notebook and cell."""
    columns = (Notebook.name, BaseCell.name, Grade.score, GradeCell.max_score, Grade.needs_manual_grade)
    found = (
        select(*columns)
        .join_from(Grade, SubmittedNotebook, Grade.notebook_id == SubmittedNotebook.id)
        .join(Notebook, Notebook.id == SubmittedNotebook.notebook_id)
        .join(GradeCell, GradeCell.id == Grade.cell_id)
        .where(SubmittedNotebook.assignment_id == _submission(assignment, student))
        .order_by(Notebook.name, BaseCell.name)
    )
    return [
        Mark(name, cell, float(points), float(of), waits) for name, cell, points, of, waits in book.db.execute(found)
    ]


def penalties_of(book, assignment, student):
    """Points that handing in late costs, by notebook."""
    found = (
        select(Notebook.name, SubmittedNotebook.late_submission_penalty)
        .join_from(SubmittedNotebook, Notebook)
        .where(SubmittedNotebook.assignment_id == _submission(assignment, student))
    )
    return {name: float(points or 0) for name, points in book.db.execute(found)}


def _submission(assignment, student):
    """The id of a hand-in, to be asked for inside another question."""
    return (
        select(SubmittedAssignment.id)
        .join(Assignment)
        .where(Assignment.name == assignment, SubmittedAssignment.student_id == student)
        .scalar_subquery()
    )
