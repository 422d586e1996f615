"""`cointrail build --check`: do the solutions earn every point on every docket?

A lesson is written on docket A. Here it is run as a hand-in would be, once for each docket, and scored: an answer that
only fits one docket, or a cell that breaks on another, shows before a participant meets it.
"""

import nbformat

from cointrail.exercises.case import docket_in
from cointrail.grading.assignments import day_of
from cointrail.grading.execute import run_notebook
from cointrail.grading.hidden import hidden_folder, make_hidden
from cointrail.grading.questions import load_day
from cointrail.grading.sandbox import why_no_bubblewrap
from cointrail.grading.score_answers import details_of, score_notebook
from cointrail.ledger import load_manifest

__all__ = ["rehearse"]


def rehearse(root, assignment, *, dockets=(), say=print):
    """Run and score the solutions of an assignment for some dockets.

    Parameters
    ----------
    root : Path
    assignment : str
        Such as "day2".
    dockets : sequence of str
        Every docket of its world when left out; their keys and exhibits must be there.
    say : callable
        Called with a line of progress.

    Returns
    -------
    list of str
        What is not right: docket, notebook, question or cell, and what was said. Empty when all is well.
    """
    day = day_of(assignment)
    world, questions = load_day(root, day)
    make_hidden(root, questions)
    engine = "plain" if why_no_bubblewrap() else "fork"
    found = []
    for docket in dockets or load_manifest(world)["dockets"]:
        for file in sorted((root / "solutions" / assignment).glob("*.ipynb")):
            notebook = nbformat.read(file, as_version=4)
            ran = run_notebook(notebook, docket, world=world, day=day, hidden=hidden_folder(root), engine=engine)
            errors = _errors(ran)
            scored = score_notebook(ran, root, day, docket_in(world, docket))
            wrong = [*errors, *_lost(scored)]
            say(f"{assignment} docket {docket} {file.stem}: {'all points' if not wrong else f'{len(wrong)} not right'}")
            found += [f"docket {docket}, {file.name}: {sentence}" for sentence in wrong]
    return found


def _errors(notebook):
    """Cells that ended with an error, but those that show one on purpose (Jupyter's tag raises-exception)."""
    cells = [cell for cell in notebook.cells if "raises-exception" not in cell.metadata.get("tags", [])]
    outputs = [(cell, output) for cell in cells for output in cell.get("outputs", [])]
    return [
        f"the cell {cell.source.splitlines()[0][:60]!r} failed: {output['ename']}: {output['evalue'][:200]}"
        for cell, output in outputs
        if output["output_type"] == "error"
    ]


def _lost(notebook):
    """Questions that did not earn everything."""
    return [f"{one['id']}: {' '.join(one['reasons'])[:300]}" for one in details_of(notebook) if one["share"] < 1]
