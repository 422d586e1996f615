"""One block as bytes: its 80-byte header, its transactions, and the hash tree that binds them."""

import struct
from typing import NamedTuple

from cointrail.errors import CointrailError
from cointrail.ledger.transaction import Reader, Transaction, compact_size, double_sha256, hash_to_hex, read_transaction

__all__ = ["GENESIS_HASH", "Block", "merkle_root", "parse_block"]

GENESIS_HASH = "0f9188f13cb7b2c71f2a335e3a4fc328bf5beb436012afca590b1a11466e2206"
HEADER = struct.Struct("<i32s32sIII")


class Block(NamedTuple):
    """One block; the two hashes are bytes in network order, `timestamp` is Unix seconds."""

    version: int
    previous: bytes
    merkle_root: bytes
    timestamp: int
    bits: int
    nonce: int
    transactions: tuple[Transaction, ...]

    @property
    def header(self) -> bytes:
        """The 80 bytes that are hashed."""
        return HEADER.pack(*self[:6])

    @property
    def hash(self) -> str:
        return hash_to_hex(double_sha256(self.header))

    @property
    def height(self) -> int:
        """The height that the coinbase states (BIP34)."""
        script = self.transactions[0].inputs[0].script
        if not script:
            raise CointrailError(f"The coinbase of block {self.hash} states no height (BIP34): the block is damaged.")
        if 0x51 <= script[0] <= 0x60:
            return script[0] - 0x50
        return int.from_bytes(script[1 : 1 + script[0]], "little")

    def serialise(self, *, witness: bool = True) -> bytes:
        body = b"".join(transaction.serialise(witness=witness) for transaction in self.transactions)
        return self.header + compact_size(len(self.transactions)) + body


def merkle_root(hashes: list[bytes]) -> bytes:
    """Root of Bitcoin's hash tree; an odd last hash is paired with itself."""
    while len(hashes) > 1:
        if len(hashes) % 2:
            hashes = [*hashes, hashes[-1]]
        hashes = [double_sha256(left + right) for left, right in zip(hashes[::2], hashes[1::2], strict=True)]
    return hashes[0]


def parse_block(raw: bytes) -> Block:
    """Parse one raw block; raises `CointrailError` where the bytes are damaged."""
    reader = Reader(raw)
    fields = HEADER.unpack(reader.take(HEADER.size))
    transactions = tuple(read_transaction(reader) for _ in range(reader.compact_size()))
    if not transactions or not transactions[0].is_coinbase or reader.position != len(raw):
        raise CointrailError("A block must be a coinbase, more transactions and nothing else: these bytes are damaged.")
    return Block(*fields, transactions)
