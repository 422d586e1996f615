"""Keccak-256, the hash of account chains (it is not SHA3-256: the padding differs)."""

from cointrail.errors import CointrailError

try:
    from Crypto.Hash import keccak as _keccak
except ImportError as error:
    raise CointrailError("Making a world needs the package pycryptodome: install cointrail[world].") from error

__all__ = ["keccak"]


def keccak(data: bytes) -> bytes:
    """The 32-byte Keccak-256 hash.

    Examples
    --------
    >>> keccak(b"").hex()[:16]
    'c5d2460186f7233c'
    """
    return _keccak.new(data=data, digest_bits=256).digest()
