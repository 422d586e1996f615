"""Read a handed-in file down to what grading takes from it: the text of cells, whose cell it is, the answers it showed.

A file is a stranger's: it may be anything. Small ones are read in this process, large ones (pictures, or a trap) in a
process of its own with little memory, as `python -m cointrail.grading.slim < FILE`.
"""

import json
import os
import stat
import subprocess
import sys

from cointrail.exercises.records import MIME
from cointrail.exercises.strangers_json import read_json
from cointrail.grading.outputs import clean_text, one_line

__all__ = ["MOST_BYTES", "NotANotebookError", "read_slim", "slim"]

MB = 1 << 20
_READ_HERE = 8 * MB
MOST_BYTES = 128 * MB
_MEMORY_FOR_LARGE = 1024 * MB
_SECONDS_FOR_LARGE = 30
_MOST_SOURCE = 100_000
_MOST_RECORD = 256 * 1024
_MOST_CELLS = 500
_MOST_TEXT = 4_000_000  # characters of all cells with a grade id, and of all the others


class NotANotebookError(Exception):
    """What was handed in cannot be read; the text says why, to go between "NAME " and a full stop."""


def read_slim(file):
    """Read one file of a hand-in.

    Parameters
    ----------
    file : Path
        Links are not followed.

    Returns
    -------
    dict
        See `slim`.

    Raises
    ------
    NotANotebookError
    """
    data = _bytes_of(file)
    return slim(data) if len(data) <= _READ_HERE else _slim_apart(data)


def _bytes_of(file):
    try:
        descriptor = os.open(file, os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK | os.O_CLOEXEC)
    except PermissionError as error:
        raise NotANotebookError("may not be read by the grader: its rights have to be changed") from error
    except OSError as error:
        raise NotANotebookError("was not handed in. Give it its old name and hand in again") from error
    status = os.fstat(descriptor)
    if not stat.S_ISREG(status.st_mode):  # asked before `open`, which refuses a folder in its own words
        os.close(descriptor)
        raise NotANotebookError("was not handed in: what stands in its place is not a file")
    with open(descriptor, "rb") as stream:
        if status.st_nlink > 1:  # a hard link shows somebody else's file as if it were the participant's
            raise NotANotebookError("was not handed in: what stands in its place is a second name of another file")
        if status.st_size > MOST_BYTES:
            raise NotANotebookError(f"is larger than {MOST_BYTES // MB} MB. {_CLEAR} and hand in again")
        return stream.read(MOST_BYTES)


def _slim_apart(data):
    try:
        done = subprocess.run(
            [sys.executable, "-m", "cointrail.grading.slim"],
            input=data,
            capture_output=True,
            timeout=_SECONDS_FOR_LARGE,
        )
    except subprocess.TimeoutExpired as error:
        raise NotANotebookError(f"takes too long to read. {_CLEAR} and hand in again") from error
    if done.returncode != 0:
        said = done.stdout.decode("utf-8", "replace").strip()
        raise NotANotebookError(said[:300] or f"takes too much memory to read. {_CLEAR} and hand in again")
    return json.loads(done.stdout)


def slim(data):
    """What grading takes from a notebook's bytes.

    Returns
    -------
    dict
        `language` of its kernel; `cells`, each with `type`, `source`, `cut` (its text was too long), `id`, `grade_id`,
        `points`, and `record`, the last answer it showed; `left_out`, the number of cells that are not in `cells`: of
        those with a grade id, and of the others, the first 500 are taken, up to 4 million characters.
    """
    notebook = _parsed(data)
    cells = [cell for cell in _cells_of(notebook) if isinstance(cell, dict)]
    metadata = _mapping(notebook.get("metadata"))
    language = _mapping(metadata.get("kernelspec")).get("language")
    taken = list(_first_of_each([_cell(cell) for cell in cells]))
    return {
        "language": one_line(language, 40) if isinstance(language, str) else None,
        "left_out": len(cells) - len(taken),
        "cells": taken,
    }


def _first_of_each(cells):
    left, text = {True: _MOST_CELLS, False: _MOST_CELLS}, {True: _MOST_TEXT, False: _MOST_TEXT}
    for cell in cells:
        named = cell["grade_id"] is not None
        left[named] -= 1
        text[named] -= len(cell["source"])
        if left[named] >= 0 and text[named] >= 0:
            yield cell


def _parsed(data):
    if not data.strip():
        raise NotANotebookError("is not a notebook: the file is empty. Save it in JupyterLab and hand in again")
    try:
        notebook = read_json(data.decode("utf-16" if data[:2] in (b"\xff\xfe", b"\xfe\xff") else "utf-8-sig"))
    except (ValueError, RecursionError) as error:
        raise NotANotebookError(f"is not a notebook: it is not JSON. {_SAVE}") from error
    if not isinstance(notebook, dict) or not isinstance(_cells_of(notebook), list):
        raise NotANotebookError(f"is not a notebook: it has no cells. {_SAVE}")
    return notebook


def _cells_of(notebook):
    """The cells of version 4, or those on the worksheets of versions 2 and 3."""
    sheets = notebook.get("worksheets")
    if "cells" in notebook or not isinstance(sheets, list):
        return notebook.get("cells")
    lists = [sheet.get("cells") for sheet in sheets if isinstance(sheet, dict)]
    return [cell for cells in lists if isinstance(cells, list) for cell in cells]


def _cell(cell):
    nbgrader = _mapping(_mapping(cell.get("metadata")).get("nbgrader"))
    source = _text(cell.get("source", cell.get("input")))
    points = nbgrader.get("points")
    return {
        "type": "code" if cell.get("cell_type") == "code" else "raw" if cell.get("cell_type") == "raw" else "markdown",
        "source": source[:_MOST_SOURCE],
        "cut": len(source) > _MOST_SOURCE,
        "id": _name(cell.get("id")),
        "grade_id": _name(nbgrader.get("grade_id")),
        "points": points if isinstance(points, int | float) else None,
        "record": _record(cell),
    }


def _mapping(value):
    return value if isinstance(value, dict) else {}


def _name(value):
    return clean_text(value)[:200] if isinstance(value, str) else None


def _text(value):
    """A cell's source is a text or a list of lines."""
    if isinstance(value, list):
        value = "".join(line for line in value if isinstance(line, str))
    return clean_text(value).replace("\r\n", "\n") if isinstance(value, str) else ""


def _record(cell):
    """The last answer record among its outputs; ScoreAnswers looks at it again."""
    outputs = cell.get("outputs")
    for output in reversed(outputs if isinstance(outputs, list) else []):
        record = _mapping(_mapping(output).get("data")).get(MIME)
        if isinstance(record, dict):
            text = json.dumps(record, ensure_ascii=False)
            return read_json(clean_text(text)) if len(text) <= _MOST_RECORD else None
    return None


_CLEAR = "Clear its outputs (Kernel, Restart Kernel and Clear Outputs of All Cells)"
_SAVE = "Save it in JupyterLab and hand in again"


def _main():
    import resource

    resource.setrlimit(resource.RLIMIT_AS, (_MEMORY_FOR_LARGE, _MEMORY_FOR_LARGE))
    try:
        json.dump(slim(sys.stdin.buffer.read()), sys.stdout)
    except NotANotebookError as error:
        print(error)
        sys.exit(1)
    except MemoryError:  # said by the exit code alone
        sys.exit(1)


if __name__ == "__main__":
    _main()
