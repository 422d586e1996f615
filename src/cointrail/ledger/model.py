"""The ledger: four tidy tables that everything else in the course reads."""

from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

import pandas as pd

from cointrail.errors import CointrailError
from cointrail.ledger.checks import check_tables
from cointrail.ledger.parquet import SCHEMAS, write_table

__all__ = ["Ledger", "read_txid"]


@dataclass(frozen=True, eq=False)
class Ledger:
    """A UTXO ledger as tables with bitcoin-etl's columns.

    Attributes
    ----------
    name : str
        The world it belongs to.
    blocks, transactions, inputs, outputs : pandas.DataFrame
        Sorted by block, position in the block and index. `inputs` and `outputs` carry `transaction_hash`; the pair
        (`transaction_hash`, `index`) is their key. Values and fees are int64 satoshi, times are UTC, a coinbase has no
        input. `addresses` is a list with one address, or none; rows of one address can share it: never change one.

    Examples
    --------
    >>> from cointrail.ledger import load_ledger
    >>> ledger = load_ledger("primer")
    >>> ledger
    <Ledger primer: 440 transactions, blocks up to height 257>
    >>> ledger.transaction(ledger.transactions["hash"].iloc[0])["output_value"].item()
    5000000000
    """

    name: str
    blocks: pd.DataFrame
    transactions: pd.DataFrame
    inputs: pd.DataFrame
    outputs: pd.DataFrame

    def __repr__(self) -> str:
        return f"<Ledger {self.name}: {len(self.transactions)} transactions, blocks up to height {self.tip}>"

    @property
    def tip(self) -> int:
        """Height of the last block; 0 if there is none."""
        return int(self.blocks["number"].iloc[-1]) if len(self.blocks) else 0

    def transaction(self, txid: str) -> pd.Series:
        """The row of one transaction; an unknown or malformed txid is refused with a sentence."""
        return self.transactions.iloc[self._row(txid)]

    def inputs_of(self, txid: str) -> pd.DataFrame:
        """The inputs of one transaction in index order; none for a coinbase."""
        return self.inputs.iloc[self._input_rows.get(self._hash(txid), [])]

    def outputs_of(self, txid: str) -> pd.DataFrame:
        """The outputs of one transaction in index order."""
        return self.outputs.iloc[self._output_rows.get(self._hash(txid), [])]

    def check(self) -> None:
        """Prove the ledger's invariants.

        No output is spent twice, every spent output exists and is earlier, no value is created, every fee is inputs
        minus outputs and not negative, and all counts agree.

        Raises
        ------
        CointrailError
            With the txid at fault.
        """
        check_tables(self.blocks, self.transactions, self.inputs, self.outputs)

    def write(self, folder: Path | str) -> None:
        """Write blocks, transactions, inputs and outputs ``.parquet`` into a folder, made if need be."""
        folder = Path(folder)
        folder.mkdir(parents=True, exist_ok=True)
        for table, schema in SCHEMAS.items():
            write_table(folder / f"{table}.parquet", getattr(self, table), schema)

    def make_indexes(self) -> None:
        """Make now what the first look-up of a transaction would make."""
        self.transaction(self.transactions["hash"].iloc[0])
        self.inputs_of(self.transactions["hash"].iloc[0])
        self.outputs_of(self.transactions["hash"].iloc[0])

    def _hash(self, txid: str) -> str:
        return self.transactions["hash"].iloc[self._row(txid)]

    def _row(self, txid: str) -> int:
        txid = read_txid(txid)
        if txid not in self._positions:
            raise CointrailError(
                f"There is no transaction {txid} in the ledger {self.name}: it is not confirmed here, or the txid is "
                "of another ledger."
            )
        return self._positions[txid]

    @cached_property
    def _positions(self) -> dict[str, int]:
        return {txid: row for row, txid in enumerate(self.transactions["hash"])}

    @cached_property
    def _input_rows(self) -> dict:
        return self.inputs.groupby("transaction_hash", sort=False).indices

    @cached_property
    def _output_rows(self) -> dict:
        return self.outputs.groupby("transaction_hash", sort=False).indices


def read_txid(text: str) -> str:
    """A txid in canonical form: 64 small hex digits.

    Raises
    ------
    CointrailError
        If the text is anything else.
    """
    txid = text.strip().lower() if isinstance(text, str) else ""
    if len(txid) != 64 or set(txid) - set("0123456789abcdef"):
        raise CointrailError(f"{text!r} is not a txid: a txid is a text of 64 characters, 0-9 and a-f.")
    return txid
