"""Rebuild a handed-in notebook from the released one: its order and its locked cells, the learner's text.

Only text is taken: of answer cells, by grade id (or by the cell's own id when that name was lost), and of cells the
learner added or changed, which run where they stood. Everything else, metadata first, is the released notebook's.
"""

import re

import nbformat

from cointrail.exercises.records import MIME

__all__ = ["OWN", "rebuild"]


def rebuild(released, handed_in):
    """The notebook to grade, and what was changed in it, in sentences for the participant.

    Parameters
    ----------
    released : NotebookNode
        Left unchanged.
    handed_in : dict
        As `slim.slim` gives it.

    Returns
    -------
    (NotebookNode, list of str)
    """
    matched, own = _sorted_out(released, handed_in["cells"])
    notes = _notes_on_all(handed_in)
    cells = _own_cells(own.get(-1, []))
    for place, cell in enumerate(released.cells):
        mine = matched.get(place, [])
        kind = _kind(cell)
        before, made, said = _MAKERS[kind](cell, mine)
        notes += said
        cells += [*before, made, *_own_cells(own.get(place, []))]
    return _with_ids(nbformat.from_dict({**released, "cells": cells})), notes


def _sorted_out(released, cells):
    """The learner's cells by the released cell they are, and those that are nobody's by the one they follow."""
    by_name, by_id = {}, {}
    for place, cell in enumerate(released.cells):
        by_id[cell.get("id")] = place
        if "nbgrader" in cell.metadata:
            by_name[cell.metadata.nbgrader.grade_id] = place
    matched, own, last = {}, {}, -1
    for cell in cells:
        place = by_name.get(cell["grade_id"])
        if place is None and cell["id"] is not None:
            place = by_id.get(cell["id"])
        if place is None:
            own.setdefault(last, []).append(cell)
        else:
            matched.setdefault(place, []).append(cell)
            last = place
    return _freed(released, matched, own), own


def _freed(released, matched, own):
    """A released cell without a question that the learner changed runs as it was, then as the learner has it."""
    for place, cells in matched.items():
        cell = released.cells[place]
        if _kind(cell) == "text":
            changed = [mine for mine in cells if mine["source"].strip() != cell.source.strip()]
            own[place] = [*changed, *own.get(place, [])]
    return matched


def _kind(cell):
    nbgrader = cell.metadata.get("nbgrader", {})
    return "answer" if nbgrader.get("solution") else "locked" if nbgrader.get("grade") else "text"


def _notes_on_all(handed_in):
    notes = []
    if handed_in["language"] not in (None, "python"):
        notes.append(f"The notebook was set to another kernel ({handed_in['language']}); it was run with Python.")
    if handed_in["left_out"]:
        notes.append(f"The notebook has very many cells; {handed_in['left_out']} of them were left out.")
    return notes


def _answer(cell, mine):
    """An answer cell: the learner's text; of several copies all run, the last one that was worked on counts."""
    name = _said_name(cell)
    if not mine:
        return [], cell, [f"{name} was missing; it was put back, unanswered."]
    worked_on = [one for one in mine if one["source"].strip() != cell.source.strip()] or mine[:1]
    notes = []
    if len(mine) > 1:
        notes.append(f"{name} stood there {len(mine)} times; all were run in order, and the last one counts.")
    if any(one["type"] != cell.cell_type for one in worked_on):
        notes.append(f"{name} had become another kind of cell; it was read as {_KINDS[cell.cell_type]}.")
    if any(one["cut"] for one in worked_on):
        notes.append(f"{name} is longer than 100,000 characters; the rest was cut.")
    if cell.cell_type == "markdown":
        text = "\n\n".join(one["source"] for one in worked_on)
        return [], nbformat.from_dict({**cell, "source": text}), notes
    before = _own_cells([{**one, "type": "code"} for one in worked_on[:-1]])
    return before, nbformat.from_dict({**cell, "source": worked_on[-1]["source"]}), notes


def _locked(cell, mine):
    """A check cell: the released one, with the answer it last showed."""
    name, notes = _said_name(cell), []
    if not mine:
        notes.append(f"{name} was missing; it was put back.")
    elif any(one["source"].strip() != cell.source.strip() for one in mine):
        notes.append(f"{name} was changed; the original was used.")
    if any(one["points"] not in (None, cell.metadata.nbgrader.get("points")) for one in mine):
        notes.append(f"The points of {name[0].lower() + name[1:]} were changed; that has no effect.")
    made = nbformat.from_dict(cell)
    if cell.cell_type == "code":
        shown = [one["record"] for one in mine if one["record"] is not None]
        made.outputs = [nbformat.v4.new_output("display_data", data={MIME: record}) for record in shown[-1:]]
    return [], made, notes


def _text(cell, mine):
    return [], cell, []


def _own_cells(cells):
    """Cells of the learner, in their order; raw cells and empty ones do nothing."""
    made = {"code": nbformat.v4.new_code_cell, "markdown": nbformat.v4.new_markdown_cell}
    taken = [cell for cell in cells if cell["type"] in made and cell["source"].strip()]
    return [made[cell["type"]](cell["source"], id=OWN) for cell in taken]


def _with_ids(notebook):
    """Give the learner's cells ids that follow from their place; a released cell keeps its own."""
    for number, cell in enumerate(notebook.cells):
        if cell.get("id") == OWN:
            cell["id"] = f"{OWN}-{number}"
    return notebook


def _said_name(cell):
    """A cell's name as a participant knows it."""
    grade_id = cell.metadata.nbgrader.grade_id
    found = re.fullmatch(r"(answer|q|explain)_?(\d+)_(\w+)", grade_id)
    if not found:
        return f"The cell {grade_id}"
    kind = {"answer": "The answer cell of", "q": "The check cell of", "explain": "The written answer"}[found[1]]
    return f"{kind} {found[2]}.{found[3]}"


OWN = "own"  # how the ids of the learner's own cells begin
_KINDS = {"code": "Python", "markdown": "text"}
_MAKERS = {"answer": _answer, "locked": _locked, "text": _text}
