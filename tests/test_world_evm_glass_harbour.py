"""Has the account chain of glass_harbour everything that the lessons ask of it, and is it what its truth says?"""

import json
import re
from collections import Counter

import pandas as pd
import pytest

from cointrail.ledger import data_folder, load_token_ledger, load_token_manifest
from cointrail.ledger.token_checks import ZERO_ADDRESS
from cointrail.ledger.token_tables import TOKEN_SCHEMAS
from cointrail.world.evm.contracts import event
from cointrail.world.evm.keys import CHAIN_ID
from cointrail.world.evm.truth import EVM_TRUTH_SCHEMAS
from cointrail.world.evm.verify import raw_transactions, verify_evm
from cointrail.world.files import truth_folder

FOLDER = data_folder() / "glass_harbour" / "evm"


@pytest.fixture(scope="module")
def ledger():
    return load_token_ledger("glass_harbour")


@pytest.fixture(scope="module")
def truth():
    folder = truth_folder() / "glass_harbour"
    names = ("accounts", "token_transfers", "token_routes", "token_advice", "crossing_legs", "opaque_passages")
    return {name: pd.read_parquet(folder / f"{name}.parquet") for name in names}


@pytest.fixture(scope="module")
def owners(truth):
    return truth["accounts"].set_index("address")


def token(ledger, symbol, *, genuine=True):
    """The address of a token; the counterfeit is the one that came later."""
    rows = ledger.tokens[ledger.tokens["symbol"] == symbol].sort_values("block_number")
    return rows["address"].iloc[0 if genuine else -1]


def holdings(ledger, address):
    transfers = ledger.token_transfers[ledger.token_transfers["token_address"] == address]
    held = Counter()
    for row in transfers.itertuples():
        held[row.from_address] -= row.value
        held[row.to_address] += row.value
    return held


def test_every_step_of_verify_passes():
    assert {title: findings for title, findings in verify_evm("glass_harbour") if findings} == {}


def test_about_ten_thousand_transactions_over_eight_months(ledger):
    assert 9_000 <= len(ledger.transactions) <= 11_500
    assert ledger.blocks["timestamp"].iloc[-1] - ledger.blocks["timestamp"].iloc[0] > pd.Timedelta(days=235)


def test_two_stablecoins_and_one_counterfeit_with_the_same_name(ledger):
    rows = ledger.tokens.set_index("address")
    assert sorted(rows["decimals"]) == [6, 6, 18]
    real, fake = token(ledger, "ARVD"), token(ledger, "ARVD", genuine=False)
    assert real != fake
    assert rows.loc[real, ["symbol", "name", "decimals"]].equals(rows.loc[fake, ["symbol", "name", "decimals"]])


def test_frozen_released_and_destroyed(ledger):
    seen = Counter(topics[0] for topics in ledger.logs["topics"])
    assert seen[event("Frozen(address)")] >= 8
    assert seen[event("Released(address)")] >= 2
    assert seen[event("FrozenFundsDestroyed(address,uint256)")] >= 2
    assert seen[event("Approval(address,address,uint256)")] >= 150


def test_transactions_fail_for_several_reasons(ledger):
    failed = ledger.receipts[ledger.receipts["status"] == 0]
    assert 100 <= len(failed) <= 400
    errors = ledger.traces[(ledger.traces["status"] == 0) & (ledger.traces["trace_address"] == "")]["error"]
    assert set(errors) == {"Reverted", "Out of gas"}


def test_coins_move_inside_transactions(ledger):
    inner = ledger.traces[ledger.traces["trace_address"] != ""]
    assert (inner["value"] > 0).sum() > 200
    assert set(inner["trace_type"]) == {"call", "create"}


def test_forwarders_belong_to_one_customer_each_and_pay_the_hot_wallet(ledger, owners):
    northpier = owners[(owners["entity"] == "northpier") & owners["role"].str.startswith("forwarder")]
    assert len(northpier) > 100 and northpier["customer"].is_unique
    hot = owners[(owners["entity"] == "northpier") & (owners["role"] == "hot")].index
    paid = ledger.token_transfers[ledger.token_transfers["from_address"].isin(northpier.index)]
    assert set(paid["to_address"]) == set(hot)


