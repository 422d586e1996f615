# ruff: noqa: E501  code of a hostile participant, kept on its lines
"""Hostile and broken hand-ins, by class. Each one deserves no point.

An attack is a function that spoils a hand-in; its docstring says what plain nbgrader 0.9.6 does with it ("measured" where
a run saw it, else what follows from its sources), and `says` is what the participant must be told. Others come from
outside this list: a wall is tried by those who did not build it.
"""

import re
from dataclasses import dataclass
from pathlib import Path

import nbformat

ATTACKS = {}


def attack(says="Not answered"):
    """Enter a function into the list; `says` is a text that the feedback page must hold."""

    def enter(function):
        ATTACKS[function.__name__] = (function, says)
        return function

    return enter


@dataclass
class Work:
    """A hand-in that is being spoilt, and what a hostile participant may know of the machine."""

    folder: Path
    root: Path
    canary: Path
    port: int

    @property
    def file(self):
        """The hand-in's one notebook."""
        return next(self.folder.glob("01*.ipynb"))

    def edit(self, change):
        """Change the notebook by a function of it."""
        notebook = nbformat.read(self.file, as_version=4)
        change(notebook)
        self.file.write_text(nbformat.writes(notebook), encoding="utf-8")

    def answer(self, source, question="2.1b"):
        """Write an answer cell; what the check below it needs stays there."""
        name = f"answer_{question.replace('.', '_')}"
        source = source if name in source else f"{name} = ...\n{source}"
        self.edit(lambda notebook: cell_of(notebook, name).update(source=source))


def cell_of(notebook, grade_id):
    """The cell with a grade id."""
    return next(c for c in notebook.cells if c.metadata.get("nbgrader", {}).get("grade_id") == grade_id)


def graded_cells(notebook):
    """Every check cell."""
    return [c for c in notebook.cells if re.match(r"q\d", c.metadata.get("nbgrader", {}).get("grade_id", ""))]
