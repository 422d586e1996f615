"""A rehearsal: a short chain with the coins in question, and Bitcoin Core's own rules as judge of what spends them.

The chain is regtest and made on the spot: block 1 pays the coins, a hundred blocks let them ripen, and the next one
holds the transaction that is judged. Core's consensus code (libbitcoinkernel) connects every block, and says in its own
words why it refuses one. The coins are worth nothing and exist nowhere else.
"""

import contextlib
import tempfile
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

import pbk
from pbk.script import PrecomputedTransactionData

from cointrail.errors import CointrailError
from cointrail.ledger.addresses import script_of
from cointrail.ledger.block import GENESIS_HASH
from cointrail.ledger.blockfile import ledger_from_blocks
from cointrail.ledger.checks import subsidy
from cointrail.ledger.mining import coinbase, mine
from cointrail.ledger.model import Ledger
from cointrail.ledger.transaction import TxOut, parse_transaction

__all__ = ["Verdict", "fits_locks", "rehearsal_coins", "rehearsal_ledger", "rehearse"]

_BEGIN = 1_767_225_600  # 2026-01-01 00:00 UTC
_RIPE = 101
_WORDS = {
    "finished with a false/empty top stack element": "a signature does not fit: it was made for another transaction or "
    "another amount, or by another key",
    "Witness program was passed an empty witness": "an input has no signature at all",
    "Witness program hash mismatch": "the key or script that was shown is not the one that locks the coin, or no "
    "signature is there",
    "Operation not valid with the current stack size": "a signature is missing: fewer were given than the lock wants",
    "Invalid Schnorr signature": "a taproot signature does not fit: another transaction or another key",
    "Non-canonical DER signature": "a signature is damaged",
    "bad-txns-in-belowout": "it pays out more than it takes in",
    "bad-txns-inputs-missingorspent": "it spends a coin that is not there, or that was spent already",
    "bad-txns-inputs-duplicate": "it spends the same coin twice",
    "bad-txns-vout-negative": "an amount is below nothing",
}


@dataclass(frozen=True)
class Verdict:
    """What consensus code said: accepted or not, its reason in its own words, and the same in ours."""

    accepted: bool
    core: str = ""
    words: str = "accepted: every rule of consensus is kept"


def rehearsal_coins(amounts: Mapping[str, int]) -> dict[str, str]:
    """The outpoint of each coin on the rehearsal chain: address -> outpoint.

    Parameters
    ----------
    amounts : mapping
        Address -> satoshi, 50 bitcoin at most in all.

    Examples
    --------
    >>> coins = rehearsal_coins({"bcrt1qzyg3zyg3zyg3zyg3zyg3zyg3zyg3zyg3lgth6c": 150000})
    >>> list(coins.values())[0][-2:]
    ':0'
    """
    first = _first_coinbase(amounts)
    return {address: f"{first.txid}:{vout}" for vout, address in enumerate(amounts)}


def _first_coinbase(amounts):
    left = subsidy(1) - sum(amounts.values())
    if left < 0 or any(value < 1 for value in amounts.values()):
        raise CointrailError(f"The rehearsal coins must be above 0 and {subsidy(1)} satoshi at most in all.")
    plain = coinbase(1, transactions=[], fees=0, reward_script=b"\x51")
    coins = tuple(TxOut(value, script_of(address)) for address, value in amounts.items())
    return plain._replace(outputs=(*coins, TxOut(left, b"\x51"), plain.outputs[-1]))


def rehearse(raw: str, amounts: Mapping[str, int]) -> Verdict:
    """Let consensus code judge a transaction that spends rehearsal coins.

    Parameters
    ----------
    raw : str
        The transaction as hex, as `finish_psbt` gives it.
    amounts : mapping
        The coins of the rehearsal, as for `rehearsal_coins`.

    Raises
    ------
    CointrailError
        The text is no transaction.
    """
    transaction = _transaction(raw)
    with _kernel() as (manager, said):
        for block in _chain(amounts):
            manager.process_block(pbk.Block(block.serialise()))
            tip = block
        block = _next(tip, _RIPE + 1, transaction)
        said.clear()
        # A refused block is no error of the kernel: its height and its words tell.
        with contextlib.suppress(pbk.ProcessBlockException):
            manager.process_block(pbk.Block(block.serialise()))
        if manager.get_active_chain().height == _RIPE + 1:
            return Verdict(True)
    core = next((line for line in said if line.startswith("Block validation error: ")), "no reason was given")
    return _refused(core.removeprefix("Block validation error: ").strip())


