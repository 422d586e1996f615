"""Where the course lies, and what a question may look at while its key is made."""

import json
from dataclasses import dataclass
from functools import cached_property, lru_cache
from pathlib import Path

import pandas as pd

from cointrail.errors import CointrailError
from cointrail.exercises import Case
from cointrail.ledger import data_folder, load_ledger, load_token_ledger

__all__ = ["Desk", "course_root", "truth_folder"]


def course_root():
    """The folder of the course: the working folder when it holds nbgrader_config.py, else where the project lies."""
    for folder in (Path.cwd(), Path(__file__).resolve().parents[3]):
        if (folder / "nbgrader_config.py").is_file():
            return folder
    raise CointrailError("There is no nbgrader_config.py here. Run this command in the folder of the course.")


def truth_folder(root, world):
    """What only the simulator and the grader know of a world; that of a secret world lies beside its data."""
    beside = data_folder().parent / "grading" / "truth" / world
    return beside if (beside / "seed.txt").is_file() else root / "grading" / "truth" / world


@dataclass(frozen=True)
class Desk:
    """One docket of one world on the instructor's desk, with its truth: what a question's truth is computed from."""

    root: Path
    world: str
    docket: str

    @property
    def ledger(self):
        """The public ledger; read once for all dockets of a world."""
        return _ledger(load_ledger, self.world, data_folder())

    @property
    def tokens(self):
        """The public ledger of the account chain."""
        return _ledger(load_token_ledger, self.world, data_folder())

    @cached_property
    def facts(self):
        """The intended facts of the docket: grading/truth/<world>/dockets/<X>.json."""
        file = truth_folder(self.root, self.world) / "dockets" / f"{self.docket}.json"
        if not file.is_file():
            raise CointrailError(
                f"The truth of docket {self.docket} of {self.world} is missing: {file.name} in truth/."
            )
        return json.loads(file.read_text(encoding="utf-8"))

    def exhibit(self, exhibit_id):
        """An exhibit of the docket, as the learner reads it."""
        return Case(self.world, self.docket).exhibit(exhibit_id)

    def truth(self, table):
        """A table of the truth, such as "outputs"."""
        return pd.read_parquet(truth_folder(self.root, self.world) / f"{table}.parquet")


@lru_cache(maxsize=4)
def _ledger(load, world, folder):
    """A ledger of a data folder; reading it takes longer than most questions."""
    return load(world)
