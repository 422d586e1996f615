"""What claims say beyond their support: the words that a cross-examiner finds first.

Certainty on a rule of thumb, a person without a record from outside the ledger. The check reads words, not meaning: a
claim without a finding may still be wrong, and a finding may be answered. It never says that a claim is true.
"""

import re
from collections.abc import Iterable

from cointrail.errors import CointrailError
from cointrail.evidence.claims import METHODS, Claim, ClaimFinding, need_single_ids
from cointrail.ledger import Ledger

__all__ = ["check_claims"]


def check_claims(
    claims: Iterable[Claim], *, exhibits: Iterable[str], off_chain: Iterable[str], ledger: Ledger | None = None
) -> list[ClaimFinding]:
    """What each claim says beyond its support.

    Parameters
    ----------
    claims : iterable of Claim
    exhibits : iterable of str
        The ids of the register: every exhibit there is.
    off_chain : iterable of str
        Those among them that come from outside the ledger: a service's record, a seized phone, a statement.
    ledger : Ledger, optional
        Then every txid and outpoint is looked up.

    Returns
    -------
    list of ClaimFinding
        By claim, in the order given. kind is "certainty" (words such as "proves" where every method is a heuristic or
        a convention), "confidence" ("strong" there), "limits" (none stated there), "identity" (words such as "the
        owner is" without an off-chain exhibit), "person" (about a person without one), "record" (a method that needs
        one), "support" (nothing is named, or what is named does not exist).

    Examples
    --------
    >>> from cointrail.evidence.claims import Claim
    >>> claim = Claim(id="C1", claim="This proves that the owner is the vendor.", methods=["change"],
    ...               confidence="weak", exhibits=["E03"], limits="A change rule errs.")
    >>> [finding.kind for finding in check_claims([claim], exhibits=["E03"], off_chain=[])]
    ['certainty', 'identity']
    """
    claims, register, outside = list(claims), set(exhibits), set(off_chain)
    need_single_ids(claims)
    if unknown := sorted(outside - register):
        raise CointrailError(f"The off-chain exhibit {unknown[0]} is not in the register: add it, or correct its id.")
    counts = None if ledger is None else ledger.transactions.set_index("hash")["output_count"].to_dict()
    findings = []
    for claim in claims:
        faults = [*_over_claims(claim), *_personal(claim, outside), *_support(claim, register, counts)]
        findings += [ClaimFinding(claim.id, kind, f"Claim {claim.id} {text}") for kind, text in faults]
    return findings


_CERTAIN = re.compile(
    r"\b(?:prove[sdn]?|proving|proof|certain(?:ly|ty)?|definite(?:ly)?|undoubtedly|conclusive(?:ly)?|no doubt"
    r"|(?:without|beyond)(?: \w+)? doubt|must have|guarantee[sd]?|100 ?(?:%|per ?cent|percent))(?!\w)",
    re.IGNORECASE,
)
_IDENTITY = re.compile(
    r"\b(?:owner (?:is|was)|(?:is|was|are) the owners?|owned by|owns|belong(?:s|ed)? to|controlled by|controls"
    r"|(?:is|was) the wallet of|identified as|identity of|held by)\b",
    re.IGNORECASE,
)
_PERSON = re.compile(r"\b(?:suspect|defendant|accused|he|she|his|her|him|mr|mrs|ms)\b", re.IGNORECASE)
_NEGATION = re.compile(r"\b(?:not|no|never|cannot|nothing|neither|nor|nobody)\b(?! only)|n[’']t\b", re.IGNORECASE)


def _said(pattern, text):
    """The first such words that are not denied just before ("does not prove")."""
    for match in pattern.finditer(text):
        before = re.split(r"[.;:!?]|\bbut\b", text[: match.start()])[-1].split()[-4:]
        if not _NEGATION.search(" ".join(before)):
            return match.group()
    return None


def _over_claims(claim):
    if {METHODS[method] for method in claim.methods} & {"fact", "record"}:
        return
    methods = ", ".join(claim.methods)
    if words := _said(_CERTAIN, claim.claim):
        yield "certainty", f"says {words!r}, but {methods} can only suggest: say 'is consistent with', or add a record."
    if claim.confidence == "strong":
        yield "confidence", f"is called strong, but rests only on {methods}: lower it, or add support of another kind."
    if not claim.limits.strip():
        yield "limits", f"states no limits: say when {methods} is wrong, and what would show it."


def _personal(claim, outside):
    if outside & set(claim.exhibits):
        return
    if words := _said(_IDENTITY, claim.claim):
        yield "identity", f"says {words!r}, but names no exhibit from outside the ledger: addresses do not name people."
    if who := claim.person or _said(_PERSON, claim.claim):
        yield (
            "person",
            f"is about a person ({who}), but names no exhibit from outside the ledger: add it or withdraw it.",
        )
    records = [method for method in claim.methods if METHODS[method] == "record"]
    if records:
        yield "record", f"rests on {records[0]}, but names no exhibit from outside the ledger: give the record's id."


def _support(claim, register, counts):
    if not (claim.exhibits or claim.outpoints or claim.txids):
        yield "support", "names no exhibit, txid or outpoint: nobody can check it."
    for exhibit in claim.exhibits:
        if exhibit not in register:
            yield "support", f"names the exhibit {exhibit}, which is not in the register."
    if counts is None:
        return
    for txid in claim.txids:
        if txid not in counts:
            yield "support", f"names the transaction {txid}, which is not in the ledger."
    for outpoint in claim.outpoints:
        txid, vout = outpoint.split(":")
        if int(vout) >= counts.get(txid, 0):
            yield "support", f"names the outpoint {outpoint}, which is not in the ledger."