def _refused(core):
    words = next((words for sign, words in _WORDS.items() if sign in core), "a rule of consensus is broken")
    return Verdict(False, core, f"refused: {words}")


def _transaction(raw):
    try:
        return parse_transaction(bytes.fromhex(raw))
    except (ValueError, CointrailError) as error:
        raise CointrailError(f"This text is no transaction in hex: {error}") from error


@contextlib.contextmanager
def _kernel():
    """A fresh regtest chain in memory, and the list of what the kernel says."""
    said = []
    pbk.logging_set_options(pbk.LoggingOptions(log_timestamps=False))
    connection = pbk.LoggingConnection(lambda line: said.append(line))
    context = pbk.make_context(pbk.ChainType.REGTEST)
    with tempfile.TemporaryDirectory(ignore_cleanup_errors=True) as folder:
        options = pbk.ChainstateManagerOptions(context, folder, str(Path(folder) / "blocks"))
        options.update_block_tree_db_in_memory(True)
        options.update_chainstate_db_in_memory(True)
        yield pbk.ChainstateManager(options), said
    del connection


def _chain(amounts):
    """The blocks of the rehearsal: the coins, and a hundred blocks to let them ripen."""
    previous = bytes.fromhex(GENESIS_HASH)[::-1]
    for height in range(1, _RIPE + 1):
        paid = coinbase(height, transactions=[], fees=0, reward_script=b"\x51")
        reward = _first_coinbase(amounts) if height == 1 else paid
        block = mine([reward], previous=previous, timestamp=_BEGIN + 600 * height)
        previous = bytes.fromhex(block.hash)[::-1]
        yield block


def _next(tip, height, transaction):
    reward = coinbase(height, transactions=[transaction], fees=0, reward_script=b"\x51")
    previous = bytes.fromhex(tip.hash)[::-1]
    return mine([reward, transaction], previous=previous, timestamp=_BEGIN + 600 * height)


def rehearsal_ledger(amounts: Mapping[str, int], *spends: str) -> Ledger:
    """The rehearsal chain as a ledger to look at, with transactions that spend its coins, one a block.

    Parameters
    ----------
    amounts : mapping
        The coins, as for `rehearsal_coins`.
    spends : str
        Transactions as hex, as `finish_psbt` gives them; ask `rehearse` first whether they keep the rules.

    Examples
    --------
    >>> rehearsal_ledger({"bcrt1qzyg3zyg3zyg3zyg3zyg3zyg3zyg3zyg3lgth6c": 150000})
    <Ledger rehearsal: 101 transactions, blocks up to height 101>
    """
    blocks = list(_chain(amounts))
    for raw in spends:
        blocks.append(_next(blocks[-1], len(blocks) + 1, _transaction(raw)))
    return ledger_from_blocks([block.serialise() for block in blocks], name="rehearsal")


def fits_locks(raw: str, coins: Mapping[str, tuple[str, int]]) -> list[bool]:
    """For each input of a transaction: does it open the lock of its coin? Core's script check alone, on any ledger.

    Parameters
    ----------
    raw : str
        The transaction as hex.
    coins : mapping
        outpoint -> (address, satoshi) of every coin it spends.

    Raises
    ------
    CointrailError
        The text is no transaction, or a coin is not given.
    """
    transaction = _transaction(raw)
    names = [f"{txin.txid[::-1].hex()}:{txin.vout}" for txin in transaction.inputs]
    if missing := [name for name in names if name not in coins]:
        raise CointrailError(f"The coin {missing[0]} is spent here, but its address and value were not given.")
    kernel = pbk.Transaction(transaction.serialise())
    locks = [(pbk.ScriptPubkey(script_of(coins[name][0])), coins[name][1]) for name in names]
    shared = PrecomputedTransactionData(kernel, [pbk.TransactionOutput(lock, value) for lock, value in locks])
    flags = pbk.ScriptVerificationFlags.ALL
    return [bool(lock.verify(value, kernel, shared, place, flags)) for place, (lock, value) in enumerate(locks)]
