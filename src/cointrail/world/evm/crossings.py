"""Crossings: coins that leave one chain and come out on another, through the swapper SWAPLARK or the bridge SPANGATE.

The plan of all crossings follows from the world's seed alone, before either chain exists: `plan_crossings`. The account
chain plays its legs at the planned times; whoever makes the UTXO chain plays the others from the same list.

- asset_in "BTC": at `time` somebody pays `amount_in` satoshi to the service on SYN-BTC; at `paid` the service pays
  `amount_out` base units to `destination` on SYN-EVM.
- asset_out "BTC": at `time` somebody pays `amount_in` base units to the service on SYN-EVM; at `paid` the service pays
  `amount_out` satoshi to `destination`, a bcrt1 address. The stand-in destinations follow from the seed (`KEY`).
"""

from dataclasses import dataclass

from cointrail.world.evm.cast import Cast
from cointrail.world.evm.contracts import call
from cointrail.world.evm.exchanges import collect, issue
from cointrail.world.evm.hashing import keccak
from cointrail.world.evm.keys import Account
from cointrail.world.evm.prices import daily_prices
from cointrail.world.evm.scene import Event, Scene, Token
from cointrail.world.evm.times import DAY, END, HOUR, START, amount, day_text, moments
from cointrail.world.keys import make_lock, secret_key
from cointrail.world.streams import Stream

__all__ = ["KEY", "Crossing", "Crossings", "plan_crossings"]

# Purpose of the P2WPKH key behind the stand-in BTC destination of a crossing.
KEY = "crossing/{reference}"
SATOSHI = 10**8
# Thousandths that the service keeps; seconds that it takes.
FEES = {"swaplark": (5, 15), "spangate": (3, 3)}
DELAYS = {"swaplark": (20 * 60, 4 * HOUR), "spangate": (2 * HOUR, 9 * HOUR)}
COUNTS = {("swaplark", True): 70, ("swaplark", False): 85, ("spangate", True): 45, ("spangate", False): 75}


@dataclass(frozen=True)
class Crossing:
    """One crossing; times are Unix seconds, amounts satoshi or base units, `entity` is who crosses (truth)."""

    reference: str
    service: str
    time: int
    asset_in: str
    amount_in: int
    asset_out: str
    amount_out: int
    destination: str
    paid: int
    entity: str


def plan_crossings(seed: bytes, cast: Cast) -> list[Crossing]:
    """Every crossing of the world in order of time, the suspects' among them."""
    stream, plan = Stream(seed, "evm/crossings"), []
    prices = daily_prices(seed)
    for (service, inward), count in COUNTS.items():
        for time in moments(stream, count, start=START + 14 * DAY, end=END - 3 * DAY):
            number = stream.below(240)
            token = cast.sels if stream.chance(20) else cast.arvs
            coins = amount(stream, 60, 900, unit=token.unit)
            who = (f"resident_{number:03}", cast.residents[number].address)
            plan.append(_crossing(stream, prices, service, time, token, coins, who, inward=inward, seed=seed))
    for suspect in cast.suspects:
        token = cast.sels if suspect.coin == "SELS" else cast.arvs
        day = START + (40 + stream.below(150)) * DAY
        service = ("swaplark", "spangate")[cast.suspects.index(suspect) % 2]
        for part in range(stream.between(2, 3)):
            time = day + part * stream.between(2, 20) * HOUR + stream.below(HOUR)
            coins = stream.between(400, 1_900) * token.unit + stream.below(100) * token.unit // 100
            who = (suspect.entity, suspect.wallets[0].address)
            plan.append(_crossing(stream, prices, service, time, token, coins, who, inward=True, seed=seed))
    return sorted(plan, key=lambda crossing: (crossing.time, crossing.reference))


