"""Routes by which a vendor cleans money, each as a pattern that an investigator can see, or knows to be unseeable.

A route is a function of a vendor. It starts now, with what the vendor's wallets hold, and plans its own next steps.
"""

from typing import TYPE_CHECKING

from cointrail.world.glass_harbour.calendar import DAY, HOUR, MINUTE
from cointrail.world.wallets import Coin, Wallet

if TYPE_CHECKING:
    from cointrail.world.glass_harbour.vendors import Vendor

__all__ = ["ROUTES"]

DUST = 546
# With so many satoshi a vendor enters the smaller, or the larger of two CoinJoin pools.
SMALL_POOL_FROM, LARGE_POOL_FROM = 2_500_000, 7_000_000


def consolidate_and_deposit(vendor: "Vendor") -> None:
    """All coins into one, and a day later the one to the exchange that answers, in the vendor's own name."""
    route = "consolidation"
    payment = _gather(vendor, route)
    if not payment:
        return

    def deposit():
        exchange = vendor.scene.services["northpier"]
        exchange.renew(vendor.name)
        coins = [_held(vendor.second, f"{payment.txid}:0")]
        vendor.step(route, exchange.deposit_all(vendor.name, vendor.second, purpose="cash-out", coins=coins))
        exchange.sell(vendor.name)

    vendor.town.after(20 * HOUR + vendor.stream.below(20 * HOUR), deposit)


def peel_chain(vendor: "Vendor") -> None:
    """One large coin; hop by hop a small piece is peeled off to an exchange, and the rest moves on to a new address.

    One step in five only carries dust: no piece is peeled, but the coin has moved.
    """
    route, stream = "peel chain", vendor.stream
    payment = _gather(vendor, route)
    if not payment:
        return
    hops = stream.between(9, 13)
    dusty = {hops - stream.between(3, 4), hops - stream.between(5, 7)}

    def peel(outpoint: str, left: int):
        coin = _held(vendor.second, outpoint)
        if coin is None:
            return
        paid = (
            _dust_step(vendor, coin)
            if left in dusty
            else _peel_step(vendor, coin, "kestrel" if left % 3 else "northpier")
        )
        vendor.step(route, paid)
        if paid and left > 1 and paid.change is not None:
            rest = f"{paid.txid}:{paid.change}"
            vendor.town.after(stream.between(15, 300) * MINUTE, lambda: peel(rest, left - 1))

    vendor.town.after(8 * HOUR, lambda: peel(f"{payment.txid}:0", hops))


