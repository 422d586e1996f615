"""The ordinary life of primer: mining, an exchange, wages, shopping, gifts. Nobody here does anything wrong.

Each function returns (time, action) pairs for `Economy.run`. Amounts come from one stream for each habit, so that one
habit can change without moving the others.
"""

from collections.abc import Callable
from dataclasses import dataclass, field
from functools import partial

from cointrail.world.economy import Payment
from cointrail.world.keys import Lock
from cointrail.world.primer.calendar import DAY, FIRST_DAY, HOUR, MINUTE
from cointrail.world.primer.cast import BUYERS, MERCHANTS, POOL_MEMBERS, STAFF, Cast
from cointrail.world.streams import Stream
from cointrail.world.wallets import Wallet

__all__ = ["Exchange", "routine"]

Event = tuple[int, Callable[[], object]]

BTC = 100_000_000
NOTICE = b"SYNTHETIC TRAINING DATA: harbour_kitchen, accounts 2025 published"


@dataclass
class Exchange:
    """northpier: customers ask for withdrawals during the day, one batch pays them the next morning.

    `book` lists what the exchange credits and debits to whom, which the chain does not show.
    """

    cast: Cast
    queue: list[tuple[str, Lock, int]] = field(default_factory=list)
    book: list[tuple] = field(default_factory=list)

    def withdraw(self, customer: str, value: int, lock: Lock | None = None) -> None:
        """Ask for a payout, to a new address of the customer's daily wallet if none is named."""
        self.queue.append((customer, lock or self.cast.daily[customer].receive(), value))

    def pay_out(self) -> None:
        """Pay all waiting withdrawals in one transaction."""
        if not self.queue:
            return
        payment = self.cast.economy.pay(
            self.cast.hot, [(lock.script, value) for _, lock, value in self.queue], purpose="exchange withdrawals"
        )
        for customer, lock, value in self.queue:
            self.book.append((payment.time, customer, "withdrawal", payment.txid, payment.vout_of(lock), value))
        self.queue = []

    def deposit(self, customer: str, value: int, *, wallet: Wallet | None = None, **choices) -> Payment:
        """A customer sends coins to their deposit address, and is credited."""
        lock, purpose = self.cast.accounts[customer], choices.pop("purpose", "exchange deposit")
        payment = self.cast.economy.pay(
            wallet or self.cast.daily[customer], [(lock.script, value)], purpose=purpose, **choices
        )
        self.book.append((payment.time, customer, "deposit", payment.txid, payment.vout_of(lock), value))
        return payment

    def deposit_all(self, customer: str, *, coins: list, purpose: str = "exchange deposit") -> Payment:
        """A customer sends whole coins, without change."""
        lock = self.cast.accounts[customer]
        payment = self.cast.economy.sweep(self.cast.daily[customer], lock, purpose=purpose, coins=coins)
        value = payment.transaction.outputs[0].value
        self.book.append((payment.time, customer, "deposit", payment.txid, 0, value))
        return payment

    def collect(self) -> None:
        """Sweep the deposit addresses into the hot wallet."""
        if self.cast.deposits.balance():
            self.cast.economy.sweep(self.cast.deposits, self.cast.public["northpier"], purpose="deposit sweep")


def routine(cast: Cast, exchange: Exchange, *, seed: bytes) -> list[Event]:
    """All ordinary events of the three weeks."""
    events = _mining(cast, exchange, Stream(seed, "routine/mining"))
    events += _exchange(cast, exchange)
    events += _wages(cast, exchange, Stream(seed, "routine/wages"))
    for entity in (*STAFF, *BUYERS, "researcher_wren"):
        events += _shopping(cast, entity, Stream(seed, f"routine/shopping/{entity}"))
        events += _giving(cast, entity, Stream(seed, f"routine/giving/{entity}"))
        events += _top_up(exchange, entity, Stream(seed, f"routine/top up/{entity}"))
    for merchant in MERCHANTS:
        events += _takings(cast, exchange, merchant, Stream(seed, f"routine/takings/{merchant}"))
    events += _charity(cast, Stream(seed, "routine/charity"))
    return events


def _at(day: int, hour: int, minute: int = 0) -> int:
    return FIRST_DAY + day * DAY + hour * HOUR + minute * MINUTE


def _mining(cast: Cast, exchange: Exchange, stream: Stream) -> list[Event]:
    pool = cast.daily["mining_pool"]

    def sell(coins: int):
        ready = [coin for coin in pool.coins if coin.ready][:coins]
        exchange.deposit_all("mining_pool", coins=ready)

    def share():
        outputs = [(cast.daily[member].receive().script, stream.between(20, 90) * 100_003) for member in POOL_MEMBERS]
        cast.economy.pay(pool, outputs, purpose="mining payout")

    events = [(_at(0, 0, 20), partial(sell, 6)), (_at(7, 4), partial(sell, 3)), (_at(14, 4), partial(sell, 3))]
    return events + [(_at(day, 11, 30), share) for day in (1, 8, 15)]


