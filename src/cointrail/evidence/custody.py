"""The custody log: who held which exhibit, when, as a chain of hashes that shows a later change.

Every entry carries the hash of the entry before it. Whoever changes, removes or moves an entry breaks the chain at that
place. The chain alone cannot show that its end was cut off, or that all of it was written anew: for that, the hash of
the last entry must be kept somewhere else (in a report, with a court) and given to `verify_custody`.

A log is a list of plain dicts, in a file one JSON object per line. No clock is read: the person says when.
"""

import hashlib
import json
from collections.abc import Mapping
from datetime import datetime
from pathlib import Path
from typing import NamedTuple

from cointrail.errors import CointrailError
from cointrail.evidence.times import to_utc

__all__ = [
    "ACTIONS",
    "CustodyFinding",
    "add_custody_entry",
    "read_custody",
    "verify_custody",
    "write_custody",
]

ACTIONS = ("acquired", "handed over", "received", "examined", "stored", "returned")
FIELDS = ("number", "time", "exhibit", "action", "by", "to", "sha256", "note", "previous", "hash")
_BEGINNING = "0" * 64


class CustodyFinding(NamedTuple):
    """What is wrong with a log: the number of the entry, the exhibit, the kind of fault, and a sentence."""

    number: int
    exhibit: str
    kind: str
    sentence: str


def add_custody_entry(
    log: list[dict],
    *,
    time: datetime | str,
    exhibit: str,
    action: str,
    by: str,
    to: str | None = None,
    sha256: str | None = None,
    note: str = "",
) -> list[dict]:
    """The log with one more entry; the log given is left as it is.

    Parameters
    ----------
    log : list of dict
        ``[]`` to begin.
    time : datetime or str
        When it was done, with a time zone (text: ISO 8601); written in UTC. Never earlier than the entry before: what
        is recorded late gets the time of recording, and its note says when it was done.
    exhibit : str
    action : str
        One of `ACTIONS`.
    by, to : str
        Who did it; for "handed over" also to whom.
    sha256 : str, optional
        Of the exhibit's file, as found at this moment.
    note : str, optional

    Raises
    ------
    CointrailError
        A field is missing or wrong, the time has no zone or goes back, or the log given is itself broken.

    Examples
    --------
    >>> log = add_custody_entry([], time="2026-03-20T09:30:00+07:00", exhibit="E07", action="acquired", by="Officer 17")
    >>> log[0]["number"], log[0]["time"]
    (1, '2026-03-20T02:30:00Z')
    >>> verify_custody(log)
    []
    """
    if broken := verify_custody(log):
        raise CointrailError(
            f"The log is broken and is not continued: {broken[0].sentence} Begin a new log; name both."
        )
    entry = {
        "number": len(log) + 1,
        "time": to_utc(time),
        "exhibit": exhibit,
        "action": action,
        "by": by,
        "to": to,
        "sha256": sha256.lower() if isinstance(sha256, str) else sha256,
        "note": note,
        "previous": log[-1]["hash"] if log else _BEGINNING,
    }
    _check_fields(entry)
    if log and moment_of(entry) < moment_of(log[-1]):
        raise CointrailError(
            f"Entry {entry['number']} is of {entry['time']}, before the last one ({log[-1]['time']}): give the time of "
            "recording, and say in the note when it was done."
        )
    return [*log, {**entry, "hash": _hash(entry)}]


def _check_fields(entry):
    where = f"Entry {entry['number']}"
    for field in ("exhibit", "by"):
        if not isinstance(entry[field], str) or not entry[field].strip():
            raise CointrailError(f"{where} has no {field!r}: a custody entry names the exhibit and the person.")
    if entry["action"] not in ACTIONS:
        raise CointrailError(f"{where}: {entry['action']!r} is no action. Use one of: {', '.join(ACTIONS)}.")
    if (entry["action"] == "handed over") != (isinstance(entry["to"], str) and bool(entry["to"].strip())):
        raise CointrailError(f"{where}: 'to' belongs to the action 'handed over', and is needed there.")
    digest = entry["sha256"]
    if digest is not None and not (
        isinstance(digest, str) and len(digest) == 64 and set(digest) <= set("0123456789abcdef")
    ):
        raise CointrailError(f"{where}: {digest!r} is no SHA-256, which has 64 characters, 0-9 and a-f.")
    if not isinstance(entry["note"], str):
        raise CointrailError(f"{where}: the note is no text.")


