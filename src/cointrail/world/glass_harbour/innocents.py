"""Firms and people who do nothing wrong and yet look like something: charity, journalist, payroll, notary, researcher.

With them come two who are not innocent but small: an impersonator of vendors, and somebody who sends dust.
"""

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from cointrail.world.glass_harbour.casework import Officer
from cointrail.world.glass_harbour.town import Town, moment
from cointrail.world.keys import Lock
from cointrail.world.wallets import Wallet

if TYPE_CHECKING:
    from cointrail.world.glass_harbour.scene import Scene

__all__ = ["Innocents"]

EMPLOYERS = ("merrowfield_mills", "northquay_shipping", "saltmarsh_clinic")
DUST = 546


@dataclass
class Innocents:
    """All of them; `scene` is the whole cast."""

    town: Town
    scene: "Scene"
    payrolls: dict[str, Wallet] = field(default_factory=dict)
    fronts: dict[str, Lock] = field(default_factory=dict)

    def __post_init__(self):
        town = self.town
        self.stream = town.stream("innocents")
        self.payrolls = {name: town.wallet(name, "payroll", "shared") for name in EMPLOYERS}
        self.charity = town.wallet("harbour_kitchen", "donations", "web_purse")
        self.charity_private = town.wallet("harbour_kitchen", "private", "private")
        self.journalist = town.wallet("journalist_iven", "daily", "private")
        self.notary = town.wallet("sealed_minutes", "daily", "light_phone")
        self.researcher = town.wallet("researcher_wren", "daily", "taproot_phone")
        self.lab = town.wallet("varnish_works", "daily", "wrapped_phone")
        self.duster = town.wallet("duster_unknown", "daily", "web_purse")
        self.impersonator = town.wallet("impersonator_false_kite", "daily", "light_phone")
        users = [
            town.wallet(f"private_{n:03d}", "daily", "private" if n % 3 else "taproot_phone") for n in range(1, 53)
        ]
        scene = self.scene
        scene.ringpool.users += [*users, self.charity_private, self.journalist]

    def live(self) -> None:
        """Plan the story of each."""
        every, stream, town = self.town.every, self.stream, self.town
        for name in (
            *EMPLOYERS,
            "varnish_works",
            "sealed_minutes",
            "researcher_wren",
            "duster_unknown",
            "journalist_iven",
        ):
            for month in range(9):
                town.at(moment(27 * month, 8, stream.below(3_000)), lambda name=name: self._fund(name))
        for week in range(34):
            town.at(moment(7 * week + 4, 15, stream.below(6_000)), self._pay_wages)
        for day in range(243):
            town.at(moment(day, 13, stream.below(2_000)), self._seal)
        every(stream, 160, self._donate, first=3)
        every(stream, 14, self._to_private, first=20, last=225)
        every(stream, 26, self._buy_supplies, first=5)
        every(stream, 30, self._test_purchase, first=10, last=220)
        for vendor in self.scene.vendors:
            self.fronts[vendor.docket] = self.impersonator.receive()
            every(stream, 2, lambda docket=vendor.docket: self._deceive(docket), first=30, last=210)
        every(stream, 330, self._machine, first=1)
        every(stream, 3, self._dust, first=40, last=200)
        every(stream, 500, self._spend_privately, first=2)
        every(stream, 70, self._use_mixer, first=4, last=230)
        every(stream, 110, self._merge_carelessly, first=30)
        every(stream, 25, self._supplier_banks, first=10)

    def _wallet(self, name: str) -> Wallet:
        wallets = {
            **self.payrolls,
            "varnish_works": self.lab,
            "sealed_minutes": self.notary,
            "researcher_wren": self.researcher,
            "duster_unknown": self.duster,
            "journalist_iven": self.journalist,
        }
        return wallets[name]

    def _fund(self, name: str) -> None:
        cents = 4_200_000 if name in EMPLOYERS else 60_000
        exchange = self.scene.services["northpier"]
        for _ in range(3):
            exchange.buy_and_withdraw(name, self._wallet(name).address(), self.town.satoshi(cents // 3))

    def _pay_wages(self) -> None:
        staff = self.scene.people["staff"]
        for number, wallet in enumerate(self.payrolls.values()):
            team = staff[number::3]
            outputs = [
                (person.wallet.address().script, self.town.satoshi(18_000 + 500 * (n % 17)))
                for n, person in enumerate(team)
            ]
            self.town.pay(wallet, outputs, purpose="payroll")

    def _seal(self) -> None:
        """A notary writes a fingerprint of the day's papers into the ledger."""
        note = b"SEALED " + self.stream.bytes()
        self.town.pay(self.notary, [(b"\x6a" + bytes((len(note),)) + note, 0)], purpose="notary seal")

    def _donate(self) -> None:
        person = self.stream.choice(self.scene.people["resident"])
        value = self.stream.choice((10_000, 20_000, 50_000, 100_000, 200_000))
        self.town.pay(person.wallet, [(self.charity.address().script, value)], purpose="donation")

    def _to_private(self) -> None:
        """The charity hides from donors whom it helps: lawful, and it looks like mixing because it is."""
        self.town.sweep(self.charity, self.charity_private.receive(), purpose="self-transfer", most=30)

    def _buy_supplies(self) -> None:
        """A varnish maker, a lawful buyer of the same supplier."""
        value = self.town.satoshi(self.stream.around(9_000, 20))
        self.town.pay(self.lab, [(self.scene.supplier.address().script, value)], purpose="lawful supplies")

    def _supplier_banks(self) -> None:
        for wallet in (self.scene.supplier, self.scene.hosting):
            coins = [coin for coin in wallet.coins if coin.ready]
            if len(coins) > 4:
                exchange = self.scene.services["cindermoor"]
                exchange.deposit_all(wallet.entity, wallet, purpose="takings to exchange", coins=coins[:60])
                exchange.sell(wallet.entity)

    def _test_purchase(self) -> None:
        """A research institute buys under permission: it shows that the market pays vendors with other coins."""
        vendor = self.stream.choice(self.scene.vendors)
        buyer = Officer("researcher_wren", self.researcher)
        cents = self.stream.between(32, 60) * 250
        if self.stream.chance(50):
            vendor.sell_directly(buyer, cents, tries=0)
        else:
            self.scene.market.order(vendor, buyer, cents, early=False)

    def _deceive(self, docket: str) -> None:
        """Somebody copies a vendor's profile and shows another address: one for each vendor."""
        self.town.insist(lambda: self._deceived(docket, self.stream.choice(self.scene.people["buyer"])))

    def _deceived(self, docket: str, buyer) -> bool:
        value, lock = self.town.satoshi(self.stream.between(32, 98) * 400), self.fronts[docket]
        paid = self.town.pay(buyer.wallet, [(lock.script, value)], purpose="payment to impersonator")
        if paid:
            self.town.mark(docket, "payment to impersonator", "impersonator_false_kite", paid, paid.vout_of(lock))
        return bool(paid)

    def _machine(self) -> None:
        """Somebody buys coins at a cash machine."""
        crowd = self.scene.people["resident" if self.stream.chance(80) else "buyer"]
        person = self.stream.choice(crowd)
        value = self.town.satoshi(self.stream.between(2, 30) * 1_000)
        self.town.pay(self.scene.services.atm, [(person.wallet.address().script, value)], purpose="cash machine")

    def _dust(self) -> None:
        """Tiny amounts to many used addresses: whoever spends them joins addresses."""
        people = [person for crowd in self.scene.people.values() for person in crowd]
        outputs = [(self.stream.choice(people).wallet.locks[0].script, DUST) for _ in range(90)]
        self.town.pay(self.duster, outputs, purpose="dust")

    def _spend_privately(self) -> None:
        wallet = self.stream.choice(self.scene.ringpool.users)
        shop = self.stream.choice(self.scene.shops)
        shop.take(wallet, self.town.satoshi(self.stream.around(7_000)))

    def _use_mixer(self) -> None:
        """Somebody who likes privacy sends coins through the custodial mixer."""
        wallet = self.stream.choice(self.scene.ringpool.users)
        locks = [wallet.receive() for _ in range(self.stream.between(2, 3))]
        self.scene.services["drizzle"].mix(wallet.entity, wallet, self.town.satoshi(self.stream.around(30_000)), locks)

    def _merge_carelessly(self) -> None:
        """Mixed coins and change in one payment: the mixing was for nothing."""
        wallet = self.stream.choice(self.scene.ringpool.users)
        small = [coin for coin in wallet.coins if coin.ready and coin.value < 6_000_000]
        mixed = [coin for coin in small if coin.value in self.scene.ringpool.mixed]
        others = [coin for coin in small if coin not in mixed]
        coins = mixed[:1] + others[: self.stream.between(2, 9)]
        exchange = self.scene.services["kestrel"]
        if coins:
            exchange.deposit_all(wallet.entity, wallet, purpose="exchange deposit", coins=coins)
