"""Is the big world what it promises: real in form, alive, complete in its truth, and unmistakably synthetic?"""

import hashlib
import json
import re

import pandas as pd
import pyarrow.parquet as pq
import pytest

from cointrail.cli import main
from cointrail.ledger import data_folder, load_ledger, load_manifest, read_blocks
from cointrail.tracing import coinjoins
from cointrail.world import make_world, verify_world, write_world
from cointrail.world.books import book_findings, reference_findings
from cointrail.world.files import WorldFiles, published_files, truth_folder
from cointrail.world.glass_harbour.laundering import ROUTES
from cointrail.world.glass_harbour.programs import PROGRAMS
from cointrail.world.glass_harbour.vendors import COMMON, PLANS, SPECIAL
from cointrail.world.judge import judge
from cointrail.world.safety import real_addresses, real_hosts
from cointrail.world.stats import motion, realism

NAME = "glass_harbour"
FOLDER = data_folder() / NAME


@pytest.fixture(scope="module")
def ledger():
    return load_ledger(NAME)


@pytest.fixture(scope="module")
def files():
    return WorldFiles(NAME)


@pytest.fixture(scope="module")
def purposes(files):
    return files.truth_table("transactions").set_index("hash")["purpose"]


# The chain


def test_every_committed_file_is_the_one_in_the_manifest():
    listed = {name: entry["sha256"] for name, entry in load_manifest(NAME)["files"].items()}
    there = {path.relative_to(FOLDER).as_posix(): path for path in published_files(FOLDER)}
    assert {name: hashlib.sha256(path.read_bytes()).hexdigest() for name, path in there.items()} == listed


def test_it_fits_into_the_bundle():
    size = sum(path.stat().st_size for path in published_files(FOLDER))
    assert size < 34_000_000


def test_the_kernel_connects_every_block():
    blocks = read_blocks(FOLDER / "btc" / "blocks.dat")
    assert judge(blocks).connected == len(blocks) == load_manifest(NAME)["height"]


def test_the_ledger_keeps_its_invariants_and_its_size(ledger):
    ledger.check()
    assert 30_000 <= (~ledger.transactions["is_coinbase"]).sum() <= 50_000
    times = ledger.blocks["timestamp"]
    assert pd.Timestamp("2026-02-23", tz="UTC") - times.iloc[0] < pd.Timedelta(days=8)
    assert pd.Timestamp("2026-10-20", tz="UTC") < times.iloc[-1] < pd.Timestamp("2026-11-01", tz="UTC")


def test_some_blocks_state_a_time_before_their_parents(ledger):
    assert 20 <= (ledger.blocks["timestamp"].diff() < pd.Timedelta(0)).sum() <= 100


def test_every_common_kind_of_script_is_there(ledger):
    counts = ledger.outputs["type"].value_counts()
    for kind in ("pubkeyhash", "scripthash", "witness_v0_keyhash", "witness_v0_scripthash", "witness_v1_taproot"):
        assert counts[kind] > 1_000, kind
    assert counts["nulldata"] > 200


def test_the_chain_looks_like_published_ones(ledger):
    findings = list(realism(ledger))
    assert sum(finding.inside for finding in findings) >= 0.9 * len(findings)


def test_money_moves_at_the_pace_of_people(ledger):
    pace = motion(ledger)
    assert 2 < pace["days until an output is spent, median"] < 40
    assert pace["longest chain of payments, in transactions"] < 1_500


# What happens on it


def test_mixing_has_four_shapes_and_the_detectors_meet_them(ledger, purposes):
    made = purposes[purposes.str.match("coinjoin (?!preparation)")]
    assert set(made) == {f"coinjoin {shape}" for shape in ("whirlpool", "wasabi1", "wasabi2", "joinmarket")}
    found = set(coinjoins(ledger)["txid"])
    assert len(found & set(made.index)) > 0.9 * len(made)


