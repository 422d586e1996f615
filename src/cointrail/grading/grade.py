"""`cointrail grade`: from the submitted/ tree to scores in nbgrader's gradebook and feedback pages.

Each submission is rebuilt and run, then scored by the chain that nbgrader_config.py names, so that the formgrader and
`nbgrader autograde` agree. A submission whose bytes and hidden cases did not change is not run again; when a key
did, the answers that were kept are scored again.
"""

import contextlib
import fcntl
import json
import shutil
import tempfile
import time
from dataclasses import asdict, dataclass, replace
from pathlib import Path

import nbformat
from nbgrader.api import Gradebook
from sqlalchemy.exc import SQLAlchemyError

from cointrail.errors import CointrailError
from cointrail.exercises.case import docket_in
from cointrail.exercises.roster import assign_docket, roster_file
from cointrail.grading.assignments import day_of, graded_assignments
from cointrail.grading.barriers import require_barriers
from cointrail.grading.chain import Chain
from cointrail.grading.course_files import generate, load_config, write_whole
from cointrail.grading.execute import begin_worker
from cointrail.grading.feedback import write_feedback
from cointrail.grading.gradebook import is_registered, marks_of, open_book, penalties_of, write_marks, write_penalties
from cointrail.grading.hidden import hidden_folder, make_hidden
from cointrail.grading.intake import HandIn, submissions
from cointrail.grading.keys import read_plain
from cointrail.grading.limits import Limits
from cointrail.grading.marks import Known, fingerprint, read_mark
from cointrail.grading.outputs import one_line
from cointrail.grading.pool import completed, usual_jobs
from cointrail.grading.progress import Clock
from cointrail.grading.questions import load_day
from cointrail.grading.regrade import key_digests, rescore
from cointrail.grading.runs import Task, run_hand_in
from cointrail.grading.sandbox import why_no_bubblewrap
from cointrail.grading.score_answers import RunSubmission
from cointrail.ledger import load_manifest

__all__ = ["Graded", "grade"]

_MARK = ".graded.json"
_WAITS_FOR_THE_BOOK = (1, 4, 10)  # seconds


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
    chosen = _chosen(root, assignment, students, say)
    runner = RunSubmission(config=load_config(root))
    engine = engine or runner.engine
    with contextlib.ExitStack() as stack:
        stack.enter_context(_alone(root))
        world, questions = load_day(root, day)
        make_hidden(root, questions)
        book = stack.enter_context(_registered(root, assignment))
        desk = _Desk(root, assignment, day, world, questions, engine, runner.limits, book, Chain(root))
        hand_ins = [desk.known(student) for student in chosen]
        results = {one.student: desk.not_run(one) for one in hand_ins if not force and desk.stands(one)}
        tasks = {desk.task(one): one for one in hand_ins if one.student not in results}
        clock = Clock(len(tasks), say)
        jobs = jobs or usual_jobs(len(tasks))
        if tasks and engine != "plain":
            _lock_up(desk, here=jobs == 1 and executor is None, say=say)
        for task, ran in completed(run_hand_in, list(tasks), jobs=jobs, executor=executor):
            result = desk.scored(tasks[task], ran)
            results[task.student] = result
            clock.tick(f"{task.student}: {_in_words(result)}")
    return [results[student] for student in chosen]


def _lock_up(desk, *, here, say):
    """Before anything of a hand-in is run: every barrier was tried. A worker of this process gets ready meanwhile."""
    from cointrail.tracing.warm import compile_kernels  # numba takes a moment

    compile_kernels(say)
    if here and not why_no_bubblewrap():
        begin_worker(desk.day, hidden_folder(desk.root), desk.limits)
    require_barriers()


def _in_words(result):
    return f"{result.total:g} of {result.of:g} points" if result.scores else result.notes[0]


def _chosen(root, assignment, students, say):
    everyone = submissions(root, assignment, say)
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


@contextlib.contextmanager
def _registered(root, assignment):
    """The gradebook, open, once it knows the assignment as it was released."""
    with contextlib.ExitStack() as stack:
        try:
            book = stack.enter_context(open_book(root))
            if not is_registered(book, assignment, _released(root, assignment)):
                book.db.rollback()  # the generator opens the book by itself
                with tempfile.TemporaryDirectory(prefix="cointrail-release-") as scratch:
                    generate(root, assignment, Path(scratch), into_gradebook=True)
            book.db.rollback()
        except (CointrailError, SQLAlchemyError, OSError) as error:
            why = str(getattr(error, "orig", error))
            raise CointrailError(
                f"The gradebook cannot be written: {why[:300]}. Mend that, and run it again."
            ) from error
        yield book


def _released(root, assignment):
    files = sorted((root / "course" / assignment).glob("*.ipynb"))
    return {file.stem: nbformat.v4.reads(file.read_text(encoding="utf-8")) for file in files}


