"""`cointrail grade`: from the submitted/ tree to scores in nbgrader's gradebook and feedback pages.

Each submission is staged, run and scored by nbgrader's own Autograde with the course's chain, so that the formgrader
and `nbgrader autograde` agree. A submission whose bytes, key and hidden cases did not change is not run again.
"""

import contextlib
import fcntl
import hashlib
import json
import os
import shutil
import tempfile
from dataclasses import asdict, dataclass
from pathlib import Path

from nbgrader.converters import Autograde

from cointrail.errors import CointrailError
from cointrail.exercises.case import assign_docket, docket_in
from cointrail.grading.assignments import day_of, graded_assignments
from cointrail.grading.barriers import require_barriers
from cointrail.grading.course_files import course_directory, generate, load_config, nbgrader_step
from cointrail.grading.feedback import notebook_scores, write_feedback
from cointrail.grading.hidden import class_secret, hidden_folder, make_hidden
from cointrail.grading.intake import HandIn, submissions
from cointrail.grading.keys import read_plain
from cointrail.grading.limits import Limits
from cointrail.grading.pool import completed, usual_jobs
from cointrail.grading.progress import Clock
from cointrail.grading.questions import load_day
from cointrail.grading.runs import Task, run_hand_in
from cointrail.grading.score_answers import RunSubmission

__all__ = ["Graded", "grade"]

_MARK = ".graded.json"


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


def grade(root, assignment, *, students=(), force=False, engine=None, jobs=None, executor=None, say=print):
    """Grade the hand-ins of an assignment.

    Many are run at once; their scores are written one by one, by this process alone. A stop at any moment loses no
    finished one: the next run goes on with the rest.

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
    jobs : int, optional
        Processes that run hand-ins; one for each core when left out.
    executor : concurrent.futures.Executor, optional
        Runs the hand-ins instead of own processes; it must see the same files.
    say : callable
        Called with a line of progress.

    Returns
    -------
    list of Graded
        In the order of the students' names.

    Raises
    ------
    CointrailError
        There is no such assignment or hand-in, a barrier of the sandbox does not hold, or another run is under way.
    """
    day = _day(root, assignment)
    chosen = _chosen(root, assignment, students)
    runner = RunSubmission(config=load_config(root))
    engine = engine or runner.engine
    with _alone(root):
        if engine != "plain":
            require_barriers()
        _register(root, assignment)
        world, questions = load_day(root, day)
        make_hidden(root, questions)
        desk = _Desk(root, assignment, day, world, engine, runner.limits)
        hand_ins = [desk.known(student) for student in chosen]
        results = {one.student: desk.unchanged(one) for one in hand_ins if not force and one.mark}
        tasks = {desk.task(one): one for one in hand_ins if one.student not in results}
        clock = Clock(len(tasks), say)
        jobs = jobs or usual_jobs(len(tasks))
        for task, ran in completed(run_hand_in, list(tasks), jobs=jobs, executor=executor):
            result = desk.scored(tasks[task], ran)
            results[task.student] = result
            clock.tick(f"{task.student}: {result.total:g} of {result.of:g} points")
    return [results[student] for student in chosen]


def _chosen(root, assignment, students):
    everyone = submissions(root, assignment)
    unknown = sorted(set(students) - set(everyone))
    if unknown:
        raise CointrailError(f"{unknown[0]} handed in nothing for {assignment}. Handed in: {', '.join(everyone)}.")
    return sorted(set(students)) or everyone


@contextlib.contextmanager
def _alone(root):
    """One run at a time writes to this desk; the lock goes with the process, however it ends."""
    with open(root / "grading" / ".grading.lock", "w", encoding="utf-8") as lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError as error:
            raise CointrailError("Another cointrail grade is at work on this course. Wait for its end.") from error
        yield


def _day(root, assignment):
    there = [name for name in graded_assignments(root) if (root / "course" / name).is_dir()]
    if assignment not in there:
        raise CointrailError(f"There is no assignment {assignment!r}. Assignments: {', '.join(there)}.")
    return day_of(assignment)


def _register(root, assignment):
    """The gradebook must know the assignment; generating it once more into a scratch folder tells it."""
    with tempfile.TemporaryDirectory(prefix="cointrail-release-") as scratch:
        generate(root, assignment, Path(scratch), into_gradebook=True)


@dataclass(frozen=True)
class _Known:
    """A hand-in, its fingerprint, and what was noted when exactly this was graded before."""

    student: str
    letter: str
    docket: str
    fingerprint: str
    mark: dict | None


