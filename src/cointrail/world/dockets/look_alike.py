"""A valid address that looks like another: same first and last characters, another middle, and a right checksum.

Bech32's checksum is linear: flipping a bit of the program flips always the same bits of the checksum. So the bits that
give the wanted last characters follow from a system of equations, and nothing has to be searched. Nobody has its key.
"""

from embit.bech32 import CHARSET, Encoding, bech32_create_checksum

from cointrail.errors import CointrailError
from cointrail.world.streams import Stream

__all__ = ["look_alike"]

HRP, CHECKSUM = "bcrt", 6
# Symbols of five bits in the middle of the program that may be bent to fit: more bits than equations.
BENT = range(12, 20)


def look_alike(address: str, stream: Stream, *, first: int = 4, last: int = 4) -> str:
    """Another witness address with the same first and last characters.

    Parameters
    ----------
    address : str
        ``bcrt1q...`` of a key (42 characters or more after the prefix's 1).
    stream : Stream
        Chooses the middle.
    first, last : int
        How many characters after ``bcrt1q`` and at the end agree; `last` at most 6.

    Raises
    ------
    CointrailError
        The address is no Bech32 address of a key, or more is asked than the middle can bend to.

    Examples
    --------
    >>> address = "bcrt1qzyg3zyg3zyg3zyg3zyg3zyg3zyg3zyg3lgth6c"
    >>> other = look_alike(address, Stream(bytes(16), "example"))
    >>> other != address, other[:10] == address[:10], other[-4:] == address[-4:]
    (True, True, True)
    """
    if not address.startswith("bcrt1q") or len(address) != 44 or first > 8 or not 0 < last <= CHECKSUM:
        raise CointrailError(f"{address!r} is no address of a key with Bech32: there is no look-alike of it.")
    symbols = [CHARSET.index(letter) for letter in address[len(HRP) + 1 :]]
    program = symbols[:-CHECKSUM]
    kept = 1 + first
    program[kept:] = [stream.below(32) for _ in program[kept:]]
    wanted = _number(symbols[-last:]) ^ _tail(program, last)
    bent = _bend(program, wanted, last)
    return f"{HRP}1" + "".join(CHARSET[symbol] for symbol in bent + bech32_create_checksum(Encoding.BECH32, HRP, bent))


def _number(symbols: list[int]) -> int:
    number = 0
    for symbol in symbols:
        number = number << 5 | symbol
    return number


def _tail(program: list[int], last: int) -> int:
    return _number(bech32_create_checksum(Encoding.BECH32, HRP, program)[-last:])


def _bend(program: list[int], wanted: int, last: int) -> list[int]:
    """Flip bits of the middle so that the checksum's tail changes by `wanted` (Gauss over two elements)."""
    now, rows = _tail(program, last), {}
    for place in BENT:
        for bit in range(5):
            changed, used = _flip(program, {(place, bit)}), {(place, bit)}
            effect = _tail(changed, last) ^ now
            for pivot, (row, flips) in sorted(rows.items(), reverse=True):
                if effect >> pivot & 1:
                    effect, used = effect ^ row, used ^ flips
            if effect:
                rows[effect.bit_length() - 1] = (effect, used)
    flips: set = set()
    for pivot, (row, used) in sorted(rows.items(), reverse=True):
        if wanted >> pivot & 1:
            wanted, flips = wanted ^ row, flips ^ used
    if wanted:
        raise CointrailError(f"The last {last} characters cannot be made: the middle has too few bits.")
    return _flip(program, flips)


def _flip(program: list[int], flips: set[tuple[int, int]]) -> list[int]:
    changed = list(program)
    for place, bit in flips:
        changed[place] ^= 1 << bit
    return changed
