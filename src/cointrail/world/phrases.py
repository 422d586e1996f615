"""Recovery phrases of a world: twelve words from which all keys of a wallet follow, as real wallets do it.

The words come from the world's seed (BIP39), the keys from the words (BIP32), on the path that the script type asks for
(BIP44, 49, 84, 86; coin type 1', a test network). Whoever has the words has the wallet; whoever has them without the
passphrase has another wallet, empty and just as valid. Training only: never import, never fund.
"""

from dataclasses import dataclass
from functools import cached_property

from embit import bip32, bip39
from embit.networks import NETWORKS

from cointrail.errors import CointrailError
from cointrail.world.streams import Stream

__all__ = ["PATHS", "Phrase", "phrase_of", "shadow_of"]

# Account 0 of each script type; below it /0/i are the addresses for payers and /1/i those for change.
PATHS = {"p2pkh": "m/44h/1h/0h", "p2sh-p2wpkh": "m/49h/1h/0h", "p2wpkh": "m/84h/1h/0h", "p2tr": "m/86h/1h/0h"}

PASSPHRASES = ("anchor", "breakwater", "capstan", "driftwood", "estuary", "foghorn", "gangway", "hawser")


@dataclass(frozen=True)
class Phrase:
    """A phrase as it opens one wallet.

    Attributes
    ----------
    words : str
        Twelve English words with a valid checksum.
    passphrase : str
        Empty where there is none.
    path : str
        Of the account, such as ``m/86h/1h/0h``.
    kind : str
        Script type of its addresses, one of `PATHS`.

    Examples
    --------
    >>> phrase = phrase_of(bytes(16), "somebody/stash", "p2tr")
    >>> len(phrase.words.split()), phrase.path
    (12, 'm/86h/1h/0h')
    """

    words: str
    passphrase: str
    path: str
    kind: str

    @cached_property
    def _root(self) -> bip32.HDKey:
        seed = bip39.mnemonic_to_seed(self.words, password=self.passphrase)
        return bip32.HDKey.from_seed(seed, version=NETWORKS["regtest"]["xprv"])

    @cached_property
    def _account(self) -> bip32.HDKey:
        return self._root.derive(self.path)

    @cached_property
    def _branches(self) -> tuple[bip32.HDKey, bip32.HDKey]:
        return self._account.derive([0]), self._account.derive([1])

    @property
    def fingerprint(self) -> str:
        """Eight hex digits that wallets show for the phrase with its passphrase (BIP32)."""
        return self._root.my_fingerprint.hex()

    @property
    def account_key(self) -> str:
        """The account's extended public key (tpub): it shows all addresses and spends nothing."""
        return self._account.to_public().to_base58(version=NETWORKS["regtest"]["xpub"])

    def secret(self, branch: int, index: int) -> bytes:
        """The secret key of an address: branch 0 for payers, 1 for change."""
        return self._branches[branch].derive([index]).key.secret


def phrase_of(seed: bytes, name: str, kind: str, *, passphrase: str = "") -> Phrase:
    """The phrase of a wallet.

    Parameters
    ----------
    seed : bytes
        The world's 16 bytes.
    name : str
        Of the wallet, or of anything else that has a phrase, such as ``"marshkite/stash"``.
    kind : str
        Script type, one of `PATHS`.
    passphrase : str, optional
        A passphrase in front of another wallet of the same words.

    Raises
    ------
    CointrailError
        If no standard names a path for the script type.
    """
    if kind not in PATHS:
        raise CointrailError(f"No phrase leads to addresses of type {kind!r}: the types are {', '.join(PATHS)}.")
    words = bip39.mnemonic_from_bytes(Stream(seed, f"phrase/{name}").bytes()[:16])
    return Phrase(words, passphrase, PATHS[kind], kind)


def shadow_of(seed: bytes, name: str, kind: str) -> Phrase:
    """The wallet behind the same words and a passphrase, which nobody can see from the words."""
    stream = Stream(seed, f"passphrase/{name}")
    passphrase = f"{stream.choice(PASSPHRASES)}-{stream.choice(PASSPHRASES)}-{stream.between(100, 999)}"
    return phrase_of(seed, name, kind, passphrase=passphrase)
