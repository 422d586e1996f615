"""Offers to classify (E01f) and to triage (E01g), and the schedule of Arvania (E25, shared).

All substances are invented, and so is the schedule. Each offer carries the fields that the cell's rules ask for; some
name their substance in words only, so that a person must read them.
"""

import csv
import io

import pandas as pd

from cointrail.evidence import classify_listings, triage_listings
from cointrail.world.dockets.cast import FORENSICS, HOME_STATE, SNAPSHOTS, STATES
from cointrail.world.dockets.paper import Paper, Subject, csv_paper
from cointrail.world.dockets.source import Records, Source
from cointrail.world.dockets.subjects.market import CURRENCY, market_sellers

__all__ = ["SCHEDULE", "make", "make_shared"]

# substance, also called, class, from which share on a mixture is scheduled
SCHEDULE = (
    ("ardoline", "AD-1", "OPIOID", 0),
    ("ostravan", "harbour blue", "OPIOID", 0),
    ("numidol", "ND-3", "OPIOID", 0),
    ("kalvadrine", "K-salt", "OTHER SYNTHETIC", 0),
    ("tessalone", "tess", "OTHER SYNTHETIC", 0),
    ("brimexate", "BX", "OTHER SYNTHETIC", 0),
    ("tolvenal", "TV-4", "CONTROLLED PRECURSOR", 15),
    ("ossamide", "OM-9", "CONTROLLED PRECURSOR", 25),
    ("quirrate", "QR-2", "CONTROLLED PRECURSOR", 40),
)
LAWFUL = ("lintersol", "pell acid", "morvane salt", "haldic resin")
GOODS = ("postcards of the harbour", "a printed travel guide", "phone covers", "stickers", "old maps", "tea tins")
PLACES = ("market", "vendor shop", "precursor shop", "messenger")
SHOPS = ("stonequay-goods", "millrace-supply", "copperlane", "saltmarsh-store", "brightwharf", "northjetty")
RULES = {"link": "either", "taken_down": "preserve", "dual_use": "by seller"}


def make_shared(records: Records) -> list[Paper]:
    """The schedule, the same for all."""
    return [
        csv_paper(
            "E25",
            "schedule.csv",
            ["substance", "also_called", "class", "from_percent"],
            list(SCHEDULE),
            title="Schedule of controlled substances of Arvania (invented)",
            source="Official gazette of Arvania",
            acquired="2026-02-17T06:00:00Z",
            authority="Published law",
            reliability="A1",
        )
    ]


def make(source: Source) -> Subject:
    """Both lists and their right answers."""
    shops = source.stream("listings/shops").shuffled(SHOPS)
    to_classify, read = _to_classify(source, shops)
    to_triage = _to_triage(source, shops)
    papers = [
        _paper(source, "E01f", "offers_to_classify.csv", "Offers to classify", to_classify),
        _paper(source, "E01g", "offers_classified.csv", "Offers classified by the second officer", to_triage),
    ]
    return Subject(papers, _facts(papers, read))


def _facts(papers: list[Paper], read: dict[str, str | None]) -> dict:
    offers, classified = (_read(paper) for paper in papers)
    schedule = pd.DataFrame(SCHEDULE, columns=["substance", "also_called", "class", "from_percent"])

    def classes(*, other_names=True, percent=True, by_hand=read):
        return classify_listings(offers, schedule, other_names=other_names, percent=percent) | by_hand

    def actions(**change):
        return triage_listings(classified, state=HOME_STATE, **(RULES | change))

    lawful = "UNSCHEDULED DUAL-USE"
    return {
        "classes": classes(),
        "main_names_only": classes(other_names=False),
        "share_ignored": classes(percent=False, by_hand=read | dict.fromkeys(_drums(offers), "CONTROLLED PRECURSOR")),
        "all_chemicals": {n: "CONTROLLED PRECURSOR" if c == lawful else c for n, c in classes().items()},
        "guessed": {n: c or "OPIOID" for n, c in classes().items()},
        "to_read": sorted(read),
        "actions": actions(),
        "only_to": actions(link="to"),
        "only_from": actions(link="from"),
        "gone_pursued": actions(taken_down="as active"),
        "dual_use_pursued": actions(dual_use="pursue"),
        "dual_use_left": actions(dual_use="leave"),
    }


def _drums(offers: pd.DataFrame) -> list[str]:
    return offers.loc[offers["offer"].str.contains("diluted"), "listing"].tolist()


