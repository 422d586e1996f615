"""The contracts of the chain: compiled bytecode, and calls as bytes.

Sources lie in ``contracts/``; ``contracts/compiled.json`` is what Solidity's compiler makes of them with `SETTINGS`.
A test compiles them again and compares.
"""

import json
from functools import cache
from importlib.resources import files

from cointrail.world.evm.hashing import keccak

__all__ = ["SETTINGS", "call", "compiler_input", "creation_code", "event", "forwarder_address", "short_text", "word"]

# No metadata hash at the end of the code, so that a comment does not change the bytes.
SETTINGS = {
    "optimizer": {"enabled": True, "runs": 200},
    "evmVersion": "paris",
    "metadata": {"appendCBOR": False, "bytecodeHash": "none"},
    "outputSelection": {"*": {"*": ["evm.bytecode.object"]}},
}

Argument = int | bytes | str | list


def compiler_input() -> dict:
    """Sources and settings as the compiler's standard JSON input."""
    sources = sorted(path.name for path in _folder().iterdir() if path.name.endswith(".sol"))
    texts = {name: {"content": _folder().joinpath(name).read_text(encoding="utf-8")} for name in sources}
    return {"language": "Solidity", "sources": texts, "settings": SETTINGS}


def creation_code(name: str, *arguments: Argument) -> bytes:
    """What a transaction without receiver carries to make a contract: its code, then the constructor's arguments."""
    return _compiled()[name] + _encode(arguments)


def call(signature: str, *arguments: Argument) -> bytes:
    """The data of a call.

    Addresses and 32-byte words are bytes, text is str, lists hold whole numbers or addresses.

    Examples
    --------
    >>> call("transfer(address,uint256)", bytes(20), 5).hex()[:8]
    'a9059cbb'
    """
    return _selector(signature) + _encode(arguments)


@cache
def _selector(signature: str) -> bytes:
    return keccak(signature.encode())[:4]


@cache
def event(signature: str) -> str:
    """The first topic of a log, as text: the hash of the event's signature."""
    return "0x" + keccak(signature.encode()).hex()


def forwarder_address(office: bytes, vault: bytes, customer: int) -> bytes:
    """Where an office puts the forwarder of a customer (EIP-1014): known before the contract is there."""
    code = keccak(creation_code("Forwarder", vault))
    return keccak(b"\xff" + office + word(customer) + code)[12:]


def word(value: int | bytes) -> bytes:
    """A number or an address as the 32 bytes of a call; 32 bytes stay as they are."""
    return value.to_bytes(32, "big") if isinstance(value, int) else value.rjust(32, b"\0")


def short_text(value: int) -> str:
    """A text of at most 31 characters as Solidity keeps it in one storage slot."""
    return value.to_bytes(32, "big")[: (value & 0xFF) // 2].decode()


def _encode(arguments: tuple) -> bytes:
    """The ABI of contracts: one word for each argument; texts and lists lie behind, at the offset the word gives."""
    heads, tails = [], b""
    for argument in arguments:
        if isinstance(argument, str | list):
            heads.append(word(32 * len(arguments) + len(tails)))
            tails += _dynamic(argument)
        else:
            heads.append(word(argument))
    return b"".join(heads) + tails


def _dynamic(argument: str | list) -> bytes:
    if isinstance(argument, list):
        return word(len(argument)) + b"".join(map(word, argument))
    text = argument.encode()
    return word(len(text)) + text.ljust(-(-len(text) // 32) * 32, b"\0")


def _folder():
    return files(__package__).joinpath("contracts")


@cache
def _compiled() -> dict[str, bytes]:
    compiled = json.loads(_folder().joinpath("compiled.json").read_bytes())
    return {name: bytes.fromhex(code) for name, code in compiled["bytecode"].items()}