@dataclass(frozen=True)
class _Desk:
    """One assignment being graded."""

    root: Path
    assignment: str
    day: int
    world: str
    engine: str
    limits: Limits

    def _place(self, kind, student):
        return self.root / "grading" / kind / student / self.assignment

    def known(self, student):
        letter = assign_docket(student, roster=self.root / "grading" / "classroom" / "roster.csv")
        docket = docket_in(self.world, letter)
        key = read_plain(self.root, self.world, docket, self.day)
        fingerprint = _fingerprint(self.root, self.assignment, student, key)
        mark = _read_mark(self._place("autograded", student) / _MARK)
        return _Known(student, letter, docket, fingerprint, mark if mark.get("fingerprint") == fingerprint else None)

    def task(self, known):
        return Task(
            student=known.student,
            submitted=self._place("submitted", known.student),
            released=self.root / "course" / self.assignment,
            docket=known.letter,
            world=self.world,
            day=self.day,
            hidden=hidden_folder(self.root),
            limits=self.limits,
            engine=self.engine,
        )

    def unchanged(self, known):
        return self._told(known, HandIn(**known.mark["hand_in"]), skipped=True)

    def scored(self, known, ran):
        """Write scores, feedback, and last the mark that says all of it is there."""
        try:
            if isinstance(ran, BaseException):
                raise ran
            self._autograde(known.student, ran)
            result = self._told(known, ran.hand_in, skipped=False)
            mark = {"fingerprint": known.fingerprint, "hand_in": asdict(ran.hand_in)}
            _write_whole(self._place("autograded", known.student) / _MARK, json.dumps(mark))
            return result
        except Exception as error:  # one hand-in must not stop the class; it is told, and the next run tries again
            note = f"Could not be graded: {type(error).__name__}: {str(error)[:300]} Run the command again."
            return Graded(known.student, known.docket, {}, 0.0, 0.0, (note,), False)

    def _autograde(self, student, ran):
        """Score one hand-in in nbgrader, from the outputs of its run."""
        with tempfile.TemporaryDirectory(prefix="cointrail-staged-") as scratch:
            folder = Path(scratch) / student / self.assignment
            folder.mkdir(parents=True)
            for name, text in ran.files.items():
                (folder / name).write_text(text, encoding="utf-8")
            shutil.rmtree(self._place("autograded", student), ignore_errors=True)
            directory = course_directory(self.root, self.assignment, student_id=student, submitted_directory=scratch)
            config = load_config(self.root)
            config.RunSubmission.engine = self.engine
            RunSubmission.executed.update(ran.executed)
            step = Autograde(coursedir=directory, config=config)
            step.force = True
            try:
                nbgrader_step(step)
            finally:
                RunSubmission.executed.clear()

    def _told(self, known, hand_in, *, skipped):
        """Feedback pages, and the line of the summary."""
        write_feedback(self.root, self.assignment, known.student, known.docket, hand_in)
        scores, of, by_hand = notebook_scores(self.root, self.assignment, known.student)
        return Graded(known.student, known.docket, scores, of, by_hand, hand_in.sentences, skipped)


def _read_mark(file):
    """What was noted beside a graded hand-in; nothing when there is none, or only half of one."""
    try:
        mark = json.loads(file.read_text(encoding="utf-8"))
    except (FileNotFoundError, ValueError):
        return {}
    return mark if isinstance(mark, dict) and set(mark) == {"fingerprint", "hand_in"} else {}


def _write_whole(file, text):
    """A file that is there whole or not at all, whenever this process ends."""
    part = file.with_name(file.name + ".part")
    part.write_text(text, encoding="utf-8")
    part.replace(file)


def _fingerprint(root, assignment, student, key):
    """What a score depends on: the hand-in's bytes, the released notebooks, the key, the class's secret."""
    digest = hashlib.sha256(class_secret(root) + json.dumps(key, sort_keys=True).encode())
    for folder in (root / "grading" / "submitted" / student / assignment, root / "course" / assignment):
        for file in sorted(folder.glob("*")):
            if file.is_file() and not file.is_symlink():
                with file.open("rb") as stream:
                    digest.update(os.fsencode(file.name) + hashlib.file_digest(stream, "sha256").digest())
    questions = root / "grading" / "questions" / f"{assignment}.py"
    return hashlib.sha256(digest.digest() + questions.read_bytes()).hexdigest()
