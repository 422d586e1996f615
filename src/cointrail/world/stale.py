"""A stale block: found at the same time as a block of the chain, just as valid, and given up by everybody."""

from cointrail.ledger.block import Block
from cointrail.ledger.mining import coinbase, mine
from cointrail.world.economy import Economy
from cointrail.world.streams import Stream

__all__ = ["stale_block"]

# Enough payments that one of them can be missing.
LEAST = 6


def stale_block(economy: Economy, blocks: list[Block], stream: Stream) -> tuple:
    """Another block on the parent of a block of the chain, without the last of its payments.

    Parameters
    ----------
    economy : Economy
        That lived the chain.
    blocks : list of Block
        The chain, height 1 first.
    stream : Stream
        Decides which height, in the second half.

    Returns
    -------
    tuple
        Height, hash, time (milliseconds), hash of the block that stayed, payments left out, and the block's bytes in
        hex: a row of the truth table ``stale_blocks``.
    """
    rows = [row for row in range(len(blocks) // 2, len(blocks)) if len(economy.confirmed[row]) >= LEAST]
    row = stream.choice(rows)
    kept, left_out, main = economy.confirmed[row][:-1], economy.confirmed[row][-1:], blocks[row]
    reward, *payments = economy.bodies[row].transactions[:-1]
    first = coinbase(
        row + 1,
        transactions=payments,
        fees=sum(payment.fee for payment in kept),
        reward_script=reward.outputs[0].script,
    )
    timestamp = main.timestamp + stream.between(3, 40)
    stale = mine([first, *payments], previous=main.previous, timestamp=timestamp)
    missing = [payment.txid for payment in left_out]
    return row + 1, stale.hash, timestamp * 1_000, main.hash, missing, stale.serialise().hex()
