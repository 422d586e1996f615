"""Is primer the world the lessons were written for: two dockets of one shape, every trap in its place?"""

import json
from decimal import Decimal

import pandas as pd
import pytest

from cointrail.ledger import data_folder, load_ledger
from cointrail.tracing import balance_at, fee, first_and_last_seen, total_received, unspent_outputs
from cointrail.world.files import WorldFiles, truth_folder
from cointrail.world.primer.calendar import block_times, header_times
from cointrail.world.primer.plans import PLANS


@pytest.fixture(scope="module")
def ledger():
    return load_ledger("primer")


@pytest.fixture(scope="module", params=["A", "B"])
def facts(request):
    return json.loads((truth_folder() / "primer" / "dockets" / f"{request.param}.json").read_text())


def exhibit(facts, name):
    path = data_folder() / "primer" / "dockets" / facts["docket"] / "exhibits" / name
    return pd.read_csv(path, comment="#", dtype=str) if name.endswith(".csv") else path.read_text()


def test_fees_are_those_the_tracing_room_finds(ledger, facts):
    assert [fee(ledger, row["txid"]) for row in facts["fee_review"]] == [row["fee"] for row in facts["fee_review"]]
    assert len({row["fee"] for row in facts["fee_review"]}) == 5


def test_the_fee_review_has_five_shapes(ledger, facts):
    shapes = {row["note"]: ledger.transaction(row["txid"]) for row in facts["fee_review"]}
    assert shapes["a service collects coins"]["output_count"] == 1
    assert shapes["a shop pays in its takings"]["input_count"] >= 3
    assert shapes["an exchange pays its customers"]["output_count"] >= 4
    assert shapes["a pool pays its members"]["output_count"] >= 4
    assert set(exhibit(facts, "E02_fee_review.csv")["txid"]) == {row["txid"] for row in facts["fee_review"]}


def test_taking_change_for_fee_is_a_different_number(facts):
    wrong = [row["input_value"] - row["paid_to_others"] != row["fee"] for row in facts["fee_review"]]
    assert sum(wrong) >= 3


def test_the_slip_is_payment_and_fee_and_change_comes_back(ledger, facts):
    payment = facts["payment"]
    outputs = ledger.outputs_of(payment["txid"])
    assert outputs["value"].iloc[payment["paid_vout"]] == payment["paid"]
    assert outputs["addresses"].iloc[payment["paid_vout"]] == [facts["listed_address"]]
    assert payment["total_debited"] == payment["paid"] + payment["fee"]
    assert f"{payment['total_debited']:,} sat" in exhibit(facts, "E01_payment_slip.txt")
    change = outputs.drop(outputs.index[payment["paid_vout"]]).iloc[0]
    assert change["value"] == payment["change"]
    seen = ledger.outputs["addresses"].map(lambda held: held == change["addresses"])
    assert seen.sum() == 1


def test_the_smaller_output_is_the_change_only_in_one_docket():
    folder = truth_folder() / "primer" / "dockets"
    payments = {name: json.loads((folder / f"{name}.json").read_text())["payment"] for name in "AB"}
    assert payments["A"]["change"] > payments["A"]["paid"]
    assert payments["B"]["change"] < payments["B"]["paid"]
    assert payments["A"]["paid_vout"] != payments["B"]["paid_vout"]


def test_unspent_coins_are_those_the_tracing_room_finds(ledger, facts):
    rows = exhibit(facts, "E03_wallet_file.csv")
    assert 8 <= len(rows) <= 10 and 3 <= len(facts["unspent"]) <= 5
    unspent = set(unspent_outputs(ledger)["outpoint"])
    assert sorted(outpoint for outpoint in rows["outpoint"] if outpoint in unspent) == facts["unspent"]


def test_the_sales_list_has_ten_confirmed_sales_and_one_that_never_was(ledger, facts):
    rows = exhibit(facts, "E04_sales.csv").set_index("sale")
    assert list(rows.columns) == ["txid", "local_time", "claimed", "status"] and len(rows) == 11
    assert rows["local_time"].is_monotonic_increasing
    known = set(ledger.transactions["hash"])
    assert set(rows.index[~rows["txid"].isin(known)]) == {facts["pending_sale"]["sale"]}
    assert facts["pending_sale"]["sale"] not in (rows.index[0], rows.index[-1])
    for sale in facts["sales"]:
        output = ledger.outputs_of(sale["txid"]).iloc[sale["vout"]]
        assert output["addresses"] == [facts["listed_address"]]
        assert output["value"] == sale["value"] == int(rows.loc[sale["sale"], "claimed"])


def test_days_differ_between_the_clocks_as_planned(ledger, facts):
    rows = exhibit(facts, "E04_sales.csv").set_index("sale")
    times = ledger.transactions.set_index("hash")["block_timestamp"]
    local = [sale for sale in facts["sales"] if sale["local_day"] != sale["utc_day"]]
    assert len(local) >= 3
    assert any(sale["seen_utc_day"] != sale["utc_day"] for sale in facts["sales"])
    for sale in facts["sales"]:
        confirmed, seen = times[sale["txid"]], pd.Timestamp(rows.loc[sale["sale"], "local_time"])
        assert str(confirmed.date()) == sale["utc_day"]
        # Who reads the list by its local date gets the local day of the block, never a third answer.
        assert str(seen.date()) == sale["local_day"]
        assert confirmed.tz_localize(None) > seen - pd.Timedelta(hours=7)


