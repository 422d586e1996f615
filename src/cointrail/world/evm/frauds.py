"""Frauds and the issuer's answer: freezes, refused payments, releases, and destroyed funds."""

from cointrail.world.evm.cast import Cast
from cointrail.world.evm.contracts import call
from cointrail.world.evm.keys import Account
from cointrail.world.evm.scene import Event, Scene, Token
from cointrail.world.evm.times import DAY, END, HOUR, START, amount, moments
from cointrail.world.streams import Stream

__all__ = ["Frauds", "freeze"]


class Frauds:
    """Nine invented swindlers take coins from residents; STABLEMARK freezes eight, and two of them by mistake."""

    def __init__(self, scene: Scene, cast: Cast):
        self.scene, self.cast = scene, cast
        self.stream = Stream(scene.seed, "evm/frauds")
        self.frozen: set[bytes] = set()

    def events(self) -> list[Event]:
        events = [(time, self._take) for time in moments(self.stream, 190, start=START + 10 * DAY)]
        for place, scammer in enumerate(self.cast.scammers[1:]):
            time = START + (60 + 18 * place) * DAY + self.stream.below(8 * HOUR) + 8 * HOUR
            events.append((time, lambda scammer=scammer: self._freeze(scammer)))
            for days in (2, 5):
                late = time + days * DAY + self.stream.below(HOUR)
                events.append((late, lambda scammer=scammer: self._try(scammer)))
            if place in (2, 5):
                events.append((time + 12 * DAY, lambda scammer=scammer: self._release(scammer)))
            elif place in (0, 3, 6):
                events.append((time + 30 * DAY, lambda scammer=scammer: self._destroy(scammer)))
        return [event for event in events if event[0] < END - DAY]

    def _take(self) -> None:
        scammer = self.stream.choice(self.cast.scammers)
        person = self.stream.choice(self.cast.residents)
        token = self.cast.arvd
        held = self.scene.balance(token, person.address)
        if held > 60 * token.mark and scammer.address not in self.frozen:
            coins = min(held, amount(self.stream, 40, 400, unit=token.mark))
            self.scene.pay(person, token, scammer.address, coins, purpose="fraud")

    def _freeze(self, scammer: Account) -> None:
        self.frozen.add(scammer.address)
        freeze(self.scene, self.cast, self.cast.arvd, scammer.address)

    def _try(self, scammer: Account) -> None:
        """A frozen account cannot send; its balance stays in sight."""
        coins = self.scene.balance(self.cast.arvd, scammer.address)
        if coins and scammer.address in self.frozen:
            to = self.cast.brokers["ivt_saltroad"].address
            self.scene.pay(scammer, self.cast.arvd, to, coins, purpose="fraud", fails=True)

    def _release(self, scammer: Account) -> None:
        self.frozen.discard(scammer.address)
        self._issuer("release(address)", scammer.address, purpose="release")

    def _destroy(self, scammer: Account) -> None:
        coins = self.scene.balance(self.cast.arvd, scammer.address)
        self.scene.move(self.cast.arvd, scammer.address, None, coins)
        self._issuer("destroyFrozenFunds(address)", scammer.address, purpose="destruction")

    def _issuer(self, signature: str, address: bytes, *, purpose: str) -> None:
        data, token = call(signature, address), self.cast.arvd.address
        self.scene.send(self.cast.issuer, token, data=data, gas=110_000, people=[address], purpose=purpose)


def freeze(scene: Scene, cast: Cast, token: Token, address: bytes) -> None:
    """The issuer of a stablecoin freezes an address."""
    data = call("freeze(address)", address)
    scene.send(cast.issuer, token.address, data=data, gas=80_000, people=[address], purpose="freeze")
