"""SYN-OPAQUE, the stand-in for a chain that hides senders, receivers and amounts: only its ends are seen.

SWAPLARK takes QUAY for OPAQ and gives QUAY for OPAQ. Both ends stand on SYN-EVM; between them there is nothing. Several
exits fit each entry and most people wait days, so no link between an entry and an exit can be shown.
"""

from dataclasses import dataclass

from cointrail.world.evm.cast import QUAY, Cast
from cointrail.world.evm.scene import Event, Scene
from cointrail.world.evm.times import DAY, END, HOUR, START, moments
from cointrail.world.streams import Stream

__all__ = ["Opaque", "Passage"]

PASSAGES = 36
# Everybody uses the same few sizes; that, and patience, is all it takes.
SIZES = (QUAY // 2, QUAY, 2 * QUAY)


@dataclass(frozen=True)
class Passage:
    """One person's way through: the transaction in, the transaction out, and who it was (truth)."""

    number: int
    entity: str
    entry: bytes
    exit: bytes | None
    sent: int
    received: int


class Opaque:
    """Entries and exits; `passages` is the truth that joins them."""

    def __init__(self, scene: Scene, cast: Cast):
        self.scene, self.cast = scene, cast
        self.stream = Stream(scene.seed, "evm/opaque")
        self.passages: dict[int, Passage] = {}
        self.ends: list[tuple[int, str, bytes, bytes, int]] = []

    def events(self) -> list[Event]:
        times = moments(self.stream, PASSAGES, start=START + 25 * DAY, end=END - 30 * DAY)
        return [(time, lambda number=number: self._enter(number)) for number, time in enumerate(times)]

    def _enter(self, number: int) -> None:
        person = self.stream.below(240)
        account, size = self.cast.residents[person], self.stream.choice(SIZES)
        if self.scene.coins(account.address) < size + QUAY // 10:
            self.scene.give(self.cast.northpier.vault, account.address, size + QUAY // 5, purpose="withdrawal")
        entity = f"resident_{person:03}"
        order = self.scene.account("swaplark", f"opaque order {number}", customer=entity)
        entry = self.scene.give(account, order.address, size, purpose="opaque, entry")
        self.ends.append((self.scene.now, "entry", entry.hash, order.address, size))
        received = size * (1_000 - self.stream.between(20, 30)) // 1_000
        self.passages[number] = Passage(number, entity, entry.hash, None, size, received)
        self.scene.later(2 * HOUR, lambda: self._collect(order, size))
        self.scene.later(self.stream.between(18, 600) * HOUR, lambda: self._leave(number))

    def _collect(self, order, size: int) -> None:
        self.scene.give(order, self.cast.swaplark.address, size - QUAY // 1_000, purpose="sweep")

    def _leave(self, number: int) -> None:
        passage = self.passages[number]
        out = self.scene.account(passage.entity, f"after opaque {number}")
        paid = self.scene.give(self.cast.swaplark, out.address, passage.received, purpose="opaque, exit")
        self.ends.append((self.scene.now, "exit", paid.hash, out.address, passage.received))
        self.passages[number] = Passage(
            number, passage.entity, passage.entry, paid.hash, passage.sent, passage.received
        )