def _peel_step(vendor: "Vendor", coin: Coin, exchange: str):
    """A small piece to an exchange."""
    house, stream = vendor.scene.services[exchange], vendor.stream
    value = coin.value * stream.between(5, 11) // 100
    if stream.chance(40):
        value = max(20_000, value // 10_000 * 10_000)
    lock = house.account(vendor.name)
    paid = vendor.town.pay(vendor.second, [(lock.script, value)], purpose="peel", coins=[coin])
    house.credit(vendor.name, lock, paid)
    house.sell(vendor.name)
    return paid


def _dust_step(vendor: "Vendor", coin: Coin):
    """The smallest amount that is allowed, to an address somebody used before."""
    stranger = vendor.stream.choice(vendor.scene.people["resident"]).wallet.locks[0]
    return vendor.town.pay(vendor.second, [(stranger.script, DUST)], purpose="peel, dust", coins=[coin])


def structure(vendor: "Vendor") -> None:
    """Deposits that stay just under the limit of 1,000 ARV above which names must travel along."""
    route, stream = "structuring", vendor.stream
    vendor.scene.services["northpier"].renew(vendor.name)

    def deposit(done: int, tries: int):
        exchange = vendor.scene.services[vendor.plan.exchange if done % 2 else "northpier"]
        value = vendor.town.satoshi(stream.between(90_000, 99_500))
        paid = exchange.deposit(vendor.name, vendor.wallet, value, purpose="structured deposit")
        done += bool(vendor.step(route, paid))
        exchange.sell(vendor.name)
        if done < 6 and tries:
            vendor.town.after(stream.between(9, 40) * HOUR, lambda: deposit(done, tries - 1))

    deposit(0, 18)


def swap(vendor: "Vendor") -> None:
    """Through the swapper to the other ledger, in three parts."""
    route = "swap"
    for number in range(3):

        def part(number=number):
            value = vendor.wallet.balance() * (30, 45, 80)[number] // 100 // 10_000 * 10_000
            if value > 200_000:
                vendor.step(route, vendor.scene.services["swaplark"].swap_out(vendor.name, vendor.wallet, value))

        vendor.town.after(number * 30 * HOUR + vendor.stream.below(9 * HOUR), part)


def bridge(vendor: "Vendor") -> None:
    """Through the bridge to the other ledger, and a part back later to a new wallet."""
    route, stream = "bridge", vendor.stream

    def out():
        value = vendor.wallet.balance() * 70 // 100 // 10_000 * 10_000
        if value > 200_000:
            paid = vendor.scene.services.bridge.cross_out(vendor.name, vendor.wallet, value)
            vendor.step(route, paid)
            if paid:
                vendor.town.after(stream.between(60, 140) * HOUR, lambda: back(value * stream.between(30, 60) // 100))

    def back(value: int):
        vendor.step(route, vendor.scene.services.bridge.cross_in(vendor.name, vendor.second.receive(), value))

    out()
    vendor.town.after(3 * DAY, out)


def coinjoin(vendor: "Vendor") -> None:
    """Into the CoinJoin pools. Careless vendors later spend mixed coins and change together; careful ones never do."""
    vendor.town.insist(lambda: _enter_pool(vendor))


def _enter_pool(vendor: "Vendor") -> bool:
    """Start the route, if there is enough for at least one piece of a pool."""
    route, held = "coinjoin", vendor.wallet.balance()
    wallet, town, ring = vendor.hidden, vendor.town, vendor.scene.ringpool
    pool = 1_000_000 if held < LARGE_POOL_FROM or vendor.stream.chance(30) else 5_000_000
    swept = held > SMALL_POOL_FROM and town.sweep(vendor.wallet, wallet.receive(), purpose="self-transfer", most=45)
    if not swept:
        return False
    vendor.step(route, swept)
    careful = ord(vendor.docket) % 4 == 3

    def leave():
        exchange = _exchange(vendor)
        vendor.step(route, exchange.deposit_all(vendor.name, wallet, purpose="cash-out"))
        exchange.sell(vendor.name)

    def spend_one():
        coins = [coin for coin in wallet.coins if coin.ready and coin.value == pool]
        outputs = [(vendor.stream.choice(vendor.scene.shops).wallet.address().script, _part(vendor, pool))]
        if coins:
            vendor.step(route, town.pay(wallet, outputs, purpose="purchase", coins=coins[:1]))

    def prepare():
        return vendor.step(route, ring.tx0(wallet, pool))

    def mix():
        return ring.whirlpool(pool, of=wallet)

    ring.notes[wallet.name] = lambda payment: vendor.step(route, payment)
    town.after(10 * HOUR, lambda: town.insist(prepare, wait=5 * HOUR, tries=8))
    for number in range(5):
        town.after((3 + 2 * number) * DAY, lambda: town.insist(mix, wait=9 * HOUR, tries=4))
    if not careful:
        town.after(14 * DAY, leave)
    for week in range(4 if careful else 0):
        town.after((13 + 8 * week) * DAY + vendor.stream.below(2 * DAY), spend_one)
    return True


def _part(vendor: "Vendor", value: int) -> int:
    return value * vendor.stream.between(20, 80) // 100


def hoard(vendor: "Vendor") -> None:
    """To a hardware wallet that was tried before with a small amount; there it stays."""

    def save() -> bool:
        if vendor.stash.used[0] < 2:
            return False
        lock = vendor.device_address()
        paid = vendor.step("hoard", vendor.town.sweep(vendor.wallet, lock, purpose="hoard", most=40))
        if not paid:
            vendor.stash.take_back(lock)
        return bool(paid)

    vendor.town.insist(save)


def mixer(vendor: "Vendor") -> None:
    """Through the custodial mixer: other coins come back, later and in parts."""
    route, stream = "mixer", vendor.stream

    def part():
        value = vendor.wallet.balance() * stream.between(45, 70) // 100 // 10_000 * 10_000
        if value > 300_000:
            locks = [vendor.second.receive() for _ in range(stream.between(2, 3))]
            vendor.step(route, vendor.scene.services["drizzle"].mix(vendor.name, vendor.wallet, value, locks))

    part()
    vendor.town.after(2 * DAY, part)


def gamble(vendor: "Vendor") -> None:
    """Pay in at the gambling house, play hardly at all, take it out as winnings."""
    route, house = "gambling", vendor.scene.services["oddlight"]

    def pay_in():
        value = vendor.wallet.balance() * 55 // 100 // 100_000 * 100_000
        if value > 300_000:
            vendor.step(route, house.deposit(vendor.name, vendor.wallet, value, purpose="bet"))
            vendor.town.after(30 * HOUR, take_out)

    def take_out():
        held = house.balances.get(vendor.name, 0)
        house.transfer(vendor.name, "house", held * 3 // 100)
        house.withdraw(vendor.name, vendor.second.receive(), house.balances[vendor.name])

    pay_in()
    vendor.town.after(4 * DAY, pay_in)


def mules(vendor: "Vendor") -> None:
    """Fan-out to five mules; each pays into an own account at an exchange, less a share."""
    route, ring = "mules", vendor.scene.mules
    wallets = ring[ord(vendor.docket) % 3 :][:5]
    share = vendor.wallet.balance() * 85 // 100 // len(wallets)
    if share < 200_000:
        return
    outputs = [(mule.wallet.receive().script, share * vendor.stream.between(85, 110) // 100) for mule in wallets]
    paid = vendor.step(route, vendor.town.pay(vendor.wallet, outputs, purpose="to mules"))
    for mule, (_, value) in zip(wallets, outputs, strict=True):

        def deposit(mule=mule, value=value):
            vendor.step(route, mule.exchange.deposit(mule.name, mule.wallet, value * 88 // 100, purpose="mule deposit"))
            mule.exchange.sell(mule.name)

        if paid:
            vendor.town.after(vendor.stream.between(6, 70) * HOUR, deposit)


def broker(vendor: "Vendor") -> None:
    """Cash from brokers: each takes coins at an address of their own and sells them on."""
    for number in range(5):

        def meet():
            dealer = vendor.stream.choice(vendor.scene.brokers)
            value = vendor.wallet.balance() * 30 // 100 // 50_000 * 50_000
            if value > 200_000:
                lock = dealer.wallet.address()
                vendor.step("broker", vendor.town.pay(vendor.wallet, [(lock.script, value)], purpose="cash deal"))

        vendor.town.after(number * 40 * HOUR + vendor.stream.below(20 * HOUR), meet)


def layer(vendor: "Vendor") -> None:
    """Self-transfers: split in four, each part moved twice, then joined again and paid in."""
    route = "layering"
    payment = _gather(vendor, route)
    if not payment:
        return
    town, wallet = vendor.town, vendor.second

    def fan_out():
        coin = _held(wallet, f"{payment.txid}:0")
        if coin is None:
            return
        parts = [(wallet.receive().script, coin.value * share // 100) for share in (18, 23, 27)]
        paid = vendor.step(route, town.pay(wallet, parts, purpose="layering", coins=[coin]))
        if paid:
            for vout in range(len(paid.transaction.outputs)):
                town.after((16 + 3 * vout) * HOUR, lambda vout=vout: move(f"{paid.txid}:{vout}", 2))
            town.after(9 * DAY, fan_in)

    def move(outpoint: str, left: int):
        coin = _held(wallet, outpoint)
        moved = coin and vendor.step(route, town.sweep(wallet, wallet.receive(), purpose="layering", coins=[coin]))
        if moved and left > 1:
            town.after(20 * HOUR + vendor.stream.below(20 * HOUR), lambda: move(f"{moved.txid}:0", left - 1))

    def fan_in():
        exchange = _exchange(vendor)
        vendor.step(route, exchange.deposit_all(vendor.name, wallet, purpose="cash-out"))
        exchange.sell(vendor.name)

    town.after(12 * HOUR, fan_out)


ROUTES = {
    "consolidation": consolidate_and_deposit,
    "peel chain": peel_chain,
    "structuring": structure,
    "swap": swap,
    "bridge": bridge,
    "coinjoin": coinjoin,
    "hoard": hoard,
    "mixer": mixer,
    "gambling": gamble,
    "mules": mules,
    "broker": broker,
    "layering": layer,
}


def _gather(vendor: "Vendor", route: str):
    """All coins of the daily wallet into one of the second wallet."""
    lock = vendor.second.receive()
    return vendor.step(route, vendor.town.sweep(vendor.wallet, lock, purpose="self-transfer", most=45))


def _held(wallet: Wallet, outpoint: str) -> Coin | None:
    """The coin at an outpoint, unless another route has spent it meanwhile."""
    return next((coin for coin in wallet.coins if coin.outpoint == outpoint), None)


def _exchange(vendor: "Vendor"):
    return vendor.scene.services[vendor.plan.exchange]