def _hash(entry):
    return hashlib.sha256(_line({name: entry[name] for name in FIELDS if name != "hash"}).encode()).hexdigest()


def _line(entry):
    return json.dumps(entry, sort_keys=True, separators=(",", ":"))


def moment_of(entry):
    """The time of an entry."""
    return datetime.fromisoformat(entry["time"])


def verify_custody(log: list[dict], *, last_hash: str | None = None) -> list[CustodyFinding]:
    """Where the chain of a log is broken; an empty list where it holds.

    Parameters
    ----------
    log : list of dict
    last_hash : str, optional
        The hash of the last entry, as kept elsewhere. Without it a log that was cut at its end, or written anew as a
        whole, looks right.

    Raises
    ------
    CointrailError
        An entry lacks a field.
    """
    findings, previous = [], None
    for place, entry in enumerate(log, 1):
        need_fields(entry, FIELDS, place)
        findings += [finding_at(entry, kind, text) for kind, text in _chain_faults(entry, previous, place)]
        previous = entry
    end = log[-1]["hash"] if log else _BEGINNING
    if last_hash is not None and last_hash.strip().lower() != end:
        sentence = (
            "The log does not end with the hash that was kept elsewhere: entries were cut off, added or rewritten."
        )
        findings.append(CustodyFinding(len(log), log[-1]["exhibit"] if log else "", "end", sentence))
    return findings


def _chain_faults(entry, previous, place):
    if entry["number"] != place:
        yield "number", f"Entry {entry['number']} stands at place {place}: an entry is missing, doubled or moved."
    if entry["previous"] != (previous["hash"] if previous else _BEGINNING):
        yield "link", f"Entry {entry['number']} does not follow the entry before it: its link is to another hash."
    if entry["hash"] != _hash(entry):
        yield "content", f"Entry {entry['number']} was changed after it was written: its hash does not fit."
    if previous and moment_of(entry) < moment_of(previous):
        yield "time", f"Entry {entry['number']} is of an earlier time than the entry before it."


def finding_at(entry, kind, sentence):
    """A finding about one entry."""
    return CustodyFinding(entry["number"], entry["exhibit"], kind, sentence)


def need_fields(entry, fields, place):
    """Refuse an entry that lacks a field, or whose time is not in UTC."""
    missing = [name for name in fields if name not in entry] if isinstance(entry, Mapping) else list(fields)
    if missing:
        raise CointrailError(f"Entry {place} of the custody log lacks {', '.join(missing)}.")
    if to_utc(entry["time"]) != entry["time"]:
        raise CointrailError(
            f"Entry {place} of the custody log is not in UTC: write its time as {to_utc(entry['time'])}."
        )


def write_custody(log: list[dict], file: Path | str) -> None:
    """Write a log, one JSON object per line; a broken log is refused."""
    if broken := verify_custody(log):
        raise CointrailError(f"The log is broken and is not written: {broken[0].sentence}")
    Path(file).write_bytes("".join(f"{_line(entry)}\n" for entry in log).encode())


def read_custody(file: Path | str) -> list[dict]:
    """Read a log as `write_custody` wrote it; then ask `verify_custody` whether its chain holds.

    Raises
    ------
    CointrailError
        There is no such file, or a line is not of the form that is written.
    """
    try:
        lines = Path(file).read_text(encoding="utf-8").splitlines()
    except (OSError, UnicodeDecodeError) as error:
        raise CointrailError(f"The custody log {file} cannot be read: {error}.") from error
    return [_entry(line, place, file) for place, line in enumerate(lines, 1)]


def _entry(line, place, file):
    try:
        entry = json.loads(line)
    except ValueError as error:
        raise CointrailError(f"Line {place} of {file} is no JSON object: restore the log from its copy.") from error
    # Doubled keys and blanks would let a line show what is not in its hash.
    if not isinstance(entry, dict) or set(entry) != set(FIELDS) or _line(entry) != line:
        raise CointrailError(f"Line {place} of {file} is not as a custody entry is written: restore it from its copy.")
    return entry