def test_everyday_shapes_are_there(ledger, purposes):
    counts = purposes.value_counts()
    for purpose, least in {
        "purchase": 9_000,
        "payjoin purchase": 50,
        "northpier sweep": 150,
        "kestrel payout": 1_000,
        "peel": 150,
        "vendor bond": 24,
        "payroll": 90,
        "consolidation": 300,
        "escrow release": 50,
        "escrow refund": 3,
        "notary seal": 200,
        "dust": 2,
    }.items():
        assert counts[purpose] >= least, purpose
    assert (ledger.outputs["value"] == 546).sum() > 150
    assert ledger.transactions["output_count"].max() > 60 and ledger.transactions["input_count"].max() > 60


def test_payjoins_really_mix_two_owners(ledger, files, purposes):
    owner = files.truth_table("outputs").set_index(["transaction_hash", "index"])["entity"]
    inputs = ledger.inputs[ledger.inputs["transaction_hash"].isin(purposes.index[purposes == "payjoin purchase"])]
    keys = pd.MultiIndex.from_frame(inputs[["spent_transaction_hash", "spent_output_index"]])
    owners = owner.reindex(keys).groupby(inputs["transaction_hash"].to_numpy()).nunique()
    assert (owners == 2).all()


def test_ordinary_payments_have_one_owner(ledger, files, purposes):
    owner = files.truth_table("outputs").set_index(["transaction_hash", "index"])["entity"]
    inputs = ledger.inputs[~ledger.inputs["transaction_hash"].map(purposes).str.match("coinjoin|payjoin")]
    keys = pd.MultiIndex.from_frame(inputs[["spent_transaction_hash", "spent_output_index"]])
    assert (owner.reindex(keys).groupby(inputs["transaction_hash"].to_numpy()).nunique() == 1).all()


def test_change_is_an_output_to_a_payer(ledger, files, purposes):
    outputs = files.truth_table("outputs")
    owner = outputs.set_index(["transaction_hash", "index"])["entity"]
    keys = pd.MultiIndex.from_frame(ledger.inputs[["spent_transaction_hash", "spent_output_index"]])
    payers = set(zip(ledger.inputs["transaction_hash"], owner.reindex(keys), strict=True))
    change = outputs[outputs["is_change"]]
    assert len(change) > 15_000
    assert all(pair in payers for pair in zip(change["transaction_hash"], change["entity"], strict=True))


# Its truth


def test_the_truth_knows_every_output_transaction_and_address(ledger, files):
    keys = ["transaction_hash", "index"]
    assert files.truth_table("outputs")[keys].equals(ledger.outputs[keys])
    assert list(files.truth_table("transactions")["hash"]) == list(ledger.transactions["hash"])
    assert set(ledger.outputs["addresses"].str[0].dropna()) <= set(files.truth_table("addresses")["address"])


def test_the_truth_points_at_the_ledger_and_the_books_balance(files):
    assert [*reference_findings(files), *book_findings(files)] == []


def test_a_book_that_pays_too_much_is_found(files, tmp_path, monkeypatch):
    for name in ("outputs", "custodian_book"):
        table = files.truth_table(name)
        if name == "custodian_book":
            table.loc[table["kind"].eq("bought").idxmax(), "value"] = 1
        table.to_parquet(tmp_path / f"{name}.parquet")
    monkeypatch.setattr(WorldFiles, "truth", tmp_path)
    assert any("more than the balance" in finding for finding in book_findings(files))


def test_a_buyers_coins_are_not_the_coins_a_vendor_gets(files, ledger):
    """The market is a pool: what it pays vendors comes from its own hot wallet, never from the buyer's address."""
    outputs = files.truth_table("outputs")
    paid = files.truth_table("transactions").set_index("hash")["purpose"]
    payouts = set(paid.index[paid == "quayside payout"])
    wallets = files.truth_table("addresses").set_index("address")["wallet"]
    spent = ledger.inputs[ledger.inputs["transaction_hash"].isin(payouts)]["addresses"].str[0]
    assert set(wallets[spent.unique()]) == {"hot"}
    vendors = set(files.truth_table("vendors")["vendor"])
    assert vendors <= set(outputs[outputs["transaction_hash"].isin(payouts)]["entity"])


