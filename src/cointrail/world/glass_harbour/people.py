"""People and firms of the town: what they earn, buy, give, save and sell. Roles are data; a person lives one role."""

from dataclasses import dataclass

from cointrail.world.economy import Payment
from cointrail.world.glass_harbour.custodian import Custodian
from cointrail.world.glass_harbour.services import EXCHANGES, Services
from cointrail.world.glass_harbour.town import Town, moment, weighted
from cointrail.world.wallets import Coin, Wallet

__all__ = ["ROLES", "Person", "Role", "Shop"]


@dataclass(frozen=True)
class Role:
    """How many people live a role, and how often in the whole story they do something (least, most).

    `spends` and `buys` are the usual size of a purchase and of a purchase of coins, in cents of ARV.
    """

    count: int
    purchases: tuple[int, int] = (0, 0)
    top_ups: tuple[int, int] = (0, 0)
    gifts: tuple[int, int] = (0, 0)
    sells: tuple[int, int] = (0, 0)
    bets: tuple[int, int] = (0, 0)
    swaps: tuple[int, int] = (0, 0)
    spends: int = 5_500
    buys: int = 22_000
    opening: tuple[int, int] = (1, 5)
    program: str | None = None


ROLES = {
    "staff": Role(105, purchases=(20, 28), gifts=(4, 8), sells=(2, 4)),
    "resident": Role(420, purchases=(13, 24), top_ups=(5, 9), gifts=(3, 7), sells=(0, 2)),
    "trader": Role(
        90, purchases=(3, 6), top_ups=(8, 14), sells=(8, 14), swaps=(1, 3), spends=9_000, buys=160_000, opening=(2, 7)
    ),
    "player": Role(45, purchases=(5, 8), top_ups=(6, 10), bets=(18, 36), buys=15_000),
    "miner": Role(64, purchases=(5, 9), sells=(6, 10), program="wrapped_purse"),
    "buyer": Role(150, purchases=(3, 8), top_ups=(4, 7), gifts=(0, 2), buys=26_000),
    "saver": Role(60, top_ups=(4, 8), buys=120_000, opening=(3, 9)),
    "family": Role(24, top_ups=(5, 9), gifts=(5, 9), sells=(3, 6), buys=30_000, program="shared"),
}


