"""May a learner trust the training set: is it whole, are its owners nobody's suspects, and is a draw repeatable?"""

import hashlib
import json
import shutil

import pandas as pd
import pytest

from cointrail.errors import CointrailError
from cointrail.ledger import data_folder, load_ledger
from cointrail.tracing import change_consensus, load_training, measure
from cointrail.tracing.error_rates import NOTE
from cointrail.world.dockets.source import Records
from cointrail.world.training import _counts, change_pool, training_entities

FOLDER = data_folder() / "glass_harbour" / "training"


@pytest.fixture(scope="module")
def training():
    return load_training()


def test_every_file_is_the_one_of_the_manifest_and_carries_the_note():
    manifest = json.loads((FOLDER / "manifest.json").read_text())
    assert manifest["note"] == NOTE
    for name, digest in manifest["files"].items():
        data = (FOLDER / name).read_bytes()
        assert hashlib.sha256(data).hexdigest() == digest
        assert NOTE in data.decode().splitlines()[0]


def test_the_note_travels_with_the_tables(training):
    assert NOTE in repr(training)
    assert training.draw(20, "A").note == training.of_kind("scripthash").note == NOTE


def test_a_draw_is_the_same_each_time_and_another_for_another_name(training):
    one, again, other = (set(training.draw(50, name).addresses["entity"]) for name in ("A", "A", "B"))
    assert one == again != other
    assert len(one) == 50
    with pytest.raises(CointrailError, match="cannot be drawn"):
        training.draw(10_000, "A")


def test_an_unknown_kind_names_those_there_are(training):
    with pytest.raises(CointrailError, match="scripthash"):
        training.of_kind("paper")


def test_a_changed_file_and_a_world_without_a_set_are_refused(tmp_path, monkeypatch):
    for world in ("glass_harbour", "primer"):
        (tmp_path / world).mkdir()
        shutil.copy(data_folder() / world / "manifest.json", tmp_path / world)
    shutil.copytree(FOLDER, tmp_path / "glass_harbour" / "training")
    file = tmp_path / "glass_harbour" / "training" / "change.csv"
    file.write_bytes(file.read_bytes().replace(b",1,", b",0,", 1))
    monkeypatch.setenv("COINTRAIL_DATA", str(tmp_path))
    with pytest.raises(CointrailError, match=r"change\.csv .* was changed"):
        load_training()
    with pytest.raises(CointrailError, match="no training set"):
        load_training("primer")


def test_all_addresses_of_an_owner_are_there_and_nobody_of_a_case(training):
    records = Records("glass_harbour")
    owners = records.truth_table("addresses")
    seen = set(records.ledger.outputs["addresses"].str[0])
    chosen = training_entities(records)
    expected = owners[owners["entity"].isin(chosen) & owners["address"].isin(seen)]
    assert set(training.addresses["address"]) == set(expected["address"])
    apart = set(records.truth_table("vendors")["vendor"]) | set(records.truth_table("landmarks")["entity"])
    assert not apart & set(chosen)


def test_labels_are_true_and_one_sign_is_right_in_about_nine_of_ten(training):
    records = Records("glass_harbour")
    outputs = records.truth_table("outputs")
    true = set(map(tuple, outputs.loc[outputs["is_change"], ["transaction_hash", "index"]].to_numpy()))
    assert all((row.txid, row.vout) in true for row in training.change.itertuples())
    ledger = load_ledger("glass_harbour")
    rates = {
        signs: measure(lambda t, s=signs: change_consensus(ledger, txids=t, signs=s), training.change).iloc[0]
        for signs in (1, 2, 4)
    }
    assert 0.85 < rates[1]["precision"] < 0.95
    assert rates[2]["precision"] >= 0.95
    assert rates[2]["coverage"] >= 0.5
    assert rates[4]["coverage"] < 0.5


def test_nothing_that_a_docket_asks_about_is_labelled(training):
    pool = change_pool(Records("glass_harbour"))
    assert set(training.change["txid"]) <= set(pool["txid"])


@pytest.mark.parametrize(
    ("wrong", "several", "labelled"),
    [(60, 9, (20, 3)), (60, 1, (22, 1)), (24, 0, (16, 0)), (5, 0, (12, 0))],
)
def test_a_world_with_few_odd_payments_labels_fewer_and_leaves_some_to_the_dockets(wrong, several, labelled):
    counts = _counts(pd.Series({"wrong": wrong, "one": 999, "two": 999, "more": 999, "wrong on several": several}))
    assert (counts["wrong"], counts["wrong on several"]) == labelled
    assert counts["one"] == 56