def _exchange(cast: Cast, exchange: Exchange) -> list[Event]:
    def to_cold(value: int):
        cast.economy.pay(cast.hot, [(cast.cold.receive().script, value)], purpose="to cold storage")

    def from_cold():
        lock = cast.public["northpier"]
        cast.economy.pay(cast.cold, [(lock.script, 25 * BTC)], purpose="from cold storage")

    events = [(_at(day, 8, 10), exchange.pay_out) for day in range(1, 21)]
    events += [(_at(day, hour), exchange.collect) for day, hour in ((0, 13), (3, 5), (6, 5), (9, 5), (12, 5), (15, 5))]
    events += [(_at(18, 5), exchange.collect), (_at(20, 19), exchange.collect)]
    events += [(_at(day, 20), partial(to_cold, value * BTC)) for day, value in ((1, 120), (8, 80), (15, 60))]
    return [*events, (_at(11, 15), from_cold), (_at(18, 15), from_cold)]


def _wages(cast: Cast, exchange: Exchange, stream: Stream) -> list[Event]:
    employer = cast.daily["merrowfield_mills"]
    wages = {person: stream.between(31, 58) * 100_000 for person in STAFF}

    def fund():
        exchange.withdraw("merrowfield_mills", sum(wages.values()) + 1_000_000)

    def pay_wages():
        outputs = [(cast.daily[person].receive().script, wage) for person, wage in wages.items()]
        cast.economy.pay(employer, outputs, purpose="payroll")

    funding = [(_at(day, 6), fund) for day in (1, 8, 15)]
    return funding + [(_at(day, 14), pay_wages) for day in (2, 9, 16)]


def _shopping(cast: Cast, entity: str, stream: Stream) -> list[Event]:
    wallet = cast.daily[entity]

    def buy():
        merchant, value = stream.choice(MERCHANTS), stream.between(9, 420) * 1_000 + stream.below(1_000)
        if wallet.balance() > 2 * value:
            cast.economy.pay(wallet, [(cast.daily[merchant].receive().script, value)], purpose="purchase")

    visits = stream.between(13, 17) if entity in STAFF else stream.between(3, 5)
    times = [stream.between(_at(4, 0), _at(20, 12)) for _ in range(visits)]
    return [(time, buy) for time in sorted(times)]


def _top_up(exchange: Exchange, entity: str, stream: Stream) -> list[Event]:
    def ask():
        exchange.withdraw(entity, stream.between(400, 2_500) * 1_000 + stream.below(1_000))

    return [(stream.between(_at(2, 0), _at(19, 0)), ask)]


def _giving(cast: Cast, entity: str, stream: Stream) -> list[Event]:
    wallet, lock = cast.daily[entity], cast.public["harbour_kitchen"]

    def give():
        value = stream.choice((10_000, 20_000, 25_000, 50_000, 100_000))
        if wallet.balance() > 2 * value:
            cast.economy.pay(wallet, [(lock.script, value)], purpose="donation")

    return [(stream.between(_at(4, 0), _at(20, 12)), give) for _ in range(stream.between(1, 2))]


def _takings(cast: Cast, exchange: Exchange, merchant: str, stream: Stream) -> list[Event]:
    wallet = cast.daily[merchant]

    def bank():
        value = wallet.balance() * stream.between(70, 90) // 100 // 10_000 * 10_000
        if value > 100_000:
            exchange.deposit(merchant, value)

    return [(_at(day, 17, stream.below(60)), bank) for day in (7, 13, 19)]


def _charity(cast: Cast, stream: Stream) -> list[Event]:
    wallet, lock = cast.daily["harbour_kitchen"], cast.public["harbour_kitchen"]

    def buy_bread():
        value = wallet.balance() * stream.between(30, 60) // 100
        if value > 10_000:
            bakery = cast.daily["ovenbird_bakery"].receive()
            cast.economy.pay(wallet, [(bakery.script, value)], purpose="purchase")

    def publish():
        script = b"\x6a" + bytes((len(NOTICE),)) + NOTICE
        cast.economy.pay(wallet, [(script, 0), (lock.script, wallet.balance() // 2)], purpose="notice")

    return [(_at(day, 9, 40), buy_bread) for day in (8, 12, 16, 20)] + [(_at(14, 10), publish)]
