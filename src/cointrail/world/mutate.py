"""Forged copies of a chain, each with one fault and otherwise in order: what consensus code must refuse."""

from collections.abc import Iterator

from cointrail.ledger.block import Block, parse_block
from cointrail.ledger.mining import coinbase, mine
from cointrail.ledger.transaction import Transaction

__all__ = ["mutated_chains"]


def mutated_chains(blocks: list[bytes]) -> Iterator[tuple[str, list[bytes]]]:
    """What was changed, and the raw blocks up to and including the changed one.

    Hash tree, witness commitment and proof of work are made anew, so that only the fault itself is left to find.
    """
    height, block = _last_with_signature(blocks)
    first, payment, *others = block.transactions
    reward = first.outputs[0].value
    for what, transaction, claimed in (
        ("one bit of a signature", _bad_signature(payment), reward),
        ("one satoshi more in an output", _more(payment), reward),
        ("one satoshi more for the miner", payment, reward + 1),
    ):
        yield what, [*blocks[: height - 1], _remade(block, [transaction, *others], claimed).serialise()]


def _last_with_signature(blocks: list[bytes]) -> tuple[int, Block]:
    for height in range(len(blocks), 0, -1):
        block = parse_block(blocks[height - 1])
        if len(block.transactions) > 1 and block.transactions[1].has_witness:
            return height, block
    raise ValueError("the chain has no payment with a witness")


def _bad_signature(transaction: Transaction) -> Transaction:
    row = next(n for n, txin in enumerate(transaction.inputs) if txin.witness)
    spend = transaction.inputs[row]
    place = next(n for n, item in enumerate(spend.witness) if len(item) > 60)
    signature = bytearray(spend.witness[place])
    # Inside the number s: the encoding stays valid, the signature does not.
    signature[-10] ^= 1
    witness = (*spend.witness[:place], bytes(signature), *spend.witness[place + 1 :])
    inputs = (*transaction.inputs[:row], spend._replace(witness=witness), *transaction.inputs[row + 1 :])
    return transaction._replace(inputs=inputs)


def _more(transaction: Transaction) -> Transaction:
    first, *others = transaction.outputs
    return transaction._replace(outputs=(first._replace(value=first.value + 1), *others))


def _remade(block: Block, transactions: list[Transaction], reward: int) -> Block:
    old = block.transactions[0]
    first = coinbase(block.height, transactions=transactions, fees=0, reward_script=old.outputs[0].script)
    first = first._replace(outputs=(first.outputs[0]._replace(value=reward), *first.outputs[1:]))
    return mine([first, *transactions], previous=block.previous, timestamp=block.timestamp)
