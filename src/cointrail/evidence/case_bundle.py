"""The CASE/UCO bundle of a case: acquisitions, addresses, transactions, clusters and claims as one JSON-LD document.

The form is checked here by a JSON schema, which gives a learner a sentence instead of a report of shapes; a test holds
its verdict equal to that of CASE's own validator (case-utils). A context that lies elsewhere is refused: nothing that a
document of evidence names is fetched.
"""

from collections.abc import Iterable, Mapping

import jsonschema

from cointrail.errors import CointrailError
from cointrail.evidence.acquisition_form import _checked, acquisition_nodes
from cointrail.evidence.case_graph import CONTEXT, address_node, graph_of, node, ref
from cointrail.evidence.claims import Claim
from cointrail.ledger.addresses import parse_address
from cointrail.ledger.model import read_txid

__all__ = ["CASE_SCHEMA", "case_bundle", "check_case"]

_REF = {"type": "object", "additionalProperties": False, "required": ["@id"], "properties": {"@id": {"type": "string"}}}
_TIME = {
    "type": "object",
    "additionalProperties": False,
    "required": ["@type", "@value"],
    "properties": {
        "@type": {"const": "xsd:dateTime"},
        "@value": {"type": "string", "pattern": r"^[0-9]{4}(-[0-9]{2}){2}T[0-9]{2}(:[0-9]{2}){2}(\.[0-9]+)?Z\Z"},
    },
}
_TEXT = {"type": "string", "pattern": r"\S"}
_REFS = {"anyOf": [_REF, {"type": "array", "minItems": 1, "items": _REF}]}
# What the course asks of each kind of node beyond CASE's own shapes.
_NEEDS = {
    "case-investigation:InvestigativeAction": {
        "uco-core:name": _TEXT,
        "uco-action:startTime": _TIME,
        "uco-action:endTime": _TIME,
        "uco-action:performer": _REF,
        "uco-action:result": _REFS,
    },
    "case-investigation:ProvenanceRecord": {"case-investigation:exhibitNumber": _TEXT, "uco-core:object": _REFS},
    "case-investigation:Authorization": {"case-investigation:authorizationIdentifier": _TEXT},
    "uco-types:Hash": {
        "uco-types:hashMethod": {"const": "SHA256"},
        "uco-types:hashValue": {
            "type": "object",
            "additionalProperties": False,
            "required": ["@type", "@value"],
            "properties": {
                "@type": {"const": "xsd:hexBinary"},
                "@value": {"type": "string", "pattern": r"^[0-9A-Fa-f]{64}\Z"},
            },
        },
    },
    "coin:Address": {"coin:addressValue": _TEXT},
    "coin:Transaction": {"coin:txid": {"type": "string", "pattern": r"^[0-9a-f]{64}\Z"}},
}
CASE_SCHEMA = {
    "type": "object",
    "required": ["@context", "@graph"],
    "additionalProperties": False,
    "properties": {
        "@context": {
            "type": "object",
            "additionalProperties": {"type": "string", "pattern": "^https?://.*[/#]$"},
            "required": ["kb", "case-investigation", "uco-core"],
            "properties": {name: {"const": iri} for name, iri in CONTEXT.items()},
        },
        "@graph": {
            "type": "array",
            "minItems": 1,
            "items": {
                "type": "object",
                "required": ["@id", "@type"],
                "properties": {"@id": _TEXT, "@type": _TEXT},
                "allOf": [
                    {
                        "if": {"properties": {"@type": {"const": kind}}},
                        "then": {"required": list(fields), "properties": fields},
                    }
                    for kind, fields in _NEEDS.items()
                ],
            },
        },
    },
}


def case_bundle(
    *,
    acquisitions: Iterable[Mapping],
    claims: Iterable[Claim] = (),
    addresses: Mapping[str, str | None] | None = None,
    clusters: Iterable[Mapping] = (),
    height: int | None = None,
) -> dict:
    """The CASE/UCO document of a case.

    Parameters
    ----------
    acquisitions : iterable of mapping
        Forms as `acquisition_form` returns them, one for each exhibit.
    claims : iterable of Claim, optional
        Each becomes an action of analysis whose result names its exhibits and transactions.
    addresses : mapping, optional
        Address -> DW-VA concept such as "exchange", or None.
    clusters : iterable of mapping, optional
        Each with name, method and members (addresses).
    height : int, optional
        The last block that was looked at; needed where addresses, clusters or claims are given.

    Returns
    -------
    dict
        JSON-LD, ready for `write_case`; the same case gives the same bytes.

    Raises
    ------
    CointrailError
        A form, address or txid is wrong, or no height is given for what was read from a ledger.
    """
    addresses, claims, clusters = dict(addresses or {}), list(claims), list(clusters)
    if height is None and (addresses or claims or clusters):
        raise CointrailError("Say up to which block the ledger was read: height=... . Later blocks may change a claim.")
    nodes = [part for form in acquisitions for part in acquisition_nodes(_checked(dict(form)))]
    if not nodes:
        raise CointrailError("A bundle needs at least one acquisition: fill in acquisition_form for an exhibit.")
    records = {n["case-investigation:exhibitNumber"]: n for n in nodes if n["@type"].endswith("ProvenanceRecord")}
    known = {address: address_node(_address(address), concept=concept) for address, concept in addresses.items()}
    grouped = [_cluster(cluster, known, height) for cluster in clusters]
    said = [part for claim in claims for part in _claim(claim, records, height)]
    return check_case(graph_of([*nodes, *known.values(), *grouped, *said]))


