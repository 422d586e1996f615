"""The participant's bundle: lessons, toolkit, data and sealed keys in one file; no solution, no truth, no plain key.

What goes in is listed here, and nothing else does. What was packed is then read again and searched, so that the promise
does not rest on the list (see `kit_scan`).
"""

import re
import zipfile
from pathlib import Path

import nbformat

from cointrail.classroom.kit_scan import scan
from cointrail.errors import CointrailError
from cointrail.exercises.case import DOCKETS, FOR_THE_WEEK
from cointrail.exercises.roster import KIT_LIST, read_roster, veiled

__all__ = ["kit_files", "make_kit"]

_TOP = ("start.py", "pyproject.toml", "requirements.lock.txt", "LICENSE", "LICENSE-course-text")
_ROOMS = ("ledger", "tracing", "evidence", "exercises", "board")
_CLASSROOM = ("__init__.py", "certificate.py", "hand_in.py", "handout.py", "lab.py", "jupyter/")
_VERBS = ("__init__", "lab", "progress", "submit", "doctor", "bundle")
_LEFT_OUT = re.compile(r"(^|/)(__pycache__|\.ipynb_checkpoints|\.[^/]+)(/|$)|\.pyc$")
_TOGETHER = 1980, 1, 1, 0, 0, 0  # one time for all: two kits of the same course are the same bytes
README = """\
# Cointrail, the participant's copy

Open a terminal (on Windows: PowerShell) in this folder and type

    python start.py --as YOUR-ID

Your trainer gives the id. The first start sets up what the course needs; later ones take seconds. Then:

    python start.py progress          how far I have come
    python start.py submit day2       check and pack my work of day 2
    python start.py doctor            is this machine ready?

The answers are not in here. To tell you at once whether you are right, the keys in `datasets/*/keys` hold hashes of
them. Who wants to can find a short answer by trying all there are, and learns nothing by it. So marks that count come
from an exam whose keys say only what kind of answer is asked, on data that nobody has seen before.

SYNTHETIC TRAINING DATA: every name, address and payment in this course is invented.
"""


def kit_files(root, *, data=None, roster=None, exam=True):
    """What belongs into the bundle: {path in it: bytes, or the file they are in}.

    Parameters
    ----------
    root : Path
        The whole project.
    data : Path, optional
        The folder of the worlds: `datasets` of the project, or of a fresh world.
    roster : Path, optional
        The class; the bundle gets the dockets, under veiled ids and without names.
    exam : bool
        False leaves out what belongs to the exam: its notebooks and dockets, and the capstone.
    """
    files = {name: root / name for name in _TOP} | {"README.md": README.encode()}
    package = root / "src" / "cointrail"
    for name in ("__init__.py", "__main__.py", "errors.py"):
        files[f"src/cointrail/{name}"] = package / name
    for place in (*_ROOMS, *(f"classroom/{name}" for name in _CLASSROOM), *(f"cli/{verb}.py" for verb in _VERBS)):
        files |= _below(root, package / place)
    files |= _below(root, root / "course")
    data = data or root / "datasets"
    files |= {f"datasets/{name}": file for name, file in _below(data, data).items()}
    files["datasets/README.md"] = root / "datasets" / "README.md"
    if roster is not None and roster.is_file():
        rows = sorted(f"{veiled(student)},{docket}" for student, docket in read_roster(roster).items())
        files[KIT_LIST] = "\n".join(["student_id,docket", *rows, ""]).encode()
    if not exam:
        kept_back = _of_the_exam(root, data)
        files = {name: file for name, file in files.items() if not name.startswith(kept_back)}
        start = root / "course" / "START.md"
        if start.is_file():
            files["course/START.md"] = _without_dead_links(start.read_text(encoding="utf-8"), files).encode()
    return dict(sorted(files.items()))


def _without_dead_links(page, files):
    """The start page, on which a lesson that is kept back is no link."""

    def link(found):
        place = f"course/{found[2]}"
        there = place in files or not found[2].endswith(".ipynb")
        return found[0] if there else f"{found[1]} (comes from your trainer)"

    return re.sub(r"\[([^\]]+)\]\(([^)\s]+)\)", link, page)


def _below(root, place):
    """A file, or everything below a folder, by its path in the project; caches and hidden files stay out."""
    found = [place] if place.is_file() else sorted(file for file in place.rglob("*") if file.is_file())
    names = {file.relative_to(root).as_posix(): file for file in found}
    return {name: file for name, file in names.items() if not _LEFT_OUT.search(name)}


def _of_the_exam(root, data):
    """How the paths of what is kept back until the exam begin."""
    dockets = DOCKETS[FOR_THE_WEEK:]
    begin = [f"datasets/{world.name}/{kind}/{x}/" for world in data.iterdir()
             for kind in ("dockets", "keys") for x in dockets]  # fmt: skip
    for file in (root / "course").glob("*/*.ipynb"):
        if any("exam=True" in cell.source for cell in nbformat.read(file, as_version=4).cells):
            begin.append(file.relative_to(root).as_posix())
    return (*begin, "course/capstone/")


def make_kit(root, target, *, data=None, roster=None, exam=True, wheels=None, say=print):
    """Pack the bundle, then prove that it holds nothing that belongs to the instructor.

    Parameters
    ----------
    root, target : Path
        The project, and the .zip file to write.
    data, roster, exam
        As for `kit_files`.
    wheels : Path, optional
        A folder of packages for machines without a network; packed as wheels/.
    say : callable

    Returns
    -------
    int
        How many files are in it.

    Raises
    ------
    CointrailError
        Something of the instructor's is in it; then no file is left.
    """
    files = kit_files(root, data=data, roster=roster, exam=exam)
    if wheels is not None:
        files |= {f"wheels/{file.name}": file for file in sorted(wheels.iterdir())}
    lacking = [name for name, file in files.items() if isinstance(file, Path) and not file.is_file()]
    if lacking:
        raise CointrailError(f"{lacking[0]} is missing. Make the kit in a whole copy of the project.")
    part = target.with_name(target.name + ".part")
    try:
        _pack(files, part)
        say("searched for solutions, truth and keys")
        found = scan(part, root, data)
        if found:
            raise CointrailError(f"No kit was made, because {found[0]}. Run cointrail build, then try again.")
        part.replace(target)
    finally:
        part.unlink(missing_ok=True)
    return len(files)


def _pack(files, target):
    with zipfile.ZipFile(target, "w", compression=zipfile.ZIP_DEFLATED) as packed:
        for name, file in files.items():
            entry = zipfile.ZipInfo(f"cointrail/{name}", _TOGETHER)
            entry.external_attr = 0o644 << 16
            stored = name.endswith((".parquet", ".whl", ".gz", ".pdf", ".png"))
            entry.compress_type = zipfile.ZIP_STORED if stored else zipfile.ZIP_DEFLATED
            packed.writestr(entry, file if isinstance(file, bytes) else file.read_bytes())
