"""A learner's own case: which docket is theirs, and the exhibits that lie in it.

A docket is a letter, A to X, of one suspect inside the shared world. Small worlds have fewer: there the letters take
turns, so that every learner has a case in every world.
"""

import hashlib
import json
import os
from dataclasses import dataclass
from io import StringIO
from pathlib import Path
from shutil import copyfile

import pandas as pd
from IPython.display import HTML

from cointrail.errors import CointrailError
from cointrail.exercises.roster import DOCKETS, FOR_THE_WEEK
from cointrail.ledger import data_folder, load_manifest

__all__ = [
    "Case",
    "docket_in",
    "exam_docket",
    "open_case",
    "own_docket",
    "work_folder",
]


@dataclass(frozen=True)
class Case:
    """One docket of one world, with its exhibits."""

    world: str
    docket: str

    def _folders(self):
        """The docket's own exhibits, and those that every docket of the world shares (law, templates)."""
        dockets = data_folder() / self.world / "dockets"
        return [dockets / name / "exhibits" for name in (self.docket, "shared")]

    @property
    def exhibits(self):
        """The register, one row an exhibit: id, title, source, who acquired it, when (UTC), reliability, SHA-256."""
        registers = [folder / "register.json" for folder in self._folders()]
        if not registers[0].is_file():
            raise CointrailError(f"Docket {self.docket} of {self.world} has no exhibits yet.")
        self._refuse_other_chain()
        return pd.DataFrame([line for file in registers if file.is_file() for line in _read_register(file)])

    def _refuse_other_chain(self):
        """Exhibits speak of the ledgers of one world: those of another one of the same name are refused."""
        file = data_folder() / self.world / "dockets" / "manifest.json"
        if file.is_file() and json.loads(file.read_bytes())["tip"] != load_manifest(self.world)["tip"]:
            raise CointrailError(
                f"{file} was made for another world than the ledger beside it: unpack the course's datasets again, "
                f"or run: cointrail world dockets {self.world}"
            )

    def path(self, exhibit_id):
        """Where the exhibit's file lies.

        Raises
        ------
        CointrailError
            The docket has no such exhibit, or its file is not the one that was registered.
        """
        register = self.exhibits.set_index("id")
        if exhibit_id not in register.index:
            known = ", ".join(register.index)
            raise CointrailError(f"Docket {self.docket} has no exhibit {exhibit_id!r}. It has {known}.")
        row = register.loc[exhibit_id]
        own, shared = self._folders()
        file = own / row["file"] if (own / row["file"]).is_file() else shared / row["file"]
        if not file.is_file() or hashlib.sha256(file.read_bytes()).hexdigest() != row["sha256"]:
            raise CointrailError(
                f"Exhibit {exhibit_id} ({row['file']}) is missing or is not the file that was registered: "
                "its SHA-256 differs. Unpack the course's datasets again."
            )
        return file

    def exhibit(self, exhibit_id):
        """Read an exhibit: a table for .csv (every column as text or whole number), else its text.

        A PDF is no text: `link` opens it, `path` says where it lies.
        """
        file = self.path(exhibit_id)
        if file.suffix == ".pdf":
            raise CointrailError(f'Exhibit {exhibit_id} is a PDF. Write case.link("{exhibit_id}") to open it.')
        text = file.read_text(encoding="utf-8")
        return pd.read_csv(StringIO(text), comment="#") if file.suffix == ".csv" else text

    def link(self, exhibit_id):
        """A link that opens an exhibit as it looks, such as a PDF; a copy of it is put into `exhibits` beside the days.

        Returns
        -------
        IPython.display.HTML
            Outside a learner's folder (when a lesson is built or graded) it names the file only.
        """
        file, folder = self.path(exhibit_id), work_folder()
        if folder is None:
            return HTML(f"{file.name} (a link in your copy of the course)")
        copy = folder / "exhibits" / self.docket / file.name
        copy.parent.mkdir(parents=True, exist_ok=True)
        copyfile(file, copy)
        return HTML(f'<a href="../exhibits/{self.docket}/{file.name}" target="_blank">Open {file.name}</a>')


def _read_register(file):
    try:
        return json.loads(file.read_text(encoding="utf-8"))
    except ValueError as error:
        raise CointrailError(f"{file} is damaged: unpack the course's datasets again.") from error


def open_case(world="glass_harbour", *, exam=False):
    """Open the learner's own case in a world; with `exam`, the case that is kept for the exam.

    Examples
    --------
    >>> open_case("primer")
    Case(world='primer', docket='A')
    """
    letter = exam_docket(own_docket()) if exam else own_docket()
    return Case(world, docket_in(world, letter))


def own_docket():
    """The letter of this learner: set by the grader, else from the learner's case.json, else A."""
    given = os.environ.get("COINTRAIL_DOCKET")
    if given is None:
        file = _case_file()
        given = _read_case(file) if file else "A"
    if given not in DOCKETS or len(given) != 1:
        raise CointrailError(f"There is no docket {given!r}. Dockets are the letters A to X.")
    return given


def exam_docket(letter):
    """The docket of a learner's exam, one of the four that the week never shows: neighbours have different ones.

    Examples
    --------
    >>> exam_docket("A"), exam_docket("F")
    ('U', 'V')
    """
    for_the_exam = DOCKETS[FOR_THE_WEEK:]
    return for_the_exam[DOCKETS.index(letter) % len(for_the_exam)]


def docket_in(world, letter):
    """The docket a letter stands for in a world: its own where the world has it, else they take turns."""
    dockets = load_manifest(world)["dockets"]
    return dockets[DOCKETS.index(letter) % len(dockets)]


def work_folder():
    """The learner's own copy of the course, or None outside it (when lessons are built or graded)."""
    if os.environ.get("COINTRAIL_GRADING") == "1":
        return None
    named = os.environ.get("COINTRAIL_WORK")
    folder = Path(named) if named else Path.cwd().parent
    return folder if (folder / "case.json").is_file() else None


def _case_file():
    folder = work_folder()
    return folder / "case.json" if folder else None


def _read_case(file):
    try:
        return json.loads(file.read_text(encoding="utf-8"))["docket"]
    except (ValueError, KeyError, TypeError) as error:
        raise CointrailError(f"{file.name} in your work folder is damaged. Run: cointrail lab --as YOUR-ID") from error