@dataclass(frozen=True)
class _Desk:
    """One assignment being graded."""

    root: Path
    assignment: str
    day: int
    world: str
    questions: dict
    engine: str
    limits: Limits
    book: Gradebook
    chain: Chain

    def _place(self, kind, student):
        return self.root / "grading" / kind / student / self.assignment

    def known(self, student):
        letter = assign_docket(student, roster=roster_file(self.root))
        docket = docket_in(self.world, letter)
        key = read_plain(self.root, self.world, docket, self.day)
        mark = read_mark(self._place("autograded", student) / _MARK)
        now = fingerprint(self.root, self.assignment, student, letter, load_manifest(self.world)["tip"])
        return Known(student, letter, docket, now, key, key_digests(self.questions, key), mark)

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

    def stands(self, known):
        """Whether a hand-in needs no run: nothing it depends on has changed, and the gradebook holds its marks."""
        return known.stands(self.questions) and bool(marks_of(self.book, self.assignment, known.student))

    def not_run(self, known):
        """A hand-in whose run still holds; questions whose key was mended are scored again."""
        return self._result(known, self._reckoned_again)

    def scored(self, known, ran):
        """A hand-in that was run."""
        return self._result(known, self._written, ran)

    def _result(self, known, work, *ran):
        try:
            return self._with_patience(work, known, *ran)
        except Exception as error:  # one hand-in must not stop the class; it is told, and the next run tries again
            note = f"Could not be graded: {type(error).__name__}: {one_line(str(error), 300)} Run the command again."
            return Graded(known.student, known.docket, {}, 0.0, 0.0, (note,), False)

    def _with_patience(self, work, *of):
        """Another program, such as the formgrader, may hold the gradebook for a moment."""
        for seconds in (*_WAITS_FOR_THE_BOOK, None):
            try:
                return work(*of)
            except Exception as error:
                self.book.db.rollback()
                if seconds is None or "database is locked" not in str(error):
                    raise
                time.sleep(seconds)
        raise AssertionError("the last try returns or raises")

    def _reckoned_again(self, known):
        """What may have changed without a run: keys, and what handing in late costs."""
        changed = known.changed()
        hand_in = HandIn(**known.mark["hand_in"])
        if changed:
            rescore(self.root, self.book, self.assignment, self.day, known.student, known.docket, known.key, changed)
        write_penalties(self.book, self.assignment, known.student, self.chain.penalty)
        result = self._told(known, hand_in, skipped=True)
        if changed:
            self._remember(known, hand_in)
            again = f"Scored again, because the key was mended: {', '.join(sorted(changed))}."
            return replace(result, notes=(*result.notes, again))
        return result

    def _written(self, known, ran):
        """Scores, feedback, and last the mark that says all of it is there."""
        if isinstance(ran, BaseException):
            raise ran
        self._write(known.student, ran)
        result = self._told(known, ran.hand_in, skipped=False)
        self._remember(known, ran.hand_in)
        return result

    def _remember(self, known, hand_in):
        mark = {"fingerprint": known.fingerprint, "keys": known.digests, "hand_in": asdict(hand_in)}
        write_whole(self._place("autograded", known.student) / _MARK, json.dumps(mark))

    def _write(self, student, ran):
        """Score one hand-in from the outputs of its run: the notebooks first, then the gradebook."""
        folder = self._place("autograded", student)
        shutil.rmtree(folder, ignore_errors=True)
        folder.mkdir(parents=True)
        scored = {}
        for file, text in ran.executed.items():
            name = file.removesuffix(".ipynb")
            notebook = nbformat.v4.reads(text)
            scored[name] = self.chain.apply(notebook, student=student, assignment=self.assignment, name=name)
            write_whole(folder / file, nbformat.v4.writes(scored[name]))
        if ran.handed_in is not None:
            write_whole(folder / "timestamp.txt", ran.handed_in)
        times = {"handed_in": ran.handed_in, "penalty": self.chain.penalty}
        write_marks(self.book, self.assignment, student, scored, **times)

    def _told(self, known, hand_in, *, skipped):
        """Feedback pages, and the line of the summary."""
        marks = marks_of(self.book, self.assignment, known.student)
        late = penalties_of(self.book, self.assignment, known.student)
        self.book.db.rollback()  # nothing to write; the formgrader may want the book
        write_feedback(self.root, self.assignment, known.student, known.docket, hand_in, marks, late)
        scores = {name: sum(m.points for m in marks if m.notebook == name) - late[name] for name in sorted(late)}
        of = sum(mark.of for mark in marks if not mark.waiting)
        by_hand = sum(mark.of for mark in marks if mark.waiting)
        off = round(sum(late.values()), 2)
        notes = (*hand_in.sentences, *([f"Handed in late: {off:g} points were taken off."] if off else []))
        return Graded(known.student, known.docket, scores, of, by_hand, notes, skipped)
