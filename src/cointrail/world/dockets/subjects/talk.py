"""Who wrote what, and when by which clock: forum (E03a), messenger (E03b), parcels (E13), and the times in UTC.

Three clocks: the forum's server, a phone whose zone is set anew on the way, and the local time of each parcel hall.
Nobody in these texts gives an instruction; a deleted message is one that the other side's copy still shows.
"""

from datetime import UTC, datetime, timedelta

from cointrail.world.dockets.cast import CUSTOMS, OFFSET_HOURS, PARCEL, STATES
from cointrail.world.dockets.paper import Paper, Subject, csv_paper
from cointrail.world.dockets.source import Source

__all__ = ["ASKED", "make"]

# What lesson 1.4 asks: before and after the phone's clock was set, a forum post, and scans in two states.
ASKED = ("M2", "M3", "M7", "M8", "P2", "K2", "K4")
HOME = OFFSET_HOURS["ARVANIA"]

POSTS = (
    ("VENDOR", "The old page is closed. The new address stands on my profile.", "shown"),
    ("READER", "Is it the same seller? The notice has no signature.", "shown"),
    ("VENDOR", "It has one now.", "shown"),
    ("READER", "Checked. Thank you.", "deleted by the author; copy of 7 August"),
)
CHAT = (
    ("SUSPECT", "COURIER", "Are you at home this weekend?", "sent"),
    ("COURIER", "SUSPECT", "Yes, all of it.", "sent"),
    ("SUSPECT", "COURIER", "Two boxes then.", "deleted by the sender; shown by the other phone"),
    ("COURIER", "SUSPECT", "I take the early ferry.", "sent"),
    ("system", "", "CLOCK", "service line"),
    ("SUSPECT", "COURIER", "Did the boxes go out?", "sent"),
    ("COURIER", "SUSPECT", "Both, before the ferry.", "sent"),
    ("SUSPECT", "COURIER", "Good. I am back in a week.", "sent"),
)
SCANS = (("PORT TORRIN", "accepted"), ("PORT TORRIN", "left"), ("SELMORA", "in transit"), ("ARVANIA", "customs hall"))


def make(source: Source) -> Subject:
    """Three exports and the moments behind them."""
    stream = source.stream("talk")
    server = stream.choice((1, 2, 3, 4))
    away = stream.choice((8, 9))
    start = datetime(2026, 8, 3 + stream.below(4), 9 + stream.below(3), stream.below(60), tzinfo=UTC)
    posts = _moments(stream, start, len(POSTS), 40)
    chat = _moments(stream, start + timedelta(days=30), len(CHAT), 300)
    scans = _moments(stream, datetime.fromisoformat(f"{PARCEL}T00:00:00Z") - timedelta(days=5), len(SCANS), 900)
    clocks = {
        **{f"P{n}": (moment, server) for n, moment in enumerate(posts, 1)},
        # The service line is message 5: from there on the phone shows the other zone.
        **{f"M{n}": (moment, HOME if n < 5 else away) for n, moment in enumerate(chat, 1)},
        **{f"K{n}": (m, OFFSET_HOURS[state]) for n, (m, (state, _)) in enumerate(zip(scans, SCANS, strict=True), 1)},
    }
    papers = [_forum(source, clocks, server), _messenger(source, clocks, away), _parcels(source, clocks)]
    return Subject(papers, _facts(clocks, server))


def _moments(stream, start: datetime, count: int, minutes: int) -> list[datetime]:
    moments, now = [], start
    for _ in range(count):
        moments.append(now)
        now += timedelta(minutes=stream.between(minutes // 4, minutes), seconds=stream.below(60))
    return moments


def _facts(clocks: dict, server: int) -> dict:
    def times(offset):
        """The moments as somebody writes them who takes this offset off the clock's time."""
        return {
            name: _utc(clocks[name][0] + timedelta(hours=clocks[name][1] - offset(name, clocks[name][1])))
            for name in ASKED
        }

    return {
        "utc": times(lambda name, own: own),
        "local_as_utc": times(lambda name, own: 0),
        "wrong_way": times(lambda name, own: -own),
        "home_for_all": times(lambda name, own: HOME),
        "clock_change_missed": times(lambda name, own: HOME if name[0] == "M" else own),
        "server_for_parcels": times(lambda name, own: server if name[0] == "K" else own),
        "server_offset": server,
    }


def _utc(moment: datetime) -> str:
    return moment.strftime("%Y-%m-%dT%H:%M:%SZ")


def _local(clocks: dict, name: str) -> str:
    moment, offset = clocks[name]
    return (moment + timedelta(hours=offset)).strftime("%Y-%m-%dT%H:%M:%S")


def _forum(source: Source, clocks: dict, server: int) -> Paper:
    names = {"VENDOR": source.cast.vendor, "READER": "quiet_reader"}
    rows = [
        (f"P{n}", _local(clocks, f"P{n}"), names[author], text, state)
        for n, (author, text, state) in enumerate(POSTS, 1)
    ]
    return csv_paper(
        "E03a",
        "forum_thread.csv",
        ["post", "server_time", "author", "text", "state"],
        rows,
        title="Thread on the forum LANTERN",
        source=f"Forum pages; times are the server's clock, UTC+{server}",
        acquired="2026-09-22T07:20:00Z",
        authority=f"Observation order {source.cast.order_number('OB', 1)}",
        reliability="B2",
    )


def _messenger(source: Source, clocks: dict, away: int) -> Paper:
    names = {role.upper(): source.cast[role].name.split()[0] for role in ("suspect", "courier")}
    change = f"The clock of this phone was set from UTC+{HOME} to UTC+{away}"
    rows = [
        (
            f"M{n}",
            _local(clocks, f"M{n}"),
            names.get(sender, sender),
            names.get(receiver, receiver),
            text.replace("CLOCK", change),
            state,
        )
        for n, (sender, receiver, text, state) in enumerate(CHAT, 1)
    ]
    return csv_paper(
        "E03b",
        "messenger_export.csv",
        ["message", "phone_time", "sender", "receiver", "text", "state"],
        rows,
        title="Export of a messenger chat",
        source=f"Phone of the courier; times are the phone's clock, UTC+{HOME} at the beginning",
        acquired="2026-10-20T08:15:00Z",
        authority=f"Search order {source.cast.order_number('SE', 1)}",
        reliability="A2",
    )


def _parcels(source: Source, clocks: dict) -> Paper:
    number = f"PT{source.stream('talk/parcel').between(100_000, 999_999)}"
    rows = [
        (f"K{n}", _local(clocks, f"K{n}"), state, f"parcel {number}: {what}")
        for n, (state, what) in enumerate(SCANS, 1)
    ]
    zones = ", ".join(f"{state} UTC+{OFFSET_HOURS[state]}" for state in STATES)
    return csv_paper(
        "E13",
        "parcel_scans.csv",
        ["scan", "local_time", "state", "text"],
        rows,
        title="Scans of a parcel",
        source=f"Post and customs; each time is local where the scan was made ({zones})",
        acquired=f"{PARCEL}T03:30:00Z",
        authority="Customs control",
        reliability="A1",
        acquirer=CUSTOMS,
    )
