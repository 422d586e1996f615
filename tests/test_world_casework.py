"""Has every docket what its exhibits need on the chain: purchases, savings, a PayJoin, a forwarder, a mixer visit?"""

import pandas as pd
import pytest

from cointrail.ledger import load_ledger, read_blocks
from cointrail.ledger.addresses import address_of
from cointrail.ledger.block import parse_block
from cointrail.ledger.transaction import parse_transaction
from cointrail.world.files import WorldFiles
from cointrail.world.judge import judge

NAME = "glass_harbour"
LETTERS = [chr(ord("A") + number) for number in range(24)]


@pytest.fixture(scope="module")
def ledger():
    return load_ledger(NAME)


@pytest.fixture(scope="module")
def files():
    return WorldFiles(NAME)


@pytest.fixture(scope="module")
def marks(files):
    return files.truth_table("landmarks")


@pytest.fixture(scope="module")
def vendors(files):
    return files.truth_table("vendors").set_index("docket")


@pytest.fixture(scope="module")
def spender(ledger):
    """Which transaction spends an output."""
    keys = zip(ledger.inputs["spent_transaction_hash"], ledger.inputs["spent_output_index"], strict=True)
    return dict(zip(keys, ledger.inputs["transaction_hash"], strict=True))


@pytest.fixture(scope="module")
def owner(files):
    return files.truth_table("outputs").set_index(["transaction_hash", "index"])["entity"]


@pytest.mark.parametrize(
    ("kind", "least"),
    [
        ("market test purchase", 1),
        ("direct test purchase", 1),
        ("savings of the co-owner", 1),
        ("payjoin", 1),
        ("false forwarder", 1),
        ("payment to impersonator", 2),
    ],
)
def test_every_docket_has_its_landmarks(marks, kind, least):
    counts = marks[marks["kind"] == kind].groupby("docket").size()
    assert list(counts.index) == LETTERS and counts.eq(least).all()


def test_an_officer_buys_once_through_the_market_and_once_directly(files):
    orders = files.truth_table("orders")
    for letter in LETTERS:
        mine = orders[orders["buyer"] == f"officer_{letter.lower()}"]
        assert set(mine["docket"]) == {letter} and sorted(mine["channel"]) == ["direct", "market"], letter


def test_the_officers_deposit_goes_into_the_pool_with_those_of_strangers(marks, ledger, files, spender, owner):
    """The buyer's trail ends in a sweep to the hot wallet; the vendor is paid with other coins."""
    purposes = files.truth_table("transactions").set_index("hash")["purpose"]
    for row in marks[marks["kind"] == "market test purchase"].itertuples():
        assert owner[row.transaction_hash, row.index] == "quayside"
        sweep = spender[row.transaction_hash, row.index]
        assert purposes[sweep] == "quayside sweep", row.docket
        assert (ledger.inputs["transaction_hash"] == sweep).sum() >= 3, row.docket


def test_the_direct_test_purchase_pays_the_listed_address(marks, vendors):
    for row in marks[marks["kind"] == "direct test purchase"].itertuples():
        assert row.address == vendors.loc[row.docket, "listed_address"]


def test_the_co_owners_savings_are_bought_coins_and_lie_on_the_device(marks, files, ledger, spender):
    book = files.truth_table("custodian_book")
    held = files.truth_table("addresses").set_index("address")
    for row in marks[marks["kind"] == "savings of the co-owner"].itertuples():
        assert held.loc[row.address, "wallet"] == "stash"
        assert (row.transaction_hash, row.index) not in spender, row.docket
        mine = book[book["customer"] == row.entity]
        assert set(mine["kind"]) == {"bought", "withdrawal"} and set(mine["custodian"]) == {"northpier"}
        spent = ledger.inputs[ledger.inputs["transaction_hash"] == row.transaction_hash]["addresses"].str[0]
        assert set(held.loc[spent, "entity"]) == {row.entity}


def test_a_payjoin_joins_the_vendor_and_a_shop(marks, files, ledger, vendors, owner):
    routes = files.truth_table("routes")
    for row in marks[marks["kind"] == "payjoin"].itertuples():
        inputs = ledger.inputs[ledger.inputs["transaction_hash"] == row.transaction_hash]
        keys = zip(inputs["spent_transaction_hash"], inputs["spent_output_index"], strict=True)
        assert {owner[key] for key in keys} == {row.entity, vendors.loc[row.docket, "vendor"]}
        assert inputs["type"].nunique() == 1, "two types would give the trap away"
        assert row.transaction_hash in set(routes[routes["route"] == "payjoin"]["transaction_hash"])


def test_the_forwarder_pays_into_northpiers_hot_wallet_and_is_not_northpier(marks, ledger, files, spender, owner):
    held = files.truth_table("addresses").set_index("address")
    for row in marks[marks["kind"] == "false forwarder"].itertuples():
        assert owner[row.transaction_hash, row.index] == "sixpence_desk"
        paid = ledger.outputs[ledger.outputs["transaction_hash"] == spender[row.transaction_hash, row.index]]
        (address,) = paid["addresses"].str[0]
        assert tuple(held.loc[address]) == ("northpier", "hot")


