"""Does the look at a machine find the file that is not the published one, in every part of a world?"""

import json
import shutil
from hashlib import sha256

import pytest

from cointrail.errors import CointrailError
from cointrail.exercises.machine import check_data
from cointrail.ledger import data_folder


@pytest.fixture
def data(tmp_path, monkeypatch):
    """The primer, with an account chain and two dockets of one file each, as the large world has them."""
    folder = tmp_path / "datasets"
    shutil.copytree(data_folder() / "primer", folder / "primer")
    for part, file, stated in (
        ("evm", "blocks.parquet", lambda text: {"sha256": text, "bytes": 1}),
        ("dockets", "A/exhibits/E01.txt", lambda text: text),
    ):
        (folder / "primer" / part / file).parent.mkdir(parents=True, exist_ok=True)
        (folder / "primer" / part / file).write_bytes(b"x")
        manifest = {"files": {file: stated(sha256(b"x").hexdigest())}}
        (folder / "primer" / part / "manifest.json").write_text(json.dumps(manifest))
    monkeypatch.setenv("COINTRAIL_DATA", str(folder))
    return folder / "primer"


def test_whole_data_are_counted(data):
    assert check_data() == "primer: 22 files intact"


@pytest.mark.parametrize("file", ["prices.csv", "evm/blocks.parquet", "dockets/A/exhibits/E01.txt"])
@pytest.mark.parametrize("how", ["changed", "missing"])
def test_a_spoilt_file_is_named_whatever_part_it_belongs_to(data, file, how):
    (data / file).unlink() if how == "missing" else (data / file).write_bytes(b"y")
    with pytest.raises(CointrailError, match=f"{file}: damaged, changed or missing"):
        check_data()


def test_a_docket_that_was_kept_back_is_not_missing(data):
    manifest = data / "dockets" / "manifest.json"
    files = json.loads(manifest.read_text())["files"] | {"U/exhibits/E01.txt": "0" * 64}
    manifest.write_text(json.dumps({"files": files}))
    assert check_data() == "primer: 22 files intact"
