"""`cointrail bench grading`: hand-ins a minute, beside plain `nbgrader autograde` on the same hand-ins and machine.

Plain nbgrader runs the same cells in its own way (its Execute preprocessor, one hand-in after the other, no sandbox);
its answers are then scored by the same scorer, so that both must come to the same points.
"""

import os
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
from cointrail.grading.grade import grade

__all__ = ["bench_grading"]

_PLAIN = """
from nbgrader.preprocessors import Execute
c.Autograde.autograde_preprocessors = [Execute, *c.Autograde.autograde_preprocessors[1:]]
c.Execute.timeout = 120
"""


def bench_grading(root, *, hand_ins=12, plain_hand_ins=4, assignment="day2", say=print):
    """Measure both on right hand-ins of one day.

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
        Figure name to {value, unit, peer, peer_value, ratio, n}.
    """
    with tempfile.TemporaryDirectory(prefix="cointrail-bench-") as scratch:
        say(f"cointrail grade: {hand_ins} hand-ins")
        own = _desk(root, Path(scratch) / "own", assignment, hand_ins)
        own_rate = _rate(hand_ins, lambda: grade(own, assignment, say=say), own)
        say(f"nbgrader autograde: {plain_hand_ins} hand-ins")
        plain = _desk(root, Path(scratch) / "plain", assignment, plain_hand_ins)
        plain_rate = _rate(plain_hand_ins, lambda: _autograde(plain, own, assignment), plain)
        if not set(_points(plain, assignment)) == set(_points(own, assignment)) or not any(_points(own, assignment)):
            raise CointrailError("The two graders came to different points, so their speed cannot be compared.")
    figure = {
        "value": round(own_rate, 1),
        "unit": "submissions/min",
        "peer": "nbgrader autograde",
        "peer_value": round(plain_rate, 1),
        "ratio": round(own_rate / plain_rate, 2),
        "n": hand_ins,
    }
    return {"submissions_per_minute": figure}


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
    setting = {"COINTRAIL_GRADING": "1", "COINTRAIL_DOCKET": "A", "COINTRAIL_HIDDEN": str(plain / "grading" / "hidden")}
    done = subprocess.run(
        [sys.executable, "-m", "nbgrader", "autograde", assignment],
        cwd=plain,
        env=os.environ | setting,
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
