"""Mistyped addresses and addresses that look like others: one slip away, or the same at both ends.

What is found here may have been meant, or may have been planted. It is a lead to be looked for elsewhere.
"""

from collections.abc import Iterable, Iterator

from embit import base58, bech32

from cointrail.errors import CointrailError
from cointrail.ledger import parse_address
from cointrail.tracing.text import BASE58_LENGTHS, BITCOIN_BECH32, LONGEST, PREFIX, need_text

__all__ = ["look_alikes", "repair_candidates"]

# The characters of Bech32, and those of the prefix that Bech32 lacks.
_BECH32_LETTERS = bech32.CHARSET + "b1"


def repair_candidates(text: str) -> list[str]:
    """The valid regtest addresses one slip away from a mistyped one.

    A slip is one character wrong, missing or too many, two neighbours exchanged, or Bech32's capital letters mixed
    with small ones. A candidate is a lead: it says what may have been meant, not what was. Look for it in the ledger
    and in other exhibits before you use it. (BIP173 warns against correcting an address by itself.)

    Parameters
    ----------
    text : str
        One word. Blanks around it are ignored.

    Returns
    -------
    list of str
        Sorted. The address itself, alone, where it is valid; empty where more than one slip was made.

    Raises
    ------
    CointrailError
        The text is empty, or holds blanks inside.

    Examples
    --------
    >>> repair_candidates("bcrt1qzyg3zyg3zyg3zyg3zyg3zyg3zyg3zyg3lgth6d")
    ['bcrt1qzyg3zyg3zyg3zyg3zyg3zyg3zyg3zyg3lgth6c']
    """
    need_text(text)
    word = text.strip()
    if not word or len(word.split()) > 1:
        raise CointrailError(f"{text!r} is not one word: give one address at a time, without blanks inside.")
    if _is_valid(word):
        return [word.lower() if word.lower().startswith(PREFIX) else word]
    small = word.lower()
    tries = {small, *_edits(small, _BECH32_LETTERS)} if len(word) <= LONGEST + 1 else set()
    tries = {word for word in tries if word.startswith(PREFIX)}
    if len(word) <= BASE58_LENGTHS.stop:
        tries |= {word for word in _edits(word, base58.B58_DIGITS) if len(word) in BASE58_LENGTHS}
    return sorted(word for word in tries if _is_valid(word))


def _is_valid(word: str) -> bool:
    if len(word) > LONGEST:
        return False
    try:
        parse_address(word)
    except CointrailError:
        return False
    return True


def _edits(word: str, letters: str) -> Iterator[str]:
    """All texts one substitution, insertion, deletion or exchange of neighbours away; the word itself among them."""
    for place in range(len(word) + 1):
        before, after = word[:place], word[place:]
        yield before + after[1:]
        yield before + after[1:2] + after[:1] + after[2:]
        for letter in letters:
            yield before + letter + after
            yield before + letter + after[1:]


def look_alikes(address: str, others: Iterable[str], *, first: int = 4, last: int = 4) -> list[str]:
    """Which other addresses a hurried eye takes for this one: same first and last characters, another middle.

    Compared is what follows the part that all addresses of a kind share (``bcrt1q``, ``bcrt1p``, ``0x``, the first
    letter of Base58). A look-alike may be an accident when `first` and `last` are small: with 4 and 4 characters of
    Bech32 about one pair in a million million agrees by chance.

    Parameters
    ----------
    address : str
    others : iterable of str
        As found in texts or in a ledger; the address itself, however written, is no look-alike, and neither is a
        missing value, as a column of a table may hold.
    first, last : int
        How many characters must agree at each end.

    Returns
    -------
    list of str
        Sorted, each once.

    Raises
    ------
    CointrailError
        `first` or `last` is negative, or both are 0.

    Examples
    --------
    >>> real = "bcrt1qzyg3zyg3zyg3zyg3zyg3zyg3zyg3zyg3lgth6c"
    >>> look_alikes(real, [real, real.upper(), real.replace("zyg3zyg3", "zyg3qqqq", 1)], first=2)
    ['bcrt1qzyg3qqqqzyg3zyg3zyg3zyg3zyg3zyg3lgth6c']
    """
    if min(first, last) < 0 or first + last == 0:
        raise CointrailError(f"first={first} and last={last}: give how many characters must agree, at least one.")
    kind, body = _kind_and_body(address)
    found = set()
    for other in filter(_is_text, others):
        other_kind, other_body = _kind_and_body(other)
        ends = other_body[:first] == body[:first] and other_body[len(other_body) - last :] == body[len(body) - last :]
        if ends and other_kind == kind and other_body != body:
            found.add(other.strip())
    return sorted(found)


def _is_text(word) -> bool:
    return isinstance(word, str)


def _kind_and_body(address: str) -> tuple[str, str]:
    """The shared beginning and the rest, in small letters where capitals mean nothing."""
    word = address.strip()
    small = word.lower().removeprefix("syn:")
    if small.startswith("0x"):
        return "0x", small[2:]
    if small.startswith(BITCOIN_BECH32):
        end = small.index("1") + 2
        return small[:end], small[end:]
    return word[:1], word[1:]
