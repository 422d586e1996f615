"""The form of a TagPack as a JSON schema, with the levels of confidence and the concepts of GraphSense's taxonomies."""

__all__ = ["CONCEPTS", "CONFIDENCE", "FORM", "HEAD", "INHERITED", "MUST", "TAG", "TAGPACK_SCHEMA"]

# The levels of GraphSense's taxonomy, 0 to 100: how a tag was learned says how far it carries.
CONFIDENCE = {
    "override": 100,
    "ownership": 100,
    "ledger_immanent": 100,
    "manual_transaction": 90,
    "service_api": 70,
    "forensic_investigation": 70,
    "authority_data": 60,
    "trusted_provider": 50,
    "service_data": 50,
    "forensic": 50,
    "untrusted_transaction": 40,
    "web_crawl": 20,
    "heuristic": 10,
    "unknown": 5,
}
# Those the course uses of GraphSense's concepts.
CONCEPTS = (
    "exchange market mixing_service coinjoin mixing payment_processor atm defi_bridge defi_dex hot_wallet cold_wallet "
    "user organization victim perpetrator drugs money_laundering dark_web forum_mention website_mention sanction"
).split()

_TEXT = {"type": "string", "pattern": r"\S"}
_CODE = {"type": "string", "pattern": r"^SYN[A-Z]+\Z"}
_CONCEPT = {"enum": CONCEPTS}
MUST = ("label", "source", "currency", "confidence")
INHERITED = {
    "label": _TEXT,
    "source": _TEXT,
    "currency": _CODE,
    "network": _CODE,
    "confidence": {"enum": list(CONFIDENCE)},
    "context": _TEXT,
    "is_cluster_definer": {"type": "boolean"},
    "lastmod": {"type": "string", "pattern": r"^[0-9]{4}(-[0-9]{2}){2}(T[0-9]{2}(:[0-9]{2}){2}(\.[0-9]+)?Z)?\Z"},
    "category": _CONCEPT,
    "abuse": _CONCEPT,
    "actor": _TEXT,
    "concepts": {"type": "array", "items": _CONCEPT, "uniqueItems": True},
    "tag_type": {"enum": ["actor", "event", "mention"]},
}
TAG = {
    "type": "object",
    "additionalProperties": False,
    "properties": {"address": _TEXT, "tx_hash": _TEXT, **INHERITED},
    "oneOf": [{"required": ["address"]}, {"required": ["tx_hash"]}],
}
HEAD = {"title": _TEXT, "creator": _TEXT, "description": _TEXT, "owner": _TEXT, "is_public": {"type": "boolean"}}
FORM = {
    "type": "object",
    "additionalProperties": False,
    "required": ["title", "creator", "tags"],
    "properties": {**HEAD, "tags": {"type": "array", "minItems": 1, "items": TAG}, **INHERITED},
}
# A needed field stands in the head or in every tag.
TAGPACK_SCHEMA = {
    **FORM,
    "allOf": [
        {"anyOf": [{"required": [name]}, {"properties": {"tags": {"items": {"required": [name]}}}}]} for name in MUST
    ],
}
