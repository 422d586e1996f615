"""What the board asks of a ledger: who paid whom, as single moves of money, the largest first.

A **holder** is an address or a cluster of addresses; a cluster is named by the address of it that the ledger saw first.
A move goes from holder to holder where the ledger says so. Where several holders pay into one transaction the ledger
does not say who paid whom: then there is a move from each holder into the transaction, and one to each who is paid.
"""

from datetime import UTC, datetime
from decimal import Decimal, InvalidOperation
from typing import NamedTuple

import pandas as pd

from cointrail.errors import CointrailError

__all__ = ["Found", "Move", "Unit", "Window", "coins", "day_text", "is_transaction", "read_amount", "read_day"]


class Unit(NamedTuple):
    """How amounts of one ledger or token are written: symbol, and how many decimals one whole coin has."""

    symbol: str
    decimals: int


class Move(NamedTuple):
    """One movement of money.

    ``payer`` or ``payee`` is None on the side where the money goes into or comes out of a transaction. Both are
    addresses; `value` is in the smallest unit, `time` in seconds since 1970 (UTC).
    """

    key: tuple
    txid: str
    payer: str | None
    payee: str | None
    value: int
    unit: Unit
    time: int

    @property
    def coins(self) -> Decimal:
        """The amount in whole coins."""
        return Decimal(self.value).scaleb(-self.unit.decimals)


class Window(NamedTuple):
    """What is shown: moves of at least so many coins, from and up to a time, and nodes so many steps from the start."""

    least: Decimal = Decimal(0)
    since: int | None = None
    until: int | None = None
    hops: int | None = None

    def passes(self, move: Move) -> bool:
        """Whether a move lies inside, hops left aside."""
        early = self.since is not None and move.time < self.since
        late = self.until is not None and move.time > self.until
        return move.coins >= self.least and not early and not late


class Found(NamedTuple):
    """What an expansion brings, and what it leaves.

    The neighbours with the largest sums come with all their payments, so that a sum on the board is the whole sum.
    `smaller` payments of `others` neighbours are left, and `outside` payments that the filter hides.
    """

    moves: tuple[Move, ...]
    smaller: int = 0
    others: int = 0
    outside: int = 0

    @classmethod
    def best(cls, moves: list[Move], neighbours: list, window: Window, largest: int, known: frozenset):
        """Choose among moves, each with its neighbour; of equal neighbours, the one who comes first in the ledger."""
        fresh = [pair for pair in zip(moves, neighbours, strict=True) if pair[0].key not in known]
        groups = {}
        for move, neighbour in fresh:
            if window.passes(move):
                groups.setdefault(neighbour, []).append(move)
        ranked = sorted(groups.values(), key=lambda group: -sum(move.coins for move in group))
        chosen = tuple(move for group in ranked[:largest] for move in group)
        inside = sum(map(len, ranked))
        return cls(chosen, inside - len(chosen), max(0, len(ranked) - largest), len(fresh) - inside)


def coins(value: int, unit: Unit, *, exact: bool = False) -> str:
    """An amount as a person reads it, in whole coins; not exact where it would be long, unless asked.

    >>> coins(123_456_789, Unit("BTC", 8)), coins(123_456_789, Unit("BTC", 8), exact=True), coins(1500, Unit("BTC", 8))
    ('1.235', '1.23456789', '0.000015')
    """
    amount = Decimal(value).scaleb(-unit.decimals)
    if exact:
        return f"{amount:,f}"
    digits = max(0, 3 - max(0, amount.adjusted())) if amount >= 1 else min(unit.decimals, 2 - amount.adjusted())
    text = f"{round(amount, digits):,f}" if amount else "0"
    return text.rstrip("0").rstrip(".") if "." in text else text


def is_transaction(name: str) -> bool:
    """Whether an id is a transaction's: 64 hex digits, or 0x and 64. An address can have 64 letters, but not these."""
    return len(name) == 66 if name[:2] == "0x" else len(name) == 64 and not name.startswith("bcrt1")


def read_amount(amount) -> Decimal:
    """An amount in whole coins from what a person typed; a sentence where it is none."""
    try:
        number = Decimal(str(amount).strip() or "0")
    except InvalidOperation as error:
        raise CointrailError(f"{amount!r} is no amount: write whole coins with a point, such as 0.05.") from error
    if not number.is_finite() or number < 0:
        raise CointrailError(f"{amount!r} is no amount: it must be 0 or more.")
    return number


def read_day(day, *, end: bool = False) -> int | None:
    """Seconds since 1970 of a date or time (UTC); the end of the day where only a date is given and `end` is set."""
    if day is None or day == "":
        return None
    try:
        time = pd.Timestamp(day)
        time = time.tz_localize("UTC") if time.tzinfo is None else time.tz_convert("UTC")
        whole = end and len(str(day).strip()) <= len("2026-03-01")
        return int(time.timestamp()) + (86399 if whole else 0)
    except (ValueError, TypeError, OverflowError) as error:
        raise CointrailError(f"{day!r} is no date: write year-month-day, such as 2026-03-01.") from error


def day_text(seconds: int, *, year: bool = False) -> str:
    """A time as day and month, for labels; with the year where a board needs it.

    >>> day_text(1_772_366_400), day_text(1_772_366_400, year=True)
    ('1 Mar', '1 Mar 2026')
    """
    time = datetime.fromtimestamp(seconds, UTC)
    return f"{time.day} {time:%b}{f' {time.year}' if year else ''}"
