"""The suspects of dockets A to X: proceeds come over from BTC, walk through four wallets to a broker, and stop there.

Each route has what real ones have: gas money that ties the wallets together, small payments on the side, a part that a
helper brings to an exchange, a remainder that stays behind, and for some a counterfeit of the same amount.
"""

from collections import defaultdict
from dataclasses import dataclass

from cointrail.world.evm.cast import QUAY, Cast, Suspect
from cointrail.world.evm.crossings import Crossing
from cointrail.world.evm.exchanges import Exchanges
from cointrail.world.evm.frauds import freeze
from cointrail.world.evm.scene import Event, Scene, Token
from cointrail.world.evm.times import DAY, HOUR
from cointrail.world.streams import Stream

__all__ = ["Step", "Suspects"]

GAS = QUAY // 50
# Whose remainder STABLEMARK freezes on a request of its own, long before the course asks.
FROZEN_ALREADY = "CIOU"
HELPERS_FROM = 1_000


@dataclass(frozen=True)
class Step:
    """One transfer of a route: `step` is 0 for the arrival, 1 to 4 for the hops, None for what leads aside."""

    docket: str
    step: int | None
    kind: str
    transaction: bytes


class Suspects:
    """All routes; `steps` and `advice` are the truth about them."""

    def __init__(self, scene: Scene, cast: Cast, exchanges: Exchanges, plan: list[Crossing]):
        self.scene, self.cast, self.exchanges = scene, cast, exchanges
        self.steps: list[Step] = []
        self.advice: list[tuple[str, bytes, str, str]] = []
        self._arrivals = defaultdict(list)
        for crossing in plan:
            if crossing.entity.startswith("suspect_"):
                self._arrivals[crossing.entity].append(crossing.paid)

    def events(self) -> list[Event]:
        events = []
        for suspect in self.cast.suspects:
            stream = Stream(self.scene.seed, f"evm/docket/{suspect.docket}")
            if times := self._arrivals[suspect.entity]:
                events += self._route(suspect, stream, first=min(times), last=max(times))
        return events

    def _route(self, suspect: Suspect, stream: Stream, *, first: int, last: int) -> list[Event]:
        before = first - 12 * HOUR
        events = [(before, lambda: self._fund(suspect)), (before + 5 * HOUR, lambda: self._spread_gas(suspect))]
        time = last
        for hop in (1, 2, 3, 4):
            time += stream.between(5, 40) * HOUR + stream.below(HOUR)
            events.append((time, lambda hop=hop: self._hop(suspect, hop, stream)))
            aside = {1: self._shop, 2: self._helper, 3: self._trap}.get(hop)
            if aside:
                events.append((time + 2 * HOUR, lambda aside=aside: aside(suspect, stream)))
        if suspect.docket in FROZEN_ALREADY:
            events.append((time + 20 * DAY, lambda: self._frozen(suspect)))
        events.append((time + 25 * DAY, lambda: self._advise(suspect)))
        return events

    def _token(self, suspect: Suspect) -> Token:
        return self.cast.sels if suspect.coin == "SELS" else self.cast.arvs

    def _fund(self, suspect: Suspect) -> None:
        self.exchanges.withdraw_coins(
            suspect.gas.address, 8 * GAS, customer=self.scene.owners[suspect.mule.address].entity, exchange="kestrel"
        )

    def _spread_gas(self, suspect: Suspect) -> None:
        for wallet in (*suspect.wallets, suspect.mule):
            self.scene.give(suspect.gas, wallet.address, GAS, purpose="gas top-up")

    def _hop(self, suspect: Suspect, hop: int, stream: Stream) -> None:
        token, source = self._token(suspect), suspect.wallets[hop - 1]
        held = self.scene.balance(token, source.address)
        keep = {1: 3, 2: 12, 3: stream.between(9, 22), 4: 0}[hop]
        coins = held - held * keep // 100 if hop == 4 else (held - held * keep // 100) // token.unit * token.unit
        to = suspect.wallets[hop].address if hop < 4 else self.cast.brokers[suspect.broker].address
        paid = self.scene.pay(source, token, to, coins, purpose="route")
        self.steps.append(Step(suspect.docket, hop, "hop" if hop < 4 else "hop to broker", paid.hash))

    def _shop(self, suspect: Suspect, stream: Stream) -> None:
        """The rest of the first wallet goes to a shop: small, lawful, and no lead."""
        token, wallet = self._token(suspect), suspect.wallets[0]
        shop = self.cast.merchants["cloud_cellar"]
        coins = self.scene.balance(token, wallet.address)
        paid = self.scene.pay(wallet, token, shop.address, coins, purpose="route, aside")
        self.steps.append(Step(suspect.docket, None, "purchase", paid.hash))

    def _helper(self, suspect: Suspect, stream: Stream) -> None:
        """The rest of the second wallet goes to a helper, who sells it at NORTHPIER in a name of their own."""
        token, wallet, mule = self._token(suspect), suspect.wallets[1], suspect.mule
        coins = self.scene.balance(token, wallet.address)
        paid = self.scene.pay(wallet, token, mule.address, coins, purpose="route, aside")
        self.steps.append(Step(suspect.docket, None, "to helper", paid.hash))
        number = HELPERS_FROM + self.cast.suspects.index(suspect)
        who = self.scene.owners[mule.address].entity
        self.exchanges.address_of(number, customer=who)
        self.scene.later(
            stream.between(4, 30) * HOUR,
            lambda: self.exchanges.deposit(mule, number, token, coins, customer=who),
        )

    def _trap(self, suspect: Suspect, stream: Stream) -> None:
        """The counterfeiter sends worthless units of the amount that the last hop moved, to every third suspect."""
        if suspect.coin == "ARVS" and self.cast.suspects.index(suspect) % 3 == 0:
            coins = self.scene.balance(self.cast.arvs, suspect.wallets[3].address)
            to = suspect.wallets[3].address
            self.scene.pay(self.cast.maker, self.cast.fake, to, coins, purpose="poisoning, counterfeit")

    def _frozen(self, suspect: Suspect) -> None:
        if suspect.coin == "ARVS":
            freeze(self.scene, self.cast, suspect.wallets[2].address)

    def _advise(self, suspect: Suspect) -> None:
        """Freeze where coins lie, preserve where records lie, and leave alone what is empty or somebody else's."""
        first, second, third, fourth = (wallet.address for wallet in suspect.wallets)
        number = HELPERS_FROM + self.cast.suspects.index(suspect)
        frozen = suspect.docket in FROZEN_ALREADY and suspect.coin == "ARVS"
        rows = [
            (first, "neither", "empty"),
            (second, "neither", "empty"),
            (third, *(("neither", "frozen already") if frozen else ("freeze", "holds a remainder"))),
            (fourth, "neither", "empty"),
            (self.exchanges.address_of(number, customer=""), "preserve", "deposit address of a helper at northpier"),
            (self.cast.merchants["cloud_cellar"].address, "neither", "a shop with many customers"),
        ]
        self.advice += [(suspect.docket, *row) for row in rows]
