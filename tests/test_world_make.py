"""Does the same seed give the same bytes, and another seed another world?"""

import hashlib
import json
import platform
import sys

import pyarrow as pa
import pytest

from cointrail.errors import CointrailError
from cointrail.ledger import data_folder, read_ledger
from cointrail.ledger.parquet import SCHEMAS
from cointrail.world import make_world, write_world
from cointrail.world.files import truth_folder
from cointrail.world.judge import judge

OTHER_SEED = hashlib.sha256(b"a seed of the tests").digest()[:16]

# DESIGN promises equal bytes on this system; Parquet's compression may differ elsewhere.
SAME_BYTES = sys.platform == "linux" and sys.version_info[:2] == (3, 11) and pa.__version__.startswith("26.")


@pytest.fixture(scope="module")
def made(tmp_path_factory):
    folder = tmp_path_factory.mktemp("made")
    write_world(*make_world("primer"), data=folder / "datasets", truth_folder=folder / "truth")
    return folder


def files(folder):
    return {
        path.relative_to(folder).as_posix(): path.read_bytes()
        for path in sorted(folder.rglob("*"))
        if path.is_file() and "keys" not in path.relative_to(folder).parts
    }


@pytest.mark.skipif(
    not SAME_BYTES,
    reason=f"equal bytes are promised on Linux, CPython 3.11, pyarrow 26; this is "
    f"{platform.platform()}, pyarrow {pa.__version__}",
)
@pytest.mark.parametrize("part", ["datasets", "truth"])
def test_primer_made_again_is_byte_for_byte_the_bundled_one(made, part):
    bundled = (data_folder() if part == "datasets" else truth_folder()) / "primer"
    ours, theirs = files(made / part / "primer"), files(bundled)
    assert sorted(ours) == sorted(theirs)
    assert [name for name in ours if ours[name] != theirs[name]] == []


def test_primer_made_again_has_the_same_content_on_every_system(made):
    ours, bundled = read_ledger(made / "datasets/primer/btc"), read_ledger(data_folder() / "primer/btc")
    for table in SCHEMAS:
        assert getattr(ours, table).equals(getattr(bundled, table)), table
    plain = {name: data for name, data in files(data_folder() / "primer").items() if not name.endswith(".parquet")}
    plain.pop("manifest.json")
    for name, data in plain.items():
        assert (made / "datasets/primer" / name).read_bytes() == data, name


def test_another_seed_gives_another_sound_world_that_keeps_its_seed():
    public, truth = make_world("primer", OTHER_SEED)
    published, _ = make_world("primer")
    public.ledger.check()
    assert judge(public.blocks).refusal is None
    assert public.seed is None and published.seed is not None
    assert not set(public.ledger.transactions["hash"]) & set(published.ledger.transactions["hash"])
    assert truth.dockets["A"]["proceeds"] != make_world("primer")[1].dockets["A"]["proceeds"]


def test_a_secret_seed_is_in_no_file(tmp_path):
    write_world(*make_world("primer", OTHER_SEED), data=tmp_path / "datasets", truth_folder=tmp_path / "truth")
    assert json.loads((tmp_path / "datasets/primer/manifest.json").read_text())["seed"] is None
    for data in files(tmp_path).values():
        assert OTHER_SEED not in data and OTHER_SEED.hex().encode() not in data


def test_an_unknown_story_gives_the_stories_there_are():
    with pytest.raises(CointrailError, match=r"no story 'nowhere'.*primer"):
        make_world("nowhere")


def test_a_seed_of_another_size_is_refused():
    with pytest.raises(CointrailError, match="has 4 bytes"):
        make_world("primer", b"abcd")


def test_every_file_is_in_the_manifest_with_its_hash(made):
    folder = made / "datasets/primer"
    manifest = json.loads((folder / "manifest.json").read_text())
    hashes = {name: hashlib.sha256(data).hexdigest() for name, data in files(folder).items()}
    hashes.pop("manifest.json")
    assert {name: entry["sha256"] for name, entry in manifest["files"].items()} == hashes
