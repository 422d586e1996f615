"""What stands around a suspect's first hop and moved nothing of theirs: the lines that a reader must not count.

An approval, a first try that runs out of gas, counterfeit units that came unasked, and a poisoner's lines: payments
of nothing to an address that looks like the real one. And one thing that is easily missed: coins for gas that arrive
inside a transaction of a splitting contract, which no list of transactions shows.
"""

import hashlib
from typing import TYPE_CHECKING

from cointrail.world.evm.contracts import call
from cointrail.world.evm.scene import Event
from cointrail.world.evm.times import HOUR

if TYPE_CHECKING:
    from cointrail.world.evm.cast import Suspect
    from cointrail.world.evm.suspects import Suspects

__all__ = ["keyless_look_alike", "pitfalls"]

ALLOWED = 600
# Less than a token transfer needs, so that it stops half-way.
TOO_LITTLE_GAS = 25_000


def pitfalls(routes: "Suspects", suspect: "Suspect", hop: int) -> list[Event]:
    """The events around a suspect's first hop, which happens at `hop` (Unix seconds); the shop is paid two hours on."""
    return [
        (hop - 4 * HOUR, lambda: _allow(routes, suspect)),
        (hop - 3 * HOUR, lambda: _send_counterfeit(routes, suspect)),
        (hop - 2 * HOUR, lambda: _try_in_vain(routes, suspect)),
        (hop + 1 * HOUR, lambda: _pay_nothing(routes, suspect, suspect.wallets[1].address)),
        (hop + 3 * HOUR, lambda: _pay_nothing(routes, suspect, _shop(routes))),
        (hop + 3 * HOUR, lambda: _pay_counterfeit(routes, suspect)),
        (hop + 4 * HOUR, lambda: _split_gas(routes, suspect)),
    ]


def keyless_look_alike(seed: bytes, target: bytes) -> bytes:
    """An address with the first four and last four hex characters of another; nobody holds a key to it.

    A poisoner would search a key for it, which takes an hour; it is enough here that nothing is ever sent on from it.
    """
    text, middle = target.hex(), hashlib.sha256(seed + b"evm/keyless" + target).hexdigest()
    return bytes.fromhex(text[:4] + middle[:32] + text[-4:])


def _shop(routes: "Suspects") -> bytes:
    return routes.cast.merchants["cloud_cellar"].address


def _allow(routes: "Suspects", suspect: "Suspect") -> None:
    token = routes.token_of(suspect)
    routes.scene.approve(suspect.wallets[0], token, _shop(routes), ALLOWED * token.mark)


def _send_counterfeit(routes: "Suspects", suspect: "Suspect") -> None:
    """Counterfeit units in the amount that came in: a history of false lines needs some to move."""
    token, fake, to = routes.token_of(suspect), routes.cast.fake, suspect.wallets[0].address
    coins = routes.scene.balance(token, to) * fake.mark // token.mark
    routes.scene.pay(routes.cast.maker, fake, to, coins, purpose="poisoning, counterfeit")


def _try_in_vain(routes: "Suspects", suspect: "Suspect") -> None:
    token, source, to = routes.token_of(suspect), *(wallet for wallet in suspect.wallets[:2])
    coins = routes.scene.balance(token, source.address) // (2 * token.mark) * token.mark
    routes.scene.pay(source, token, to.address, coins, purpose="route, failed", fails=True, gas=TOO_LITTLE_GAS)


def _mask(routes: "Suspects", suspect: "Suspect", target: bytes) -> bytes:
    scene = routes.scene
    address = keyless_look_alike(scene.seed, target)
    scene.own(address, _poisoner(routes, suspect)[0], f"look-alike of {scene.owners[target].entity}")
    return address


def _poisoner(routes: "Suspects", suspect: "Suspect"):
    number = ord(suspect.docket) % 3
    return f"poisoner_{number + 1}", routes.cast.poisoners[number]


def _pay_nothing(routes: "Suspects", suspect: "Suspect", target: bytes) -> None:
    """A transfer of 0 units out of the suspect's account: nobody has to agree to it."""
    token, owner = routes.token_of(suspect), suspect.wallets[0].address
    mask, (_, poisoner) = _mask(routes, suspect, target), _poisoner(routes, suspect)
    routes.scene.pull(poisoner, token, owner, mask, 0, purpose="poisoning, nothing moved")


def _pay_counterfeit(routes: "Suspects", suspect: "Suspect") -> None:
    """Half of the counterfeit units seem to go to the shop's look-alike; the other half stays."""
    scene, fake, owner = routes.scene, routes.cast.fake, suspect.wallets[0].address
    mask, coins = _mask(routes, suspect, _shop(routes)), scene.balance(fake, owner) // 2
    scene.move(fake, owner, mask, coins)
    data = call("moveFor(address,address,uint256)", owner, mask, coins)
    maker, people = routes.cast.maker, [owner, mask]
    scene.send(maker, fake.address, data=data, gas=90_000, people=people, purpose="poisoning, counterfeit")


def _split_gas(routes: "Suspects", suspect: "Suspect") -> None:
    people = [suspect.wallets[0].address, suspect.wallets[2].address]
    value = routes.gas // 4
    data = call("split(address[],uint256[])", people, [value, value])
    routes.scene.send(
        suspect.gas,
        routes.cast.splitter,
        data=data,
        value=2 * value,
        gas=200_000,
        people=people,
        purpose="gas top-up",
    )
