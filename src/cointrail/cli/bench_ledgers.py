"""Random ledgers for the benchmarks, as arrays and, where tables are needed, as a ledger of made-up hashes.

Wallets pay each other: the payer spends new and old coins, change goes to a fresh address or back, the payee gives a
fresh address or an old one. Not a simulation of people; enough that kernels meet the memory as in a real ledger.
"""

import hashlib
from typing import NamedTuple

import numpy as np
import pandas as pd
from numba import njit

from cointrail.ledger import Ledger

__all__ = ["INPUTS_EACH", "Flow", "random_flow", "random_ledger"]

INPUTS_EACH = 1.69  # of a transaction, on average, in `random_flow`


class Flow(NamedTuple):
    """Transactions as arrays, like `LedgerArrays`: starts, what inputs spend, what outputs pay."""

    input_start: np.ndarray
    spent_output: np.ndarray
    output_start: np.ndarray
    output_value: np.ndarray
    output_address: np.ndarray
    addresses: int


def random_flow(transactions: int, *, seed: int = 1, payments_each: int = 40) -> Flow:
    """So many transactions, about 1.7 inputs and 1.9 outputs each; the same seed gives the same arrays.

    With more payments for each wallet, money moves further from hand to hand.
    """
    return Flow(*_flow(transactions, max(10, transactions // payments_each), seed))


@njit(cache=True)
def _flow(count, wallets, seed):
    np.random.seed(seed)
    input_start, output_start = np.zeros(count + 1, np.int64), np.zeros(count + 1, np.int64)
    spent = np.empty(8 * count, np.int32)
    value, address = np.empty(3 * count, np.int64), np.empty(3 * count, np.int32)
    after = np.full(3 * count, -1, np.int32)
    oldest, newest = np.full(wallets, -1, np.int32), np.full(wallets, -1, np.int32)
    last_address = np.full(wallets, -1, np.int32)
    inputs, outputs, addresses = 0, 0, 0
    for t in range(count):
        payer, total = np.random.randint(wallets), 0
        wanted = 0 if oldest[payer] < 0 else 1 + min(np.random.geometric(0.5) - 1, 7)
        while wanted > 0 and oldest[payer] >= 0:
            coin = oldest[payer]
            spent[inputs], oldest[payer] = coin, after[coin]
            total += value[coin]
            inputs += 1
            wanted -= 1
        if total == 0:
            shares, total = 2, 5_000_000_000
        else:
            shares = 1 if total < 10_000 or np.random.random() < 0.1 else 2
            total -= min(total // 2, np.random.randint(100, 2000))
        paid = total if shares == 1 else 1 + np.random.randint(total - 1)
        for share in range(shares):
            owner = np.random.randint(wallets) if share == 0 else payer
            if last_address[owner] < 0 or np.random.random() < 0.75:
                last_address[owner] = addresses
                addresses += 1
            value[outputs] = paid if share == 0 else total - paid
            address[outputs] = last_address[owner]
            if oldest[owner] < 0 or np.random.random() < 0.5:  # half of the coins are spent at the next chance
                after[outputs] = oldest[owner]
                newest[owner] = outputs if oldest[owner] < 0 else newest[owner]
                oldest[owner] = outputs
            else:
                after[newest[owner]] = outputs
                newest[owner] = outputs
            outputs += 1
        input_start[t + 1], output_start[t + 1] = inputs, outputs
    return input_start, spent[:inputs].copy(), output_start, value[:outputs].copy(), address[:outputs].copy(), addresses


def random_ledger(transactions: int, *, seed: int = 1, per_block: int = 2000) -> Ledger:
    """The same as a `Ledger`; txids are hashes of a counter, and addresses too: nothing here is a valid chain."""
    flow = random_flow(transactions, seed=seed)
    txids = np.array([hashlib.sha256(b"%d" % n).hexdigest() for n in range(transactions)], dtype=object)
    names = np.array(
        [f"bcrt1q{hashlib.sha256(b'a%d' % n).hexdigest()[:38]}" for n in range(flow.addresses)], dtype=object
    )
    counts = np.diff(flow.input_start), np.diff(flow.output_start)
    height = np.arange(transactions) // per_block + 1
    tx_of = [np.repeat(np.arange(transactions), count) for count in counts]
    inside = [
        np.arange(len(tx)) - start[tx] for tx, start in zip(tx_of, (flow.input_start, flow.output_start), strict=True)
    ]
    spent_tx = tx_of[1][flow.spent_output]
    owners = [flow.output_address[flow.spent_output], flow.output_address]
    values = [flow.output_value[flow.spent_output], flow.output_value]
    sides = [
        pd.DataFrame(
            {
                "transaction_hash": txids[tx_of[side]], "index": inside[side], "script_asm": "", "script_hex": "",
                "required_signatures": pd.array([pd.NA] * len(inside[side]), dtype="Int64"),
                "type": "witness_v0_keyhash", "addresses": _lists(names[owners[side]]), "value": values[side],
            }
        )
        for side in (0, 1)
    ]  # fmt: skip
    sides[0]["spent_transaction_hash"], sides[0]["spent_output_index"] = txids[spent_tx], inside[1][flow.spent_output]
    sides[0]["sequence"] = 0xFFFFFFFD
    return Ledger("random", _blocks(height), _transactions(txids, height, counts, sides), *sides)


def _lists(names):
    return pd.Series([[name] for name in names], dtype=object)


def _transactions(txids, height, counts, sides):
    order = pd.RangeIndex(len(txids))
    paid = [side.groupby("transaction_hash", sort=False)["value"].sum().reindex(txids, fill_value=0) for side in sides]
    totals = [one.to_numpy() for one in paid]
    return pd.DataFrame(
        {
            "hash": txids, "size": 200, "virtual_size": 200, "version": 2, "lock_time": 0, "block_number": height,
            "block_hash": "00", "block_timestamp": _times(height), "is_coinbase": counts[0] == 0,
            "index": order - np.searchsorted(height, height), "input_count": counts[0], "output_count": counts[1],
            "input_value": totals[0], "output_value": totals[1],
            "fee": np.where(counts[0] > 0, totals[0] - totals[1], 0),
        },
        index=order,
    )  # fmt: skip


def _blocks(height):
    numbers, counts = np.unique(height, return_counts=True)
    return pd.DataFrame(
        {
            "hash": "00", "size": 300, "stripped_size": 300, "weight": 1200, "number": numbers, "version": 4,
            "merkle_root": "00", "timestamp": _times(numbers), "nonce": "00", "bits": "207fffff",
            "coinbase_param": "00", "transaction_count": counts,
        }
    )  # fmt: skip


def _times(height):
    return pd.to_datetime(1_767_225_600 + 600 * height, unit="s", utc=True)
