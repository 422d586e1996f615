"""Take a hand-in off the submitted/ tree, before anything of it runs: each notebook rebuilt, each one accounted for.

What can be graded is graded. A notebook that is missing or broken is replaced by the released one, unanswered; what was
changed is told to the participant.
"""

import os
import re
from dataclasses import dataclass
from pathlib import Path

import nbformat
from nbgrader.utils import parse_utc

from cointrail.errors import CointrailError
from cointrail.grading.outputs import one_line
from cointrail.grading.rebuild import rebuild
from cointrail.grading.slim import NotANotebookError, read_slim

__all__ = ["HandIn", "stage", "submissions"]

_MOST_NAMED = 5
# files that are looked into for a notebook that was renamed, and their bytes together
_MOST_OTHERS, _MOST_OTHER_BYTES = 20, 48 << 20
# as the exchange writes it. A zone that is a path would be opened as a file, and a pipe there is waited for
_TIME = re.compile(r"\d{4}-\d\d-\d\d \d\d:\d\d(:\d\d(\.\d{1,6})?)?( (UTC|GMT|[A-Z]{2,5}|[+-]\d{1,4}))?", re.ASCII)
# files that a system or nbgrader itself puts there
_EXPECTED_FILES = {"timestamp.txt", "submission_secret.txt", "case.json", "Thumbs.db", "desktop.ini"}


@dataclass(frozen=True)
class HandIn:
    """What was found in one submission.

    Attributes
    ----------
    problems : dict of str to str
        Why a notebook could not be graded, by its name.
    changes : dict of str to list of str
        What was mended in a notebook before it was graded, by its name.
    notes : tuple of str
        About the other files.
    """

    problems: dict[str, str]
    changes: dict[str, list[str]]
    notes: tuple[str, ...]

    @property
    def sentences(self):
        """All of it, for the instructor."""
        changes = [f"{name}: {sentence}" for name, said in self.changes.items() for sentence in said]
        return (*self.problems.values(), *changes, *self.notes)


def stage(submitted, released, staged):
    """Rebuild a submission in a folder from which nbgrader can grade it whole.

    Parameters
    ----------
    submitted, released, staged : Path
        The participant's folder, the released notebooks, and the (new) folder to fill.

    Returns
    -------
    HandIn
    """
    staged.mkdir(parents=True)
    expected = sorted(file.name for file in released.glob("*.ipynb"))
    is_folder = submitted.is_dir() and not (submitted.is_symlink() or submitted.parent.is_symlink())
    names = _names(submitted) if is_folder else []
    renamed = _renamed(submitted, released, expected, names)
    problems, changes = {}, {}
    for name in expected:
        stem = name.removesuffix(".ipynb")
        original = nbformat.read(released / name, as_version=4)
        try:
            if not is_folder:
                raise NotANotebookError("was not handed in: what stands in place of the folder is a link")
            rebuilt, said = rebuild(original, read_slim(submitted / renamed.get(name, name)))
        except NotANotebookError as error:
            rebuilt, said = original, []
            problems[stem] = f"{name} {error}."
        if name in renamed:
            said.insert(0, f"{name} was not handed in under this name; {_shown(renamed[name])} was taken for it.")
        if said:
            changes[stem] = said
        nbformat.write(rebuilt, staged / name)
    notes = _notes(set(names) - set(expected) - set(renamed.values()), expected)
    return HandIn(problems, changes, (*notes, *(_take_timestamp(submitted, staged) if is_folder else ())))


def _names(folder):
    try:
        return sorted(os.listdir(folder))
    except PermissionError:  # then every notebook is missing, which the participant is told
        return []


def _renamed(submitted, released, expected, names):
    """Notebooks handed in under another name, by the name they should have: told by the cells they hold."""
    lost = [name for name in expected if name not in names]
    others = [name for name in names if name.endswith(".ipynb") and name not in expected]
    held = {other: _held_ids(submitted / other) for other in _small_enough(submitted, others)} if lost else {}
    found = {}
    for name in lost:
        wanted = _grade_ids(nbformat.read(released / name, as_version=4))
        holding = [other for other in held if wanted and wanted <= held[other]]
        if len(holding) == 1:
            found[name] = holding[0]
    return found


def _small_enough(folder, names):
    left = _MOST_OTHER_BYTES
    for name in names[:_MOST_OTHERS]:
        left -= (folder / name).lstat().st_size
        if left >= 0:
            yield name


def _grade_ids(notebook):
    return {cell.metadata.nbgrader.grade_id for cell in notebook.cells if "nbgrader" in cell.metadata}


def _held_ids(file):
    try:
        return {cell["grade_id"] for cell in read_slim(file)["cells"]}
    except NotANotebookError:  # then it is no notebook of ours under another name either
        return set()


def _notes(others, expected):
    """One sentence for each file that was not used, up to a few."""
    unused = sorted(name for name in others if name not in _EXPECTED_FILES and not name.startswith("."))
    notes = [_note(name, expected) for name in unused[:_MOST_NAMED]]
    if len(unused) > _MOST_NAMED:
        notes.append(f"{len(unused) - _MOST_NAMED} more files were not used.")
    return notes


def _note(name, expected):
    if name.endswith(".ipynb"):
        wanted = ", ".join(expected)
        return f"{_shown(name)} is not a notebook of this day, so it was not graded. Expected: {wanted}."
    return f"{_shown(name)} was not used: only the notebooks of the day are graded."


def _shown(name):
    """A file's name, harmless to print: one line, plain characters, not too long."""
    return one_line(os.fsencode(name).decode("utf-8", "replace"))


def _take_timestamp(submitted, staged):
    """When it was handed in, as nbgrader's exchange wrote it; nbgrader itself would stop at one it cannot read."""
    file = submitted / "timestamp.txt"
    if file.is_symlink() or not file.is_file():
        return []
    with file.open("rb") as stream:
        text = stream.read(100).decode("utf-8", "replace").strip()
    try:
        if not _TIME.fullmatch(text):
            raise ValueError("no time of the exchange")
        parse_utc(text)
    except (ValueError, OverflowError):
        return ["timestamp.txt holds no time, so the hand-in was graded without one."]
    (staged / "timestamp.txt").write_text(text, encoding="utf-8")
    return []


def submissions(root, assignment, say=lambda line: None):
    """The students who handed in an assignment, sorted; `say` is called with a line on each folder left out.

    Raises
    ------
    CointrailError
        Nobody did.
    """
    folder = Path(root) / "grading" / "submitted"
    names = sorted(path.parent.name for path in folder.glob(f"*/{assignment}"))
    found = [name for name in names if name.isprintable() and not name.startswith(".")]
    for name in set(names) - set(found):  # no gradebook holds such a name, and no terminal should print it
        if not name.startswith("."):
            say(f"{_shown(name)} was left out: no student id has such signs. Give the folder the student's id.")
    if not found:
        raise CointrailError(
            f"There is no hand-in for {assignment}. Put each one into grading/submitted/STUDENT/{assignment}/."
        )
    return found
