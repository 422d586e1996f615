"""Does verify find what was tampered with, and say where?"""

import shutil

import pytest

from cointrail.errors import CointrailError
from cointrail.ledger import data_folder, read_blocks, read_ledger, write_blocks
from cointrail.world import verify_world
from cointrail.world.files import truth_folder
from cointrail.world.mutate import mutated_chains


@pytest.fixture
def copy(tmp_path, monkeypatch):
    """A copy of primer with its truth; returns its public folder."""
    shutil.copytree(data_folder() / "primer", tmp_path / "datasets" / "primer")
    shutil.copytree(truth_folder() / "primer", tmp_path / "grading" / "truth" / "primer")
    monkeypatch.setenv("COINTRAIL_DATA", str(tmp_path / "datasets"))
    return tmp_path / "datasets" / "primer"


def test_the_published_world_is_proved():
    assert verify_world("primer") == []


def test_an_unknown_world_is_refused():
    with pytest.raises(CointrailError, match="no world 'nowhere'"):
        verify_world("nowhere")


def test_a_participants_copy_without_truth_is_proved_as_far_as_it_goes(copy):
    shutil.rmtree(copy.parents[1] / "grading")
    assert verify_world("primer") == []


def test_a_changed_exhibit_is_named_twice(copy):
    path = copy / "dockets" / "A" / "exhibits" / "E04_sales.csv"
    path.write_text(path.read_text().replace("seen in wallet", "paid", 1))
    findings = verify_world("primer")
    assert len(findings) == 2 and all("E04_sales.csv" in finding for finding in findings)


def test_a_file_too_many_and_a_file_too_few_are_named(copy):
    (copy / "notes.txt").write_text("SYNTHETIC TRAINING DATA")
    (copy / "prices.csv").unlink()
    text = " ".join(verify_world("primer"))
    assert "notes.txt is not in the manifest" in text and "prices.csv is in the manifest but not there" in text


def test_forged_blocks_are_refused_by_the_kernel(copy):
    blocks = read_blocks(copy / "btc" / "blocks.dat")
    forged = dict(mutated_chains(blocks))["one bit of a signature"]
    write_blocks(copy / "btc" / "blocks.dat", [*forged, *blocks[len(forged) :]])
    text = " ".join(verify_world("primer"))
    assert f"The kernel refused block {len(forged)}" in text
    assert "blocks.dat is damaged or was changed" in text


def test_a_changed_table_differs_from_the_blocks(copy):
    ledger = read_ledger(copy / "btc")
    ledger.transactions.loc[5, "lock_time"] = 99
    ledger.write(copy / "btc")
    assert any("lock_time of transactions" in finding for finding in verify_world("primer"))


def test_a_real_address_in_an_exhibit_is_found(copy):
    from embit.networks import NETWORKS
    from embit.script import Script

    address = Script(b"\x00\x14" + bytes(20)).address(NETWORKS["main"])
    path = copy / "dockets" / "B" / "exhibits" / "E06_listing.txt"
    path.write_text(path.read_text() + address)
    assert any(address in finding and "could be real" in finding for finding in verify_world("primer"))


def test_a_gap_in_the_truth_is_found(copy):
    import pandas as pd

    path = copy.parents[1] / "grading" / "truth" / "primer" / "outputs.parquet"
    pd.read_parquet(path).iloc[:-1].to_parquet(path)
    assert any("exactly the outputs" in finding for finding in verify_world("primer"))


def test_a_damaged_block_file_is_one_finding_a_step_and_no_crash(copy):
    data = (copy / "btc" / "blocks.dat").read_bytes()
    (copy / "btc" / "blocks.dat").write_bytes(data[:-7])
    assert any("cut short" in finding for finding in verify_world("primer"))
