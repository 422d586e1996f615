"""Search keys until their addresses look like somebody else's: the same first three and last two characters.

That is what address poisoners do. Each candidate key is the one before plus one, so each costs one point addition.
"""

from collections.abc import Iterable

from coincurve import PrivateKey, PublicKey

from cointrail.world.evm.keys import address_of_key
from cointrail.world.keys import ORDER, secret_key

__all__ = ["find_lookalikes", "looks_like"]

FIRST, LAST = 3, 2
ONE = PublicKey.from_secret(bytes(31) + b"\x01")


def looks_like(address: bytes, other: bytes) -> bool:
    """Same first three and last two hex characters, and not the same address."""
    return address != other and _ends(address) == _ends(other)


def find_lookalikes(seed: bytes, targets: Iterable[bytes], *, tries: int) -> dict[bytes, PrivateKey]:
    """For some of the targets, a key whose address looks like it; each target at most once.

    Parameters
    ----------
    seed : bytes
        The world's seed.
    targets : iterable of bytes
        Addresses worth imitating.
    tries : int
        Keys to try; one in about a million fits a given target.
    """
    wanted = {_ends(target): target for target in targets}
    secret = int.from_bytes(secret_key(seed, "evm/look-alikes"), "big")
    point, found = PublicKey.from_secret(secret.to_bytes(32, "big")), {}
    for step in range(tries):
        target = wanted.get(_ends(address_of_key(point.format(compressed=False))))
        if target is not None and target not in found:
            found[target] = PrivateKey.from_int((secret + step) % ORDER)
        point = PublicKey.combine_keys([point, ONE])
    return found


def _ends(address: bytes) -> str:
    text = address.hex()
    return text[:FIRST] + text[-LAST:]