def test_proceeds_follow_from_ledger_and_price_list(ledger, facts):
    prices = pd.read_csv(data_folder() / "primer/prices.csv", comment="#", dtype=str).set_index("date")["price"]
    total = Decimal(0)
    for sale in facts["sales"]:
        day = str(ledger.transaction(sale["txid"])["block_timestamp"].date())
        total += (sale["value"] * Decimal(prices[day]) / 10**8).quantize(Decimal("0.01"), "ROUND_HALF_UP")
    assert str(total) == facts["proceeds"]


def test_every_mistake_gives_a_total_of_its_own(facts):
    totals = [facts["proceeds"], *facts["mistakes"].values()]
    assert {"M05", "M09", "M10", "M12"} <= set(facts["mistakes"])
    assert len(set(totals)) == len(totals)


def test_balances_are_those_the_tracing_room_finds(ledger, facts):
    address, report = facts["listed_address"], facts["report_height"]
    assert balance_at(ledger, address, report) == facts["balance_at_report"]
    assert balance_at(ledger, address, ledger.tip) == facts["balance_at_tip"]
    assert total_received(ledger, address, height=report) == facts["received_at_report"]
    assert total_received(ledger, address) == facts["received_at_tip"]
    numbers = [facts[name] for name in ("balance_at_report", "balance_at_tip", "received_at_report", "received_at_tip")]
    assert len(set(numbers)) == 4 and report < ledger.tip


def test_first_and_last_seen_are_those_the_tracing_room_finds(ledger, facts):
    seen = [{"txid": seen.txid, "height": seen.height} for seen in first_and_last_seen(ledger, facts["listed_address"])]
    assert seen == [facts["first_seen"], facts["last_seen"]]


def test_the_listing_shows_the_address(facts):
    assert facts["listed_address"] in exhibit(facts, "E06_listing.txt")


def test_dockets_differ_in_every_number():
    folder = truth_folder() / "primer" / "dockets"
    first, second = (json.loads((folder / f"{name}.json").read_text()) for name in "AB")
    for name in ("proceeds", "balance_at_report", "received_at_report", "balance_at_tip", "payment", "unspent"):
        assert first[name] != second[name]
    fees = [{row["fee"] for row in facts["fee_review"]} for facts in (first, second)]
    assert not fees[0] & fees[1]


def test_a_few_blocks_run_backwards_in_time(ledger, facts):
    times = ledger.blocks["timestamp"].to_numpy()
    backward = [int(n) for n, early in zip(ledger.blocks["number"][1:], times[1:] < times[:-1], strict=True) if early]
    assert backward == facts["backward_blocks"] and 2 <= len(backward) <= 6
    assert not set(backward) & {sale["height"] for sale in facts["sales"]}


def test_header_times_leave_the_kept_heights_alone():
    seed = bytes(16)
    times = block_times(seed)
    assert header_times(times, seed=seed, keep=set(range(len(times) + 1))) == times
    stated = header_times(times, seed=seed, keep=set())
    assert 0 < sum(early != time for early, time in zip(stated, times, strict=True)) <= 4


def test_all_five_script_types_are_spent_and_one_output_carries_text(ledger):
    assert set(ledger.inputs["type"]) == {
        "pubkeyhash",
        "scripthash",
        "witness_v0_keyhash",
        "witness_v0_scripthash",
        "witness_v1_taproot",
    }
    assert ledger.inputs["type"].value_counts().min() >= 5
    payments = ledger.transactions["hash"][~ledger.transactions["is_coinbase"]]
    texts = ledger.outputs[(ledger.outputs["type"] == "nulldata") & ledger.outputs["transaction_hash"].isin(payments)]
    assert len(texts) == 1


def test_a_person_can_read_it_all(ledger):
    payments = (~ledger.transactions["is_coinbase"]).sum()
    assert 150 <= payments <= 250
    truth = WorldFiles("primer").truth_table("outputs")
    assert 12 <= truth["entity"].nunique() <= 25


def test_the_truth_is_complete(ledger):
    files = WorldFiles("primer")
    outputs = files.truth_table("outputs")
    assert len(outputs) == len(ledger.outputs) and outputs["entity"].ne("").all()
    held = outputs["entity"] != "none"
    assert (held.to_numpy() == ledger.outputs["type"].ne("nulldata").to_numpy()).all()
    holder = files.truth_table("addresses").set_index("address")["entity"]
    addresses = ledger.outputs["addresses"][held.to_numpy()].str[0]
    assert (holder[addresses].to_numpy() == outputs["entity"][held].to_numpy()).all()


def test_change_in_the_truth_belongs_to_the_payer(ledger):
    truth = WorldFiles("primer").truth_table("outputs").set_index(["transaction_hash", "index"])
    for txid, index in truth.index[truth["is_change"]]:
        spent = ledger.inputs_of(txid)
        payers = set(truth["entity"][zip(spent["spent_transaction_hash"], spent["spent_output_index"], strict=True)])
        assert payers == {truth["entity"][txid, index]}


def test_the_custodians_book_agrees_with_the_ledger(ledger):
    book = WorldFiles("primer").truth_table("custodian_book")
    assert set(book["kind"]) == {"deposit", "withdrawal"}
    for row in book.itertuples():
        assert ledger.outputs_of(row.transaction_hash)["value"].iloc[row.index] == row.value


def test_sources_are_the_confirmed_sales():
    sources = WorldFiles("primer").truth_table("sources")
    assert sources.groupby("docket").size().to_dict() == {"A": 10, "B": 10}


def test_plans_are_of_one_shape():
    assert [len(plan.days) for plan in PLANS] == [10, 10]
    assert [len(plan.night) for plan in PLANS] == [4, 4]
    assert all(not set(plan.night) & {plan.early} for plan in PLANS)
