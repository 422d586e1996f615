"""Large ledgers without signatures, for measuring: real serialisation, real txids and addresses, no story and no keys.

A native segwit txid does not cover the signature, so a ledger can be made without signing. Everything is P2WPKH; key
hashes are random, so nobody could ever spend the coins. Consensus code would refuse the blocks. People pay people from
one to a few coins, services collect many coins and pay many people at once.
"""

from collections.abc import Callable
from pathlib import Path
from typing import NamedTuple

import numpy as np
from numba import njit

from cointrail.errors import CointrailError
from cointrail.world.streams import Stream

__all__ = ["Flow", "make_bulk", "simulate"]

FUNDING_BLOCKS = 100
EMPTY_BLOCKS = 200
SUBSIDY = 50 * 100_000_000
MOST = 100
PAYMENTS_EACH = 24


class Flow(NamedTuple):
    """Payments as arrays. Outputs count from 0; the first `funding` are those of the coinbases, evenly spread.

    `input_start` and `output_start` have one entry more than there are payments; `output_start` begins at `funding`.
    """

    funding: int
    addresses: int
    input_start: np.ndarray
    spent_output: np.ndarray
    output_start: np.ndarray
    output_value: np.ndarray
    output_address: np.ndarray


def make_bulk(
    folder: Path, transactions: int, *, seed: bytes = bytes(16), note: Callable[[str], None] = lambda text: None
) -> None:
    """Make a ledger and write its four tables.

    Parameters
    ----------
    folder : Path
        Gets blocks, transactions, inputs and outputs ``.parquet``; `cointrail.ledger.read_ledger` opens it.
    transactions : int
        Payments, from 1,000 to 20,000,000; coinbases come on top.
    seed : bytes
        The same seed and number give the same ledger.
    note : callable
        Is told what happens, one line at a time.

    Raises
    ------
    CointrailError
        If the number is outside these bounds.
    """
    from cointrail.world.bulk_tables import write_tables

    if not 1_000 <= transactions <= 20_000_000:
        raise CointrailError(f"{transactions} transactions: a bulk ledger has 1,000 to 20,000,000.")
    note("payments ...")
    flow = simulate(transactions, seed=seed)
    write_tables(Path(folder), flow, seed=seed, note=note)


def simulate(transactions: int, *, seed: bytes) -> Flow:
    """Who pays whom, as arrays of whole numbers; deterministic in seed and size."""
    people = max(FUNDING_BLOCKS, transactions // PAYMENTS_EACH) // FUNDING_BLOCKS * FUNDING_BLOCKS
    start = int.from_bytes(Stream(seed, "bulk").bytes()[:8], "big")
    addresses, *arrays = _simulate(transactions, people, SUBSIDY * FUNDING_BLOCKS // people, np.uint64(start))
    return Flow(people, addresses, *arrays)


@njit(cache=True)
def _draw(state):
    """The next 64 bits (splitmix64, Steele et al. 2014); the state is an array of one number."""
    state[0] += np.uint64(0x9E3779B97F4A7C15)
    z = state[0]
    z = (z ^ (z >> np.uint64(30))) * np.uint64(0xBF58476D1CE4E5B9)
    z = (z ^ (z >> np.uint64(27))) * np.uint64(0x94D049BB133111EB)
    return np.int64((z ^ (z >> np.uint64(31))) >> np.uint64(2))


@njit(cache=True)
def _simulate(count, people, value_each, seed):
    state = np.zeros(1, np.uint64)
    state[0] = seed
    room = people + 4 * count + 4 * MOST
    input_start, output_start = np.zeros(count + 1, np.int64), np.zeros(count + 1, np.int64)
    spent, value = np.empty(room, np.int64), np.empty(room, np.int64)
    address, next_coin = np.empty(room, np.int64), np.full(room, -1, np.int64)
    # Each person's coins are a queue; every 200th person is a service with many coins.
    oldest, newest = np.full(people, -1, np.int64), np.full(people, -1, np.int64)
    shown = np.empty(people, np.int64)
    services = max(1, people // 200)
    for person in range(people):
        shown[person] = address[person] = person
        value[person] = value_each
        oldest[person] = newest[person] = person
    inputs, outputs, addresses = 0, people, people
    output_start[0] = people
    for t in range(count):
        draw = _draw(state) % 100
        payer = _draw(state) % (services if draw < 12 else people)
        while oldest[payer] < 0:
            payer = _draw(state) % people
        wanted, payees = 1 + _draw(state) % 3 // 2, 1
        if draw < 4:
            wanted = 10 + _draw(state) % 60
        elif draw < 12:
            wanted, payees = 2, 3 + _draw(state) % 14
        elif draw < 24:
            wanted = 2 + _draw(state) % 4
        total = 0
        while wanted > 0 and oldest[payer] >= 0 and inputs < room:
            coin = oldest[payer]
            spent[inputs] = coin
            total += value[coin]
            oldest[payer] = next_coin[coin]
            inputs += 1
            wanted -= 1
        fee = 110 * (1 + _draw(state) % 20)
        total -= min(fee, total // 10)
        payees = min(payees, max(1, total // 20_000), max(1, room - outputs - count + t - 2))
        for part in range(payees + 1):
            last = part == payees
            left = total if last else max(1, total * (2 + _draw(state) % 70) // (100 * payees))
            if last and total == 0:
                break
            # A sweep keeps all in one place; one payment in ten leaves no change.
            if not last and (draw < 4 or (payees == 1 and draw >= 90)):
                left = total
            owner = payer if last or draw < 4 else _draw(state) % (services if draw < 50 and draw >= 24 else people)
            if _draw(state) % 100 < 55:
                shown[owner] = addresses
                addresses += 1
            address[outputs], value[outputs] = shown[owner], left
            total -= left
            if oldest[owner] < 0:
                oldest[owner] = outputs
            else:
                next_coin[newest[owner]] = outputs
            newest[owner] = outputs
            outputs += 1
        input_start[t + 1], output_start[t + 1] = inputs, outputs
    return addresses, input_start, spent[:inputs], output_start, value[:outputs], address[:outputs]