def test_there_are_forwarders_that_are_not_the_exchanges(owners):
    assert (owners["entity"].eq("tallygate") & owners["role"].str.startswith("forwarder")).sum() >= 20


def test_deposit_addresses_are_reused_and_some_by_two_accounts(ledger, owners):
    deposits = owners[owners["role"].str.startswith(("forwarder", "deposit ")) & (owners["customer"] != "")]
    paid = ledger.token_transfers[ledger.token_transfers["to_address"].isin(deposits.index)]
    assert (paid.groupby("to_address").size() > 1).sum() > 100
    assert (paid.groupby("to_address")["from_address"].nunique() > 1).sum() >= 10


def test_poisoning_uses_real_look_alikes_and_moves_nothing(ledger, owners):
    masks = owners[owners["role"].str.startswith("look-alike")]
    assert len(masks) >= 20
    ends = Counter(address[2:5] + address[-2:] for address in owners.index)
    assert all(ends[mask[2:5] + mask[-2:]] > 1 for mask in masks.index)
    empty = ledger.token_transfers[ledger.token_transfers["value"] == 0]
    poison = empty[empty["to_address"].isin(masks.index)]
    assert len(poison) > 100
    sender = ledger.transactions.set_index("hash")["from_address"]
    assert (poison["transaction_hash"].map(sender) != poison["from_address"]).all()


def test_each_docket_has_four_hops_to_a_broker(ledger, truth, owners):
    transfers = ledger.token_transfers.groupby("transaction_hash").first()
    assert sorted(truth["token_routes"]["docket"].unique()) == list("ABCDEFGHIJKLMNOPQRSTUVWX")
    for docket, rows in truth["token_routes"].groupby("docket"):
        hops = rows[rows["step"] >= 1]
        assert list(hops["step"]) == [1, 2, 3, 4], docket
        steps = transfers.loc[list(hops["transaction_hash"])]
        assert list(steps["from_address"])[1:] == list(steps["to_address"])[:-1]
        assert steps["token_address"].nunique() == 1
        assert owners.loc[steps["to_address"].iloc[-1], "role"] == "desk"
        assert (rows["step"] == 0).any() and (rows["step"] == -1).sum() == 2


def test_brokers_pool_the_coins_of_many(ledger, truth, owners):
    desks = owners[owners["role"] == "desk"].index
    incoming = ledger.token_transfers[ledger.token_transfers["to_address"].isin(desks)]
    assert incoming.groupby("to_address")["from_address"].nunique().min() >= 15


def test_freeze_is_advised_where_coins_lie_and_nowhere_else(ledger, truth):
    held = Counter()
    for symbol in ("ARVD", "HBC"):
        held.update(holdings(ledger, token(ledger, symbol)))
    frozen = {"0x" + t[1][26:] for t in ledger.logs["topics"] if t[0] == event("Frozen(address)")}
    for row in truth["token_advice"].itertuples():
        if row.advice == "freeze":
            assert held[row.address] > 0 and row.address not in frozen
        elif row.reason == "empty":
            assert held[row.address] < 10**17
        elif row.reason == "frozen already":
            assert row.address in frozen
    assert set(truth["token_advice"]["advice"]) == {"freeze", "preserve", "neither"}


def test_crossings_join_the_two_chains(ledger, truth):
    legs = truth["crossing_legs"]
    assert legs["reference"].is_unique and len(legs) > 200
    crossings = truth_folder() / "glass_harbour" / "crossings.parquet"
    if not crossings.is_file():
        pytest.skip("the UTXO chain of glass_harbour is not there yet")
    joined = legs.merge(pd.read_parquet(crossings), on="reference", suffixes=("", "_btc"), how="left")
    moved = ledger.token_transfers.groupby("transaction_hash")["value"].max()
    assert list(joined["transaction_hash"].map(moved)) == [int(amount) for amount in joined["amount"]]
    wait = (joined["timestamp"] - joined["timestamp_btc"]).dt.total_seconds()
    assert (wait[joined["direction"] == "out"] > 0).all() and (wait[joined["direction"] == "in"] < 0).all()