@dataclass
class Shop:
    """Sells everyday things. Some have a till of their own, some let PAYBERTH take the coins."""

    town: Town
    services: Services
    name: str
    program: str | None

    def __post_init__(self):
        self.stream = self.town.stream(f"shop/{self.name}")
        self.wallet = self.town.wallet(self.name, "till", self.program or "till")
        self.takes_payjoin = self.program == "segwit_till" and self.stream.chance(16)

    def open(self) -> None:
        for week in range(34):
            day = min(241, 7 * week + 3 + self.stream.below(4))
            self.town.at(moment(day, 16, self.stream.below(9_000)), self._bank)

    def take(self, payer: Wallet, value: int) -> Payment | None:
        """A customer pays."""
        if self.program is None:
            house = self.services["payberth"]
            lock = house.account(self.name)
            return house.credit(self.name, lock, self.town.pay(payer, [(lock.script, value)], purpose="purchase"))
        joined = self.payjoin(payer, value) if self.takes_payjoin and self.stream.chance(18) else None
        return joined or self.town.pay(payer, [(self.wallet.address().script, value)], purpose="purchase")

    def payjoin(self, payer: Wallet, value: int) -> Payment | None:
        """BIP78: the shop adds a coin of its own, so that the inputs are of two people and the amount is not shown.

        Nothing happens where the shop has no coin to add or the payer's coins leave no change.
        """
        mine = next((coin for coin in self.wallet.coins if coin.ready and coin.value > 20_000), None)
        rate = payer.fee_rate(self.town.calendar.fee_level(self.town.now))
        if mine is None or payer.spendable(rate) < value + 400 * rate + 2_000:
            return None
        coins = payer.pick(value + 400 * rate + 1_000, rate=rate)
        change = sum(coin.value for coin in coins) - value - rate * (220 + 148 * len(coins))
        if change < 1_000:
            return None
        outputs = [(self.wallet.address().script, mine.value + value), (payer.change_lock(coins).script, change)]
        economy = self.town.economy
        return economy.send(economy.combine(payer, [*coins, mine], outputs, purpose="payjoin purchase", changes=(1,)))

    def _bank(self) -> None:
        """Once a week the takings go to an exchange, or the processor pays them out."""
        exchange = self.services[EXCHANGES[self.stream.below(3) if self.stream.chance(30) else 0]]
        if self.program is None:
            value = self.services["payberth"].balances.get(self.name, 0)
            self.services["payberth"].withdraw(self.name, exchange.account(self.name), value)
            return
        coins = [coin for coin in self.wallet.coins if coin.ready and coin.value > 2_000]
        if len(coins) > 5:
            exchange.deposit_all(self.name, self.wallet, purpose="takings to exchange", coins=coins[:70])
        elif coins:
            exchange.deposit(self.name, self.wallet, self.wallet.balance() * 7 // 10, purpose="takings to exchange")
        exchange.sell(self.name)


@dataclass
class Person:
    """One person with a wallet, an account at an exchange, and habits."""

    town: Town
    services: Services
    name: str
    role: Role

    def __post_init__(self):
        self.stream = self.town.stream(f"person/{self.name}")
        self.wallet = self.town.wallet(self.name, "daily", self.role.program)
        self.wallet.receive()
        self.friends: list[Person] = []
        self.exchange: Custodian = self.services[
            weighted(self.stream, (("northpier", 58), ("kestrel", 27), ("cindermoor", 15)))
        ]

    def live(self, shops: list[Shop], friends: list["Person"]) -> None:
        """Plan a whole life in the story."""
        role, plan, self.friends = self.role, self.town.every, friends
        favourites = [self.stream.choice(shops) for _ in range(4)]
        for habit, act in (
            (role.purchases, lambda: self.shop(self.stream.choice(favourites))),
            (role.top_ups, self.top_up),
            (role.gifts, lambda: self.give(self.stream.choice(friends))),
            (role.sells, self.sell),
            (role.bets, self.bet),
            (role.swaps, self.swap),
        ):
            plan(self.stream, self.stream.between(*habit), act, first=2)
        plan(self.stream, 14, self.tidy_up, first=20)

    def rounded(self, value: int) -> int:
        """An amount as this person types it."""
        step = self.wallet.style.round_to
        return max(step, value // step * step)

    def shop(self, shop: Shop) -> None:
        shop.take(self.wallet, self.town.satoshi(self.stream.around(self.role.spends, 36)))

    def top_up(self, cents: int | None = None) -> None:
        """Buy coins and have them sent."""
        value = self.town.satoshi(cents or self.stream.around(self.role.buys, 34))
        self.exchange.buy_and_withdraw(self.name, self.wallet.address(), self.rounded(value))

    def give(self, friend: "Person") -> None:
        value = self.rounded(self.town.satoshi(self.stream.around(3_500, 44)))
        self.town.pay(self.wallet, [(friend.wallet.address().script, value)], purpose="between people")

    def sell(self) -> None:
        """Send a part of the coins to the exchange, and sell what was credited a day later."""
        purpose = "exchange deposit"
        if self.stream.chance(4):
            self.exchange.renew(self.name)
        coins = [coin for coin in self.wallet.coins if coin.ready and coin.value > 60_000]
        if coins and self.stream.chance(42):
            paid = self._sell_and_give(self.stream.shuffled(coins)[: self.stream.between(1, 3)])
        elif coins and self.stream.chance(65):
            # People often send a coin as it came, because then the wallet shows a round zero.
            paid = self.exchange.deposit_all(self.name, self.wallet, purpose=purpose, coins=[self.stream.choice(coins)])
        else:
            value = self.rounded(self.wallet.balance() * self.stream.between(25, 80) // 100)
            paid = value > 60_000 and self.exchange.deposit(self.name, self.wallet, value, purpose=purpose)
        if paid:
            self.town.after(86_400, lambda: self.exchange.sell(self.name))

    def _sell_and_give(self, coins: list[Coin]) -> Payment | None:
        """Up to three coins, whole: a part to the exchange, the rest to a friend: none of it is change."""
        lock, friend = self.exchange.account(self.name), self.stream.choice(self.friends)
        locks, percent = (lock, friend.wallet.address()), self.stream.between(15, 85)
        paid = self.town.split(self.wallet, coins, locks, percent=percent, purpose="exchange deposit and gift")
        return self.exchange.credit(self.name, lock, paid)

    def bet(self) -> None:
        """Pay in, play, and take out what is left, if anything."""
        house = self.services["oddlight"]
        value = self.rounded(self.town.satoshi(self.stream.around(2_500, 40)))
        if house.deposit(self.name, self.wallet, value, purpose="bet"):
            self.town.after(20_000 + self.stream.below(200_000), lambda: self._settle(house))

    def _settle(self, house: Custodian) -> None:
        held = house.balances.get(self.name, 0)
        if self.stream.chance(62):
            house.transfer(self.name, "house", held * self.stream.between(40, 100) // 100)
        else:
            house.transfer("house", self.name, held * self.stream.between(10, 240) // 100)
        if house.balances[self.name] > 60_000:
            house.withdraw(self.name, self.wallet.address(), house.balances[self.name])

    def swap(self) -> None:
        """Change coins for an asset on the other ledger, or come back from there."""
        value = self.rounded(self.wallet.balance() * self.stream.between(10, 40) // 100)
        swapper, bridge = self.services["swaplark"], self.services.bridge
        if self.stream.chance(35):
            swapper.swap_in(self.name, self.wallet.address(), self.town.satoshi(self.stream.around(40_000)))
        elif value > 100_000 and self.stream.chance(65):
            swapper.swap_out(self.name, self.wallet, value)
        elif value > 100_000:
            bridge.cross_out(self.name, self.wallet, value)
        else:
            bridge.cross_in(self.name, self.wallet.address(), self.town.satoshi(self.stream.around(30_000)))

    def tidy_up(self) -> None:
        """Join many small coins while fees are low."""
        coins = [coin for coin in self.wallet.coins if coin.ready]
        if len(coins) > min(9, self.wallet.style.consolidates) and self.town.calendar.fee_level(self.town.now) < 10:
            self.town.sweep(self.wallet, self.wallet.address(), purpose="consolidation", most=60)
