"""Columns of the tables of a bulk ledger, for some blocks at a time.

Each function takes the `Maker` of `bulk_tables`, the blocks, and the range of their payments, and gives columns by
name: numbers, lists of text, matrices whose rows are text of equal width, or one value for all rows.
"""

import numpy as np
import pyarrow as pa

from cointrail.world.bulk import FUNDING_BLOCKS
from cointrail.world.bulk_bytes import addresses_text, hex_text

__all__ = ["COLUMNS", "arrow"]


def block_columns(maker, blocks: list, piece: range) -> dict:
    sizes = np.array([block.size for block in blocks])
    return {
        "hash": [block.mined.hash for block in blocks],
        "size": sizes,
        "stripped_size": sizes,
        "weight": 4 * sizes,
        "number": np.array([block.height for block in blocks]),
        "version": np.array([block.mined.version for block in blocks]),
        "merkle_root": [block.mined.merkle_root[::-1].hex() for block in blocks],
        "timestamp": np.array([block.mined.timestamp * 1_000 for block in blocks]),
        "nonce": [f"{block.mined.nonce:x}" for block in blocks],
        "bits": [f"{block.mined.bits:08x}" for block in blocks],
        "coinbase_param": [block.coinbase.inputs[0].script.hex() for block in blocks],
        "transaction_count": np.array([1 + len(block.payments) for block in blocks]),
    }


def transaction_columns(maker, blocks: list, piece: range) -> dict:
    part = slice(piece.start, piece.stop)
    counts = np.array([1 + len(block.payments) for block in blocks])
    rewards = [sum(out.value for out in block.coinbase.outputs) for block in blocks]
    zeros = np.zeros(len(blocks), np.int64)
    hashes = np.frombuffer(b"".join(block.txid for block in blocks), np.uint8).reshape(-1, 32)
    sizes = _mixed(blocks, [len(block.raw) for block in blocks], np.diff(maker.start)[part])
    paid_in, paid_out = maker.paid_in[part], maker.paid_out[part]
    begins = np.cumsum(counts) - counts
    index = np.arange(counts.sum()) - np.repeat(begins, counts)
    block_hash = np.frombuffer(b"".join(bytes.fromhex(b.mined.hash) for b in blocks), np.uint8).reshape(-1, 32)
    return {
        "hash": hex_text(_mixed(blocks, hashes, maker.ids[FUNDING_BLOCKS:][part]), True),
        "size": sizes,
        "virtual_size": sizes,
        "version": np.full(len(index), 2),
        "lock_time": np.zeros(len(index), np.int64),
        "block_number": np.repeat([block.height for block in blocks], counts),
        "block_hash": np.repeat(hex_text(block_hash, False), counts, axis=0),
        "block_timestamp": np.repeat([block.mined.timestamp * 1_000 for block in blocks], counts),
        "is_coinbase": index == 0,
        "index": index,
        "input_count": _mixed(blocks, zeros, np.diff(maker.flow.input_start)[part]),
        "output_count": _mixed(
            blocks, [len(block.coinbase.outputs) for block in blocks], np.diff(maker.flow.output_start)[part]
        ),
        "input_value": _mixed(blocks, zeros, paid_in),
        "output_value": _mixed(blocks, rewards, paid_out),
        "fee": _mixed(blocks, zeros, paid_in - paid_out),
    }


def input_columns(maker, blocks: list, piece: range) -> dict:
    flow = maker.flow
    starts = flow.input_start[piece.start : piece.stop + 1]
    spent = flow.spent_output[starts[0] : starts[-1]] if len(piece) else flow.spent_output[:0]
    counts = np.diff(starts) if len(piece) else np.zeros(0, np.int64)
    hashes = hex_text(maker.ids[FUNDING_BLOCKS + piece.start : FUNDING_BLOCKS + piece.stop], True)
    return {
        "transaction_hash": np.repeat(hashes, counts, axis=0),
        "index": _positions(counts),
        "spent_transaction_hash": hex_text(maker.ids[maker.place[0][spent]], True),
        "spent_output_index": maker.place[1][spent],
        "script_asm": "",
        "script_hex": "",
        "sequence": np.full(len(spent), 0xFFFFFFFD),
        "required_signatures": None,
        "type": "witness_v0_keyhash",
        "addresses": addresses_text(maker.hashes[flow.output_address[spent]]),
        "value": flow.output_value[spent],
    }


