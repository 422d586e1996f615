"""What glass_harbour writes beside the ledger: tables of prices, fees and exchange rates, and the story's truth."""

from datetime import UTC, datetime

import pandas as pd

from cointrail.ledger.parquet import BANNER
from cointrail.world.glass_harbour.calendar import CURRENCIES, DAY, HOUR, Calendar
from cointrail.world.truth import truth_frame

__all__ = ["rate_files", "story_tables"]


def rate_files(calendar: Calendar) -> dict[str, str]:
    """The public CSV files, by name."""
    hours = [_utc(calendar.start + number * HOUR) for number in range(len(calendar.prices))]
    days = [_utc(calendar.start + number * DAY)[:10] for number in range(len(calendar.rates["ARV"]))]
    return {
        "prices_hourly.csv": _csv(
            "hour,currency,price",
            [
                f"{hour},ARV,{cents // 100}.{cents % 100:02d}"
                for hour, cents in zip(hours, calendar.prices, strict=True)
            ],
        ),
        "fee_rates.csv": _csv(
            "hour,sat_per_vbyte", [f"{hour},{rate}" for hour, rate in zip(hours, calendar.fees, strict=True)]
        ),
        "exchange_rates.csv": _csv(
            "date,currency,arv",
            [
                f"{day},{code},{calendar.rates[code][n] // 10**6}.{calendar.rates[code][n] % 10**6:06d}"
                for n, day in enumerate(days)
                for code in CURRENCIES
                if code != "ARV"
            ],
        ),
    }


def _csv(header: str, lines: list[str]) -> str:
    return "\n".join([f"# {BANNER}", header, *lines]) + "\n"


def _utc(time: int) -> str:
    return datetime.fromtimestamp(time, UTC).strftime("%Y-%m-%dT%H:%M:%SZ")


def story_tables(scene) -> dict[str, pd.DataFrame]:
    """The truth tables that the actors themselves wrote."""
    town = scene.town
    sources = [(vendor.docket, *row) for vendor in scene.vendors for row in _proceeds(vendor, town.book)]
    vendors = [
        (p.docket, p.name, ", ".join(p.handles), v.listed.address, p.program, ", ".join(p.routes))
        for v in scene.vendors
        for p in (v.plan,)
    ]
    rows = {
        "sources": sources,
        "custodian_book": town.book,
        "exhibit_links": [],
        "orders": [row._replace(timestamp=row.timestamp * 1_000) for row in sorted(town.orders)],
        "crossings": [row._replace(timestamp=row.timestamp * 1_000) for row in town.crossings],
        "routes": sorted(town.steps),
        "vendors": vendors,
        "landmarks": sorted(town.landmarks),
        "replaced": [
            row._replace(seen=row.seen * 1_000, replaced=row.replaced * 1_000) for row in sorted(town.replaced)
        ],
        "phrases": [row for vendor in scene.vendors for row in _phrases(vendor)],
    }
    return {name: truth_frame(name, entries) for name, entries in rows.items()}


def _phrases(vendor) -> list[tuple]:
    """The phrases of a vendor's wallets, as the wallets really use them."""
    return [
        (
            *(vendor.docket, vendor.name, wallet.name.partition("/")[2], phrase.words, phrase.passphrase),
            *(phrase.path.replace("h", "'"), phrase.kind, phrase.fingerprint, phrase.account_key),
        )
        for wallet in (vendor.second, vendor.hidden, vendor.stash)
        if (phrase := wallet.phrase)
    ]


def _proceeds(vendor, book: list[tuple]) -> list[tuple[str, str, int, int]]:
    """Outputs that pay a vendor for goods: direct sales, released escrows, and payouts of the market."""
    payouts = [
        (f"market payout {number}", txid, vout, value)
        for number, (*_, txid, vout, value) in enumerate(
            (row for row in book if (row[0], row[2], row[3]) == ("quayside", vendor.name, "withdrawal")), start=1
        )
    ]
    return [*vendor.earned, *payouts]
