"""The page a participant reads: for each question what was answered, what it scored, which mistake it shows.

One HTML file a notebook, where nbgrader looks for feedback. It holds no right answer, no hidden input and no request
to any other host.
"""

from dataclasses import dataclass

import jinja2
import nbformat

from cointrail.grading.assignments import day_of
from cointrail.grading.questions import load_day
from cointrail.grading.score_answers import NO_RECORD, details_of

__all__ = ["PAGES", "write_feedback"]

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

    @property
    def stopped(self):
        """Whether something stood in the cell, and no answer arrived: mostly because of an error."""
        return self.state == "open" and any(reason.startswith(NO_RECORD) for reason in self.details.get("reasons", []))


def write_feedback(root, assignment, student, docket, hand_in, marks, penalties):
    """Write the feedback pages of one graded submission.

    Parameters
    ----------
    hand_in : HandIn
        What the intake has to tell.
    marks : list of Mark
        What stands in the gradebook.
    penalties : dict of str to float
        Points that handing in late costs, by notebook.
    """
    _, questions = load_day(root, day_of(assignment))
    folder = root / "grading" / "feedback" / student / assignment
    folder.mkdir(parents=True, exist_ok=True)
    for file in sorted((root / "grading" / "autograded" / student / assignment).glob("*.ipynb")):
        rows, late = _rows(file, questions, marks), penalties[file.stem]
        page = PAGES.get_template("feedback.html.j2").render(
            title=_title(root, assignment, file.name),
            student=student,
            docket=docket,
            problem=hand_in.problems.get(file.stem),
            changes=[*hand_in.changes.get(file.stem, ()), *hand_in.notes],
            accusing=[row.question.id for row in rows if row.details.get("accuses")],
            core=[row for row in rows if row.question.points],
            stretch=[row for row in rows if not row.question.points],
            points=sum(row.points or 0 for row in rows) - late,
            late=late,
            of=sum(row.question.points for row in rows if row.points is not None),
            waiting=sum(row.question.points for row in rows if row.points is None),
        )
        (folder / f"{file.stem}.html").write_text(page, encoding="utf-8")


def _rows(file, questions, marks):
    details = {one["id"]: one for one in details_of(nbformat.v4.reads(file.read_text(encoding="utf-8")))}
    points = {mark.cell: None if mark.waiting else mark.points for mark in marks if mark.notebook == file.stem}
    return [
        _Row(question, points[question.grade_id], details.get(question.id, {}))
        for question in questions.values()
        if question.notebook == file.stem
    ]


def _title(root, assignment, name):
    released = nbformat.v4.reads((root / "course" / assignment / name).read_text(encoding="utf-8"))
    return released.cells[0].source.splitlines()[0].lstrip("# ")
