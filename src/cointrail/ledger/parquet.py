"""The four tables as Parquet: bitcoin-etl's columns and types, and the same bytes for the same rows.

In memory, hashes are text, values int64 satoshi, times UTC seconds and `addresses` a list; on disk times are
milliseconds, because Parquet has no seconds.
"""

import gc
from pathlib import Path

import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq

from cointrail.errors import CointrailError

__all__ = ["BANNER", "SCHEMAS", "frame", "read_table", "write_table"]

BANNER = "SYNTHETIC TRAINING DATA - invented people, invented payments, no real coins"

_INT, _TEXT, _LIST, _TIME = pa.int64(), pa.string(), pa.list_(pa.string()), pa.timestamp("ms", "UTC")

SCHEMAS = {
    "blocks": pa.schema(
        [
            ("hash", _TEXT),
            ("size", _INT),
            ("stripped_size", _INT),
            ("weight", _INT),
            ("number", _INT),
            ("version", _INT),
            ("merkle_root", _TEXT),
            ("timestamp", _TIME),
            ("nonce", _TEXT),
            ("bits", _TEXT),
            ("coinbase_param", _TEXT),
            ("transaction_count", _INT),
        ]
    ),
    "transactions": pa.schema(
        [
            ("hash", _TEXT),
            ("size", _INT),
            ("virtual_size", _INT),
            ("version", _INT),
            ("lock_time", _INT),
            ("block_number", _INT),
            ("block_hash", _TEXT),
            ("block_timestamp", _TIME),
            ("is_coinbase", pa.bool_()),
            ("index", _INT),
            ("input_count", _INT),
            ("output_count", _INT),
            ("input_value", _INT),
            ("output_value", _INT),
            ("fee", _INT),
        ]
    ),
    "inputs": pa.schema(
        [
            ("transaction_hash", _TEXT),
            ("index", _INT),
            ("spent_transaction_hash", _TEXT),
            ("spent_output_index", _INT),
            ("script_asm", _TEXT),
            ("script_hex", _TEXT),
            ("sequence", _INT),
            ("required_signatures", _INT),
            ("type", _TEXT),
            ("addresses", _LIST),
            ("value", _INT),
        ]
    ),
    "outputs": pa.schema(
        [
            ("transaction_hash", _TEXT),
            ("index", _INT),
            ("script_asm", _TEXT),
            ("script_hex", _TEXT),
            ("required_signatures", _INT),
            ("type", _TEXT),
            ("addresses", _LIST),
            ("value", _INT),
        ]
    ),
}


def frame(name: str, columns: dict[str, list]) -> pd.DataFrame:
    """A table of the ledger from plain lists, one for each column; times are Unix seconds."""
    schema = SCHEMAS[name]
    seconds = {field.name: pa.timestamp("s", "UTC") for field in schema if field.type == _TIME}
    arrays = [pa.array(columns[f.name], seconds.get(f.name, f.type)).cast(f.type) for f in schema]
    return _to_pandas(pa.Table.from_arrays(arrays, schema=schema))


def write_table(path: Path, table: pd.DataFrame, schema: pa.Schema) -> None:
    """Write a table with a fixed schema and the banner, without pandas' own notes."""
    arrow = pa.Table.from_pandas(table, schema=schema, preserve_index=False)
    pq.write_table(arrow.replace_schema_metadata({"banner": BANNER}), path, compression="zstd")


def read_table(path: Path, name: str) -> pd.DataFrame:
    """Read one of the four tables and check its columns.

    Raises
    ------
    CointrailError
        If the file is missing, is no Parquet file, or has other columns.
    """
    if not path.is_file():
        raise CointrailError(f"The ledger has no {path.name} in {path.parent}: copy the data again.")
    try:
        arrow = pq.read_table(path)
    except (pa.ArrowException, OSError) as error:
        raise CointrailError(f"{path} is no readable Parquet file: it is damaged; copy it again.") from error
    if not arrow.schema.equals(SCHEMAS[name], check_metadata=False):
        raise CointrailError(f"{path} does not have the columns of a ledger's {name} table: copy the data again.")
    return _to_pandas(arrow)


def _to_pandas(arrow: pa.Table) -> pd.DataFrame:
    # pandas would make an array of each list, one by one: lists, and whole numbers that may be missing, are made here.
    special = [field.name for field in arrow.schema if field.type == _LIST or field.name == "required_signatures"]
    table = arrow.drop_columns(special).to_pandas()
    for place, column in enumerate(arrow.schema):
        if column.type == _TIME:
            table[column.name] = table[column.name].dt.as_unit("s")
        elif column.type == _LIST:
            table.insert(place, column.name, pd.Series(_lists(arrow[column.name]), index=table.index, dtype=object))
        elif column.name in special:
            # Always empty with a modern Bitcoin Core; kept for readers of bitcoin-etl, as whole numbers or missing.
            table.insert(place, column.name, _whole_numbers(arrow[column.name]))
    return table


def _lists(column: pa.ChunkedArray) -> np.ndarray:
    """The column as Python lists. Rows with the same single address share one list, which saves most of the memory."""
    lists = column.combine_chunks()
    lengths = pc.fill_null(pc.list_value_length(lists), 0).to_numpy(zero_copy_only=False)
    coded = lists.flatten().dictionary_encode()
    names = coded.dictionary.to_pylist()
    shared = _each_in_a_list(names)
    numbers, first = coded.indices.to_numpy(zero_copy_only=False), np.cumsum(lengths) - lengths
    place = np.full(len(lengths), len(names))
    place[lengths > 0] = numbers[first[lengths > 0]]
    result = shared[place]
    for row in np.flatnonzero(lengths > 1):
        result[row] = [names[one] for one in numbers[first[row] : first[row] + lengths[row]]]
    return result


def _each_in_a_list(names: list) -> np.ndarray:
    """Each name in a list of its own, and an empty list at the end, for the rows without an address."""
    shared = np.empty(len(names) + 1, dtype=object)
    # A million new lists would make Python look for rubbish again and again, and find none.
    collecting = gc.isenabled()
    gc.disable()
    try:
        shared[:] = [*([name] for name in names), []]
    finally:
        if collecting:
            gc.enable()
    return shared


def _whole_numbers(column: pa.ChunkedArray) -> pd.arrays.IntegerArray:
    missing = column.is_null().to_numpy(zero_copy_only=False)
    return pd.arrays.IntegerArray(column.fill_null(0).to_numpy(zero_copy_only=False).copy(), missing)
