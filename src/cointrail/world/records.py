"""What a world is when it is made: a public part that learners get, and a truth that they do not."""

from dataclasses import dataclass, field

import pandas as pd
import pyarrow as pa

from cointrail.ledger.model import Ledger

__all__ = ["TRUTH_SCHEMAS", "Exhibit", "PublicWorld", "Truth"]

_TEXT, _INT = pa.string(), pa.int64()

TRUTH_SCHEMAS = {
    "addresses": pa.schema([("address", _TEXT), ("entity", _TEXT), ("wallet", _TEXT)]),
    "outputs": pa.schema([("transaction_hash", _TEXT), ("index", _INT), ("entity", _TEXT), ("is_change", pa.bool_())]),
    "transactions": pa.schema([("hash", _TEXT), ("purpose", _TEXT)]),
    "sources": pa.schema(
        [("docket", _TEXT), ("sale", _TEXT), ("transaction_hash", _TEXT), ("index", _INT), ("value", _INT)]
    ),
    "custodian_book": pa.schema(
        [
            ("custodian", _TEXT),
            ("timestamp", pa.timestamp("ms", "UTC")),
            ("customer", _TEXT),
            ("kind", _TEXT),
            ("transaction_hash", _TEXT),
            ("index", _INT),
            ("value", _INT),
        ]
    ),
    "orders": pa.schema(
        [
            *(("order", _TEXT), ("docket", _TEXT), ("vendor", _TEXT), ("buyer", _TEXT), ("channel", _TEXT)),
            *(("timestamp", pa.timestamp("ms", "UTC")), ("cents", _INT), ("value", _INT)),
            *(("transaction_hash", _TEXT), ("index", _INT)),
        ]
    ),
    "crossings": pa.schema(
        [
            *(("reference", _TEXT), ("service", _TEXT), ("direction", _TEXT), ("timestamp", pa.timestamp("ms", "UTC"))),
            *(("entity", _TEXT), ("transaction_hash", _TEXT), ("index", _INT), ("value", _INT)),
            *(("asset", _TEXT), ("amount", pa.decimal128(38))),
        ]
    ),
    "routes": pa.schema(
        [("docket", _TEXT), ("vendor", _TEXT), ("route", _TEXT), ("step", _INT), ("transaction_hash", _TEXT)]
    ),
    "vendors": pa.schema(
        [
            *(("docket", _TEXT), ("vendor", _TEXT), ("handles", _TEXT), ("listed_address", _TEXT)),
            *(("program", _TEXT), ("routes", _TEXT)),
        ]
    ),
    "landmarks": pa.schema(
        [
            *(("docket", _TEXT), ("kind", _TEXT), ("entity", _TEXT), ("address", _TEXT)),
            *(("transaction_hash", _TEXT), ("index", _INT), ("value", _INT)),
        ]
    ),
    "phrases": pa.schema(
        [
            *(("docket", _TEXT), ("entity", _TEXT), ("wallet", _TEXT), ("words", _TEXT), ("passphrase", _TEXT)),
            *(("path", _TEXT), ("script_type", _TEXT), ("fingerprint", _TEXT), ("account_key", _TEXT)),
        ]
    ),
    "replaced": pa.schema(
        [
            *(("docket", _TEXT), ("entity", _TEXT), ("seen", pa.timestamp("ms", "UTC")), ("first_hash", _TEXT)),
            *(("first_fee", _INT), ("raw", _TEXT), ("replaced", pa.timestamp("ms", "UTC"))),
            *(("final_hash", _TEXT), ("final_fee", _INT)),
        ]
    ),
    "stale_blocks": pa.schema(
        [
            *(("height", _INT), ("hash", _TEXT), ("timestamp", pa.timestamp("ms", "UTC")), ("main_hash", _TEXT)),
            *(("left_out", pa.list_(_TEXT)), ("raw", _TEXT)),
        ]
    ),
    "exhibit_links": pa.schema([("docket", _TEXT), ("exhibit", _TEXT), ("kind", _TEXT), ("reference", _TEXT)]),
}


@dataclass(frozen=True)
class Exhibit:
    """One exhibit of a docket: its line in the register, and its text."""

    id: str
    file: str
    title: str
    source: str
    acquirer: str
    acquired: str
    authority: str
    language: str
    reliability: str
    text: str


@dataclass(frozen=True)
class PublicWorld:
    """The part that learners get.

    `prices` is decimal text by UTC day; `texts` are more files by name; `seed` is None where the world is secret.
    """

    name: str
    seed: bytes | None
    course_day_utc_offset: int
    blocks: list[bytes]
    ledger: Ledger
    prices: dict[str, str]
    exhibits: dict[str, list[Exhibit]]
    texts: dict[str, str] = field(default_factory=dict)


@dataclass(frozen=True)
class Truth:
    """What only the simulator knows: tables by the names of `TRUTH_SCHEMAS`, and named facts for each docket."""

    name: str
    tables: dict[str, pd.DataFrame]
    dockets: dict[str, dict]
