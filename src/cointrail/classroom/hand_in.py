"""Hand work in: look it over first, then pack the notebooks of a day into one file that says whose they are."""

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
    """One thing about the work, in a sentence; a `serious` one would lose points if it were handed in so."""

    serious: bool
    sentence: str


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
    for released in sorted((course / day).glob("*.ipynb")):
        mine = work / day / released.name
        found += _missing(mine, released) if not mine.is_file() else _compared(work, mine, released)
    return found


def _missing(mine, released):
    wanted = _named_cells(_read(released))
    for other in sorted(mine.parent.glob("*.ipynb")):
        try:
            same = set(_named_cells(_read(other))) == set(wanted)
        except CointrailError:
            continue  # not a notebook, so not the one that was renamed
        if same and other.name != mine.name:
            return [Finding(True, f"{mine.name} has been renamed {other.name}. Give it its old name again.")]
    return [Finding(True, f"{mine.name} is missing. Open the course again (cointrail lab): it hands out a fresh copy.")]


def _compared(work, mine, released):
    """Lost, doubled and changed cells, unsaved work, and what is not answered."""
    try:
        own, original = _read(mine), _read(released)
    except CointrailError as error:
        return [Finding(True, str(error))]
    names = Counter(cell.metadata["nbgrader"]["grade_id"] for cell in own.cells if "nbgrader" in cell.metadata)
    found = []
    for name, cell in _named_cells(original).items():
        found += _cell_findings(mine, name, cell, names[name], _named_cells(own).get(name))
    return found + _unsaved(work, mine, original)


def _cell_findings(mine, name, original, count, own):
    question = (
        name.partition("_")[2].replace("_", ".", 1) if not name.startswith("q") else name[1:].replace("_", ".", 1)
    )
    if count == 0:
        return [Finding(True, f"{mine.name}: the cell {name} of question {question} is gone. Undo (Ctrl+Z), or begin "
                              "the lesson again (cointrail lab --reset) and copy your answers over.")]  # fmt: skip
    if count > 1:
        return [Finding(True, f"{mine.name}: the cell {name} of question {question} is there {count} times. Keep one.")]
    settings = original.metadata["nbgrader"]
    if settings["locked"] and own.source != original.source:
        return [Finding(True, f"{mine.name}: the check of {question} was changed. It is graded as it was handed out.")]
    if settings["solution"] and own.source == original.source:
        return [Finding(False, f"Question {question} is not answered.")]
    return []


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

    The file holds the notebooks as they are and a label: whose they are, when they were packed, their SHA-256.
    """
    owner = _owner(work)
    names = sorted(file.name for file in (course / day).glob("*.ipynb") if (work / day / file.name).is_file())
    contents = {name: (work / day / name).read_bytes() for name in names}
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
