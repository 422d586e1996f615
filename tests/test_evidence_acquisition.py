"""An acquisition record names the bytes, so that somebody else can repeat the work."""

import hashlib
import json
from datetime import UTC, datetime, timedelta, timezone

import pytest
from tiny_ledger import tiny_ledger, txid

from cointrail.errors import CointrailError
from cointrail.evidence import acquisition_record


@pytest.fixture
def world(tmp_path, monkeypatch):
    """The tiny ledger, published as a world of its own."""
    folder = tmp_path / "tiny"
    tiny_ledger().write(folder / "btc")
    files = {f"btc/{file.name}": {"sha256": sha256(file)} for file in (folder / "btc").iterdir()}
    (folder / "manifest.json").write_text(
        json.dumps({"world": "tiny", "files": {**files, "prices.csv": {"sha256": ""}}})
    )
    monkeypatch.setenv("COINTRAIL_DATA", str(tmp_path))
    return folder


def sha256(file):
    return hashlib.sha256(file.read_bytes()).hexdigest()


def test_the_record_names_the_last_block_and_every_file(world):
    record = acquisition_record(tiny_ledger())
    assert (record["world"], record["height"], record["block_hash"]) == ("tiny", 4, txid("block 4"))
    assert record["files"]["btc/inputs.parquet"] == sha256(world / "btc" / "inputs.parquet")
    assert sorted(record["files"]) == [
        f"btc/{table}.parquet" for table in ("blocks", "inputs", "outputs", "transactions")
    ]


def test_the_record_is_plain_data_and_reads_no_clock(world):
    record = acquisition_record(tiny_ledger())
    assert json.loads(json.dumps(record)) == record == acquisition_record(tiny_ledger())
    assert "acquired" not in record


def test_who_when_and_why_are_what_the_officer_says(world):
    moment = datetime(2026, 3, 20, 9, 30, tzinfo=timezone(timedelta(hours=7)))
    record = acquisition_record(tiny_ledger(), acquired=moment, acquirer="Officer 17", authority="Order 4/26")
    assert record["acquired"] == "2026-03-20T02:30:00Z"
    assert (record["acquirer"], record["authority"]) == ("Officer 17", "Order 4/26")


def test_a_time_without_a_zone_is_refused(world):
    with pytest.raises(CointrailError, match="names no zone"):
        acquisition_record(tiny_ledger(), acquired=datetime(2026, 3, 20, 9, 30))
    assert acquisition_record(tiny_ledger(), acquired=datetime(2026, 3, 20, tzinfo=UTC))["acquired"].endswith("Z")


def test_a_changed_file_is_named_and_not_recorded(world):
    file = world / "btc" / "outputs.parquet"
    file.write_bytes(file.read_bytes()[:-1])
    with pytest.raises(CointrailError, match=r"outputs\.parquet is damaged or was changed"):
        acquisition_record(tiny_ledger())


def test_a_ledger_of_unknown_origin_gets_no_record(tmp_path, monkeypatch):
    monkeypatch.setenv("COINTRAIL_DATA", str(tmp_path))
    with pytest.raises(CointrailError, match="no world 'tiny'"):
        acquisition_record(tiny_ledger())
