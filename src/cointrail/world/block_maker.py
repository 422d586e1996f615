"""Bodies of blocks from payments that still lack their witnesses: signatures, coinbases and hash trees, on all cores.

While other processes sign, the economy lives on. It waits only where a txid depends on a signature: that of a
coinbase, which commits to the witnesses of its block, when its reward is about to be spent.
"""

import os
from collections import deque
from concurrent.futures import Future, ProcessPoolExecutor
from concurrent.futures.process import BrokenProcessPool
from multiprocessing import get_context
from typing import NamedTuple

from cointrail.errors import CointrailError
from cointrail.ledger.block import merkle_root
from cointrail.ledger.mining import coinbase
from cointrail.ledger.transaction import Transaction
from cointrail.world.signing import Spend, add_witnesses

__all__ = ["BlockMaker", "Body", "Draft", "make_body"]

# Other processes take about half a second to begin: a smaller world is signed before they are ready.
LEAST_INPUTS = 5_000
# Blocks that travel together; well below the hundred after which a reward can be spent.
PARCEL = 10


class Draft(NamedTuple):
    """What a block will confirm: payments with what their inputs spend; `fees` are their sum in satoshi."""

    height: int
    payments: list[tuple[Transaction, list[Spend]]]
    fees: int
    reward_script: bytes


class Body(NamedTuple):
    """The signed transactions of a block, the coinbase first, and the root of their hash tree in network order."""

    transactions: tuple[Transaction, ...]
    root: bytes


def make_body(draft: Draft) -> Body:
    """Sign what a block confirms, and bind it together."""
    signed = [add_witnesses(transaction, spends) for transaction, spends in draft.payments]
    first = coinbase(draft.height, transactions=signed, fees=draft.fees, reward_script=draft.reward_script)
    transactions = (first, *signed)
    return Body(transactions, merkle_root([bytes.fromhex(transaction.txid)[::-1] for transaction in transactions]))


def make_bodies(drafts: list[Draft]) -> list[Body]:
    """Several blocks at once: the task of a process."""
    return [make_body(draft) for draft in drafts]


class BlockMaker:
    """Takes drafts and hands back the bodies in the same order, the same bytes on one core and on many.

    Parameters
    ----------
    workers : int, optional
        Processes beside this one; if left out, one for each further core of the machine. With 0, everything is done
        here. They begin when the drafts have more than `least` inputs together.
    least : int
        Inputs.
    """

    def __init__(self, workers: int | None = None, least: int = LEAST_INPUTS):
        self.workers = (os.cpu_count() or 1) - 1 if workers is None else workers
        self._least, self._inputs = least, 0
        self._parcel: list[Draft] = []
        self._parcels: deque[list[Draft] | Future] = deque()
        self._bodies: deque[Body] = deque()
        self._pool: ProcessPoolExecutor | None = None

    def add(self, draft: Draft) -> None:
        """Give the next block to make."""
        self._parcel.append(draft)
        self._inputs += sum(len(spends) for _, spends in draft.payments)
        if len(self._parcel) == PARCEL:
            self._send()

    def take(self) -> Body:
        """The first body that was not taken yet; waits for it."""
        if not self._bodies:
            if not self._parcels:
                self._send()
            parcel = self._parcels.popleft()
            self._bodies += _result(parcel) if isinstance(parcel, Future) else make_bodies(parcel)
        return self._bodies.popleft()

    def close(self) -> None:
        """End the other processes; what was given and not taken is lost."""
        if self._pool:
            self._pool.shutdown(cancel_futures=True)
            self._pool = None

    def _send(self) -> None:
        parcel, self._parcel = self._parcel, []
        if self.workers and not self._pool and self._inputs > self._least:
            self._pool = ProcessPoolExecutor(self.workers, mp_context=get_context("spawn"))
        self._parcels.append(self._pool.submit(make_bodies, parcel) if self._pool else parcel)


def _result(parcel: Future) -> list[Body]:
    try:
        return parcel.result()
    except BrokenProcessPool as error:
        raise CointrailError(
            "A process that signs blocks ended too early: if a script of yours makes this world, begin its work under "
            '`if __name__ == "__main__":`; otherwise the machine may lack memory.'
        ) from error
