"""The suspects of dockets A to X: proceeds come over from BTC, walk through four wallets to a broker, and stop there.

Each route has what real ones have: gas money that ties the wallets together, small payments on the side, a part that a
helper brings to an exchange, a remainder that stays behind, what moved nothing (`pitfalls`), and for some a counterfeit
of the same amount.
"""

from dataclasses import dataclass

from cointrail.world.evm.cast import DOCKETS, QUAY, Cast, Suspect
from cointrail.world.evm.crossings import Crossings
from cointrail.world.evm.exchanges import Exchanges
from cointrail.world.evm.frauds import freeze
from cointrail.world.evm.pitfalls import pitfalls
from cointrail.world.evm.scene import Event, Scene, Token
from cointrail.world.evm.times import DAY, END, HOUR, START
from cointrail.world.streams import Stream

__all__ = ["Step", "Suspects"]

GAS = QUAY // 50
# Whose remainder STABLEMARK freezes for reasons of its own, before the course asks.
FROZEN_ALREADY = "CIOU"
HELPERS_FROM = 1_000
# A route takes at most this long, and the last one must be over when the story ends.
LONGEST = 10 * DAY


@dataclass(frozen=True)
class Step:
    """One transfer of a route: `step` is 0 for an arrival, 1 to 4 for the hops, -1 for what leads aside."""

    docket: str
    step: int
    kind: str
    transaction: bytes


