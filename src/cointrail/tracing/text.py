"""Addresses in free text: what the checksum proves, and what it does not.

An address carries a checksum, so that a text can prove that it was copied whole. Text is taken as it stands: an address
that was broken over two lines is not put together. No address here says who holds it.
"""

import re
from typing import NamedTuple

from embit import base58, bech32

from cointrail.errors import CointrailError
from cointrail.ledger import parse_address

__all__ = ["FoundAddress", "find_addresses"]

# Letters of other alphabets end a word here: Thai or Lao text often stands against an address without a blank.
_WORD = re.compile(r"(?<![A-Za-z0-9])[A-Za-z0-9]{14,}(?![A-Za-z0-9])")
_ACCOUNT = re.compile(r"0x[0-9a-fA-F]{40}")
BITCOIN_BECH32 = ("bcrt1", "bc1", "tb1")
BASE58_LENGTHS = range(26, 36)
LONGEST = 90
PREFIX = "bcrt1"


class FoundAddress(NamedTuple):
    """A word of a text that is an address, or looks like one.

    Attributes
    ----------
    start : int
        Where it begins, counted in characters from 0.
    text : str
        As it is written.
    status : str
        "valid", "other network" (checksum right, but no regtest address: not accepted) or "not valid".
    address : str or None
        The address in its usual form; None unless it is valid.
    type : str or None
        Core's name of its script type; None unless it is valid.
    reason : str
        Why it was not accepted, as a sentence; empty where it is valid.
    """

    start: int
    text: str
    status: str
    address: str | None
    type: str | None
    reason: str


def find_addresses(text: str) -> list[FoundAddress]:
    """Every address of a text, each with the verdict of its checksum; nothing that looks like one is left out.

    Base58 addresses of regtest (m..., n..., 2...) are the test network's too; the text cannot tell which was meant.

    Parameters
    ----------
    text : str
        Any text: a note, a chat, a file. Words shorter than 14 characters are no addresses.

    Returns
    -------
    list of FoundAddress
        In the order of the text, doubles kept.

    Examples
    --------
    >>> note = "pay bcrt1qzyg3zyg3zyg3zyg3zyg3zyg3zyg3zyg3lgth6c, not bcrt1qzyg3zyg3zyg3zyg3zyg3zyg3zyg3zyg3lgth6d"
    >>> [(found.start, found.status) for found in find_addresses(note)]
    [(4, 'valid'), (54, 'not valid')]
    """
    need_text(text)
    judged = (_judge(word.start(), word.group()) for word in _WORD.finditer(text))
    return [found for found in judged if found]


def _judge(start: int, word: str) -> FoundAddress | None:
    # A file in Base64 is one long word, and reading it as Base58 takes time that grows with its square.
    if len(word) > LONGEST and not _looks_like_one(word):
        return None
    network = _other_network(word)
    if network:
        reason = f"{word} is {network}: this course works only on synthetic regtest addresses."
        return FoundAddress(start, word, "other network", None, None, reason)
    try:
        parsed = parse_address(word)
    except CointrailError as error:
        return FoundAddress(start, word, "not valid", None, None, str(error)) if _looks_like_one(word) else None
    address = word.lower() if word.lower().startswith(PREFIX) else word
    return FoundAddress(start, word, "valid", address, parsed.type, "")


def _other_network(word: str) -> str | None:
    """What else the word provably is; for account chains the form is all there is to see."""
    if _ACCOUNT.fullmatch(word):
        return "an address of an account chain (its checksum is not checked here)"
    hrp = bech32.bech32_decode(word)[1]
    if hrp and hrp != "bcrt":
        names = {"bc": "an address of the real Bitcoin network", "tb": "an address of Bitcoin's public test network"}
        return names.get(hrp, f"a Bech32 text of another network or use (it starts with {hrp}1)")
    version = _base58_version(word)
    if version in (0x00, 0x05):
        return "an address of the real Bitcoin network"
    if version in (None, 0x6F, 0xC4):
        return None
    return f"a Base58 address of another network (version byte {version})"


def _base58_version(word: str) -> int | None:
    if len(word) not in BASE58_LENGTHS:
        return None
    try:
        payload = base58.decode_check(word)
    except ValueError:
        return None
    return payload[0] if len(payload) == 21 else None


def _looks_like_one(word: str) -> bool:
    """Is a word with a wrong checksum worth a report? Prose, hex and handles are not."""
    if word.lower().startswith(BITCOIN_BECH32):
        return True
    kinds = (str.isdigit, str.islower, str.isupper)
    mixed = all(any(kind(letter) for letter in word) for kind in kinds)
    return mixed and word[0] in "mn213" and len(word) in range(25, 37)


def need_text(text):
    """Refuse what is no text, with a sentence."""
    if not isinstance(text, str):
        raise CointrailError(f"A text is needed, not {type(text).__name__}: read the file or the exhibit first.")
