"""`cointrail grade`: from the submitted/ tree to scores in nbgrader's gradebook and feedback pages.

Each submission is staged, run and scored by nbgrader's own Autograde with the course's chain, so that the formgrader
and `nbgrader autograde` agree. A submission whose bytes, key and hidden cases did not change is not run again.
"""

import hashlib
import json
import shutil
import tempfile
from dataclasses import dataclass
from pathlib import Path

from nbgrader.converters import Autograde

from cointrail.errors import CointrailError
from cointrail.exercises.case import assign_docket, docket_in
from cointrail.grading.barriers import require_barriers
from cointrail.grading.course_files import course_directory, generate, load_config, nbgrader_step
from cointrail.grading.feedback import notebook_scores, write_feedback
from cointrail.grading.hidden import class_secret
from cointrail.grading.intake import stage, submissions
from cointrail.grading.keys import read_plain
from cointrail.grading.questions import load_day
from cointrail.grading.score_answers import RunSubmission

__all__ = ["Graded", "grade"]


@dataclass(frozen=True)
class Graded:
    """One graded submission: points by notebook, points that wait for a person, and what was noted."""

    student: str
    docket: str
    scores: dict[str, float]
    of: float
    by_hand: float
    notes: tuple[str, ...]
    skipped: bool

    @property
    def total(self):
        return sum(self.scores.values())


def grade(root, assignment, *, students=(), force=False, engine=None, say=print):
    """Grade the hand-ins of an assignment.

    Parameters
    ----------
    root : Path
    assignment : str
        Such as "day2".
    students : sequence of str
        All who handed in when empty.
    force : bool
        Run again what did not change.
    engine : str, optional
        One of `execute.ENGINES`; when left out, what nbgrader_config.py says.

    Returns
    -------
    list of Graded

    Raises
    ------
    CointrailError
        There is no such assignment or hand-in, or a barrier of the sandbox does not hold.
    """
    day = _day(root, assignment)
    world, _ = load_day(root, day)
    everyone = submissions(root, assignment)
    unknown = sorted(set(students) - set(everyone))
    if unknown:
        raise CointrailError(f"{unknown[0]} handed in nothing for {assignment}. Handed in: {', '.join(everyone)}.")
    chosen = sorted(students) or everyone
    engine = engine or RunSubmission(config=load_config(root)).engine
    if engine != "plain":
        require_barriers()
    _register(root, assignment)
    graded = []
    for number, student in enumerate(chosen, 1):
        say(f"[{number}/{len(chosen)}] {student}")
        docket = docket_in(world, assign_docket(student, roster=root / "grading" / "classroom" / "roster.csv"))
        fingerprint = _fingerprint(root, assignment, student, read_plain(root, world, docket, day))
        graded.append(
            _grade_one(root, assignment, student, docket, None if force else fingerprint, fingerprint, engine)
        )
    return graded


def _day(root, assignment):
    days = sorted(folder.name for folder in (root / "course").glob("day*") if folder.is_dir())
    if assignment not in days:
        raise CointrailError(f"There is no assignment {assignment!r}. Assignments: {', '.join(days)}.")
    return int(assignment.removeprefix("day"))


def _register(root, assignment):
    """The gradebook must know the assignment; generating it once more into a scratch folder tells it."""
    with tempfile.TemporaryDirectory(prefix="cointrail-release-") as scratch:
        generate(root, assignment, Path(scratch), into_gradebook=True)


def _grade_one(root, assignment, student, docket, known, fingerprint, engine):
    mark = root / "grading" / "autograded" / student / assignment / ".graded.json"
    kept = json.loads(mark.read_text(encoding="utf-8")) if mark.is_file() else {}
    skipped = known is not None and kept.get("fingerprint") == known
    if skipped:
        problems, notes = kept["problems"], tuple(kept["notes"])
    else:
        problems, notes = _run(root, assignment, student, engine)
        kept = {"fingerprint": fingerprint, "problems": problems, "notes": notes}
        mark.write_text(json.dumps(kept), encoding="utf-8")
    write_feedback(root, assignment, student, docket, problems)
    scores, of, by_hand = notebook_scores(root, assignment, student)
    return Graded(student, docket, scores, of, by_hand, (*problems.values(), *notes), skipped)


def _run(root, assignment, student, engine):
    """Stage and autograde one submission in nbgrader."""
    with tempfile.TemporaryDirectory(prefix="cointrail-staged-") as scratch:
        submitted = root / "grading" / "submitted" / student / assignment
        hand_in = stage(submitted, root / "course" / assignment, Path(scratch) / student / assignment)
        shutil.rmtree(root / "grading" / "autograded" / student / assignment, ignore_errors=True)
        directory = course_directory(root, assignment, student_id=student, submitted_directory=scratch)
        config = load_config(root)
        config.RunSubmission.engine = engine
        step = Autograde(coursedir=directory, config=config)
        step.force = True
        nbgrader_step(step)
    return hand_in.problems, hand_in.notes


def _fingerprint(root, assignment, student, key):
    """What a score depends on: the hand-in's bytes, the released notebooks, the key, the class's secret."""
    digest = hashlib.sha256(class_secret(root) + json.dumps(key, sort_keys=True).encode())
    for folder in (root / "grading" / "submitted" / student / assignment, root / "course" / assignment):
        for file in sorted(folder.glob("*")):
            if file.is_file() and not file.is_symlink():
                digest.update(file.name.encode() + hashlib.sha256(file.read_bytes()).digest())
    questions = root / "grading" / "questions" / f"{assignment}.py"
    return hashlib.sha256(digest.digest() + questions.read_bytes()).hexdigest()
