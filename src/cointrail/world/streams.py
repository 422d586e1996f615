"""Random numbers for a world: whole numbers only, one stream for each purpose, all from one seed.

A stream is HMAC-SHA256 keyed by the world's seed, so the same seed gives the same world on every machine, and a new
purpose never moves the numbers of an old one. Nothing here uses the clock, floats or the system's randomness.
"""

import hashlib
import hmac
from collections.abc import Sequence
from typing import TypeVar

__all__ = ["Stream"]

T = TypeVar("T")


class Stream:
    """Random integers for one purpose.

    Parameters
    ----------
    seed : bytes
        The world's 128-bit seed, or any secret.
    purpose : str
        What the numbers are for, such as ``"prices"``.

    Examples
    --------
    >>> Stream(bytes(16), "example").between(1, 6) == Stream(bytes(16), "example").between(1, 6)
    True
    """

    def __init__(self, seed: bytes, purpose: str):
        self._key = hmac.digest(seed, purpose.encode(), hashlib.sha256)
        self._counter = 0

    def bytes(self) -> bytes:
        """The next 32 bytes."""
        self._counter += 1
        return hmac.digest(self._key, self._counter.to_bytes(8, "big"), hashlib.sha256)

    def below(self, bound: int) -> int:
        """A number from 0 to bound - 1, each as likely as the other."""
        # Numbers at the top that would favour small remainders are drawn again.
        limit = (1 << 64) - (1 << 64) % bound
        while (number := int.from_bytes(self.bytes()[:8], "big")) >= limit:
            pass
        return number % bound

    def between(self, low: int, high: int) -> int:
        """A number from low to high, both included."""
        return low + self.below(high - low + 1)

    def chance(self, percent: int) -> bool:
        """True in `percent` of a hundred draws."""
        return self.below(100) < percent

    def around(self, median: int, percent: int = 30) -> int:
        """A positive number spread about a median as incomes and prices are: often near it, sometimes many times it.

        Thirty-two coins are tossed; each head multiplies by 1 + percent/100, each tail divides (about lognormal). With
        30 percent, two of three numbers lie between half and twice the median.
        """
        draw = self.bytes()
        heads = int.from_bytes(draw[:4], "big").bit_count() - 16
        value = median * (1_000 + int.from_bytes(draw[4:6], "big") % 1_000 * percent // 100) // (1_000 + 5 * percent)
        for _ in range(abs(heads)):
            value = value * (100 + percent) // 100 if heads > 0 else value * 100 // (100 + percent)
        return max(1, value)

    def choice(self, items: Sequence[T]) -> T:
        return items[self.below(len(items))]

    def shuffled(self, items: Sequence[T]) -> list[T]:
        """A new list with the items in random order (Fisher-Yates)."""
        mixed = list(items)
        for last in range(len(mixed) - 1, 0, -1):
            other = self.below(last + 1)
            mixed[last], mixed[other] = mixed[other], mixed[last]
        return mixed
