"""OpenPGP keys and signed notices: which notice was made with which key, and which only looks so.

A public key can be copied by anybody; only its owner's secret key makes a signature that the public key confirms. A
valid signature shows that whoever wrote the text held that key then. It names no person, and a key can be shared or
stolen. The check itself is Sequoia's (pysequoia); gpg gives the same verdicts.
"""

import json
import re

import pandas as pd

from cointrail.errors import CointrailError

__all__ = ["check_signature", "read_public_keys", "signed_text", "verify_notices"]

_KEY = re.compile(r"-----BEGIN PGP PUBLIC KEY BLOCK-----.*?-----END PGP PUBLIC KEY BLOCK-----\n?", re.DOTALL)
_SIGNED = "-----BEGIN PGP SIGNED MESSAGE-----"


def read_public_keys(text: str) -> pd.DataFrame:
    """The public keys in a text.

    Parameters
    ----------
    text : str
        Any text with key blocks in ASCII armour in it.

    Returns
    -------
    DataFrame
        One row for each block, in order: fingerprint (40 capital signs) and user_id, which is what the key's maker
        wrote there. Nobody has checked it.

    Raises
    ------
    CointrailError
        There is no key block, or one is damaged.
    """
    certificates = _certificates(text)
    rows = [(key.fingerprint.upper(), ", ".join(map(_user_id, key.user_ids))) for key in certificates]
    return pd.DataFrame(rows, columns=["fingerprint", "user_id"])


def _user_id(user_id):
    return re.sub(r"^<UserId value='(.*)'>$", r"\1", str(user_id))


def _certificates(text):
    from pysequoia import Cert

    blocks = _KEY.findall(text)
    if not blocks:
        raise CointrailError("There is no public key in this text: no line says BEGIN PGP PUBLIC KEY BLOCK.")
    try:
        return [Cert.from_bytes(block.encode()) for block in blocks]
    except (RuntimeError, ValueError) as error:
        raise CointrailError(f"A public key block is damaged: {_first_line(error)}") from error


def check_signature(text: str, keys: str) -> str | None:
    """The fingerprint of the key that signed a notice; None where no signature by one of these keys is valid.

    Parameters
    ----------
    text : str
        A notice as it was captured, with its signature lines.
    keys : str
        Text with the public keys.

    Raises
    ------
    CointrailError
        There is no key.

    Examples
    --------
    >>> from cointrail.evidence.training import TRAINING_KEY, TRAINING_NOTICES
    >>> [check_signature(TRAINING_NOTICES[name], TRAINING_KEY) is not None for name in ("T1", "T2", "T3")]
    [True, False, False]
    """
    from pysequoia import verify

    certificates = _certificates(keys)
    if _SIGNED not in text:
        return None
    try:
        found = verify(text.encode(), lambda ids: certificates)
    except RuntimeError:  # Sequoia's word for: no valid signature
        return None
    return found.valid_sigs[0].certificate.upper()


def signed_text(text: str) -> str:
    """What a signed notice says: the words between its signature lines, whole text where it has none.

    Examples
    --------
    >>> signed_text("plain words")
    'plain words'
    """
    if _SIGNED not in text:
        return text.strip()
    body = text.partition(_SIGNED)[2].partition("-----BEGIN PGP SIGNATURE-----")[0]
    # Its own headers (Hash: ...) end with the first empty line.
    body = body.partition("\n\n")[2] if "\n\n" in body else body
    return "\n".join(line.rstrip() for line in body.splitlines()).strip()


def verify_notices(notices: str | dict[str, str], keys: str) -> pd.DataFrame:
    """Every notice of an exhibit, with the verdict on its signature.

    Parameters
    ----------
    notices : str or dict
        JSON with a list `notices`, each with notice, handle and text; or the texts by name.
    keys : str
        Text with the public keys.

    Returns
    -------
    DataFrame
        Columns notice, handle, signature ("valid", "NOT valid" or "none") and signed_by (the last 16 signs of the
        fingerprint; empty where no signature is valid).

    Raises
    ------
    CointrailError
        The text is no list of notices, or there is no key.

    Examples
    --------
    >>> from cointrail.evidence.training import TRAINING_KEY, TRAINING_NOTICES
    >>> verify_notices(TRAINING_NOTICES, TRAINING_KEY)["signature"].tolist()
    ['valid', 'NOT valid', 'none']
    """
    rows = [(name, "", text) for name, text in notices.items()] if isinstance(notices, dict) else _listed(notices)
    verdicts = [(notice, handle, *_verdict(text, keys)) for notice, handle, text in rows]
    return pd.DataFrame(verdicts, columns=["notice", "handle", "signature", "signed_by"])


def _listed(notices):
    try:
        return [(one["notice"], one["handle"], one["text"]) for one in json.loads(notices)["notices"]]
    except (ValueError, KeyError, TypeError) as error:
        raise CointrailError(f"This is no list of notices: {error}.") from error


def _verdict(text, keys):
    if _SIGNED not in text:
        return "none", ""
    fingerprint = check_signature(text, keys)
    return ("valid", fingerprint[-16:]) if fingerprint else ("NOT valid", "")


def _first_line(error):
    return str(error).splitlines()[0]
