"""The town: what all actors share - the economy, the calendar, and the notes that become the truth tables."""

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import NamedTuple, TypeVar

from cointrail.world.economy import Economy, Payment, virtual_size
from cointrail.world.glass_harbour.calendar import DAY, FIRST_DAY, HOUR, Calendar
from cointrail.world.glass_harbour.programs import PROGRAMS, PUBLIC_PROGRAMS
from cointrail.world.keys import Lock
from cointrail.world.phrases import Phrase
from cointrail.world.streams import Stream
from cointrail.world.wallets import Coin, Wallet

__all__ = ["Crossing", "Landmark", "Order", "Replaced", "Step", "Town", "moment", "weighted"]


T = TypeVar("T")


class Crossing(NamedTuple):
    """Coins that leave this ledger for another (``out``) or come from there (``in``), through a swapper or a bridge.

    `value` is satoshi on this side, `asset` and `amount` (base units) are the other side, which `reference` finds.
    """

    reference: str
    service: str
    direction: str
    timestamp: int
    entity: str
    transaction_hash: str
    index: int
    value: int
    asset: str
    amount: int


class Order(NamedTuple):
    """A sale of a vendor: `cents` is the price in ARV, `value` what was paid. A market order has no transaction."""

    order: str
    docket: str
    vendor: str
    buyer: str
    channel: str
    timestamp: int
    cents: int
    value: int
    transaction_hash: str
    index: int


class Step(NamedTuple):
    """One transaction on a vendor's way to clean money."""

    docket: str
    vendor: str
    route: str
    step: int
    transaction_hash: str


class Landmark(NamedTuple):
    """An output that a docket may ask about: a test purchase, an innocent's savings, a payment to an impersonator."""

    docket: str
    kind: str
    entity: str
    address: str
    transaction_hash: str
    index: int
    value: int


class Replaced(NamedTuple):
    """A payment that was seen, waited, and was replaced by one with a higher fee (BIP125): only the second is final.

    `raw` is the first one, signed and valid, in hex; times are Unix seconds.
    """

    docket: str
    entity: str
    seen: int
    first_hash: str
    first_fee: int
    raw: str
    replaced: int
    final_hash: str
    final_fee: int


@dataclass
class Town:
    """What actors share. `book` holds rows of `custodian_book`: what custodians credit to whom."""

    seed: bytes
    calendar: Calendar
    book: list[tuple] = field(default_factory=list)
    crossings: list[Crossing] = field(default_factory=list)
    orders: list[Order] = field(default_factory=list)
    steps: list[Step] = field(default_factory=list)
    landmarks: list[Landmark] = field(default_factory=list)
    replaced: list[Replaced] = field(default_factory=list)

    def __post_init__(self):
        self.economy = Economy(self.seed, fee_level=self.calendar.fee_level)

    @property
    def now(self) -> int:
        return self.economy.now

    def stream(self, purpose: str) -> Stream:
        return Stream(self.seed, purpose)

    def wallet(
        self, entity: str, name: str = "daily", program: str | None = None, phrase: Phrase | None = None
    ) -> Wallet:
        """A new wallet; without a named program, one that people use."""
        program = program or weighted(self.stream(f"program/{entity}/{name}"), PUBLIC_PROGRAMS)
        return self.economy.wallet(entity, name, PROGRAMS[program], phrase)

    def satoshi(self, cents: int) -> int:
        return self.calendar.satoshi(cents, self.now)

    def at(self, time: int, act: Callable[[], object]) -> None:
        self.economy.at(time, act)

    def after(self, seconds: int, act: Callable[[], object]) -> None:
        self.economy.at(self.now + seconds, act)

    def insist(self, act: Callable[[], object], *, wait: int = 20 * HOUR, tries: int = 40) -> None:
        """Do something now, or later: until it works (gives something true), or there is no time left."""
        if not act() and tries:
            self.after(wait, lambda: self.insist(act, wait=wait, tries=tries - 1))

    def mark(self, docket: str, kind: str, entity: str, payment: Payment, vout: int) -> None:
        """Note an output as a landmark of a docket."""
        out = payment.transaction.outputs[vout]
        address = self.economy.owners[out.script][1].address
        self.landmarks.append(Landmark(docket, kind, entity, address, payment.txid, vout, out.value))

    def every(self, stream: Stream, times: int, act: Callable[[], object], *, first: int = 0, last: int = 242) -> None:
        """Plan something so many times between two days of the story, at hours when people are awake."""
        for _ in range(times):
            day = stream.between(first, last)
            self.at(moment(day, 5, stream.below(18 * HOUR)), act)

    def pay(
        self,
        wallet: Wallet,
        outputs: list[tuple[bytes, int]],
        *,
        purpose: str,
        coins: list[Coin] | None = None,
    ) -> Payment | None:
        """Pay if the wallet can afford it, else do nothing: people look at their balance first."""
        rate = wallet.fee_rate(self.calendar.fee_level(self.now))
        held = sum(coin.value for coin in coins) if coins else wallet.spendable(rate)
        need = sum(value for _, value in outputs) + rate * virtual_size(coins or [], [*outputs, (bytes(34), 0)])
        if held < need or any(0 < value < 546 for _, value in outputs):
            return None
        return self.economy.pay(wallet, outputs, purpose=purpose, coins=coins, rate=rate)

    def sweep(
        self, wallet: Wallet, lock: Lock, *, purpose: str, coins: list[Coin] | None = None, most: int = 100
    ) -> Payment | None:
        """Send whole coins (the oldest ready ones) to one lock; nothing happens where the fee would eat them."""
        coins = coins or [coin for coin in wallet.coins if coin.ready and coin.value > 600][:most]
        level = self.calendar.fee_level(self.now)
        dearest = wallet.style.rates[1] * level // 100 + 1 if wallet.style.follows else wallet.style.rates[1]
        if sum(coin.value for coin in coins) < 2_000 + dearest * virtual_size(coins, [(lock.script, 0)]):
            return None
        return self.economy.sweep(wallet, lock, purpose=purpose, coins=coins)

    def split(
        self, wallet: Wallet, coins: list[Coin], locks: tuple[Lock, Lock], *, percent: int, purpose: str
    ) -> Payment | None:
        """Whole coins to two payees, so many percent to the first: two outputs, and neither is change."""
        rate = wallet.fee_rate(self.calendar.fee_level(self.now))
        value = sum(coin.value for coin in coins) - rate * virtual_size(coins, [(lock.script, 0) for lock in locks])
        first = value * percent // 100
        if min(first, value - first) < 5_000:
            return None
        outputs = [(locks[0].script, first), (locks[1].script, value - first)]
        return self.economy.send(self.economy.combine(wallet, coins, outputs, purpose=purpose))


def moment(day: int, hour: int = 0, seconds: int = 0) -> int:
    """A time of the story; day 0 is the first."""
    return FIRST_DAY + day * DAY + hour * HOUR + seconds


def weighted(stream: Stream, choices: tuple[tuple[T, int], ...]) -> T:
    """One of (choice, weight) pairs."""
    draw = stream.below(sum(weight for _, weight in choices))
    for choice, weight in choices:
        if draw < weight:
            return choice
        draw -= weight
    raise AssertionError("weights are positive")
