"""The one door to the untrusted zone: run a notebook elsewhere and bring back its outputs.

`run_notebook` is a pure function of the notebook and the docket. The code gets a clean environment, a scratch folder,
keys that hold forms only and the day's hidden inputs; it is handed no truth, no plain key and no gradebook. What comes
back is bounded JSON, cleaned before it is put into the notebook.
"""

import json
from dataclasses import asdict

import nbformat

from cointrail.exercises.case import docket_in
from cointrail.exercises.keys import read_key, seal
from cointrail.grading.limits import Limits
from cointrail.grading.outputs import clean_outputs, note_output
from cointrail.grading.plain_engine import run_plain
from cointrail.grading.sandbox import View
from cointrail.grading.workers import worker_for
from cointrail.ledger import data_folder

__all__ = ["ENGINES", "Limits", "forms_of", "run_notebook"]

# fork: a forked warm Python in the sandbox; kernel: a real ipykernel there; plain: an ipykernel and no sandbox
ENGINES = ("fork", "kernel", "plain")
_USUAL = Limits()


def run_notebook(notebook, docket, *, world, day, hidden, limits=_USUAL, engine="fork"):
    """Run every code cell of a notebook, from top to bottom, in a fresh Python.

    Parameters
    ----------
    notebook : NotebookNode
        Left unchanged.
    docket : str
        Whose case it is.
    world, day : str, int
        Whose forms are put before the learner's `check`.
    hidden : Path
        Folder of hidden inputs; those of the day's questions are shown.
    limits : Limits
    engine : str
        One of `ENGINES`.

    Returns
    -------
    NotebookNode
        A copy with outputs. A cell that failed or ran too long holds its error, and the next ones still run; after the
        notebook's time is over, or its Python is dead, every cell that did not run says so.

    Raises
    ------
    SandboxError
        There can be no sandbox here, and the engine needs one.
    """
    notebook = nbformat.from_dict(notebook)
    job = {
        "engine": engine,
        "cells": [[index, cell.source] for index, cell in _code_cells(notebook)],
        "files": {f"forms/{name}": text for name, text in forms_of(world, docket, day).items()},
        "environment": {"COINTRAIL_DOCKET": docket},
        "limits": asdict(limits),
    }
    view = View.of_day(day, hidden)
    ran = run_plain(view, job, limits) if engine == "plain" else _run_in_worker(view, job, limits)
    for index, cell in _code_cells(notebook):
        _fill(cell, index, ran, limits)
    return notebook


def _run_in_worker(view, job, limits):
    """A worker that was lost before the first cell began did not lose it by the notebook's doing: once more."""
    ran = worker_for(view, limits).run(job, limits)
    if ran.end == "died" and ran.running is None and not ran.cells:
        ran = worker_for(view, limits).run(job, limits)
    return ran


def _code_cells(notebook):
    return [(i, cell) for i, cell in enumerate(notebook.cells) if cell.cell_type == "code" and cell.source.strip()]


def forms_of(world, docket, day):
    """What a graded notebook has in place of its key, by path: the exam's kind, which holds forms and nothing else."""
    own = docket_in(world, docket)
    name = f"{world}/keys/{own}/day{day}.json"
    key = read_key(data_folder() / name)
    questions = {question: seal(locked, salt="", exam=True) for question, locked in key["questions"].items()}
    return {name: json.dumps({**key, "questions": questions})}


def _fill(cell, index, ran, limits):
    cell.outputs, cell.execution_count = [], None
    if index in ran.cells:
        outputs, cell.execution_count = ran.cells[index]
        cell.outputs = clean_outputs(outputs)
    elif index == ran.running and ran.end in _ENDS_OF_A_CELL:
        name, sentence = _ENDS_OF_A_CELL[ran.end]
        cell.outputs = [note_output(name, sentence.format(cell=limits.cell, memory=limits.memory >> 20))]
    elif ran.end in ("done", "notebook time"):
        sentence = f"The notebook had used its {limits.notebook} seconds; this cell was not run."
        cell.outputs = [note_output("NotRun", sentence)]
    else:
        why = _WHY_NOT_RUN.get(ran.end, ran.end)
        cell.outputs = [note_output("NotRun", f"This cell was not run to its end, because {why}.")]


_ENDS_OF_A_CELL = {
    "died": ("KernelDied", "Python stopped in this cell; the cells after it were not run."),
    "cell time": (
        "TimeOut",
        "This cell ran longer than {cell} seconds and could not be stopped alone; the cells after it were not run.",
    ),
    "notebook time": ("TimeOut", "The notebook's time was over in this cell."),
    "memory": ("OutOfMemory", "This cell took more than {memory} MB of memory; the cells after it were not run."),
}
_WHY_NOT_RUN = {
    "died": "Python stopped in a cell before it",
    "cell time": "a cell before it did not end",
    "memory": "a cell before it took too much memory",
}
