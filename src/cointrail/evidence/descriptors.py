"""Output descriptors (BIP380 to BIP386): one line that says which addresses a wallet makes, and who must sign.

A line such as ``wsh(sortedmulti(2,[f00dbabe/48h/1h/0h/2h]tpub.../0/*,...))#checksum`` names a lock of two keys out of
three and, by the star, the address of every index. Keys are regtest's (tpub, coin type 1); the private part of a key
never stands in a descriptor here.
"""

from embit import bip32, bip39
from embit.base import EmbitError
from embit.descriptor import Descriptor
from embit.descriptor.checksum import add_checksum, checksum
from embit.networks import NETWORKS

from cointrail.errors import CointrailError
from cointrail.evidence.phrases import check_phrase
from cointrail.ledger.addresses import address_of

__all__ = [
    "PURPOSES",
    "descriptor_address",
    "multisig_descriptor",
    "public_key",
    "read_descriptor",
    "root_key",
    "wallet_descriptor",
]

# BIP44, 49, 84 and 86: the first step of a path says which script its addresses have.
PURPOSES = {44: "pkh({})", 49: "sh(wpkh({}))", 84: "wpkh({})", 86: "tr({})"}
MULTISIG_PATH = "m/48h/1h/0h/2h"
_NETWORK = NETWORKS["regtest"]


def root_key(phrase: str, *, passphrase: str = "") -> bip32.HDKey:
    """The root key (BIP32) of a phrase, with regtest's marks.

    Raises
    ------
    CointrailError
        The phrase is not valid; the sentence says why.
    """
    seed = bip39.mnemonic_to_seed(check_phrase(phrase), password=passphrase)
    return bip32.HDKey.from_seed(seed, version=_NETWORK["xprv"])


def public_key(phrase: str, *, path: str = MULTISIG_PATH, passphrase: str = "") -> str:
    """The public key of an account with its origin, as a descriptor names it: ``[fingerprint/path]tpub...``.

    Examples
    --------
    >>> public_key("abandon " * 11 + "about")[:24]
    '[73c5da0a/48h/1h/0h/2h]t'
    """
    root = root_key(phrase, passphrase=passphrase)
    account = root.derive(path).to_public(version=_NETWORK["xpub"])
    return f"[{root.my_fingerprint.hex()}{path.removeprefix('m')}]{account.to_base58()}"


def wallet_descriptor(phrase: str, *, purpose: int = 84, change: bool = False, passphrase: str = "") -> str:
    """The public descriptor of a phrase's first account.

    Parameters
    ----------
    phrase : str
    purpose : int
        44, 49, 84 or 86 (see `PURPOSES`).
    change : bool
        The internal chain, where a wallet's change goes, instead of the external one.
    passphrase : str, optional

    Examples
    --------
    >>> line = wallet_descriptor("abandon " * 11 + "about")
    >>> descriptor_address(line, 0)
    'bcrt1q6rz28mcfaxtmd6v789l9rrlrusdprr9pz3cppk'
    """
    if purpose not in PURPOSES:
        raise CointrailError(f"{purpose!r} is no purpose of a path that is used here: choose 44, 49, 84 or 86.")
    key = public_key(phrase, path=f"m/{purpose}h/1h/0h", passphrase=passphrase)
    return add_checksum(PURPOSES[purpose].format(f"{key}/{int(change)}/*"))


def multisig_descriptor(keys: list[str], *, threshold: int = 2) -> str:
    """The descriptor of a lock that some of several keys open together, such as two out of three.

    Parameters
    ----------
    keys : list of str
        As `public_key` writes them, each of another person and device; their order does not matter.
    threshold : int
        How many must sign.

    Returns
    -------
    str
        ``wsh(sortedmulti(...))`` with its checksum of eight signs.

    Raises
    ------
    CointrailError
        A key stands there twice or is private, or the threshold does not fit.

    Examples
    --------
    >>> phrases = ["abandon " * 11 + "about", "zoo " * 11 + "wrong", "legal winner thank year wave sausage worth "
    ...            "useful legal winner thank yellow"]
    >>> multisig_descriptor([public_key(phrase) for phrase in phrases])[:20]
    'wsh(sortedmulti(2,[7'
    """
    keys = list(keys)
    if len(set(keys)) < len(keys):
        raise CointrailError("The same key stands there twice: then one person alone could sign for two.")
    if not 1 <= threshold <= len(keys) <= 15:
        raise CointrailError(f"{threshold} of {len(keys)} keys cannot be: the threshold lies between 1 and the keys.")
    if private := [key for key in keys if "prv" in key]:
        raise CointrailError(f"A private key was given ({private[0][:12]}...): a descriptor holds public keys only.")
    line = f"wsh(sortedmulti({threshold},{','.join(f'{key}/0/*' for key in keys)}))"
    return add_checksum(_parsed(line) and line)


def read_descriptor(text: str) -> Descriptor:
    """A descriptor as embit's object, after its checksum was held against its text.

    Raises
    ------
    CointrailError
        The checksum is missing or wrong, a key is private, or the text is no descriptor.
    """
    line, hash_sign, sum_given = text.strip().partition("#")
    if not hash_sign:
        raise CointrailError("The descriptor has no checksum (# and eight signs): without it a slip is not seen.")
    if checksum(line) != sum_given:
        raise CointrailError(f"The checksum {sum_given!r} does not fit the descriptor: a sign was changed; copy again.")
    return _parsed(line)


def _parsed(line):
    try:
        descriptor = Descriptor.from_string(line)
    except (EmbitError, ValueError, AssertionError, IndexError) as error:
        raise CointrailError(
            f"This is no descriptor that can be read: {error or 'a key or bracket is wrong'}."
        ) from error
    if any(key.is_private for key in descriptor.keys):
        raise CointrailError("The descriptor holds a private key: write its public form, and keep the key apart.")
    return descriptor


def descriptor_address(text: str, index: int = 0) -> str:
    """The address of one index of a descriptor."""
    descriptor = read_descriptor(text)
    return address_of(descriptor.derive(index).script_pubkey().data)
