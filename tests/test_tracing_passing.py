"""Is a deposit address told from somebody who passes everything on, and does a payment's list fit a request?"""

import pytest

from cointrail.errors import CointrailError
from cointrail.evidence import check_request, preservation_request
from cointrail.ledger import load_ledger
from cointrail.tracing import cluster_of, passing_on, payments_to, seed_cluster
from cointrail.tracing.deposits import deposit_addresses


@pytest.fixture(scope="module")
def ledger():
    return load_ledger("glass_harbour")


@pytest.fixture(scope="module")
def hot(ledger):
    """The address that gets most sweeps: a service's hot wallet."""
    single = ledger.transactions.query("output_count == 1 and input_count > 9")["hash"]
    return ledger.outputs[ledger.outputs["transaction_hash"].isin(set(single))]["addresses"].str[0].mode()[0]


def test_it_agrees_with_the_search_for_deposit_addresses(ledger, hot):
    known = set(deposit_addresses(ledger, [hot])["address"])
    sample = sorted(known)[:40]
    table = passing_on(ledger, sample, hot=[hot])
    assert (table["departures"] == table["to_hot"]).all()
    others = [one for one in ledger.outputs["addresses"].str[0].dropna().unique()[:300] if one not in known]
    table = passing_on(ledger, others, hot=[hot])
    assert not ((table["departures"] > 0) & (table["departures"] == table["to_hot"])).any()


def test_the_counts_are_those_of_a_slow_count(ledger, hot):
    address = sorted(deposit_addresses(ledger, [hot])["address"])[0]
    spends = ledger.inputs[ledger.inputs["addresses"].str[0] == address]["transaction_hash"]
    row = passing_on(ledger, [address], hot=[hot]).iloc[0]
    assert row["arrivals"] == (ledger.outputs["addresses"].str[0] == address).sum()
    assert row["departures"] == spends.nunique()
    most = max(len({one[0] for one in ledger.inputs_of(txid)["addresses"]}) for txid in set(spends))
    assert row["together_with"] == most - 1


def test_every_way_of_leaving_is_counted_once(ledger, hot):
    table = passing_on(ledger, ledger.outputs["addresses"].str[0].dropna().unique()[:500], hot=[hot])
    assert (table["to_hot"] + table["to_deposit"] + table["elsewhere"] == table["departures"]).all()


def test_payments_fit_a_request_that_is_not_sent_back(ledger, hot):
    address = sorted(deposit_addresses(ledger, [hot])["address"])[0]
    payments = payments_to(ledger, [address])
    assert payments["amount"].sum() == ledger.outputs.loc[ledger.outputs["addresses"].str[0] == address, "value"].sum()
    request = preservation_request(
        to="Desk",
        sender="Unit",
        reference="1",
        legal_basis="section 14",
        purpose="to ask later",
        reply_by="2026-11-20T12:00:00Z",
        payments=payments.to_dict("records"),
    )
    assert check_request(request, ledger=ledger) == []


def test_a_missing_hot_wallet_and_a_strange_address_get_a_sentence(ledger, hot):
    with pytest.raises(CointrailError, match="No hot address"):
        passing_on(ledger, [hot], hot=[])
    with pytest.raises(CointrailError):
        passing_on(ledger, ["bcrt1qzyg3zyg3zyg3zyg3zyg3zyg3zyg3zyg3lgth6c"], hot=[hot])


def test_seeds_of_one_cluster_are_that_cluster_and_of_two_are_both(ledger):
    one, two = ledger.inputs["addresses"].str[0].dropna().unique()[[0, -1]]
    first, second = cluster_of(ledger, one), cluster_of(ledger, two)
    assert seed_cluster(ledger, [one]) == seed_cluster(ledger, first) == first
    assert set(seed_cluster(ledger, [one, two])) == set(first) | set(second)
    with pytest.raises(CointrailError, match="no seed"):
        seed_cluster(ledger, [])
