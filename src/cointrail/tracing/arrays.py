"""A ledger as integer arrays: what the fast kernels read instead of tables of text.

Transactions, outputs and addresses get numbers in ledger order, from 0. A longer copy of the same ledger gives the same
numbers to the same things, so that a result can be continued. Lists of different lengths are stored end to end with a
table of starts ("CSR"): the outputs of transaction t are ``output_start[t]`` to ``output_start[t + 1] - 1``.

A **coin** is an output or a fee: transaction t has its outputs and then, last, its fee as one more coin that nobody
spends. With fees as coins, what goes into a transaction equals what comes out, to the satoshi.
"""

import re
from dataclasses import dataclass
from functools import cached_property

import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.compute as pc

from cointrail.errors import CointrailError
from cointrail.ledger import Ledger, read_txid
from cointrail.tracing.outputs import canonical_address, known_height, single_address

__all__ = ["LedgerArrays", "address_number", "ledger_arrays", "outpoints", "output_number", "transaction_numbers"]


@dataclass(frozen=True, eq=False)
class LedgerArrays:
    """The integer view of one ledger; values in satoshi, -1 for "none".

    Attributes
    ----------
    txids, addresses : pandas.Index
        The text of each transaction and address number.
    height : int32, one for each transaction
    input_start, output_start : int64, one for each transaction and one more
    spent_output, input_address : int32, one for each input
        The output that the input spends, and its address.
    output_address, output_tx, spent_by : int32, one for each output
        `spent_by` is the transaction that spends it, -1 while it is unspent at the tip.
    output_value : int64, one for each output
    """

    txids: pd.Index
    addresses: pd.Index
    height: np.ndarray
    input_start: np.ndarray
    output_start: np.ndarray
    spent_output: np.ndarray
    input_address: np.ndarray
    output_address: np.ndarray
    output_tx: np.ndarray
    spent_by: np.ndarray
    output_value: np.ndarray

    @cached_property
    def spending(self) -> tuple[np.ndarray, np.ndarray]:
        """Starts and transaction numbers: which transactions spend from each address, in ledger order, each once."""
        t = np.repeat(np.arange(len(self.height)), np.diff(self.input_start))
        known = self.input_address >= 0
        pairs = np.unique(self.input_address[known] * np.int64(len(self.height)) + t[known])
        who, which = np.divmod(pairs, max(1, len(self.height)))
        return np.searchsorted(who, np.arange(len(self.addresses) + 1)), which

    @cached_property
    def coin_start(self) -> np.ndarray:
        """First coin of each transaction: its outputs, then its fee."""
        return self.output_start + np.arange(len(self.output_start))

    @cached_property
    def coin_value(self) -> np.ndarray:
        """Satoshi of each coin. A coinbase has no fee of its own."""
        values = np.zeros(len(self.output_value) + len(self.height), np.int64)
        values[self.coin_of(np.arange(len(self.output_value)))] = self.output_value
        paid_in = _sums(self.output_value[self.spent_output], self.input_start)
        fees = paid_in - _sums(self.output_value, self.output_start)
        values[self.coin_start[1:] - 1] = np.where(np.diff(self.input_start) > 0, fees, 0)
        return values

    @cached_property
    def spent_coin(self) -> np.ndarray:
        """The coin that each input spends."""
        return self.coin_of(self.spent_output).astype(np.int32)

    @cached_property
    def made_coin(self) -> np.ndarray:
        """The coins that come out of the transactions, end to end: simply all of them, in order."""
        return np.arange(len(self.coin_value), dtype=np.int32)

    def coin_of(self, outputs):
        """The coin number of output numbers."""
        return outputs + self.output_tx[outputs].astype(np.int64)

    def transactions_until(self, height: int) -> int:
        """How many transactions the blocks up to and with a height hold."""
        return int(np.searchsorted(self.height, height, side="right"))


def ledger_arrays(ledger: Ledger) -> LedgerArrays:
    """The integer view of a ledger, built at the first call and kept with the ledger.

    Raises
    ------
    CointrailError
        The tables do not fit together; `ledger.check()` says where.

    Examples
    --------
    >>> from cointrail.ledger import load_ledger
    >>> view = ledger_arrays(load_ledger("primer"))
    >>> int(view.output_start[-1]) == len(view.output_value)
    True
    """
    memory = vars(ledger)
    if "_arrays" not in memory:
        memory["_arrays"] = _build(ledger)
    return memory["_arrays"]


