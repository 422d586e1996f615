"""Another node as judge: anvil (Foundry, npm ``@foundry-rs/anvil``) runs the same signed transactions.

It is asked block by block what became of each transaction, and at the end what every account holds.
"""

import http.client
import json
import socket
import subprocess
import tempfile
import time
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path

import pandas as pd

from cointrail.errors import CointrailError
from cointrail.ledger.token_ledger import TokenLedger
from cointrail.world.evm.keys import CHAIN_ID

__all__ = ["replay"]

PATIENCE = 20
# Calls of one batch; from 68 on anvil 1.7.1 was seen to mix their order.
BATCH = 50


def replay(ledger: TokenLedger, raw: list[bytes], *, anvil: str) -> Iterator[str]:
    """Let anvil run a ledger's transactions, and give every difference as a sentence.

    Compared are status, gas, logs and fees of each transaction, hash trees over transactions and receipts of each
    block, the calls inside each transaction, and the final coins and nonce of every account.

    Parameters
    ----------
    ledger : TokenLedger
    raw : list of bytes
        The signed transactions, in the ledger's order.
    anvil : str
        The program.
    """
    with tempfile.TemporaryDirectory() as folder:
        genesis = Path(folder) / "genesis.json"
        genesis.write_text(json.dumps(_genesis(ledger)))
        with _node(anvil, genesis) as node:
            yield from _blocks(node, ledger, raw)
            yield from _accounts(node, ledger)


class _Node:
    """JSON-RPC in batches over one connection."""

    def __init__(self, port: int):
        self.connection = http.client.HTTPConnection("127.0.0.1", port, timeout=60)

    def ask(self, calls: Iterable[tuple]) -> list:
        """The results of calls (method, arguments), in order; anvil keeps the order of small batches only."""
        calls = list(calls)
        return [result for start in range(0, len(calls), BATCH) for result in self._ask(calls[start : start + BATCH])]

    def _ask(self, calls: list[tuple]) -> list:
        body = [{"jsonrpc": "2.0", "id": n, "method": name, "params": args} for n, (name, *args) in enumerate(calls)]
        self.connection.request("POST", "/", json.dumps(body), {"Content-Type": "application/json"})
        answers = sorted(json.loads(self.connection.getresponse().read()), key=lambda answer: answer["id"])
        for answer, call in zip(answers, body, strict=True):
            if "error" in answer:
                raise CointrailError(f"anvil refused {call['method']}: {answer['error']['message']}.")
        return [answer["result"] for answer in answers]


@contextmanager
def _node(anvil: str, genesis: Path) -> Iterator[_Node]:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    flags = ["--no-mining", "--silent", "--order", "fifo", "--accounts", "0", "--hardfork", "paris"]
    flags += ["--disable-default-create2-deployer", "--disable-min-priority-fee"]
    command = [anvil, "--port", str(port), "--chain-id", str(CHAIN_ID), "--init", str(genesis), *flags]
    process = subprocess.Popen(command, stdout=subprocess.DEVNULL)
    try:
        _wait(process, port)
        yield _Node(port)
    finally:
        process.terminate()
        process.wait()


def _wait(process: subprocess.Popen, port: int) -> None:
    for _ in range(PATIENCE * 10):
        with socket.socket() as probe:
            if probe.connect_ex(("127.0.0.1", port)) == 0:
                return
        if process.poll() is not None:
            break
        time.sleep(0.1)
    raise CointrailError(f"anvil did not start within {PATIENCE} seconds.")


def _genesis(ledger: TokenLedger) -> dict:
    first, coins = ledger.blocks.iloc[0], ledger.traces[ledger.traces["trace_type"] == "genesis"]
    pairs = zip(coins["to_address"], coins["value"], strict=True)
    return {
        "config": {"chainId": CHAIN_ID},
        "nonce": "0x0",
        "timestamp": hex(int(first["timestamp"].timestamp())),
        "extraData": "0x",
        "gasLimit": hex(first["gas_limit"]),
        "difficulty": "0x0",
        "mixHash": "0x" + "0" * 64,
        "coinbase": first["miner"],
        "baseFeePerGas": hex(first["base_fee_per_gas"]),
        "alloc": {address: {"balance": hex(value)} for address, value in pairs},
    }


