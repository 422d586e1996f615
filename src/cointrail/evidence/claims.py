"""The claims table of a report: what is said, by which method, on which support, how sure, and where it ends.

What a claim says beyond its support, `claim_check` finds.
"""

import json
from collections.abc import Iterable
from dataclasses import asdict, dataclass, fields
from pathlib import Path
from typing import NamedTuple

import jsonschema
import pandas as pd

from cointrail.errors import CointrailError

__all__ = [
    "CONFIDENCE",
    "METHODS",
    "Claim",
    "ClaimFinding",
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
    need_single_ids(claims)
    columns = [field.name for field in fields(Claim)]
    rows = [
        [", ".join(v) if isinstance(v := getattr(claim, c), tuple) else v or "" for c in columns] for claim in claims
    ]
    return pd.DataFrame(rows, columns=columns)


def need_single_ids(claims):
    """Refuse two claims with one id."""
    ids = [claim.id for claim in claims]
    if doubled := sorted({name for name in ids if ids.count(name) > 1}):
        raise CointrailError(f"Claim {doubled[0]} stands in the list more than once: give each claim its own id.")


def write_claims(claims: Iterable[Claim], file: Path | str) -> None:
    """Write claims as JSON, in the order given; doubled ids are refused."""
    claims = list(claims)
    need_single_ids(claims)
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
    need_single_ids(claims)
    return claims
