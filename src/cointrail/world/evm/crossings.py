"""Crossings: coins that leave one chain and come out on another, through the swapper SWAPLARK or the bridge SPANGATE.

The UTXO chain is made first and notes its end of every crossing (truth table ``crossings``); this chain plays the other
end, for the same reference:

- direction "out" (BTC to this chain): the entity paid `value` satoshi at `timestamp`; some hours later the service
  pays `amount` base units of `asset` to the entity's account "main", whose key follows from the seed
  (`crossing_address`).
- direction "in" (this chain to BTC): the service paid `value` satoshi at `timestamp`; some hours earlier the
  entity pays `amount` base units of `asset` to the service.

The bridge names the other end: ``Arrived.origin`` is the txid of the payment on the UTXO chain,
``Departed.destination`` the address that is paid there. The swapper names nothing: amount, time and fee must do.
"""

from dataclasses import dataclass

from cointrail.world.evm.cast import QUAY, Cast
from cointrail.world.evm.contracts import call
from cointrail.world.evm.exchanges import Exchanges, collect, issue
from cointrail.world.evm.hashing import keccak
from cointrail.world.evm.keys import Account, make_account
from cointrail.world.evm.scene import Event, Scene, Token
from cointrail.world.evm.times import DAY, END, HOUR, SLOT, START, moments
from cointrail.world.keys import make_lock, secret_key
from cointrail.world.streams import Stream

__all__ = ["Crossing", "Crossings", "Leg", "crossing_address", "stand_in"]

# Hours between the two ends. The services wait for a confirmation on the slow chain.
WAITS = {
    ("swaplark", "out"): (1, 5),
    ("swaplark", "in"): (1, 3),
    ("spangate", "out"): (4, 14),
    ("spangate", "in"): (2, 9),
}
WORKING_COINS = QUAY // 20


@dataclass(frozen=True)
class Crossing:
    """One end of a crossing, on the UTXO chain; `destination` is the bcrt1 address paid there ("in" only)."""

    reference: str
    service: str
    direction: str
    timestamp: int
    entity: str
    transaction_hash: str
    destination: str
    value: int
    asset: str
    amount: int


@dataclass(frozen=True)
class Leg:
    """The other end, on this chain."""

    reference: str
    timestamp: int
    transaction: bytes


def crossing_address(seed: bytes, entity: str) -> bytes:
    """The account on this chain that an entity's crossings are paid to: 20 bytes."""
    return make_account(seed, f"{entity}/main").address


def stand_in(seed: bytes, entities: list[str], count: int = 40) -> list[Crossing]:
    """Crossings for a story that has no UTXO chain beside it (tests): the same shape, invented txids."""
    stream, crossings = Stream(seed, "evm/stand-in crossings"), []
    for number, time in enumerate(moments(stream, count, start=START + 12 * DAY, end=END - 3 * DAY)):
        reference = f"STAND-IN-{number:05}"
        inward = number % 3 == 2
        lock = make_lock("p2wpkh", (secret_key(seed, f"crossing/{reference}"),))
        asset, mark = (("HBC", 3 * 10**16), ("ARVD", 10**6))[stream.chance(70)]
        crossings.append(
            Crossing(
                reference,
                stream.choice(("swaplark", "spangate")),
                "in" if inward else "out",
                time,
                stream.choice(entities),
                keccak(reference.encode()).hex(),
                lock.address if inward else "",
                stream.between(400_000, 20_000_000),
                asset,
                stream.between(200, 3_000) * mark,
            )
        )
    return crossings


