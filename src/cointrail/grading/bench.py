"""`cointrail bench grading`: hand-ins a minute, beside plain `nbgrader autograde` on the same hand-ins and machine.

Plain nbgrader runs the same cells in its own way (its Execute preprocessor, one hand-in after the other, no sandbox);
its answers are then scored by the same scorer, so that both must come to the same points.
"""

import json
import os
import resource
import shutil
import subprocess
import sys
import tempfile
import time
from pathlib import Path

import nbformat
from nbgrader.api import Gradebook

from cointrail.errors import CointrailError
from cointrail.exercises.case import DOCKETS
from cointrail.grading.assignments import day_of
from cointrail.grading.execute import forms_of, run_notebook
from cointrail.grading.grade import grade
from cointrail.grading.hidden import hidden_folder
from cointrail.grading.questions import load_day
from cointrail.grading.stopwatch import best_of
from cointrail.grading.workers import CALL_FIRST, PRELOAD
from cointrail.tracing.warm import compile_kernels

__all__ = ["bench_grading"]

_PLAIN = """
from nbgrader.preprocessors import Execute
c.Autograde.autograde_preprocessors = [Execute, *c.Autograde.autograde_preprocessors[1:]]
c.Execute.timeout = 120
"""


def bench_grading(root, *, hand_ins=40, plain_hand_ins=2, assignment="day2", say=print):
    """Measure both on right hand-ins of one whole day.

    Parameters
    ----------
    root : Path
        The course; it is copied and left alone.
    hand_ins, plain_hand_ins : int
        How many each of the two grades; plain nbgrader takes the same time for each.
    assignment : str
    say : callable

    Returns
    -------
    dict
        Figure name to {value, unit, peer, peer_value, ratio, n}: the rate beside nbgrader's, with everything from the
        command to the last page; running alone beside the same cells in a warm Python; seconds for each hand-in in the
        last quarter of the run beside those in the second; the memory of the coordinator beside what it may have.
    """
    compile_kernels(say)  # once on a machine, for both
    with tempfile.TemporaryDirectory(prefix="cointrail-bench-") as scratch:
        say(f"cointrail grade: {hand_ins} hand-ins")
        own = _desk(root, Path(scratch) / "own", assignment, hand_ins)
        times = []
        own_rate = _rate(hand_ins, lambda: grade(own, assignment, say=lambda line: _noted(line, times, say)), own)
        memory = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
        inside, bare = _execution(own, assignment, say)
        say(f"nbgrader autograde: {plain_hand_ins} hand-ins")
        plain = _desk(root, Path(scratch) / "plain", assignment, plain_hand_ins)
        plain_rate = _rate(plain_hand_ins, lambda: _autograde(plain, own, assignment), plain)
        if not set(_points(plain, assignment)) == set(_points(own, assignment)) or not any(_points(own, assignment)):
            raise CointrailError("The two graders came to different points, so their speed cannot be compared.")
    early, late = _each(times, 1, 2), _each(times, 3, 4)
    return {
        "submissions_per_minute": _figure(
            own_rate, "submissions/min", "nbgrader", plain_rate, own_rate / plain_rate, hand_ins
        ),
        "execution": _figure(inside, "s", "warm python", bare, bare / inside, _RUNS),
        "seconds_each_late_in_the_run": _figure(late, "s", "early in the run", early, early / late, hand_ins),
        "coordinator_memory": _figure(memory, "MB", "limit", _MOST_MEMORY, _MOST_MEMORY / memory, hand_ins),
    }


_RUNS = 3  # of each notebook; the quickest counts
_MOST_MEMORY = 1024  # MB


def _figure(value, unit, peer, peer_value, ratio, n):
    made = {"value": round(value, 3), "unit": unit, "peer": peer, "peer_value": round(peer_value, 3)}
    return made | {"ratio": round(ratio, 2), "n": n}


def _noted(line, times, say):
    times.append(time.monotonic())
    say(line)


