"""Ledgers made for a test, from a short description; not signed, not valid blocks, but tables that agree.

A transaction is a dict: ``inputs`` a list of (number of an earlier transaction, vout), ``outputs`` a list of
(owner number or None for a note, satoshi); ``type``, ``lock_time``, ``version``, ``sequence``, ``height`` if they
matter. A transaction without inputs is a coinbase. An output may carry its own script type as a third item.
"""

import hashlib
import random
from functools import cache

from tiny_ledger import txid

from cointrail.ledger import Ledger, address_of
from cointrail.ledger.parquet import frame

SCRIPTS = {
    "witness_v0_keyhash": ("0014", "", 20),
    "pubkeyhash": ("76a914", "88ac", 20),
    "scripthash": ("a914", "87", 20),
    "witness_v1_taproot": ("5120", "", 32),
}
START = 1_772_366_400


@cache
def owner(number, kind="witness_v0_keyhash"):
    """The address of an owner's number."""
    before, after, size = SCRIPTS[kind]
    body = hashlib.sha256(f"{number}".encode()).digest()[:size]
    return address_of(bytes.fromhex(before) + body + bytes.fromhex(after))


def tx(number):
    return txid(f"made {number}")


def made_ledger(story, *, name="made"):
    tables = {name: [] for name in ("transactions", "inputs", "outputs")}
    made, height, position = {}, 0, 0
    for number, line in enumerate(story):
        spent = [made[source] for source in line["inputs"]]
        outputs = [(*output, "witness_v0_keyhash")[:3] for output in line["outputs"]]
        made |= {(number, vout): output for vout, output in enumerate(outputs)}
        now = line.get("height", height + 1)
        position = position + 1 if now == height else 0
        height = now
        tables["transactions"].append(_transaction(number, line, height, position, spent, outputs))
        for n, (source, output) in enumerate(zip(line["inputs"], spent, strict=True)):
            extra = {"spent_transaction_hash": tx(source[0]), "spent_output_index": source[1]}
            extra["sequence"] = line.get("sequence", 0xFFFFFFFD)
            tables["inputs"].append({"transaction_hash": tx(number), "index": n, **extra, **_script(output)})
        for n, output in enumerate(outputs):
            tables["outputs"].append({"transaction_hash": tx(number), "index": n, **_script(output)})
    heights = [row["block_number"] for row in tables["transactions"]]
    tables["blocks"] = [_block(h, heights.count(h)) for h in sorted(set(heights))]
    return Ledger(name, **{table: frame(table, _columns(table, rows)) for table, rows in tables.items()})


def random_story(seed, *, transactions=40, owners=12, largest=10**6):
    """Coinbases and payments with reused addresses, several inputs and outputs, notes and fees."""
    rng = random.Random(seed)
    story, purse = [], []
    for number in range(transactions):
        if len(purse) < 2 or rng.random() < 0.15:
            line = {"inputs": [], "outputs": [(rng.randrange(owners), rng.randint(1, largest)) for _ in range(2)]}
        else:
            coins = rng.sample(purse, min(len(purse), rng.choice([1, 1, 2, 3, 5])))
            purse = [coin for coin in purse if coin not in coins]
            line = {"inputs": [coin[:2] for coin in coins], "outputs": _split(rng, sum(c[2] for c in coins), owners)}
        line["height"] = 1 + number // 3
        purse += [(number, n, v) for n, (who, v, *_) in enumerate(line["outputs"]) if who is not None]
        story.append(line)
    return story


def _split(rng, total, owners):
    cuts = sorted(rng.randint(0, total) for _ in range(rng.choice([1, 2, 2, 3, 6])))
    outputs = [(rng.randrange(owners), high - low) for low, high in zip([0, *cuts], cuts, strict=False)]
    return [*outputs, (None, 0)] if rng.random() < 0.1 else outputs


def _columns(table, rows):
    if not rows and table == "inputs":
        rows = [
            {"transaction_hash": 0, "index": 0, "spent_transaction_hash": 0, "spent_output_index": 0, "sequence": 0}
        ]
        return {column: [] for column in {**rows[0], **_script((1, 0, "witness_v0_keyhash"))}}
    return {column: [row[column] for row in rows] for column in rows[0]}


def _block(height, count):
    return {
        "hash": txid(f"block {height}"), "size": 300, "stripped_size": 300, "weight": 1200, "number": height,
        "version": 4, "merkle_root": txid(f"root {height}"), "timestamp": START + 3600 * height, "nonce": "00",
        "bits": "207fffff", "coinbase_param": "00", "transaction_count": count,
    }  # fmt: skip


def _transaction(number, line, height, position, spent, outputs):
    paid_in, paid_out = (sum(output[1] for output in side) for side in (spent, outputs))
    return {
        "hash": tx(number), "size": 200, "virtual_size": 200, "version": line.get("version", 2),
        "lock_time": line.get("lock_time", 0), "block_number": height, "block_hash": txid(f"block {height}"),
        "block_timestamp": START + 3600 * height, "is_coinbase": not spent, "index": position,
        "input_count": len(spent), "output_count": len(outputs), "input_value": paid_in, "output_value": paid_out,
        "fee": paid_in - paid_out if spent else 0,
    }  # fmt: skip


def _script(output):
    who, value, kind = output
    return {
        "script_asm": "", "script_hex": "", "required_signatures": None,
        "type": "nulldata" if who is None else kind, "addresses": [] if who is None else [owner(who, kind)],
        "value": value,
    }  # fmt: skip
