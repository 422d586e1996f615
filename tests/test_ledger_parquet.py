"""Are the tables written the same way every time, and read by others as bitcoin-etl's?"""

import pandas as pd
import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from cointrail.errors import CointrailError
from cointrail.ledger import data_folder, load_ledger, read_ledger
from cointrail.ledger.parquet import SCHEMAS, _lists

FOLDER = data_folder() / "primer" / "btc"


def test_writing_twice_gives_the_same_bytes(tmp_path):
    ledger = load_ledger("primer")
    ledger.write(tmp_path / "one")
    read_ledger(tmp_path / "one").write(tmp_path / "two")
    for table in SCHEMAS:
        first, second = (tmp_path / run / f"{table}.parquet" for run in ("one", "two"))
        assert first.read_bytes() == second.read_bytes()


def test_a_ledger_comes_back_as_it_was_written(tmp_path):
    ledger = load_ledger("primer")
    ledger.write(tmp_path)
    again = read_ledger(tmp_path, name="again")
    assert again.name == "again"
    for table in SCHEMAS:
        pd.testing.assert_frame_equal(getattr(again, table), getattr(ledger, table))


def test_other_readers_find_columns_types_and_the_banner():
    schema = pq.read_schema(FOLDER / "transactions.parquet")
    assert schema.field("block_timestamp").type == pa.timestamp("ms", "UTC")
    assert schema.field("fee").type == pa.int64()
    assert b"SYNTHETIC TRAINING DATA" in schema.metadata[b"banner"]
    assert pq.read_schema(FOLDER / "outputs.parquet").names == [
        "transaction_hash",
        "index",
        "script_asm",
        "script_hex",
        "required_signatures",
        "type",
        "addresses",
        "value",
    ]


@pytest.mark.parametrize(
    ("spoil", "sentence"),
    [
        (lambda path: path.unlink(), "has no inputs.parquet"),
        (lambda path: path.write_bytes(b"PAR1 and then nothing"), "no readable Parquet file"),
        (lambda path: pq.write_table(pa.table({"index": [1]}), path), "does not have the columns"),
    ],
)
def test_a_spoilt_table_is_refused_by_name(tmp_path, spoil, sentence):
    load_ledger("primer").write(tmp_path)
    spoil(tmp_path / "inputs.parquet")
    with pytest.raises(CointrailError, match=sentence):
        read_ledger(tmp_path)


def test_lists_of_none_one_and_several_come_back_as_lists():
    lists = [["a"], [], ["b", "c"], ["a"], None, ["c"]]
    column = pa.chunked_array([pa.array(lists[:2], pa.list_(pa.string())), pa.array(lists[2:], pa.list_(pa.string()))])
    assert _lists(column).tolist() == [one or [] for one in lists]
    assert _lists(column.slice(1, 3)).tolist() == [[], ["b", "c"], ["a"]]