def output_columns(maker, blocks: list, piece: range) -> dict:
    flow = maker.flow
    starts = flow.output_start[piece.start : piece.stop + 1]
    part = slice(starts[0], starts[-1]) if len(piece) else slice(0, 0)
    rewards = [out for block in blocks for out in block.coinbase.outputs]
    made = [len(block.coinbase.outputs) for block in blocks]
    # Where each reward goes: before the outputs of its block's payments.
    before = np.array([flow.output_start[b.payments.start] - starts[0] if b.payments else 0 for b in blocks])
    where = np.repeat(before, made)
    keys = np.frombuffer(b"".join(out.script[2:] for out in rewards), np.uint8).reshape(-1, 20)
    hashes = np.insert(maker.hashes[flow.output_address[part]], where, keys, axis=0)
    ids = np.frombuffer(b"".join(block.txid for block in blocks), np.uint8).reshape(-1, 32)
    counts = np.diff(starts) if len(piece) else np.zeros(0, np.int64)
    own = np.repeat(maker.ids[FUNDING_BLOCKS + piece.start : FUNDING_BLOCKS + piece.stop], counts, axis=0)
    keys_hex = hex_text(hashes, False)
    return {
        "transaction_hash": hex_text(np.insert(own, where, np.repeat(ids, made, axis=0), axis=0), True),
        "index": np.insert(_positions(counts), where, _positions(np.array(made))),
        "script_asm": _prefixed(b"0 ", keys_hex),
        "script_hex": _prefixed(b"0014", keys_hex),
        "required_signatures": None,
        "type": "witness_v0_keyhash",
        "addresses": addresses_text(hashes),
        "value": np.insert(flow.output_value[part], where, [out.value for out in rewards]),
    }


def arrow(column, kind: pa.DataType, rows: int) -> pa.Array:
    """A column from numbers, a list of texts, one value for all rows, or a matrix whose rows are text."""
    if column is None or isinstance(column, str):
        return pa.repeat(pa.scalar(column, kind), rows)
    if not isinstance(column, np.ndarray) or column.ndim == 1:
        return pa.array(column, pa.int64()).cast(kind) if pa.types.is_timestamp(kind) else pa.array(column, kind)
    width = column.shape[1]
    ends = np.arange(0, rows * width + 1, width, dtype=np.int32)
    text = pa.StringArray.from_buffers(rows, pa.py_buffer(ends), pa.py_buffer(np.ascontiguousarray(column)))
    return pa.ListArray.from_arrays(np.arange(rows + 1, dtype=np.int32), text) if pa.types.is_list(kind) else text


def _mixed(blocks: list, firsts, others) -> np.ndarray:
    """Rows of payments with the row of each block's coinbase before them."""
    where = np.cumsum([0, *(len(block.payments) for block in blocks[:-1])])
    return np.insert(np.asarray(others), where, np.asarray(firsts), axis=0)


def _prefixed(prefix: bytes, text: np.ndarray) -> np.ndarray:
    head = np.broadcast_to(np.frombuffer(prefix, np.uint8), (len(text), len(prefix)))
    return np.concatenate([head, text], axis=1)


def _positions(counts: np.ndarray) -> np.ndarray:
    """0, 1, 2 ... anew for each count."""
    return np.arange(counts.sum()) - np.repeat(np.cumsum(counts) - counts, counts)


COLUMNS = {
    "blocks": block_columns,
    "transactions": transaction_columns,
    "inputs": input_columns,
    "outputs": output_columns,
}
