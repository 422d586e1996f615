"""The chain as tables: ethereum-etl's columns, read off blocks, outcomes and calls."""

from collections import defaultdict
from collections.abc import Iterator

import pandas as pd
import pyarrow as pa

from cointrail.ledger.token_checks import TRANSFER_TOPIC
from cointrail.ledger.token_ledger import TokenLedger
from cointrail.ledger.token_tables import TOKEN_SCHEMAS, token_frame
from cointrail.world.evm.calls import Call, inner_calls
from cointrail.world.evm.chain import Block, Chain
from cointrail.world.evm.scene import Token

__all__ = ["SIGNATURES", "ledger_of", "signatures"]

SIGNATURES = pa.schema(
    [
        ("block_number", pa.int64()),
        ("transaction_index", pa.int64()),
        ("y_parity", pa.int64()),
        ("r", pa.string()),
        ("s", pa.string()),
    ]
)


def ledger_of(chain: Chain, *, name: str, vaults: dict[bytes, bytes], tokens: list[Token]) -> TokenLedger:
    """The token ledger of a chain.

    Parameters
    ----------
    chain : Chain
    name : str
        The world's.
    vaults : dict
        Where each forwarder passes coins on to, for the traces.
    tokens : list of Token
        What the `tokens` table lists.
    """
    rows = defaultdict(list)
    for address, value in sorted(chain.first_coins.items()):
        rows["traces"].append(_genesis_row(address, value))
    for block in chain.blocks:
        rows["blocks"].append(_block_row(block))
        for table, row in _block_rows(block, vaults):
            rows[table].append(row)
    rows["token_transfers"] = [_transfer_row(log) for log in rows["logs"] if log["topics"][0] == TRANSFER_TOPIC]
    rows["tokens"] = [_token_row(chain, token) for token in tokens]
    tables = {}
    for table, schema in TOKEN_SCHEMAS.items():
        tables[table] = token_frame(table, {column: [row[column] for row in rows[table]] for column in schema.names})
    return TokenLedger(name=name, **tables)


def signatures(chain: Chain) -> pd.DataFrame:
    """One row a transaction: the signature, which the tables of ethereum-etl leave out."""
    rows = []
    for block in chain.blocks:
        for place, transaction in enumerate(block.transactions):
            parity, r, s = transaction.signature
            rows.append((block.setting.number, place, parity, f"0x{r:064x}", f"0x{s:064x}"))
    return pd.DataFrame(rows, columns=SIGNATURES.names)


def _block_row(block: Block) -> dict:
    header = block.header
    return {
        "number": block.setting.number,
        "hash": _hex(block.hash),
        "parent_hash": _hex(header[0]),
        "nonce": _hex(header[14]),
        "sha3_uncles": _hex(header[1]),
        "logs_bloom": _hex(header[6]),
        "transactions_root": _hex(header[4]),
        "state_root": _hex(header[3]),
        "receipts_root": _hex(header[5]),
        "miner": _hex(header[2]),
        "difficulty": 0,
        "total_difficulty": 0,
        "size": len(block.serialise()),
        "extra_data": _hex(header[12]),
        "gas_limit": header[9],
        "gas_used": header[10],
        "timestamp": header[11],
        "transaction_count": len(block.transactions),
        "base_fee_per_gas": header[15],
    }


def _block_rows(block: Block, vaults: dict[bytes, bytes]) -> Iterator[tuple[str, dict]]:
    used, logs = 0, 0
    here = {"block_number": block.setting.number, "block_hash": _hex(block.hash)}
    for place, (transaction, outcome) in enumerate(zip(block.transactions, block.outcomes, strict=True)):
        used += outcome.gas_used
        at = here | {"transaction_hash": _hex(transaction.hash), "transaction_index": place}
        yield "transactions", at | _transaction_row(transaction, outcome, block)
        yield "receipts", at | _receipt_row(outcome, used)
        for log in outcome.logs:
            yield "logs", at | _log_row(log, logs)
            logs += 1
        own = Call(
            "call" if transaction.to else "create",
            transaction.sender,
            transaction.to or outcome.contract,
            transaction.value,
            (),
            failed=not outcome.status,
        )
        calls = [own, *inner_calls(transaction, outcome, vaults)]
        for call in calls:
            yield "traces", at | _trace_row(call, calls, outcome, at)


def _transaction_row(transaction, outcome, block: Block) -> dict:
    return {
        "hash": _hex(transaction.hash),
        "nonce": transaction.nonce,
        "from_address": _hex(transaction.sender),
        "to_address": _hex(transaction.to),
        "value": transaction.value,
        "gas": transaction.gas,
        "gas_price": outcome.price,
        "input": _hex(transaction.data),
        "block_timestamp": block.setting.timestamp,
        "max_fee_per_gas": transaction.max_fee,
        "max_priority_fee_per_gas": transaction.tip,
        "transaction_type": 2,
    }


def _receipt_row(outcome, used: int) -> dict:
    return {
        "cumulative_gas_used": used,
        "gas_used": outcome.gas_used,
        "contract_address": _hex(outcome.contract),
        "root": None,
        "status": outcome.status,
        "effective_gas_price": outcome.price,
    }


def _log_row(log, position: int) -> dict:
    topics = [_hex(topic) for topic in log.topics]
    return {"log_index": position, "address": _hex(log.address), "data": _hex(log.data), "topics": topics}


def _transfer_row(log: dict) -> dict:
    ends = {"from_address": "0x" + log["topics"][1][26:], "to_address": "0x" + log["topics"][2][26:]}
    return log | ends | {"token_address": log["address"], "value": int(log["data"], 16)}


def _trace_row(call: Call, calls: list[Call], outcome, at: dict) -> dict:
    kind, path = ("create" if call.kind == "create" else "call"), ",".join(map(str, call.path))
    return {
        "from_address": _hex(call.sender),
        "to_address": _hex(call.to),
        "value": call.value,
        "trace_type": kind,
        "call_type": call.kind if kind == "call" else None,
        "subtraces": sum(other.path[:-1] == call.path for other in calls if other.path),
        "trace_address": path,
        "error": None if not call.failed else outcome.error,
        "status": int(not call.failed),
        "trace_id": "_".join([kind, at["transaction_hash"], *(str(step) for step in call.path)]),
    }


def _genesis_row(address: bytes, value: int) -> dict:
    row = dict.fromkeys(TOKEN_SCHEMAS["traces"].names)
    known = {"block_number": 0, "to_address": _hex(address), "value": value, "trace_type": "genesis"}
    more = {"subtraces": 0, "trace_address": "", "status": 1, "trace_id": f"genesis_{_hex(address)}"}
    return row | known | more


def _token_row(chain: Chain, token: Token) -> dict:
    born = next(
        block.setting.number
        for block in chain.blocks
        for outcome in block.outcomes
        if outcome.contract == token.address
    )
    return {
        "address": _hex(token.address),
        "symbol": token.symbol,
        "name": token.name,
        "decimals": token.decimals,
        "total_supply": chain.state.of(token.address).storage.get(2, 0),
        "block_number": born,
    }


def _hex(data: bytes | None) -> str | None:
    return None if data is None else "0x" + data.hex()
