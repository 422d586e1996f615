"""The moves of a token ledger: token transfers and payments in the chain's own coin, between accounts."""

from collections import Counter, defaultdict
from functools import cached_property

import pandas as pd

from cointrail.board.moves import Found, Move, Unit, Window, is_transaction
from cointrail.errors import CointrailError
from cointrail.ledger import TokenLedger

__all__ = ["TokenMoves"]

COIN = Unit("coin", 18)
ZERO = "0x" + "0" * 40


class TokenMoves:
    """A token ledger as the board sees it. Fees are left out; an account is never more than one address."""

    def __init__(self, ledger: TokenLedger):
        self.ledger, self.name = ledger, ledger.name

    @cached_property
    def units(self) -> dict[str, Unit]:
        """How each token is written; two tokens with one symbol are told apart by their contract."""
        tokens = self.ledger.tokens
        twice = {symbol for symbol, count in Counter(tokens["symbol"]).items() if count > 1}
        rows = zip(tokens["address"], tokens["symbol"], tokens["decimals"], strict=True)
        return {a: Unit(f"{s}@{a[2:6]}" if s in twice else s, int(d)) for a, s, d in rows}

    @cached_property
    def _moves(self):
        """All moves, by transaction, by payer and by payee, in the order of the chain."""
        when = self.ledger.blocks.set_index("number")["timestamp"].dt.as_unit("s").astype("int64").to_dict()
        found = [*_transfers(self.ledger.token_transfers, self.units, when), *_coin_payments(self.ledger.traces, when)]
        parts = defaultdict(list), defaultdict(list), defaultdict(list)
        for _, move in sorted(found, key=lambda one: one[0]):
            for part, name in zip(parts, (move.txid, move.payer, move.payee), strict=True):
                part[name].append(move)
        return parts

    @cached_property
    def _contracts(self):
        made = self.ledger.receipts["contract_address"].dropna()
        inner = self.ledger.traces.query("trace_type == 'create'")["to_address"].dropna()
        return {*made, *inner}

    @cached_property
    def _accounts(self):
        _, payers, payees = self._moves
        sides = self.ledger.transactions[["from_address", "to_address"]]
        return {*payers, *payees, *self._contracts, *pd.concat([sides[side] for side in sides]).dropna()}

    def find(self, name: str) -> str | None:
        """The canonical id of an account or transaction hash; None if it is of another kind of ledger."""
        text = name.strip().lower()
        if not text.startswith("0x"):
            return None
        if is_transaction(text):
            return self.ledger.transaction(text)["hash"]
        if len(text) != 42 or set(text[2:]) - set("0123456789abcdef"):
            raise CointrailError(f"{name!r} is no account: an account is 0x and 40 characters, 0-9 and a-f.")
        if text not in self._accounts:
            raise CointrailError(f"The token ledger {self.name} never saw the account {text}: copy it again.")
        return text

    def owns(self, name: str) -> bool:
        """Whether an id of the board belongs to this ledger."""
        return name.startswith("0x")

    def members(self, name: str) -> list[str]:
        """The account itself."""
        return [name]

    def holder(self, address: str, split) -> str:
        """The account itself."""
        return address

    def kind(self, name: str, split) -> str:
        """Of which kind a node is: transaction, contract, new coins (where tokens are made and burnt), or account."""
        if is_transaction(name):
            return "transaction"
        if name == ZERO:
            return "new coins"
        return "contract" if name in self._contracts else "account"

    def size(self, name: str, split) -> int:
        """Always one address."""
        return 1

    def payers(self, txid: str, split) -> set[str]:
        """The accounts that pay in a transaction."""
        return {move.payer for move in self._moves[0].get(txid, ())}

    def inputs(self, txid: str) -> list[Move]:
        """Nothing: a token move names both sides."""
        return []

    def expansion(
        self, name: str, direction: str, *, split, through, window: Window, largest: int, known: frozenset
    ) -> Found:
        """The moves with the largest neighbours of a node that are not on the board yet."""
        by_transaction, by_payer, by_payee = self._moves
        part = by_transaction if is_transaction(name) else by_payer if direction == "out" else by_payee
        moves = part.get(name, [])
        if is_transaction(name):
            neighbours = [(move.payer, move.payee) for move in moves]
        else:
            neighbours = [move.payee if direction == "out" else move.payer for move in moves]
        return Found.best(moves, neighbours, window, largest, known)

    def activity(self, name: str, split) -> tuple[int, int]:
        """How many moves lead to a node, and how many away from it."""
        by_transaction, by_payer, by_payee = self._moves
        if is_transaction(name):
            return (len(by_transaction.get(name, ())),) * 2
        return len(by_payee.get(name, ())), len(by_payer.get(name, ()))


def _transfers(table, units, when):
    rows = table[
        ["block_number", "log_index", "transaction_hash", "from_address", "to_address", "value", "token_address"]
    ]
    for block, log, txid, payer, payee, value, token in rows.itertuples(index=False):
        unit = units.get(token) or Unit(token[:8], 0)
        yield (block, 1, log), Move(("token", txid, log), txid, payer, payee, value, unit, when[block])


def _coin_payments(traces, when):
    paid = traces[(traces["status"] == 1) & (traces["trace_type"] != "genesis") & (traces["value"] > 0)]
    rows = paid[["block_number", "trace_id", "transaction_hash", "from_address", "to_address", "value"]]
    for place, (block, trace, txid, payer, payee, value) in enumerate(rows.itertuples(index=False)):
        yield (block, 0, place), Move(("coin", trace), txid, payer, payee, value, COIN, when[block])
