"""Seed phrases as evidence: is it one, which slip of the pen was made, and what it cannot tell.

A BIP39 phrase has 12 to 24 words of a list of 2,048; the last word carries a checksum of 4 to 8 bits. One random phrase
of 12 words in 16 passes it, so "valid" means "a wallet can be made of it", not "this wallet was ever used": only the
ledger tells that. A passphrase that is added to a phrase always gives a valid, other wallet; so a phrase without
history does not show that its owner had none.

Training only: never import, never fund. The same phrase makes wallets on every chain.
"""

from dataclasses import dataclass

from embit import bip39

from cointrail.errors import CointrailError

__all__ = ["PhraseReading", "check_phrase", "read_phrase", "repair_phrase"]

LENGTHS = (12, 15, 18, 21, 24)
_WORDS = frozenset(bip39.WORDLIST)


@dataclass(frozen=True)
class PhraseReading:
    """What can be said of a text that may be a phrase.

    Attributes
    ----------
    words : tuple of str
    unknown : tuple of int
        The places, counted from 1, of words that are not on the list.
    valid : bool
        All words are on the list and the checksum fits.
    sentence : str
    """

    words: tuple[str, ...]
    unknown: tuple[int, ...]
    valid: bool
    sentence: str


def read_phrase(text: str) -> PhraseReading:
    """Read a text as a BIP39 phrase (English list) and say what is right or wrong with it.

    Parameters
    ----------
    text : str
        Words apart by blanks; numbers before words ("1. above") and capital letters do not matter.

    Examples
    --------
    >>> read_phrase("abandon " * 11 + "about").valid
    True
    >>> read_phrase("abandom " + "abandon " * 10 + "about").sentence
    'Word 1 (abandom) is not on the list of BIP39.'
    """
    words = tuple(word.lower().strip(".,;") for word in text.split() if word.strip(".,;)0123456789"))
    unknown = tuple(place for place, word in enumerate(words, 1) if word not in _WORDS)
    if len(words) not in LENGTHS:
        sentence = f"{len(words)} words: a phrase has 12, 15, 18, 21 or 24."
    elif unknown:
        sentence = f"Word {unknown[0]} ({words[unknown[0] - 1]}) is not on the list of BIP39."
    elif not bip39.mnemonic_is_valid(" ".join(words)):
        sentence = "All words are on the list, but the checksum does not fit: a word is wrong or out of its place."
    else:
        return PhraseReading(words, (), True, "A valid phrase: only the ledger tells whether it was ever used.")
    return PhraseReading(words, unknown, False, sentence)


def check_phrase(text: str) -> str:
    """The phrase as one line of small words; what is no valid phrase is refused with the sentence of `read_phrase`."""
    reading = read_phrase(text)
    if not reading.valid:
        raise CointrailError(reading.sentence)
    return " ".join(reading.words)


def repair_phrase(text: str) -> list[str]:
    """Every valid phrase that differs from the text in one slip of the pen: one letter wrong, missing or too many.

    Parameters
    ----------
    text : str
        A phrase with exactly one word that is not on the list, or with all words on it and a wrong checksum.

    Returns
    -------
    list of str
        In alphabetical order; several may pass the checksum, and then only the ledger can tell.

    Raises
    ------
    CointrailError
        The text is valid already, has another number of words, or more than one word is unknown.

    Examples
    --------
    >>> repair_phrase("abandom " + "abandon " * 10 + "about") == ["abandon " * 11 + "about"]
    True
    """
    reading = read_phrase(text)
    if reading.valid:
        raise CointrailError("This phrase is valid as it stands: there is nothing to repair.")
    if len(reading.words) not in LENGTHS or len(reading.unknown) > 1:
        raise CointrailError(f"{reading.sentence} Only one wrong word can be repaired: read the paper again.")
    places = [reading.unknown[0] - 1] if reading.unknown else range(len(reading.words))
    found = set()
    for place in places:
        for word in _WORDS:
            if word != reading.words[place] and _one_slip(word, reading.words[place]):
                phrase = " ".join((*reading.words[:place], word, *reading.words[place + 1 :]))
                if bip39.mnemonic_is_valid(phrase):
                    found.add(phrase)
    return sorted(found)


def _one_slip(one, other):
    """One letter replaced, left out or added."""
    if abs(len(one) - len(other)) > 1:
        return False
    short, long = sorted((one, other), key=len)
    same = 0
    while same < len(short) and short[same] == long[same]:
        same += 1
    return short[same + (len(short) == len(long)) :] == long[same + 1 :]
