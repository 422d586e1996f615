"""From a message to a transaction: by amount with or without the fee, by time, and by direction.

A person writes "sent 0.5" before or after a transaction reaches a block, and states what was paid or what the wallet
showed as gone, fee included. So the caller names the window and the reading of the fee; nothing is assumed. A match is
a lead: another payment of the same amount at the same hour would fit as well, and then no transaction is named.

Times are block times (UTC), which may lie an hour or two beside the true one, even before an earlier block's.
"""

from collections.abc import Collection
from datetime import timedelta
from numbers import Integral
from typing import NamedTuple

import pandas as pd

from cointrail.errors import CointrailError
from cointrail.ledger import Ledger
from cointrail.tracing.outputs import canonical_address, paid_addresses

__all__ = ["MessageMatch", "match_messages", "message_candidates"]

COLUMNS = ("message", "time", "amount", "direction")
FEE_READINGS = {"excluded": (0,), "included": (1,), "either": (0, 1)}


class MessageMatch(NamedTuple):
    """The answer for one message: its txid, or None where none or several fit; all that fit; a sentence saying why."""

    message: str
    txid: str | None
    candidates: tuple[str, ...]
    reason: str


def match_messages(
    ledger: Ledger,
    messages: pd.DataFrame,
    *,
    addresses: Collection[str],
    before: timedelta,
    after: timedelta,
    fee: str,
    tolerance: int = 0,
) -> list[MessageMatch]:
    """The one transaction that fits each message; the same arguments as `message_candidates`.

    Each message is judged alone: that a transaction fits another message better is no reason here, but is said.

    Returns
    -------
    list of MessageMatch
        One per message, in the order given.
    """
    table = message_candidates(
        ledger, messages, addresses=addresses, before=before, after=after, fee=fee, tolerance=tolerance
    )
    fits = {name: tuple(rows["txid"]) for name, rows in table.groupby("message", sort=False)}
    only = [found[0] for found in fits.values() if len(found) == 1]
    return [_answer(name, fits.get(name, ()), only) for name in messages["message"]]


def _answer(name, found, only):
    if not found:
        return MessageMatch(name, None, (), "No transaction fits: look at the window, the fee and the direction.")
    if len(found) > 1:
        return MessageMatch(name, None, found, f"{len(found)} transactions fit: it cannot be told which was meant.")
    shared = only.count(found[0]) - 1
    also = f", and {shared} other message(s) fit it alone too" if shared else ""
    return MessageMatch(name, found[0], found, f"One transaction fits{also}.")


def message_candidates(
    ledger: Ledger,
    messages: pd.DataFrame,
    *,
    addresses: Collection[str],
    before: timedelta,
    after: timedelta,
    fee: str,
    tolerance: int = 0,
) -> pd.DataFrame:
    """Every transaction that fits a message, the nearest first.

    Parameters
    ----------
    ledger : Ledger
    messages : DataFrame
        Columns message (an id), time (with a zone), amount (satoshi, int) and direction: "in" where the addresses
        receive, "out" where they pay. A column tolerance (satoshi, int) stands in the place of the argument: see
        `stated_messages`.
    addresses : collection of str
        The addresses of one side of the talk, all that are known. A missing one may hide the right transaction.
    before, after : timedelta
        How long before and after the message the block may lie.
    fee : str
        How the amount is read: "excluded" (what was paid), "included" (what left the payer's wallet) or "either".
    tolerance : int
        How many satoshi the amount may differ, for amounts that were rounded in the message.

    Returns
    -------
    DataFrame
        Columns message, rank (from 1), txid, timestamp, outputs (the indexes that make up the amount, as text: one
        output, or all that go the right way), value (satoshi), fee (satoshi), fee_included (bool), difference
        (satoshi, of the message's amount) and delay (block time less message time). Ranked by difference, then by
        delay either way, then by txid.

    Raises
    ------
    CointrailError
        A column is missing, an id is doubled, a time has no zone, an amount is no positive int, a choice is unknown, or
        an address is not valid.

    Examples
    --------
    >>> from cointrail.ledger import load_ledger
    >>> ledger = load_ledger("primer")
    >>> row = ledger.outputs[ledger.outputs["type"] == "witness_v0_keyhash"].iloc[-1]
    >>> time = ledger.transaction(row["transaction_hash"])["block_timestamp"]
    >>> messages = pd.DataFrame({"message": ["M1"], "time": [time], "amount": [row["value"]], "direction": ["in"]})
    >>> hours = timedelta(hours=3)
    >>> kwargs = {"addresses": row["addresses"], "before": hours, "after": hours, "fee": "excluded"}
    >>> message_candidates(ledger, messages, **kwargs)["txid"].iloc[0] == row["transaction_hash"]
    True
    """
    _check(messages, before, after, fee, tolerance)
    own = {canonical_address(address) for address in addresses}
    if not own:
        raise CointrailError("No address is given: without one side's addresses the direction cannot be told.")
    touching = _touching(ledger, own)
    found = []
    for message in messages.itertuples():
        near = touching[touching["timestamp"].between(message.time - before, message.time + after)]
        near = near[near["direction"] == message.direction]
        allowed = int(getattr(message, "tolerance", tolerance))
        fits = [_fit(message, row, FEE_READINGS[fee], allowed) for row in near.itertuples()]
        ranked = sorted((fit for fit in fits if fit), key=lambda fit: (abs(fit[-2]), abs(fit[-1]), fit[0]))
        found += [(message.message, rank, *fit) for rank, fit in enumerate(ranked, 1)]
    names = "message rank txid timestamp outputs value fee fee_included difference delay".split()
    return pd.DataFrame(found, columns=names)


