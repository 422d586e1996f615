"""The state of the chain between transactions: accounts with their coins, code and storage, and its hash tree.

The virtual machine gets for each transaction only what that transaction can touch. Which slots those are follows from
how Solidity lays out our contracts: a few fixed slots, and mappings keyed by the addresses that take part.
"""

from dataclasses import dataclass, field
from functools import cache

from cointrail.world.evm.contracts import word
from cointrail.world.evm.hashing import keccak
from cointrail.world.evm.rlp import encode
from cointrail.world.evm.trie import EMPTY_ROOT, Trie

__all__ = ["State", "allowance_slot", "balance_slot", "slots_of"]

# Storage of Stablecoin.sol: 0 name, 1 symbol, 2 supply, 3 balances, 4 allowances, 5 frozen; no contract has more.
FIXED, BALANCES, ALLOWANCES, FROZEN = range(3), 3, 4, 5
NO_CODE = keccak(b"")


@dataclass
class Holder:
    """One account of the state; `storage` keeps only what is not zero."""

    balance: int = 0
    nonce: int = 0
    code: bytes = b""
    storage: dict[int, int] = field(default_factory=dict)
    tree: Trie = field(default_factory=Trie)
    root: bytes = EMPTY_ROOT


class State:
    """Accounts by address (20 bytes)."""

    def __init__(self):
        self.holders: dict[bytes, Holder] = {}
        self._tree = Trie()
        self._touched: set[bytes] = set()

    def of(self, address: bytes) -> Holder:
        """An account to read; an unknown one is empty."""
        return self.holders.get(address) or Holder()

    def change(self, address: bytes) -> Holder:
        """An account to write."""
        self._touched.add(address)
        return self.holders.setdefault(address, Holder())

    def store(self, address: bytes, slot: int, value: int) -> None:
        """Set one slot of a contract; zero takes it away."""
        holder = self.change(address)
        if holder.storage.get(slot, 0) == value:
            return
        holder.storage[slot] = value
        holder.tree.set(keccak(word(slot)), encode(value) if value else b"")
        holder.root = holder.tree.root()
        if not value:
            del holder.storage[slot]

    def root(self) -> bytes:
        """The hash over all accounts (Yellow Paper 4.1)."""
        for address in sorted(self._touched):
            holder = self.holders[address]
            empty = not (holder.balance or holder.nonce or holder.code)
            code = keccak(holder.code) if holder.code else NO_CODE
            fields = [holder.nonce, holder.balance, holder.root, code]
            self._tree.set(keccak(address), b"" if empty else encode(fields))
        self._touched = set()
        return self._tree.root()


def slots_of(people: list[bytes]) -> list[int]:
    """Every slot that a call among these addresses can read or write."""
    own = [slot for person in people for slot in (balance_slot(person), _mapped(person, FROZEN))]
    return [*FIXED, *own, *(allowance_slot(owner, spender) for owner in people for spender in people)]


def balance_slot(address: bytes) -> int:
    """Where a token keeps the balance of an address."""
    return _mapped(address, BALANCES)


def allowance_slot(owner: bytes, spender: bytes) -> int:
    """Where a token keeps how much a spender may still take."""
    return int.from_bytes(keccak(word(spender) + word(_mapped(owner, ALLOWANCES))), "big")


@cache
def _mapped(address: bytes, slot: int) -> int:
    """The slot of a mapping's value: the hash of its key and the mapping's own slot."""
    return int.from_bytes(keccak(word(address) + word(slot)), "big")
