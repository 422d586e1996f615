"""Bitcoin Core's blk file format with regtest's magic, and the way from raw blocks to a ledger's tables.

A blk file is a row of records: four magic bytes, the length, the raw block. The course's files start at height 1;
block 0 is regtest's genesis block, the same for everybody, and its coin can never be spent.
"""

import hashlib
import struct
from collections.abc import Iterable
from pathlib import Path

from cointrail.errors import CointrailError
from cointrail.ledger.addresses import address_of
from cointrail.ledger.block import Block, parse_block
from cointrail.ledger.model import Ledger
from cointrail.ledger.parquet import SCHEMAS, frame
from cointrail.ledger.scripts import script_asm, script_type
from cointrail.ledger.transaction import Reader, Transaction, TxOut, hash_to_hex, parse_transaction

__all__ = [
    "REGTEST_MAGIC",
    "ledger_from_blocks",
    "parse_block",
    "parse_transaction",
    "read_blocks",
    "write_blocks",
]

REGTEST_MAGIC = bytes.fromhex("fabfb5da")


def read_blocks(path: Path | str) -> list[bytes]:
    """The raw blocks of a blk file, in file order.

    Raises
    ------
    CointrailError
        If the file is missing, is not a regtest blk file, or ends inside a block.

    Examples
    --------
    >>> from cointrail.ledger import data_folder
    >>> blocks = read_blocks(data_folder() / "primer" / "btc" / "blocks.dat")
    >>> parse_block(blocks[0]).height
    1
    """
    path = Path(path)
    if not path.is_file():
        raise CointrailError(f"There is no block file at {path}: check the name of the world.")
    reader = Reader(path.read_bytes())
    blocks = []
    while reader.position < len(reader.data):
        start = reader.position
        # Bitcoin Core makes room at the end of its files before it needs it.
        if not any(reader.data[start:]):
            break
        if reader.take(4) != REGTEST_MAGIC:
            raise CointrailError(
                f"{path.name}: no regtest block begins at byte {start}; the file is damaged or of another network."
            )
        blocks.append(reader.take(reader.integer("<I")))
    return blocks


def write_blocks(path: Path | str, blocks: Iterable[bytes]) -> None:
    """Write raw blocks as a blk file."""
    Path(path).write_bytes(b"".join(REGTEST_MAGIC + struct.pack("<I", len(raw)) + raw for raw in blocks))


def ledger_from_blocks(blocks: Iterable[bytes | Block], *, name: str = "blocks") -> Ledger:
    """The tables of a chain, as bitcoin-etl would give them for it.

    Parameters
    ----------
    blocks : iterable of bytes or Block
        In height order, from height 1, so that every spent output was seen before.
    name : str
        The name that the ledger carries.

    Raises
    ------
    CointrailError
        If bytes are damaged or an input spends an output that no earlier transaction made.

    Notes
    -----
    As in bitcoin-etl: the coinbase input is left out (its script is `coinbase_param`), inputs carry the type, address
    and value of what they spend, and a script without an address gets ``nonstandard`` and a hash. One departure:
    OP_RETURN keeps Core's type ``nulldata`` and an empty address list, because nobody holds it.
    """
    tables = {table: {column: [] for column in schema.names} for table, schema in SCHEMAS.items()}
    seen: dict[tuple[str, int], tuple[TxOut, str, list[str]]] = {}
    for item in blocks:
        _add_block(tables, item if isinstance(item, Block) else parse_block(item), seen)
    return Ledger(name=name, **{table: frame(table, columns) for table, columns in tables.items()})


def _add_block(tables: dict, block: Block, seen: dict) -> None:
    size, stripped = len(block.serialise()), len(block.serialise(witness=False))
    row = {
        "hash": block.hash,
        "size": size,
        "stripped_size": stripped,
        "weight": 3 * stripped + size,
        "number": block.height,
        "version": block.version,
        "merkle_root": hash_to_hex(block.merkle_root),
        "timestamp": block.timestamp,
        "nonce": f"{block.nonce:x}",
        "bits": f"{block.bits:08x}",
        "coinbase_param": block.transactions[0].inputs[0].script.hex(),
        "transaction_count": len(block.transactions),
    }
    _append(tables["blocks"], row)
    for index, transaction in enumerate(block.transactions):
        _add_transaction(tables, transaction, row, index, seen)


def _add_transaction(tables: dict, transaction: Transaction, block: dict, index: int, seen: dict) -> None:
    txid = transaction.txid
    inputs = [] if transaction.is_coinbase else _input_rows(transaction, txid, seen)
    outputs = _output_rows(transaction, txid, seen)
    paid_in, paid_out = sum(row["value"] for row in inputs), sum(row["value"] for row in outputs)
    row = {
        "hash": txid,
        "size": transaction.size,
        "virtual_size": transaction.virtual_size,
        "version": transaction.version,
        "lock_time": transaction.lock_time,
        "block_number": block["number"],
        "block_hash": block["hash"],
        "block_timestamp": block["timestamp"],
        "is_coinbase": transaction.is_coinbase,
        "index": index,
        "input_count": len(inputs),
        "output_count": len(outputs),
        "input_value": paid_in,
        "output_value": paid_out,
        "fee": 0 if transaction.is_coinbase else paid_in - paid_out,
    }
    _append(tables["transactions"], row)
    for table, rows in (("inputs", inputs), ("outputs", outputs)):
        for entry in rows:
            _append(tables[table], entry)


def _input_rows(transaction: Transaction, txid: str, seen: dict) -> list[dict]:
    rows = []
    for index, txin in enumerate(transaction.inputs):
        spent = hash_to_hex(txin.txid)
        if (spent, txin.vout) not in seen:
            raise CointrailError(
                f"Transaction {txid} spends {spent}:{txin.vout}, which no earlier transaction made: "
                "a block is missing or out of order."
            )
        output, kind, addresses = seen[spent, txin.vout]
        rows.append(
            {
                "transaction_hash": txid,
                "index": index,
                "spent_transaction_hash": spent,
                "spent_output_index": txin.vout,
                "script_asm": script_asm(txin.script, signatures=True),
                "script_hex": txin.script.hex(),
                "sequence": txin.sequence,
                "required_signatures": None,
                "type": kind,
                "addresses": addresses,
                "value": output.value,
            }
        )
    return rows


def _output_rows(transaction: Transaction, txid: str, seen: dict) -> list[dict]:
    rows = []
    for index, output in enumerate(transaction.outputs):
        kind = script_type(output.script)
        addresses = _addresses(output.script, kind)
        seen[txid, index] = output, kind, addresses
        rows.append(
            {
                "transaction_hash": txid,
                "index": index,
                "script_asm": script_asm(output.script),
                "script_hex": output.script.hex(),
                "required_signatures": None,
                "type": kind,
                "addresses": addresses,
                "value": output.value,
            }
        )
    return rows


def _addresses(script: bytes, kind: str) -> list[str]:
    if kind == "nulldata":
        return []
    return [address_of(script) or "nonstandard" + hashlib.sha256(script).hexdigest()[:40]]


def _append(columns: dict[str, list], row: dict) -> None:
    for column, value in row.items():
        columns[column].append(value)
