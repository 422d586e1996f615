"""Balances and histories of accounts: against a plain replay of the chain, and what a reader must not mistake."""

from decimal import Decimal
from pathlib import Path

import pandas as pd
import pytest

from cointrail.errors import CointrailError
from cointrail.ledger import load_token_ledger
from cointrail.tracing import (
    account_address,
    account_history,
    account_kind,
    as_amount,
    coin_balance,
    holders,
    show_address,
    token_balance,
    token_balances,
    token_contract,
)

TRUTH = Path(__file__).parents[1] / "grading" / "truth" / "glass_harbour"


@pytest.fixture(scope="module")
def ledger():
    return load_token_ledger("glass_harbour")


@pytest.fixture(scope="module")
def accounts():
    return pd.read_parquet(TRUTH / "accounts.parquet")


@pytest.fixture(scope="module")
def arvd(ledger):
    return ledger.tokens.loc[ledger.tokens["symbol"] == "ARVD", "address"].iloc[0]


def test_coins_of_every_account_are_those_of_the_plain_replay(ledger, accounts):
    held = ledger.coin_balances()
    some = accounts["address"].iloc[::25]
    assert {one: coin_balance(ledger, one) for one in some} == {one: held.get(one, 0) for one in some}


@pytest.mark.parametrize("place", range(0, 1_000, 97))
def test_in_less_out_with_fees_is_the_balance_of_each_asset(ledger, accounts, place):
    address = accounts["address"].iloc[place]
    history = account_history(ledger, address, fees=True)
    for token in ("", *ledger.tokens["address"]):
        moved = history[history["moved"] & (history["token"] == token)]
        total = sum(moved.loc[moved["way"] == "in", "units"]) - sum(moved.loc[moved["way"] == "out", "units"])
        assert total == (token_balance(ledger, address, token) if token else coin_balance(ledger, address))


def test_a_balance_at_a_block_counts_that_block_and_none_later(ledger, arvd):
    first = ledger.token_transfers.iloc[0]
    before, after = (token_balance(ledger, first["to_address"], arvd, first["block_number"] - n) for n in (1, 0))
    assert (before, after) == (0, first["value"])


def test_balances_of_all_holders_add_up_to_the_supply(ledger):
    for token in ledger.tokens.itertuples():
        held = holders(ledger, token.address)
        assert sum(held) == token.total_supply and all(value > 0 for value in held)


def test_a_token_of_18_decimals_stays_exact(ledger):
    address = holders(ledger, "HBC").index[0]
    row = token_balances(ledger, address).set_index("symbol").loc["HBC"]
    assert isinstance(row["units"], int) and row["amount"] * 10**18 == row["units"]


def test_decimals_are_shown_exactly():
    assert as_amount(10**38 + 1, 18) == Decimal("100000000000000000000.000000000000000001")
    assert as_amount(2**256 - 1, 6) * 10**6 != 0 and as_amount(0, 6) == 0


def test_a_symbol_of_two_contracts_is_not_told_apart_for_the_reader(ledger):
    with pytest.raises(CointrailError, match=r"2 contracts call themselves ARVD.*proves nothing"):
        token_balance(ledger, "0x" + "1" * 40, "ARVD")
    assert token_contract(ledger, "HBC") == token_contract(ledger, show_address(token_contract(ledger, "HBC")))


@pytest.mark.parametrize("token", ["USDX", "", "0x" + "1" * 40, None, 6])
def test_an_unknown_token_is_refused(ledger, token):
    with pytest.raises(CointrailError):
        token_contract(ledger, token)


@pytest.mark.parametrize("text", ["0x12", "bcrt1qzyg3zyg3zyg3zyg3zyg3zyg3zyg3zyg3lgth6c", "", None, "0x" + "g" * 40])
def test_what_is_no_account_address_is_refused(text):
    with pytest.raises(CointrailError, match="no address of an account chain"):
        account_address(text)


def test_a_height_beyond_the_last_block_is_refused(ledger):
    for ask in (token_balances, coin_balance):
        with pytest.raises(CointrailError, match="cannot say anything about height"):
            ask(ledger, "0x" + "1" * 40, ledger.tip + 1)
    with pytest.raises(CointrailError):
        account_history(ledger, "0x" + "1" * 40, height=-1)


def test_failed_transactions_moved_nothing_and_are_shown_with_what_they_asked_for(ledger):
    failed = ledger.transactions[(ledger.receipts["status"] == 0).to_numpy()]
    asked = failed[failed["input"].str.startswith("0xa9059cbb")].iloc[0]
    rows = account_history(ledger, asked["from_address"])
    row = rows[(rows["txid"] == asked["hash"]) & (rows["kind"] == "failed")].iloc[0]
    assert not row["moved"] and row["units"] == int(asked["input"][74:], 16) and row["token"] == asked["to_address"]
    assert len(rows[rows["txid"] == asked["hash"]]) == 1


def test_an_approval_is_no_transfer(ledger):
    approved = ledger.transactions[ledger.transactions["input"].str.startswith("0x095ea7b3")].iloc[0]
    rows = account_history(ledger, approved["from_address"])
    row = rows[rows["txid"] == approved["hash"]].iloc[0]
    assert (row["kind"], row["way"], row["moved"]) == ("approval", "out", False)
    assert row["other"] == "0x" + approved["input"][34:74]


def test_internal_payments_are_seen_though_no_transaction_names_the_payee(ledger):
    wages = pd.read_parquet(TRUTH / "token_transactions.parquet").query("purpose == 'wages'")["hash"]
    inner = ledger.traces[ledger.traces["transaction_hash"].isin(wages) & (ledger.traces["trace_address"] == "0")]
    inner = inner[(inner["value"] > 0) & (inner["status"] == 1)].iloc[0]
    rows = account_history(ledger, inner["to_address"])
    row = rows[(rows["txid"] == inner["transaction_hash"]) & (rows["way"] == "in")].iloc[0]
    assert (row["kind"], row["units"]) == ("internal", inner["value"])
    assert inner["to_address"] not in set(ledger.transaction(inner["transaction_hash"])[["from_address", "to_address"]])


def test_a_transfer_of_nothing_has_not_moved(ledger):
    nothing = ledger.token_transfers[ledger.token_transfers["value"] == 0].iloc[0]
    rows = account_history(ledger, nothing["from_address"])
    row = rows[(rows["txid"] == nothing["transaction_hash"]) & (rows["kind"] == "token transfer")].iloc[0]
    assert (row["way"], row["moved"], row["units"]) == ("out", False, 0)


def test_the_history_is_in_the_order_of_the_chain(ledger, accounts):
    rows = account_history(ledger, accounts["address"].iloc[1])
    assert rows["height"].is_monotonic_increasing and rows["timestamp"].dt.tz is not None


def test_kinds_of_accounts_are_those_of_the_truth(ledger, accounts):
    some = accounts.iloc[::20]
    seen = {one.address: account_kind(ledger, one.address) for one in some.itertuples()}
    wrong = [one.address for one in some.itertuples() if seen[one.address] not in (one.kind, "nothing seen")]
    assert wrong == [] and "contract" in seen.values() and "key" in seen.values()
