"""Hand work in: look it over first, then pack the notebooks of a day into one file that says whose they are."""

import ast
import hashlib
import json
import zipfile
from collections import Counter
from dataclasses import dataclass
from datetime import UTC, datetime

import nbformat

from cointrail.classroom.lab import ALONE
from cointrail.errors import CointrailError

__all__ = ["LABEL", "Finding", "look_over", "pack"]

LABEL = "hand-in.json"
_SECONDS_OF_GRACE = 5


@dataclass(frozen=True)
class Finding:
    """One thing about the work, in a sentence; a `serious` one would lose points if it were handed in so.

    A question that is not answered has its number in `open`, and whether it brings points in `points`.
    """

    serious: bool
    sentence: str
    open: str = ""
    points: bool = False


def look_over(work, course, day):
    """What a participant should know before handing in a day.

    Parameters
    ----------
    work, course : Path
        The learner's folder and the released lessons.
    day : str
        Such as "day2".

    Returns
    -------
    list of Finding
    """
    if not (course / day).is_dir():
        days = ", ".join(sorted(folder.name for folder in course.iterdir() if folder.is_dir()))
        raise CointrailError(f"There is no {day!r} in the course. There is: {days}.")
    found = []
    for released, mine in _own_files(work, course, day):
        if mine is None:
            again = "Open the course again (cointrail lab): it hands out a fresh copy."
            found.append(Finding(True, f"{released.name} is missing. {again}"))
            continue
        if mine.name != released.name:
            found.append(Finding(False, f"{released.name} has been renamed {mine.name}: packed under its old name."))
        found += _compared(work, mine, released)
    return found


def _own_files(work, course, day):
    """Each released notebook with the learner's own file, also where that was renamed; None where it is gone."""
    for released in sorted((course / day).glob("*.ipynb")):
        mine = work / day / released.name
        if not mine.is_file():
            mine = next((file for file in _others(mine, released) if not (course / day / file.name).is_file()), None)
        yield released, mine


def _others(mine, released):
    """Other notebooks beside the learner's own that hold the same questions: renamed, or a copy of it."""
    wanted = set(_named_cells(_read(released)))
    for other in sorted(mine.parent.glob("*.ipynb")):
        try:
            if other.name != mine.name and set(_named_cells(_read(other))) == wanted:
                yield other
        except CointrailError:
            continue  # not a notebook, so not the one that was renamed


def _compared(work, mine, released):
    """Lost, doubled and changed cells, unsaved work, and what is not answered."""
    try:
        own, original = _read(mine), _read(released)
    except CointrailError as error:
        return [Finding(True, str(error))]
    names = Counter(cell.metadata["nbgrader"]["grade_id"] for cell in own.cells if "nbgrader" in cell.metadata)
    found, mines = [], _named_cells(own)
    worth = {
        _question_of(name) for name, cell in _named_cells(original).items() if cell.metadata["nbgrader"].get("points")
    }
    for name, cell in _named_cells(original).items():
        found += _cell_findings(mine, name, cell, names[name], mines.get(name), worth)
    return found + _in_a_copy(mine, released, original, own) + _unsaved(work, mine, original)


def _in_a_copy(mine, released, original, own):
    """Answers that stand in a copy of the notebook, which JupyterLab calls ...-Copy1.ipynb, and not in the notebook."""
    for other in _others(mine, released):
        there, here, blank = _named_cells(_read(other)), _named_cells(own), _named_cells(original)
        lacking = [
            _question_of(name)
            for name, cell in blank.items()
            if cell.metadata["nbgrader"]["solution"]
            and name in here
            and here[name].source == cell.source != there[name].source
        ]
        if lacking:
            words = f"{', '.join(lacking)} is answered in {other.name}, and not in {mine.name}, which is handed in."
            return [Finding(True, f"{words} Copy what counts into {mine.name}, or delete the copy.")]
    return []


def _question_of(name):
    """2.1b of q2_1b, answer_2_1b and explain_2_1b."""
    return (name.removeprefix("q") if name.startswith("q") else name.partition("_")[2]).replace("_", ".", 1)


