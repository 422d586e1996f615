"""Live the eight months of the account chain."""

from dataclasses import dataclass

from cointrail.world.evm.brokers import Brokers
from cointrail.world.evm.cast import Cast
from cointrail.world.evm.chain import Chain
from cointrail.world.evm.crossings import Crossing, Crossings
from cointrail.world.evm.exchanges import Exchanges
from cointrail.world.evm.frauds import Frauds
from cointrail.world.evm.opaque import Opaque
from cointrail.world.evm.poisoning import Poisoners
from cointrail.world.evm.scene import Scene
from cointrail.world.evm.street import Street
from cointrail.world.evm.suspects import Suspects
from cointrail.world.evm.times import END, START

__all__ = ["Story", "live"]


@dataclass(frozen=True)
class Story:
    """The scene after the last day, with everybody who kept notes."""

    scene: Scene
    cast: Cast
    exchanges: Exchanges
    crossings: Crossings
    suspects: Suspects
    opaque: Opaque


def live(seed: bytes, crossings: list[Crossing], *, suspects: list[str], end: int = END) -> Story:
    """Live the story from a seed.

    Parameters
    ----------
    seed : bytes
        The world's 128-bit seed.
    crossings : list of Crossing
        The ends on the UTXO chain.
    suspects : list of str
        Their names on the UTXO chain, docket A first.
    end : int, optional
        Stop early, Unix seconds: a shorter story for tests.
    """
    scene = Scene(seed)
    cast = Cast(scene, suspects)
    scene.chain = Chain(START, cast.first_coins())
    exchanges = Exchanges(scene, cast)
    ends, opaque = Crossings(scene, cast, exchanges, crossings), Opaque(scene, cast)
    routes = Suspects(scene, cast, exchanges, ends)
    actors = [exchanges, Street(scene, cast, exchanges), Brokers(scene, cast, exchanges), Frauds(scene, cast)]
    events = [(START + 60, lambda: cast.found(scene))]
    for actor in (*actors, ends, opaque, routes, Poisoners(scene, cast)):
        events += actor.events()
    scene.run(events, end=end, miners=[account.address for account in cast.miners])
    return Story(scene, cast, exchanges, ends, routes, opaque)
