"""Small random ledgers for the hidden cases of function questions: real txids, no signatures, no story."""

from datetime import UTC, datetime

from embit.hashes import hash160

from cointrail.ledger.block import GENESIS_HASH, Block
from cointrail.ledger.blockfile import ledger_from_blocks
from cointrail.ledger.mining import coinbase, mine
from cointrail.ledger.model import Ledger
from cointrail.ledger.transaction import Transaction, TxIn, TxOut
from cointrail.world.streams import Stream

__all__ = ["sample_ledger"]

FIRST_TIME = int(datetime(2026, 1, 5, 6, tzinfo=UTC).timestamp())
ADDRESSES = 8

Coin = tuple[str, int, int]


def sample_ledger(secret: bytes, transactions: int = 40) -> Ledger:
    """A random ledger in which addresses are used again and coins are spent in part.

    Parameters
    ----------
    secret : bytes
        The same secret gives the same ledger.
    transactions : int
        How many besides the coinbases.

    Returns
    -------
    Ledger
        It passes `Ledger.check`. Its blocks are not signed, so consensus code would refuse them.

    Examples
    --------
    >>> ledger = sample_ledger(b"a grading secret", transactions=5)
    >>> int((~ledger.transactions["is_coinbase"]).sum())
    5
    """
    stream = Stream(secret, "sample ledger")
    scripts = [b"\x00\x14" + hash160(stream.bytes()) for _ in range(ADDRESSES)]
    purses: list[list[Coin]] = [[] for _ in scripts]
    blocks: list[Block] = []
    todo = transactions
    while todo or not blocks:
        count = min(todo, stream.below(4)) if blocks else 0
        payments = [_pay(purses, scripts, stream) for _ in range(count)]
        todo -= count
        blocks.append(_block(blocks, payments, purses, scripts, stream))
    return ledger_from_blocks(blocks, name="sample")


def _pay(purses: list[list[Coin]], scripts: list[bytes], stream: Stream) -> tuple[Transaction, int]:
    """One payment of one to three coins of one address to one to three addresses, and its fee."""
    purse = stream.choice([coins for coins in purses if coins])
    coins = [purse.pop(stream.below(len(purse))) for _ in range(min(len(purse), stream.between(1, 3)))]
    total = sum(value for _, _, value in coins)
    fee = min(stream.between(150, 4_000), total // 2)
    payees = [stream.below(len(scripts)) for _ in range(stream.between(1, 3))]
    values = _split(total - fee, len(payees), stream)
    inputs = tuple(TxIn(bytes.fromhex(txid)[::-1], vout) for txid, vout, _ in coins)
    outputs = tuple(TxOut(value, scripts[payee]) for value, payee in zip(values, payees, strict=True))
    transaction = Transaction(2, inputs, outputs)
    for vout, (value, payee) in enumerate(zip(values, payees, strict=True)):
        purses[payee].append((transaction.txid, vout, value))
    return transaction, fee


def _split(total: int, parts: int, stream: Stream) -> list[int]:
    """A total in random parts, each at least a tenth of what is left."""
    values = []
    for _ in range(parts - 1):
        values.append(total * stream.between(10, 80) // 100)
        total -= values[-1]
    return [*values, total]


def _block(blocks, payments, purses, scripts, stream: Stream) -> Block:
    transactions, fees = [payment for payment, _ in payments], sum(fee for _, fee in payments)
    height, miner = len(blocks) + 1, stream.below(len(scripts))
    first = coinbase(height, transactions=transactions, fees=fees, reward_script=scripts[miner])
    purses[miner].append((first.txid, 0, first.outputs[0].value))
    previous = blocks[-1].hash if blocks else GENESIS_HASH
    timestamp = (blocks[-1].timestamp if blocks else FIRST_TIME) + stream.between(300, 30_000)
    return mine([first, *transactions], previous=bytes.fromhex(previous)[::-1], timestamp=timestamp)
