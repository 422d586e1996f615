"""Is an account chain made the same again from the same seed, and does another node agree with it?"""

import hashlib
import os
import shutil

import pandas as pd
import pytest

from cointrail.errors import CointrailError
from cointrail.ledger import data_folder, load_ledger, load_manifest, load_token_ledger, load_token_manifest
from cointrail.world.evm.cast import DOCKETS
from cointrail.world.evm.crossings import crossing_address, stand_in
from cointrail.world.evm.make import make_evm, read_crossings, write_evm
from cointrail.world.evm.replay import replay
from cointrail.world.evm.times import DAY, END, START
from cointrail.world.evm.verify import raw_transactions
from cointrail.world.files import truth_folder

pytest.importorskip("pyrevm", reason="pyrevm has no wheel for this system")

SEED = b"a seed for tests"
SUSPECTS = [f"suspect_{docket.lower()}" for docket in DOCKETS]


def short_world(seed=SEED, days=24):
    crossings = stand_in(seed, [*SUSPECTS[:3], "a_traveller"], count=60)
    return make_evm("short", seed, crossings, suspects=SUSPECTS, end=START + days * DAY)


@pytest.fixture(scope="module")
def short():
    return short_world()


def fingerprint(folder):
    files = [path for path in sorted(folder.rglob("*")) if path.is_file()]
    return {path.relative_to(folder).as_posix(): hashlib.sha256(path.read_bytes()).hexdigest() for path in files}


def test_the_same_seed_gives_the_same_files(short, tmp_path):
    for name, world in (("one", short), ("two", short_world())):
        write_evm(world, data=tmp_path / name, truth_folder=tmp_path / name / "truth")
    assert fingerprint(tmp_path / "one") == fingerprint(tmp_path / "two")
    assert len(fingerprint(tmp_path / "one")) == 19


def test_another_seed_gives_another_chain(short):
    other = short_world(bytes(16), days=8)
    assert not set(other.addresses) & set(short.addresses)
    other.ledger.check()


def test_a_short_story_is_sound_and_wholly_owned(short):
    short.ledger.check()
    assert len(short.ledger.transactions) > 500
    known = set(short.truth["accounts"]["address"])
    assert {*short.ledger.transactions["from_address"], *short.ledger.logs["address"]} <= known


def test_crossings_are_paid_to_the_address_that_follows_from_the_seed(short):
    crossings = {crossing.reference: crossing for crossing in stand_in(SEED, [*SUSPECTS[:3], "a_traveller"], count=60)}
    paid_to = short.ledger.token_transfers.set_index("transaction_hash")["to_address"]
    outward = [leg for leg in short.truth["crossing_legs"].itertuples() if crossings[leg.reference].direction == "out"]
    assert outward
    for leg in outward:
        entity = crossings[leg.reference].entity
        assert paid_to[leg.transaction_hash] == "0x" + crossing_address(SEED, entity).hex()


@pytest.mark.parametrize(("seed", "suspects"), [(b"short", SUSPECTS), (SEED, SUSPECTS[:5])])
def test_a_wrong_seed_or_too_few_suspects_are_refused(seed, suspects):
    with pytest.raises(CointrailError, match="16 bytes and 24 suspects"):
        make_evm("short", seed, [], suspects=suspects)


def test_a_world_without_its_other_chain_is_refused(tmp_path):
    with pytest.raises(CointrailError, match="make the world's UTXO chain first"):
        read_crossings(truth=tmp_path, outputs=pd.DataFrame())


def test_the_stand_in_crossings_lie_inside_the_story():
    assert all(START < crossing.timestamp < END for crossing in stand_in(SEED, SUSPECTS))


@pytest.mark.slow
def test_glass_harbour_is_made_again_from_its_seed(tmp_path):
    if not (data_folder() / "glass_harbour" / "manifest.json").is_file():
        pytest.skip("the UTXO chain of glass_harbour is not there yet")
    truth = truth_folder() / "glass_harbour"
    crossings, suspects = read_crossings(truth=truth, outputs=load_ledger("glass_harbour").outputs)
    seed = bytes.fromhex(load_manifest("glass_harbour")["seed"])
    world = make_evm("glass_harbour", seed, crossings, suspects=suspects)
    write_evm(world, data=tmp_path, truth_folder=tmp_path / "truth")
    made = fingerprint(tmp_path / "glass_harbour" / "evm")
    published = load_token_manifest("glass_harbour")["files"]
    assert {name for name in published if name != "README.md"} == set(made) - {"manifest.json"}
    for name in set(made) - {"manifest.json"}:
        assert made[name] == published[name]["sha256"], name
    for name, digest in fingerprint(tmp_path / "truth" / "glass_harbour").items():
        assert hashlib.sha256((truth / name).read_bytes()).hexdigest() == digest, name


@pytest.mark.slow
def test_anvil_agrees_with_every_transaction_of_glass_harbour():
    """Status, gas, logs, inner calls, hash trees, final coins and nonces, by a node that we did not write."""
    anvil = shutil.which("anvil")
    if anvil is None:
        assert not os.environ.get("CI"), ".ci/full installs anvil"
        pytest.skip("anvil (npm package @foundry-rs/anvil) is not here")
    ledger = load_token_ledger("glass_harbour")
    signatures = pd.read_parquet(data_folder() / "glass_harbour" / "evm" / "signatures.parquet")
    assert list(replay(ledger, raw_transactions(ledger, signatures), anvil=anvil)) == []
    changed = ledger.receipts.iloc[:1].assign(gas_used=1)
    wrong = type(ledger)(**(vars(ledger) | {"receipts": pd.concat([changed, ledger.receipts.iloc[1:]])}))
    assert "gas_used is 1, for anvil" in next(replay(wrong, raw_transactions(ledger, signatures), anvil=anvil))
