"""DW-VA: the course's words have the taxonomy's own identifiers, and what is written is RDF that others read."""

import json

import pandas as pd
import pytest

from cointrail.errors import CointrailError
from cointrail.tracing import dwva_concept, dwva_text, read_dwva, write_dwva
from cointrail.tracing.dwva import DWVA
from cointrail.tracing.tagpack import CONCEPTS

ADDRESS = "bcrt1qzyg3zyg3zyg3zyg3zyg3zyg3zyg3zyg3lgth6c"
ROWS = [
    ("SYNBTC", ADDRESS.upper(), "vendor"),
    ("SYNBTC", ADDRESS, "exit-scam"),
    ("SYNBTC", "AB" * 32, "coinjoin"),
    ("SYNEVM", "syn:0x" + "9F" * 20, DWVA["exchange"].iri),
]


def statements(rows=ROWS):
    return pd.DataFrame(rows, columns=["currency", "subject", "concept"])


def test_identifiers_are_the_taxonomys_with_their_quirks():
    site = "https://interpol-innovation-centre.github.io/DW-VA-Taxonomy/taxonomies/"
    assert DWVA["exit-scam"].iri == site + "entities#exit-scam"
    assert DWVA["fe_finalize_early"].iri == site + "entities#fe_finalize_early"
    assert DWVA["hosted-wallet"].iri == site + "entities#hosted-wallet"
    abuses = {name for name, one in DWVA.items() if one.group == "abuse"}
    assert abuses == {"scam", "sextortion", "phishing", "service_hack", "ransomware", "ponzi_scheme"}
    assert all(DWVA[name].iri == f"{site}abuses#{name}" for name in abuses)


def test_there_is_no_word_for_drug_trafficking():
    with pytest.raises(CointrailError, match="no concept"):
        dwva_concept("drugs")
    assert "drugs" in CONCEPTS


def test_words_that_graphsense_has_too_are_its_words():
    assert {one.graphsense for one in DWVA.values()} - {""} <= set(CONCEPTS)


def test_what_is_written_reads_the_same_again(tmp_path):
    write_dwva(statements(), tmp_path / "a.json")
    table = read_dwva(tmp_path / "a.json")
    assert table.values.tolist() == [
        ["SYNBTC", "ab" * 32, "coinjoin"],
        ["SYNBTC", ADDRESS, "exit-scam"],
        ["SYNBTC", ADDRESS, "vendor"],
        ["SYNEVM", "0x" + "9f" * 20, "exchange"],
    ]
    write_dwva(table, tmp_path / "b.json")
    assert (tmp_path / "a.json").read_bytes() == (tmp_path / "b.json").read_bytes()


def test_an_rdf_library_finds_the_same_statements(tmp_path):
    rdflib = pytest.importorskip("rdflib", reason="rdflib comes with the developers' packages")
    write_dwva(statements(), tmp_path / "a.json")
    graph = rdflib.Graph().parse(tmp_path / "a.json", format="json-ld")
    found = {(str(subject), str(word)) for subject, word in graph.subject_objects(rdflib.DCTERMS.subject)}
    assert (f"urn:SYNBTC:{ADDRESS}", DWVA["vendor"].iri) in found and len(found) == len(ROWS)


@pytest.mark.parametrize(
    ("row", "sentence"),
    [
        (("SYNBTC", ADDRESS, "vendors"), "Statement 1: .*Near: vendor"),
        (("SYNBTC", ADDRESS, "https://other.example/entities#vendor"), "no concept"),
        (("SYNBTC", ADDRESS[:-1] + "d", "vendor"), "Statement 1"),
        (("BTC", ADDRESS, "vendor"), "no code of the course"),
        (("SYNEVM", "0x12", "vendor"), "no address of an account chain"),
        (("SYNXMR", "a b", "vendor"), "no address or txid"),
        (("SYNBTC", ADDRESS, None), "no concept"),
    ],
)
def test_a_wrong_statement_is_named(tmp_path, row, sentence):
    with pytest.raises(CointrailError, match=sentence):
        write_dwva(statements([row]), tmp_path / "a.json")


@pytest.mark.parametrize("text", ["", "[]", '{"@graph": [3]}', '{"@graph": [{"@id": "x"}]}', "[" * 9000])
def test_a_file_of_something_else_is_refused(tmp_path, text):
    (tmp_path / "a.json").write_text(text, encoding="utf-8")
    with pytest.raises(CointrailError):
        read_dwva(tmp_path / "a.json")
    with pytest.raises(CointrailError, match="holds no DW-VA"):
        read_dwva(tmp_path / "none.json")
    with pytest.raises(CointrailError, match="no column 'concept'"):
        write_dwva(statements()[["currency", "subject"]], tmp_path / "a.json")


def test_tags_that_were_withdrawn_or_left_open_are_not_said():
    table = pd.DataFrame({"name": ["S1", "S2", "S3"], "address": [ADDRESS, "other", "third"]})
    levels = {"S1": "WEB_CRAWL", "S2": "withdraw", "S3": ...}
    graph = json.loads(dwva_text(table, levels, {"S1": "vendor", "S2": "vendor"}))["@graph"]
    assert [one["@id"] for one in graph] == [f"urn:SYNBTC:{ADDRESS}"]
    assert dwva_text(table, ..., {}) == "No tag is left, so there is nothing to say."
