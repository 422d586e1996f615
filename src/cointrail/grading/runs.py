"""One hand-in, taken in and run: a pure function of its files and the docket, for any executor on any machine."""

import hashlib
import json
import tempfile
from dataclasses import dataclass
from pathlib import Path

import nbformat

from cointrail.grading.execute import run_notebook
from cointrail.grading.intake import HandIn, stage
from cointrail.grading.limits import Limits

__all__ = ["Ran", "Task", "fill", "run_hand_in", "run_key"]


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
    """A hand-in after its run: what the intake found, the rebuilt files by name, and executed notebooks by key."""

    hand_in: HandIn
    files: dict[str, str]
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
        files = {file.name: file.read_text(encoding="utf-8") for file in sorted(staged.iterdir())}
    executed = {}
    for name in sorted(files):
        if name.endswith(".ipynb"):
            notebook = nbformat.reads(files[name], as_version=4)
            ran = run_notebook(
                notebook,
                task.docket,
                world=task.world,
                day=task.day,
                hidden=task.hidden,
                limits=task.limits,
                engine=task.engine,
            )
            executed[run_key(notebook, task.docket)] = nbformat.writes(ran)
    return Ran(hand_in, files, executed)


def run_key(notebook, docket):
    """Names a run: the docket and the text of every code cell."""
    sources = [cell.source for cell in notebook.cells if cell.cell_type == "code"]
    return hashlib.sha256(json.dumps([docket, sources]).encode()).hexdigest()


def fill(notebook, executed):
    """Put the outputs of an executed notebook into the same cells of another."""
    ran = [cell for cell in nbformat.reads(executed, as_version=4).cells if cell.cell_type == "code"]
    for cell, done in zip((c for c in notebook.cells if c.cell_type == "code"), ran, strict=True):
        cell.outputs, cell.execution_count = done.outputs, done.execution_count
    return notebook
