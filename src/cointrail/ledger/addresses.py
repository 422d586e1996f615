"""Addresses of the course's ledgers: regtest only, coded by embit, refused in clear words when they are anything else.

Bech32 addresses that start with ``bcrt1`` exist on regtest only. The Base58 forms of regtest (m..., n..., 2...) are
testnet's too; neither can receive real money. An address of the real Bitcoin network is always refused.
"""

from typing import NamedTuple

from embit import base58, bech32

from cointrail.errors import CointrailError
from cointrail.ledger.scripts import script_type, witness_program

__all__ = ["Address", "address_of", "parse_address", "script_of"]

HRP = "bcrt"
P2PKH_VERSION = 0x6F
P2SH_VERSION = 0xC4

_OTHER_HRP = {"bc": "the real Bitcoin network", "tb": "Bitcoin's public test network"}
_MAINNET_VERSIONS = {0x00, 0x05}


class Address(NamedTuple):
    """A parsed address: its network, Core's name of its script type, and the script it stands for."""

    network: str
    type: str
    script: bytes


def address_of(script: bytes) -> str | None:
    """The regtest address of an output script, or None where the script has no address (OP_RETURN, bare multisig).

    >>> address_of(bytes.fromhex("0014" + "11" * 20))
    'bcrt1qzyg3zyg3zyg3zyg3zyg3zyg3zyg3zyg3lgth6c'
    """
    kind = script_type(script)
    if kind == "pubkeyhash":
        return base58.encode_check(bytes((P2PKH_VERSION,)) + script[3:23])
    if kind == "scripthash":
        return base58.encode_check(bytes((P2SH_VERSION,)) + script[2:22])
    program = witness_program(script)
    return _bech32(*program) if program and kind != "nonstandard" else None


def _bech32(version: int, program: bytes) -> str:
    # Version 0 is Bech32 (BIP173), all later ones Bech32m (BIP350).
    encoding = bech32.Encoding.BECH32M if version else bech32.Encoding.BECH32
    return bech32.bech32_encode(encoding, HRP, [version, *bech32.convertbits(program, 8, 5)])


def script_of(address: str) -> bytes:
    """The output script of a regtest address; the same errors as `parse_address`."""
    return parse_address(address).script


def parse_address(text: str) -> Address:
    """Read an address and check it.

    Parameters
    ----------
    text : str
        Bech32 or Base58Check text; blanks around it are ignored.

    Raises
    ------
    CointrailError
        Wrong characters or checksum, or an address of another network.

    Examples
    --------
    >>> parse_address("bcrt1qzyg3zyg3zyg3zyg3zyg3zyg3zyg3zyg3lgth6c").type
    'witness_v0_keyhash'
    """
    text = text.strip()
    hrp = text.lower().rpartition("1")[0]
    script = _segwit_script(text, hrp) if hrp in {HRP, *_OTHER_HRP} else _base58_script(text)
    return Address("regtest", script_type(script), script)


def _segwit_script(text: str, hrp: str) -> bytes:
    if text not in (text.lower(), text.upper()):
        raise CointrailError(f"{text!r} mixes capital and small letters: a Bech32 address uses only one of them.")
    if hrp != HRP:
        raise _other_network(text, _OTHER_HRP[hrp])
    version, program = bech32.decode(HRP, text.lower())
    if version is None:
        raise CointrailError(f"{text!r} is no valid address: its checksum or a character is wrong; copy it again.")
    return bytes((version + 0x50 if version else 0, len(program))) + bytes(program)


def _base58_script(text: str) -> bytes:
    try:
        payload = base58.decode_check(text)
    except ValueError as error:
        raise _no_address(text) from error
    if len(payload) != 21:
        raise _no_address(text)
    version, digest = payload[0], payload[1:]
    if version in _MAINNET_VERSIONS:
        raise _other_network(text, _OTHER_HRP["bc"])
    if version == P2PKH_VERSION:
        return b"\x76\xa9\x14" + digest + b"\x88\xac"
    if version == P2SH_VERSION:
        return b"\xa9\x14" + digest + b"\x87"
    raise CointrailError(f"{text!r} is no Bitcoin address: its version byte is {version}; copy it again.")


def _no_address(text: str) -> CointrailError:
    return CointrailError(f"{text!r} is no valid address: its checksum, length or a character is wrong; copy it again.")


def _other_network(text: str, network: str) -> CointrailError:
    return CointrailError(
        f"{text!r} is an address of {network}: this course works only on synthetic addresses, which start with bcrt1."
    )
