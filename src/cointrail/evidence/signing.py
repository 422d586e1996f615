"""Make, sign, combine and finish a PSBT (BIP174's roles), with keys from training phrases.

Training only: these keys sign on synthetic ledgers and nowhere else. A real seizure is signed on an agency's own
hardware, by people who have read `psbt_faults` first.
"""

from collections.abc import Iterable, Mapping

from embit import script as scripts
from embit.finalizer import finalize_psbt
from embit.psbt import PSBT, DerivationPath
from embit.transaction import Transaction, TransactionInput, TransactionOutput

from cointrail.errors import CointrailError
from cointrail.evidence.descriptors import read_descriptor, root_key
from cointrail.evidence.psbt import parse_psbt, read_psbt, sound_signatures
from cointrail.ledger.addresses import script_of

__all__ = ["combine_psbts", "finish_psbt", "make_psbt", "sign_psbt"]


def make_psbt(coins: Iterable[Mapping], payments: Mapping[str, int]) -> str:
    """An unsigned PSBT that spends coins; what the payments leave over is the fee.

    Parameters
    ----------
    coins : iterable of mapping
        Each with outpoint, value (satoshi), descriptor and index, as `wallet_coins` lists them.
    payments : mapping
        Address -> satoshi.

    Returns
    -------
    str
        Base64.

    Raises
    ------
    CointrailError
        There is no coin, a descriptor is wrong, an address is not valid, more is paid than there is, or a coin is of
        the oldest type (P2PKH), whose PSBT needs the whole earlier transaction.
    """
    coins, payments = [dict(coin) for coin in coins], dict(payments)
    if not coins:
        raise CointrailError("There is no coin to spend: list the unspent outputs first.")
    if (left := sum(coin["value"] for coin in coins) - sum(payments.values())) < 0:
        raise CointrailError(f"The payments are {-left} satoshi more than the coins hold: lower them; leave a fee.")
    inputs = [TransactionInput(*_outpoint(coin["outpoint"]), sequence=0xFFFFFFFD) for coin in coins]
    outputs = [TransactionOutput(int(value), scripts.Script(script_of(address))) for address, value in payments.items()]
    psbt = PSBT(Transaction(2, inputs, outputs))
    for scope, coin in zip(psbt.inputs, coins, strict=True):
        _describe(scope, coin)
    return psbt.to_base64()


def _outpoint(name):
    txid, colon, vout = str(name).partition(":")
    if not colon or len(txid) != 64 or not vout.isdigit():
        raise CointrailError(f"{name!r} is no outpoint: write txid:number.")
    return bytes.fromhex(txid), int(vout)


def _describe(scope, coin):
    """What a signer needs: the coin's value and script, and which keys at which path open it."""
    descriptor = read_descriptor(coin["descriptor"]).derive(int(coin["index"]))
    kind = descriptor.scriptpubkey_type()
    if kind == "p2pkh":
        raise CointrailError(f"{coin['outpoint']} is a P2PKH coin: its PSBT needs the whole earlier transaction.")
    scope.witness_utxo = TransactionOutput(int(coin["value"]), descriptor.script_pubkey())
    scope.redeem_script = descriptor.redeem_script()
    scope.witness_script = descriptor.witness_script() if descriptor.miniscript else None
    for key in descriptor.keys:
        way = DerivationPath(key.origin.fingerprint, list(key.origin.derivation))
        if kind == "p2tr":
            scope.taproot_internal_key = key.get_public_key()
            scope.taproot_bip32_derivations[key.get_public_key()] = ([], way)
        else:
            scope.bip32_derivations[key.get_public_key()] = way


def sign_psbt(text: str, phrase: str, *, passphrase: str = "") -> str:
    """The PSBT with every signature that a phrase's keys can add.

    Raises
    ------
    CointrailError
        The phrase is not valid, or none of its keys belongs to this PSBT.
    """
    psbt = parse_psbt(text)
    if not psbt.sign_with(root_key(phrase, passphrase=passphrase)):
        raise CointrailError("No key of this phrase belongs to this PSBT: it is another wallet, or another passphrase.")
    return psbt.to_base64()


def combine_psbts(texts: Iterable[str]) -> str:
    """One PSBT with the signatures of several copies.

    Raises
    ------
    CointrailError
        There is no copy, or the copies are not of the same transaction.
    """
    copies = [parse_psbt(text) for text in texts]
    if not copies:
        raise CointrailError("There is nothing to combine: give the copies that came back from the signers.")
    first, *others = copies
    for number, other in enumerate(others, 2):
        if other.tx.serialize() != first.tx.serialize():
            raise CointrailError(f"Copy {number} is of another transaction than copy 1: somebody changed it. Stop.")
        for mine, theirs in zip(first.inputs, other.inputs, strict=True):
            mine.update(theirs)
    return first.to_base64()


def finish_psbt(text: str) -> str:
    """The transaction itself, as hex, ready for a node.

    Raises
    ------
    CointrailError
        A signature is missing, or does not fit this transaction; the sentence names the input.
    """
    reading, psbt = read_psbt(text), parse_psbt(text)
    fitting = sound_signatures(psbt)
    for number, coin in enumerate(reading.inputs):
        if coin.signatures < coin.needed:
            there = f"{coin.signatures} of {coin.needed} signatures"
            raise CointrailError(f"Input {number + 1} has {there}: let the next key holder sign.")
        scope = psbt.inputs[number]
        if scope.partial_sigs and fitting[number] < len(scope.partial_sigs):
            raise CointrailError(f"A signature of input {number + 1} does not fit this transaction: sign it again.")
    done = finalize_psbt(psbt)
    if done is None:
        raise CointrailError("The signatures are there, but no witness can be made of them: the scripts are unusual.")
    return done.serialize().hex()
