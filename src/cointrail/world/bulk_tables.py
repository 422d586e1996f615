"""The tables of a bulk ledger, made and written piece by piece: columns of equal-width text go straight to Arrow."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime
from pathlib import Path

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq

from cointrail.ledger.block import GENESIS_HASH, merkle_root
from cointrail.ledger.checks import subsidy
from cointrail.ledger.parquet import BANNER, SCHEMAS
from cointrail.ledger.transaction import Transaction, TxIn, TxOut
from cointrail.world.bulk import EMPTY_BLOCKS, FUNDING_BLOCKS, Flow
from cointrail.world.bulk_bytes import addresses_text, hex_text, key_hashes, serialise, txids_of
from cointrail.world.chain import MESSAGE, mine_root, push_height

__all__ = ["write_tables"]

FIRST_TIME = int(datetime(2024, 1, 1, tzinfo=UTC).timestamp())
INTERVAL = 600
PER_BLOCK = 2_000
PIECE = 200_000
MINER = b"\x00\x14" + bytes(20)


class _Block:
    """One block: its coinbase, and which payments it holds."""

    def __init__(self, height: int, coinbase: Transaction, payments: range):
        self.height, self.payments = height, payments
        self.raw = coinbase.serialise(witness=False)
        self.coinbase, self.txid = coinbase, bytes.fromhex(coinbase.txid)[::-1]


def write_tables(folder: Path, flow: Flow, *, seed: bytes, note: Callable[[str], None]) -> None:
    """Serialise, hash and write a flow; hashing the next piece and writing the last go on at the same time."""
    folder.mkdir(parents=True, exist_ok=True)
    count = len(flow.input_start) - 1
    note("addresses ...")
    hashes = key_hashes(seed, flow.addresses)
    data, start = serialise(flow, hashes)
    maker = _Maker(flow, hashes, start, {name: _writer(folder, name) for name in SCHEMAS})
    with ThreadPoolExecutor(1) as pool:
        waiting = pool.submit(maker.write, maker.first_blocks(), range(0))
        for first in range(0, count, PIECE):
            piece = range(first, min(first + PIECE, count))
            maker.hash(data, piece)
            blocks = maker.blocks(piece)
            waiting.result()
            waiting = pool.submit(maker.write, blocks, piece)
            note(f"{piece.stop:,} of {count:,} payments")
        waiting.result()
    for writer in maker.writers.values():
        writer.close()


def _writer(folder: Path, name: str) -> pq.ParquetWriter:
    schema = SCHEMAS[name].with_metadata({"banner": BANNER})
    few = [field.name for field in schema if field.name in ("type", "block_hash")]
    return pq.ParquetWriter(
        folder / f"{name}.parquet", schema, compression="zstd", compression_level=1, use_dictionary=few
    )


class _Maker:
    """Goes through the payments once; `ids` are the txids of the funding coinbases and then of all payments."""

    def __init__(self, flow: Flow, hashes: np.ndarray, start: np.ndarray, writers: dict[str, pq.ParquetWriter]):
        self.flow, self.hashes, self.start, self.writers = flow, hashes, start, writers
        count, each = len(flow.input_start) - 1, flow.funding // FUNDING_BLOCKS
        made = np.diff(flow.output_start)
        own = np.arange(flow.funding)
        rows = np.concatenate([own // each, FUNDING_BLOCKS + np.repeat(np.arange(count), made)])
        vouts = np.arange(flow.output_start[-1] - flow.funding) - np.repeat(flow.output_start[:-1] - flow.funding, made)
        self.place = rows, np.concatenate([own % each, vouts])
        self.paid_in = _sums(flow.output_value[flow.spent_output], flow.input_start)
        self.paid_out = _sums(flow.output_value[flow.funding :], flow.output_start - flow.funding)
        self.ids = np.empty((FUNDING_BLOCKS + count, 32), np.uint8)
        self.parents: list[bytes] = []
        self.height, self.previous = 0, bytes.fromhex(GENESIS_HASH)[::-1]

    def first_blocks(self) -> list[_Block]:
        """Blocks with coinbases only: the first 100 give people their coins, the others let these mature."""
        each, blocks = self.flow.funding // FUNDING_BLOCKS, []
        for number in range(EMPTY_BLOCKS):
            paid = range(number * each, (number + 1) * each) if number < FUNDING_BLOCKS else ()
            outputs = [TxOut(int(self.flow.output_value[o]), b"\x00\x14" + self.hashes[o].tobytes()) for o in paid]
            blocks.append(self._block(outputs or [TxOut(subsidy(number + 1), MINER)], range(0)))
        self.parents += [block.txid for block in blocks[:FUNDING_BLOCKS]]
        self._keep(0)
        return blocks

    def hash(self, data: np.ndarray, piece: range) -> None:
        """The txids of a piece of the payments."""
        flow, known = self.flow, len(self.parents)
        part = slice(piece.start, piece.stop + 1)
        txids_of(data, self.start[part], self.parents, flow._replace(input_start=flow.input_start[part]), self.place)
        self._keep(known)

    def _keep(self, known: int) -> None:
        new = self.parents[known:]
        self.ids[known : known + len(new)] = np.frombuffer(b"".join(new), np.uint8).reshape(-1, 32)

    def blocks(self, piece: range) -> list[_Block]:
        blocks = []
        for first in range(piece.start, piece.stop, PER_BLOCK):
            payments = range(first, min(first + PER_BLOCK, piece.stop))
            part = slice(payments.start, payments.stop)
            fees = int(self.paid_in[part].sum() - self.paid_out[part].sum())
            blocks.append(self._block([TxOut(subsidy(self.height + 1) + fees, MINER)], payments))
        return blocks

    def _block(self, outputs: list[TxOut], payments: range) -> _Block:
        self.height += 1
        script = push_height(self.height) + bytes((len(MESSAGE),)) + MESSAGE
        block = _Block(self.height, Transaction(2, (TxIn(bytes(32), 0xFFFFFFFF, script),), tuple(outputs)), payments)
        txids = self.parents[FUNDING_BLOCKS + payments.start : FUNDING_BLOCKS + payments.stop] if payments else []
        root = merkle_root([block.txid, *txids])
        mined = mine_root(root, previous=self.previous, timestamp=FIRST_TIME + INTERVAL * self.height)
        block.mined, self.previous = mined, bytes.fromhex(mined.hash)[::-1]
        block.size = 81 + (2 if payments else 0) + len(block.raw)
        if payments:
            block.size += int(self.start[payments.stop] - self.start[payments.start])
        return block

    def write(self, blocks: list[_Block], piece: range) -> None:
        """Write the rows of some blocks."""
        for name, make in (
            ("blocks", _blocks),
            ("transactions", _transactions),
            ("inputs", _inputs),
            ("outputs", _outputs),
        ):
            columns = make(self, blocks, piece)
            rows = next(len(column) for column in columns.values() if isinstance(column, np.ndarray))
            arrays = [_arrow(columns[field.name], field.type, rows) for field in SCHEMAS[name]]
            self.writers[name].write_table(pa.Table.from_arrays(arrays, schema=SCHEMAS[name]))

    def mixed(self, blocks: list[_Block], firsts, others) -> np.ndarray:
        """Rows of payments with the row of each block's coinbase before them."""
        where = np.cumsum([0, *(len(block.payments) for block in blocks[:-1])])
        return np.insert(np.asarray(others), where, np.asarray(firsts), axis=0)