def _to_classify(source: Source, shops: list[str]) -> tuple[list[tuple], dict[str, str | None]]:
    """Twenty offers; six of them leave the field `substance` empty. Returns them with what those six are."""
    stream = source.stream("listings/classify")
    scheduled = {kind: stream.shuffled([row for row in SCHEDULE if row[2] == kind]) for kind in _kinds()}
    opioids, synthetics, precursors = scheduled.values()
    lawful, goods = stream.shuffled(LAWFUL), stream.shuffled(GOODS)
    sellers = market_sellers(source)
    filled = [
        *((PLACES[0], seller, f"lot of {row[0]}", row[0], None) for seller, row in zip(sellers, opioids, strict=False)),
        (PLACES[0], sellers[3], f"{synthetics[0][1]}, new lot", synthetics[0][1], None),
        (PLACES[1], shops[0], f"{opioids[0][1]}, sealed", opioids[0][1], None),
        (PLACES[1], shops[0], f"{synthetics[1][0]}, sealed", synthetics[1][0], None),
        (PLACES[1], shops[1], goods[0], "no substance", None),
        (PLACES[2], shops[2], f"{precursors[0][0]}, drum", precursors[0][0], precursors[0][3] + stream.between(5, 40)),
        (PLACES[2], shops[2], f"{precursors[1][1]}, drum", precursors[1][1], precursors[1][3] + stream.between(1, 30)),
        (
            PLACES[2],
            shops[3],
            f"{precursors[2][0]}, cleaner",
            precursors[2][0],
            precursors[2][3] - stream.between(3, 9),
        ),
        (PLACES[2], shops[3], f"{lawful[0]}, can", lawful[0], stream.between(60, 99)),
        (PLACES[2], shops[3], f"{lawful[1]}, bag", lawful[1], stream.between(60, 99)),
        (PLACES[3], f"{shops[4]}_chat", f"{synthetics[2][1]}, ask", synthetics[2][1], None),
        (PLACES[3], f"{shops[4]}_chat", goods[1], "no substance", None),
    ]
    weak, strong = precursors[stream.below(3)], precursors[stream.below(3)]
    by_hand = [
        (PLACES[0], sellers[4], "Everything on the list. Ask for the list.", None),
        (PLACES[0], sellers[5], f"Blue ones, you know the name: {opioids[2][1]}.", "OPIOID"),
        (PLACES[1], shops[1], f"For collectors: {goods[2]}.", "NOT A DRUG"),
        (PLACES[2], shops[2], _drum(strong, strong[3] + stream.between(6, 30), "strong"), "CONTROLLED PRECURSOR"),
        (PLACES[2], shops[3], _drum(weak, weak[3] - stream.between(4, 10), "diluted"), "UNSCHEDULED DUAL-USE"),
        (PLACES[3], f"{shops[5]}_chat", f"Workshop liquid, {lawful[2]} and nothing else.", "UNSCHEDULED DUAL-USE"),
    ]
    rows = filled[:14] + [(place, seller, offer, "", None) for place, seller, offer, _ in by_hand]
    names = [f"L{number:02d}" for number in range(1, len(rows) + 1)]
    order = stream.shuffled(range(len(rows)))
    kinds = {names[spot]: by_hand[place - 14][3] for spot, place in enumerate(order) if place >= 14}
    return [(names[spot], *rows[place]) for spot, place in enumerate(order)], kinds


def _drum(row: tuple, percent: int, word: str) -> str:
    return f"Drum, {word}. The label reads: {row[0]}, {percent} percent."


def _kinds() -> list[str]:
    return list(dict.fromkeys(row[2] for row in SCHEDULE))


def _to_triage(source: Source, shops: list[str]) -> list[tuple]:
    """Twenty classified offers: each rule decides some, and each slip changes some."""
    stream = source.stream("listings/triage")
    sellers = market_sellers(source)
    opioid, synthetic, precursor, lawful, good = (*_kinds(), "UNSCHEDULED DUAL-USE", "NOT A DRUG")
    here, there = HOME_STATE, [state for state in STATES if state != HOME_STATE]
    away = (there[0], ", ".join(there))
    rows = [
        (PLACES[0], sellers[0], opioid, here, f"{here}, {there[0]}", "active"),
        (PLACES[0], sellers[1], opioid, here, there[0], "active"),
        (PLACES[0], sellers[2], synthetic, there[1], f"{here}, {there[1]}", "active"),
        (PLACES[0], sellers[3], opioid, here, here, "taken down"),
        (PLACES[0], sellers[4], synthetic, *away, "active"),
        (PLACES[0], sellers[5], good, here, here, "active"),
        (PLACES[1], shops[0], synthetic, there[0], here, "taken down"),
        (PLACES[1], shops[0], opioid, here, here, "active"),
        (PLACES[1], shops[1], good, there[1], here, "active"),
        (PLACES[2], shops[2], precursor, there[0], here, "active"),
        (PLACES[2], shops[2], lawful, there[0], here, "active"),
        (PLACES[2], shops[3], lawful, here, here, "active"),
        (PLACES[2], shops[3], lawful, there[1], f"{here}, {there[0]}", "active"),
        (PLACES[2], shops[5], precursor, *away, "active"),
        (PLACES[2], shops[5], lawful, there[0], there[1], "active"),
        (PLACES[3], f"{shops[4]}_chat", opioid, there[1], here, "active"),
        (PLACES[3], f"{shops[4]}_chat", "", here, here, "active"),
        (PLACES[3], f"{shops[1]}_chat", synthetic, here, there[1], "active"),
        (PLACES[3], f"{shops[1]}_chat", good, here, here, "taken down"),
        (PLACES[2], shops[1], lawful, here, here, "taken down"),
    ]
    rows = stream.shuffled(rows)
    return [(f"L{number}", *row) for number, row in enumerate(rows, 21)]


def _paper(source: Source, number: str, file: str, title: str, rows: list[tuple]) -> Paper:
    first = ["listing", "where", "seller"]
    columns = {"E01f": [*first, "offer", "substance", "percent"]}.get(
        number, [*first, "class", "ships_from", "ships_to", "status"]
    )
    return csv_paper(
        number,
        file,
        columns,
        rows,
        title=title,
        source=f"Market, shop and messenger pages, captured {SNAPSHOTS[-1]}; prices in {CURRENCY} left out",
        acquired=f"{SNAPSHOTS[-1]}T08:40:00Z",
        authority=f"Observation order {source.cast.order_number('OB', 1)}",
        reliability="B3",
        acquirer=FORENSICS if number == "E01g" else source.cast["officer"].name,
    )


def _read(paper: Paper) -> pd.DataFrame:
    """The paper as the learner reads it."""
    text = "\n".join(line for line in paper.data.decode().splitlines() if not line.startswith("#"))
    return pd.read_csv(io.StringIO(text), quoting=csv.QUOTE_MINIMAL)
