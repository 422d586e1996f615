"""Is a world found by its name, from any folder, and is a damaged file named?"""

import json
import shutil

import pandas as pd
import pytest

from cointrail.errors import CointrailError
from cointrail.ledger import data_folder, load_ledger, load_manifest, store, worlds


@pytest.fixture
def copy(tmp_path, monkeypatch):
    """A copy of the primer world in a data folder of its own."""
    shutil.copytree(data_folder() / "primer", tmp_path / "primer")
    monkeypatch.setenv("COINTRAIL_DATA", str(tmp_path))
    return tmp_path / "primer"


def test_a_world_is_found_from_any_working_folder(tmp_path, monkeypatch):
    monkeypatch.delenv("COINTRAIL_DATA", raising=False)
    monkeypatch.chdir(tmp_path)
    assert "primer" in worlds()
    assert load_ledger("primer").name == "primer"


def test_the_data_folder_can_be_named(copy):
    assert data_folder() == copy.parent
    assert worlds() == ["primer"]


def test_an_unknown_world_gives_the_worlds_there_are(copy):
    with pytest.raises(CointrailError, match=r"no world 'glass'.*the worlds are primer"):
        load_ledger("glass")


@pytest.mark.parametrize("name", ["../primer", "", "."])
def test_a_world_is_a_name_and_not_a_path(copy, name):
    with pytest.raises(CointrailError, match="There is no world"):
        load_manifest(name)


@pytest.mark.parametrize("table", ["blocks", "transactions", "inputs", "outputs"])
def test_a_damaged_file_is_named(copy, table):
    path = copy / "btc" / f"{table}.parquet"
    data = bytearray(path.read_bytes())
    data[len(data) // 2] ^= 1
    path.write_bytes(bytes(data))
    with pytest.raises(CointrailError, match=rf"{table}\.parquet is damaged or was changed"):
        load_ledger("primer")


def test_a_missing_file_is_named(copy):
    (copy / "btc" / "outputs.parquet").unlink()
    with pytest.raises(CointrailError, match=r"outputs\.parquet is missing"):
        load_ledger("primer")


@pytest.mark.parametrize("text", ["{", "[]", "{}", '{"files": 7}', ""])
def test_a_damaged_manifest_is_named(copy, text):
    (copy / "manifest.json").write_text(text)
    with pytest.raises(CointrailError, match=r"manifest\.json is damaged"):
        load_manifest("primer")


def test_a_missing_data_folder_says_what_to_set(tmp_path, monkeypatch):
    monkeypatch.setenv("COINTRAIL_DATA", str(tmp_path / "nowhere"))
    with pytest.raises(CointrailError, match="set COINTRAIL_DATA"):
        data_folder()


def test_a_world_of_another_version_is_refused_with_its_file(copy):
    manifest = json.loads((copy / "manifest.json").read_text()) | {"version": "2"}
    (copy / "manifest.json").write_text(json.dumps(manifest))
    with pytest.raises(CointrailError, match=r"manifest\.json is of version 2, this program reads version 1"):
        load_manifest("primer")


def test_the_manifest_says_what_the_world_is(copy):
    manifest = load_manifest("primer")
    assert manifest["dockets"] == ["A", "B"]
    assert manifest["course_day_utc_offset"] == 7
    assert "SYNTHETIC TRAINING DATA" in manifest["banner"]
    assert json.loads((copy / "manifest.json").read_text()) == manifest


def test_every_warm_ledger_is_the_one_on_disk_whatever_was_done_to_the_one_before():
    fresh = load_ledger("primer")
    store.warm_ledgers()
    try:
        for _ in range(3):
            warm = load_ledger("primer")
            for table in ("blocks", "transactions", "inputs", "outputs"):
                pd.testing.assert_frame_equal(getattr(warm, table), getattr(fresh, table))
            outputs = warm.outputs
            outputs["value"] = 0
            outputs.loc[:, "index"] += 1
    finally:
        store._warm.clear()
