"""Hand the course out into a learner's own folder, and never write over what the learner changed.

`.handed-out.json` in that folder holds, for each file as it was handed out, the SHA-256 of the file and of its text. A
file whose text is still that one is untouched and may be replaced by a newer lesson. Any other is the learner's work,
and a newer lesson lands beside it. A notebook's text is what its cells say: JupyterLab rewrites the rest of the file
as soon as somebody looks at it.
"""

import hashlib
import json
import os
import re
from contextlib import contextmanager
from pathlib import Path

from cointrail.errors import CointrailError

__all__ = ["find_lesson", "hand_out", "start_afresh", "writing_to"]

RECORD = ".handed-out.json"


def hand_out(course, work):
    """Copy the course into a learner's folder.

    Parameters
    ----------
    course, work : Path

    Returns
    -------
    dict
        {path below work: "new", "updated" or "beside"}; files that stay as they are do not appear. "beside" names the
        new version that lies beside a lesson the learner has changed.
    """
    done = {}
    with writing_to(work):
        record = _read_record(work)
        for name in _lessons(course):
            content = (course / name).read_bytes()
            landed = _place(work, name, content, record)
            if landed:
                done[landed[0]] = landed[1]
            record[name] = _fingerprint(name, content)
        _write_record(work, record)
    return done


def _place(work, name, content, record):
    mine, before = work / name, record.get(name, {})
    if not mine.is_file():
        _write(mine, content)
        return name, "new"
    there = _fingerprint(name, mine.read_bytes())
    if _sha256(content) in (there["file"], before.get("file")):
        return None
    if there["text"] == before.get("text"):
        _write(mine, content)
        return name, "updated"
    beside = _free_name(mine, "updated lesson")
    _write(beside, content)
    return beside.relative_to(work).as_posix(), "beside"


def start_afresh(course, work, name):
    """Put the fresh lesson in the place of the learner's, which is kept beside it; return the kept file.

    Parameters
    ----------
    course, work : Path
    name : str
        A path below course, as `find_lesson` gives it.
    """
    mine, content, kept = work / name, (course / name).read_bytes(), None
    with writing_to(work):
        record = _read_record(work)
        if mine.is_file():
            kept = _free_name(mine, "my earlier work")
            os.replace(mine, kept)
        _write(mine, content)
        _write_record(work, {**record, name: _fingerprint(name, content)})
    return kept


@contextmanager
def writing_to(work):
    """What the system refuses in a learner's folder becomes a sentence."""
    try:
        yield
    except OSError as error:
        raise CointrailError(
            f"Cannot write to {work}: {error.strerror}. Free some disk, or use a folder of your own."
        ) from error


def find_lesson(course, asked):
    """The path below course of the lesson a person means: `2.1`, `01_from_bank...` or `day2/01_from_bank....ipynb`.

    Raises
    ------
    CointrailError
        No lesson, or more than one, goes by that name.
    """
    lessons = [name for name in _lessons(course) if name.endswith(".ipynb")]
    wanted = Path(asked).as_posix().removeprefix("work/").removeprefix("course/").removesuffix(".ipynb")
    number = re.fullmatch(r"(\d)\.(\d+)", wanted)
    stem = f"day{number[1]}/{int(number[2]):02d}_" if number else wanted
    found = [name for name in lessons if name.removesuffix(".ipynb") == stem] or [n for n in lessons if stem in n]
    if len(found) != 1:
        raise CointrailError(
            f"{'No lesson goes' if not found else 'More than one lesson goes'} by the name {asked!r}. "
            f"The lessons are: {', '.join(found or lessons)}."
        )
    return found[0]


def _lessons(course):
    files = (path.relative_to(course) for path in course.rglob("*") if path.is_file())
    return sorted(path.as_posix() for path in files if not any(part.startswith(".") for part in path.parts))


def _free_name(path, why):
    names = (path.with_name(f"{path.stem} ({why}{f' {n}' if n > 1 else ''}){path.suffix}") for n in range(1, 1000))
    return next(name for name in names if not name.exists())


def _read_record(work):
    try:
        return json.loads((work / RECORD).read_text(encoding="utf-8"))
    except FileNotFoundError:
        return {}
    except ValueError as error:
        raise CointrailError(
            f"{work / RECORD} is damaged. Delete it and start again: your own files stay as they are."
        ) from error


def _write_record(work, record):
    _write(work / RECORD, json.dumps(record, indent=1, sort_keys=True).encode())


def _write(path, content):
    """All or nothing, so that a computer switched off in the middle leaves no half lesson."""
    path.parent.mkdir(parents=True, exist_ok=True)
    half = path.with_name(f".{path.name}.half")
    half.write_bytes(content)
    os.replace(half, path)


def _fingerprint(name, content):
    text = content
    if name.endswith(".ipynb"):
        try:
            cells = json.loads(content)["cells"]
            text = json.dumps([[cell["cell_type"], "".join(cell["source"])] for cell in cells]).encode()
        except (ValueError, KeyError, TypeError):  # not a notebook any more: every byte counts
            text = content
    return {"file": _sha256(content), "text": _sha256(text)}


def _sha256(content):
    return hashlib.sha256(content).hexdigest()
