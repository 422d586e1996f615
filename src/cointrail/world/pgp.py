"""OpenPGP public keys and signatures of the story: real ones, made from the seed, which gpg and Sequoia accept.

Only what an exhibit needs: version 4 keys and signatures with Ed25519 in the form that GnuPG writes (RFC 4880 with the
EdDSA of RFC 9580 section 5.2.3.3, "EdDSALegacy"), one user id, ASCII armour, and the cleartext signature framework.
Same seed, same bytes: Ed25519 signatures hold no chance, and the times are the story's.
"""

import base64
import hashlib
from dataclasses import dataclass
from datetime import UTC, datetime

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

from cointrail.errors import CointrailError

__all__ = ["PgpKey", "pgp_key"]

# The object identifier 1.3.6.1.4.1.11591.15.1 of Ed25519, with its length before it.
_CURVE = bytes.fromhex("09" + "2b06010401da470f01")
_EDDSA, _SHA256 = 22, 8
_POSITIVE_CERTIFICATION, _TEXT_SIGNATURE = 0x13, 0x01
_PUBLIC_KEY, _USER_ID, _SIGNATURE = 6, 13, 2


@dataclass(frozen=True)
class PgpKey:
    """One key pair and its user id, such as ``"marshkite <marshkite@mail.example>"``.

    Attributes
    ----------
    secret : Ed25519PrivateKey
    user_id : str
    created : int
        Unix seconds; part of the fingerprint.
    """

    secret: Ed25519PrivateKey
    user_id: str
    created: int

    @property
    def _body(self) -> bytes:
        point = self.secret.public_key().public_bytes(Encoding.Raw, PublicFormat.Raw)
        return b"\x04" + self.created.to_bytes(4, "big") + bytes([_EDDSA]) + _CURVE + _mpi(b"\x40" + point)

    @property
    def _hashed_key(self) -> bytes:
        return b"\x99" + len(self._body).to_bytes(2, "big") + self._body

    @property
    def fingerprint(self) -> str:
        """Forty capital letters and digits (RFC 4880 section 12.2)."""
        return hashlib.sha1(self._hashed_key).hexdigest().upper()

    def certificate(self) -> str:
        """The public key with its self-signed user id, in ASCII armour."""
        name = self.user_id.encode()
        signed = self._hashed_key + b"\xb4" + len(name).to_bytes(4, "big") + name
        # key flags: certify and sign; preferred hash: SHA-256
        about = _subpacket(27, b"\x03") + _subpacket(21, bytes([_SHA256]))
        self_signature = self._signature(_POSITIVE_CERTIFICATION, signed, self.created, about)
        packets = _packet(_PUBLIC_KEY, self._body) + _packet(_USER_ID, name) + self_signature
        return _armour("PUBLIC KEY BLOCK", packets)

    def clear_signed(self, text: str, moment: int) -> str:
        """A message that anyone can read, with the signature below it (RFC 4880 section 7).

        Raises
        ------
        CointrailError
            A line ends in a blank, or begins with a dash: the framework would change it.
        """
        lines = text.strip("\n").split("\n")
        if any(line != line.rstrip() or line.startswith("-") for line in lines):
            raise CointrailError("A signed notice may hold no line that ends in a blank or begins with a dash.")
        signature = self._signature(_TEXT_SIGNATURE, "\r\n".join(lines).encode(), moment, b"")
        head = "-----BEGIN PGP SIGNED MESSAGE-----\nHash: SHA256\n\n"
        return head + "\n".join(lines) + "\n" + _armour("SIGNATURE", signature)

    def _signature(self, kind: int, signed: bytes, moment: int, more: bytes) -> bytes:
        """A signature packet, version 4: what is hashed, then the hash itself (RFC 4880 section 5.2.4)."""
        fingerprint = bytes.fromhex(self.fingerprint)
        hashed = _subpacket(33, b"\x04" + fingerprint) + _subpacket(2, moment.to_bytes(4, "big")) + more
        head = bytes([4, kind, _EDDSA, _SHA256]) + len(hashed).to_bytes(2, "big") + hashed
        digest = hashlib.sha256(signed + head + b"\x04\xff" + len(head).to_bytes(4, "big")).digest()
        raw = self.secret.sign(digest)
        issuer = _subpacket(16, fingerprint[-8:])
        body = head + len(issuer).to_bytes(2, "big") + issuer + digest[:2] + _mpi(raw[:32]) + _mpi(raw[32:])
        return _packet(_SIGNATURE, body)


def pgp_key(seed: bytes, purpose: str, *, user_id: str, created: str) -> PgpKey:
    """The key of somebody in the story.

    Parameters
    ----------
    seed : bytes
        Of the world.
    purpose : str
        Whose key; another purpose, another key.
    created : str
        UTC time, such as ``"2026-02-20T09:00:00Z"``.

    Examples
    --------
    >>> key = pgp_key(bytes(16), "example", user_id="a <a@mail.example>", created="2026-02-20T09:00:00Z")
    >>> len(key.fingerprint), key.certificate().splitlines()[0]
    (40, '-----BEGIN PGP PUBLIC KEY BLOCK-----')
    """
    secret = hashlib.sha256(b"openpgp" + seed + purpose.encode()).digest()
    moment = datetime.fromisoformat(created).astimezone(UTC)
    return PgpKey(Ed25519PrivateKey.from_private_bytes(secret), user_id, int(moment.timestamp()))


def _mpi(number: bytes) -> bytes:
    """A multiprecision integer: its length in bits, then its bytes without leading zeros."""
    number = number.lstrip(b"\0")
    bits = (len(number) - 1) * 8 + number[0].bit_length() if number else 0
    return bits.to_bytes(2, "big") + number


def _subpacket(kind: int, content: bytes) -> bytes:
    return bytes([len(content) + 1, kind]) + content


def _packet(tag: int, body: bytes) -> bytes:
    """A packet with a length of two bytes, in the old format that every program reads."""
    return bytes([0x80 | tag << 2 | 1]) + len(body).to_bytes(2, "big") + body


def _armour(kind: str, data: bytes) -> str:
    text = base64.b64encode(data).decode()
    lines = [text[start : start + 64] for start in range(0, len(text), 64)]
    check = base64.b64encode(_crc24(data).to_bytes(3, "big")).decode()
    return "\n".join([f"-----BEGIN PGP {kind}-----", "", *lines, f"={check}", f"-----END PGP {kind}-----", ""])


def _crc24(data: bytes) -> int:
    """The checksum at the end of armour (RFC 4880 section 6.1)."""
    crc = 0xB704CE
    for byte in data:
        crc ^= byte << 16
        for _ in range(8):
            crc <<= 1
            if crc & 0x1000000:
                crc ^= 0x1864CFB
    return crc & 0xFFFFFF
