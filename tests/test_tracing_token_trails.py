"""Trails of tokens: the route of every docket is followed to its stop, and nothing is lost or counted twice."""

from pathlib import Path

import pandas as pd
import pytest

from cointrail.errors import CointrailError
from cointrail.ledger import load_token_ledger
from cointrail.tracing import trace_tokens

TRUTH = Path(__file__).parents[1] / "grading" / "truth" / "glass_harbour"


@pytest.fixture(scope="module")
def ledger():
    return load_token_ledger("glass_harbour")


@pytest.fixture(scope="module")
def routes():
    return pd.read_parquet(TRUTH / "token_routes.parquet")


@pytest.fixture(scope="module")
def services():
    accounts = pd.read_parquet(TRUTH / "accounts.parquet")
    return accounts.loc[accounts["role"].str.match("desk|till|hot|issuer|forwarder|deposit"), "address"].tolist()


@pytest.mark.parametrize("docket", "ABCDEFGHIJKLMNOPQRSTUVWX")
def test_the_four_hops_of_each_docket_end_at_its_broker(ledger, routes, services, docket):
    own = routes[routes["docket"] == docket].set_index("step")["transaction_hash"]
    tree = trace_tokens(ledger, own[1], stop=services)
    by_hop = tree.set_index("txid")["hop"].to_dict()
    assert [by_hop[own[step]] for step in (1, 2, 3, 4)] == [0, 1, 2, 3]
    assert tree.loc[tree["txid"] == own[4], "reason"].tolist() == ["service"]


def test_nothing_is_lost_and_nothing_is_counted_twice(ledger, services):
    real = ledger.token_transfers[ledger.token_transfers["value"] > 0]
    for move in real.iloc[::400].itertuples():
        tree = trace_tokens(ledger, f"{move.transaction_hash}:{move.log_index}", stop=services, max_hops=8)
        assert sum(tree["rest"]) == move.value
        assert (
            tree.groupby(["txid", "log_index"])["followed"].sum()
            <= tree.groupby(["txid", "log_index"])["units"].first()
        ).all()
        assert (tree.loc[tree["reason"] == "", "rest"] == 0).all()


def test_a_branch_never_goes_past_a_service(ledger, routes, services):
    first = routes[(routes["docket"] == "A") & (routes["step"] == 1)]["transaction_hash"].iloc[0]
    tree = trace_tokens(ledger, first, stop=services, max_hops=9)
    assert not set(tree["from_address"].iloc[1:]) & set(services)
    free = trace_tokens(ledger, first, max_hops=9)
    assert len(free) > len(tree)


def test_limits_are_named_as_reasons(ledger, routes):
    first = routes[(routes["docket"] == "A") & (routes["step"] == 1)]["transaction_hash"].iloc[0]
    assert trace_tokens(ledger, first, max_hops=0)["reason"].tolist() == ["hop limit"]
    assert trace_tokens(ledger, first, least=10**30)["reason"].tolist() == ["small"]
    assert trace_tokens(ledger, first, widest=0)["reason"].tolist() == ["too wide"]
    assert trace_tokens(ledger, first, within=pd.Timedelta(minutes=1))["reason"].tolist() == ["too late"]


def test_a_trail_follows_one_contract_and_not_one_symbol(ledger, routes, services):
    for docket in "ADGJ":
        first = routes[(routes["docket"] == docket) & (routes["step"] == 1)]["transaction_hash"].iloc[0]
        tree = trace_tokens(ledger, first, stop=services)
        moves = ledger.token_transfers.merge(
            tree, left_on=["transaction_hash", "log_index"], right_on=["txid", "log_index"]
        )
        assert moves["token_address"].nunique() == 1


def test_what_is_no_transfer_is_refused(ledger):
    nothing = ledger.token_transfers[ledger.token_transfers["value"] == 0].iloc[0]
    several = ledger.token_transfers["transaction_hash"].value_counts().index[0]
    plain = ledger.transactions.loc[
        ~ledger.transactions["hash"].isin(ledger.token_transfers["transaction_hash"]), "hash"
    ]
    for start, sentence in (
        (f"{nothing['transaction_hash']}:{nothing['log_index']}", "moved nothing"),
        (several, "token transfers, not one"),
        (plain.iloc[0], "names 0 token transfers"),
        ("0x12", "not a transaction hash"),
        (None, "not a transaction hash"),
    ):
        with pytest.raises(CointrailError, match=sentence):
            trace_tokens(ledger, start)
