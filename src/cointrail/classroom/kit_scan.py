"""Prove that a bundle holds nothing that belongs to the instructor: look into the packed file."""

import hashlib
import json
import re
import zipfile

from cointrail.exercises.roster import KIT_LIST

__all__ = ["scan"]

_DESK = ("grading/", "solutions/", "src/cointrail/grading/", "src/cointrail/world/", "tests/", "work/")
_SEALED = {"form", "salt", "locked", "samples", "sample_mistakes", "rubric"}
_LOCKED = {"n", "whole", "parts", "mistakes"}
_IN_A_MISTAKE = {"code", "message", "whole", "parts"}
_LEAST_SECRET = 16  # characters; shorter texts occur anywhere


def scan(kit, root, data=None):
    """Search a bundle.

    Parameters
    ----------
    kit : Path
        The .zip file.
    root : Path
        The project, to know what must not be in it.
    data : Path, optional
        The folder of the worlds, where it is not the project's own: a fresh world has its truth beside it.

    Returns
    -------
    list of str
        What should not be there, each to follow "because "; empty when all is well.
    """
    desks = [root / "grading", root / "solutions", *([data.parent / "grading"] if data else [])]
    desk, secrets = _hashes_of_the_desk(root, desks), _secrets(desks)
    found = []
    with zipfile.ZipFile(kit) as packed:
        for entry in packed.infolist():
            name = entry.filename.partition("/")[2]
            content = packed.read(entry)
            found += _place(name) + _content(name, content, desk, secrets)
            if name.startswith("course/") and name.endswith(".ipynb"):
                found += _notebook(name, json.loads(content))
            if name == KIT_LIST:
                found += _list(name, content.decode())
            if "/keys/" in name:
                found += _key(name, json.loads(content))
    return found


def _place(name):
    return [f"{name} belongs to the instructor's side"] if name.startswith(_DESK) else []


def _hashes_of_the_desk(root, desks):
    """{SHA-256: path} of every file of the desk and of the solutions that says something.

    The pages at the top of solutions/ (start page, glossary, legal annex) are for everybody: the course holds them too.
    """
    files = [file for place in desks for file in place.rglob("*") if file.is_file()]
    pages = set((root / "solutions").glob("*.md"))
    pages |= _as_handed_out(root, files)
    big = [file for file in files if file.stat().st_size > 64 and file not in pages and file.name != ".DS_Store"]
    return {hashlib.sha256(file.read_bytes()).hexdigest(): _place_of(file, root) for file in big}


def _as_handed_out(root, files):
    """Files that participants brought back as they got them: a lesson handed in unanswered is no secret."""
    brought = [root / "grading" / place for place in ("submitted", "autograded", "classroom")]
    released = {file.read_bytes() for file in (root / "course").rglob("*.ipynb")}
    return {
        file for file in files if any(file.is_relative_to(one) for one in brought) and file.read_bytes() in released
    }


def _place_of(file, root):
    return file.relative_to(root).as_posix() if file.is_relative_to(root) else file.as_posix()


def _secrets(desks):
    """Texts that may stand nowhere: the class's secret, and the seeds of worlds that are not public."""
    files = [file for place in desks for pattern in ("secret.key", "*seed*") for file in place.rglob(pattern)]
    texts = [file.read_bytes().strip() for file in files if file.is_file() and file.stat().st_size < 1 << 16]
    return [text for text in texts if len(text) >= _LEAST_SECRET]


def _content(name, data, desk, secrets):
    same = desk.get(hashlib.sha256(data).hexdigest())
    found = [f"{name} is the same file as {same}"] if same else []
    return found + [f"{name} holds a secret of the class" for secret in secrets if secret in data]


def _list(name, text):
    """Dockets by veiled ids, and nobody's name."""
    lines = text.split()
    veiled = all(re.fullmatch(r"sha256-[0-9a-f]{24},[A-X]", line) for line in lines[1:])
    return [] if veiled and lines[:1] == ["student_id,docket"] else [f"{name} names people"]


def _notebook(name, notebook):
    """No solution between its marks, no output that shows an answer, nothing in the answer cells."""
    found = []
    for cell in notebook["cells"]:
        source = "".join(cell["source"])
        if "BEGIN SOLUTION" in source or "BEGIN MARK SCHEME" in source or "BEGIN HIDDEN TESTS" in source:
            found.append(f"{name} holds a solution")
        if cell.get("outputs"):
            found.append(f"{name} holds outputs")
        grade_id = cell["metadata"].get("nbgrader", {}).get("grade_id", "")
        if grade_id.startswith("answer_") and "..." not in source:
            found.append(f"{name} has an answer in the cell {grade_id}")
    return found


def _key(name, key):
    """Of every question only what a sealed key may hold, and of an exam's question its form alone."""
    found = []
    for question, sealed in key["questions"].items():
        allowed = {"form"} if sealed.get("form", {}).get("exam") else _SEALED
        locked = sealed.get("locked", {})
        mistakes = locked.get("mistakes", [])
        if (
            set(sealed) - allowed
            or set(locked) - _LOCKED
            or any(set(mistake) - _IN_A_MISTAKE for mistake in mistakes)
            or not all(_is_sealed(one) for one in [locked, *mistakes] if one)
        ):
            found.append(f"{name} holds question {question} in clear")
    return found


def _is_sealed(locked):
    """Hashes and nothing else: 32 hex digits each."""
    texts = [locked["whole"], *locked["parts"]]
    return all(len(text) == 32 and not set(text) - set("0123456789abcdef") for text in texts)
