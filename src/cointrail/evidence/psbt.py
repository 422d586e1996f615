"""Partially signed transactions (PSBT, BIP174) in words, and the faults that stop a seizure before anybody signs.

A PSBT is a transaction on its way round the table: one office plans it, each key holder reads and signs it, a last one
joins the signatures. Reading it is the moment to see a wrong destination, a coin that was left behind, an absurd fee or
a missing signature. Afterwards nobody can call it back.
"""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from typing import NamedTuple

import pandas as pd
from embit import ec
from embit.base import EmbitError
from embit.finalizer import parse_multisig
from embit.psbt import PSBT

from cointrail.errors import CointrailError
from cointrail.ledger.addresses import address_of

__all__ = [
    "PsbtFinding",
    "PsbtInput",
    "PsbtOutput",
    "PsbtReading",
    "parse_psbt",
    "psbt_faults",
    "psbt_table",
    "read_psbt",
]

# Virtual bytes of an input of each script type when it is signed: outpoint, sequence, and a quarter of the witness.
_INPUT_SIZES = {"p2pkh": 148, "p2sh": 91, "p2wpkh": 68, "p2wsh": 105, "p2tr": 58}


class PsbtInput(NamedTuple):
    """A coin that is spent: value in satoshi (None where the PSBT does not say it), signatures there and needed."""

    outpoint: str
    value: int | None
    address: str | None
    signatures: int
    needed: int


class PsbtOutput(NamedTuple):
    """What is paid to whom, in satoshi; `address` is None where the script has none."""

    address: str | None
    value: int


class PsbtFinding(NamedTuple):
    """Why the paper is not signed: the kind of fault, and a sentence."""

    kind: str
    sentence: str


@dataclass(frozen=True)
class PsbtReading:
    """A PSBT in words.

    Attributes
    ----------
    inputs : tuple of PsbtInput
    outputs : tuple of PsbtOutput
    fee : int or None
        Satoshi; None where the value of an input is not given.
    rate : float or None
        The fee in satoshi for one virtual byte, by the usual size of each input.
    """

    inputs: tuple[PsbtInput, ...]
    outputs: tuple[PsbtOutput, ...]
    fee: int | None
    rate: float | None

    @property
    def complete(self) -> bool:
        """Every input has the signatures that it needs."""
        return all(coin.signatures >= coin.needed for coin in self.inputs)


def parse_psbt(text: str) -> PSBT:
    """The PSBT as embit's object; what is no PSBT is refused."""
    try:
        psbt = PSBT.from_string("".join(text.split()))
        if not (psbt.inputs and psbt.outputs):
            raise ValueError("it has no input or no output")
        return psbt
    except (EmbitError, ValueError, IndexError, AttributeError, TypeError) as error:
        raise CointrailError(f"This text is no PSBT that can be read ({error}): copy all of it again.") from error


def read_psbt(text: str) -> PsbtReading:
    """Read a PSBT (Base64 or hex, version 0 or 2).

    Raises
    ------
    CointrailError
        The text is no PSBT, or it pays out more than it takes in.
    """
    psbt = parse_psbt(text)
    inputs = tuple(_input(scope) for scope in psbt.inputs)
    outputs = tuple(PsbtOutput(address_of(out.script_pubkey.data), out.value) for out in psbt.tx.vout)
    if any(coin.value is None for coin in inputs):
        return PsbtReading(inputs, outputs, None, None)
    fee = sum(coin.value for coin in inputs) - sum(out.value for out in outputs)
    if fee < 0:
        raise CointrailError(f"This PSBT pays out {-fee} satoshi more than it takes in: no node will accept it.")
    return PsbtReading(inputs, outputs, fee, round(fee / _size(psbt), 1))


def _input(scope):
    name = f"{scope.txid.hex()}:{scope.vout}"
    if scope.utxo is None:
        return PsbtInput(name, None, None, _signatures(scope), 1)
    needed = parse_multisig(scope.witness_script)[0] if scope.witness_script is not None else 1
    script = scope.utxo.script_pubkey.data
    return PsbtInput(name, scope.utxo.value, address_of(script), min(_signatures(scope), needed), needed)


def _signatures(scope):
    if scope.final_scriptwitness is not None and scope.final_scriptwitness.items:
        return 99
    return len(scope.partial_sigs) + len(scope.taproot_sigs)


