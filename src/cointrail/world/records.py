"""What a world is when it is made: a public part that learners get, and a truth that they do not."""

from dataclasses import dataclass

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
    """The part that learners get. `prices` is decimal text by UTC day; `seed` is None where the world is secret."""

    name: str
    seed: bytes | None
    course_day_utc_offset: int
    blocks: list[bytes]
    ledger: Ledger
    prices: dict[str, str]
    exhibits: dict[str, list[Exhibit]]


@dataclass(frozen=True)
class Truth:
    """What only the simulator knows: tables by the names of `TRUTH_SCHEMAS`, and named facts for each docket."""

    name: str
    tables: dict[str, pd.DataFrame]
    dockets: dict[str, dict]
