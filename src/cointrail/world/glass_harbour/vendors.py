"""Twenty-four vendors of equal shape: the suspects of dockets A to X. What each does is data; how, is in `laundering`.

Every vendor sells through the market, early, through escrow and directly, and cleans the money in seven rounds: six
routes that all vendors use in an order of their own, and one of six special routes.
"""

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, NamedTuple

from cointrail.world.economy import Payment
from cointrail.world.glass_harbour.calendar import HOUR
from cointrail.world.glass_harbour.casework import Casework, Officer
from cointrail.world.glass_harbour.laundering import ROUTES
from cointrail.world.glass_harbour.market import BOND, Market
from cointrail.world.glass_harbour.people import Person
from cointrail.world.glass_harbour.town import Order, Step, Town, moment
from cointrail.world.keys import Lock
from cointrail.world.phrases import Phrase, phrase_of, shadow_of

if TYPE_CHECKING:
    from cointrail.world.glass_harbour.scene import Scene

__all__ = ["PLANS", "Vendor", "VendorPlan", "phrases"]


class VendorPlan(NamedTuple):
    """One vendor as data; `routes` in order of use."""

    docket: str
    name: str
    handles: tuple[str, str, str]
    program: str
    exchange: str
    routes: tuple[str, ...]


NAMES = (
    *("marshkite", "tidequill", "lampfinch", "slatedunlin", "fernwader", "reedplover", "dunesiskin", "mosswhimbrel"),
    *(
        "cobblewren",
        "driftteal",
        "ashgodwit",
        "bramblesnipe",
        "pinewheatear",
        "glassdotterel",
        "thornpipit",
        "cloudruff",
    ),
    *(
        "gorsetwite",
        "kelpscoter",
        "flaxbittern",
        "quartzshrike",
        "hazesmew",
        "copsefinch",
        "shalefulmar",
        "loamredstart",
    ),
)
COMMON = ("consolidation", "peel chain", "structuring", "swap", "coinjoin", "hoard")
SPECIAL = ("mixer", "bridge", "gambling", "mules", "broker", "layering")
SELLERS_PROGRAMS = ("plain_phone", "full_node", "wrapped_device", "sorted_desktop", "wrapped_phone", "light_phone")


