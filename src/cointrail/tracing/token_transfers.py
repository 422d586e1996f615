"""The history of an account as a person reads it: what moved, what was only allowed, what failed.

Five things look alike in a list of transactions and are not. A *token transfer* moved units of a contract. A *coin*
payment moved the native coin. An *internal* payment moved it too, inside a transaction between others, and stands in
no list of transactions. An *approval* moved nothing: it lets somebody else move. A *failed* transaction moved nothing
and cost its fee all the same.
"""

import pandas as pd

from cointrail.ledger import TokenLedger
from cointrail.tracing.accounts import account_address, as_amount, block_times, kept, token_facts
from cointrail.tracing.holdings import coin_table
from cointrail.tracing.outputs import known_height

__all__ = ["APPROVAL_TOPIC", "account_history"]

# keccak256("Approval(address,address,uint256)"), the first topic of an ERC-20 approval.
APPROVAL_TOPIC = "0x8c5be1e5ebec7d5bd14f71427d1e84f3dd0314c0f7b2291e5b200ac8c7c3b925"
# The first four bytes of keccak256 of the function's name and types.
_TRANSFER, _TRANSFER_FROM = "0xa9059cbb", "0x23b872dd"

_COLUMNS = ["height", "timestamp", "txid", "kind", "way", "other", "token", "symbol", "units", "amount", "moved"]


def account_history(
    ledger: TokenLedger, address: str, *, height: int | None = None, fees: bool = False
) -> pd.DataFrame:
    """Everything that happened to an account, one row an event, in the order of the chain.

    Parameters
    ----------
    ledger : TokenLedger
    address : str
    height : int, optional
        Count blocks up to and with this one; without it, all.
    fees : bool
        Show what the account paid in fees too, as rows of the kind "fee".

    Returns
    -------
    DataFrame
        Columns height, timestamp (UTC), txid (empty for the coins of block 0), kind ("token transfer", "coin",
        "internal", "approval", "failed", "fee"), way ("in", "out"), other (the other account), token (the contract;
        empty for the native coin), symbol ("native" for the coin), units (int: base units or wei; of an approval what
        is allowed, of a failed transaction what it asked for, 0 where that cannot be read), amount (Decimal) and moved
        (bool). Only rows with `moved` change a balance: in less out, with the fees, is the balance. A transfer of 0
        units has moved False, because nobody had to agree to it.

    Raises
    ------
    CointrailError
        The text is no address, or the ledger does not reach that height.

    Examples
    --------
    >>> from cointrail.ledger import load_token_ledger
    >>> ledger = load_token_ledger("glass_harbour")
    >>> table = account_history(ledger, ledger.transactions["from_address"].iloc[0])
    >>> set(table["kind"]) <= {"token transfer", "coin", "internal", "approval", "failed"}
    True
    """
    address, height = account_address(address), known_height(ledger, height)
    rows = [*_tokens(ledger, address), *_coins(ledger, address, fees), *_approvals(ledger, address)]
    rows += _failures(ledger, address)
    places = _places(ledger)
    rows = sorted((row for row in rows if row[0] <= height), key=lambda row: (row[0], places.get(row[1], -1), row[-1]))
    times, facts = block_times(ledger), {**token_facts(ledger), "": ("native", 18)}
    lines = [
        (number, times[number], txid, kind, way, other, token, facts.get(token, ("", 0))[0], units, None, moved)
        for number, txid, kind, way, other, token, units, moved, _ in rows
    ]
    table = pd.DataFrame(lines, columns=_COLUMNS)
    table["units"] = pd.Series([row[6] for row in rows], dtype=object)
    decimals = [facts.get(row[5], ("", 0))[1] for row in rows]
    table["amount"] = pd.Series([as_amount(row[6], one) for row, one in zip(rows, decimals, strict=True)], dtype=object)
    return table


def _places(ledger):
    return kept(ledger, "_places", lambda: {txid: row for row, txid in enumerate(ledger.transactions["hash"])})


def _tokens(ledger, address):
    table = ledger.token_transfers
    mine = table[(table["from_address"] == address) | (table["to_address"] == address)]
    for move in mine.itertuples():
        head = (move.block_number, move.transaction_hash, "token transfer")
        tail = (move.token_address, move.value, move.value > 0, move.log_index)
        if move.to_address == address:
            yield *head, "in", move.from_address, *tail
        if move.from_address == address:
            yield *head, "out", move.to_address, *tail


def _coins(ledger, address, fees):
    table = coin_table(ledger)
    mine = table[(table["from_address"] == address) | (table["to_address"] == address)]
    for move in mine[mine["value"] > 0].itertuples():
        # A validator's tips are income, and shown; what the account pays itself is asked for.
        if move.kind == "fee" and move.from_address == address and not fees:
            continue
        kind = "coin" if move.kind == "genesis" else move.kind
        tail = ("", move.value, True, -1)
        if move.to_address == address:
            yield move.block_number, move.transaction_hash, kind, "in", move.from_address, *tail
        if move.from_address == address:
            yield move.block_number, move.transaction_hash, kind, "out", move.to_address, *tail


def _approvals(ledger, address):
    topic = "0x" + "0" * 24 + address[2:]
    for log in approval_logs(ledger).itertuples():
        owner, spender = log.topics[1], log.topics[2]
        if topic in (owner, spender):
            way, other = ("out", spender) if topic == owner else ("in", owner)
            allowed = int(log.data, 16)
            head = (log.block_number, log.transaction_hash, "approval", way, "0x" + other[26:])
            yield *head, log.address, allowed, False, log.log_index


def approval_logs(ledger: TokenLedger) -> pd.DataFrame:
    """The logs in which an owner allows somebody to move tokens, kept with the ledger."""
    return kept(ledger, "_approval_logs", lambda: ledger.logs[[t[0] == APPROVAL_TOPIC for t in ledger.logs["topics"]]])


def _failures(ledger, address):
    failed = kept(ledger, "_failed", lambda: ledger.transactions[(ledger.receipts["status"] == 0).to_numpy()])
    for asked in failed.itertuples():
        token, sender, to, units = _asked(asked)
        if address in (sender, asked.from_address):
            yield asked.block_number, asked.hash, "failed", "out", to, token, units, False, -1
        elif address == to:
            yield asked.block_number, asked.hash, "failed", "in", sender, token, units, False, -1


def _asked(transaction):
    """What a transaction asked to move: token, from, to, units; read from its input where that is an ERC-20 call."""
    words = [transaction.input[place : place + 64] for place in range(10, len(transaction.input), 64)]
    selector = transaction.input[:10]
    if selector == _TRANSFER and len(words) == 2:
        return transaction.to_address, transaction.from_address, "0x" + words[0][24:], int(words[1], 16)
    if selector == _TRANSFER_FROM and len(words) == 3:
        return transaction.to_address, "0x" + words[0][24:], "0x" + words[1][24:], int(words[2], 16)
    to = transaction.to_address if isinstance(transaction.to_address, str) else ""
    return "", transaction.from_address, to, int(transaction.value)
