"""The invariants of a token ledger, each with a sentence that names what is at fault."""

from collections import defaultdict
from collections.abc import Iterator
from typing import NoReturn

import numpy as np
import pandas as pd

from cointrail.errors import CointrailError

__all__ = ["BURNT", "GENESIS", "TRANSFER_TOPIC", "ZERO_ADDRESS", "check_token_tables", "coin_moves"]

# Names for the two ends of native coins that are no address.
GENESIS, BURNT = "genesis", "burnt"

# keccak256("Transfer(address,address,uint256)"): the first topic of every ERC-20 transfer.
TRANSFER_TOPIC = "0xddf252ad1be2c89b69c2b068fc378daa952ba7f163c4a11628f55a4df523b3ef"
# Where new units come from and burnt ones go to.
ZERO_ADDRESS = "0x" + "0" * 40


def check_token_tables(tables: dict[str, pd.DataFrame]) -> None:
    """Raise `CointrailError` at the first broken invariant; see `TokenLedger.check`."""
    blocks, transactions, receipts = tables["blocks"], tables["transactions"], tables["receipts"]
    _check_chain(blocks, transactions)
    _check_nonces(transactions)
    _check_receipts(blocks, transactions, receipts)
    _check_transfers(tables["logs"], tables["token_transfers"], receipts)
    _check_token_balances(tables["token_transfers"], tables["tokens"])
    _check_traces(transactions, receipts, tables["traces"])
    _check_coins(blocks, transactions, receipts, tables["traces"])


def _check_chain(blocks: pd.DataFrame, transactions: pd.DataFrame) -> None:
    wrong = blocks["parent_hash"].to_numpy()[1:] != blocks["hash"].to_numpy()[:-1]
    if wrong.any() or list(blocks["number"]) != list(range(len(blocks))):
        number = blocks["number"][1:][wrong].iloc[0] if wrong.any() else "unknown"
        raise CointrailError(f"Block {number} does not follow the block before it: take a fresh copy of the ledger.")
    if transactions["hash"].duplicated().any():
        _fail(transactions["hash"][transactions["hash"].duplicated()], "is in the ledger twice")
    order = transactions.groupby("block_number").cumcount()
    if (order != transactions["transaction_index"]).any():
        _fail(transactions["hash"][order != transactions["transaction_index"]], "is not in its place in the block")
    counts = transactions.groupby("block_number").size().reindex(blocks["number"], fill_value=0).to_numpy()
    if (counts != blocks["transaction_count"].to_numpy()).any() or counts.sum() != len(transactions):
        number = blocks["number"][counts != blocks["transaction_count"].to_numpy()]
        raise CointrailError(f"Block {list(number)[:1]} does not hold the number of transactions it states.")


def _check_nonces(transactions: pd.DataFrame) -> None:
    wrong = transactions.groupby("from_address").cumcount() != transactions["nonce"]
    if wrong.any():
        _fail(transactions["hash"][wrong], "does not have its sender's next nonce")


def _check_receipts(blocks: pd.DataFrame, transactions: pd.DataFrame, receipts: pd.DataFrame) -> None:
    if list(receipts["transaction_hash"]) != list(transactions["hash"]):
        raise CointrailError("The receipts are not those of the transactions, one each in the same order.")
    hashes, used = receipts["transaction_hash"], receipts["gas_used"]
    for wrong, what in (
        (~receipts["status"].isin([0, 1]), "has a status that is neither 0 nor 1"),
        (used > transactions["gas"], "used more gas than it offered"),
        (receipts["effective_gas_price"] != transactions["gas_price"], "states two prices of gas"),
        (transactions["gas_price"] > transactions["max_fee_per_gas"], "pays more than it offered"),
        (used.groupby(receipts["block_number"]).cumsum() != receipts["cumulative_gas_used"], "has a wrong sum of gas"),
    ):
        if wrong.any():
            _fail(hashes[wrong], what)
    sums = used.groupby(receipts["block_number"]).sum().reindex(blocks["number"], fill_value=0)
    if (sums.to_numpy() != blocks["gas_used"].to_numpy()).any():
        raise CointrailError("A block does not state the gas of its transactions: take a fresh copy of the ledger.")


