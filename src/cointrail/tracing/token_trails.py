"""A trail of tokens, hop by hop, in which every branch says why it stops.

An account mixes its units: which of them left is not recorded. The rule here is stated, and can be replaced: what
arrived leaves first, before what lay there earlier, in the order in which the account pays. Follow nothing past a
service: what happened inside is in its books.
"""

from collections import deque

import pandas as pd

from cointrail.errors import CointrailError
from cointrail.ledger import TokenLedger
from cointrail.ledger.token_checks import ZERO_ADDRESS
from cointrail.tracing.accounts import account_address, as_amount, block_times, kept, token_facts
from cointrail.tracing.consent import transfer_consent

__all__ = ["trace_tokens"]

_COLUMNS = "node parent hop txid log_index height timestamp from_address to_address symbol".split()
_COLUMNS += "units followed amount rest reason".split()


def trace_tokens(
    ledger: TokenLedger,
    start: str,
    *,
    max_hops: int = 5,
    stop=(),
    least: int = 0,
    widest: int | None = None,
    within: pd.Timedelta | None = None,
) -> pd.DataFrame:
    """The tree of token transfers that one transfer leads to.

    Parameters
    ----------
    ledger : TokenLedger
    start : str
        A transfer: the transaction's hash, with ``:log_index`` where it holds several.
    max_hops : int
        Follow so many transfers after the start.
    stop : iterable of str
        Accounts of services, brokers and deposit addresses: a branch that reaches one ends there.
    least : int
        Do not follow fewer base units.
    widest : int, optional
        Do not follow through an account that paid more than so many different accounts: a service nobody has named.
    within : Timedelta, optional
        Do not follow what lay longer than this before it moved on.

    Returns
    -------
    DataFrame
        Columns node, parent (node number; -1 for the start), hop (0 for the start), txid, log_index, height, timestamp,
        from_address, to_address, symbol, units (of the transfer), followed (how many of them come from the start),
        amount (followed, as people write it), rest (base units that ended here) and reason: empty where all of it goes
        on, else service, burnt, hop limit, small, too wide, kept (nothing left the account afterwards), partly kept, or
        too late. Breadth first. All rests add up to the units of the start. Traps that nobody agreed to
        (`transfer_consent`) are not followed.

    Raises
    ------
    CointrailError
        The transfer is unknown or not told apart, moved nothing, or a text is no address.

    Examples
    --------
    >>> from cointrail.ledger import load_token_ledger
    >>> ledger = load_token_ledger("glass_harbour")
    >>> last = ledger.token_transfers[ledger.token_transfers["value"] > 0].iloc[-1]
    >>> trace_tokens(ledger, f"{last['transaction_hash']}:{last['log_index']}")["hop"].tolist()
    [0]
    """
    walk = _Walk(ledger, stop, least, widest, within)
    first = _start(ledger, start)
    queue, rows = deque([(first, -1, 0, walk.moves["value"][first])]), []
    while queue:
        move, parent, hop, followed = queue.popleft()
        reason, rest = walk.reason(move, followed) or ("hop limit" if hop == max_hops else ""), followed
        if not reason:
            onward, rest, reason = walk.onward(move, followed)
            queue.extend((other, len(rows), hop + 1, part) for other, part in onward)
        rows.append((parent, hop, move, followed, rest, reason))
    return walk.table(rows)


class _Walk:
    """The steps of a trail; a transfer already used up by another branch is not used twice."""

    def __init__(self, ledger, stop, least, widest, within):
        self.ledger, self.moves = ledger, {name: ledger.token_transfers[name].tolist() for name in _NAMES}
        self._times, self._least, self._widest, self._within = block_times(ledger), least, widest, within
        self._stop = frozenset(account_address(one) for one in stop)
        self._payments, self._used = _payments(ledger), {}

    def reason(self, move, followed):
        to = self.moves["to_address"][move]
        if to in self._stop:
            return "service"
        if to == ZERO_ADDRESS:
            return "burnt"
        if followed < self._least:
            return "small"
        paid = self._payments.get((self.moves["token_address"][move], to), ())
        payees = {self.moves["to_address"][other] for other in paid}
        return "too wide" if self._widest is not None and len(payees) > self._widest else ""

    def onward(self, move, followed):
        """The later payments of the account that carry on what arrived, and what is to be said about the rest."""
        account, token = self.moves["to_address"][move], self.moves["token_address"][move]
        found, left, late = [], followed, False
        for other in self._payments.get((token, account), ()):
            free = self.moves["value"][other] - self._used.get(other, 0)
            if other <= move or not left or not free:
                continue
            if self._within is not None and self._time(other) - self._time(move) > self._within:
                late = True
                break
            part = min(left, free)
            self._used[other] = self._used.get(other, 0) + part
            left -= part
            found.append((other, part))
        reason = ("partly kept" if found else "too late" if late else "kept") if left else ""
        return found, left, reason

    def _time(self, move):
        return self._times[self.moves["block_number"][move]]

    def table(self, rows):
        facts, lines = token_facts(self.ledger), []
        for node, (parent, hop, move, followed, rest, reason) in enumerate(rows):
            one = {name: values[move] for name, values in self.moves.items()}
            symbol, decimals = facts.get(one["token_address"], ("", 0))
            place = (one["transaction_hash"], one["log_index"], one["block_number"], self._time(move))
            ends = (one["from_address"], one["to_address"], symbol, one["value"])
            lines.append((node, parent, hop, *place, *ends, followed, as_amount(followed, decimals), rest, reason))
        table = pd.DataFrame(lines, columns=_COLUMNS)
        for name, place in (("units", 10), ("followed", 11), ("rest", 13)):
            table[name] = pd.Series([line[place] for line in lines], dtype=object)
        return table


_NAMES = ("token_address", "from_address", "to_address", "value", "transaction_hash", "log_index", "block_number")


def _payments(ledger):
    """Rows of the table by (token, payer), of more than nothing and with somebody's consent."""

    def make():
        moves, found = ledger.token_transfers, {}
        real = (moves["value"] > 0) & (transfer_consent(ledger) != "nobody")
        pairs = zip(moves["token_address"], moves["from_address"], real, strict=True)
        for place, (token, payer, counts) in enumerate(pairs):
            if counts:
                found.setdefault((token, payer), []).append(place)
        return found

    return kept(ledger, "_payments", make)


def _start(ledger, start):
    txid, _, log = start.strip().lower().partition(":") if isinstance(start, str) else ("", "", "")
    moves = ledger.token_transfers.reset_index(drop=True)
    rows = moves[moves["transaction_hash"] == ledger.transaction(txid)["hash"]]
    if log:
        rows = rows[rows["log_index"].astype(str) == log]
    if len(rows) != 1:
        found = ", ".join(f"{txid[:10]}...:{place}" for place in rows["log_index"])
        raise CointrailError(
            f"{start} names {len(rows)} token transfers, not one: write the hash, a colon and the log_index"
            + (f" ({found})." if found else "; this transaction has no such transfer.")
        )
    if not rows["value"].iloc[0]:
        raise CointrailError(f"{start} moved nothing: it is no payment, and leads nowhere.")
    return int(rows.index[0])
