"""Requests to a service or to another country: preserve, disclose, assist. By form, with a check of what must be there.

A request that lacks a txid, a zone or a legal basis comes back weeks later. So the form asks for every element, says
which one is missing and why the other side needs it, and holds the payments against the ledger. What the law of a real
country asks for is for a lawyer to say; the lists here are those of the course's invented states.
"""

from collections.abc import Mapping
from typing import NamedTuple

import jsonschema

from cointrail.errors import CointrailError
from cointrail.evidence.schema_words import schema_words
from cointrail.evidence.times import to_utc
from cointrail.ledger import Ledger
from cointrail.ledger.addresses import parse_address
from cointrail.ledger.model import read_txid

__all__ = ["REQUEST_SCHEMA", "RequestFinding", "check_request", "preservation_request", "request_text"]

_TEXT = {"type": "string", "pattern": r"\S"}
_UTC = {"type": "string", "pattern": r"^[0-9]{4}(-[0-9]{2}){2}T[0-9]{2}(:[0-9]{2}){2}(\.[0-9]+)?Z\Z"}
_PAYMENT = {
    "type": "object",
    "additionalProperties": False,
    "required": ["address", "txid", "time", "asset", "amount"],
    "properties": {
        "address": _TEXT,
        "txid": {"type": "string", "pattern": r"^[0-9a-f]{64}\Z"},
        "time": _UTC,
        "asset": {"type": "string", "pattern": r"^SYN[A-Z]+\Z"},
        "amount": {"type": "integer", "minimum": 1},
    },
}
KINDS = ("preservation", "disclosure", "mutual legal assistance")
_FIELDS = {
    "to": "who shall act",
    "from": "the office that asks, with a person to call",
    "reference": "your own file number, so that the answer finds its way back",
    "legal_basis": "the article, statute or order that the request rests on",
    "purpose": "what the records are for, in one sentence",
    "reply_by": "until when, as a time in UTC",
}
_MORE = {
    "preservation": {"keep_days": "for how many days the records are to be kept"},
    "disclosure": {
        "order_id": "the number of the court's order: without one nothing is disclosed",
        "records": "which records, by name: account holder, log-ins, withdrawals",
    },
    "mutual legal assistance": {
        "order_id": "the number of the domestic order or proceeding",
        "offence": "the offence, with the text of the law",
        "facts": "a short summary of the facts",
        "assistance": "what exactly is to be done",
        "person": "whom it concerns, or 'not known'",
        "use_limits": "who may see the answer and for how long it is kept",
    },
}
_KIND_OF_FIELD = {"reply_by": _UTC, "keep_days": {"type": "integer", "minimum": 1, "maximum": 365}}
_KIND_OF_FIELD["records"] = {"type": "array", "minItems": 1, "items": _TEXT}
_ALL = {**_FIELDS, **{name: why for more in _MORE.values() for name, why in more.items()}}
REQUEST_SCHEMA = {
    "type": "object",
    "additionalProperties": False,
    "required": ["kind", *_FIELDS, "payments"],
    "properties": {
        "kind": {"enum": list(KINDS)},
        **{name: _KIND_OF_FIELD.get(name, _TEXT) for name in _ALL},
        "payments": {"type": "array", "minItems": 1, "items": _PAYMENT},
    },
    "allOf": [
        {"if": {"properties": {"kind": {"const": kind}}}, "then": {"required": list(more)}}
        for kind, more in _MORE.items()
    ],
}


class RequestFinding(NamedTuple):
    """Why the other side would send a request back: the field, and a sentence."""

    field: str
    sentence: str


def preservation_request(*, to, sender, reference, legal_basis, purpose, reply_by, payments, keep_days=90) -> dict:
    """A request to keep records, filled in and checked.

    Parameters
    ----------
    to, sender, reference, legal_basis, purpose : str
    reply_by : datetime or str
        With a time zone.
    payments : list of dict
        Each with address, txid, time (with a zone), asset (such as "SYNBTC") and amount in base units (satoshi).
    keep_days : int, optional
        For how many days the records are to be kept.

    Returns
    -------
    dict
        Plain data with all times in UTC.

    Raises
    ------
    CointrailError
        The first thing that the other side would send it back for.

    Examples
    --------
    >>> payment = {"address": "bcrt1qzyg3zyg3zyg3zyg3zyg3zyg3zyg3zyg3lgth6c", "txid": "ab" * 32,
    ...            "time": "2026-03-20T09:30:00+07:00", "asset": "SYNBTC", "amount": 150000}
    >>> request = preservation_request(to="Training Exchange", sender="Unit 5, desk 2", reference="GH-1", reply_by=
    ...     "2026-03-27T12:00:00Z", legal_basis="Training Act, s. 1", purpose="to name the holder", payments=[payment])
    >>> request["payments"][0]["time"]
    '2026-03-20T02:30:00Z'
    """
    request = {
        "kind": "preservation",
        "to": to,
        "from": sender,
        "reference": reference,
        "legal_basis": legal_basis,
        "purpose": purpose,
        "reply_by": to_utc(reply_by, what="time of reply_by"),
        "keep_days": keep_days,
        "payments": [_in_utc(payment) for payment in payments],
    }
    if findings := check_request(request):
        raise CointrailError(findings[0].sentence)
    return request