def _each(times, first, last):
    """Seconds for each hand-in between two quarters of the run."""
    marks = [times[quarter * (len(times) - 1) // 4] for quarter in (first, last)]
    return (marks[1] - marks[0]) * 4 / ((last - first) * (len(times) - 1))


def _execution(own, assignment, say):
    """Seconds of all notebooks of a day in the sandbox, and in a warm Python; the quickest of some runs of each."""
    say("the same cells in the sandbox, and in a warm Python with nothing around them")
    day = day_of(assignment)
    world, _ = load_day(own, day)
    files = sorted((own / "grading" / "submitted" / "s000" / assignment).glob("*.ipynb"))
    notebooks = [nbformat.read(file, as_version=4) for file in files]
    of = {"world": world, "day": day, "hidden": hidden_folder(own)}
    run_notebook(notebooks[0], DOCKETS[0], **of)  # starts the worker
    inside = sum(best_of(_RUNS, lambda one=one: run_notebook(one, DOCKETS[0], **of))[0] for one in notebooks)
    cells = [[cell.source for cell in notebook.cells if cell.cell_type == "code"] for notebook in notebooks]
    job = {"preload": PRELOAD, "call": CALL_FIRST, "notebooks": cells, "times": _RUNS}
    with tempfile.TemporaryDirectory() as scratch:
        done = subprocess.run(
            [sys.executable, "-m", "cointrail.grading.bare"],
            input=json.dumps(job),
            cwd=scratch,
            env=os.environ | _as_graded(own, assignment),
            capture_output=True,
            text=True,
            check=True,
        )
    return inside, sum(json.loads(done.stdout))


def _as_graded(root, assignment):
    """What a notebook finds in its environment when it is graded, for one that runs outside the sandbox."""
    day = day_of(assignment)
    world, _ = load_day(root, day)
    for name, text in forms_of(world, DOCKETS[0], day).items():
        file = root / "forms" / name
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(text, encoding="utf-8")
    return {
        "COINTRAIL_KEYS": str(root / "forms"),
        "COINTRAIL_GRADING": "1",
        "COINTRAIL_DOCKET": DOCKETS[0],
        "COINTRAIL_HIDDEN": str(root / "grading" / "hidden"),
        "MPLBACKEND": "module://matplotlib_inline.backend_inline",
    }


def _desk(root, folder, assignment, hand_ins):
    """A copy of the course with right hand-ins, all of one docket."""
    for name in ("course", "solutions", "grading/questions", "grading/truth"):
        shutil.copytree(root / name, folder / name)
    shutil.copyfile(root / "nbgrader_config.py", folder / "nbgrader_config.py")
    students = [f"s{number:03}" for number in range(hand_ins)]
    roster = folder / "grading" / "classroom" / "roster.csv"
    roster.parent.mkdir()
    rows = [f"{student},,{DOCKETS[0]}" for student in students]
    roster.write_text("\n".join(["student_id,name,docket", *rows, ""]), encoding="utf-8")
    for student in students:
        shutil.copytree(folder / "course" / assignment, folder / "grading" / "submitted" / student / assignment)
        for file in (folder / "grading" / "submitted" / student / assignment).glob("*.ipynb"):
            _answer(file, folder / "solutions" / assignment / file.name)
    return folder


def _answer(file, solution):
    right = {cell.get("id"): cell.source for cell in nbformat.read(solution, as_version=4).cells}
    notebook = nbformat.read(file, as_version=4)
    for cell in notebook.cells:
        if cell.metadata.get("nbgrader", {}).get("solution"):
            cell.source = right[cell.id]
    nbformat.write(notebook, file)


def _rate(hand_ins, work, folder):
    """Hand-ins a minute; everything counts, from the start of the program's work to the last grade."""
    before = Path.cwd()
    os.chdir(folder)
    try:
        start = time.monotonic()
        work()
        return hand_ins * 60 / (time.monotonic() - start)
    finally:
        os.chdir(before)


def _autograde(plain, own, assignment):
    """Plain nbgrader, as an instructor types it; the hidden inputs are those of the other desk."""
    config = plain / "nbgrader_config.py"
    config.write_text(config.read_text(encoding="utf-8") + _PLAIN, encoding="utf-8")
    for name in ("hidden", "secret.key"):
        source = own / "grading" / name
        (shutil.copytree if source.is_dir() else shutil.copyfile)(source, plain / "grading" / name)
    shutil.copyfile(own / "grading" / "gradebook.db", plain / "grading" / "gradebook.db")
    _forget_hand_ins(plain, assignment)
    done = subprocess.run(
        [sys.executable, "-m", "nbgrader", "autograde", assignment],
        cwd=plain,
        env=os.environ | _as_graded(plain, assignment),
        capture_output=True,
        text=True,
    )
    if done.returncode != 0:
        raise CointrailError(f"nbgrader autograde stopped: {done.stderr.strip()[-400:]}")


def _book(root):
    return Gradebook(f"sqlite:///{root / 'grading' / 'gradebook.db'}", "cointrail")


def _forget_hand_ins(root, assignment):
    with _book(root) as book:
        for submission in list(book.assignment_submissions(assignment)):
            book.remove_submission(assignment, submission.student.id)


def _points(root, assignment):
    with _book(root) as book:
        return [submission.score for submission in book.assignment_submissions(assignment)]