def _address(address):
    parse_address(address)
    return address


def _cluster(cluster, known, height):
    for address in cluster["members"]:
        known.setdefault(address, address_node(_address(address)))
    return node(
        "coin:Cluster",
        {
            "uco-core:name": cluster["name"],
            "uco-core:description": "A lead made by a rule; it names no owner.",
            "coin:method": cluster["method"],
            "coin:blockHeight": height,
            "coin:member": [ref(known[address]) for address in sorted(cluster["members"])],
        },
    )


def _claim(claim, records, height):
    missing = [exhibit for exhibit in claim.exhibits if exhibit not in records]
    if missing:
        raise CointrailError(
            f"Claim {claim.id} names {missing[0]}, which was not acquired: add its acquisition form to the bundle."
        )
    txids = sorted({*claim.txids, *(name.partition(":")[0] for name in claim.outpoints)})
    moves = [node("coin:Transaction", {"uco-core:name": txid, "coin:txid": read_txid(txid)}) for txid in txids]
    support = [ref(records[exhibit]) for exhibit in claim.exhibits] + [ref(move) for move in moves]
    result = node(
        "uco-core:Annotation" if support else "uco-core:UcoObject",
        {
            "uco-core:name": f"claim {claim.id}",
            "uco-core:statement": claim.claim,
            "uco-core:description": f"confidence: {claim.confidence}. Limits: {claim.limits or 'none stated'}",
            "coin:method": list(claim.methods),
            "coin:blockHeight": height,
            **({"uco-core:object": support} if support else {}),
        },
    )
    return [*moves, result]


def check_case(document: dict) -> dict:
    """The document itself, once its form is in order; nothing in it is fetched or executed.

    Parameters
    ----------
    document : dict
        JSON-LD with a written-out context and a list of nodes.

    Raises
    ------
    CointrailError
        A field is missing or wrong, an id stands there twice, or a reference leads nowhere; the sentence says where.

    Examples
    --------
    >>> check_case({"@context": "https://example.org/context.json", "@graph": []})
    Traceback (most recent call last):
    ...
    cointrail.errors.CointrailError: The context must be written out in the document: a remote one is never fetched.
    """
    if isinstance(document, dict) and isinstance(document.get("@context"), str | list):
        raise CointrailError("The context must be written out in the document: a remote one is never fetched.")
    error = jsonschema.exceptions.best_match(jsonschema.Draft202012Validator(CASE_SCHEMA).iter_errors(document))
    if error:
        raise CointrailError(f"{_place(document, list(error.absolute_path))}: {error.message[:200]}. Correct it.")
    for item in document["@graph"]:
        _check_inside(item, item["@id"])
    ids = [item["@id"] for item in document["@graph"]]
    if doubled := sorted({name for name in ids if ids.count(name) > 1}):
        raise CointrailError(f"The id {doubled[0]} stands on two nodes: give each its own.")
    for item in document["@graph"]:
        for name in _named(item, top=True):
            if name.startswith("kb:") and name not in ids:
                raise CointrailError(f"Node {item['@id']} refers to {name}, which is not in the document: add it.")
    return document


def _check_inside(value, top):
    """Nodes written inside another, such as a file's hash."""
    for part in value.values() if isinstance(value, dict) else value if isinstance(value, list) else ():
        if isinstance(part, dict) and (fields := _NEEDS.get(part.get("@type"))):
            form = {"required": list(fields), "properties": fields}
            error = jsonschema.exceptions.best_match(jsonschema.Draft202012Validator(form).iter_errors(part))
            if error:
                field = f", field {error.absolute_path[0]}" if error.absolute_path else ""
                raise CointrailError(f"Node {top}, its {part['@type']}{field}: {error.message[:200]}. Correct it.")
        _check_inside(part, top)


def _place(document, path):
    if path[:1] == ["@graph"] and len(path) > 1:
        item = document["@graph"][path[1]]
        name = item.get("@id", f"number {path[1] + 1}") if isinstance(item, dict) else f"number {path[1] + 1}"
        return f"Node {name}" + (f", field {path[2]}" if len(path) > 2 else "")
    return f"The field {path[0]}" if path else "The document"


def _named(value, *, top=False):
    """Every id that a node refers to; nodes written inside another are not references."""
    if isinstance(value, dict):
        if set(value) == {"@id"} and not top:
            yield value["@id"]
        for item in value.values():
            yield from _named(item)
    elif isinstance(value, list):
        for item in value:
            yield from _named(item)
