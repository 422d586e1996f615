"""Do payments follow the wallet's habits, and does Bitcoin Core's code accept every kind of signature?"""

import pytest

from cointrail.errors import CointrailError
from cointrail.ledger import ledger_from_blocks
from cointrail.world.economy import Economy
from cointrail.world.judge import judge
from cointrail.world.keys import KINDS
from cointrail.world.wallets import STYLES, WalletStyle

START = 1_770_000_000
BTC = 100_000_000


def blocks_after(economy, events, *, count=112, miner=None):
    """Run `events`, (height, action) pairs, each just before the block of that height, and give the raw blocks."""
    times = [START + 600 * number for number in range(1, count + 1)]
    economy.run([(times[height - 1] - 60, act) for height, act in events], block_times=times, miner=miner)
    return [block.serialise() for block in economy.blocks(times)]


@pytest.fixture
def economy():
    return Economy(bytes(16))


@pytest.fixture
def rich(economy):
    return economy.wallet("miner", "daily", STYLES["phone"])


@pytest.mark.parametrize("kind", KINDS)
def test_the_kernel_accepts_coins_of_every_kind_in_and_out(economy, rich, kind):
    wallet = economy.wallet("somebody", "daily", WalletStyle(kind))

    def pay_in():
        economy.pay(rich, [(wallet.receive().script, BTC), (wallet.receive().script, 2 * BTC)], purpose="in")

    def pay_out():
        economy.pay(wallet, [(rich.receive().script, 2 * BTC + 5)], purpose="out")

    blocks = blocks_after(economy, [(102, pay_in), (104, pay_out)], miner=rich.receive())
    assert judge(blocks).refusal is None
    ledger = ledger_from_blocks(blocks)
    ledger.check()
    spent = ledger.inputs_of(economy.confirmed[103][0].txid)
    assert len(spent) == 2 and len(set(spent["type"])) == 1


def test_one_transaction_may_spend_all_kinds_at_once(economy, rich):
    wallets = [economy.wallet("mixed", kind, WalletStyle(kind)) for kind in KINDS]

    def pay_in():
        economy.pay(rich, [(wallet.receive().script, BTC) for wallet in wallets], purpose="in")

    def pay_out():
        coins = [wallet.coins.pop() for wallet in wallets]
        wallets[0].coins.extend(coins)
        economy.sweep(wallets[0], rich.receive(), purpose="out", coins=coins)

    blocks = blocks_after(economy, [(102, pay_in), (104, pay_out)], miner=rich.receive())
    assert judge(blocks).refusal is None
    assert ledger_from_blocks(blocks).inputs["type"].nunique() == 5


def test_a_reward_can_be_spent_after_a_hundred_blocks_and_not_before(economy, rich):
    blocks_after(economy, [], count=99, miner=rich.receive())
    assert rich.balance() == 0
    again = Economy(bytes(16))
    miner = again.wallet("miner", "daily", STYLES["phone"])
    blocks_after(again, [], count=100, miner=miner.receive())
    assert miner.balance() == 50 * BTC


@pytest.mark.parametrize(("place", "vout"), [("first", 0), ("last", 1)])
def test_change_goes_where_the_style_says(economy, rich, place, vout):
    wallet = economy.wallet("somebody", "daily", WalletStyle("p2wpkh", change=place, fresh_change=False))
    address = wallet.receive()
    payments = []
    events = [
        (102, lambda: economy.pay(rich, [(address.script, BTC)], purpose="in")),
        (104, lambda: payments.append(economy.pay(wallet, [(rich.receive().script, BTC // 3)], purpose="out"))),
    ]
    blocks_after(economy, events, miner=rich.receive())
    assert payments[0].change == vout
    assert payments[0].transaction.outputs[vout].script == address.script


def test_change_that_is_dust_goes_to_the_fee(economy, rich):
    wallet = economy.wallet("somebody", "daily", WalletStyle("p2wpkh", rates=(2, 2)))
    payments = []

    def pay_nearly_all():
        payments.append(economy.pay(wallet, [(rich.receive().script, BTC - 900)], purpose="out"))

    events = [(102, lambda: economy.pay(rich, [(wallet.receive().script, BTC)], purpose="in")), (104, pay_nearly_all)]
    blocks_after(economy, events, miner=rich.receive())
    assert payments[0].change is None and payments[0].fee == 900


def test_a_draft_changes_nothing(economy, rich):
    drafts = []
    events = [(102, lambda: drafts.append(economy.draft(rich, [(rich.receive().script, BTC)], purpose="draft")))]
    blocks = blocks_after(economy, events, miner=rich.receive())
    assert drafts[0].txid not in set(ledger_from_blocks(blocks).transactions["hash"])
    assert rich.balance() == sum(coin.value for coin in rich.coins if coin.ready)


def test_an_empty_wallet_says_what_it_holds(economy, rich):
    with pytest.raises(CointrailError, match="miner/daily holds 0 satoshi"):
        economy.pay(rich, [(b"\x51", BTC)], purpose="in")
