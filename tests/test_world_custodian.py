"""Do custodians keep pooled coins and an honest book, and do wallets and streams follow their rules?"""

import pytest

from cointrail.errors import CointrailError
from cointrail.world.economy import Economy
from cointrail.world.glass_harbour.calendar import Calendar
from cointrail.world.glass_harbour.custodian import Custodian, Policy
from cointrail.world.glass_harbour.town import Town
from cointrail.world.streams import Stream
from cointrail.world.wallets import Coin, WalletStyle

START = 1_770_000_000 // 86_400 * 86_400
BTC = 100_000_000


@pytest.fixture
def town():
    """A town with a block every ten minutes, a fixed price and fee, and a miner who pays the house and a customer."""
    blocks = [START + 600 * number for number in range(1, 200)]
    hours = 24 * 3
    town = Town(bytes(16), Calendar(START, blocks, [2_000_000] * hours, [5] * hours, {}))
    town.miner = town.wallet("miner", "daily", "full_node")
    town.house = Custodian(town, Policy("house_of_tests", batch=2, hot_float=(0, 1_000)))
    town.ada = town.wallet("ada", "daily", "light_phone")

    def fund():
        lock = town.house.hot.receive()
        outputs = [(lock.script, 20 * BTC), (town.ada.receive().script, 2 * BTC)]
        town.pay(town.miner, outputs, purpose="opening")

    town.at(blocks[101] - 60, fund)
    return town


def live(town, *events):
    """Run to the end; events are (block, action)."""
    for block, act in events:
        town.at(town.calendar.blocks[block] - 60, act)
    town.economy.run([], block_times=town.calendar.blocks, miner=town.miner.receive())
    return [payment for block in town.economy.confirmed for payment in block]


def test_a_deposit_is_credited_at_the_customers_own_address(town):
    seen = []
    live(
        town,
        (104, lambda: town.house.deposit("ada", town.ada, BTC // 4, purpose="deposit")),
        (106, lambda: town.house.deposit("ada", town.ada, BTC // 4, purpose="deposit")),
        (108, lambda: seen.append(town.house.account("ada"))),
    )
    assert town.house.balances["ada"] == BTC // 2
    assert [row[2:4] for row in town.book] == [("ada", "deposit")] * 2
    assert {coin.lock for coin in town.house.deposits.coins} == set(seen)


def test_a_payout_is_of_other_coins_in_batches_and_the_book_says_when(town):
    asked = []

    def withdraw():
        for value in (BTC // 10, BTC // 20, BTC // 40):
            asked.append(town.house.withdraw("ada", town.ada.receive(), value))

    payments = live(
        town,
        (104, lambda: town.house.deposit("ada", town.ada, BTC // 4, purpose="deposit")),
        (106, withdraw),
        (108, town.house.pay_out),
    )
    payouts = [payment for payment in payments if payment.purpose == "house_of_tests payout"]
    assert asked == [True] * 3 and len(payouts) == 2
    assert all(coin.lock in town.house.hot.locks for payment in payouts for coin in payment.coins)
    rows = [row for row in town.book if row[3] == "withdrawal"]
    assert sum(row[-1] for row in rows) == BTC // 10 + BTC // 20 + BTC // 40
    assert town.house.balances["ada"] == BTC // 4 - sum(row[-1] for row in rows)


def test_nobody_gets_more_than_the_book_owes(town):
    answers = []
    live(town, (104, lambda: answers.append(town.house.withdraw("ada", town.ada.receive(), BTC))))
    assert answers == [False] and town.house.queue == []
    with pytest.raises(CointrailError, match="owes ada less than nothing"):
        town.house.transfer("ada", "bea", 1)


def test_a_sweep_collects_deposits_without_change(town):
    def pay_in():
        for customer in ("ada", "bea", "cyd"):
            town.house.deposit(customer, town.ada, BTC // 9, purpose="deposit")

    payments = live(town, (104, pay_in), (107, town.house.sweep))
    (sweep,) = [payment for payment in payments if payment.purpose == "house_of_tests sweep"]
    assert len(sweep.coins) == 3 and len(sweep.transaction.outputs) == 1 and sweep.changes == ()


def test_who_cannot_pay_does_not_pay(town):
    paid = []
    live(town, (104, lambda: paid.append(town.pay(town.ada, [(town.miner.receive().script, 3 * BTC)], purpose="x"))))
    assert paid == [None] and town.ada.balance() == 2 * BTC


@pytest.mark.parametrize(
    ("habit", "values"),
    [("oldest", [3]), ("newest", [1, 9]), ("largest", [9]), ("smallest", [1, 3]), ("closest", [3])],
)
def test_coins_are_taken_in_the_order_of_the_habit(habit, values):
    wallet = Economy(bytes(16)).wallet("ada", "daily", WalletStyle("p2wpkh", coins=habit))
    lock = wallet.receive()
    wallet.coins = [Coin("00" * 32, n, value * 1_000_000, lock, ready=True) for n, value in enumerate((3, 9, 1))]
    assert [coin.value // 1_000_000 for coin in wallet.pick(2_000_000, rate=1)] == values


def test_coins_that_cost_more_than_they_are_worth_stay():
    wallet = Economy(bytes(16)).wallet("ada", "daily", WalletStyle("p2pkh"))
    lock = wallet.receive()
    wallet.coins = [Coin("00" * 32, n, value, lock, ready=True) for n, value in enumerate((546, 90_000))]
    assert [coin.value for coin in wallet.pick(1_000, rate=10)] == [90_000]
    assert wallet.spendable(10) == 90_000 - 148 * 10


def test_sorted_programs_sort_and_still_know_their_change(town):
    tess = town.wallet("tess", "daily", "sorted_desktop")
    payments = live(
        town,
        (
            104,
            lambda: town.pay(town.ada, [(tess.receive().script, BTC), (tess.receive().script, BTC // 7)], purpose="in"),
        ),
        (106, lambda: town.pay(tess, [(town.ada.receive().script, BTC + BTC // 20)], purpose="out")),
    )
    (paid,) = [payment for payment in payments if payment.purpose == "out"]
    keys = [(output.value, output.script) for output in paid.transaction.outputs]
    assert keys == sorted(keys) and [coin.outpoint for coin in paid.coins] == sorted(c.outpoint for c in paid.coins)
    owner, _ = town.economy.owners[paid.transaction.outputs[paid.change].script]
    assert owner is tess


def test_what_is_planned_for_one_time_happens_in_order():
    economy, done = Economy(bytes(16)), []
    economy.at(50, lambda: (done.append("a"), economy.at(60, lambda: done.append("c"))))
    economy.at(50, lambda: done.append("b"))
    miner = economy.wallet("miner", "daily", WalletStyle("p2wpkh")).receive()
    economy.run([(10, lambda: done.append("first"))], block_times=[55, 70], miner=miner)
    assert done == ["first", "a", "b", "c"]


def test_amounts_spread_about_the_median_on_both_sides():
    stream = Stream(bytes(16), "amounts")
    values = sorted(stream.around(10_000) for _ in range(2_000))
    assert 8_500 < values[1_000] < 11_500
    assert 0.6 < sum(5_000 < value < 20_000 for value in values) / 2_000 < 0.8
    assert values[0] > 0 and values[-1] > 50_000
