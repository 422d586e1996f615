"""The page a participant reads: for each question what was answered, what it scored, which mistake it shows.

One HTML file a notebook, where nbgrader looks for feedback. It holds no right answer, no hidden input and no request
to any other host.
"""

from dataclasses import dataclass

import jinja2
import nbformat
from nbgrader.api import Gradebook

from cointrail.grading.assignments import day_of
from cointrail.grading.course_files import course_directory
from cointrail.grading.questions import load_day
from cointrail.grading.score_answers import details_of

__all__ = ["PAGES", "notebook_scores", "write_feedback"]

PAGES = jinja2.Environment(
    loader=jinja2.PackageLoader("cointrail.grading"), autoescape=True, trim_blocks=True, lstrip_blocks=True
)
PAGES.globals["number"] = lambda value: f"{round(float(value), 2):g}"


@dataclass(frozen=True)
class _Row:
    """One question on the page."""

    question: object
    points: float | None
    details: dict

    @property
    def state(self):
        """One of right, part, none, open, waiting; the page has a word and a sign for each."""
        if self.points is None:
            return "waiting"
        if not self.details.get("answered", self.question.type == "written"):
            return "open"
        share = self.points / self.question.points if self.question.points else self.details.get("share", 0)
        return "right" if share == 1 else "part" if share > 0 else "none"


def write_feedback(root, assignment, student, docket, hand_in):
    """Write the feedback pages of one graded submission.

    Parameters
    ----------
    hand_in : HandIn
        What the intake has to tell.
    """
    _, questions = load_day(root, day_of(assignment))
    folder = root / "grading" / "feedback" / student / assignment
    folder.mkdir(parents=True, exist_ok=True)
    for file in sorted((root / "grading" / "autograded" / student / assignment).glob("*.ipynb")):
        rows, late = _rows(root, assignment, student, file, questions)
        page = PAGES.get_template("feedback.html.j2").render(
            title=_title(root, assignment, file.name),
            student=student,
            docket=docket,
            problem=hand_in.problems.get(file.stem),
            changes=[*hand_in.changes.get(file.stem, ()), *hand_in.notes],
            core=[row for row in rows if row.question.points],
            stretch=[row for row in rows if not row.question.points],
            points=sum(row.points or 0 for row in rows) - late,
            late=late,
            of=sum(row.question.points for row in rows if row.points is not None),
            waiting=sum(row.question.points for row in rows if row.points is None),
        )
        (folder / f"{file.stem}.html").write_text(page, encoding="utf-8")


def notebook_scores(root, assignment, student):
    """Points by notebook after any penalty, the most the machine could give, and the points that wait for a person."""
    scores, of, by_hand = {}, 0.0, 0.0
    with _gradebook(root) as book:
        for notebook in book.find_submission(assignment, student).notebooks:
            scores[notebook.name] = float(notebook.score) - _penalty(notebook)
            waiting = sum(grade.max_score for grade in notebook.grades if grade.needs_manual_grade)
            of += float(notebook.max_score - waiting)
            by_hand += float(waiting)
    return dict(sorted(scores.items())), of, by_hand


def _penalty(notebook):
    """Points that handing in late costs."""
    return float(notebook.late_submission_penalty or 0)


def _gradebook(root):
    directory = course_directory(root)
    return Gradebook(directory.db_url, directory.course_id)


def _rows(root, assignment, student, file, questions):
    notebook = nbformat.read(file, as_version=4)
    details = {one["id"]: one for one in details_of(notebook)}
    with _gradebook(root) as book:
        graded = book.find_submission_notebook(file.stem, assignment, student)
        grades = {grade.name: grade for grade in graded.grades}
        rows = [
            _Row(question, _points(grades[question.grade_id]), details.get(question.id, {}))
            for question in questions.values()
            if question.notebook == file.stem
        ]
        return rows, _penalty(graded)


def _points(grade):
    return None if grade.needs_manual_grade else float(grade.score)


def _title(root, assignment, name):
    first = nbformat.read(root / "course" / assignment / name, as_version=4).cells[0].source
    return first.splitlines()[0].lstrip("# ")