def _check_transfers(logs: pd.DataFrame, transfers: pd.DataFrame, receipts: pd.DataFrame) -> None:
    """The transfers are what the logs say, and a failed transaction left no log."""
    failed = set(receipts["transaction_hash"][receipts["status"] == 0])
    wrong = logs["transaction_hash"].isin(failed)
    if wrong.any():
        _fail(logs["transaction_hash"][wrong], "failed and left a log all the same")
    said = [
        (log.address, "0x" + log.topics[1][26:], "0x" + log.topics[2][26:], int(log.data, 16), log.transaction_hash)
        for log in logs.itertuples()
        if log.topics[0] == TRANSFER_TOPIC
    ]
    columns = ["token_address", "from_address", "to_address", "value", "transaction_hash"]
    told = list(transfers[columns].itertuples(index=False, name=None))
    if said != told:
        place = next((n for n, (one, other) in enumerate(zip(said, told, strict=False)) if one != other), None)
        hash_ = (said if len(said) > len(told) else told)[-1][4] if place is None else told[place][4]
        _fail(pd.Series([hash_]), "has token transfers that its logs do not show, or the other way round")


def _check_token_balances(transfers: pd.DataFrame, tokens: pd.DataFrame) -> None:
    balances, supply = defaultdict(int), defaultdict(int)
    columns = ["token_address", "from_address", "to_address", "value", "transaction_hash"]
    for token, sender, to, value, txid in transfers[columns].itertuples(index=False):
        if value < 0:
            _fail(pd.Series([txid]), "moves a negative number of tokens")
        supply[token] += value * ((sender == ZERO_ADDRESS) - (to == ZERO_ADDRESS))
        balances[token, to] += value
        balances[token, sender] -= value
        if sender != ZERO_ADDRESS and balances[token, sender] < 0:
            _fail(pd.Series([txid]), f"moves more of the token {token} than {sender} has")
    for token in tokens.itertuples():
        if supply[token.address] != token.total_supply:
            raise CointrailError(f"The token {token.address} does not have the supply that its transfers add up to.")


def _check_traces(transactions: pd.DataFrame, receipts: pd.DataFrame, traces: pd.DataFrame) -> None:
    """Each transaction's outermost call is the transaction itself."""
    outer = traces[(traces["trace_address"] == "") & (traces["trace_type"] != "genesis")].reset_index(drop=True)
    if list(outer["transaction_hash"]) != list(transactions["hash"]):
        raise CointrailError("The traces do not hold one outermost call for each transaction, in the same order.")
    to = transactions["to_address"].where(transactions["to_address"].notna(), receipts["contract_address"])
    for column, stated in (
        ("from_address", transactions["from_address"]),
        ("to_address", to),
        ("value", transactions["value"]),
        ("status", receipts["status"]),
    ):
        wrong = outer[column].to_numpy() != stated.to_numpy()
        if wrong.any():
            _fail(outer["transaction_hash"][wrong], f"has a trace with another {column}")


def _check_coins(blocks, transactions, receipts, traces) -> None:
    """Native coins: nobody goes below nothing at any step."""
    coins = defaultdict(int)
    for txid, payer, to, value in coin_moves(blocks, transactions, receipts, traces):
        coins[payer] -= value
        coins[to] += value
        if payer not in (GENESIS, BURNT) and coins[payer] < 0:
            _fail(pd.Series([txid]), f"costs or moves more coins than {payer} has")


def coin_moves(blocks, transactions, receipts, traces) -> Iterator[tuple[str | None, str, str, int]]:
    """Every movement of native coins as (transaction, payer, receiver, wei), in the order of the chain.

    Block 0's coins come from `GENESIS`. Of each fee the base fee goes to `BURNT`, the rest to the block's miner; the
    value of a failed call stays where it is.
    """
    inner = {}
    columns = ["transaction_hash", "from_address", "to_address", "value", "trace_type", "status"]
    for txid, sender, to, value, kind, status in traces[columns].itertuples(index=False):
        if kind == "genesis":
            yield None, GENESIS, to, value
        elif value and status == 1:
            inner.setdefault(txid, []).append((sender, to, value))
    miners = dict(zip(blocks["number"], blocks["miner"], strict=True))
    base_fees = dict(zip(blocks["number"], blocks["base_fee_per_gas"].map(int), strict=True))
    senders = zip(transactions["hash"], transactions["from_address"], transactions["block_number"], strict=True)
    fees = zip(receipts["gas_used"].map(int), receipts["effective_gas_price"].map(int), strict=True)
    for (txid, sender, number), (gas, price) in zip(senders, fees, strict=True):
        yield txid, sender, BURNT, gas * base_fees[number]
        yield txid, sender, miners[number], gas * (price - base_fees[number])
        yield from ((txid, payer, to, value) for payer, to, value in inner.get(txid, ()))


def _fail(hashes: pd.Series, what: str) -> NoReturn:
    raise CointrailError(f"Transaction {np.asarray(hashes)[0]} {what}: this ledger was changed; take a fresh copy.")
