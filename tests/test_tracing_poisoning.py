"""Poisoning, counterfeits and freezes: measured against the purposes in the truth of glass_harbour."""

from pathlib import Path

import pandas as pd
import pytest

from cointrail.errors import CointrailError
from cointrail.ledger import load_token_ledger
from cointrail.tracing import freeze_events, is_frozen, poisoning_transfers, token_balance, token_contracts
from cointrail.tracing.freezes import _EVENTS
from cointrail.tracing.token_transfers import APPROVAL_TOPIC

TRUTH = Path(__file__).parents[1] / "grading" / "truth" / "glass_harbour"
KINDS = {
    "zero value": "poisoning, nothing moved",
    "counterfeit": "poisoning, counterfeit",
    "tiny": "poisoning, dust",
}


@pytest.fixture(scope="module")
def ledger():
    return load_token_ledger("glass_harbour")


@pytest.fixture(scope="module")
def truth():
    return pd.read_parquet(TRUTH / "token_transfers.parquet").rename(columns={"transaction_hash": "txid"})


def test_every_trap_is_found_by_its_kind_and_nothing_else_is_called_one(ledger, truth):
    found = poisoning_transfers(ledger)
    joined = truth.merge(found, how="left", on=["txid", "log_index"])
    for kind, purpose in KINDS.items():
        called, true = joined["kind"] == kind, joined["purpose"] == purpose
        assert (called & true).sum() / called.sum() == 1, kind
        assert (called & true).sum() / true.sum() >= 0.98, kind
    assert found["kind"].notna().all() and len(found) == joined["kind"].notna().sum()


def test_the_look_alike_is_no_address_that_was_paid(ledger):
    found = poisoning_transfers(ledger)
    like = found[found["looks_like"] != ""]
    assert len(like) > 200 and (like["looks_like"] != like["other"]).all()
    ends = [like[name].str[2:5] + like[name].str[-2:] for name in ("looks_like", "other")]
    assert (ends[0] == ends[1]).all()


def test_one_account_sees_its_own_traps_only(ledger):
    victim = poisoning_transfers(ledger)["victim"].value_counts().index[0]
    own = poisoning_transfers(ledger, f"syn:{victim}")
    assert set(own["victim"]) == {victim} and len(own) > 1


def test_the_counterfeit_is_the_younger_of_two_with_one_name(ledger):
    table = token_contracts(ledger).set_index("token")
    fake = table[table["copies"] != ""]
    genuine = table.loc[fake["copies"].iloc[0]]
    assert len(fake) == 1 and genuine["symbol"] == fake["symbol"].iloc[0] and genuine["made"] < fake["made"].iloc[0]
    assert fake["forced"].iloc[0] > 0 and genuine["forced"] == 0 and genuine["maker"] != fake["maker"].iloc[0]


def test_freezes_releases_and_destructions_are_all_there(ledger):
    purposes = pd.read_parquet(TRUTH / "token_transactions.parquet").set_index("hash")["purpose"]
    events = freeze_events(ledger)
    named = {"frozen": "freeze", "released": "release", "destroyed": "destruction"}
    assert events["txid"].map(purposes).tolist() == events["event"].map(named).tolist()
    assert len(events) == purposes.isin(named.values()).sum() > 10


def test_a_frozen_account_sends_nothing_until_it_is_released(ledger):
    events = freeze_events(ledger)
    released = events[events["event"] == "released"].iloc[0]
    address, token = released["address"], released["token"]
    frozen = events[(events["address"] == address) & (events["event"] == "frozen")].iloc[0]
    answers = [is_frozen(ledger, address, token, h) for h in (frozen["height"] - 1, frozen["height"], None)]
    assert answers == [False, True, False]
    sent = ledger.token_transfers[ledger.token_transfers["from_address"] == address]
    sent = sent[(sent["token_address"] == token) & (sent["value"] > 0)]
    assert not sent["block_number"].between(frozen["height"] + 1, released["height"] - 1).any()


def test_destroyed_funds_are_gone(ledger):
    row = freeze_events(ledger).query("event == 'destroyed'").iloc[0]
    before, after = (token_balance(ledger, row["address"], row["token"], row["height"] - n) for n in (1, 0))
    assert (before, after) == (row["units"], 0)


def test_event_topics_are_the_hashes_of_their_names():
    hashing = pytest.importorskip("cointrail.world.evm.hashing")
    names = {
        "Frozen(address)": "frozen",
        "Released(address)": "released",
        "FrozenFundsDestroyed(address,uint256)": "destroyed",
    }
    assert {"0x" + hashing.keccak(name.encode()).hex(): event for name, event in names.items()} == _EVENTS
    assert "0x" + hashing.keccak(b"Approval(address,address,uint256)").hex() == APPROVAL_TOPIC


@pytest.mark.parametrize("ends", [(0, 0), (-1, 3)])
def test_ends_of_no_length_are_refused(ledger, ends):
    with pytest.raises(CointrailError, match="how many characters"):
        poisoning_transfers(ledger, first=ends[0], last=ends[1])