class Crossings:
    """The ends on this chain; `legs` notes which transaction is which, `arrivals` when an entity's coins come."""

    def __init__(self, scene: Scene, cast: Cast, exchanges: Exchanges, crossings: list[Crossing]):
        self.scene, self.cast, self.exchanges = scene, cast, exchanges
        self.stream = Stream(scene.seed, "evm/crossings")
        self.legs: list[Leg] = []
        self.people = {entity: self._person(entity) for entity in sorted({one.entity for one in crossings})}
        self.planned = [(one, self._time(one)) for one in sorted(crossings, key=lambda one: one.reference)]

    def _person(self, entity: str) -> Account:
        known = next((suspect for suspect in self.cast.suspects if suspect.entity == entity), None)
        return known.wallets[0] if known else self.scene.account(entity, "main")

    def _time(self, crossing: Crossing) -> int:
        low, high = WAITS[crossing.service, crossing.direction]
        wait = self.stream.between(low * HOUR, high * HOUR)
        return crossing.timestamp + wait if crossing.direction == "out" else crossing.timestamp - wait

    def events(self) -> list[Event]:
        events = []
        for crossing, time in self.planned:
            if crossing.direction == "out":
                events.append((time, lambda c=crossing: self._pay_out(c)))
                if crossing.entity not in {suspect.entity for suspect in self.cast.suspects}:
                    events.append((time + self.stream.between(1, 20) * DAY, lambda c=crossing: self._sell(c)))
            else:
                events.append((time - 3 * HOUR, lambda c=crossing: self._prepare(c)))
                events.append((time, lambda c=crossing: self._take_in(c)))
        return events

    def _token(self, crossing: Crossing) -> Token:
        return self.cast.hbc if crossing.asset == "HBC" else self.cast.arvd

    def _note(self, crossing: Crossing, transaction) -> None:
        self.legs.append(Leg(crossing.reference, self.scene.now, transaction.hash))

    def _pay_out(self, crossing: Crossing) -> None:
        token, to = self._token(crossing), self.people[crossing.entity].address
        if crossing.service == "swaplark":
            self._fill(token, self.cast.swaplark.address, crossing.amount)
            self._note(
                crossing, self.scene.pay(self.cast.swaplark, token, to, crossing.amount, purpose="swap, paid out")
            )
            return
        # The bridge pays from what others locked; the issuer helps out when that is too little.
        self._fill(token, self.cast.bridge, crossing.amount)
        self.scene.move(token, self.cast.bridge, to, crossing.amount)
        origin = bytes.fromhex(crossing.transaction_hash)
        data = call("arrive(bytes32,address,address,uint256)", origin, token.address, to, crossing.amount)
        self._note(crossing, self._bridge(self.cast.spangate, data, token, to, purpose="bridge, paid out"))

    def _fill(self, token: Token, account: bytes, coins: int) -> None:
        short = coins - self.scene.balance(token, account)
        if short > 0:
            issue(self.scene, self.cast, token, account, max(short, 10_000 * token.mark))

    def _bridge(self, account: Account, data: bytes, token: Token, to: bytes, *, purpose: str):
        people = [token.address, to]
        return self.scene.send(account, self.cast.bridge, data=data, gas=300_000, people=people, purpose=purpose)

    def _prepare(self, crossing: Crossing) -> None:
        """Whoever lacks the coins, or gas money, gets them at KESTREL in time."""
        person, token = self.people[crossing.entity], self._token(crossing)
        short = crossing.amount - self.scene.balance(token, person.address)
        if short > 0:
            self._fill(token, self.cast.kestrel.address, short)
            self.exchanges.withdraw(person.address, token, short, customer=crossing.entity, exchange="kestrel")
        self._give_gas(person, crossing.entity)

    def _give_gas(self, person: Account, entity: str) -> None:
        if self.scene.coins(person.address) < WORKING_COINS // 2:
            self.exchanges.withdraw_coins(person.address, WORKING_COINS, customer=entity, exchange="kestrel")

    def _take_in(self, crossing: Crossing) -> None:
        person, token = self.people[crossing.entity], self._token(crossing)
        coins = min(crossing.amount, self.scene.balance(token, person.address))
        if coins < crossing.amount:
            return
        if crossing.service == "swaplark":
            self._order(crossing, token, person)
            return
        self.scene.approve(person, token, self.cast.bridge, coins)
        self.scene.move(token, person.address, self.cast.bridge, coins)
        data = call("depart(address,uint256,string)", token.address, coins, crossing.destination)
        self._note(crossing, self._bridge(person, data, token, person.address, purpose="bridge, paid in"))

    def _order(self, crossing: Crossing, token: Token, person: Account) -> None:
        """An ordinary account for each order: paid in, given gas money, emptied."""
        order = self.scene.account("swaplark", f"order {crossing.reference}", customer=crossing.entity)
        self._note(crossing, self.scene.pay(person, token, order.address, crossing.amount, purpose="swap, paid in"))
        tank, hot = self.cast.swaplark_tank, self.cast.swaplark
        collect(self.scene, order, token, tank=tank, hot=hot, delay=HOUR)

    def _sell(self, crossing: Crossing) -> None:
        """People who came over for a purpose sell some of the coins to a broker or at NORTHPIER."""
        person, token = self.people[crossing.entity], self._token(crossing)
        self._give_gas(person, crossing.entity)
        broker = self.stream.choice(sorted(self.cast.brokers))
        part = self.stream.between(40, 95)

        def sell() -> None:
            coins = self.scene.balance(token, person.address) * part // 100
            if coins:
                self.scene.pay(person, token, self.cast.brokers[broker].address, coins, purpose="cash out")

        self.scene.later(2 * SLOT, sell)