class Suspects:
    """All routes; `steps` is the truth about them, `advice` about what to freeze and preserve."""

    def __init__(self, scene: Scene, cast: Cast, exchanges: Exchanges, crossings: Crossings):
        self.scene, self.cast, self.exchanges, self.crossings = scene, cast, exchanges, crossings
        self._steps: list[Step] = []
        self._tokens: dict[str, Token] = {}
        self._streams = {s.docket: Stream(scene.seed, f"evm/docket/{s.docket}") for s in cast.suspects}

    gas = GAS

    def token_of(self, suspect: Suspect) -> Token:
        """The token that a suspect's route moves."""
        return self._tokens[suspect.docket]

    def events(self) -> list[Event]:
        return [event for suspect in self.cast.suspects for event in self._route(suspect)]

    def steps(self) -> list[Step]:
        """Every transfer of every route, the arrivals among them, by docket and step."""
        entities = {suspect.entity: suspect.docket for suspect in self.cast.suspects}
        legs = {leg.reference: leg for leg in self.crossings.legs}
        arrivals = [
            Step(entities[crossing.entity], 0, f"arrival by {crossing.service}", legs[crossing.reference].transaction)
            for crossing, _ in self.crossings.planned
            if crossing.entity in entities and crossing.direction == "out" and crossing.reference in legs
        ]
        return sorted([*arrivals, *self._steps], key=lambda step: (step.docket, step.step))

    def _route(self, suspect: Suspect) -> list[Event]:
        stream = self._streams[suspect.docket]
        arrivals = [
            (crossing.amount * 100 // self._mark(crossing.asset), time, crossing.asset)
            for crossing, time in self.crossings.planned
            if crossing.entity == suspect.entity and crossing.direction == "out" and time < END - LONGEST
        ]
        if arrivals:
            _, time, asset = max(arrivals)
        else:
            time, asset = START + 40 * DAY + stream.below(100 * DAY), "ARVD"
        self._tokens[suspect.docket] = self.cast.hbc if asset == "HBC" else self.cast.arvd
        events = [] if arrivals else [(time, lambda: self._buy(suspect))]
        events += [
            (time - 12 * HOUR, lambda: self._fund(suspect)),
            (time - 7 * HOUR, lambda: self._spread_gas(suspect)),
        ]
        for hop in (1, 2, 3, 4):
            time += stream.between(5, 34) * HOUR + stream.below(HOUR)
            events.append((time, lambda hop=hop: self._hop(suspect, hop)))
            if hop == 1:
                events += pitfalls(self, suspect, time)
            aside = {1: self._shop, 2: self._helper, 3: self._trap}.get(hop)
            if aside:
                events.append((time + 2 * HOUR, lambda aside=aside: aside(suspect)))
        if suspect.docket in FROZEN_ALREADY:
            events.append((time + 3 * DAY, lambda: self._freeze(suspect)))
        return events

    def _mark(self, asset: str) -> int:
        return self.cast.hbc.mark if asset == "HBC" else self.cast.arvd.mark

    def _note(self, suspect: Suspect, step: int, kind: str, transaction) -> None:
        self._steps.append(Step(suspect.docket, step, kind, transaction.hash))

    def _buy(self, suspect: Suspect) -> None:
        """Whose BTC stayed on the other chain buys coins for cash from a trader."""
        token, trader = self._tokens[suspect.docket], self.cast.brokers["p2p_dunmore"]
        wish = self._streams[suspect.docket].between(400, 900) * token.mark
        coins = min(wish, self.scene.balance(token, trader.address))
        paid = self.scene.pay(trader, token, suspect.wallets[0].address, coins, purpose="cash in")
        self._note(suspect, 0, "bought from a trader", paid)

    def _fund(self, suspect: Suspect) -> None:
        helper = self.scene.owners[suspect.mule.address].entity
        self.exchanges.withdraw_coins(suspect.gas.address, 8 * GAS, customer=helper, exchange="kestrel")

    def _spread_gas(self, suspect: Suspect) -> None:
        for wallet in (*suspect.wallets, suspect.mule):
            self.scene.give(suspect.gas, wallet.address, GAS, purpose="gas top-up")

    def _hop(self, suspect: Suspect, hop: int) -> None:
        """Most of what a wallet holds goes on; the last hop moves all of it to the broker."""
        token, source = self._tokens[suspect.docket], suspect.wallets[hop - 1]
        held = self.scene.balance(token, source.address)
        keep = (3, 12, self._streams[suspect.docket].between(9, 22), 0)[hop - 1]
        coins = (held - held * keep // 100) // token.mark * token.mark if keep else held
        to = suspect.wallets[hop].address if hop < 4 else self.cast.brokers[suspect.broker].address
        paid = self.scene.pay(source, token, to, coins, purpose="route")
        self._note(suspect, hop, "hop" if hop < 4 else "hop to a broker, where the trail stops", paid)

    def _shop(self, suspect: Suspect) -> None:
        """The rest of the first wallet goes to a shop: small, lawful, and no lead."""
        token, wallet = self._tokens[suspect.docket], suspect.wallets[0]
        coins = self.scene.balance(token, wallet.address)
        shop = self.cast.merchants["cloud_cellar"].address
        self._note(suspect, -1, "purchase", self.scene.pay(wallet, token, shop, coins, purpose="route, aside"))

    def _helper(self, suspect: Suspect) -> None:
        """The rest of the second wallet goes to a helper, who sells it at NORTHPIER in a name of their own."""
        token, wallet, mule = self._tokens[suspect.docket], suspect.wallets[1], suspect.mule
        coins = self.scene.balance(token, wallet.address)
        self._note(
            suspect, -1, "to a helper", self.scene.pay(wallet, token, mule.address, coins, purpose="route, aside")
        )
        who = self.scene.owners[mule.address].entity
        self.scene.later(
            self._streams[suspect.docket].between(4, 30) * HOUR,
            lambda: self.exchanges.deposit(mule, self._number(suspect), token, coins, customer=who),
        )

    def _trap(self, suspect: Suspect) -> None:
        """The counterfeiter sends worthless units of the amount that the last hop moved, to every third suspect."""
        if self._tokens[suspect.docket] is self.cast.arvd and DOCKETS.index(suspect.docket) % 3 == 0:
            to = suspect.wallets[3].address
            coins = self.scene.balance(self.cast.arvd, to)
            self.scene.pay(self.cast.maker, self.cast.fake, to, coins, purpose="poisoning, counterfeit")

    def _number(self, suspect: Suspect) -> int:
        return HELPERS_FROM + DOCKETS.index(suspect.docket)

    def _freeze(self, suspect: Suspect) -> None:
        freeze(self.scene, self.cast, self._tokens[suspect.docket], suspect.wallets[2].address)

    def advice(self) -> list[tuple[str, bytes, str, str]]:
        """What to do about each address: freeze where coins lie, preserve where records lie, else neither."""
        return [row for suspect in self.cast.suspects for row in self._advice(suspect)]

    def _advice(self, suspect: Suspect) -> list[tuple[str, bytes, str, str]]:
        rows = []
        for place, wallet in enumerate(suspect.wallets):
            held = [t for t in (self.cast.arvd, self.cast.hbc) if self.scene.balance(t, wallet.address) >= t.mark]
            if not held:
                rows.append((wallet.address, "neither", "empty"))
            elif place == 2 and suspect.docket in FROZEN_ALREADY:
                rows.append((wallet.address, "neither", "frozen already"))
            else:
                rows.append((wallet.address, "freeze", f"holds {' and '.join(t.symbol for t in held)}"))
        deposit = self.cast.northpier.forwarder(self._number(suspect))
        rows.append((deposit, "preserve", "deposit address at northpier, paid by a helper"))
        rows.append((self.cast.merchants["cloud_cellar"].address, "neither", "a shop with many customers"))
        return [(suspect.docket, *row) for row in rows]