def transaction_numbers(ledger: Ledger, txids) -> np.ndarray:
    """The numbers of transactions; an unknown or malformed txid is refused with a sentence."""
    txids = [read_txid(txid) for txid in txids]
    numbers = ledger_arrays(ledger).txids.get_indexer(txids) if txids else np.zeros(0, np.int64)
    for missing in np.flatnonzero(numbers < 0)[:1]:
        ledger.transaction(txids[missing])
    return numbers


def address_number(ledger: Ledger, address: str) -> int:
    """The number of an address; one that is not valid or that the ledger never saw is refused with a sentence."""
    known = ledger_arrays(ledger).addresses
    if address not in known:
        address = canonical_address(address)
    if address not in known:
        raise CointrailError(
            f"The ledger {ledger.name} never saw the address {address}: copy it again, or change world."
        )
    return int(known.get_loc(address))


def output_number(ledger: Ledger, outpoint: str) -> int:
    """The number of an output, written ``txid:vout``; anything else is refused with a sentence."""
    if not isinstance(outpoint, str) or not re.fullmatch(r"[0-9a-f]{64}:\d{1,9}", outpoint):
        raise CointrailError(f"{outpoint!r} is no outpoint. Write the txid, a colon and the output's number.")
    txid, vout = outpoint.split(":")
    view, t = ledger_arrays(ledger), int(transaction_numbers(ledger, [txid])[0])
    number = int(view.output_start[t]) + int(vout)
    if number >= view.output_start[t + 1]:
        count = view.output_start[t + 1] - view.output_start[t]
        raise CointrailError(f"Transaction {txid} has {count} outputs, numbered from 0: there is no output {vout}.")
    return number


def outpoints(view: LedgerArrays, outputs: np.ndarray) -> list[str]:
    """Output numbers as text, ``txid:vout``."""
    t = view.output_tx[outputs]
    return [f"{txid}:{vout}" for txid, vout in zip(view.txids[t], outputs - view.output_start[t], strict=True)]


def transactions_in_time(ledger: Ledger, height: int | None) -> int:
    """How many transactions count at a height (None: at the tip); a height beyond the tip is refused."""
    return ledger_arrays(ledger).transactions_until(known_height(ledger, height))


def _build(ledger):
    transactions, inputs, outputs = ledger.transactions, ledger.inputs, ledger.outputs
    input_start, output_start = (_starts(transactions[f"{side}_count"]) for side in ("input", "output"))
    output_tx = np.repeat(np.arange(len(transactions), dtype=np.int32), np.diff(output_start))
    if input_start[-1] != len(inputs) or output_start[-1] != len(outputs):
        raise CointrailError(f"The tables of {ledger.name} do not fit together: ledger.check() says where.")
    spent_output = _spent_outputs(ledger, output_start)
    output_address, addresses = _number_addresses(outputs["addresses"])
    spent_by = np.full(len(outputs), -1, np.int32)
    spent_by[spent_output] = np.repeat(np.arange(len(transactions), dtype=np.int32), np.diff(input_start))
    return LedgerArrays(
        txids=pd.Index(transactions["hash"]),
        addresses=addresses,
        height=transactions["block_number"].to_numpy().astype(np.int32),
        input_start=input_start,
        output_start=output_start,
        spent_output=spent_output,
        input_address=output_address[spent_output],
        output_address=output_address,
        output_tx=output_tx,
        spent_by=spent_by,
        output_value=outputs["value"].to_numpy(),
    )


def _spent_outputs(ledger, output_start):
    made = pc.index_in(
        pa.array(ledger.inputs["spent_transaction_hash"]), value_set=pa.array(ledger.transactions["hash"])
    )
    t = made.fill_null(-1).to_numpy(zero_copy_only=False)
    spent = output_start[t] + ledger.inputs["spent_output_index"].to_numpy()
    if (t < 0).any() or (spent >= output_start[t + 1]).any():
        raise CointrailError(
            f"The ledger {ledger.name} spends an output that it does not have: ledger.check() says which."
        )
    return spent.astype(np.int32)


def _number_addresses(lists):
    coded = pa.array([single_address(one) for one in lists], pa.string()).dictionary_encode()
    numbers = coded.indices.fill_null(-1).to_numpy(zero_copy_only=False).astype(np.int32)
    return numbers, pd.Index(coded.dictionary.to_pandas(), dtype=object)


def _starts(counts):
    return np.concatenate(([0], np.cumsum(counts.to_numpy()))).astype(np.int64)


def _sums(values, start):
    totals = np.concatenate(([0], np.cumsum(values)))
    return totals[start[1:]] - totals[start[:-1]]
