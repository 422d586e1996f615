"""One hand-in, taken in and run: a pure function of its files and the docket, for any executor on any machine."""

import tempfile
from dataclasses import dataclass
from pathlib import Path

import nbformat

from cointrail.grading.answers import remember_answers
from cointrail.grading.execute import run_notebook
from cointrail.grading.intake import HandIn, stage
from cointrail.grading.limits import Limits

__all__ = ["Ran", "Task", "run_hand_in"]


@dataclass(frozen=True)
class Task:
    """What a run of one hand-in needs to know."""

    student: str
    submitted: Path
    released: Path
    docket: str
    world: str
    day: int
    hidden: Path
    limits: Limits
    engine: str


@dataclass(frozen=True)
class Ran:
    """A hand-in after its run.

    Attributes
    ----------
    hand_in : HandIn
        What the intake found.
    handed_in : str or None
        When, as nbgrader's exchange wrote it.
    executed : dict of str to str
        Each rebuilt notebook with its outputs, by file name.
    """

    hand_in: HandIn
    handed_in: str | None
    executed: dict[str, str]


def run_hand_in(task):
    """Rebuild every notebook of a hand-in and run it.

    Parameters
    ----------
    task : Task

    Returns
    -------
    Ran
    """
    with tempfile.TemporaryDirectory(prefix="cointrail-staged-") as scratch:
        staged = Path(scratch) / "staged"
        hand_in = stage(task.submitted, task.released, staged)
        time = staged / "timestamp.txt"
        handed_in = time.read_text(encoding="utf-8") if time.is_file() else None
        rebuilt = {file.name: nbformat.v4.reads(_text(file)) for file in sorted(staged.glob("*.ipynb"))}
    return Ran(hand_in, handed_in, {name: nbformat.v4.writes(_run(task, nb)) for name, nb in rebuilt.items()})


def _text(file):
    return file.read_text(encoding="utf-8")


def _run(task, notebook):
    """Run one notebook; the answers that it showed when it was handed in are noted first."""
    remember_answers(notebook)
    return run_notebook(
        notebook,
        task.docket,
        world=task.world,
        day=task.day,
        hidden=task.hidden,
        limits=task.limits,
        engine=task.engine,
    )