def _size(psbt):
    """Virtual bytes once it is signed, near enough to judge a fee."""
    inputs = sum(_INPUT_SIZES.get(scope.utxo.script_pubkey.script_type(), 148) for scope in psbt.inputs)
    return 11 + inputs + sum(9 + len(out.script_pubkey.data) for out in psbt.tx.vout)


def psbt_table(reading: PsbtReading) -> pd.DataFrame:
    """A PSBT as a table: side, address, satoshi, note; the fee in the last row."""
    rows = [
        ["in", coin.address, coin.value, f"{coin.signatures} of {coin.needed} signatures"] for coin in reading.inputs
    ]
    rows += [["out", out.address, out.value, ""] for out in reading.outputs]
    rate = "value of an input not given" if reading.rate is None else f"{reading.rate} satoshi a virtual byte"
    rows.append(["fee", "", reading.fee, rate])
    return pd.DataFrame(rows, columns=["side", "address", "satoshi", "note"])


def psbt_faults(
    text: str,
    *,
    order_id: str | None,
    destination: str | Collection[str],
    coins: Mapping[str, int],
    order: str | None = None,
    highest_rate: float = 100,
    signed: bool = False,
) -> list[PsbtFinding]:
    """Everything that speaks against signing (or, with `signed`, against sending) this PSBT.

    Parameters
    ----------
    text : str
        The PSBT.
    order_id : str or None
        The number of the court's order that the draft quotes. Without one nothing is signed.
    destination : str or collection of str
        The agency's address, or addresses. Every output must go there: a seizure leaves no change behind.
    coins : mapping
        outpoint -> value in satoshi of every coin that the order covers, as the ledger shows them.
    order : str, optional
        The number of the order that lies on the table; the draft must quote this one.
    highest_rate : float
        Satoshi for one virtual byte above which the fee is called absurd.
    signed : bool
        Also report missing signatures.

    Returns
    -------
    list of PsbtFinding
        kind is "order", "destination", "missing input", "foreign input", "value" (another than the ledger shows),
        "fee" or "signature"; empty where nothing is found.
    """
    reading = read_psbt(text)
    mine = {destination} if isinstance(destination, str) else set(destination)
    findings = []
    if not (isinstance(order_id, str) and order_id.strip()):
        findings.append(PsbtFinding("order", "There is no order id: without an order nothing is moved or signed."))
    elif order is not None and order_id.strip() != order.strip():
        findings.append(PsbtFinding("order", f"The draft quotes {order_id!r}, the order on the table is {order}."))
    findings += _wrong_outputs(reading, mine)
    findings += _wrong_inputs(reading, dict(coins))
    if reading.rate is not None and reading.rate > highest_rate:
        findings.append(
            PsbtFinding("fee", f"The fee is {reading.fee} satoshi, {reading.rate} a virtual byte: over {highest_rate}.")
        )
    if signed:
        for number, coin in enumerate(reading.inputs, 1):
            if coin.signatures < coin.needed:
                findings.append(
                    PsbtFinding("signature", f"Input {number} has {coin.signatures} of {coin.needed} signatures.")
                )
    return findings


def _wrong_outputs(reading, mine):
    for number, out in enumerate(reading.outputs, 1):
        if out.address not in mine:
            yield PsbtFinding(
                "destination",
                f"Output {number} pays {out.value} satoshi to {out.address or 'no address'}, not to the agency.",
            )


def _wrong_inputs(reading, coins):
    taken = {coin.outpoint: coin.value for coin in reading.inputs}
    for name, value in coins.items():
        if name not in taken:
            yield PsbtFinding("missing input", f"The coin {name} ({value} satoshi) is under the order and left behind.")
    for name, value in taken.items():
        if name not in coins:
            yield PsbtFinding("foreign input", f"The coin {name} is not under the order: take it out.")
        elif value != coins[name]:
            shown = "no value" if value is None else f"{value} satoshi"
            yield PsbtFinding(
                "value", f"The PSBT gives {shown} for {name}; the ledger shows {coins[name]}: the fee is wrong."
            )


def sound_signatures(psbt: PSBT) -> dict[int, int]:
    """How many signatures of each input fit this very transaction (ECDSA; taproot is left to consensus code)."""
    counts = {}
    for number, scope in enumerate(psbt.inputs):
        counts[number] = sum(_fits(psbt, number, key, signature) for key, signature in scope.partial_sigs.items())
    return counts


def _fits(psbt, number, key, signature):
    try:
        return key.verify(ec.Signature.parse(signature[:-1]), psbt.sighash(number, sighash=signature[-1]))
    except (EmbitError, ValueError):
        return False
