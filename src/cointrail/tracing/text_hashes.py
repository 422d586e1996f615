"""Txids and outpoints in free text. A txid carries no checksum: only a ledger that holds it speaks for it."""

import re
from typing import NamedTuple

from cointrail.ledger import Ledger
from cointrail.tracing.text import need_text

__all__ = ["FoundHash", "find_outpoints", "find_txids"]

_TXID = re.compile(r"(?<![A-Za-z0-9])([0-9a-fA-F]{64})(?![A-Za-z0-9])")
_OUTPOINT = re.compile(r"(?<![A-Za-z0-9])([0-9a-fA-F]{64}):([0-9]{1,10})(?![A-Za-z0-9])")


class FoundHash(NamedTuple):
    """A txid or an outpoint ("txid:vout") of a text, in small letters, and what a ledger says about it.

    `status` is "not looked up", "in the ledger", "not in the ledger", "no such output", "bytes reversed" (the ledger
    holds the txid read byte by byte from its end, as raw transactions write it) or "block hash".
    """

    start: int
    text: str
    status: str


def find_txids(text: str, *, ledger: Ledger | None = None) -> list[FoundHash]:
    """Every word of 64 hex digits, in the order of the text; those of outpoints too.

    A txid has no checksum: one wrong digit is another txid, and the SHA-256 of a file looks the same. With a ledger
    each is looked up.

    Examples
    --------
    >>> find_txids("sent: " + "AB" * 32)[0].status
    'not looked up'
    """
    need_text(text)
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
    need_text(text)
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
