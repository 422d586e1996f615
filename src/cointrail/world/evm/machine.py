"""Execute one transaction on a real virtual machine (revm), with the money side of it: fee, refund, miner.

Each transaction gets a fresh machine that holds only the accounts and slots it can touch, because pyrevm keeps slots
"warm" from one call to the next, and a real chain does not: gas would be too low.
"""

from dataclasses import dataclass

from cointrail.errors import CointrailError
from cointrail.world.evm.hashing import keccak
from cointrail.world.evm.keys import CHAIN_ID, Transaction
from cointrail.world.evm.rlp import encode
from cointrail.world.evm.state import State, slots_of

try:
    import pyrevm
except ImportError:
    # Some systems have no wheel for it: there a world's account chain can be read and verified, not made.
    pyrevm = None

__all__ = ["Log", "Outcome", "Setting", "execute"]

# The rules of the chain: those of the Paris upgrade (proof of stake, before withdrawals).
RULES = "Merge"
PADDING = 33


@dataclass(frozen=True)
class Setting:
    """What a transaction knows of its block; the base fee is in wei for one unit of gas."""

    number: int
    timestamp: int
    miner: bytes
    gas_limit: int
    base_fee: int


@dataclass(frozen=True)
class Log:
    address: bytes
    topics: list[bytes]
    data: bytes


@dataclass(frozen=True)
class Outcome:
    """What became of a transaction; `error` is None for one that succeeded."""

    status: int
    gas_used: int
    price: int
    logs: list[Log]
    contract: bytes | None
    error: str | None


def execute(transaction: Transaction, setting: Setting, state: State, people: set[bytes]) -> Outcome:
    """Change the state as the transaction asks.

    Parameters
    ----------
    transaction : Transaction
    setting : Setting
        Its block.
    state : State
        Changed in place.
    people : set of bytes
        All addresses the transaction can touch: those it names, and those its contracts know by heart.

    Raises
    ------
    CointrailError
        If no block may hold the transaction: wrong nonce, a fee below the base fee, or no coins for the fee. Or if
        there is no pyrevm on this machine.
    """
    if pyrevm is None:
        raise CointrailError("Making an account chain needs the package pyrevm: install cointrail[world].")
    price = min(transaction.max_fee, setting.base_fee + transaction.tip)
    sender = state.of(transaction.sender)
    _refuse(transaction, setting, sender)
    born = _new_address(transaction) if transaction.to is None else None
    people = sorted(people | {transaction.sender, transaction.to or born})
    slots = slots_of(people)
    machine = _machine(transaction, setting, state, people, slots, prepaid=transaction.gas * price)
    error = _run(machine, transaction)
    result = machine.result
    if error is None:
        _take_over(machine, state, people, slots)
        if born:
            state.change(born).nonce = 1
    else:
        state.change(transaction.sender).balance = sender.balance - transaction.gas * price
    payer = state.change(transaction.sender)
    payer.nonce = transaction.nonce + 1
    payer.balance += (transaction.gas - result.gas_used) * price
    state.change(setting.miner).balance += result.gas_used * (price - setting.base_fee)
    return Outcome(
        status=int(error is None),
        gas_used=result.gas_used,
        price=price,
        logs=[_log(log) for log in result.logs] if error is None else [],
        contract=born,
        error=error,
    )


def _refuse(transaction: Transaction, setting: Setting, sender) -> None:
    worst = transaction.gas * transaction.max_fee + transaction.value
    for wrong, what in (
        (transaction.nonce != sender.nonce, f"has nonce {transaction.nonce}, its sender is at {sender.nonce}"),
        (transaction.max_fee < setting.base_fee, "offers less than the base fee"),
        (sender.balance < worst, f"needs {worst} wei, its sender has {sender.balance}"),
    ):
        if wrong:
            raise CointrailError(f"Transaction 0x{transaction.hash.hex()} {what}: no block may hold it; this is a bug.")


def _machine(transaction, setting, state: State, people, slots, *, prepaid: int):
    machine = pyrevm.EVM(env=pyrevm.Env(cfg=pyrevm.CfgEnv(chain_id=CHAIN_ID)), spec_id=RULES)
    machine.set_block_env(
        pyrevm.BlockEnv(
            number=setting.number,
            coinbase=_hex(setting.miner),
            timestamp=setting.timestamp,
            difficulty=0,
            prevrandao=bytes(32),
            basefee=0,
            gas_limit=setting.gas_limit,
        )
    )
    for address in people:
        if (holder := state.holders.get(address)) is None:
            continue
        balance, nonce = holder.balance, holder.nonce
        if address == transaction.sender:
            balance, nonce = balance - prepaid, nonce + (transaction.to is not None)
        code = {"code": holder.code} if holder.code else {}
        machine.insert_account_info(_hex(address), pyrevm.AccountInfo(balance=balance, nonce=nonce, **code))
        for slot in slots if holder.code else ():
            if value := holder.storage.get(slot):
                # The way back takes the account out of the journal and leaves the slot in the database: still cold.
                mark = machine.snapshot()
                machine.insert_account_storage(_hex(address), slot, value)
                machine.revert(mark)
    return machine


def _run(machine, transaction: Transaction) -> str | None:
    """Why it failed, in the words of block explorers; None if it did not."""
    try:
        if transaction.to is None:
            machine.deploy(_hex(transaction.sender), transaction.data, value=transaction.value, gas=transaction.gas)
        else:
            machine.message_call(
                _hex(transaction.sender),
                _hex(transaction.to),
                transaction.data,
                value=transaction.value,
                gas=transaction.gas,
            )
    except RuntimeError:
        if machine.result is None:
            raise
        return "Reverted" if not machine.result.is_halt else "Out of gas"
    return None


def _take_over(machine, state: State, people, slots) -> None:
    for address in people:
        info = machine.basic(_hex(address))
        before = state.of(address)
        # revm pads new code with zeros for its own use.
        code = before.code or bytes(machine.get_code(_hex(address)) or b"")[:-PADDING]
        if (info.balance, info.nonce, code) != (before.balance, before.nonce, before.code):
            holder = state.change(address)
            holder.balance, holder.nonce, holder.code = info.balance, info.nonce, code
        for slot in slots if code else ():
            value = machine.storage(_hex(address), slot)
            if value != before.storage.get(slot, 0):
                state.store(address, slot, value)


def _log(log) -> Log:
    topics, data = log.data
    return Log(bytes.fromhex(log.address[2:]), [bytes(topic) for topic in topics], bytes(data))


def _new_address(transaction: Transaction) -> bytes:
    return keccak(encode([transaction.sender, transaction.nonce]))[12:]


def _hex(address: bytes) -> str:
    return "0x" + address.hex()