def test_twenty_four_vendors_of_equal_shape(files):
    vendors, routes = files.truth_table("vendors"), files.truth_table("routes")
    assert list(vendors["docket"]) == [chr(ord("A") + number) for number in range(24)]
    for plan in PLANS:
        walked = set(routes[routes["docket"] == plan.docket]["route"])
        special = walked & set(SPECIAL)
        assert set(COMMON) <= walked and special == set(plan.routes) & set(SPECIAL), plan.docket
    assert pd.Series([(set(p.routes) & set(SPECIAL)).pop() for p in PLANS]).value_counts().eq(4).all()
    sales = files.truth_table("orders").groupby("docket").size()
    assert 60 <= sales.min() and sales.max() <= 120
    sources = files.truth_table("sources").groupby("docket").size()
    assert sources.min() >= 30


def test_the_place_of_the_dockets_is_there_and_their_exhibits_are_to_come(capsys):
    assert load_manifest(NAME)["dockets"] == [plan.docket for plan in PLANS]
    assert main(["world", "describe", NAME]) == 0
    assert "docket X" in capsys.readouterr().out


def test_every_route_has_a_vendor():
    assert set(COMMON) | set(SPECIAL) == set(ROUTES)


def test_at_least_eight_wallet_programs_are_in_use(files):
    assert len({plan.program for plan in PLANS}) >= 6
    assert len(set(PROGRAMS.values())) == len(PROGRAMS) >= 8


def test_crossings_go_both_ways_through_both_services(files):
    crossings = files.truth_table("crossings")
    assert set(zip(crossings["service"], crossings["direction"], strict=True)) == {
        (service, way) for service in ("swaplark", "spangate") for way in ("in", "out")
    }
    assert crossings["reference"].is_unique and set(crossings["asset"]) == {"ARVD", "HBC"}


def test_the_bridge_writes_its_reference_into_the_ledger(files, ledger):
    crossings = files.truth_table("crossings")
    bridged = crossings[(crossings["service"] == "spangate") & (crossings["direction"] == "out")]
    notes = ledger.outputs[ledger.outputs["type"] == "nulldata"].set_index("transaction_hash")["script_hex"]
    for row in bridged.itertuples():
        assert row.reference.encode().hex() in notes[row.transaction_hash]


@pytest.mark.parametrize("file", ["prices.csv", "prices_hourly.csv", "fee_rates.csv", "exchange_rates.csv"])
def test_the_tables_of_prices_cover_the_story(file, ledger):
    table = pd.read_csv(FOLDER / file, comment="#")
    first, last = table.iloc[0, 0][:10], table.iloc[-1, 0][:10]
    days = ledger.blocks["timestamp"].dt.strftime("%Y-%m-%d")
    assert first <= days.min() and last >= days.max()
    assert (table.iloc[:, -1] > 0).all()


def test_the_truth_carries_the_banner_invented_names_and_no_real_address(files):
    for path in sorted(files.truth.glob("*.parquet")):
        assert b"SYNTHETIC TRAINING DATA" in pq.read_schema(path).metadata[b"banner"], path.name
    owners = files.truth_table("addresses")
    assert all(re.fullmatch(r"[a-z]+(_[a-z0-9]+)*", entity) for entity in owners["entity"].unique())
    assert real_addresses(" ".join(owners["address"])) == []
    assert real_hosts(" ".join(owners["entity"].unique())) == []


# Made again


@pytest.mark.slow
def test_the_world_made_again_is_byte_for_byte_the_bundled_one(tmp_path):
    write_world(*make_world(NAME), data=tmp_path / "datasets", truth_folder=tmp_path / "truth")
    made = json.loads((tmp_path / "datasets" / NAME / "manifest.json").read_text())
    assert made == load_manifest(NAME)
    for path in (tmp_path / "truth" / NAME).glob("*.parquet"):
        assert path.read_bytes() == (truth_folder() / NAME / path.name).read_bytes(), path.name


@pytest.mark.slow
def test_a_secret_seed_gives_another_sound_world():
    public, truth = make_world(NAME, hashlib.sha256(b"another seed of the tests").digest()[:16])
    public.ledger.check()
    assert judge(public.blocks).refusal is None and public.seed is None
    assert sum(finding.inside for finding in realism(public.ledger)) >= 22
    assert not set(public.ledger.transactions["hash"]) & set(load_ledger(NAME).transactions["hash"])
    assert len(truth.tables["vendors"]) == 24


@pytest.mark.slow
def test_verify_proves_it_whole():
    assert verify_world(NAME) == []
