"""A ledger small enough to check by hand, for the tests of the tracing methods and the figures.

Story, in satoshi. Every block starts with a coinbase to MINER; the fees are left unclaimed.

  height 1  coinbase "a"  5,000 to MINER
  height 2  "pay":     a:0 (5,000)               -> SHOP 1,200, MINER 3,700          fee 100
  height 3  "second":  pay:1 (3,700)             -> SHOP 800, CARLA 2,850            fee 50
            (its block's time is earlier than that of height 2)
  height 4  "spend":   pay:0 (1,200), second:0 (800) -> CARLA 1,500, SHOP 450, note  fee 50
"""

import hashlib
from datetime import UTC, datetime

from cointrail.ledger import Ledger, address_of
from cointrail.ledger.parquet import frame


def address(number):
    return address_of(bytes.fromhex("0014") + bytes([number]) * 20)


def txid(name):
    return hashlib.sha256(name.encode()).hexdigest()


MINER, SHOP, CARLA, NOBODY = address(1), address(2), address(3), address(4)
TIMES = [
    datetime(2026, 3, 1, 12, 0, tzinfo=UTC),
    datetime(2026, 3, 1, 18, 0, tzinfo=UTC),
    datetime(2026, 3, 1, 17, 30, tzinfo=UTC),
    datetime(2026, 3, 2, 9, 0, tzinfo=UTC),
]
# name, height, inputs (name, vout), outputs (address or None for a note, value)
STORY = [
    ("a", 1, [], [(MINER, 5000)]),
    ("b", 2, [], [(MINER, 5000)]),
    ("pay", 2, [("a", 0)], [(SHOP, 1200), (MINER, 3700)]),
    ("c", 3, [], [(MINER, 5000)]),
    ("second", 3, [("pay", 1)], [(SHOP, 800), (CARLA, 2850)]),
    ("d", 4, [], [(MINER, 5000)]),
    ("spend", 4, [("pay", 0), ("second", 0)], [(CARLA, 1500), (SHOP, 450), (None, 0)]),
]


def tiny_ledger():
    made = {(name, vout): output for name, _, _, outputs in STORY for vout, output in enumerate(outputs)}
    tables = {name: [] for name in ("blocks", "transactions", "inputs", "outputs")}
    for height, time in enumerate(TIMES, 1):
        inside = [line for line in STORY if line[1] == height]
        tables["blocks"].append(_block(height, time, len(inside)))
        for position, (name, _, inputs, outputs) in enumerate(inside):
            spent = [made[source] for source in inputs]
            tables["transactions"].append(_transaction(name, height, time, position, spent, outputs))
            tables["inputs"] += [
                _input(name, n, source, output) for n, (source, output) in enumerate(zip(inputs, spent, strict=True))
            ]
            tables["outputs"] += [_output(name, n, output) for n, output in enumerate(outputs)]
    return Ledger("tiny", **{name: frame(name, _columns(rows)) for name, rows in tables.items()})


def _columns(rows):
    return {column: [row[column] for row in rows] for column in rows[0]}


def _block(height, time, count):
    return {
        "hash": txid(f"block {height}"), "size": 300, "stripped_size": 300, "weight": 1200, "number": height,
        "version": 4, "merkle_root": txid(f"root {height}"), "timestamp": int(time.timestamp()), "nonce": "00",
        "bits": "207fffff", "coinbase_param": "00", "transaction_count": count,
    }  # fmt: skip


def _transaction(name, height, time, position, spent, outputs):
    paid_in, paid_out = (sum(value for _, value in side) for side in (spent, outputs))
    return {
        "hash": txid(name), "size": 200, "virtual_size": 200, "version": 2, "lock_time": 0, "block_number": height,
        "block_hash": txid(f"block {height}"), "block_timestamp": int(time.timestamp()), "is_coinbase": not spent,
        "index": position, "input_count": len(spent), "output_count": len(outputs), "input_value": paid_in,
        "output_value": paid_out, "fee": paid_in - paid_out if spent else 0,
    }  # fmt: skip


def _script(output):
    owner, value = output
    return {
        "script_asm": "", "script_hex": "", "required_signatures": None,
        "type": "witness_v0_keyhash" if owner else "nulldata", "addresses": [owner] if owner else [], "value": value,
    }  # fmt: skip


def _input(name, index, source, output):
    return {
        "transaction_hash": txid(name), "index": index, "spent_transaction_hash": txid(source[0]),
        "spent_output_index": source[1], "sequence": 0xFFFFFFFD, **_script(output),
    }  # fmt: skip


def _output(name, index, output):
    return {"transaction_hash": txid(name), "index": index, **_script(output)}
