"""Addresses, txids and outpoints in free text: what the checksum proves, what it does not, and near misses.

An address carries a checksum, so that a text can prove that it was copied whole. A txid carries none: only a ledger
that holds it speaks for it. Text is taken as it stands: an address that was broken over two lines is not put together.
No address here says who holds it.
"""

import re
from collections.abc import Iterable, Iterator
from typing import NamedTuple

from embit import base58, bech32

from cointrail.errors import CointrailError
from cointrail.ledger import Ledger, parse_address

__all__ = [
    "FoundAddress",
    "FoundHash",
    "find_addresses",
    "find_outpoints",
    "find_txids",
    "look_alikes",
    "repair_candidates",
]

# Letters of other alphabets end a word here: Thai or Lao text often stands against an address without a blank.
_WORD = re.compile(r"(?<![A-Za-z0-9])[A-Za-z0-9]{14,}(?![A-Za-z0-9])")
_TXID = re.compile(r"(?<![A-Za-z0-9])([0-9a-fA-F]{64})(?![A-Za-z0-9])")
_OUTPOINT = re.compile(r"(?<![A-Za-z0-9])([0-9a-fA-F]{64}):([0-9]{1,10})(?![A-Za-z0-9])")
_ACCOUNT = re.compile(r"0x[0-9a-fA-F]{40}")
_BITCOIN_BECH32 = ("bcrt1", "bc1", "tb1")
_BASE58_LENGTHS = range(26, 36)
_LONGEST = 90
_PREFIX = "bcrt1"
# The characters of Bech32, and those of the prefix that Bech32 lacks.
_BECH32_LETTERS = bech32.CHARSET + "b1"


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


class FoundHash(NamedTuple):
    """A txid or an outpoint ("txid:vout") of a text, in small letters, and what a ledger says about it.

    `status` is "not looked up", "in the ledger", "not in the ledger", "no such output", "bytes reversed" (the ledger
    holds the txid read byte by byte from its end, as raw transactions write it) or "block hash".
    """

    start: int
    text: str
    status: str


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
    _need_text(text)
    judged = (_judge(word.start(), word.group()) for word in _WORD.finditer(text))
    return [found for found in judged if found]


def _judge(start: int, word: str) -> FoundAddress | None:
    # A file in Base64 is one long word, and reading it as Base58 takes time that grows with its square.
    if len(word) > _LONGEST and not _looks_like_one(word):
        return None
    network = _other_network(word)
    if network:
        reason = f"{word} is {network}: this course works only on synthetic regtest addresses."
        return FoundAddress(start, word, "other network", None, None, reason)
    try:
        parsed = parse_address(word)
    except CointrailError as error:
        return FoundAddress(start, word, "not valid", None, None, str(error)) if _looks_like_one(word) else None
    address = word.lower() if word.lower().startswith(_PREFIX) else word
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
    if len(word) not in _BASE58_LENGTHS:
        return None
    try:
        payload = base58.decode_check(word)
    except ValueError:
        return None
    return payload[0] if len(payload) == 21 else None


def _looks_like_one(word: str) -> bool:
    """Is a word with a wrong checksum worth a report? Prose, hex and handles are not."""
    if word.lower().startswith(_BITCOIN_BECH32):
        return True
    kinds = (str.isdigit, str.islower, str.isupper)
    mixed = all(any(kind(letter) for letter in word) for kind in kinds)
    return mixed and word[0] in "mn213" and len(word) in range(25, 37)


def find_txids(text: str, *, ledger: Ledger | None = None) -> list[FoundHash]:
    """Every word of 64 hex digits, in the order of the text; those of outpoints too.

    A txid has no checksum: one wrong digit is another txid, and the SHA-256 of a file looks the same. With a ledger
    each is looked up.

    Examples
    --------
    >>> find_txids("sent: " + "AB" * 32)[0].status
    'not looked up'
    """
    _need_text(text)
    hashes = [(match.start(), match[1].lower()) for match in _TXID.finditer(text)]
    if ledger is None:
        return [FoundHash(start, txid, "not looked up") for start, txid in hashes]
    known, blocks = set(ledger.transactions["hash"]), set(ledger.blocks["hash"])
    return [FoundHash(start, txid, _txid_status(txid, known, blocks)) for start, txid in hashes]


def _txid_status(txid, known, blocks):
    if txid in known:
        return "in the ledger"
    if txid in blocks:
        return "block hash"
    return "bytes reversed" if bytes.fromhex(txid)[::-1].hex() in known else "not in the ledger"


def find_outpoints(text: str, *, ledger: Ledger | None = None) -> list[FoundHash]:
    """Every "txid:vout" of a text, in its order; with a ledger each is looked up.

    Examples
    --------
    >>> find_outpoints("the coin " + "ab" * 32 + ":1.")[0].text[-4:]
    'ab:1'
    """
    _need_text(text)
    found = [(match.start(), match[1].lower(), int(match[2])) for match in _OUTPOINT.finditer(text)]
    counts = None if ledger is None else ledger.transactions.set_index("hash")["output_count"].to_dict()
    return [
        FoundHash(start, f"{txid}:{vout}", _outpoint_status(txid, vout, counts))
        for start, txid, vout in found
        if vout <= 0xFFFFFFFF
    ]


def _outpoint_status(txid, vout, counts):
    if counts is None:
        return "not looked up"
    if txid not in counts:
        return "not in the ledger"
    return "in the ledger" if vout < counts[txid] else "no such output"


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
    _need_text(text)
    word = text.strip()
    if not word or len(word.split()) > 1:
        raise CointrailError(f"{text!r} is not one word: give one address at a time, without blanks inside.")
    if _is_valid(word):
        return [word.lower() if word.lower().startswith(_PREFIX) else word]
    small = word.lower()
    tries = {small, *_edits(small, _BECH32_LETTERS)} if len(word) <= _LONGEST + 1 else set()
    tries = {word for word in tries if word.startswith(_PREFIX)}
    if len(word) <= _BASE58_LENGTHS.stop:
        tries |= {word for word in _edits(word, base58.B58_DIGITS) if len(word) in _BASE58_LENGTHS}
    return sorted(word for word in tries if _is_valid(word))


def _is_valid(word: str) -> bool:
    if len(word) > _LONGEST:
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
        As found in texts or in a ledger; the address itself, however written, is no look-alike.
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
    for other in others:
        other_kind, other_body = _kind_and_body(other)
        ends = other_body[:first] == body[:first] and other_body[len(other_body) - last :] == body[len(body) - last :]
        if ends and other_kind == kind and other_body != body:
            found.add(other.strip())
    return sorted(found)


def _kind_and_body(address: str) -> tuple[str, str]:
    """The shared beginning and the rest, in small letters where capitals mean nothing."""
    word = address.strip()
    small = word.lower().removeprefix("syn:")
    if small.startswith("0x"):
        return "0x", small[2:]
    if small.startswith(_BITCOIN_BECH32):
        end = small.index("1") + 2
        return small[:end], small[end:]
    return word[:1], word[1:]


def _need_text(text):
    if not isinstance(text, str):
        raise CointrailError(f"A text is needed, not {type(text).__name__}: read the file or the exhibit first.")
