"""Ordinary life: people buy coins, pay each other and shops, allow and subscribe, get wages, and slip up."""

from cointrail.world.evm.cast import QUAY, Cast
from cointrail.world.evm.contracts import call
from cointrail.world.evm.exchanges import Exchanges
from cointrail.world.evm.keys import Account
from cointrail.world.evm.scene import Event, Scene, Token
from cointrail.world.evm.times import DAY, END, HOUR, START, amount, moments
from cointrail.world.streams import Stream

__all__ = ["Street"]

COUNTS = {
    "_buy": 1_250,
    "_spend": 1_500,
    "_send": 1_000,
    "_sell": 820,
    "_gift": 420,
    "_allow": 230,
    "_slip": 210,
    "_invoice": 260,
    "_cash_coins": 90,
}


class Street:
    """Residents, shops and an employer."""

    def __init__(self, scene: Scene, cast: Cast, exchanges: Exchanges):
        self.scene, self.cast, self.exchanges = scene, cast, exchanges
        self.stream = Stream(scene.seed, "evm/street")
        self._subscriptions: dict[tuple[bytes, bytes], Account] = {}

    def events(self) -> list[Event]:
        events = []
        for name, count in COUNTS.items():
            act = getattr(self, name)
            start = START + (2 if name == "_buy" else 6) * DAY
            events += [(time, act) for time in moments(self.stream, count, start=start)]
        weeks = range(START + 11 * DAY, END - DAY, 7 * DAY)
        for week in weeks:
            events.append((week + 9 * HOUR, self._wages))
            events.append((week + 10 * HOUR, self._bonus))
        months = range(START + 30 * DAY, END - DAY, 15 * DAY)
        return events + [(month + HOUR, self._collect_subscriptions) for month in months]

    def _token(self) -> Token:
        return self.cast.hbc if self.stream.chance(18) else self.cast.arvd

    def _person(self) -> tuple[int, Account]:
        """A resident, or the second account of one."""
        number = self.stream.below(len(self.cast.residents))
        return number, self.cast.residents[number]

    def _payer(self, token: Token, least: int) -> tuple[int, Account] | None:
        """Somebody who has enough; None if a few knocks find nobody."""
        for _ in range(12):
            number, person = self._person()
            if self.scene.balance(token, person.address) >= least * token.mark:
                return number, person
        return None

    def _part(self, token: Token, person: Account, *, most: int) -> int:
        """Up to what the person has."""
        wish = amount(self.stream, 5, most, unit=token.mark)
        return min(wish, self.scene.balance(token, person.address))

    def _buy(self) -> None:
        number, person = self._person()
        token = self._token()
        exchange = "kestrel" if 150 <= number < 225 else "northpier"
        coins = amount(self.stream, 20, 900, unit=token.mark)
        self.exchanges.withdraw(person.address, token, coins, customer=f"resident_{number:03}", exchange=exchange)

    def _spend(self) -> None:
        token = self._token()
        if found := self._payer(token, 5):
            shop = self.stream.choice(sorted(self.cast.merchants))
            coins = self._part(token, found[1], most=120)
            self.scene.pay(found[1], token, self.cast.merchants[shop].address, coins, purpose="purchase")

    def _send(self) -> None:
        token = self._token()
        if found := self._payer(token, 5):
            number, person = found
            others = self.cast.seconds if self.stream.chance(15) else self.cast.residents
            # Remittance families send to the same few people again and again.
            other = self.cast.residents[(number * 7 + self.stream.below(3)) % 240]
            to = other if self.stream.chance(60) else self.stream.choice(others)
            if to is not person:
                self.scene.pay(person, token, to.address, self._part(token, person, most=250), purpose="gift")

    def _sell(self) -> None:
        """Deposit at an exchange; now and then from a second account to the same deposit address."""
        token = self._token()
        found = self._payer(token, 30)
        if not found:
            return
        number, person = found
        second = self.cast.seconds[number // 4]
        if number % 4 == 0 and self.scene.balance(token, second.address) and self.scene.coins(second.address):
            person = second
        coins = self._part(token, person, most=700)
        if 150 <= number < 225:
            self.exchanges.kestrel_deposit(person, self.cast.kestrel_deposits[number - 150], token, coins)
        elif number < 150:
            self.exchanges.deposit(person, number, token, coins, customer=f"resident_{number:03}")
        else:
            self.scene.pay(person, token, self.cast.brokers["p2p_quince"].address, coins, purpose="cash out")

    def _gift(self) -> None:
        """Native coins from one to another; second accounts get their gas money this way."""
        number, person = self._person()
        to = self.cast.seconds[number // 4] if self.stream.chance(50) else self.stream.choice(self.cast.residents)
        if self.scene.coins(person.address) > QUAY:
            self.scene.give(person, to.address, QUAY * self.stream.between(2, 40) // 1_000, purpose="gift")

    def _cash_coins(self) -> None:
        """Native coins to a forwarder: they go on to the exchange inside the same transaction."""
        number = self.stream.below(150)
        person = self.cast.residents[number]
        if self.scene.coins(person.address) > QUAY:
            self.exchanges.deposit_coins(person, number, QUAY * self.stream.between(20, 200) // 1_000)

    def _allow(self) -> None:
        _, person = self._person()
        token, shop = self.cast.arvd, self.cast.merchants[self.stream.choice(sorted(self.cast.merchants))]
        if self.stream.chance(12):
            # Taken back: an allowance of nothing.
            if (person.address, shop.address) in self._subscriptions:
                del self._subscriptions[person.address, shop.address]
            self.scene.approve(person, token, shop.address, 0)
            return
        self._subscriptions[person.address, shop.address] = shop
        endless = self.stream.chance(55)
        self.scene.approve(person, token, shop.address, 2**256 - 1 if endless else 600 * token.mark)

    def _collect_subscriptions(self) -> None:
        token = self.cast.arvd
        for (owner, _), shop in sorted(self._subscriptions.items()):
            coins = self.stream.between(4, 19) * token.mark
            if self.stream.chance(45) and self.scene.balance(token, owner) > 2 * coins:
                self.scene.pull(shop, token, owner, shop.address, coins, purpose="subscription")

    def _invoice(self) -> None:
        """A shop's customer pays to a forwarder of TALLYGATE, which looks like an exchange's and is none."""
        token = self.cast.arvd
        if found := self._payer(token, 20):
            name = self.stream.choice(sorted(self.cast.merchants))
            number = sorted(self.cast.merchants).index(name) * 10 + self.stream.below(8)
            coins = self._part(token, found[1], most=160)
            self.exchanges.deposit(found[1], number, token, coins, customer=name, office=self.cast.tallygate)

    def _wages(self) -> None:
        """Native coins through the splitter: one transaction, many internal transfers."""
        people = [self.cast.residents[number].address for number in range(7, 127, 10)]
        values = [QUAY * self.stream.between(30, 90) // 1_000 for _ in people]
        data = call("split(address[],uint256[])", people, values)
        total, gas = sum(values), 60_000 + 45_000 * len(people)
        wrong = self.stream.chance(10)
        self.scene.send(
            self.cast.employer,
            self.cast.splitter,
            data=data,
            value=total + wrong,
            gas=gas,
            people=people,
            purpose="wages",
            fails=wrong,
        )

    def _bonus(self) -> None:
        """Token wages, one transfer each; the employer buys the coins at NORTHPIER first."""
        employer, token = self.cast.employer, self.cast.arvd
        people = [self.cast.residents[number].address for number in range(3, 123, 12)]
        self.exchanges.withdraw(employer.address, token, 2_600 * token.mark, customer="orrin_shipping")
        for person in people:
            coins = self.stream.between(140, 250) * token.mark
            if self.scene.balance(token, employer.address) >= coins:
                self.scene.pay(employer, token, person, coins, purpose="wages")

    def _slip(self) -> None:
        """A transaction that fails, and costs its fee all the same: too few tokens, too little gas, no allowance."""
        _, person = self._person()
        token, to = self._token(), self.stream.choice(self.cast.residents)
        held = self.scene.balance(token, person.address)
        kind = self.stream.below(4)
        if kind == 0:
            wish = held + self.stream.between(1, 50) * token.mark
            self.scene.pay(person, token, to.address, wish, purpose="gift", fails=True)
        elif kind == 1:
            self.scene.pay(person, token, to.address, 5 * token.mark, purpose="gift", fails=True, gas=25_000)
        elif kind == 2:
            data = call("depart(address,uint256,string)", token.address, 50 * token.mark, "bcrt1-not-approved")
            people = [token.address]
            bridge = self.cast.bridge
            self.scene.send(
                person, bridge, data=data, gas=200_000, people=people, purpose="bridge, paid in", fails=True
            )
        else:
            coins = self.stream.between(5, 60) * token.mark
            self.scene.pull(person, token, to.address, person.address, coins, purpose="gift", fails=True)
