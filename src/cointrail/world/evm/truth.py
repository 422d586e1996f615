"""The truth about the account chain: who holds each address, why each transaction was made, what joins what."""

import pandas as pd
import pyarrow as pa

from cointrail.ledger.token_ledger import TokenLedger
from cointrail.world.evm.story import Story

__all__ = ["EVM_TRUTH_SCHEMAS", "truth_tables"]

_TEXT, _INT, _TIME, _WEI = pa.string(), pa.int64(), pa.timestamp("ms", "UTC"), pa.decimal128(38, 0)

EVM_TRUTH_SCHEMAS = {
    name: pa.schema(columns)
    for name, columns in {
        "accounts": [("address", _TEXT), ("entity", _TEXT), ("role", _TEXT), ("customer", _TEXT), ("kind", _TEXT)],
        "token_transactions": [("hash", _TEXT), ("purpose", _TEXT)],
        "token_transfers": [
            *(("transaction_hash", _TEXT), ("log_index", _INT), ("entity_from", _TEXT), ("entity_to", _TEXT)),
            ("purpose", _TEXT),
        ],
        "crossing_legs": [("reference", _TEXT), ("timestamp", _TIME), ("transaction_hash", _TEXT)],
        "token_routes": [("docket", _TEXT), ("step", _INT), ("kind", _TEXT), ("transaction_hash", _TEXT)],
        "token_advice": [("docket", _TEXT), ("address", _TEXT), ("advice", _TEXT), ("reason", _TEXT)],
        "token_custodian_book": [
            *(("custodian", _TEXT), ("timestamp", _TIME), ("customer", _TEXT), ("kind", _TEXT)),
            *(("transaction_hash", _TEXT), ("asset", _TEXT), ("value", _WEI)),
        ],
        "opaque_passages": [
            *(("number", _INT), ("entity", _TEXT), ("entry_hash", _TEXT), ("exit_hash", _TEXT)),
            *(("sent", _WEI), ("received", _WEI)),
        ],
    }.items()
}

# The owner of the zero address.
NO_ONE = "none"


def truth_tables(story: Story, ledger: TokenLedger) -> dict[str, pd.DataFrame]:
    """All truth tables, by the names of `EVM_TRUTH_SCHEMAS`."""
    scene = story.scene
    purposes = {_hex(hash_): purpose for hash_, purpose in scene.purposes.items()}
    entities = {_hex(address): owner.entity for address, owner in scene.owners.items()}
    legs = [(leg.reference, leg.timestamp * 1_000, _hex(leg.transaction)) for leg in story.crossings.legs]
    book = [
        (custodian, time * 1_000, customer, kind, _hex(hash_), asset, value)
        for custodian, time, customer, kind, hash_, asset, value in story.exchanges.book
    ]
    rows = {
        "accounts": sorted(_account_rows(story)),
        "token_transactions": [(hash_, purposes[hash_]) for hash_ in ledger.transactions["hash"]],
        "token_transfers": [
            (
                t.transaction_hash,
                t.log_index,
                *(entities.get(end, NO_ONE) for end in (t.from_address, t.to_address)),
                purposes[t.transaction_hash],
            )
            for t in ledger.token_transfers.itertuples()
        ],
        "crossing_legs": sorted(legs),
        "token_routes": [(s.docket, s.step, s.kind, _hex(s.transaction)) for s in story.suspects.steps()],
        "token_advice": [(docket, _hex(a), advice, reason) for docket, a, advice, reason in story.suspects.advice()],
        "token_custodian_book": book,
        "opaque_passages": [
            (p.number, p.entity, _hex(p.entry), p.exit and _hex(p.exit), p.sent, p.received)
            for p in story.opaque.passages.values()
        ],
    }
    return {name: _frame(name, entries) for name, entries in rows.items()}


def _account_rows(story: Story) -> list[tuple]:
    scene = story.scene
    return [
        (
            _hex(address),
            owner.entity,
            owner.role,
            owner.customer,
            "contract" if scene.chain.state.of(address).code else "key",
        )
        for address, owner in scene.owners.items()
    ]


def _frame(name: str, rows: list[tuple]) -> pd.DataFrame:
    schema = EVM_TRUTH_SCHEMAS[name]
    columns = list(zip(*rows, strict=True)) if rows else [()] * len(schema)
    arrays = [pa.array(values, field.type) for values, field in zip(columns, schema, strict=True)]
    return pa.Table.from_arrays(arrays, schema=schema).to_pandas()


def _hex(data: bytes) -> str:
    return "0x" + data.hex()