def _cell_findings(mine, name, original, count, own, worth):
    question = _question_of(name)
    if count == 0:
        return [Finding(True, f"{mine.name}: the cell {name} of question {question} is gone. Undo (Ctrl+Z), or begin "
                              "the lesson again (cointrail lab --reset) and copy your answers over.")]  # fmt: skip
    if count > 1:
        return [Finding(True, f"{mine.name}: the cell {name} of question {question} is there {count} times. Keep one.")]
    settings = original.metadata["nbgrader"]
    if settings["locked"] and own.source != original.source:
        return [Finding(True, f"{mine.name}: the check of {question} was changed. It is graded as it was handed out.")]
    return [
        Finding(False, f"Question {one} is not answered.", one, one in worth)
        for one in (_open_in(original, own, question) if settings["solution"] else ())
    ]


def _open_in(original, own, question):
    """The questions of an answer cell that still have their three dots; a quiz has several in one cell.

    Who leaves the line with the dots and writes an answer below it has answered: the last line counts.
    """
    last = {}
    for name, value in _assigned(own.source):
        if name.startswith("answer_"):
            last[name.removeprefix("answer_").replace("_", ".", 1)] = value
    if not last:
        return [question] if own.source == original.source else []
    return [name for name, value in last.items() if isinstance(value, ast.Constant) and value.value is ...]


def _assigned(source):
    """Each name that a cell gives a value, with the value, in order; none where it is not Python, or text."""
    try:
        steps = [node for node in ast.walk(ast.parse(source)) if isinstance(node, ast.Assign | ast.AnnAssign)]
    except (SyntaxError, ValueError, RecursionError):
        return
    for step in sorted(steps, key=lambda node: node.lineno):
        for target in getattr(step, "targets", None) or [step.target]:
            for node in ast.walk(target):
                if isinstance(node, ast.Name):
                    yield node.id, step.value


def _unsaved(work, mine, original):
    """A question that was checked after the file was last saved."""
    saved = mine.stat().st_mtime + _SECONDS_OF_GRACE
    late = []
    for name in _named_cells(original):
        question = name[1:].replace("_", ".", 1) if name.startswith("q") else ""
        file = work / "answers" / f"{question}.json"
        if question and file.is_file() and file.stat().st_mtime > saved:
            late.append(question)
    if not late:
        return []
    return [Finding(True, f"{mine.name}: {', '.join(late)} was checked after the notebook was last saved. "
                          "Save it (Ctrl+S), then hand in.")]  # fmt: skip


def _named_cells(notebook):
    return {cell.metadata["nbgrader"]["grade_id"]: cell for cell in notebook.cells if "nbgrader" in cell.metadata}


def _read(file):
    try:
        return nbformat.read(file, as_version=4)
    except (ValueError, AttributeError, KeyError, TypeError) as error:
        raise CointrailError(f"{file.name} cannot be read as a notebook. Open it in JupyterLab and save it.") from error


def pack(work, course, day):
    """Pack the notebooks of a day into work/hand-in/STUDENT_DAY.zip; return the file.

    The file holds the notebooks as they are, under the names they were handed out with, and a label: whose they are,
    when they were packed, their SHA-256.
    """
    owner = _owner(work)
    contents = {
        released.name: mine.read_bytes() for released, mine in _own_files(work, course, day) if mine is not None
    }
    label = {
        "v": 1,
        **owner,
        "day": day,
        "packed": datetime.now(UTC).isoformat(timespec="seconds"),
        "notebooks": {name: hashlib.sha256(content).hexdigest() for name, content in contents.items()},
    }
    file = work / "hand-in" / f"{owner['student_id']}_{day}.zip"
    file.parent.mkdir(exist_ok=True)
    with zipfile.ZipFile(file, "w", compression=zipfile.ZIP_DEFLATED) as packed:
        packed.writestr(LABEL, json.dumps(label, indent=1))
        for name, content in contents.items():
            packed.writestr(name, content)
    return file


def _owner(work):
    try:
        case = json.loads((work / "case.json").read_text(encoding="utf-8"))
        owner = {"student_id": case["student_id"], "docket": case["docket"]}
    except (OSError, ValueError, KeyError, TypeError) as error:
        raise CointrailError("Whose work is this? Run once: cointrail lab --as YOUR-ID") from error
    if owner["student_id"] == ALONE:
        raise CointrailError(
            "Whose work is this? The course was opened without an id. Run: cointrail lab --as YOUR-ID. The id may come "
            "with another case: then go through your answers again before you hand in."
        )
    return owner
