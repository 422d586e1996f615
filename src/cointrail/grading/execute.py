"""The one door to the untrusted zone: run a notebook elsewhere and bring back its outputs.

`run_notebook` is a pure function of the notebook and the docket. The code gets a clean environment, a scratch folder,
keys that hold forms only and the day's hidden inputs; it is handed no truth, no plain key and no gradebook. What comes
back is bounded JSON, cleaned before it is put into the notebook.
"""

import ast
import json
from dataclasses import asdict

import nbformat

from cointrail.exercises.case import docket_in
from cointrail.exercises.keys import read_key, seal
from cointrail.exercises.records import MIME
from cointrail.grading.answers import question_of, records_of
from cointrail.grading.limits import Limits
from cointrail.grading.outputs import clean_outputs, note_output
from cointrail.grading.plain_engine import run_plain
from cointrail.grading.rebuild import OWN
from cointrail.grading.sandbox import View
from cointrail.grading.workers import worker_for
from cointrail.ledger import data_folder

__all__ = ["ENGINES", "Limits", "begin_worker", "forms_of", "run_notebook"]

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

    A notebook that answers function questions is run twice. The first run sees no hidden input, and everything that is
    shown of it comes from there; of the second one, which does, only the answers to these questions are taken. So no
    hidden input can be carried out in another answer, an error or a text.

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
    name, key = _sealed(world, docket, day)
    job = {
        "engine": engine,
        "cells": [[index, cell.source] for index, cell in _code_cells(notebook)],
        "files": {f"forms/{path}": text for path, text in _forms(name, key).items()},
        "environment": {"COINTRAIL_DOCKET": docket, "COINTRAIL_HIDDEN": ""},
        "limits": asdict(limits),
        "hidden": False,
    }
    view = View.of_day(day, hidden)
    run = run_plain if engine == "plain" else _run_in_worker
    ran = run(view, job, limits)
    for index, cell in _code_cells(notebook):
        _fill(cell, index, ran, limits)
    functions = _functions_to_run(notebook, view, key["questions"])
    if functions:
        _answer_on_hidden(notebook, functions, run, view, job, limits)
    return notebook


def begin_worker(day, hidden, limits):
    """Let this thread's worker for a day get ready, beside what else there is to do."""
    worker_for(View.of_day(day, hidden), limits)


def _functions_to_run(notebook, view, known):
    """The check cells of function questions that came to an answer on a sample, or that have none to try."""
    checks = [(index, cell, question_of(cell)) for index, cell in _code_cells(notebook)]
    checks = [check for check in checks if check[2] in dict(view.hidden)]
    return {
        index: cell
        for index, cell, question in checks
        if records_of(cell, question) or not known.get(question, {}).get("samples")
    }


def _what_it_defines(cell):
    """Of a released cell the lines that make names; figures, hints and other questions' checks only show something."""
    if cell.get("id", "").startswith(OWN) or cell.metadata.get("nbgrader", {}).get("solution"):
        return cell.source
    try:
        lines = ast.parse(cell.source).body
    except SyntaxError:  # a magic
        return cell.source
    return "\n".join(ast.unparse(line) for line in lines if not isinstance(line, ast.Expr) or _makes_a_name(line))


def _makes_a_name(line):
    return any(isinstance(part, ast.NamedExpr) for part in ast.walk(line))


def _answer_on_hidden(notebook, functions, run, view, job, limits):
    """Put the answers to function questions on the hidden inputs in the place of those on the public samples."""
    before = [(index, cell) for index, cell in _code_cells(notebook) if index <= max(functions)]
    sources = [(index, cell.source if index in functions else _what_it_defines(cell)) for index, cell in before]
    cells = [[index, source] for index, source in sources if source]
    environment = {name: text for name, text in job["environment"].items() if name != "COINTRAIL_HIDDEN"}
    ran = run(view, {**job, "cells": cells, "environment": environment, "hidden": True}, limits)
    for index, cell in functions.items():
        again = nbformat.v4.new_code_cell(cell.source, metadata=cell.metadata)
        again.outputs = clean_outputs(ran.cells[index][0]) if index in ran.cells else []
        records = records_of(again, question_of(cell))
        if records:
            cell.outputs = [nbformat.v4.new_output("display_data", data={MIME: records[-1], "text/plain": _ON_HIDDEN})]
        elif records_of(cell, question_of(cell)):
            cell.outputs = [note_output("NoAnswer", _NOT_ON_HIDDEN)]


_ON_HIDDEN = "The function was run on the hidden cases."
_NOT_ON_HIDDEN = "it did on the samples, but on the hidden cases Python stopped, or its time was over."


def _run_in_worker(view, job, limits):
    """A worker that was lost before the first cell began did not lose it by the notebook's doing: once more."""
    worker = worker_for(view, limits)
    if not worker.nested and not job["hidden"]:  # it cannot cover what it shows
        view = View(view.data)
        worker = worker_for(view, limits)
    ran = worker.run(job, limits)
    if ran.end == "died" and ran.running is None and not ran.cells:
        ran = worker_for(view, limits).run(job, limits)
    return ran


def _code_cells(notebook):
    return [(i, cell) for i, cell in enumerate(notebook.cells) if cell.cell_type == "code" and cell.source.strip()]


def forms_of(world, docket, day):
    """What a graded notebook has in place of its key, by path: the exam's kind, which holds forms and nothing else."""
    return _forms(*_sealed(world, docket, day))


def _forms(name, key):
    questions = {question: _form(locked) for question, locked in key["questions"].items()}
    return {name: json.dumps({**key, "questions": questions})}


def _sealed(world, docket, day):
    name = f"{world}/keys/{docket_in(world, docket)}/day{day}.json"
    return name, read_key(data_folder() / name)


def _form(locked):
    """What `check` needs; of a function one public sample as well, which tells in the first run whether it answers."""
    form = seal(locked, salt="", exam=True)
    if locked["form"]["type"] != "function":
        return form
    return {**form, "samples": locked.get("samples", [])[:1], "sample_mistakes": []}


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