def _plan(number: int) -> VendorPlan:
    name = NAMES[number]
    turn = number % 6
    common = COMMON[turn:] + COMMON[:turn]
    special = SPECIAL[(number + number // 6) % 6]
    routes = (*common[:3], special, *common[3:])
    handles = (name, f"the_{name}", f"{name}{17 + 3 * number}")
    exchange = ("northpier", "kestrel", "northpier", "cindermoor")[number % 4]
    return VendorPlan(chr(ord("A") + number), name, handles, SELLERS_PROGRAMS[number // 4], exchange, routes)


PLANS = tuple(_plan(number) for number in range(24))

ORDERS = 110
LAST_SALE = 228
CYCLE = 30
# The month in which every vendor pays the hosting straight from an exchange.
FROM_EXCHANGE = 4
# Addresses of the device that were paid before the gap.
SHOWN_FIRST = 3


def phrases(seed: bytes, name: str) -> dict[str, Phrase]:
    """The phrases of a vendor's wallets; the hidden one has the words of the stash and a passphrase."""
    return {
        "second": phrase_of(seed, f"{name}/second", "p2wpkh"),
        "stash": phrase_of(seed, f"{name}/stash", "p2tr"),
        "hidden": shadow_of(seed, f"{name}/stash", "p2wpkh"),
    }


@dataclass
class Vendor:
    """One vendor; `earned` are the outpoints of proceeds as they arrive: (sale, txid, index, value)."""

    town: Town
    plan: VendorPlan
    market: Market
    scene: "Scene"
    earned: list[tuple[str, str, int, int]] = field(default_factory=list)

    def __post_init__(self):
        self.stream = self.town.stream(f"vendor/{self.name}")
        wallet = self.town.wallet
        self.wallet = wallet(self.name, "daily", self.plan.program)
        keys = phrases(self.town.seed, self.name)
        self.second = wallet(self.name, "second", "sorted_desktop", keys["second"])
        self.hidden = wallet(self.name, "hidden", "private", keys["hidden"])
        self.stash = wallet(self.name, "stash", "taproot_phone", keys["stash"])
        self.listed = self.wallet.receive()
        self.casework = Casework(self)
        self._gap = self.stream.between(5, 9)
        self._steps: dict[str, int] = {}

    @property
    def name(self) -> str:
        return self.plan.name

    @property
    def docket(self) -> str:
        return self.plan.docket

    def live(self, buyers: list[Person]) -> None:
        """Plan sales, payouts, purchases and the seven rounds."""
        stream, at = self.stream, self.town.at
        regulars = [stream.choice(buyers) for _ in range(24)]
        for _ in range(ORDERS):
            day = stream.between(4, LAST_SALE)
            at(moment(day, 6, stream.below(17 * HOUR)), lambda: self._sell(stream.choice(regulars)))
        at(moment(0, 8, stream.below(3 * HOUR)), self._buy_first_coins)
        at(moment(2, 10, stream.below(4 * HOUR)), self._pay_bond)
        for week in range(1, 34):
            at(moment(7 * week + stream.below(5), 14, stream.below(4 * HOUR)), self._take_payout)
        for number, route in enumerate(self.plan.routes):
            day = 28 + CYCLE * number + stream.below(6)
            at(moment(day, 9, stream.below(9 * HOUR)), lambda route=route: ROUTES[route](self))
        self.casework.live()
        for _ in range(3):
            at(moment(stream.between(30, 225), 11, stream.below(8 * HOUR)), self._restock)
        for month in range(1, 8):
            at(
                moment(30 * month + stream.below(8), 10, stream.below(8 * HOUR)),
                lambda month=month: self._pay_hosting(month),
            )

    def _sell(self, buyer: Person) -> None:
        cents = self.stream.between(32, 98) * 500
        draw = self.stream.below(100)
        if draw < 60:
            self.market.order(self, buyer, cents, early=False)
        elif draw < 70:
            self.market.order(self, buyer, cents, early=True)
        elif draw < 78:
            self.market.escrow_order(self, buyer, cents)
        else:
            self.sell_directly(buyer, cents)

    def sell_directly(self, buyer: Person, cents: int, *, tries: int = 3) -> Payment | None:
        """A sale to the listed address, arranged by message."""
        value = self.town.satoshi(cents)
        payment = self.town.pay(buyer.wallet, [(self.listed.script, value)], purpose="sale")
        if payment is None:
            if tries:
                buyer.top_up(cents * 2)
                again = self.stream.between(10, 30) * HOUR
                self.town.after(again, lambda: self.sell_directly(buyer, cents, tries=tries - 1))
            return None
        self.book_direct_sale(buyer, cents, payment, payment.vout_of(self.listed))
        return payment

    def book_direct_sale(self, buyer: Person | Officer, cents: int, payment: Payment, vout: int) -> None:
        """Note a payment to the listed address as a sale and as proceeds."""
        number, now = f"D{len(self.town.orders) + 1:05d}", self.town.now
        value = payment.transaction.outputs[vout].value
        self.town.orders.append(
            Order(number, self.docket, self.name, buyer.name, "direct", now, cents, value, payment.txid, vout)
        )
        self.earned.append((number, payment.txid, vout, value))

    def device_address(self) -> Lock:
        """The next address of the hardware device; after the third come some that were shown and never paid."""
        if self.stash.used[0] == SHOWN_FIRST:
            self.stash.skip(self._gap)
        return self.stash.receive()

    def earn(self, payment: Payment, vout: int) -> None:
        """Note an output as proceeds."""
        sale = f"{payment.purpose} {len(self.earned) + 1}"
        self.earned.append((sale, payment.txid, vout, payment.transaction.outputs[vout].value))

    def step(self, route: str, payment: Payment | None) -> Payment | None:
        """Note a payment as one step on a route."""
        if payment:
            self._steps[route] = self._steps.get(route, 0) + 1
            self.town.steps.append(Step(self.docket, self.name, route, self._steps[route], payment.txid))
        return payment

    def _buy_first_coins(self) -> None:
        exchange = self.scene.services[self.plan.exchange]
        exchange.buy_and_withdraw(self.name, self.wallet.receive(), BOND * 5 // 4)

    def _pay_bond(self) -> None:
        if self.market.deposit(self.name, self.wallet, BOND, purpose="vendor bond"):
            self.market.transfer(self.name, "house", BOND)

    def _take_payout(self) -> None:
        held = self.market.balances.get(self.name, 0)
        if held > 400_000:
            amount = held // 10_000 * 10_000
            if self.stream.chance(25):
                self._cash_at_once(amount)
            else:
                self.market.withdraw(self.name, self.wallet.address(), amount)

    def _cash_at_once(self, amount: int) -> None:
        """A payout to a new address and from there, whole, to the exchange: nothing joins it to the other coins."""
        lock = self.wallet.receive()
        self.market.withdraw(self.name, lock, amount)

        def sell() -> None:
            exchange = self.scene.services[self.plan.exchange]
            coins = [coin for coin in self.wallet.coins if coin.ready and coin.lock is lock]
            if coins and self.step(
                "cashed at once", exchange.deposit_all(self.name, self.wallet, purpose="cash-out", coins=coins)
            ):
                exchange.sell(self.name)

        self.town.after(self.stream.between(36, 60) * HOUR, sell)

    def _restock(self) -> None:
        """Pay the supplier: mostly in coins, sometimes in an asset of the other ledger."""
        value = self.town.satoshi(self.stream.around(30_000, 20))
        draw, services = self.stream.below(100), self.scene.services
        if draw < 66:
            lock = self.scene.supplier.address()
            self.step("supplies", self.town.pay(self.wallet, [(lock.script, value)], purpose="supplies"))
        elif draw < 87:
            self.step("supplies", services["swaplark"].swap_out(self.name, self.wallet, value))
        else:
            self.step("supplies", services.bridge.cross_out(self.name, self.wallet, value))

    def _pay_hosting(self, month: int) -> None:
        lock = self.scene.hosting.address()
        value = self.town.satoshi(self.stream.between(18, 60) * 100)
        if self.stream.chance(35) or month == FROM_EXCHANGE:
            # Paid straight from an exchange account: whoever follows the coins finds the exchange as the payer.
            self.scene.services["northpier"].buy_and_withdraw(self.name, lock, value)
        else:
            self.step("hosting", self.town.pay(self.wallet, [(lock.script, value)], purpose="hosting"))