def test_the_opaque_chain_shows_its_ends_and_no_link(truth):
    ends = pd.read_csv(FOLDER / "opaque.csv", comment="#")
    assert list(ends.columns) == ["time", "side", "service", "transaction_hash", "address", "asset", "value"]
    assert Counter(ends["side"]).keys() == {"entry", "exit"} and 60 <= len(ends) <= 80
    passages = truth["opaque_passages"]
    assert set(passages["entry_hash"]) == set(ends["transaction_hash"][ends["side"] == "entry"])
    entries = ends[ends["side"] == "entry"]
    assert entries["value"].nunique() == 3, "few sizes, so that an amount alone shows nothing"


def test_prices_cover_each_day_and_asset():
    prices = pd.read_csv(FOLDER / "prices.csv", comment="#")
    assert set(prices["asset"]) == {"QUAY", "ARVD", "HBC"}
    assert prices.groupby("date").size().eq(3).all()
    assert prices[prices["asset"] == "ARVD"]["arv"].between(0.99, 1.01).all()


def test_the_manifest_lists_every_address_for_a_local_chain_only(ledger):
    manifest = load_token_manifest("glass_harbour")
    assert manifest["chain_id"] == CHAIN_ID == 31337
    assert "SYNTHETIC" in manifest["banner"] and "syn:" in manifest["notice"]
    assert {*ledger.transactions["from_address"], *ledger.token_transfers["to_address"]} <= {
        *manifest["addresses"],
        ZERO_ADDRESS,
    }


def test_the_chain_is_small_on_disk():
    assert sum(path.stat().st_size for path in FOLDER.iterdir()) < 6_000_000


def test_eth_account_names_the_same_senders(ledger):
    """A library of somebody else reads the signed bytes and finds the sender in our table."""
    from eth_account import Account

    raw = raw_transactions(ledger, pd.read_parquet(FOLDER / "signatures.parquet"))
    for row in range(0, len(raw), 211):
        assert Account.recover_transaction(raw[row]).lower() == ledger.transactions["from_address"].iloc[row]


def test_a_forged_signature_is_found(tmp_path, monkeypatch):
    import hashlib

    folder = tmp_path / "glass_harbour" / "evm"
    folder.mkdir(parents=True)
    for path in FOLDER.iterdir():
        (folder / path.name).write_bytes(path.read_bytes())
    table = pd.read_parquet(folder / "signatures.parquet")
    table.loc[7, "r"] = table.loc[8, "r"]
    table.to_parquet(folder / "signatures.parquet")
    manifest = json.loads((folder / "manifest.json").read_text())
    digest = hashlib.sha256((folder / "signatures.parquet").read_bytes()).hexdigest()
    manifest["files"]["signatures.parquet"]["sha256"] = digest
    (folder / "manifest.json").write_text(json.dumps(manifest))
    monkeypatch.setenv("COINTRAIL_DATA", str(tmp_path))
    findings = [finding for _, found in verify_evm("glass_harbour") for finding in found]
    assert any("is not the hash of the transaction" in finding for finding in findings)


@pytest.mark.parametrize("table", TOKEN_SCHEMAS)
def test_every_column_is_explained(table):
    section = (FOLDER / "README.md").read_text(encoding="utf-8").partition(f"**{table}** - ")[2].partition("\n**")[0]
    assert set(TOKEN_SCHEMAS[table].names) <= set(re.findall(r"`(\w+)`", section))


@pytest.mark.parametrize("table", EVM_TRUTH_SCHEMAS)
def test_every_truth_column_is_explained(table):
    text = (FOLDER / "README.md").read_text(encoding="utf-8").partition("## The truth")[2]
    row = next(line for line in text.splitlines() if line.startswith(f"| `{table}` |"))
    assert set(EVM_TRUTH_SCHEMAS[table].names) <= set(re.findall(r"`(\w+)`", row))
