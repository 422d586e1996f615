"""The acquisition form: who took which file from where, when, under which authority; and the CASE record made of it.

The form is what a person fills in. From it comes a record in CASE/UCO 1.4.0, the exchange language of digital
forensics, which other tools and other agencies read. Reading the record back gives the form.
"""

import json
from collections.abc import Mapping
from pathlib import Path

import jsonschema

from cointrail.errors import CointrailError
from cointrail.evidence.case_graph import graph_of, node, ref, sha256_of, time_of
from cointrail.evidence.times import to_utc

__all__ = ["ACQUISITION_SCHEMA", "acquisition_case", "acquisition_form", "write_case"]

_TEXT = {"type": "string", "pattern": r"\S"}
ACQUISITION_SCHEMA = {
    "type": "object",
    "additionalProperties": False,
    "required": ["exhibit", "file", "sha256", "source", "acquired", "acquirer", "authority", "method"],
    "properties": {
        "exhibit": _TEXT,
        "file": _TEXT,
        "sha256": {"type": "string", "pattern": r"^[0-9a-f]{64}\Z"},
        "source": _TEXT,
        "acquired": {"type": "string", "pattern": r"^[0-9]{4}(-[0-9]{2}){2}T[0-9]{2}(:[0-9]{2}){2}(\.[0-9]+)?Z\Z"},
        "acquirer": _TEXT,
        "authority": _TEXT,
        "method": _TEXT,
        "note": {"type": "string"},
    },
}
_ASK = {
    "exhibit": "the number of the exhibit, such as E01",
    "file": "the name of the file",
    "sha256": "the SHA-256 of the file, 64 signs, 0-9 and a-f",
    "source": "where the file comes from",
    "acquired": "when it was taken, with a time zone",
    "acquirer": "who took it",
    "authority": "the order or law that allowed it, by its number",
    "method": "how it was taken, and with which tool",
}


def acquisition_form(
    *, exhibit=None, file=None, sha256=None, source=None, acquired=None, acquirer=None, authority=None, method=None,
    note="",
) -> dict:  # fmt: skip
    """Fill in the acquisition form, and check it.

    Parameters
    ----------
    exhibit, file, source, acquirer, authority, method : str
        Number of the exhibit, name of its file, where it comes from, who took it, under which order or law, and how.
    sha256 : str
        Of the file, as taken.
    acquired : datetime or str
        When, with a time zone; written in UTC.
    note : str, optional

    Returns
    -------
    dict
        The form as plain text, with the time in UTC.

    Raises
    ------
    CointrailError
        A field is empty or of a wrong form; the sentence says which, and what belongs there.

    Examples
    --------
    >>> form = acquisition_form(exhibit="E90", file="page.html", sha256="ab" * 32, source="training page",
    ...     acquired="2026-03-20T09:30:00+07:00", acquirer="Officer 17", authority="Order T-1", method="saved")
    >>> form["acquired"]
    '2026-03-20T02:30:00Z'
    """
    form = {"exhibit": exhibit, "file": file, "sha256": sha256, "source": source, "acquired": acquired}
    form |= {"acquirer": acquirer, "authority": authority, "method": method}
    for field, wanted in _ASK.items():
        if form[field] is None or form[field] is ... or not str(form[field]).strip():
            raise CointrailError(f"The field {field!r} of the acquisition form is empty: give {wanted}.")
    form["acquired"] = to_utc(acquired, what="time of acquisition")
    form["sha256"] = str(sha256).strip().lower()
    return _checked({**form, **({"note": note} if note else {})})


def _checked(form):
    error = jsonschema.exceptions.best_match(jsonschema.Draft202012Validator(ACQUISITION_SCHEMA).iter_errors(form))
    if error:
        field = error.absolute_path[0] if error.absolute_path else None
        wanted = f" Give {_ASK[field]}." if field in _ASK else ""
        raise CointrailError(f"The acquisition form, field {field or 'list'}: {error.message[:200]}.{wanted}")
    return {name: form[name] for name in ACQUISITION_SCHEMA["properties"] if name in form}


def acquisition_case(form: Mapping) -> dict:
    """The CASE/UCO record of an acquisition: action, person, authority, file with its hash, provenance.

    Parameters
    ----------
    form : mapping
        As `acquisition_form` returns it.

    Returns
    -------
    dict
        A JSON-LD document (CASE 1.4.0), ready for JSON. The same form gives the same document.

    Raises
    ------
    CointrailError
        The form lacks a field, or a field is wrong.

    Examples
    --------
    >>> form = acquisition_form(exhibit="E90", file="page.html", sha256="ab" * 32, source="training page",
    ...     acquired="2026-03-20T02:30:00Z", acquirer="Officer 17", authority="Order T-1", method="saved")
    >>> [item["@type"] for item in acquisition_case(form)["@graph"]][-1]
    'case-investigation:InvestigativeAction'
    """
    return graph_of(acquisition_nodes(_checked(dict(form))))


def acquisition_nodes(form):
    """The nodes of one acquisition, the action last."""
    digest = sha256_of(form["sha256"])
    content = node("uco-observable:ContentDataFacet", {"uco-observable:hash": [digest]})
    name = node("uco-observable:FileFacet", {"uco-observable:fileName": form["file"]})
    file = node(
        "uco-observable:File",
        {
            "uco-core:name": form["file"],
            "uco-core:description": f"SYNTHETIC TRAINING DATA. From: {form['source']}",
            "uco-core:hasFacet": [name, content],
        },
    )
    person = node("uco-identity:Person", {"uco-core:name": form["acquirer"]})
    order = node("case-investigation:Authorization", {"case-investigation:authorizationIdentifier": form["authority"]})
    record = node(
        "case-investigation:ProvenanceRecord",
        {
            "uco-core:description": form.get("note") or f"Taken from {form['source']}",
            "case-investigation:exhibitNumber": form["exhibit"],
            "uco-core:object": [ref(file)],
        },
    )
    when = time_of(form["acquired"])
    action = node(
        "case-investigation:InvestigativeAction",
        {
            "uco-core:name": f"acquisition of {form['exhibit']}",
            "uco-core:description": form["method"],
            "uco-action:startTime": when,
            "uco-action:endTime": when,
            "uco-action:performer": ref(person),
            "uco-action:result": [ref(file), ref(record)],
        },
    )
    case = node(
        "case-investigation:Investigation",
        {
            "uco-core:name": f"acquisition of {form['exhibit']} under {form['authority']}",
            "case-investigation:relevantAuthorization": [ref(order)],
            "uco-core:object": [ref(action), ref(record)],
        },
    )
    return [person, order, file, record, case, action]


def write_case(record: Mapping, file: Path | str) -> None:
    """Write a CASE record as JSON-LD, the same bytes for the same record."""
    Path(file).write_bytes((json.dumps(record, indent=1, ensure_ascii=False) + "\n").encode())
