"""Holes in the story of an exhibit: what the entries of a custody log say, read without their hashes."""

from collections.abc import Iterable, Mapping
from datetime import timedelta

from cointrail.errors import CointrailError
from cointrail.evidence.custody import ACTIONS, FIELDS, CustodyFinding, finding_at, moment_of, need_fields

__all__ = ["custody_gaps"]


def custody_gaps(log: Iterable[Mapping], *, longest_transit: timedelta | None = None) -> list[CustodyFinding]:
    """Where the story of an exhibit has a hole: nobody knows who held it, or its bytes changed.

    This reads what the entries say, not their hashes, so a log kept by others can be examined too.

    Parameters
    ----------
    log : iterable of mapping
        In the order written: number, time (UTC), exhibit, action, by, to, sha256.
    longest_transit : timedelta, optional
        A longer time between "handed over" and "received" is reported.

    Returns
    -------
    list of CustodyFinding
        kind is "start" (no acquisition, or a second one), "holder" (somebody acts who does not hold the exhibit),
        "transit" (handed over, not received, or too late) or "hash" (another SHA-256 than first recorded).

    Raises
    ------
    CointrailError
        An entry lacks a field, or its action is not one of `ACTIONS`.

    Examples
    --------
    >>> from cointrail.evidence.custody import add_custody_entry
    >>> log = add_custody_entry([], time="2026-03-20T02:30:00Z", exhibit="E07", action="acquired", by="Officer 17")
    >>> log = add_custody_entry(log, time="2026-03-21T02:30:00Z", exhibit="E07", action="examined", by="Analyst 4")
    >>> custody_gaps(log)[0].sentence
    'Entry 2: Analyst 4 examined E07, which Officer 17 held: a handing over is missing.'
    """
    stories, findings = {}, []
    for place, entry in enumerate(log, 1):
        need_fields(entry, FIELDS[:7], place)
        if entry["action"] not in ACTIONS:
            raise CointrailError(f"Entry {place}: {entry['action']!r} is no action. Use one of: {', '.join(ACTIONS)}.")
        story = stories.setdefault(entry["exhibit"], {"holder": None, "sent": None, "sha256": None, "begun": False})
        findings += [finding_at(entry, kind, text) for kind, text in _gaps_at(entry, story, longest_transit)]
        _go_on(story, entry)
    for exhibit, story in stories.items():
        if sent := story["sent"]:
            text = f"Entry {sent['number']}: {exhibit} was handed over to {sent['to']}, who never received it."
            findings.append(CustodyFinding(sent["number"], exhibit, "transit", text))
    return sorted(findings, key=lambda finding: finding.number)


def _gaps_at(entry, story, longest):
    number, by, action, exhibit = (entry[name] for name in ("number", "by", "action", "exhibit"))
    if (action == "acquired") == story["begun"]:
        what = "is acquired a second time" if story["begun"] else "appears without having been acquired"
        yield "start", f"Entry {number}: {exhibit} {what}."
    elif action != "acquired":
        yield from _holder_gap(entry, story, longest)
    if entry["sha256"] and story["sha256"] and entry["sha256"] != story["sha256"]:
        yield "hash", f"Entry {number}: {exhibit} has another SHA-256 than first recorded: its bytes changed."
    if action == "handed over" and entry["to"] == by:
        yield "transit", f"Entry {number}: {by} handed {exhibit} over to themselves."


def _holder_gap(entry, story, longest):
    number, by, action, exhibit = (entry[name] for name in ("number", "by", "action", "exhibit"))
    sent = story["sent"]
    expected = sent["to"] if sent else story["holder"]
    if by != expected:
        state = f"was on its way to {expected}" if sent else f"{expected} held"
        said = f"which {state}: a handing over is missing."
        yield "holder", f"Entry {number}: {by} {action} {exhibit}, {said}"
    elif sent and action != "received":
        yield "transit", f"Entry {number}: {by} {action} {exhibit} before receiving it."
    elif action == "received" and not sent:
        yield "holder", f"Entry {number}: {by} received {exhibit}, which {by} already held."
    elif sent and longest is not None and moment_of(entry) - moment_of(sent) > longest:
        yield (
            "transit",
            f"Entry {number}: {exhibit} was {moment_of(entry) - moment_of(sent)} on its way, over {longest}.",
        )


def _go_on(story, entry):
    # After a gap the story goes on with what the entry says, so that one hole is reported once.
    story["begun"] = True
    story["sent"] = entry if entry["action"] == "handed over" else None
    story["holder"] = None if story["sent"] else entry["by"]
    story["sha256"] = story["sha256"] or entry["sha256"]
