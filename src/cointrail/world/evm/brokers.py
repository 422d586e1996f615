"""Brokers: people who change stablecoins into cash and back, over the counter or person to person."""

from cointrail.world.evm.cast import BROKERS, Cast
from cointrail.world.evm.exchanges import Exchanges
from cointrail.world.evm.keys import Account
from cointrail.world.evm.scene import Event, Scene
from cointrail.world.evm.times import DAY, START, amount, moments
from cointrail.world.streams import Stream

__all__ = ["Brokers"]


class Brokers:
    """Their lawful daily business, in which the coins of suspects drown."""

    def __init__(self, scene: Scene, cast: Cast, exchanges: Exchanges):
        self.scene, self.cast, self.exchanges = scene, cast, exchanges
        self.stream = Stream(scene.seed, "evm/brokers")

    def events(self) -> list[Event]:
        counts = {self._cash_in: 420, self._cash_out: 480, self._settle: 130, self._deposit: 150, self._stock: 110}
        events = []
        for act, count in counts.items():
            start = START + (3 if act == self._stock else 8) * DAY
            events += [(time, act) for time in moments(self.stream, count, start=start)]
        return events

    def _broker(self) -> tuple[str, Account]:
        name = self.stream.choice(BROKERS)
        return name, self.cast.brokers[name]

    def _stock(self) -> None:
        """A broker buys coins at an exchange."""
        name, broker = self._broker()
        token = self.cast.hbc if self.stream.chance(25) else self.cast.arvd
        coins = amount(self.stream, 400, 2_500, unit=token.mark)
        self.exchanges.withdraw(broker.address, token, coins, customer=name)

    def _cash_in(self) -> None:
        """A customer brings cash and gets coins."""
        _, broker = self._broker()
        token = self.cast.hbc if self.stream.chance(25) else self.cast.arvd
        coins = amount(self.stream, 20, 400, unit=token.mark)
        if self.scene.balance(token, broker.address) >= coins:
            to = self.stream.choice(self.cast.residents)
            self.scene.pay(broker, token, to.address, coins, purpose="cash in")

    def _cash_out(self) -> None:
        """A customer brings coins and gets cash."""
        _, broker = self._broker()
        token = self.cast.hbc if self.stream.chance(25) else self.cast.arvd
        person = self.stream.choice(self.cast.residents)
        held = self.scene.balance(token, person.address)
        if held >= 30 * token.mark:
            coins = min(held, amount(self.stream, 20, 500, unit=token.mark))
            self.scene.pay(person, token, broker.address, coins, purpose="cash out")

    def _settle(self) -> None:
        """Brokers even out among each other."""
        _, broker = self._broker()
        other = self.cast.brokers[self.stream.choice(BROKERS)]
        token = self.cast.hbc if self.stream.chance(25) else self.cast.arvd
        coins = self.scene.balance(token, broker.address) // 5 // token.mark * token.mark
        if coins and other is not broker:
            self.scene.pay(broker, token, other.address, coins, purpose="settlement")

    def _deposit(self) -> None:
        """A broker sells coins at NORTHPIER."""
        name, broker = self._broker()
        token = self.cast.hbc if self.stream.chance(25) else self.cast.arvd
        coins = (
            self.scene.balance(token, broker.address) * self.stream.between(20, 60) // 100 // token.mark * token.mark
        )
        if coins > 300 * token.mark:
            self.exchanges.deposit(broker, 500 + BROKERS.index(name), token, coins, customer=name)
