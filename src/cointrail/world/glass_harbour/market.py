"""QUAYSIDE: a market with pooled wallets, escrow and commission. Only its book joins buyers and vendors.

A buyer pays in to a new address, orders from the balance, and the market holds the amount until the goods arrive.
Vendors are paid from the pooled hot wallet. A few orders use an escrow of two of three keys, on the ledger.
"""

from dataclasses import dataclass
from typing import TYPE_CHECKING

from cointrail.world.glass_harbour.calendar import DAY, HOUR
from cointrail.world.glass_harbour.custodian import HOUSE, Custodian
from cointrail.world.glass_harbour.people import Person
from cointrail.world.glass_harbour.services import POLICIES
from cointrail.world.glass_harbour.town import Order, Town, moment

if TYPE_CHECKING:
    from cointrail.world.glass_harbour.casework import Officer
    from cointrail.world.glass_harbour.vendors import Vendor

__all__ = ["COMMISSION", "Market"]

ESCROW = "escrow"
# Percent of each sale that the market keeps.
COMMISSION = 5
BOND = 2_000_000


@dataclass
class Market(Custodian):
    """The market; vendors and buyers meet here by name."""

    def __post_init__(self):
        super().__post_init__()
        self.escrow = self.town.wallet("quayside", "escrow", "shared")
        self.operator = self.town.wallet("quayside", "operator", "sorted_desktop")

    @classmethod
    def at(cls, town: Town) -> "Market":
        return cls(town, POLICIES["quayside"])

    def open(self) -> None:
        super().open()
        for week in range(2, 34):
            self.town.at(moment(7 * week, 21, self.stream.below(3_000)), self._take_commission)

    def order(self, vendor: "Vendor", buyer: Person, cents: int, *, early: bool) -> None:
        """Buy from the balance; where it is too small, pay in first and order when the deposit has confirmed."""
        value = self.town.satoshi(cents)
        if self.balances.get(buyer.name, 0) >= value:
            self._accept(vendor, buyer, cents, value, early=early)
            return
        missing = value - self.balances.get(buyer.name, 0)
        if not self._fund(buyer, missing):
            buyer.top_up(cents * 2)
        self.town.after(self.stream.between(9, 40) * HOUR, lambda: self._retry(vendor, buyer, cents, early))

    def _fund(self, buyer: Person, missing: int):
        """Pay in what is missing and more, or a whole coin that suffices."""
        coin = next(
            (coin for coin in buyer.wallet.coins if coin.ready and missing < coin.value - 30_000 < 2 * missing), None
        )
        if coin and self.stream.chance(70):
            return self.deposit_all(buyer.name, buyer.wallet, purpose="market deposit", coins=[coin])
        amount = buyer.rounded(missing * self.stream.between(102, 170) // 100)
        return self.deposit(buyer.name, buyer.wallet, amount, purpose="market deposit")

    def _retry(self, vendor: "Vendor", buyer: Person, cents: int, early: bool) -> None:
        value = self.town.satoshi(cents)
        if self.balances.get(buyer.name, 0) >= value:
            self._accept(vendor, buyer, cents, value, early=early)

    def test_order(self, vendor: "Vendor", buyer: "Officer", cents: int) -> Order | None:
        """An order from what was paid in before, never sent back; nothing where the balance is too small."""
        value = self.town.satoshi(cents)
        if self.balances.get(buyer.name, 0) < value:
            return None
        return self._accept(vendor, buyer, cents, value, early=False, returns=0)

    def _accept(
        self, vendor: "Vendor", buyer: Person, cents: int, value: int, *, early: bool, returns: int = 5
    ) -> Order:
        """Take an order; so many percent of them are sent back and refunded."""
        self.transfer(buyer.name, ESCROW, value)
        channel = "finalised early" if early else "market"
        row = Order(
            self._number(), vendor.docket, vendor.name, buyer.name, channel, self.town.now, cents, value, "", -1
        )
        if early:
            self._release(vendor, value)
        elif self.stream.chance(returns):
            row = row._replace(channel="refunded")
            self.town.after(self.stream.between(6, 12) * DAY, lambda: self.transfer(ESCROW, buyer.name, value))
        else:
            self.town.after(self.stream.between(3, 9) * DAY, lambda: self._release(vendor, value))
        self.town.orders.append(row)
        return row

    def _release(self, vendor: "Vendor", value: int) -> None:
        commission = value * COMMISSION // 100
        self.transfer(ESCROW, vendor.name, value - commission)
        self.transfer(ESCROW, HOUSE, commission)

    def escrow_order(self, vendor: "Vendor", buyer: Person, cents: int) -> None:
        """An order whose money waits on the ledger behind two of three keys: buyer, vendor, market."""
        value = self.town.satoshi(cents)
        lock = self.escrow.receive()
        payment = self.town.pay(buyer.wallet, [(lock.script, value)], purpose="escrow payment")
        if payment is None:
            buyer.top_up(cents * 2)
            return
        vout = payment.vout_of(lock)
        row = Order(
            self._number(),
            vendor.docket,
            vendor.name,
            buyer.name,
            "escrow",
            self.town.now,
            cents,
            value,
            payment.txid,
            vout,
        )
        refund = self.stream.chance(8)
        self.town.orders.append(row._replace(channel="escrow refunded") if refund else row)
        wait = self.stream.between(3, 10) * DAY
        self.town.after(wait, lambda: self._settle_escrow(vendor, buyer, f"{payment.txid}:{vout}", refund))

    def _settle_escrow(self, vendor: "Vendor", buyer: Person, outpoint: str, refund: bool) -> None:
        coin = self.escrow.coin(outpoint)
        if refund:
            self.town.sweep(self.escrow, buyer.wallet.address(), purpose="escrow refund", coins=[coin])
            return
        economy, kept = self.town.economy, coin.value * COMMISSION // 100
        fee = 180 * max(2, self.town.calendar.fee_level(self.town.now))
        lock = vendor.wallet.receive()
        outputs = [(lock.script, coin.value - kept - fee), (self.operator.receive().script, kept)]
        outputs = outputs[::-1] if self.stream.chance(50) else outputs
        payment = economy.send(economy.combine(self.escrow, [coin], outputs, purpose="escrow release"))
        vendor.earn(payment, payment.vout_of(lock))

    def _take_commission(self) -> None:
        held = self.balances.get(HOUSE, 0)
        if held > 500_000:
            self.withdraw(HOUSE, self.operator.receive(), held * 9 // 10)

    def _number(self) -> str:
        return f"Q{len(self.town.orders) + 1:05d}"