def _blocks(node: _Node, ledger: TokenLedger, raw: list[bytes]) -> Iterator[str]:
    receipts = ledger.receipts.to_dict("records")
    logs = _by_transaction(ledger.logs, ["address", "data", "topics"])
    calls = _by_transaction(ledger.traces, ["trace_address", "from_address", "to_address", "value", "status"])
    position = 0
    for block in ledger.blocks.iloc[1:].itertuples():
        here = range(position, position + block.transaction_count)
        position = here.stop
        node.ask(
            [
                ("anvil_setNextBlockBaseFeePerGas", hex(block.base_fee_per_gas)),
                ("anvil_setCoinbase", block.miner),
                ("evm_setNextBlockTimestamp", int(block.timestamp.timestamp())),
                *(("eth_sendRawTransaction", "0x" + raw[row].hex()) for row in here),
            ]
        )
        node.ask([("evm_mine",)])
        hashes = [receipts[row]["transaction_hash"] for row in here]
        # anvil forgets old states, so calls are asked for at once.
        made, *told = node.ask(
            [
                ("eth_getBlockByNumber", hex(block.number), False),
                *(("eth_getTransactionReceipt", txid) for txid in hashes),
                *(("debug_traceTransaction", txid, {"tracer": "callTracer"}) for txid in hashes),
            ]
        )
        for ours, theirs in ((block.transactions_root, "transactionsRoot"), (block.receipts_root, "receiptsRoot")):
            if made[theirs] != ours:
                yield f"Block {block.number}: anvil has another {theirs}."
        for row, txid, receipt, frame in zip(here, hashes, told, told[len(hashes) :], strict=False):
            yield from _receipt(receipts[row], receipt, logs.get(txid, []))
            if sorted(_frames(frame, "")) != sorted(calls[txid]):
                yield f"{txid}: anvil saw other calls inside it."


def _by_transaction(table: pd.DataFrame, columns: list[str]) -> dict[str, list[tuple]]:
    rows = {}
    for txid, *values in table[["transaction_hash", *columns]].itertuples(index=False):
        rows.setdefault(txid, []).append(tuple(values))
    return rows


def _receipt(ours: dict, theirs: dict | None, logs: list[tuple]) -> Iterator[str]:
    txid = ours["transaction_hash"]
    if theirs is None:
        yield f"{txid}: anvil does not know it."
        return
    for column, field in (("status", "status"), ("gas_used", "gasUsed"), ("effective_gas_price", "effectiveGasPrice")):
        if ours[column] != int(theirs[field], 16):
            yield f"{txid}: {column} is {ours[column]}, for anvil {int(theirs[field], 16)}."
    if logs != [(log["address"], log["data"], log["topics"]) for log in theirs["logs"]]:
        yield f"{txid}: anvil saw other logs."


def _frames(frame: dict, path: str) -> Iterator[tuple]:
    value = int(frame.get("value") or "0x0", 16)
    yield path, frame["from"], frame.get("to"), value, int("error" not in frame)
    for place, inner in enumerate(frame.get("calls", ())):
        yield from _frames(inner, f"{path},{place}".lstrip(","))


def _accounts(node: _Node, ledger: TokenLedger) -> Iterator[str]:
    sent = ledger.transactions.groupby("from_address").size().to_dict()
    coins = ledger.coin_balances()
    names = sorted(coins)
    for start in range(0, len(names), 200):
        part = names[start : start + 200]
        held = node.ask(("eth_getBalance", name, "latest") for name in part)
        nonces = node.ask(("eth_getTransactionCount", name, "latest") for name in part if name in sent)
        for name, value in zip(part, held, strict=True):
            if int(value, 16) != coins[name]:
                yield f"{name}: holds {coins[name]} wei, for anvil {int(value, 16)}."
        for name, count in zip((name for name in part if name in sent), nonces, strict=True):
            if int(count, 16) != sent[name]:
                yield f"{name}: sent {sent[name]} transactions, for anvil {int(count, 16)}."
