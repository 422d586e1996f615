"""The claims table of a report: what is said, by which method, on which support, how sure, and where it ends.

The check of words finds what a cross-examiner finds first: certainty on a rule of thumb, a person without a record from
outside the ledger. It reads words, not meaning: a claim without a finding may still be wrong, and a finding may be
answered. It never says that a claim is true.
"""

import json
import re
from collections.abc import Iterable
from dataclasses import asdict, dataclass, fields
from pathlib import Path
from typing import NamedTuple

import jsonschema
import pandas as pd

from cointrail.errors import CointrailError
from cointrail.ledger import Ledger

__all__ = [
    "CONFIDENCE",
    "METHODS",
    "Claim",
    "ClaimFinding",
    "check_claims",
    "claims_table",
    "read_claims",
    "write_claims",
]

CONFIDENCE = ("strong", "moderate", "weak")
# What each method can carry. A convention (taint) divides money by a rule that the law or the report has chosen.
METHODS = {
    "ledger_fact": "fact",
    "balance": "fact",
    "fee": "fact",
    "proceeds": "fact",
    "common_input_ownership": "heuristic",
    "change": "heuristic",
    "peel_chain": "heuristic",
    "coinjoin": "heuristic",
    "deposit_address_reuse": "heuristic",
    "amount_and_time": "heuristic",
    "text_similarity": "heuristic",
    "poison": "convention",
    "haircut": "convention",
    "fifo": "convention",
    "lifo": "convention",
    "service_record": "record",
    "seized_device": "record",
    "signed_message": "record",
    "test_purchase": "record",
    "testimony": "record",
}
_LISTS = ("methods", "exhibits", "outpoints", "txids")
_TEXT = {"type": "string", "pattern": r"\S"}
_HASH = "[0-9a-f]{64}"
CLAIMS_SCHEMA = {
    "type": "array",
    "items": {
        "type": "object",
        "additionalProperties": False,
        "required": ["id", "claim", "methods", "confidence"],
        "properties": {
            "id": _TEXT,
            "claim": _TEXT,
            "methods": {"type": "array", "items": {"enum": list(METHODS)}, "minItems": 1, "uniqueItems": True},
            "confidence": {"enum": list(CONFIDENCE)},
            "exhibits": {"type": "array", "items": _TEXT, "uniqueItems": True},
            "outpoints": {"type": "array", "items": {"type": "string", "pattern": rf"^{_HASH}:(0|[1-9][0-9]*)\Z"}},
            "txids": {"type": "array", "items": {"type": "string", "pattern": rf"^{_HASH}\Z"}},
            "limits": {"type": "string"},
            "person": {"anyOf": [_TEXT, {"type": "null"}]},
        },
    },
}


@dataclass(frozen=True, kw_only=True)
class Claim:
    """One claim of a report.

    Attributes
    ----------
    id : str
    claim : str
        The sentence, as it stands in the report.
    methods : tuple of str
        Names of `METHODS`.
    confidence : str
        "strong", "moderate" or "weak".
    exhibits, outpoints, txids : tuple of str
        The support: at least one of all three.
    limits : str
        What the claim does not show.
    person : str or None
        The person it is about, if any.

    Raises
    ------
    CointrailError
        A field is missing or wrong; the sentence names the claim and the field.
    """

    id: str
    claim: str
    methods: tuple[str, ...]
    confidence: str
    exhibits: tuple[str, ...] = ()
    outpoints: tuple[str, ...] = ()
    txids: tuple[str, ...] = ()
    limits: str = ""
    person: str | None = None

    def __post_init__(self):
        for name in _LISTS:
            value = getattr(self, name)
            if isinstance(value, str):
                raise CointrailError(f"Claim {self.id}: {name} is one text; give a list, such as [{value!r}].")
            object.__setattr__(self, name, tuple(value))
        _validate([_plain(self)])


class ClaimFinding(NamedTuple):
    """What an opponent would say first about a claim: its id, the kind of fault, a sentence."""

    id: str
    kind: str
    sentence: str


def _plain(claim):
    return {name: list(value) if name in _LISTS else value for name, value in asdict(claim).items()}


def _validate(rows):
    error = jsonschema.exceptions.best_match(jsonschema.Draft202012Validator(CLAIMS_SCHEMA).iter_errors(rows))
    if error:
        place = list(error.absolute_path)
        row = rows[place[0]] if place else {}
        name = row.get("id", f"number {place[0] + 1}") if isinstance(row, dict) and place else "list"
        field = f", field {place[1]}" if len(place) > 1 else ""
        raise CointrailError(f"Claim {name}{field}: {error.message}. Correct it and read the claims again.")


def claims_table(claims: Iterable[Claim]) -> pd.DataFrame:
    """The claims as a table for a report, one row per claim in the order given; doubled ids are refused."""
    claims = list(claims)
    _need_single_ids(claims)
    columns = [field.name for field in fields(Claim)]
    rows = [
        [", ".join(v) if isinstance(v := getattr(claim, c), tuple) else v or "" for c in columns] for claim in claims
    ]
    return pd.DataFrame(rows, columns=columns)


def _need_single_ids(claims):
    ids = [claim.id for claim in claims]
    if doubled := sorted({name for name in ids if ids.count(name) > 1}):
        raise CointrailError(f"Claim {doubled[0]} stands in the list more than once: give each claim its own id.")


def write_claims(claims: Iterable[Claim], file: Path | str) -> None:
    """Write claims as JSON, in the order given; doubled ids are refused."""
    claims = list(claims)
    _need_single_ids(claims)
    text = json.dumps([_plain(claim) for claim in claims], indent=1, ensure_ascii=False)
    Path(file).write_bytes(f"{text}\n".encode())


def read_claims(file: Path | str) -> list[Claim]:
    """Read claims.json, written by `write_claims` or by hand.

    Raises
    ------
    CointrailError
        The file cannot be read, is no JSON, or a claim is wrong: the sentence names it.
    """
    try:
        rows = json.loads(Path(file).read_text(encoding="utf-8"))
    except (OSError, ValueError) as error:
        raise CointrailError(f"The claims file {file} cannot be read: {error}.") from error
    _validate(rows)
    claims = [Claim(**row) for row in rows]
    _need_single_ids(claims)
    return claims


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
    >>> claim = Claim(id="C1", claim="This proves that the owner is the vendor.", methods=["change"],
    ...               confidence="weak", exhibits=["E03"], limits="A change rule errs.")
    >>> [finding.kind for finding in check_claims([claim], exhibits=["E03"], off_chain=[])]
    ['certainty', 'identity']
    """
    claims, register, outside = list(claims), set(exhibits), set(off_chain)
    _need_single_ids(claims)
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
