"""Regtest blocks: coinbase, hash tree, witness commitment and a little proof of work."""

from cointrail.errors import CointrailError
from cointrail.ledger.block import Block, merkle_root
from cointrail.ledger.checks import subsidy
from cointrail.ledger.transaction import Transaction, TxIn, TxOut, double_sha256

__all__ = ["MESSAGE", "coinbase", "mine", "mine_root", "push_height"]

BITS = 0x207FFFFF
TARGET = 0x7FFFFF << 232
VERSION = 0x20000000
MESSAGE = b"SYNTHETIC TRAINING DATA"
COMMITMENT = bytes.fromhex("6a24aa21a9ed")


def coinbase(height: int, *, transactions: list[Transaction], fees: int, reward_script: bytes) -> Transaction:
    """The first transaction of a block: new coins and fees to the miner, and the witness commitment.

    Parameters
    ----------
    height : int
    transactions : list of Transaction
        The others of the block, signed, parents before children.
    fees : int
        Their fees in satoshi.
    reward_script : bytes
        Who is paid for the block.
    """
    outputs = (
        TxOut(subsidy(height) + fees, reward_script),
        TxOut(0, COMMITMENT + _witness_commitment(transactions)),
    )
    script = push_height(height) + bytes((len(MESSAGE),)) + MESSAGE
    return Transaction(2, (TxIn(bytes(32), 0xFFFFFFFF, script, witness=(bytes(32),)),), outputs)


def mine(transactions: list[Transaction], *, previous: bytes, timestamp: int) -> Block:
    """A block with a hash that regtest accepts.

    Parameters
    ----------
    transactions : list of Transaction
        The coinbase and the others.
    previous : bytes
        Hash of the block before, in network order.
    timestamp : int
        Must lie above the median of the last eleven blocks; consensus code checks it, this does not.
    """
    root = merkle_root([bytes.fromhex(transaction.txid)[::-1] for transaction in transactions])
    return mine_root(root, previous=previous, timestamp=timestamp)._replace(transactions=tuple(transactions))


def mine_root(root: bytes, *, previous: bytes, timestamp: int) -> Block:
    """A block without its transactions, for the root of their hash tree; otherwise as `mine`."""
    for nonce in range(1 << 32):
        block = Block(VERSION, previous, root, timestamp, BITS, nonce, ())
        if int.from_bytes(double_sha256(block.header), "little") <= TARGET:
            return block
    raise CointrailError(f"No nonce gives the block after {previous[::-1].hex()} a valid hash: change its timestamp.")


def _witness_commitment(transactions: list[Transaction]) -> bytes:
    """BIP141: the tree over the hashes with witness, the coinbase counted as zeros, and 32 reserved zero bytes."""
    hashes = [bytes(32)] + [double_sha256(transaction.serialise()) for transaction in transactions]
    return double_sha256(merkle_root(hashes) + bytes(32))


def push_height(height: int) -> bytes:
    """BIP34: the coinbase begins with its height, in Script's shortest form."""
    if height <= 16:
        return bytes((0x50 + height,))
    data = height.to_bytes(height.bit_length() // 8 + 1, "little")
    return bytes((len(data),)) + data
