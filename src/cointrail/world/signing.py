"""Real signatures for the five script types: the legacy digest, BIP143 and BIP341.

Signatures are deterministic (RFC 6979; BIP340 without extra randomness), so the same payment has the same bytes.
"""

import hashlib
import struct
from dataclasses import dataclass
from functools import cached_property

from embit.hashes import tagged_hash

from cointrail.ledger.transaction import Transaction, compact_size, double_sha256
from cointrail.world.keys import Lock

__all__ = ["Spend", "add_scripts", "add_witnesses", "sign"]

SIGHASH_ALL = 1


@dataclass(frozen=True)
class Spend:
    """A coin as its signature sees it: how much it is worth and what locks it."""

    value: int
    lock: Lock


def sign(transaction: Transaction, spends: list[Spend]) -> Transaction:
    """The transaction with every input signed.

    Parameters
    ----------
    transaction : Transaction
        With empty scripts and witnesses.
    spends : list of Spend
        What each input spends, in input order.
    """
    return add_witnesses(add_scripts(transaction, spends), spends)


def add_scripts(transaction: Transaction, spends: list[Spend]) -> Transaction:
    """The transaction with the scripts of its inputs, so that its txid is final; only P2PKH signs for that."""
    inputs = list(transaction.inputs)
    for index, spend in enumerate(spends):
        if spend.lock.kind in _SCRIPTS:
            script = _SCRIPTS[spend.lock.kind](transaction, index, spend)
            inputs[index] = inputs[index]._replace(script=script)
    return transaction._replace(inputs=tuple(inputs))


def add_witnesses(transaction: Transaction, spends: list[Spend]) -> Transaction:
    """The transaction with its witnesses: the rest of its signatures, which the txid leaves out."""
    shared, inputs = _SharedHashes(transaction, spends), list(transaction.inputs)
    for index, spend in enumerate(spends):
        if spend.lock.kind in _WITNESSES:
            witness = _WITNESSES[spend.lock.kind](transaction, index, spend, shared)
            inputs[index] = inputs[index]._replace(witness=witness)
    return transaction._replace(inputs=tuple(inputs))


class _SharedHashes:
    """The parts of BIP143 and BIP341 digests that all inputs share: hashed once, for speed, once more for BIP143."""

    def __init__(self, transaction: Transaction, spends: list[Spend]):
        self._transaction, self._spends = transaction, spends
        self.prevouts = _sha256(b"".join(i.txid + struct.pack("<I", i.vout) for i in transaction.inputs))
        self.sequences = _sha256(b"".join(struct.pack("<I", i.sequence) for i in transaction.inputs))
        self.outputs = _sha256(b"".join(o.serialise() for o in transaction.outputs))

    @cached_property
    def bip143(self) -> tuple[bytes, bytes]:
        """What comes before and after the input's own part."""
        head = struct.pack("<i", self._transaction.version) + _sha256(self.prevouts) + _sha256(self.sequences)
        return head, _sha256(self.outputs) + struct.pack("<II", self._transaction.lock_time, SIGHASH_ALL)

    @cached_property
    def bip341(self) -> bytes:
        """The digest's part that is the same for all inputs."""
        values = _sha256(b"".join(struct.pack("<q", spend.value) for spend in self._spends))
        scripts = [spend.lock.script for spend in self._spends]
        scripts = _sha256(b"".join(compact_size(len(script)) + script for script in scripts))
        return self.prevouts + values + scripts + self.sequences + self.outputs


def _script_p2pkh(transaction: Transaction, index: int, spend: Spend) -> bytes:
    inputs = [i._replace(script=spend.lock.inner if n == index else b"") for n, i in enumerate(transaction.inputs)]
    preimage = transaction._replace(inputs=tuple(inputs)).serialise(witness=False) + struct.pack("<I", SIGHASH_ALL)
    signature = _ecdsa(spend.lock, double_sha256(preimage))
    return _push(signature) + _push(spend.lock.pubkeys[0])


def _script_p2sh_p2wpkh(transaction: Transaction, index: int, spend: Spend) -> bytes:
    return _push(b"\x00\x14" + spend.lock.inner[3:23])


_SCRIPTS = {"p2pkh": _script_p2pkh, "p2sh-p2wpkh": _script_p2sh_p2wpkh}


def _witness_p2wpkh(transaction, index, spend, shared) -> tuple[bytes, ...]:
    digest = _bip143(transaction, index, spend, shared)
    return _ecdsa(spend.lock, digest), spend.lock.pubkeys[0]


def _witness_p2wsh(transaction, index, spend, shared) -> tuple[bytes, ...]:
    digest = _bip143(transaction, index, spend, shared)
    # CHECKMULTISIG takes one item too many off the stack; BIP147 wants it empty.
    return b"", _ecdsa(spend.lock, digest, 0), _ecdsa(spend.lock, digest, 1), spend.lock.inner


def _witness_p2tr(transaction, index, spend, shared) -> tuple[bytes, ...]:
    head = struct.pack("<BBiI", 0, 0, transaction.version, transaction.lock_time)
    digest = tagged_hash("TapSighash", head + shared.bip341 + struct.pack("<BI", 0, index))
    return (spend.lock.keys[0].sign_schnorr(digest, None),)


_WITNESSES = {
    "p2wpkh": _witness_p2wpkh,
    "p2sh-p2wpkh": _witness_p2wpkh,
    "p2wsh": _witness_p2wsh,
    "p2tr": _witness_p2tr,
}


def _bip143(transaction: Transaction, index: int, spend: Spend, shared: _SharedHashes) -> bytes:
    txin = transaction.inputs[index]
    before, after = shared.bip143
    inner = spend.lock.inner
    own = txin.txid + struct.pack("<I", txin.vout) + compact_size(len(inner)) + inner
    return double_sha256(before + own + struct.pack("<qI", spend.value, txin.sequence) + after)


def _ecdsa(lock: Lock, digest: bytes, key: int = 0) -> bytes:
    return lock.keys[key].sign(digest, hasher=None) + bytes((SIGHASH_ALL,))


def _push(data: bytes) -> bytes:
    return bytes((len(data),)) + data


def _sha256(data: bytes) -> bytes:
    return hashlib.sha256(data).digest()
