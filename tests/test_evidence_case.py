"""Is a CASE record the same to us as to CASE's own validator, and does it say what the form said?"""

import copy
import doctest
import json
import subprocess
import sys
from pathlib import Path

import pytest

from cointrail.errors import CointrailError
from cointrail.evidence import (
    Claim,
    acquisition_case,
    acquisition_form,
    case_bundle,
    case_graph,
    check_case,
    times,
    write_case,
)
from cointrail.evidence import acquisition_form as _form_function
from cointrail.evidence import case_bundle as _bundle_function

ADDRESS = "bcrt1qzyg3zyg3zyg3zyg3zyg3zyg3zyg3zyg3lgth6c"
GIVEN = {
    "exhibit": "E90",
    "file": "page.html",
    "sha256": "ab" * 32,
    "source": "a training page",
    "acquired": "2026-03-20T09:30:00+07:00",
    "acquirer": "Officer 17",
    "authority": "Order T-1",
    "method": "saved with a browser",
}


def bundle():
    claim = Claim(
        id="C1",
        claim="The address received coins.",
        methods=["ledger_fact"],
        confidence="strong",
        exhibits=["E90"],
        txids=["cd" * 32],
    )
    cluster = {"name": "cluster 1", "method": "common_input_ownership", "members": [ADDRESS]}
    return case_bundle(
        acquisitions=[acquisition_form(**GIVEN)],
        claims=[claim],
        addresses={ADDRESS: "exchange"},
        clusters=[cluster],
        height=5,
    )


def verdict_of_case(document, folder):
    """What case-utils' own command says: True where the document conforms, warnings included."""
    file = folder / "record.jsonld"
    write_case(document, file)
    command = Path(sys.executable).with_name("case_validate")
    if not command.exists():
        pytest.skip("case-utils is not installed here: it belongs to the dev group")
    ran = subprocess.run([command, "--built-version", "case-1.4.0", file], capture_output=True, text=True)
    assert "Conforms:" in ran.stdout, ran.stderr
    return ran.returncode == 0


def changed(kind, field, value):
    """The bundle with one field of the first node of a kind changed, or taken away."""
    document = copy.deepcopy(bundle())
    for item in _all_nodes(document["@graph"]):
        if item.get("@type") == kind:
            if value is None:
                del item[field]
            else:
                item[field] = value
            return document
    raise AssertionError(kind)


def _all_nodes(value):
    if isinstance(value, dict):
        yield value
        value = list(value.values())
    if isinstance(value, list):
        for item in value:
            yield from _all_nodes(item)


def test_the_record_of_a_form_and_the_bundle_conform_to_case(tmp_path):
    for document in (acquisition_case(acquisition_form(**GIVEN)), bundle()):
        assert check_case(document) == document
        assert verdict_of_case(document, tmp_path)


@pytest.mark.parametrize(
    ("kind", "field", "value"),
    [
        ("case-investigation:InvestigativeAction", "uco-action:startTime", "yesterday"),
        ("case-investigation:InvestigativeAction", "uco-action:performer", "Officer 17"),
        ("case-investigation:ProvenanceRecord", "case-investigation:exhibitNumber", 90),
        ("uco-types:Hash", "uco-types:hashValue", "ab" * 32),
        ("uco-types:Hash", "uco-types:hashMethod", None),
    ],
)
def test_what_case_refuses_we_refuse_in_a_sentence(kind, field, value, tmp_path):
    document = changed(kind, field, value)
    with pytest.raises(CointrailError, match=r"kb:|field"):
        check_case(document)
    assert not verdict_of_case(document, tmp_path)


def test_a_hash_inside_a_file_is_checked_too():
    with pytest.raises(CointrailError, match="hashValue"):
        check_case(changed("uco-types:Hash", "uco-types:hashValue", {"@type": "xsd:hexBinary", "@value": "ab"}))


def test_a_reference_that_leads_nowhere_and_a_doubled_id_are_found():
    document = changed("case-investigation:InvestigativeAction", "uco-action:performer", {"@id": "kb:Person-none"})
    with pytest.raises(CointrailError, match="kb:Person-none, which is not in the document"):
        check_case(document)
    document = bundle()
    document["@graph"].append(document["@graph"][-1])
    with pytest.raises(CointrailError, match="stands on two nodes"):
        check_case(document)


@pytest.mark.parametrize("context", ["https://example.org/context.json", ["https://example.org/context.json", {}]])
def test_a_remote_context_is_refused(context):
    with pytest.raises(CointrailError, match="never fetched"):
        check_case({**bundle(), "@context": context})


def test_the_record_says_what_the_form_says():
    text = json.dumps(acquisition_case(acquisition_form(**GIVEN)))
    for said in ("2026-03-20T02:30:00Z", "AB" * 32, "Officer 17", "Order T-1", "E90", "page.html"):
        assert said in text


def test_the_same_case_has_the_same_bytes(tmp_path):
    write_case(bundle(), tmp_path / "a")
    write_case(bundle(), tmp_path / "b")
    assert (tmp_path / "a").read_bytes() == (tmp_path / "b").read_bytes()


@pytest.mark.parametrize("field", sorted(GIVEN))
def test_an_empty_field_of_the_form_is_named(field):
    for empty in (None, "", ...):
        with pytest.raises(CointrailError, match=f"'{field}'|time"):
            acquisition_form(**{**GIVEN, field: empty})


@pytest.mark.parametrize(
    ("changes", "words"),
    [({"acquired": "2026-03-20T09:30:00"}, "names no zone"), ({"sha256": "ab" * 20}, "sha256"), ({"file": 3}, "file")],
)
def test_a_wrong_field_of_the_form_is_refused(changes, words):
    with pytest.raises(CointrailError, match=words):
        acquisition_form(**{**GIVEN, **changes})


def test_a_claim_needs_its_exhibit_and_its_height():
    claim = Claim(id="C9", claim="x", methods=["fee"], confidence="weak", exhibits=["E91"])
    with pytest.raises(CointrailError, match="E91, which was not acquired"):
        case_bundle(acquisitions=[acquisition_form(**GIVEN)], claims=[claim], height=3)
    with pytest.raises(CointrailError, match="up to which block"):
        case_bundle(acquisitions=[acquisition_form(**GIVEN)], claims=[claim])


@pytest.mark.parametrize("module", [case_graph, times])
def test_the_examples_run(module):
    assert doctest.testmod(module).failed == 0


def test_the_examples_of_form_and_bundle_run():
    for function in (_form_function, _bundle_function):
        assert doctest.testmod(sys.modules[function.__module__]).failed == 0