def _crossing(stream, prices, service, time, token: Token, coins: int, who, *, inward: bool, seed: bytes) -> Crossing:
    """`coins` is what goes over the counter on this chain; the other side follows from the day's prices and the fee."""
    reference = f"{service[:2].upper()}{stream.below(16**8):08x}"
    fee, delay = stream.between(*FEES[service]), stream.between(*DELAYS[service])
    day = day_text(time)
    worth = coins * prices[token.symbol][day] * SATOSHI // (prices["BTC"][day] * token.unit)
    entity, address = who
    if inward:
        satoshi = worth * 1_000 // (1_000 - fee)
        parts = ("BTC", satoshi, token.symbol, coins, "0x" + address.hex())
    else:
        lock = make_lock("p2wpkh", (secret_key(seed, KEY.format(reference=reference)),))
        parts = (token.symbol, coins, "BTC", worth * (1_000 - fee) // 1_000, lock.address)
    return Crossing(reference, service, time, *parts, time + delay, entity)


class Crossings:
    """The legs on this chain; `legs` notes which transaction is which."""

    def __init__(self, scene: Scene, cast: Cast, plan: list[Crossing]):
        self.scene, self.cast, self.plan = scene, cast, plan
        self.legs: dict[str, bytes] = {}

    def events(self) -> list[Event]:
        events = []
        for crossing in self.plan:
            inward = crossing.asset_in == "BTC"
            act = self._pay_out if inward else self._take_in
            events.append((crossing.paid if inward else crossing.time, lambda c=crossing, act=act: act(c)))
        return [event for event in events if event[0] < END]

    def _token(self, symbol: str) -> Token:
        return self.cast.sels if symbol == "SELS" else self.cast.arvs

    def _pay_out(self, crossing: Crossing) -> None:
        token, to = self._token(crossing.asset_out), bytes.fromhex(crossing.destination[2:])
        if to not in self.scene.owners:
            self.scene.own(to, crossing.entity, "from another chain")
        if crossing.service == "swaplark":
            paid = self.scene.pay(self.cast.swaplark, token, to, crossing.amount_out, purpose="swap, paid out")
        else:
            # The bridge pays from what others locked; its keeper lends when that is too little.
            self._fill_bridge(token, crossing.amount_out)
            origin = keccak(crossing.reference.encode())
            self.scene.move(token, self.cast.bridge, to, crossing.amount_out)
            data = call("arrive(bytes32,address,address,uint256)", origin, token.address, to, crossing.amount_out)
            people = [token.address, to]
            keeper = self.cast.spangate
            paid = self.scene.send(
                keeper, self.cast.bridge, data=data, gas=150_000, people=people, purpose="bridge, paid out"
            )
        self.legs[crossing.reference] = paid.hash

    def _fill_bridge(self, token: Token, coins: int) -> None:
        short = coins - self.scene.balance(token, self.cast.bridge)
        if short > 0:
            lent = max(short, 10_000 * token.unit)
            issue(self.scene, self.cast, token, self.cast.bridge, lent)

    def _take_in(self, crossing: Crossing) -> None:
        token = self._token(crossing.asset_in)
        person = self.cast.residents[int(crossing.entity[-3:])]
        if self.scene.balance(token, person.address) < crossing.amount_in:
            # Who lacks the coins gets them from the swapper's own desk first, long enough before.
            source = self.cast.northpier.vault
            self.scene.pay(source, token, person.address, crossing.amount_in, purpose="withdrawal")
        leg = self._swap if crossing.service == "swaplark" else self._depart
        leg(crossing, token, person)

    def _swap(self, crossing: Crossing, token: Token, person: Account) -> None:
        """An ordinary account for each order: paid in, given gas money, emptied."""
        role = f"order {crossing.reference}"
        order = self.scene.account("swaplark", role, customer=crossing.entity)
        paid = self.scene.pay(person, token, order.address, crossing.amount_in, purpose="swap, paid in")
        self.legs[crossing.reference] = paid.hash
        tank, hot = self.cast.swaplark_tank, self.cast.swaplark
        collect(self.scene, order, token, tank=tank, hot=hot, delay=HOUR)

    def _depart(self, crossing: Crossing, token: Token, person: Account) -> None:
        self.scene.approve(person, token, self.cast.bridge, crossing.amount_in)
        self.scene.move(token, person.address, self.cast.bridge, crossing.amount_in)
        data = call("depart(address,uint256,string)", token.address, crossing.amount_in, crossing.destination)
        paid = self.scene.send(
            person, self.cast.bridge, data=data, gas=260_000, people=[token.address], purpose="bridge, paid in"
        )
        self.legs[crossing.reference] = paid.hash
