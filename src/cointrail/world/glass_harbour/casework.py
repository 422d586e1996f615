"""What a docket needs beside a vendor's own life: an officer's purchases, an innocent's savings, a device, a PayJoin.

Every vendor has all of it, at days of its own. What a docket may ask about is noted as a landmark of the town.
"""

from typing import TYPE_CHECKING

from cointrail.world.economy import Payment
from cointrail.world.glass_harbour.calendar import HOUR
from cointrail.world.glass_harbour.town import Replaced, moment
from cointrail.world.signing import add_witnesses
from cointrail.world.wallets import Wallet

if TYPE_CHECKING:
    from cointrail.world.glass_harbour.people import Shop
    from cointrail.world.glass_harbour.vendors import Vendor

__all__ = ["Casework", "Officer"]


class Officer:
    """An undercover buyer under authority: just enough of a person to buy, with a budget that is never topped up."""

    def __init__(self, name: str, wallet: Wallet):
        self.name, self.wallet = name, wallet

    def rounded(self, value: int) -> int:
        return value

    def top_up(self, cents: int) -> None:
        """The budget was fixed when the purchase was approved."""


class Casework:
    """The people around one vendor, and the vendor's hardware device."""

    def __init__(self, vendor: "Vendor"):
        self.vendor, self.town, self.scene = vendor, vendor.town, vendor.scene
        self.stream = self.town.stream(f"casework/{vendor.name}")
        letter = vendor.docket.lower()
        name = f"officer_{letter}"
        self.officer = Officer(name, self.town.wallet(name, "daily", "full_node"))
        self.coowner = self.town.wallet(f"coowner_{letter}", "daily", "light_phone")

    def live(self) -> None:
        """Plan everything; what cannot be paid yet is tried again."""
        for first, last, act in (
            (20, 30, self._fund_officer),
            (48, 90, self._pay_in_for_test),
            (120, 185, self._buy_directly),
            (13, 19, self._try_device),
            (60, 95, self._buy_savings),
            (104, 124, self._bring_savings),
            (150, 165, self._save_on_device),
            (206, 222, self._save_on_device),
            (186, 200, self._spend_from_device),
            (135, 180, self._pay_by_payjoin),
            (98, 130, self._visit_mixer),
            (70, 150, self._visit_desk),
            *((day, day + 20, self._bring_wages) for day in range(10, 210, 34)),
        ):
            day = self.stream.between(first, last)
            time = moment(day, 8, self.stream.below(10 * HOUR))
            self.town.at(time, lambda act=act: self.town.insist(act))

    # The officer

    def _fund_officer(self) -> bool:
        for _ in range(4):
            value = self.town.satoshi(self.stream.between(20_000, 26_000))
            self.scene.services["northpier"].buy_and_withdraw(self.officer.name, self.officer.wallet.receive(), value)
        return True

    def _pay_in_for_test(self) -> bool:
        """A test purchase through the market: pay in, and order when the deposit has confirmed."""
        market, officer = self.scene.market, self.officer
        cents = self.stream.between(32, 60) * 500
        value = self.town.satoshi(cents) * 112 // 100
        paid = market.deposit(officer.name, officer.wallet, value, purpose="market deposit")
        if not paid:
            return False
        vout = paid.vout_of(market.accounts[officer.name])
        self.town.mark(self.vendor.docket, "market test purchase", officer.name, paid, vout)

        def order():
            return market.test_order(self.vendor, officer, cents)

        self.town.after(self.stream.between(9, 30) * HOUR, lambda: self.town.insist(order, wait=7 * HOUR))
        return True

    def _buy_directly(self) -> bool:
        """A test purchase to the listed address. The first try pays too little fee and is replaced by the second."""
        economy, wallet, listed = self.town.economy, self.officer.wallet, self.vendor.listed
        cents = self.stream.between(32, 60) * 500
        value = self.town.satoshi(cents)
        level = self.town.calendar.fee_level(self.town.now)
        if wallet.spendable(4 * level) < value + 100_000:
            return False
        first = economy.draft(wallet, [(listed.script, value)], purpose="sale", rate=max(1, level // 4))
        if first.change is None or first.transaction.outputs[first.change].value < 1_000 * level:
            return False
        self.town.after(self.stream.between(25, 170) * 60, lambda: self._replace(first, cents, level))
        return True

    def _replace(self, first: Payment, cents: int, level: int) -> None:
        """The same coins and payee with four to five times the fee, taken from the change."""
        outputs = [(out.script, out.value) for out in first.transaction.outputs]
        script, rest = outputs[first.change]
        outputs[first.change] = script, rest - first.fee * 7 // 2 - 150 * max(1, level // 4)
        wallet, economy = self.officer.wallet, self.town.economy
        final = economy.combine(wallet, first.coins, outputs, purpose="sale", changes=first.changes)
        economy.send(final)
        vout = final.vout_of(self.vendor.listed)
        self.vendor.book_direct_sale(self.officer, cents, final, vout)
        docket, name = self.vendor.docket, self.officer.name
        seen = add_witnesses(first.transaction, first.spends).serialise().hex()
        self.town.mark(docket, "direct test purchase", name, final, vout)
        self.town.replaced.append(
            Replaced(
                *(docket, name, first.time, first.txid, first.fee, seen),
                *(self.town.now, final.txid, final.fee),
            )
        )

    # The device, and who else keeps coins on it

    def _try_device(self) -> bool:
        """A small amount to the device's first address, and a few days later on to its second."""
        vendor, value = self.vendor, self.stream.between(40, 90) * 10_000 + self.stream.below(10_000)
        lock = vendor.device_address()
        paid = self.town.pay(vendor.wallet, [(lock.script, value)], purpose="hoard")
        if not paid:
            vendor.stash.take_back(lock)
            return False
        coin = vendor.stash.coin(f"{vendor.step('hoard', paid).txid}:{paid.vout_of(lock)}")
        wait = self.stream.between(40, 100) * HOUR
        self.town.after(
            wait,
            lambda: vendor.step(
                "hoard",
                self.town.sweep(vendor.stash, vendor.device_address(), purpose="self-transfer", coins=[coin]),
            ),
        )
        return True

    def _save_on_device(self) -> bool:
        vendor = self.vendor
        value = vendor.wallet.balance() * self.stream.between(15, 35) // 100
        if value < 300_000:
            return False
        lock = vendor.device_address()
        paid = vendor.step("hoard", self.town.pay(vendor.wallet, [(lock.script, value)], purpose="hoard"))
        if not paid:
            vendor.stash.take_back(lock)
        return bool(paid)

    def _spend_from_device(self) -> bool:
        """A purchase from the device's second address: the change goes to an address of the change branch."""
        stash, shop = self.vendor.stash, self.stream.choice(self.scene.shops)
        coin = min((coin for coin in stash.coins if coin.ready), key=lambda coin: coin.value, default=None)
        if coin is None:
            return False
        outputs = [(shop.wallet.address().script, coin.value * self.stream.between(25, 55) // 100)]
        paid = self.town.pay(stash, outputs, purpose="purchase", coins=[coin])
        return bool(paid and paid.change is not None)

    def _buy_savings(self) -> bool:
        """The co-owner is innocent: own money, bought at an exchange in the own name."""
        for _ in range(3):
            value = self.town.satoshi(self.stream.around(65_000, 8))
            self.scene.services["northpier"].buy_and_withdraw(self.coowner.entity, self.coowner.address(), value)
        return True

    def _bring_savings(self) -> bool:
        """The co-owner's savings go to the device that both use."""
        vendor, value = self.vendor, self.coowner.balance() * self.stream.between(70, 92) // 100
        if value < 500_000:
            return False
        lock = vendor.device_address()
        paid = self.town.pay(self.coowner, [(lock.script, value)], purpose="own savings to a shared device")
        if not paid:
            vendor.stash.take_back(lock)
            return False
        self.town.mark(vendor.docket, "savings of the co-owner", self.coowner.entity, paid, paid.vout_of(lock))
        return True

    # What else every vendor does once, or a few times

    def _pay_by_payjoin(self) -> bool:
        """A purchase in which the shop adds a coin of the same type: whoever joins all inputs joins two people."""
        vendor, shop = self.vendor, self.stream.choice(self._shops())
        paid = shop.payjoin(vendor.wallet, self.town.satoshi(self.stream.around(9_000, 12)))
        if paid:
            vendor.step("payjoin", paid)
            self.town.mark(vendor.docket, "payjoin", shop.name, paid, 1 - paid.change)
        return bool(paid)

    def _shops(self) -> list["Shop"]:
        kind = self.vendor.wallet.style.kind
        return [shop for shop in self.scene.shops if shop.program and shop.wallet.style.kind == kind]

    def _visit_mixer(self) -> bool:
        """Once, with little; who has the mixer as a route of their own goes there anyway."""
        vendor = self.vendor
        if "mixer" in vendor.plan.routes:
            return True
        value = self.stream.between(150, 320) * 10_000
        locks = [vendor.second.receive() for _ in range(2)]
        mixer = self.scene.services["drizzle"]
        return bool(vendor.step("mixer visit", mixer.mix(vendor.name, vendor.wallet, value, locks)))

    def _visit_desk(self) -> bool:
        """A cash desk that forwards each coin to NORTHPIER: it looks like a deposit address there, and is none."""
        vendor, value = self.vendor, self.stream.between(80, 240) * 10_000
        desk, lock = self.scene.desk, self.scene.desk.wallet.receive()
        paid = vendor.step("cash desk", desk.take(vendor.wallet, lock, value))
        if paid:
            self.town.mark(vendor.docket, "false forwarder", desk.wallet.entity, paid, paid.vout_of(lock))
        return bool(paid)

    def _bring_wages(self) -> bool:
        """Lawful money of the vendor's own in the same wallet: not every coin there is proceeds."""
        vendor = self.vendor
        value = self.town.satoshi(self.stream.around(24_000, 10))
        exchange = self.scene.services[vendor.plan.exchange]
        return exchange.buy_and_withdraw(vendor.name, vendor.wallet.address(), value)
