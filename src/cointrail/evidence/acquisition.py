"""The acquisition record of a ledger: which bytes were examined, up to which block, with which tool.

A result about a ledger can be repeated only by someone who has the same files. So the record names the world, the last
block by height and hash, and the SHA-256 of every file as it lies on this machine. No clock is read: who acquired what,
when and under which authority is for the person who did it to say.
"""

from datetime import datetime
from importlib.metadata import PackageNotFoundError, version

from cointrail.evidence.times import to_utc
from cointrail.ledger import Ledger, checked_path, load_manifest

__all__ = ["acquisition_record"]


def acquisition_record(
    ledger: Ledger, *, acquired: datetime | None = None, acquirer: str | None = None, authority: str | None = None
) -> dict:
    """Say which ledger this is, in a form that somebody else can check.

    Parameters
    ----------
    ledger : Ledger
        Loaded by name (`load_ledger`): only then are its files known.
    acquired : datetime, optional
        When the files were acquired, with a time zone; written in UTC.
    acquirer, authority : str, optional
        Who acquired them, and under which order or law.

    Returns
    -------
    dict
        world, height, block_hash, files (name -> SHA-256, read now from this machine), tool, and what was given of
        acquired, acquirer and authority. Plain text and numbers, ready for JSON.

    Raises
    ------
    CointrailError
        The ledger was not loaded by name, a file is no longer the published one, or the time has no zone.

    Examples
    --------
    >>> from cointrail.ledger import load_ledger
    >>> acquisition_record(load_ledger("primer"), acquirer="Officer 17")["height"]
    257
    """
    given = {"acquired": None if acquired is None else to_utc(acquired), "acquirer": acquirer, "authority": authority}
    return {
        "world": ledger.name,
        "height": ledger.tip,
        "block_hash": str(ledger.blocks["hash"].iloc[-1]),
        "files": _hashes(ledger.name),
        "tool": f"cointrail {_tool_version()}",
        **{name: value for name, value in given.items() if value is not None},
    }


def _hashes(world):
    """SHA-256 of the ledger's files on this machine, each held against the manifest."""
    manifest = load_manifest(world)
    names = sorted(name for name in manifest["files"] if name.startswith("btc/"))
    for name in names:
        checked_path(world, name, manifest=manifest)
    return {name: manifest["files"][name]["sha256"] for name in names}


def _tool_version():
    try:
        return version("cointrail")
    except PackageNotFoundError:
        return "not installed as a package"
