"""The chain: transactions wait, blocks take them, and every block has a real header.

Rules are those of Ethereum after the merge (Paris): no proof of work, base fee by EIP-1559. Block 0 gives the first
coins; the block after it comes when the first transaction does.
"""

from collections.abc import Iterable
from dataclasses import dataclass, field

from cointrail.world.evm.hashing import keccak
from cointrail.world.evm.keys import Transaction
from cointrail.world.evm.machine import Log, Outcome, Setting, execute
from cointrail.world.evm.rlp import encode
from cointrail.world.evm.state import State
from cointrail.world.evm.trie import list_root

__all__ = ["Block", "Chain"]

GAS_LIMIT = 15_000_000
FIRST_BASE_FEE = 1_000_000_000
NO_UNCLES = keccak(encode([]))
EXTRA = b"SYNTHETIC TRAINING DATA"


@dataclass(frozen=True)
class Block:
    """A block with what its transactions did; `header` has the fields in the order in which they are hashed."""

    setting: Setting
    header: list
    transactions: list[Transaction]
    outcomes: list[Outcome]

    @property
    def hash(self) -> bytes:
        return keccak(encode(self.header))

    def serialise(self) -> bytes:
        """The block as nodes exchange it: header, transactions, uncles."""
        return encode([self.header, [transaction.raw for transaction in self.transactions], []])


@dataclass
class Chain:
    """Blocks and the state after the last one.

    Parameters
    ----------
    start : int
        Time of block 0, Unix seconds.
    first_coins : dict
        Wei of each address in block 0.
    """

    start: int
    first_coins: dict[bytes, int]
    blocks: list[Block] = field(default_factory=list)
    state: State = field(default_factory=State)

    def __post_init__(self):
        for address, value in sorted(self.first_coins.items()):
            self.state.change(address).balance = value
        setting = Setting(0, self.start, bytes(20), GAS_LIMIT, FIRST_BASE_FEE)
        self._append(setting, [], [])

    def add_block(self, waiting: Iterable[tuple[Transaction, set[bytes]]], *, timestamp: int, miner: bytes) -> Block:
        """Execute transactions (each with the addresses it can touch) in this order, as one block."""
        setting = Setting(len(self.blocks), timestamp, miner, GAS_LIMIT, next_base_fee(self.blocks[-1]))
        waiting = list(waiting)
        outcomes = [execute(transaction, setting, self.state, people) for transaction, people in waiting]
        return self._append(setting, [transaction for transaction, _ in waiting], outcomes)

    def _append(self, setting: Setting, transactions: list[Transaction], outcomes: list[Outcome]) -> Block:
        header = [
            self.blocks[-1].hash if self.blocks else bytes(32),
            NO_UNCLES,
            setting.miner,
            self.state.root(),
            list_root(transaction.raw for transaction in transactions),
            list_root(receipts(outcomes)),
            bloom(log for outcome in outcomes for log in outcome.logs),
            0,  # difficulty: none after the merge
            setting.number,
            setting.gas_limit,
            sum(outcome.gas_used for outcome in outcomes),
            setting.timestamp,
            EXTRA,
            bytes(32),
            bytes(8),
            setting.base_fee,
        ]
        self.blocks.append(Block(setting, header, transactions, outcomes))
        return self.blocks[-1]


def next_base_fee(parent: Block) -> int:
    """EIP-1559: an eighth up or down at most, by how full the block before was."""
    fee, used, target = parent.setting.base_fee, parent.header[10], GAS_LIMIT // 2
    if used == target:
        return fee
    if used > target:
        return fee + max(1, fee * (used - target) // target // 8)
    return fee - fee * (target - used) // target // 8


def receipts(outcomes: list[Outcome]) -> list[bytes]:
    """The receipts of a block as its header commits to them (EIP-2718, EIP-658)."""
    used, serial = 0, []
    for outcome in outcomes:
        used += outcome.gas_used
        logs = [[log.address, log.topics, log.data] for log in outcome.logs]
        serial.append(b"\x02" + encode([outcome.status, used, bloom(outcome.logs), logs]))
    return serial


def bloom(logs: Iterable[Log]) -> bytes:
    """256 bytes in which a search for a contract or topic sees that it is not there (Yellow Paper 4.3.1)."""
    bits = 0
    for log in logs:
        for entry in (log.address, *log.topics):
            digest = keccak(entry)
            for place in (0, 2, 4):
                bits |= 1 << (int.from_bytes(digest[place : place + 2], "big") & 2047)
    return bits.to_bytes(256, "big")