def _blocks(maker: _Maker, blocks: list[_Block], piece: range) -> dict:
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


def _transactions(maker: _Maker, blocks: list[_Block], piece: range) -> dict:
    part = slice(piece.start, piece.stop)
    counts = np.array([1 + len(block.payments) for block in blocks])
    rewards = [sum(out.value for out in block.coinbase.outputs) for block in blocks]
    zeros = np.zeros(len(blocks), np.int64)
    hashes = np.frombuffer(b"".join(block.txid for block in blocks), np.uint8).reshape(-1, 32)
    sizes = maker.mixed(blocks, [len(block.raw) for block in blocks], np.diff(maker.start)[part])
    paid_in, paid_out = maker.paid_in[part], maker.paid_out[part]
    begins = np.cumsum(counts) - counts
    index = np.arange(counts.sum()) - np.repeat(begins, counts)
    block_hash = np.frombuffer(b"".join(bytes.fromhex(b.mined.hash) for b in blocks), np.uint8).reshape(-1, 32)
    return {
        "hash": hex_text(maker.mixed(blocks, hashes, maker.ids[FUNDING_BLOCKS:][part]), True),
        "size": sizes,
        "virtual_size": sizes,
        "version": np.full(len(index), 2),
        "lock_time": np.zeros(len(index), np.int64),
        "block_number": np.repeat([block.height for block in blocks], counts),
        "block_hash": np.repeat(hex_text(block_hash, False), counts, axis=0),
        "block_timestamp": np.repeat([block.mined.timestamp * 1_000 for block in blocks], counts),
        "is_coinbase": index == 0,
        "index": index,
        "input_count": maker.mixed(blocks, zeros, np.diff(maker.flow.input_start)[part]),
        "output_count": maker.mixed(
            blocks, [len(block.coinbase.outputs) for block in blocks], np.diff(maker.flow.output_start)[part]
        ),
        "input_value": maker.mixed(blocks, zeros, paid_in),
        "output_value": maker.mixed(blocks, rewards, paid_out),
        "fee": maker.mixed(blocks, zeros, paid_in - paid_out),
    }


def _inputs(maker: _Maker, blocks: list[_Block], piece: range) -> dict:
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


def _outputs(maker: _Maker, blocks: list[_Block], piece: range) -> dict:
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


def _arrow(column, kind: pa.DataType, rows: int) -> pa.Array:
    """A column from numbers, a list of texts, one value for all rows, or a matrix whose rows are text."""
    if column is None or isinstance(column, str):
        return pa.repeat(pa.scalar(column, kind), rows)
    if not isinstance(column, np.ndarray) or column.ndim == 1:
        return pa.array(column, pa.int64()).cast(kind) if pa.types.is_timestamp(kind) else pa.array(column, kind)
    width = column.shape[1]
    ends = np.arange(0, rows * width + 1, width, dtype=np.int32)
    text = pa.StringArray.from_buffers(rows, pa.py_buffer(ends), pa.py_buffer(np.ascontiguousarray(column)))
    return pa.ListArray.from_arrays(np.arange(rows + 1, dtype=np.int32), text) if pa.types.is_list(kind) else text


def _prefixed(prefix: bytes, text: np.ndarray) -> np.ndarray:
    head = np.broadcast_to(np.frombuffer(prefix, np.uint8), (len(text), len(prefix)))
    return np.concatenate([head, text], axis=1)


def _positions(counts: np.ndarray) -> np.ndarray:
    """0, 1, 2 ... anew for each count."""
    return np.arange(counts.sum()) - np.repeat(np.cumsum(counts) - counts, counts)


def _sums(values: np.ndarray, starts: np.ndarray) -> np.ndarray:
    total = np.concatenate([[0], np.cumsum(values)])
    return total[starts[1:]] - total[starts[:-1]]
