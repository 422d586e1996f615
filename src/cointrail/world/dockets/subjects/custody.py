"""Who held the phone and the laptop (E20a), with two planted gaps, and the officer's note on a capture (E20b)."""

import hashlib
import json
from datetime import datetime, timedelta

from cointrail.errors import CointrailError
from cointrail.evidence import add_custody_entry, custody_gaps
from cointrail.ledger.parquet import BANNER
from cointrail.world.dockets.cast import FORENSICS, OFFSET_HOURS, SEARCH
from cointrail.world.dockets.paper import Paper, Subject, paragraph, text_paper
from cointrail.world.dockets.source import Source

__all__ = ["TRANSIT_HOURS", "make"]

TRANSIT_HOURS = 48
HOME = OFFSET_HOURS["ARVANIA"]


def make(source: Source) -> Subject:
    """The log with its gaps, and the note with the fields of the acquisition form."""
    log = _log(source)
    gaps = _numbers(log, TRANSIT_HOURS)
    if len(gaps) != 2:
        raise CointrailError(f"Docket {source.letter}: the custody log has {len(gaps)} gaps, two were planned.")
    page = next(paper for paper in source.subject("market").papers if paper.id == "E01e")
    facts = {
        "gaps": gaps,
        "no_limit": _numbers(log, None),
        "too_strict": _numbers(log, 20),
        "form": _form(source, page),
    }
    return Subject([_log_paper(source, log), _note(source, page)], facts)


def _numbers(log: list[dict], hours: int | None) -> list[int]:
    limit = None if hours is None else timedelta(hours=hours)
    return sorted({finding.number for finding in custody_gaps(log, longest_transit=limit)})


def _log(source: Source) -> list[dict]:
    """Two exhibits, each with a hole: one that was too long on its way, and one that nobody handed over."""
    stream, cast = source.stream("custody"), source.cast
    officer, second, examiner, clerk = (cast[r].name for r in ("officer", "second_officer", "examiner", "clerk"))
    slow, lost = stream.shuffled(["phone", "laptop"])
    digest = hashlib.sha256(f"{source.letter}/{lost}".encode()).hexdigest()
    acts = [
        (0, slow, "acquired", officer, None),
        (1, lost, "acquired", second, None),
        (3, slow, "handed over", officer, examiner),
        (3 + stream.between(50, 80), slow, "received", examiner, None),  # longer than the instruction allows
        (2, lost, "stored", second, None),
        # no handing over from the second officer to the examiner
        (stream.between(6, 20), lost, "examined", examiner, None),
        (4, slow, "examined", examiner, None),
        (5, lost, "handed over", examiner, clerk),
        (stream.between(22, 40), lost, "received", clerk, None),  # long, but within the limit
        (2, lost, "stored", clerk, None),
    ]
    # Harmless entries, so that the two gaps stand at another pair of places in every docket.
    later, earlier = divmod(source.number, 6)
    acts[5:5] = [(2, slow, ("examined", "stored")[turn % 2], examiner, None) for turn in range(later)]
    acts[2:2] = [(1, lost, "stored", second, None)] * earlier
    moment, log = datetime.fromisoformat(f"{SEARCH}T01:{10 + stream.below(45)}:00Z"), []
    for hours, exhibit, action, by, to in acts:
        moment += timedelta(hours=hours, minutes=stream.below(30))
        log = add_custody_entry(
            log,
            time=moment,
            exhibit=exhibit,
            action=action,
            by=by,
            to=to,
            sha256=digest if exhibit == lost and action == "examined" else None,
            note=BANNER if not log else "",
        )
    return log


def _log_paper(source: Source, log: list[dict]) -> Paper:
    lines = [json.dumps(entry, sort_keys=True, separators=(",", ":")) for entry in log]
    return text_paper(
        "E20a",
        "custody_log.jsonl",
        "\n".join(lines) + "\n",
        title="Custody log of the phone and the laptop",
        source="Evidence store; every line carries the hash of the line before it",
        acquired="2026-11-02T03:00:00Z",
        authority=f"Search order {source.cast.order_number('SE', 1)}",
        reliability="A2",
        acquirer=FORENSICS,
    )


def _form(source: Source, page: Paper) -> dict[str, dict[str, str]]:
    """The decisive fields of the acquisition form, right and as a hurried officer fills them in."""
    cast = source.cast
    local = datetime.fromisoformat(page.acquired) + timedelta(hours=HOME)
    right = {
        "exhibit": page.id,
        "sha256": hashlib.sha256(page.data).hexdigest(),
        "acquired": page.acquired,
        "acquirer": cast["officer"].name,
        "authority": cast.order_number("OB", 1),
    }
    return {
        "right": right,
        "local_time": right | {"acquired": local.strftime("%Y-%m-%dT%H:%M:%SZ")},
        "other_order": right | {"authority": cast.order_number("SE", 1)},
        "witness": right | {"acquirer": cast["second_officer"].name},
        "hash_on_the_page": right | {"sha256": _printed_hash(page)},
    }


def _printed_hash(page: Paper) -> str:
    return page.data.decode().partition("<code>")[2].partition("</code>")[0]


def _note(source: Source, page: Paper) -> Paper:
    cast = source.cast
    local = (datetime.fromisoformat(page.acquired) + timedelta(hours=HOME)).strftime("%Y-%m-%d at %H:%M:%S")
    saved = f"""On {local}, by the clock of the office (local time of Arvania, UTC+{HOME}), I saved the page of the
        seller {cast.vendor} on the market QUAYSIDE: exhibit {page.id}, file {page.file}."""
    order = f"""I worked under the observation order {cast.order_number("OB", 1)}. (The search order
        {cast.order_number("SE", 1)} is for the home and the devices. It came later.)"""
    text = f"""NOTE ON A CAPTURE                                              Case {cast.case_number}

{paragraph(saved)}

{paragraph(order)}

I used the capture workstation of the cell, browser 14.2, and saved the page as
one file. I only read. I asked nothing, and I ordered nothing.

{cast["second_officer"].name} watched.

{cast["officer"].name}, officer
"""
    return text_paper(
        "E20b",
        "capture_note.txt",
        text,
        title=f"Note on the capture of {page.id}",
        source="Officer's note",
        acquired=page.acquired[:11] + "10:00:00Z",
        authority=f"Observation order {cast.order_number('OB', 1)}",
        reliability="A2",
        acquirer=cast["officer"].name,
    )
