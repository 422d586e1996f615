"""Is a fresh world made from a secret seed, stage by stage, and found again by `--world`?"""

import json
import os

import pytest

from cointrail.cli import main
from cointrail.errors import CointrailError
from cointrail.ledger import data_folder
from cointrail.world import stages
from cointrail.world.files import WorldFiles
from cointrail.world.make import STORIES
from cointrail.world.stages import build_world, secret_seed


@pytest.fixture(autouse=True)
def same_data_afterwards(monkeypatch):
    """`--world` sets the data folder of its process; here that is the process of the tests."""
    monkeypatch.setenv("COINTRAIL_DATA", str(data_folder()))


def test_a_secret_seed_is_generated_once_and_kept_on_the_desk(tmp_path):
    seed, new = secret_seed("glass_harbour", tmp_path)
    again, new_again = secret_seed("glass_harbour", tmp_path)
    assert seed == again and new and not new_again and len(seed) == 16
    path = tmp_path / "glass_harbour" / "seed.txt"
    assert path.read_text(encoding="utf-8").startswith(f"{seed.hex()}\n")
    assert seed != secret_seed("glass_harbour", tmp_path / "other")[0]
    if os.name == "posix":
        assert path.stat().st_mode & 0o077 == 0, "only its owner may read the seed"


@pytest.mark.parametrize("text", ["", "not a seed\n"])
def test_a_damaged_seed_file_is_one_sentence(tmp_path, text):
    (tmp_path / "glass_harbour").mkdir()
    (tmp_path / "glass_harbour" / "seed.txt").write_text(text)
    with pytest.raises(CointrailError, match=r"seed\.txt does not begin with 32 hex digits"):
        secret_seed("glass_harbour", tmp_path)


def test_a_world_that_is_there_is_not_made_again(tmp_path):
    lines = []
    build_world("primer", out=tmp_path, say=lines.append)
    before = (tmp_path / "datasets/primer/manifest.json").stat().st_mtime_ns
    build_world("primer", out=tmp_path, say=lines.append)
    assert lines[-1] == "the UTXO chain is there already"
    assert (tmp_path / "datasets/primer/manifest.json").stat().st_mtime_ns == before


def test_primer_elsewhere_is_the_published_one(tmp_path):
    build_world("primer", out=tmp_path)
    manifest = json.loads((tmp_path / "datasets/primer/manifest.json").read_bytes())
    assert bytes.fromhex(manifest["seed"]) == STORIES["primer"][1]
    assert not (tmp_path / "grading/truth/primer/seed.txt").exists()


def test_every_verb_takes_world(tmp_path, capsys):
    build_world("primer", out=tmp_path)
    (tmp_path / "datasets/primer/prices.csv").write_text("SYNTHETIC TRAINING DATA\n")
    assert main(["world", "verify", "primer", "--world", str(tmp_path)]) == 1
    assert "prices.csv" in capsys.readouterr().out


@pytest.mark.parametrize("words", [["--world", "nowhere"], ["--world"]])
def test_world_without_a_world_is_one_sentence(words, capsys):
    assert main(["world", "describe", "primer", *words]) == 2
    captured = capsys.readouterr()
    assert captured.out == "" and captured.err.count("\n") == 1 and "world make" in captured.err


def test_a_missing_truth_table_is_one_sentence(tmp_path, monkeypatch):
    build_world("primer", out=tmp_path)
    monkeypatch.setenv("COINTRAIL_DATA", str(tmp_path / "datasets"))
    with pytest.raises(CointrailError, match="has no table crossing_legs"):
        WorldFiles("primer").truth_table("crossing_legs")


@pytest.fixture
def quick(monkeypatch):
    """Stages that only leave their manifests; the list says which seeds cannot carry the dockets."""
    unfit, seen = [], []

    def chain(name, seed, data, truths, say):
        seen.append(seed)
        (data / name).mkdir(parents=True)
        (data / name / "manifest.json").write_text(json.dumps({"files": {}, "dockets": ["A"]}))

    def account_chain(name, seed, data, truths, say):
        (data / name / "evm").mkdir()
        (data / name / "evm" / "manifest.json").write_text("{}")

    def make_dockets(name, say):
        if unfit:
            raise CointrailError(unfit.pop())

    monkeypatch.setattr(stages, "_chain", chain)
    monkeypatch.setattr(stages, "_account_chain", account_chain)
    monkeypatch.setattr(stages, "difficulty", lambda files: None)
    monkeypatch.setattr(stages, "difficulty_findings", lambda table: [unfit.pop()] if unfit[1:] else [])
    monkeypatch.setattr("cointrail.world.dockets.make.make_dockets", make_dockets)
    return unfit, seen


def test_another_seed_is_drawn_where_the_ledgers_cannot_carry_the_dockets(tmp_path, quick):
    unfit, seen = quick
    unfit.append("Docket W: too few sales.")
    lines = []
    build_world("glass_harbour", out=tmp_path, say=lines.append)
    assert len(set(seen)) == 2
    assert any("another seed is drawn" in line and "Docket W" in line for line in lines)
    kept = (tmp_path / "grading/truth/glass_harbour/seed.txt").read_text(encoding="utf-8")
    assert kept.startswith(seen[-1].hex())


def test_a_story_that_never_fits_is_one_sentence(tmp_path, quick):
    unfit, _ = quick
    unfit += ["Docket W: too few sales."] * (stages.SEEDS + 1)
    with pytest.raises(CointrailError, match=r"Docket W.*Run the command again"):
        build_world("glass_harbour", out=tmp_path)
