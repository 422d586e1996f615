"""What a schema found wrong, said without regular expressions."""

import json

from jsonschema import Draft202012Validator

from cointrail.evidence.requests import REQUEST_SCHEMA, check_request
from cointrail.evidence.schema_words import schema_words

HURRIED = {
    "kind": "preservation",
    "to": "Example Exchange",
    "payments": [{"address": " ", "txid": "?", "time": "noon", "asset": "coin", "amount": 0}],
}


def test_no_sentence_about_a_hurried_request_shows_a_pattern():
    found = [schema_words(error) for error in Draft202012Validator(REQUEST_SCHEMA).iter_errors(HURRIED)]
    sentences = found + [finding.sentence for finding in check_request(HURRIED)]
    assert len(sentences) > 5
    assert not [sentence for sentence in sentences if "\\" in sentence or "[0-9" in sentence]


def test_every_pattern_of_the_request_has_words():
    patterns = {part.split('"')[1] for part in json.dumps(REQUEST_SCHEMA).split('"pattern": ')[1:]}
    for pattern in patterns:
        pattern = json.loads(f'"{pattern}"')
        error = next(Draft202012Validator({"pattern": pattern}).iter_errors(""))
        assert schema_words(error).startswith("'' is not "), pattern


def test_other_findings_keep_the_validators_words():
    error = next(Draft202012Validator({"minimum": 1}).iter_errors(0))
    assert schema_words(error) == error.message