def test_the_impersonator_has_one_address_for_each_docket(marks):
    fakes = marks[marks["kind"] == "payment to impersonator"]
    assert fakes.groupby("docket")["address"].nunique().eq(1).all() and fakes["address"].nunique() == 24


def test_every_vendor_uses_mixer_swapper_and_two_deposit_addresses_at_northpier(files, ledger, vendors):
    book, crossings = files.truth_table("custodian_book"), files.truth_table("crossings")
    address = ledger.outputs.set_index(["transaction_hash", "index"])["addresses"].str[0]
    for letter, vendor in vendors["vendor"].items():
        mine = book[(book["customer"] == vendor) & (book["kind"] == "deposit")]
        assert (mine["custodian"] == "drizzle").any(), letter
        keys = mine[mine["custodian"] == "northpier"][["transaction_hash", "index"]]
        assert address.reindex(pd.MultiIndex.from_frame(keys)).nunique() >= 2, letter
        assert ((crossings["entity"] == vendor) & (crossings["direction"] == "out")).any(), letter


def test_the_consolidation_ends_at_northpier_in_the_vendors_own_name(files, vendors):
    routes, book = files.truth_table("routes"), files.truth_table("custodian_book")
    for letter, vendor in vendors["vendor"].items():
        mine = routes[(routes["docket"] == letter) & (routes["route"] == "consolidation")].sort_values("step")
        paid_in = book[book["transaction_hash"] == mine["transaction_hash"].iloc[-1]]
        assert set(zip(paid_in["custodian"], paid_in["customer"], strict=True)) == {("northpier", vendor)}, letter


def test_peel_chains_are_of_a_length_to_follow_and_some_steps_carry_dust(files):
    routes, purposes = files.truth_table("routes"), files.truth_table("transactions").set_index("hash")["purpose"]
    steps = routes[(routes["route"] == "peel chain") & (routes["step"] > 1)]
    counts = steps.groupby("docket").size()
    assert list(counts.index) == LETTERS and counts.between(6, 14).all()
    assert 0.12 < (purposes[steps["transaction_hash"]] == "peel, dust").mean() < 0.28


def test_hosting_is_paid_once_straight_from_an_exchange(files, vendors, owner):
    book = files.truth_table("custodian_book")
    paid = book[(book["kind"] == "withdrawal") & (book["custodian"] == "northpier")]
    to_hosting = owner.reindex(pd.MultiIndex.from_frame(paid[["transaction_hash", "index"]])) == "pilotbyte_hosting"
    assert set(vendors["vendor"]) == set(paid[to_hosting.to_numpy()]["customer"])


# What was seen and did not stay


def test_a_replaced_payment_spends_the_same_coins_and_pays_the_same_address(files, ledger, vendors):
    """The first is signed and valid: in its block instead of the second, the kernel would take it."""
    table, known = files.truth_table("replaced"), set(ledger.transactions["hash"])
    assert list(table["docket"]) == LETTERS
    for row in table.itertuples():
        first = parse_transaction(bytes.fromhex(row.raw))
        assert first.txid == row.first_hash not in known and row.final_hash in known
        final = ledger.inputs[ledger.inputs["transaction_hash"] == row.final_hash]
        spent = set(zip(final["spent_transaction_hash"], final["spent_output_index"], strict=True))
        assert {(txin.txid[::-1].hex(), txin.vout) for txin in first.inputs} == spent
        assert all(txin.sequence < 0xFFFFFFFE for txin in first.inputs), "BIP125: it must signal"
        assert row.final_fee >= row.first_fee + 1 and row.replaced > row.seen
        listed = vendors.loc[row.docket, "listed_address"]
        amounts = [out.value for out in first.outputs if address_of(out.script) == listed]
        paid = ledger.outputs[ledger.outputs["transaction_hash"] == row.final_hash]
        assert amounts == list(paid[paid["addresses"].str[0] == listed]["value"])


def test_the_stale_block_is_valid_on_its_parent_and_not_in_the_chain(files, ledger):
    (row,) = files.truth_table("stale_blocks").itertuples()
    blocks = read_blocks(files.folder / "btc" / "blocks.dat")
    stale = bytes.fromhex(row.raw)
    assert parse_block(stale).hash == row.hash not in set(ledger.blocks["hash"])
    assert judge([*blocks[: row.height - 1], stale]).connected == row.height
    main = ledger.blocks.set_index("number").loc[row.height]
    assert main["hash"] == row.main_hash
    parsed = {transaction.txid for transaction in parse_block(stale).transactions}
    assert not parsed & set(row.left_out)
    there = ledger.transactions[ledger.transactions["hash"].isin(row.left_out)]
    assert list(there["block_number"]) == [row.height] * len(row.left_out) != []


def test_every_vendor_takes_part_in_a_coinjoin_round(files):
    routes, purposes = files.truth_table("routes"), files.truth_table("transactions").set_index("hash")["purpose"]
    mine = routes[routes["route"] == "coinjoin"]
    rounds = mine[(purposes[mine["transaction_hash"]] == "coinjoin whirlpool").to_numpy()]
    assert list(rounds.groupby("docket").size().index) == LETTERS
