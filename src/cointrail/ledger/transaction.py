"""Bitcoin transactions as bytes: our own small parser and its exact inverse.

Hashes inside these objects are bytes in the order the network sends them; `txid` and `wtxid` are the hex strings
people read, which are the same bytes reversed. Serialisation follows BIP144: the txid leaves the witness out.
"""

import hashlib
import struct
from typing import NamedTuple

from cointrail.errors import CointrailError

__all__ = [
    "Reader",
    "Transaction",
    "TxIn",
    "TxOut",
    "compact_size",
    "double_sha256",
    "hash_to_hex",
    "parse_transaction",
    "read_transaction",
]

COINBASE_TXID = bytes(32)


def double_sha256(data: bytes) -> bytes:
    """SHA-256 twice, the hash of txids, block hashes and merkle trees."""
    return hashlib.sha256(hashlib.sha256(data).digest()).digest()


def hash_to_hex(digest: bytes) -> str:
    """The hex text people read for a hash in network byte order."""
    return digest[::-1].hex()


def compact_size(number: int) -> bytes:
    """Bitcoin's variable-length integer, in its shortest form.

    >>> compact_size(252).hex(), compact_size(253).hex()
    ('fc', 'fdfd00')
    """
    if number < 0xFD:
        return bytes((number,))
    if number <= 0xFFFF:
        return b"\xfd" + struct.pack("<H", number)
    if number <= 0xFFFFFFFF:
        return b"\xfe" + struct.pack("<I", number)
    return b"\xff" + struct.pack("<Q", number)


class TxIn(NamedTuple):
    """One input: the outpoint it spends and what unlocks it."""

    txid: bytes
    vout: int
    script: bytes = b""
    sequence: int = 0xFFFFFFFF
    witness: tuple[bytes, ...] = ()

    def serialise(self) -> bytes:
        return b"".join(
            (
                self.txid,
                struct.pack("<I", self.vout),
                compact_size(len(self.script)),
                self.script,
                struct.pack("<I", self.sequence),
            )
        )


class TxOut(NamedTuple):
    """One output: a value in satoshi and the script that locks it."""

    value: int
    script: bytes

    def serialise(self) -> bytes:
        return struct.pack("<q", self.value) + compact_size(len(self.script)) + self.script


class Transaction(NamedTuple):
    """A whole transaction, coinbase or not."""

    version: int
    inputs: tuple[TxIn, ...]
    outputs: tuple[TxOut, ...]
    lock_time: int = 0

    def serialise(self, *, witness: bool = True) -> bytes:
        """The raw bytes; with ``witness=False`` the bytes that the txid is the hash of."""
        witness = witness and self.has_witness
        parts = [struct.pack("<i", self.version), b"\x00\x01" if witness else b"", compact_size(len(self.inputs))]
        parts += [txin.serialise() for txin in self.inputs]
        parts.append(compact_size(len(self.outputs)))
        parts += [txout.serialise() for txout in self.outputs]
        if witness:
            parts += [_witness_bytes(txin.witness) for txin in self.inputs]
        parts.append(struct.pack("<I", self.lock_time))
        return b"".join(parts)

    @property
    def has_witness(self) -> bool:
        return any(txin.witness for txin in self.inputs)

    @property
    def is_coinbase(self) -> bool:
        return len(self.inputs) == 1 and self.inputs[0].txid == COINBASE_TXID

    @property
    def txid(self) -> str:
        return hash_to_hex(double_sha256(self.serialise(witness=False)))

    @property
    def wtxid(self) -> str:
        return hash_to_hex(double_sha256(self.serialise()))

    @property
    def size(self) -> int:
        """Bytes on the wire, witness included."""
        return len(self.serialise())

    @property
    def virtual_size(self) -> int:
        """Virtual bytes of BIP141: a quarter of the weight, rounded up. Fee rates count these."""
        weight = 3 * len(self.serialise(witness=False)) + self.size
        return (weight + 3) // 4


def _witness_bytes(items: tuple[bytes, ...]) -> bytes:
    return compact_size(len(items)) + b"".join(compact_size(len(item)) + item for item in items)


class Reader:
    """Reads fixed and variable fields from bytes and says where they end too early."""

    def __init__(self, data: bytes, position: int = 0):
        self.data = data
        self.position = position

    def take(self, length: int) -> bytes:
        end = self.position + length
        if end > len(self.data):
            raise CointrailError(
                f"The bytes end at {len(self.data)}, but a field from {self.position} needs {length} bytes: "
                "the transaction or block is cut short; take a fresh copy."
            )
        piece = self.data[self.position : end]
        self.position = end
        return piece

    def integer(self, layout: str) -> int:
        """One little-endian integer, in the letters of `struct` (``"<I"`` is four bytes without sign)."""
        return struct.unpack(layout, self.take(struct.calcsize(layout)))[0]

    def compact_size(self) -> int:
        start = self.position
        first = self.take(1)[0]
        number = first if first < 0xFD else self.integer({0xFD: "<H", 0xFE: "<I", 0xFF: "<Q"}[first])
        # Two spellings of one number would give one transaction two txids, so Bitcoin Core refuses the long one too.
        if self.data[start : self.position] != compact_size(number):
            raise CointrailError(f"The length at byte {start} is not in its shortest form: these bytes are damaged.")
        return number

    def text(self) -> bytes:
        """A length followed by that many bytes."""
        return self.take(self.compact_size())


def parse_transaction(raw: bytes) -> Transaction:
    """Parse one raw transaction.

    Parameters
    ----------
    raw : bytes
        The whole transaction, with or without witness (BIP144).

    Raises
    ------
    CointrailError
        If bytes are missing, left over or not in the canonical form.

    Examples
    --------
    >>> coin = TxIn(bytes(32), 0xFFFFFFFF, b"\\x51\\x51")
    >>> raw = Transaction(2, (coin,), (TxOut(5_000_000_000, b"\\x51"),)).serialise()
    >>> parse_transaction(raw).outputs[0].value
    5000000000
    """
    reader = Reader(raw)
    transaction = read_transaction(reader)
    if reader.position != len(raw):
        raise CointrailError(
            f"{len(raw) - reader.position} bytes are left over after the transaction: pass exactly one transaction."
        )
    return transaction


def read_transaction(reader: Reader) -> Transaction:
    """Read one transaction where the reader stands, and leave the reader behind it."""
    version = reader.integer("<i")
    segwit = reader.data[reader.position : reader.position + 2] == b"\x00\x01"
    if segwit:
        reader.take(2)
    inputs = [_read_input(reader) for _ in range(reader.compact_size())]
    if not inputs:
        raise CointrailError(f"The transaction before byte {reader.position} has no input: these bytes are damaged.")
    outputs = tuple(TxOut(reader.integer("<q"), reader.text()) for _ in range(reader.compact_size()))
    if segwit:
        inputs = [txin._replace(witness=_read_witness(reader)) for txin in inputs]
        if not any(txin.witness for txin in inputs):
            raise CointrailError(
                f"The transaction before byte {reader.position} is marked as segwit but has no witness: "
                "these bytes are damaged."
            )
    return Transaction(version, tuple(inputs), outputs, reader.integer("<I"))


def _read_input(reader: Reader) -> TxIn:
    return TxIn(reader.take(32), reader.integer("<I"), reader.text(), reader.integer("<I"))


def _read_witness(reader: Reader) -> tuple[bytes, ...]:
    return tuple(reader.text() for _ in range(reader.compact_size()))
