"""Take a hand-in off the submitted/ tree: regular files only, each notebook readable, each one accounted for.

A notebook that is missing or broken is replaced by the released one, unanswered, so that the rest is graded and the
participant is told what happened.
"""

import shutil
from dataclasses import dataclass

import nbformat

from cointrail.errors import CointrailError

__all__ = ["HandIn", "stage", "submissions"]

_MOST_BYTES = 20 * 1024 * 1024


@dataclass(frozen=True)
class HandIn:
    """What was found in one submission: sentences by notebook name, and sentences about the folder."""

    problems: dict[str, str]
    notes: tuple[str, ...]


def stage(submitted, released, staged):
    """Copy a submission into a folder from which nbgrader can grade it whole.

    Parameters
    ----------
    submitted, released, staged : Path
        The participant's folder, the released notebooks, and the (new) folder to fill.
    """
    staged.mkdir(parents=True)
    problems = {}
    expected = sorted(file.name for file in released.glob("*.ipynb"))
    for name in expected:
        notebook, problem = _read(submitted / name)
        if problem:
            problems[name.removesuffix(".ipynb")] = problem
            shutil.copyfile(released / name, staged / name)
        else:
            nbformat.write(notebook, staged / name)
    timestamp = submitted / "timestamp.txt"
    if timestamp.is_file() and not timestamp.is_symlink():
        shutil.copyfile(timestamp, staged / "timestamp.txt")
    return HandIn(problems, _notes(submitted, expected))


def _notes(submitted, expected):
    others = sorted(file.name for file in submitted.glob("*.ipynb") if file.name not in expected)
    wanted = ", ".join(expected)
    return tuple(f"{name} is not a notebook of this day, so it was not graded. Expected: {wanted}." for name in others)


def _read(file):
    """The notebook, or a sentence that says what is wrong with it."""
    if file.is_symlink() or not file.is_file():
        return None, f"{file.name} was not handed in. Give it its old name and hand in again."
    if file.stat().st_size > _MOST_BYTES:
        return None, f"{file.name} is larger than 20 MB. Clear its outputs (Kernel, Restart Kernel and Clear Outputs)."
    try:
        notebook = nbformat.read(file, as_version=4)
        nbformat.validate(notebook)
    except (ValueError, KeyError, AttributeError, TypeError, nbformat.ValidationError) as error:
        return None, f"{file.name} is not a notebook: {_first_line(error)} Save it in JupyterLab and hand in again."
    return notebook, None


def _first_line(error):
    line = (str(error).strip().splitlines() or [type(error).__name__])[0]
    return line[:120].rstrip(".") + "."


def submissions(root, assignment):
    """The students who handed in an assignment, sorted.

    Raises
    ------
    CointrailError
        Nobody did.
    """
    folder = root / "grading" / "submitted"
    found = sorted(path.parent.name for path in folder.glob(f"*/{assignment}") if path.is_dir())
    if not found:
        raise CointrailError(
            f"There is no hand-in for {assignment}. Put each one into grading/submitted/STUDENT/{assignment}/."
        )
    return found
