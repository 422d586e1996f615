"""Accounts of the chain: a secret key from the world's seed, its address, and signed transactions of type 2 (EIP-1559).

Anyone who has the seed has the keys: these accounts are worth nothing and must never be used outside a synthetic chain.
"""

from dataclasses import dataclass, field

from coincurve import PrivateKey

from cointrail.world.evm.hashing import keccak
from cointrail.world.evm.rlp import encode
from cointrail.world.keys import secret_key

__all__ = ["CHAIN_ID", "Account", "Transaction", "address_of_key", "make_account", "sign"]

# The number of local test chains; no public network accepts a signature made for it (EIP-155).
CHAIN_ID = 31337


@dataclass
class Account:
    """A key, its address (20 bytes), and the number of transactions it has signed."""

    key: PrivateKey
    address: bytes
    nonce: int = 0

    @property
    def hex(self) -> str:
        return "0x" + self.address.hex()


@dataclass(frozen=True)
class Transaction:
    """A signed transaction; amounts and fees in wei, `to` is None for a new contract.

    `signature` is (y parity, r, s), `raw` what nodes exchange.
    """

    sender: bytes
    nonce: int
    tip: int
    max_fee: int
    gas: int
    to: bytes | None
    value: int
    data: bytes
    signature: tuple[int, int, int]
    raw: bytes
    hash: bytes = field(init=False)

    def __post_init__(self):
        object.__setattr__(self, "hash", keccak(self.raw))


def make_account(seed: bytes, purpose: str) -> Account:
    """The account for one purpose of a world."""
    key = PrivateKey(secret_key(seed, f"evm/{purpose}"))
    return Account(key, address_of_key(key.public_key.format(compressed=False)))


def address_of_key(public_key: bytes) -> bytes:
    """The address of an uncompressed public key: the last 20 bytes of its hash."""
    return keccak(public_key[1:])[12:]


def sign(
    account: Account, *, to: bytes | None, value: int, data: bytes, gas: int, tip: int, max_fee: int
) -> Transaction:
    """Sign with the account's next nonce. Signatures are deterministic (RFC 6979)."""
    fields = [CHAIN_ID, account.nonce, tip, max_fee, gas, to or b"", value, data, []]
    signature = account.key.sign_recoverable(keccak(b"\x02" + encode(fields)), hasher=None)
    r, s = (int.from_bytes(part, "big") for part in (signature[:32], signature[32:64]))
    parts = (signature[64], r, s)
    raw = b"\x02" + encode([*fields, *parts])
    account.nonce += 1
    return Transaction(account.address, account.nonce - 1, tip, max_fee, gas, to, value, data, parts, raw)
