"""Deposit addresses: measured against who holds what in glass_harbour, on both of its chains."""

from datetime import timedelta
from pathlib import Path

import pandas as pd
import pytest

from cointrail.errors import CointrailError
from cointrail.ledger import load_ledger, load_token_ledger
from cointrail.tracing import deposit_addresses, deposit_reuse, forwarders, transfer_consent

TRUTH = Path(__file__).parents[1] / "grading" / "truth" / "glass_harbour"


@pytest.fixture(scope="module")
def tokens():
    return load_token_ledger("glass_harbour")


@pytest.fixture(scope="module")
def coins():
    return load_ledger("glass_harbour")


@pytest.fixture(scope="module")
def accounts():
    return pd.read_parquet(TRUTH / "accounts.parquet").set_index("address")


@pytest.fixture(scope="module")
def holders():
    return pd.read_parquet(TRUTH / "addresses.parquet")


def hot_of(accounts, entity):
    return accounts[(accounts["entity"] == entity) & (accounts["role"] == "hot")].index.tolist()


@pytest.mark.parametrize(
    ("entity", "role", "kind"),
    [("northpier", "forwarder", "contract"), ("tallygate", "forwarder", "contract"), ("kestrel", "deposit", "key")],
)
def test_deposit_addresses_of_a_service_are_found_and_no_other(tokens, accounts, entity, role, kind):
    found = deposit_addresses(tokens, hot_of(accounts, entity))
    true = accounts[(accounts["entity"] == entity) & accounts["role"].str.match(rf"{role} \d")].index
    swept = set(true) & set(tokens.token_transfers.loc[tokens.token_transfers["value"] > 0, "from_address"])
    assert set(found["address"]) == swept and len(swept) > 30
    assert set(found["kind"]) == {kind}


def test_a_swappers_order_accounts_are_deposit_addresses_too(tokens, accounts):
    found = deposit_addresses(tokens, hot_of(accounts, "swaplark"))
    assert set(found["address"].map(accounts["entity"])) == {"swaplark"}
    assert set(accounts[accounts["role"].str.startswith("order")].index) <= set(found["address"])


def test_the_false_forwarder_goes_to_somebody_else(tokens, accounts):
    """A payment firm's contracts look like the exchange's: where everything goes tells them apart."""
    table = forwarders(tokens)
    contracts = table[table["kind"] == "contract"]
    assert set(contracts["address"].map(accounts["entity"])) == {"northpier", "tallygate"}
    assert (contracts["address"].map(accounts["entity"]) == contracts["to"].map(accounts["entity"])).all()
    assert contracts.groupby("maker")["to"].nunique().tolist() == [1, 1]


def test_accounts_that_share_a_deposit_address_belong_together(tokens, accounts):
    for entity in ("northpier", "kestrel"):
        table = deposit_reuse(tokens, hot_of(accounts, entity))
        assert table.groupby("group")["payer"].agg(lambda one: one.map(accounts["entity"]).nunique()).max() == 1
        assert (table.groupby("group").size() > 1).sum() >= 5


def test_the_merchants_of_a_payment_firm_join_strangers(tokens, accounts):
    """Why the service must be known: customers of one shop pay to one address and are not one person."""
    table = deposit_reuse(tokens, hot_of(accounts, "tallygate"))
    assert table.groupby("group").size().max() > 20


def test_gas_money_is_no_deposit(tokens, accounts):
    tank = accounts[(accounts["entity"] == "kestrel") & (accounts["role"] == "gas tank")].index[0]
    assert tank not in set(deposit_reuse(tokens, hot_of(accounts, "kestrel"))["payer"])


@pytest.mark.parametrize("entity", ["northpier", "kestrel", "cindermoor", "oddlight", "swaplark"])
def test_the_same_on_the_utxo_chain(coins, holders, entity):
    seen = set(coins.outputs["addresses"].explode())
    own = holders[(holders["entity"] == entity) & holders["address"].isin(seen)]
    table = deposit_addresses(coins, own.loc[own["wallet"] == "hot", "address"])
    true = set(own.loc[own["wallet"] == "deposits", "address"])
    swept = true & set(coins.inputs["addresses"].explode())
    assert len(set(table["address"]) & swept) >= 0.98 * len(swept) > 20
    # A firm that pays all its takings straight into the hot wallet looks the same, but is swept alone.
    together = set(table.loc[table["together"] > 0, "address"])
    assert together <= true and len(together) >= 0.95 * len(swept)


def test_within_leaves_out_those_that_once_waited_longer(coins, tokens, accounts, holders):
    front = holders[(holders["entity"] == "northpier") & (holders["wallet"] == "hot")]["address"]
    front = front[front.isin(set(coins.outputs["addresses"].explode()))]
    for ledger, hot, hours in ((coins, front, 24), (tokens, hot_of(accounts, "northpier"), 48)):
        everything, quick = (deposit_addresses(ledger, hot, within=one) for one in (None, timedelta(hours=hours)))
        assert 0 < len(quick) < len(everything) and set(quick["address"]) < set(everything["address"])


def test_deposits_are_counted_with_their_value(coins, holders):
    hot = holders[(holders["entity"] == "northpier") & (holders["wallet"] == "hot")]["address"]
    hot = hot[hot.isin(set(coins.outputs["addresses"].explode()))]
    row = deposit_addresses(coins, hot).iloc[0]
    paid = coins.outputs[[row["address"] in one for one in coins.outputs["addresses"]]]
    assert (row["deposits"], row["received"]) == (len(paid), paid["value"].sum())
    assert row["first"] <= row["last"]


def test_consent_of_every_transfer_is_that_of_its_purpose(tokens):
    purpose = pd.read_parquet(TRUTH / "token_transfers.parquet")["purpose"]
    consent, moved = transfer_consent(tokens), tokens.token_transfers["value"] > 0
    assert set(purpose[(consent == "nobody") & moved]) == {"poisoning, counterfeit", "destruction"}
    assert set(purpose[(consent == "nobody") & ~moved]) == {"poisoning, nothing moved"}
    assert set(purpose[consent == "allowed"]) == {"subscription"}


@pytest.mark.parametrize(
    ("hot", "sentence"),
    [([], "No hot address"), (["0x12"], "no address"), (["0x" + "1" * 40], "never saw")],
)
def test_a_hot_wallet_that_is_none_is_refused(tokens, hot, sentence):
    with pytest.raises(CointrailError, match=sentence):
        deposit_addresses(tokens, hot)


def test_only_a_ledger_can_be_asked():
    with pytest.raises(CointrailError, match="no ledger"):
        deposit_addresses("glass_harbour", ["0x" + "1" * 40])
