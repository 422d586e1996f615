"""The tables of a token ledger as Parquet: ethereum-etl's columns, exact to the last wei.

In memory, wei and base units are Python int, times UTC seconds and topics a list; on disk amounts are decimal128(38,0)
and times milliseconds. Numbers of blocks, positions, gas and nonces are small and stay int64.
"""

from decimal import Decimal
from pathlib import Path

import pandas as pd
import pyarrow as pa
import pyarrow.parquet as pq

from cointrail.errors import CointrailError

__all__ = ["TOKEN_SCHEMAS", "read_token_table", "token_frame"]

_INT, _TEXT, _LIST = pa.int64(), pa.string(), pa.list_(pa.string())
_TIME, _WEI = pa.timestamp("ms", "UTC"), pa.decimal128(38, 0)

_COLUMNS = {
    "blocks": {
        "number": _INT,
        "hash": _TEXT,
        "parent_hash": _TEXT,
        "nonce": _TEXT,
        "sha3_uncles": _TEXT,
        "logs_bloom": _TEXT,
        "transactions_root": _TEXT,
        "state_root": _TEXT,
        "receipts_root": _TEXT,
        "miner": _TEXT,
        "difficulty": _WEI,
        "total_difficulty": _WEI,
        "size": _INT,
        "extra_data": _TEXT,
        "gas_limit": _INT,
        "gas_used": _INT,
        "timestamp": _TIME,
        "transaction_count": _INT,
        "base_fee_per_gas": _INT,
    },
    "transactions": {
        "hash": _TEXT,
        "nonce": _INT,
        "block_hash": _TEXT,
        "block_number": _INT,
        "transaction_index": _INT,
        "from_address": _TEXT,
        "to_address": _TEXT,
        "value": _WEI,
        "gas": _INT,
        "gas_price": _INT,
        "input": _TEXT,
        "block_timestamp": _TIME,
        "max_fee_per_gas": _INT,
        "max_priority_fee_per_gas": _INT,
        "transaction_type": _INT,
    },
    "token_transfers": {
        "token_address": _TEXT,
        "from_address": _TEXT,
        "to_address": _TEXT,
        "value": _WEI,
        "transaction_hash": _TEXT,
        "log_index": _INT,
        "block_number": _INT,
    },
    "receipts": {
        "transaction_hash": _TEXT,
        "transaction_index": _INT,
        "block_hash": _TEXT,
        "block_number": _INT,
        "cumulative_gas_used": _INT,
        "gas_used": _INT,
        "contract_address": _TEXT,
        "root": _TEXT,
        "status": _INT,
        "effective_gas_price": _INT,
    },
    "logs": {
        "log_index": _INT,
        "transaction_hash": _TEXT,
        "transaction_index": _INT,
        "block_hash": _TEXT,
        "block_number": _INT,
        "address": _TEXT,
        "data": _TEXT,
        "topics": _LIST,
    },
    "traces": {
        "block_number": _INT,
        "transaction_hash": _TEXT,
        "transaction_index": _INT,
        "from_address": _TEXT,
        "to_address": _TEXT,
        "value": _WEI,
        "trace_type": _TEXT,
        "call_type": _TEXT,
        "subtraces": _INT,
        "trace_address": _TEXT,
        "error": _TEXT,
        "status": _INT,
        "trace_id": _TEXT,
    },
    "tokens": {
        "address": _TEXT,
        "symbol": _TEXT,
        "name": _TEXT,
        "decimals": _INT,
        "total_supply": _WEI,
        "block_number": _INT,
    },
}

TOKEN_SCHEMAS = {name: pa.schema(list(columns.items())) for name, columns in _COLUMNS.items()}


def token_frame(name: str, columns: dict[str, list]) -> pd.DataFrame:
    """A table from plain lists, one for each column; times are Unix seconds, amounts int."""
    return _to_pandas(
        pa.Table.from_arrays([_array(columns[f.name], f.type) for f in TOKEN_SCHEMAS[name]], schema=TOKEN_SCHEMAS[name])
    )


def _array(values: list, kind: pa.DataType) -> pa.Array:
    if kind == _WEI:
        return pa.array([Decimal(value) for value in values], kind)
    if kind == _TIME:
        return pa.array(values, pa.timestamp("s", "UTC")).cast(kind)
    return pa.array(values, kind)


def read_token_table(path: Path, name: str) -> pd.DataFrame:
    """Read one of the tables and check its columns.

    Raises
    ------
    CointrailError
        If the file is missing, is no Parquet file, or has other columns.
    """
    if not path.is_file():
        raise CointrailError(f"The token ledger has no {path.name} in {path.parent}: copy the data again.")
    try:
        arrow = pq.read_table(path)
    except (pa.ArrowException, OSError) as error:
        raise CointrailError(f"{path} is no readable Parquet file: it is damaged; copy it again.") from error
    if not arrow.schema.equals(TOKEN_SCHEMAS[name], check_metadata=False):
        raise CointrailError(f"{path} does not have the columns of a token ledger's {name} table: copy it again.")
    return _to_pandas(arrow)


def _to_pandas(arrow: pa.Table) -> pd.DataFrame:
    # Amounts and lists become Python objects here: pandas would give Decimal and arrays.
    special = [field.name for field in arrow.schema if field.type in (_WEI, _LIST)]
    table = arrow.drop_columns(special).to_pandas()
    for place, field in enumerate(arrow.schema):
        if field.type == _TIME:
            table[field.name] = table[field.name].dt.as_unit("s")
        elif field.type == _INT and arrow[field.name].null_count:
            # The coins of block 0 belong to no transaction.
            table[field.name] = pd.array(arrow[field.name].to_pylist(), dtype="Int64")
        elif field.name in special:
            values = arrow[field.name].to_pylist()
            values = [int(value) for value in values] if field.type == _WEI else values
            table.insert(place, field.name, pd.Series(values, index=table.index, dtype=object))
    return table
