"""Output and input scripts in the words of Bitcoin Core: type names and assembly text.

The type names are those of Core's ``getblock`` (and so of bitcoin-etl): ``pubkeyhash`` is P2PKH, ``scripthash`` P2SH,
``witness_v0_keyhash`` P2WPKH, ``witness_v0_scripthash`` P2WSH, ``witness_v1_taproot`` P2TR, ``nulldata`` OP_RETURN.
"""

from collections.abc import Iterator

__all__ = ["script_asm", "script_type", "witness_program"]

OP_RETURN = 0x6A
OP_CHECKMULTISIG = 0xAE

# Opcodes from 0x61 on, in order (Bitcoin Core's script.h).
_NAMES = (
    "NOP VER IF NOTIF VERIF VERNOTIF ELSE ENDIF VERIFY RETURN TOALTSTACK FROMALTSTACK 2DROP 2DUP 3DUP 2OVER 2ROT "
    "2SWAP IFDUP DEPTH DROP DUP NIP OVER PICK ROLL ROT SWAP TUCK CAT SUBSTR LEFT RIGHT SIZE INVERT AND OR XOR EQUAL "
    "EQUALVERIFY RESERVED1 RESERVED2 1ADD 1SUB 2MUL 2DIV NEGATE ABS NOT 0NOTEQUAL ADD SUB MUL DIV MOD LSHIFT RSHIFT "
    "BOOLAND BOOLOR NUMEQUAL NUMEQUALVERIFY NUMNOTEQUAL LESSTHAN GREATERTHAN LESSTHANOREQUAL GREATERTHANOREQUAL MIN "
    "MAX WITHIN RIPEMD160 SHA1 SHA256 HASH160 HASH256 CODESEPARATOR CHECKSIG CHECKSIGVERIFY CHECKMULTISIG "
    "CHECKMULTISIGVERIFY NOP1 CHECKLOCKTIMEVERIFY CHECKSEQUENCEVERIFY NOP4 NOP5 NOP6 NOP7 NOP8 NOP9 NOP10 CHECKSIGADD"
).split()
_OPCODES = {0x61 + i: f"OP_{name}" for i, name in enumerate(_NAMES)}
_OPCODES |= {0x00: "0", 0x4F: "-1", 0x50: "OP_RESERVED"} | {0x50 + n: str(n) for n in range(1, 17)}

_SIGHASH = {0x01: "ALL", 0x02: "NONE", 0x03: "SINGLE"}
_SIGHASH |= {flag | 0x80: f"{name}|ANYONECANPAY" for flag, name in _SIGHASH.items()}


def script_type(script: bytes) -> str:
    """Bitcoin Core's name for the type of an output script.

    >>> script_type(bytes.fromhex("0014" + "11" * 20))
    'witness_v0_keyhash'
    """
    if len(script) == 25 and script[:3] == b"\x76\xa9\x14" and script[23:] == b"\x88\xac":
        return "pubkeyhash"
    if len(script) == 23 and script[:2] == b"\xa9\x14" and script[22] == 0x87:
        return "scripthash"
    program = witness_program(script)
    if program:
        known = {(0, 20): "witness_v0_keyhash", (0, 32): "witness_v0_scripthash", (1, 32): "witness_v1_taproot"}
        return known.get((program[0], len(program[1])), "witness_unknown" if program[0] else "nonstandard")
    if script[:1] == bytes((OP_RETURN,)) and _only_pushes(script[1:]):
        return "nulldata"
    if len(script) in (35, 67) and script[0] == len(script) - 2 and script[-1] == 0xAC:
        return "pubkey"
    return "multisig" if _is_multisig(script) else "nonstandard"


def witness_program(script: bytes) -> tuple[int, bytes] | None:
    """Version and program of a segwit output script (BIP141), or None if it is no segwit output."""
    if not 4 <= len(script) <= 42 or script[1] != len(script) - 2:
        return None
    if script[0] == 0:
        return 0, script[2:]
    return (script[0] - 0x50, script[2:]) if 0x51 <= script[0] <= 0x60 else None


def _only_pushes(script: bytes) -> bool:
    return all(opcode <= 0x60 for opcode, _ in _operations(script))


def _is_multisig(script: bytes) -> bool:
    operations = list(_operations(script))
    if len(operations) < 4 or operations[-1] != (OP_CHECKMULTISIG, None):
        return False
    (first, _), keys, (last, _) = operations[0], operations[1:-2], operations[-2]
    counts = 0x51 <= first <= last <= 0x60 and len(keys) == last - 0x50
    return counts and all(data is not None and len(data) in (33, 65) for _, data in keys)


def script_asm(script: bytes, *, signatures: bool = False) -> str:
    """The script as Core's assembly text.

    Parameters
    ----------
    script : bytes
    signatures : bool
        Show the last byte of a DER signature as its sighash name, as Core does for input scripts.

    Examples
    --------
    >>> script_asm(bytes.fromhex("76a914" + "11" * 20 + "88ac"))
    'OP_DUP OP_HASH160 1111111111111111111111111111111111111111 OP_EQUALVERIFY OP_CHECKSIG'
    """
    return " ".join(_word(opcode, data, signatures) for opcode, data in _operations(script))


def _word(opcode: int, data: bytes | None, signatures: bool) -> str:
    if opcode < 0:
        return "[error]"
    if data is None:
        return _OPCODES.get(opcode, "OP_UNKNOWN")
    if len(data) <= 4:
        return str(_script_number(data))
    if signatures and data[0] == 0x30 and data[1] == len(data) - 3 and data[-1] in _SIGHASH:
        return f"{data[:-1].hex()}[{_SIGHASH[data[-1]]}]"
    return data.hex()


def _script_number(data: bytes) -> int:
    """Little-endian with the sign in the highest bit, as scripts count."""
    if not data:
        return 0
    magnitude = int.from_bytes(data[:-1] + bytes((data[-1] & 0x7F,)), "little")
    return -magnitude if data[-1] & 0x80 else magnitude


def _operations(script: bytes) -> Iterator[tuple[int, bytes | None]]:
    """Opcode and pushed data (None for other operations); opcode -1 where a push runs past the end."""
    position = 0
    while position < len(script):
        opcode = script[position]
        position += 1
        if not 0x01 <= opcode <= 0x4E:
            yield opcode, None
            continue
        length = opcode
        if opcode >= 0x4C:
            width = 1 << (opcode - 0x4C)
            length = int.from_bytes(script[position : position + width], "little")
            position += width
        if position + length > len(script):
            yield -1, None
            return
        yield opcode, script[position : position + length]
        position += length
