"""The calls inside a transaction: what its contracts send on to others, which no list of transactions shows.

pyrevm says what a transaction changed, not which calls it made. Our contracts are few and simple, so the calls of each
function are written down here; anvil's own traces judge them.
"""

from collections.abc import Iterator
from dataclasses import dataclass

from cointrail.world.evm.contracts import call
from cointrail.world.evm.keys import Transaction
from cointrail.world.evm.machine import Outcome

__all__ = ["Call", "inner_calls"]


@dataclass(frozen=True)
class Call:
    """One call; `path` is its place in the tree: (0, 1) is the second call that the first call made."""

    kind: str
    sender: bytes
    to: bytes
    value: int
    path: tuple[int, ...]
    failed: bool = False


def inner_calls(transaction: Transaction, outcome: Outcome, vaults: dict[bytes, bytes]) -> list[Call]:
    """The calls that a transaction caused, each before those it made itself; not the transaction's own.

    Parameters
    ----------
    transaction, outcome
        What was asked and what came of it.
    vaults : dict
        Where each forwarder passes coins on to.
    """
    here, data = transaction.to, transaction.data
    if here in vaults and not data:
        return _pay(vaults, here, transaction.value, ())[1:] if outcome.status else []
    reader = _READERS.get(data[:4]) if here else None
    return list(reader(transaction, outcome, _words(data), vaults)) if reader else []


def _split(transaction, outcome, words, vaults) -> Iterator[Call]:
    if not outcome.status:
        return
    payees, values = _list(words, 0), _list(words, 1)
    for place, (payee, value) in enumerate(zip(payees, values, strict=True)):
        first, *more = _pay(vaults, payee[12:], int.from_bytes(value, "big"), (place,))
        yield Call("call", transaction.to, first.to, first.value, first.path)
        yield from more


def _pay(vaults: dict, to: bytes, value: int, path: tuple) -> list[Call]:
    """A call with coins; a forwarder passes them on."""
    paid = Call("call", b"", to, value, path)
    return [paid, Call("call", to, vaults[to], value, (*path, 0))] if to in vaults else [paid]


def _open(transaction, outcome, words, vaults) -> Iterator[Call]:
    for log in outcome.logs:
        yield Call("create", transaction.to, log.topics[1][12:], 0, (0,))


def _sweep(transaction, outcome, words, vaults) -> Iterator[Call]:
    token = words[0][12:]
    for place, forwarder in enumerate(_list(words, 1) if outcome.status else []):
        forwarder = forwarder[12:]
        yield Call("call", transaction.to, forwarder, 0, (place,))
        yield Call("staticcall", forwarder, token, 0, (place, 0))
        yield Call("call", forwarder, token, 0, (place, 1))


def _token_call(transaction, outcome, words, vaults) -> Iterator[Call]:
    """Bridge.depart and Bridge.arrive: one call to the token, whose refusal fails the transaction."""
    token = words[0] if transaction.data[:4] == DEPART else words[1]
    yield Call("call", transaction.to, token[12:], 0, (0,), failed=not outcome.status)


DEPART = call("depart(address,uint256,string)")

_READERS = {
    call("split(address[],uint256[])"): _split,
    call("open(uint256)"): _open,
    call("sweep(address,address[])"): _sweep,
    DEPART: _token_call,
    call("arrive(bytes32,address,address,uint256)"): _token_call,
}


def _words(data: bytes) -> list[bytes]:
    return [data[start : start + 32] for start in range(4, len(data), 32)]


def _list(words: list[bytes], place: int) -> list[bytes]:
    """The list whose offset stands at a place of the call."""
    start = int.from_bytes(words[place], "big") // 32
    return words[start + 1 : start + 1 + int.from_bytes(words[start], "big")]
