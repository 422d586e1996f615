"""Prove the account chain of a world from its files: bytes, signatures, headers, invariants, truth.

Execution itself is judged elsewhere: by making the world again, and by anvil (`cointrail.world.evm.replay`).
"""

import hashlib
from collections.abc import Iterator
from pathlib import Path

import pandas as pd
from coincurve import PublicKey

from cointrail.errors import CointrailError
from cointrail.ledger import data_folder, load_token_manifest, read_token_ledger
from cointrail.ledger.token_ledger import TokenLedger
from cointrail.world.evm.hashing import keccak
from cointrail.world.evm.keys import CHAIN_ID, address_of_key
from cointrail.world.evm.rlp import encode
from cointrail.world.evm.trie import list_root
from cointrail.world.files import truth_folder

__all__ = ["raw_transactions", "verify_evm"]

HEADER = (
    *("parent_hash", "sha3_uncles", "miner", "state_root", "transactions_root", "receipts_root", "logs_bloom"),
    *("difficulty", "number", "gas_limit", "gas_used", "timestamp", "extra_data", None, "nonce", "base_fee_per_gas"),
)


def verify_evm(name: str) -> Iterator[tuple[str, list[str]]]:
    """The steps one by one, as (title, findings); a good chain has no findings."""
    folder = data_folder() / name / "evm"
    manifest = load_token_manifest(name)
    yield "every file of the account chain is the one in its manifest", list(_files(folder, manifest))
    ledger = read_token_ledger(folder, name=name)
    signatures = pd.read_parquet(folder / "signatures.parquet")
    yield "every transaction is signed by its sender, for a local chain only", list(_signatures(ledger, signatures))
    yield "every block's hash is the hash of its header", list(_headers(ledger, raw_transactions(ledger, signatures)))
    yield "nothing is spent twice or made of nothing", list(_invariants(ledger))
    yield "every address is listed as synthetic", list(_addresses(ledger, manifest))
    if (truth := truth_folder() / name / "accounts.parquet").is_file():
        yield "the truth covers every account, transaction and crossing", list(_truth(ledger, truth.parent))


def raw_transactions(ledger: TokenLedger, signatures: pd.DataFrame) -> list[bytes]:
    """The signed bytes of every transaction, put together from the tables."""
    signed = zip(signatures["y_parity"], signatures["r"], signatures["s"], strict=True)
    return [
        b"\x02" + encode([*fields, int(parity), int(r, 16), int(s, 16)])
        for fields, (parity, r, s) in zip(_unsigned(ledger), signed, strict=True)
    ]


def _unsigned(ledger: TokenLedger) -> Iterator[list]:
    for row in ledger.transactions.itertuples():
        to = _bytes(row.to_address) if isinstance(row.to_address, str) else b""
        fees = [row.max_priority_fee_per_gas, row.max_fee_per_gas]
        yield [CHAIN_ID, row.nonce, *fees, row.gas, to, row.value, _bytes(row.input), []]


def _files(folder: Path, manifest: dict) -> Iterator[str]:
    there = {path.name for path in folder.iterdir()} - {"manifest.json"}
    yield from (f"evm/{name} is not in its manifest." for name in sorted(there - set(manifest["files"])))
    for name, entry in manifest["files"].items():
        if name not in there:
            yield f"evm/{name} is in the manifest but not there."
        elif hashlib.sha256((folder / name).read_bytes()).hexdigest() != entry["sha256"]:
            yield f"evm/{name} is damaged or was changed: its SHA-256 is not the one in the manifest."


def _signatures(ledger: TokenLedger, signatures: pd.DataFrame) -> Iterator[str]:
    raw = raw_transactions(ledger, signatures)
    rows = zip(ledger.transactions.itertuples(), _unsigned(ledger), signatures.itertuples(), raw, strict=True)
    for row, fields, signed, serial in rows:
        if "0x" + keccak(serial).hex() != row.hash:
            yield f"{row.hash} is not the hash of the transaction in the table."
            continue
        signature = _bytes(signed.r) + _bytes(signed.s) + bytes((signed.y_parity,))
        key = PublicKey.from_signature_and_message(signature, keccak(b"\x02" + encode(fields)), hasher=None)
        if "0x" + address_of_key(key.format(compressed=False)).hex() != row.from_address:
            yield f"{row.hash} is not signed by {row.from_address}."


def _headers(ledger: TokenLedger, raw: list[bytes]) -> Iterator[str]:
    position = 0
    for block in ledger.blocks.to_dict("records"):
        own = raw[position : position + block["transaction_count"]]
        position += block["transaction_count"]
        if "0x" + list_root(own).hex() != block["transactions_root"]:
            yield f"Block {block['number']} does not commit to its transactions."
        if "0x" + keccak(encode([_field(block, name) for name in HEADER])).hex() != block["hash"]:
            yield f"The hash of block {block['number']} is not that of its header."


def _field(block: dict, name: str | None) -> bytes | int:
    """A column as its header has it; the field without a column is the random number of the merge, here zeros."""
    if name is None:
        return bytes(32)
    value = block[name]
    if isinstance(value, pd.Timestamp):
        return int(value.timestamp())
    return _bytes(value) if isinstance(value, str) else int(value)


def _bytes(text: str) -> bytes:
    return bytes.fromhex(text[2:])


def _invariants(ledger: TokenLedger) -> Iterator[str]:
    try:
        ledger.check()
    except CointrailError as error:
        yield str(error)


def _addresses(ledger: TokenLedger, manifest: dict) -> Iterator[str]:
    listed = set(manifest["addresses"])
    used = {*ledger.traces["from_address"].dropna(), *ledger.traces["to_address"].dropna(), *ledger.logs["address"]}
    used |= {*ledger.token_transfers["to_address"], *ledger.token_transfers["from_address"]} - {"0x" + "0" * 40}
    yield from (f"{address} is not listed in evm/manifest.json." for address in sorted(used - listed))
    if manifest["chain_id"] != CHAIN_ID:
        yield f"The chain id is {manifest['chain_id']}, not that of local test chains, {CHAIN_ID}."


def _truth(ledger: TokenLedger, folder: Path) -> Iterator[str]:
    tables = {
        name: pd.read_parquet(folder / f"{name}.parquet") for name in ("accounts", "crossing_legs", "token_routes")
    }
    used = {*ledger.traces["from_address"].dropna(), *ledger.traces["to_address"]}
    unknown = used - set(tables["accounts"]["address"])
    yield from (f"The truth does not say who holds {address}." for address in sorted(unknown))
    if list(pd.read_parquet(folder / "token_transactions.parquet")["hash"]) != list(ledger.transactions["hash"]):
        yield "The truth does not give a purpose for exactly the transactions of the account chain."
    keys, transfers = ["transaction_hash", "log_index"], pd.read_parquet(folder / "token_transfers.parquet")
    if not transfers[keys].equals(ledger.token_transfers[keys]):
        yield "The truth does not list exactly the token transfers of the account chain."
    known = set(ledger.transactions["hash"])
    for name in ("crossing_legs", "token_routes"):
        lost = set(tables[name]["transaction_hash"]) - known
        yield from (f"{name} names {txid}, which is not on the account chain." for txid in sorted(lost))
    if (crossings := folder / "crossings.parquet").is_file():
        lost = set(tables["crossing_legs"]["reference"]) - set(pd.read_parquet(crossings)["reference"])
        yield from (f"The crossing {one} has no end on the other chain." for one in sorted(lost))