def _check(messages, before, after, fee, tolerance):
    if missing := [name for name in COLUMNS if name not in messages.columns]:
        raise CointrailError(f"The messages have no column {missing[0]!r}: they need {', '.join(COLUMNS)}.")
    if fee not in FEE_READINGS:
        raise CointrailError(f"fee={fee!r} is no reading: choose one of {', '.join(FEE_READINGS)}.")
    if min(before, after) < timedelta(0) or not isinstance(tolerance, Integral) or tolerance < 0:
        raise CointrailError("before, after and tolerance cannot be negative; tolerance is an int, in satoshi.")
    if (doubled := messages["message"][messages["message"].duplicated()]).size:
        raise CointrailError(f"The message {doubled.iloc[0]} is listed twice: give each its own id.")
    for message in messages.itertuples():
        if message.direction not in ("in", "out"):
            raise CointrailError(f"Message {message.message}: direction {message.direction!r} is neither in nor out.")
        if not isinstance(message.amount, Integral) or isinstance(message.amount, bool) or message.amount <= 0:
            raise CointrailError(f"Message {message.message}: the amount {message.amount!r} is no satoshi above 0.")
        if getattr(message.time, "tzinfo", None) is None:
            raise CointrailError(f"Message {message.message}: the time {message.time} has no zone; convert it to UTC.")


def _touching(ledger, own):
    """The transactions that an address of `own` pays or is paid by, with the outputs that go the message's way."""
    payers = paid_addresses(ledger, "inputs").isin(own)
    paying = set(ledger.inputs["transaction_hash"][payers])
    owned = paid_addresses(ledger, "outputs").isin(own)
    spends = ledger.outputs["transaction_hash"].isin(paying)
    # A payer's own outputs are change; whoever pays is not also paid by the same transaction.
    ways = ledger.outputs[(owned != spends) & (ledger.outputs["value"] > 0)]
    outputs = {}
    for txid, index, value in zip(ways["transaction_hash"], ways["index"], ways["value"], strict=True):
        outputs.setdefault(txid, []).append((int(index), int(value)))
    table = ledger.transactions.loc[
        ledger.transactions["hash"].isin(outputs.keys()), ["hash", "block_timestamp", "fee"]
    ]
    table = table.rename(columns={"hash": "txid", "block_timestamp": "timestamp"})
    ways_out = table["txid"].isin(paying).map({True: "out", False: "in"})
    return table.assign(direction=ways_out, outputs=table["txid"].map(outputs))


def _fit(message, row, readings, tolerance):
    """The nearest reading of one transaction, or None where all are too far."""
    parts = [[output] for output in row.outputs]
    if len(parts) > 1:
        parts.append(row.outputs)
    tries = []
    for part in parts:
        value = sum(value for _, value in part)
        tries += [(abs(value + row.fee * with_fee - message.amount), with_fee, value, part) for with_fee in readings]
    distance, with_fee, value, part = min(tries, key=lambda one: one[:2])
    if distance > tolerance:
        return None
    indexes = ", ".join(str(index) for index, _ in part)
    difference = value + row.fee * with_fee - message.amount
    return row.txid, row.timestamp, indexes, value, row.fee, bool(with_fee), difference, row.timestamp - message.time
