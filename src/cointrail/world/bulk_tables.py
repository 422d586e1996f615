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
from cointrail.ledger.mining import MESSAGE, mine_root, push_height
from cointrail.ledger.parquet import BANNER, SCHEMAS
from cointrail.ledger.transaction import Transaction, TxIn, TxOut
from cointrail.world.bulk import EMPTY_BLOCKS, FUNDING_BLOCKS, Flow
from cointrail.world.bulk_bytes import add_txids, key_hashes, serialise
from cointrail.world.bulk_columns import COLUMNS, arrow

__all__ = ["write_tables"]

FIRST_TIME = int(datetime(2024, 1, 1, tzinfo=UTC).timestamp())
INTERVAL = 600
PER_BLOCK = 2_000
PIECE = 200_000
MINER = b"\x00\x14" + bytes(20)


class Block:
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
    maker = Maker(flow, hashes, start, {name: _writer(folder, name) for name in SCHEMAS})
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


class Maker:
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
        self.height, self.previous = 0, bytes.fromhex(GENESIS_HASH)[::-1]

    def first_blocks(self) -> list[Block]:
        """Blocks with coinbases only: the first 100 give people their coins, the others let these mature."""
        each, blocks = self.flow.funding // FUNDING_BLOCKS, []
        for number in range(EMPTY_BLOCKS):
            paid = range(number * each, (number + 1) * each) if number < FUNDING_BLOCKS else ()
            outputs = [TxOut(int(self.flow.output_value[o]), b"\x00\x14" + self.hashes[o].tobytes()) for o in paid]
            blocks.append(self._block(outputs or [TxOut(subsidy(number + 1), MINER)], range(0)))
        funding = b"".join(block.txid for block in blocks[:FUNDING_BLOCKS])
        self.ids[:FUNDING_BLOCKS] = np.frombuffer(funding, np.uint8).reshape(-1, 32)
        return blocks

    def hash(self, data: np.ndarray, piece: range) -> None:
        """The txids of a piece of the payments."""
        add_txids(data, self.start, self.flow, self.place, self.ids, piece)

    def blocks(self, piece: range) -> list[Block]:
        blocks = []
        for first in range(piece.start, piece.stop, PER_BLOCK):
            payments = range(first, min(first + PER_BLOCK, piece.stop))
            part = slice(payments.start, payments.stop)
            fees = int(self.paid_in[part].sum() - self.paid_out[part].sum())
            blocks.append(self._block([TxOut(subsidy(self.height + 1) + fees, MINER)], payments))
        return blocks

    def _block(self, outputs: list[TxOut], payments: range) -> Block:
        self.height += 1
        script = push_height(self.height) + bytes((len(MESSAGE),)) + MESSAGE
        block = Block(self.height, Transaction(2, (TxIn(bytes(32), 0xFFFFFFFF, script),), tuple(outputs)), payments)
        txids = (
            self.ids[FUNDING_BLOCKS + payments.start : FUNDING_BLOCKS + payments.stop].tobytes() if payments else b""
        )
        root = merkle_root([block.txid, *(txids[at : at + 32] for at in range(0, len(txids), 32))])
        mined = mine_root(root, previous=self.previous, timestamp=FIRST_TIME + INTERVAL * self.height)
        block.mined, self.previous = mined, bytes.fromhex(mined.hash)[::-1]
        block.size = 81 + (2 if payments else 0) + len(block.raw)
        if payments:
            block.size += int(self.start[payments.stop] - self.start[payments.start])
        return block

    def write(self, blocks: list[Block], piece: range) -> None:
        """Write the rows of some blocks."""
        for name, make in COLUMNS.items():
            columns = make(self, blocks, piece)
            rows = next(len(column) for column in columns.values() if isinstance(column, np.ndarray))
            arrays = [arrow(columns[field.name], field.type, rows) for field in SCHEMAS[name]]
            self.writers[name].write_table(pa.Table.from_arrays(arrays, schema=SCHEMAS[name]))


def _sums(values: np.ndarray, starts: np.ndarray) -> np.ndarray:
    total = np.concatenate([[0], np.cumsum(values)])
    return total[starts[1:]] - total[starts[:-1]]