def _in_utc(payment):
    payment = dict(payment)
    return {**payment, "time": to_utc(payment["time"], what="time of a payment")} if payment.get("time") else payment


def check_request(request: Mapping, *, ledger: Ledger | None = None, may_ask: Mapping | None = None) -> list:
    """Why the other side would send a request back; an empty list where nothing is missing.

    Parameters
    ----------
    request : mapping
        kind, to, from, reference, legal_basis, purpose, reply_by, payments, and what its kind needs.
    ledger : Ledger, optional
        Then every payment in SYNBTC is looked up: txid, address, amount and the time of its block.
    may_ask : mapping, optional
        Who may be asked on which legal basis: addressee -> the bases it accepts.

    Returns
    -------
    list of RequestFinding
        Every missing or wrong element; the sentence says why it is needed.
    """
    findings = [_missing(name, request) for name in _needed(request)]
    findings = [finding for finding in findings if finding]
    bad = {finding.field for finding in findings}
    for error in sorted(jsonschema.Draft202012Validator(REQUEST_SCHEMA).iter_errors(dict(request)), key=str):
        path = list(error.absolute_path)
        if error.validator != "required" and (path[:1] or [""])[0] not in bad:
            findings.append(RequestFinding(str((path or ["form"])[0]), _sentence(path, error)))
        elif error.validator == "required" and path[:1] == ["payments"]:
            findings.append(RequestFinding("payments", _sentence(path, error)))
    if not findings:
        findings = [*_facts(request, ledger), *_standing(request, may_ask)]
    return findings


def _needed(request):
    return ["kind", *_FIELDS, *_MORE.get(request.get("kind"), ()), "payments"]


def _missing(name, request):
    value = request.get(name)
    if value is None or value is ... or value in ("", "?", []):
        why = _ALL.get(name) or {"kind": f"one of {', '.join(KINDS)}", "payments": "which payments it is about"}[name]
        return RequestFinding(name, f"The request has no {name!r}: the other side needs to know {why}.")
    return None


def _sentence(path, error):
    if path and path[-1] in ("time", "reply_by"):
        where = f"Payment {path[1] + 1}" if len(path) > 2 else "The field reply_by"
        return f"{where}: {str(error.instance)[:40]!r} is no time in UTC. Write it so: 2026-03-20T02:30:00Z."
    if path[:1] == ["payments"] and len(path) > 1:
        what = f"Payment {path[1] + 1}" + (f", field {path[2]}" if len(path) > 2 else "")
        return f"{what}: {schema_words(error)[:160]}. A payment needs address, txid, time in UTC, asset and amount."
    return f"The field {path[0] if path else 'form'}: {schema_words(error)[:160]}."


def _facts(request, ledger):
    for number, payment in enumerate(request["payments"], 1):
        if payment["asset"] != "SYNBTC":
            continue
        try:
            parse_address(payment["address"])
            read_txid(payment["txid"])
        except CointrailError as error:
            yield RequestFinding("payments", f"Payment {number}: {error}")
            continue
        if ledger is not None:
            yield from _held_against(ledger, payment, number)


def _held_against(ledger, payment, number):
    try:
        paid = ledger.outputs_of(payment["txid"])
    except CointrailError as error:
        yield RequestFinding("payments", f"Payment {number}: {error}")
        return
    values = [int(row.value) for row in paid.itertuples() if payment["address"] in list(row.addresses)]
    if not values:
        yield RequestFinding("payments", f"Payment {number}: this transaction pays nothing to that address.")
    elif payment["amount"] not in (*values, sum(values)):
        yield RequestFinding("payments", f"Payment {number}: the ledger shows {values[0]} satoshi to that address.")
    when = ledger.transaction(payment["txid"])["block_timestamp"]
    if to_utc(when.to_pydatetime()) != payment["time"]:
        yield RequestFinding("payments", f"Payment {number}: the time is not that of the payment's block, in UTC.")


def _standing(request, may_ask):
    if may_ask is None:
        return
    if request["to"] not in may_ask:
        known = ", ".join(sorted(may_ask))
        yield RequestFinding("to", f"{request['to']} is not an addressee of this matrix: it knows {known}.")
    elif request["legal_basis"] not in may_ask[request["to"]]:
        yield RequestFinding(
            "legal_basis", f"{request['to']} does not act on {request['legal_basis']}: look at the treaty matrix again."
        )


def request_text(request: Mapping) -> str:
    """The request as a letter in plain text, every field in its place; the form is checked first."""
    if findings := check_request(request):
        raise CointrailError(findings[0].sentence)
    names = [name for name in _needed(request) if name not in ("kind", "payments")]
    lines = [f"REQUEST: {request['kind'].upper()}", "SYNTHETIC TRAINING DATA", ""]
    lines += [f"{name.replace('_', ' ')}: {_words(request[name])}" for name in names]
    lines += ["", "Payments:"]
    for number, payment in enumerate(request["payments"], 1):
        lines += [
            f"{number}. {payment['amount']} base units of {payment['asset']} to {payment['address']}",
            f"   txid {payment['txid']}, {payment['time']}",
        ]
    return "\n".join(lines) + "\n"


def _words(value):
    return ", ".join(value) if isinstance(value, list) else str(value)
