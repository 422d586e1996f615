"""Locks: an address, the output script behind it and the keys that open it, for five script types.

Keys come from the world's seed, so anyone who has the seed can spend: they are worth nothing and must never be used
outside a synthetic ledger.
"""

import hashlib
import hmac
from dataclasses import dataclass
from functools import cached_property

from embit.hashes import hash160, tagged_hash

from cointrail.errors import CointrailError
from cointrail.ledger.addresses import address_of

try:
    from coincurve import PrivateKey, PublicKey, PublicKeyXOnly
    from coincurve.context import GLOBAL_CONTEXT
except ImportError as error:
    raise CointrailError("Making a world needs the package coincurve: install cointrail[world].") from error

__all__ = ["KINDS", "Lock", "make_lock", "secret_key"]

# Order of the secp256k1 group (SEC 2).
ORDER = 0xFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFEBAAEDCE6AF48A03BBFD25E8CD0364141


class Key(PrivateKey):
    """A secret key that works out its public keys when they are asked for, and can be sent to another process."""

    def __init__(self, secret: bytes):
        self.secret, self.context = secret, GLOBAL_CONTEXT

    def __reduce__(self):
        return Key, (self.secret,)

    @cached_property
    def public_key(self) -> PublicKey:
        return PublicKey.from_valid_secret(self.secret)

    @cached_property
    def public_key_xonly(self) -> PublicKeyXOnly:
        return PublicKeyXOnly.from_valid_secret(self.secret)


@dataclass(frozen=True)
class Lock:
    """What receives a coin and can spend it.

    `inner` is the script that signatures commit to: the witness script of a multisig, the P2PKH form of a single key,
    nothing for taproot.
    """

    kind: str
    script: bytes
    inner: bytes
    keys: tuple[Key, ...]
    pubkeys: tuple[bytes, ...]

    @property
    def address(self) -> str:
        return address_of(self.script)


def secret_key(seed: bytes, purpose: str) -> bytes:
    """A valid secp256k1 secret for one purpose of a world."""
    number = int.from_bytes(hmac.digest(seed, f"key/{purpose}".encode(), hashlib.sha256), "big")
    return (number % (ORDER - 1) + 1).to_bytes(32, "big")


def make_lock(kind: str, secrets: tuple[bytes, ...]) -> Lock:
    """The lock of a script type (one of `KINDS`) for one secret key, or three for ``p2wsh``."""
    return KINDS[kind](kind, tuple(Key(secret) for secret in secrets))


def _p2pkh(kind: str, keys: tuple[Key, ...]) -> Lock:
    script = _pay_to_hash(keys[0])
    return Lock(kind, script, script, keys, _pubkeys(keys))


def _p2wpkh(kind: str, keys: tuple[Key, ...]) -> Lock:
    return Lock(kind, b"\x00\x14" + _hash(keys[0]), _pay_to_hash(keys[0]), keys, _pubkeys(keys))


def _p2sh_p2wpkh(kind: str, keys: tuple[Key, ...]) -> Lock:
    script = b"\xa9\x14" + hash160(b"\x00\x14" + _hash(keys[0])) + b"\x87"
    return Lock(kind, script, _pay_to_hash(keys[0]), keys, _pubkeys(keys))


def _p2wsh(kind: str, keys: tuple[Key, ...]) -> Lock:
    # Two of three: OP_2 <key> <key> <key> OP_3 OP_CHECKMULTISIG, keys sorted as BIP67 says.
    keys = tuple(sorted(keys, key=lambda key: key.public_key.format()))
    inner = b"\x52" + b"".join(b"\x21" + pubkey for pubkey in _pubkeys(keys)) + b"\x53\xae"
    return Lock(kind, b"\x00\x20" + hashlib.sha256(inner).digest(), inner, keys, _pubkeys(keys))


def _p2tr(kind: str, keys: tuple[Key, ...]) -> Lock:
    # Key path only (BIP86): the output key is the inner key, tweaked by its own hash (BIP341).
    inner = keys[0].public_key.format()
    secret = keys[0].to_int() if inner[0] == 2 else ORDER - keys[0].to_int()
    tweak = int.from_bytes(tagged_hash("TapTweak", inner[1:]), "big")
    key = Key(((secret + tweak) % ORDER).to_bytes(32, "big"))
    return Lock(kind, b"\x51\x20" + key.public_key.format()[1:], b"", (key,), _pubkeys((key,)))


KINDS = {"p2pkh": _p2pkh, "p2wpkh": _p2wpkh, "p2sh-p2wpkh": _p2sh_p2wpkh, "p2wsh": _p2wsh, "p2tr": _p2tr}


def _pubkeys(keys: tuple[Key, ...]) -> tuple[bytes, ...]:
    return tuple(key.public_key.format() for key in keys)


def _hash(key: Key) -> bytes:
    return hash160(key.public_key.format())


def _pay_to_hash(key: Key) -> bytes:
    return b"\x76\xa9\x14" + _hash(key) + b"\x88\xac"
