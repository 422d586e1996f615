"""Nodes of a CASE/UCO graph: the small alphabet that a record of evidence is written in.

CASE 1.4.0 describes an investigation as JSON-LD. It has no word for a coin's address, a transaction or a cluster, so
`VOCABULARY` adds those three (and a link to a concept of INTERPOL's DW-VA taxonomy) under a name of the course's own.
Everything needed to read a record stands in the record: its context is written out, and nothing is fetched.

Ids are UUIDs made from what a node says (RFC 9562, version 5), so the same record has the same bytes.
"""

import json
import uuid

__all__ = ["CONTEXT", "DWVA", "VOCABULARY", "address_node", "graph_of", "node", "ref", "sha256_of", "time_of"]

CONTEXT = {
    "kb": "http://example.org/kb/",
    "coin": "http://example.org/cointrail/vocabulary/",
    "case-investigation": "https://ontology.caseontology.org/case/investigation/",
    "uco-action": "https://ontology.unifiedcyberontology.org/uco/action/",
    "uco-core": "https://ontology.unifiedcyberontology.org/uco/core/",
    "uco-identity": "https://ontology.unifiedcyberontology.org/uco/identity/",
    "uco-observable": "https://ontology.unifiedcyberontology.org/uco/observable/",
    "uco-tool": "https://ontology.unifiedcyberontology.org/uco/tool/",
    "uco-types": "https://ontology.unifiedcyberontology.org/uco/types/",
    "owl": "http://www.w3.org/2002/07/owl#",
    "rdfs": "http://www.w3.org/2000/01/rdf-schema#",
    "xsd": "http://www.w3.org/2001/XMLSchema#",
}
DWVA = "https://interpol-innovation-centre.github.io/DW-VA-Taxonomy/taxonomies/entities#"
_ROOM = uuid.uuid5(uuid.NAMESPACE_URL, "http://example.org/cointrail/")

_CLASSES = {
    "Address": "An address of a synthetic ledger. It names a lock, not a person.",
    "Transaction": "A transaction of a synthetic ledger, named by its txid.",
    "Cluster": "Addresses that a stated rule puts together. A lead, not an owner.",
}
_PROPERTIES = {
    "addressValue": "The address as text.",
    "txid": "The transaction's id: 64 hex digits.",
    "member": "An address of a cluster.",
    "method": "The rule that made a cluster or a claim.",
    "blockHeight": "The last block that was looked at.",
    "concept": "A concept of the DW-VA taxonomy, by its IRI.",
}


def _term(name, kind, words, **more):
    return {"@id": f"coin:{name}", "@type": kind, "rdfs:comment": words, **more}


VOCABULARY = [
    *(
        _term(name, "owl:Class", words, **{"rdfs:subClassOf": {"@id": "uco-observable:ObservableObject"}})
        for name, words in _CLASSES.items()
    ),
    *(
        _term(name, "owl:ObjectProperty" if name in ("member", "concept") else "owl:DatatypeProperty", words)
        for name, words in _PROPERTIES.items()
    ),
]


def node(kind: str, said: dict) -> dict:
    """A node of the graph: its type, an id made from all it says, and what it says.

    Examples
    --------
    >>> node("uco-identity:Person", {"uco-core:name": "Officer 17"})["@id"][:10]
    'kb:Person-'
    """
    text = json.dumps([kind, said], sort_keys=True, ensure_ascii=False)
    name = kind.rpartition(":")[2]
    return {"@id": f"kb:{name}-{uuid.uuid5(_ROOM, text)}", "@type": kind, **said}


def ref(other: dict) -> dict:
    """A reference to a node."""
    return {"@id": other["@id"]}


def time_of(text: str) -> dict:
    """A time as CASE wants it."""
    return {"@type": "xsd:dateTime", "@value": text}


def sha256_of(digest: str) -> dict:
    """The SHA-256 of a file, as a UCO hash."""
    return node(
        "uco-types:Hash",
        {
            "uco-types:hashMethod": "SHA256",
            "uco-types:hashValue": {"@type": "xsd:hexBinary", "@value": digest.upper()},
        },
    )


def address_node(address: str, *, concept: str | None = None) -> dict:
    """An address, with a concept of the DW-VA taxonomy where one is known (such as "exchange")."""
    said = {"uco-core:name": address, "coin:addressValue": address}
    if concept is not None:
        said["coin:concept"] = {"@id": DWVA + concept}
    return node("coin:Address", said)


def graph_of(nodes: list[dict]) -> dict:
    """The whole JSON-LD document: context, vocabulary, and every node once."""
    once = {item["@id"]: item for item in [*VOCABULARY, *nodes]}
    return {"@context": CONTEXT, "@graph": list(once.values())}
