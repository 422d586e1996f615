"""Ledgers by name: where the data lie, which worlds there are, and whether a file is the one that was published."""

import hashlib
import json
import os
import sys
from dataclasses import replace
from pathlib import Path

from cointrail.errors import CointrailError
from cointrail.ledger.model import Ledger
from cointrail.ledger.parquet import SCHEMAS, read_table

__all__ = [
    *("another_of", "checked_path", "data_folder", "load_ledger", "load_manifest", "read_ledger", "warm_ledgers"),
    "worlds",
]

# Of the files of a world; its manifest states it.
VERSION = "1"


def data_folder() -> Path:
    """The folder of the worlds.

    It is ``$COINTRAIL_DATA`` if that is set, else ``datasets`` beside the project's sources, else ``datasets`` beside
    the environment that a kit installed. The working folder never matters.

    Raises
    ------
    CointrailError
        If there is no such folder.
    """
    named = os.environ.get("COINTRAIL_DATA")
    places = [Path(named)] if named else [Path(__file__).parents[3] / "datasets", Path(sys.prefix).parent / "datasets"]
    for place in places:
        if place.is_dir():
            return place
    raise CointrailError(
        f"The course data are not at {' or '.join(map(str, places))}: set COINTRAIL_DATA to the datasets folder."
    )


def worlds() -> list[str]:
    """Names of the worlds in the data folder, sorted."""
    return sorted(manifest.parent.name for manifest in data_folder().glob("*/manifest.json"))


def load_manifest(name: str) -> dict:
    """The manifest of a world: its dockets, height, tip, and the SHA-256 of every file.

    Raises
    ------
    CointrailError
        If there is no such world, or its manifest is damaged or of another version.
    """
    if name not in worlds():
        known = ", ".join(worlds()) or "none yet"
        raise CointrailError(f"There is no world {name!r} in {data_folder()}: the worlds are {known}.")
    path = data_folder() / name / "manifest.json"
    damaged = CointrailError(f"{path} is damaged: copy the world {name} again.")
    try:
        manifest = json.loads(path.read_bytes())
    except ValueError as error:
        raise damaged from error
    if not isinstance(manifest, dict) or not isinstance(manifest.get("files"), dict):
        raise damaged
    if manifest.get("version", VERSION) != VERSION:
        raise CointrailError(
            f"{path} is of version {manifest['version']}, this program reads version {VERSION}: "
            f"take the program that came with the world {name}, or make the world again."
        )
    return manifest


def load_ledger(name: str) -> Ledger:
    """Load the ledger of a world, after checking each file against the manifest.

    Parameters
    ----------
    name : str
        A world, such as ``"primer"``.

    Raises
    ------
    CointrailError
        If there is no such world, or a file is missing or not the published one.

    Examples
    --------
    >>> load_ledger("primer").name
    'primer'
    """
    if name in _warm:
        ledger, _warm[name] = _warm[name], another_of(_warm[name], SCHEMAS)
        return ledger
    for table in SCHEMAS:
        path = checked_path(name, f"btc/{table}.parquet")
    return read_ledger(path.parent, name=name)


_warm: dict[str, Ledger] = {}


def warm_ledgers() -> dict[str, Ledger]:
    """Load every world ahead: no `load_ledger` reads a file again, each still gives a ledger of its own.

    For a server that forks a process for every notebook: none waits for its ledger. Returns the ledgers by name, so
    that what lessons ask first can be made ahead too: the first `load_ledger` of each gives these.
    """
    for name in worlds():
        _warm[name] = load_ledger(name)
    return dict(_warm)


def another_of(ledger, tables):
    """A ledger of the same tables and nothing made of them; pandas copies one when either is written to.

    Examples
    --------
    >>> one = load_ledger("primer")
    >>> two = another_of(one, SCHEMAS)
    >>> two.outputs["value"] = 0
    >>> bool((one.outputs["value"] > 0).any())
    True
    """
    return replace(ledger, **{table: getattr(ledger, table).copy(deep=False) for table in tables})


def checked_path(world: str, file: str, *, manifest: dict | None = None, folder: str = "") -> Path:
    """Where a published file of a world lies, once it is shown to be the published one.

    Parameters
    ----------
    world : str
    file : str
        As the manifest names it, such as ``"btc/blocks.parquet"``.
    manifest : dict, optional
        The manifest that holds its SHA-256; without it, the world's own.
    folder : str
        The part of the world that the manifest is about, such as ``"evm"``.

    Raises
    ------
    CointrailError
        There is no such world, or the file is missing or is not the one of the manifest.

    Examples
    --------
    >>> checked_path("primer", "prices.csv").name
    'prices.csv'
    """
    manifest = load_manifest(world) if manifest is None else manifest
    path, named = data_folder() / world / folder / file, "/".join(filter(None, (folder, "manifest.json")))
    if not path.is_file():
        raise CointrailError(f"{path} is missing: copy the world {world} again.")
    if hashlib.sha256(path.read_bytes()).hexdigest() != manifest["files"].get(file, {}).get("sha256"):
        raise CointrailError(
            f"{path} is damaged or was changed (its SHA-256 is not the one in {named}): copy the world {world} again."
        )
    return path


def read_ledger(folder: Path | str, *, name: str | None = None) -> Ledger:
    """Read a ledger from any folder with the four Parquet files; no manifest is needed.

    Parameters
    ----------
    folder : path
        Holds ``blocks``, ``transactions``, ``inputs`` and ``outputs`` ``.parquet``.
    name : str, optional
        The name the ledger carries; the folder's name if left out.
    """
    folder = Path(folder)
    tables = {table: read_table(folder / f"{table}.parquet", table) for table in SCHEMAS}
    return Ledger(name=name or folder.name, **tables)
