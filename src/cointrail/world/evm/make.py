"""Make the account chain of a world beside its UTXO chain, and write its public half and its truth."""

import hashlib
import json
from dataclasses import dataclass
from pathlib import Path

import pandas as pd

from cointrail.errors import CointrailError
from cointrail.ledger.parquet import BANNER, write_table
from cointrail.ledger.token_ledger import TokenLedger
from cointrail.world.evm.cast import DOCKETS
from cointrail.world.evm.crossings import Crossing
from cointrail.world.evm.keys import CHAIN_ID
from cointrail.world.evm.prices import daily_prices
from cointrail.world.evm.story import live
from cointrail.world.evm.tables import SIGNATURES, ledger_of, signatures
from cointrail.world.evm.times import END, time_text
from cointrail.world.evm.truth import EVM_TRUTH_SCHEMAS, truth_tables

__all__ = ["EvmWorld", "make_evm", "read_crossings", "write_evm"]


@dataclass(frozen=True)
class EvmWorld:
    """An account chain as it is published, and its truth.

    `signatures` completes the ledger to what was signed, `texts` are CSV files by name, `addresses` all accounts.
    """

    ledger: TokenLedger
    signatures: pd.DataFrame
    texts: dict[str, str]
    addresses: list[str]
    truth: dict[str, pd.DataFrame]


def make_evm(name: str, seed: bytes, crossings: list[Crossing], *, suspects: list[str], end: int = END) -> EvmWorld:
    """Make the account chain of a world in memory.

    Parameters
    ----------
    name : str
        The world's.
    seed : bytes
        16 bytes.
    crossings : list of Crossing
        What crossed between the chains, seen from the UTXO chain: `read_crossings`.
    suspects : list of str
        Entities of dockets A to X, in this order.
    end : int, optional
        Stop early (Unix seconds).

    Raises
    ------
    CointrailError
        If the seed or the number of suspects is wrong, or the virtual machine does not agree with the story.
    """
    if len(seed) != 16 or len(suspects) != len(DOCKETS):
        raise CointrailError(f"A world has a seed of 16 bytes and {len(DOCKETS)} suspects.")
    story = live(seed, crossings, suspects=suspects, end=end)
    scene, cast = story.scene, story.cast
    tokens = [token for token in (cast.arvd, cast.hbc, cast.fake) if scene.chain.state.of(token.address).code]
    ledger = ledger_of(scene.chain, name=name, vaults=scene.vaults, tokens=tokens)
    texts = {"prices.csv": _price_csv(seed), "opaque.csv": _opaque_csv(story.opaque.ends)}
    addresses = sorted("0x" + address.hex() for address in scene.owners)
    return EvmWorld(ledger, signatures(scene.chain), texts, addresses, truth_tables(story, ledger))


def read_crossings(*, truth: Path, outputs: pd.DataFrame) -> tuple[list[Crossing], list[str]]:
    """The crossings and the suspects' names that a UTXO chain wrote down.

    Parameters
    ----------
    truth : Path
        The folder of the world's truth, with ``crossings.parquet`` and ``vendors.parquet``.
    outputs : pandas.DataFrame
        The outputs of the UTXO ledger, for the addresses paid there.
    """
    for file in ("crossings.parquet", "vendors.parquet"):
        if not (truth / file).is_file():
            raise CointrailError(f"There is no {file} in {truth}: make the world's UTXO chain first.")
    table = pd.read_parquet(truth / "crossings.parquet").merge(
        outputs[["transaction_hash", "index", "addresses"]], on=["transaction_hash", "index"], how="left"
    )
    crossings = [
        Crossing(
            row.reference,
            row.service,
            row.direction,
            int(row.timestamp.timestamp()),
            row.entity,
            row.transaction_hash,
            row.addresses[0] if row.direction == "in" else "",
            int(row.value),
            row.asset,
            int(row.amount),
        )
        for row in table.itertuples()
    ]
    vendors = pd.read_parquet(truth / "vendors.parquet").sort_values("docket")
    return crossings, list(vendors["vendor"])


def write_evm(world: EvmWorld, *, data: Path, truth_folder: Path) -> None:
    """Write to ``data/<name>/evm`` and ``truth_folder/<name>``; what others wrote there is left alone."""
    folder, truth = Path(data) / world.ledger.name / "evm", Path(truth_folder) / world.ledger.name
    world.ledger.write(folder)
    write_table(folder / "signatures.parquet", world.signatures, SIGNATURES)
    for file, text in world.texts.items():
        (folder / file).write_bytes(text.encode())
    truth.mkdir(parents=True, exist_ok=True)
    for name, table in world.truth.items():
        write_table(truth / f"{name}.parquet", table, EVM_TRUTH_SCHEMAS[name])
    manifest = json.dumps(_manifest(world, folder), indent=1) + "\n"
    (folder / "manifest.json").write_bytes(manifest.encode())


def _manifest(world: EvmWorld, folder: Path) -> dict:
    files = sorted(path for path in folder.iterdir() if path.name != "manifest.json")
    return {
        "world": world.ledger.name,
        "banner": BANNER,
        "notice": "Addresses show no network: write them as syn:0x...; they hold nothing on any real chain.",
        "chain_id": CHAIN_ID,
        "native_coin": {"symbol": "QUAY", "decimals": 18},
        "block": world.ledger.tip,
        "tip": world.ledger.blocks["hash"].iloc[-1],
        "files": {path.name: _fingerprint(path) for path in files},
        "addresses": world.addresses,
    }


def _fingerprint(path: Path) -> dict:
    data = path.read_bytes()
    return {"sha256": hashlib.sha256(data).hexdigest(), "bytes": len(data)}


def _price_csv(seed: bytes) -> str:
    prices = daily_prices(seed)
    days = zip(*(series.items() for series in prices.values()), strict=True)
    lines = [
        f"{day},{asset},{price // 10**6}.{price % 10**6:06}"
        for row in days
        for asset, (day, price) in zip(prices, row, strict=True)
    ]
    return "\n".join([f"# {BANNER}", "date,asset,arv", *lines]) + "\n"


def _opaque_csv(ends: list[tuple]) -> str:
    """SYN-OPAQUE as anybody sees it: its two ends on this chain, and nothing between."""
    lines = [
        f"{time_text(time)},{side},swaplark,0x{txid.hex()},0x{address.hex()},QUAY,{value}"
        for time, side, txid, address, value in sorted(ends)
    ]
    head = "time,side,service,transaction_hash,address,asset,value"
    return "\n".join([f"# {BANNER}", head, *lines]) + "\n"
