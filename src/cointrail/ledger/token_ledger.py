"""The token ledger: an account chain as seven tidy tables, and loading it by the name of its world."""

import json
from collections import defaultdict
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

import pandas as pd

from cointrail.errors import CointrailError
from cointrail.ledger.parquet import write_table
from cointrail.ledger.store import another_of, checked_path, data_folder
from cointrail.ledger.token_checks import BURNT, GENESIS, check_token_tables, coin_moves
from cointrail.ledger.token_tables import TOKEN_SCHEMAS, read_token_table

__all__ = ["TokenLedger", "load_token_ledger", "load_token_manifest", "read_token_ledger", "warm_token_ledgers"]


@dataclass(frozen=True, eq=False)
class TokenLedger:
    """An account chain as tables with ethereum-etl's columns.

    Attributes
    ----------
    name : str
        The world it belongs to.
    blocks, transactions, token_transfers, receipts, logs, traces, tokens : pandas.DataFrame
        In the order of the chain. Wei and token base units are Python int, exact; times are UTC; addresses are lower
        case with ``0x``. A token transfer carries no time: join `blocks` on `block_number`. Block 0 holds no
        transaction; the coins it gave are the traces of type ``genesis``.

    Examples
    --------
    >>> from cointrail.ledger import load_token_ledger
    >>> ledger = load_token_ledger("glass_harbour")
    >>> sorted(ledger.tokens["symbol"])
    ['ARVD', 'ARVD', 'HBC']
    """

    name: str
    blocks: pd.DataFrame
    transactions: pd.DataFrame
    token_transfers: pd.DataFrame
    receipts: pd.DataFrame
    logs: pd.DataFrame
    traces: pd.DataFrame
    tokens: pd.DataFrame

    def __repr__(self) -> str:
        return f"<TokenLedger {self.name}: {len(self.transactions)} transactions, blocks up to number {self.tip}>"

    @property
    def tip(self) -> int:
        """Number of the last block."""
        return int(self.blocks["number"].iloc[-1])

    def transaction(self, txid: str) -> pd.Series:
        """The row of one transaction; an unknown or malformed hash is refused with a sentence."""
        key = txid.strip().lower() if isinstance(txid, str) else ""
        if not (key.startswith("0x") and len(key) == 66):
            raise CointrailError(f"{txid!r} is not a transaction hash: it is 0x and 64 characters, 0-9 and a-f.")
        if key not in self._positions:
            raise CointrailError(f"There is no transaction {key} in the token ledger {self.name}.")
        return self.transactions.iloc[self._positions[key]]

    def coin_balances(self) -> dict[str, int]:
        """Wei of the native coin that each address holds after the last block; who never had any is left out."""
        coins = defaultdict(int)
        for _, payer, to, value in coin_moves(self.blocks, self.transactions, self.receipts, self.traces):
            coins[payer] -= value
            coins[to] += value
        return {address: value for address, value in sorted(coins.items()) if address not in (GENESIS, BURNT)}

    def check(self) -> None:
        """Prove the ledger's invariants.

        Blocks follow each other; nonces are consecutive; receipts fit their transactions; token transfers are exactly
        what the logs say, no token balance goes below zero and each supply adds up; the outermost trace of each
        transaction is the transaction; nobody spends native coins that are not there, fees to the miner and the burnt
        base fee included.

        Raises
        ------
        CointrailError
            With what is at fault.
        """
        check_token_tables({table: getattr(self, table) for table in TOKEN_SCHEMAS})

    def write(self, folder: Path | str) -> None:
        """Write the seven tables as ``.parquet`` into a folder, made if need be."""
        folder = Path(folder)
        folder.mkdir(parents=True, exist_ok=True)
        for table, schema in TOKEN_SCHEMAS.items():
            write_table(folder / f"{table}.parquet", getattr(self, table), schema)

    @cached_property
    def _positions(self) -> dict[str, int]:
        return {txid: row for row, txid in enumerate(self.transactions["hash"])}


def load_token_ledger(name: str) -> TokenLedger:
    """Load the account chain of a world, after checking each file against its manifest.

    Parameters
    ----------
    name : str
        A world, such as ``"glass_harbour"``.

    Raises
    ------
    CointrailError
        If that world has no account chain here, or a file is missing or not the published one.

    Examples
    --------
    >>> load_token_ledger("glass_harbour").name
    'glass_harbour'
    """
    if name in _warm:
        ledger, _warm[name] = _warm[name], another_of(_warm[name], TOKEN_SCHEMAS)
        return ledger
    manifest = load_token_manifest(name)
    for table in TOKEN_SCHEMAS:
        path = checked_path(name, f"{table}.parquet", manifest=manifest, folder="evm")
    return read_token_ledger(path.parent, name=name)


_warm: dict[str, TokenLedger] = {}


def warm_token_ledgers() -> dict[str, TokenLedger]:
    """Load every account chain ahead, as `warm_ledgers` does; returns them by the name of their world."""
    for manifest in sorted(data_folder().glob("*/evm/manifest.json")):
        name = manifest.parts[-3]
        _warm[name] = load_token_ledger(name)
    return dict(_warm)


def load_token_manifest(name: str) -> dict:
    """The manifest of a world's account chain: chain id, contracts, every address, and the SHA-256 of every file.

    Raises
    ------
    CointrailError
        If that world has no account chain here, or the manifest is damaged.
    """
    path = data_folder() / name / "evm" / "manifest.json"
    if not path.is_file():
        known = ", ".join(sorted(one.parts[-3] for one in data_folder().glob("*/evm/manifest.json"))) or "none yet"
        raise CointrailError(f"The world {name!r} has no account chain in {data_folder()}: worlds that do are {known}.")
    try:
        manifest = json.loads(path.read_bytes())
    except ValueError as error:
        raise CointrailError(f"{path} is damaged: copy the world {name} again.") from error
    if not isinstance(manifest, dict) or not isinstance(manifest.get("files"), dict):
        raise CointrailError(f"{path} is damaged: copy the world {name} again.")
    return manifest


def read_token_ledger(folder: Path | str, *, name: str | None = None) -> TokenLedger:
    """Read a token ledger from any folder with the seven Parquet files; no manifest is needed.

    Parameters
    ----------
    folder : path
        Holds the seven files.
    name : str, optional
        The name the ledger carries; the folder's name if left out.
    """
    folder = Path(folder)
    tables = {table: read_token_table(folder / f"{table}.parquet", table) for table in TOKEN_SCHEMAS}
    return TokenLedger(name=name or folder.name, **tables)
