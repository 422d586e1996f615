"""The files of a world on disk, read when asked for."""

import json
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

import pandas as pd

from cointrail.errors import CointrailError
from cointrail.ledger import Ledger, data_folder, load_manifest, read_blocks, read_ledger

__all__ = ["WorldFiles", "published_files", "truth_folder"]


def truth_folder() -> Path:
    """Where the truth of the worlds lies: beside the data folder, on the instructor's desk."""
    return data_folder().parent / "grading" / "truth"


def published_files(folder: Path) -> list[Path]:
    """All files that a world's manifest lists: not those of folders with a manifest of their own (keys/, evm/)."""
    own = {path.parent.relative_to(folder).parts[0] for path in folder.glob("*/manifest.json")} | {"keys"}
    files = (path for path in sorted(folder.rglob("*")) if path.is_file() and path.name != "manifest.json")
    return [path for path in files if path.relative_to(folder).parts[0] not in own]


@dataclass(frozen=True)
class WorldFiles:
    """A world by name; an unknown name is refused by `manifest`."""

    name: str

    @property
    def folder(self) -> Path:
        return data_folder() / self.name

    @property
    def truth(self) -> Path | None:
        """The folder of the truth, or None where it is not here (a participant's copy)."""
        folder = truth_folder() / self.name
        return folder if folder.is_dir() else None

    @cached_property
    def manifest(self) -> dict:
        return load_manifest(self.name)

    @cached_property
    def blocks(self) -> list[bytes]:
        return read_blocks(self.folder / "btc" / "blocks.dat")

    @cached_property
    def ledger(self) -> Ledger:
        return read_ledger(self.folder / "btc", name=self.name)

    def published(self) -> list[Path]:
        return published_files(self.folder)

    def texts(self) -> list[Path]:
        return [path for path in self.published() if path.suffix in (".txt", ".csv", ".json", ".md")]

    def register(self, docket: str) -> list[dict]:
        """The register of exhibits; empty for a docket that has none yet."""
        if not (self.folder / "dockets" / docket).is_dir():
            return []
        return json.loads((self.folder / "dockets" / docket / "exhibits" / "register.json").read_bytes())

    def truth_table(self, name: str) -> pd.DataFrame:
        """A table of the truth; a missing one is refused in a sentence."""
        path = self.truth / f"{name}.parquet" if self.truth else None
        if path is None or not path.is_file():
            raise CointrailError(f"The truth of {self.name} has no table {name}: make the world's chains again, both.")
        return pd.read_parquet(path)
