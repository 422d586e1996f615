"""Does the proof of the dockets see a changed paper, a reference that leads nowhere, a docket that is too hard?"""

import hashlib
import json
import shutil

import pandas as pd
import pytest

from cointrail.ledger import data_folder
from cointrail.world.docket_checks import BANDS, difficulty, difficulty_findings, link_findings, paper_findings
from cointrail.world.files import WorldFiles, truth_folder

NAME = "glass_harbour"
LISTED = pd.read_parquet(truth_folder() / NAME / "vendors.parquet")["listed_address"].iloc[0]


@pytest.fixture(scope="module")
def table():
    return difficulty(WorldFiles(NAME))


@pytest.fixture
def dockets(tmp_path, monkeypatch):
    """A copy of the world with two small dockets of our own, as (papers, facts of docket A)."""
    data, truth = tmp_path / "datasets" / NAME, tmp_path / "grading" / "truth" / NAME
    data.mkdir(parents=True)
    truth.mkdir(parents=True)
    for part in ("btc", "evm"):
        (data / part).symlink_to(data_folder() / NAME / part)
    manifest = json.loads((data_folder() / NAME / "manifest.json").read_bytes()) | {"dockets": ["A", "B"]}
    (data / "manifest.json").write_text(json.dumps(manifest))
    files, papers = {}, data / "dockets"
    for docket in "AB":
        folder = papers / docket / "exhibits"
        folder.mkdir(parents=True)
        (folder / "note.txt").write_text("SYNTHETIC TRAINING DATA\n")
        (folder / "register.json").write_text(json.dumps([{"id": "E01", "file": "note.txt"}]))
        (truth / "dockets").mkdir(exist_ok=True)
        (truth / "dockets" / f"{docket}.json").write_text(json.dumps({"market": {}, "links": []}))
    for path in sorted(papers.rglob("*.*")):
        files[path.relative_to(papers).as_posix()] = hashlib.sha256(path.read_bytes()).hexdigest()
    (papers / "manifest.json").write_text(json.dumps({"tip": manifest["tip"], "files": files}))
    monkeypatch.setenv("COINTRAIL_DATA", str(tmp_path / "datasets"))
    return papers, truth / "dockets" / "A.json"


def test_the_published_dockets_are_of_equal_difficulty(table):
    assert list(table.columns) == list(BANDS) and list(table.index) == [chr(65 + n) for n in range(24)]
    assert list(difficulty_findings(table)) == []


def test_a_docket_outside_a_band_is_named(table):
    harder = table.copy()
    harder.loc["F", "CoinJoin rounds"] = 30
    assert list(difficulty_findings(harder)) == ["Docket F: CoinJoin rounds is 30, outside 1 to 14."]


def test_decoys_and_rounds_are_those_of_the_truth(table):
    truth = WorldFiles(NAME)
    marks = truth.truth_table("landmarks")
    assert table.loc["A", "decoys"] == (marks["docket"].eq("A") & ~marks["kind"].str.contains("test purchase")).sum()
    assert table.loc["A", "sales"] == truth.truth_table("orders")["docket"].eq("A").sum()


def test_good_papers_and_links_have_no_findings(dockets):
    assert [*paper_findings(WorldFiles(NAME)), *link_findings(WorldFiles(NAME))] == []


@pytest.mark.parametrize(
    ("spoil", "sentence"),
    [
        (lambda papers: (papers / "A/exhibits/note.txt").write_text("changed"), "A/exhibits/note.txt is damaged"),
        (lambda papers: (papers / "A/exhibits/note.txt").unlink(), "A/exhibits/note.txt is missing"),
        (lambda papers: (papers / "B/exhibits/more.txt").write_text("x"), "B/exhibits/more.txt is not in the manifest"),
    ],
)
def test_a_changed_paper_is_found(dockets, spoil, sentence):
    spoil(dockets[0])
    assert any(sentence in finding for finding in paper_findings(WorldFiles(NAME)))


def test_a_docket_with_fewer_exhibits_than_others_is_found(dockets):
    shutil.rmtree(dockets[0] / "B")
    assert "Docket B lacks exhibit E01, unlike others." in list(paper_findings(WorldFiles(NAME)))


def test_dockets_of_another_chain_are_found(dockets):
    manifest = json.loads((dockets[0] / "manifest.json").read_bytes())
    (dockets[0] / "manifest.json").write_text(json.dumps(manifest | {"tip": "00" * 32}))
    assert any("made on another chain" in finding for finding in paper_findings(WorldFiles(NAME)))


@pytest.mark.parametrize(
    ("kind", "reference", "good"),
    [
        ("address", LISTED, True),
        ("address", "nowhere", False),
        ("txid", "00" * 32, False),
        ("not in the ledger", "00" * 32, True),
        ("not in the ledger", LISTED, False),
        ("handle", LISTED, False),
    ],
)
def test_references_resolve_or_are_named(dockets, kind, reference, good):
    content = {"market": {}, "links": [{"exhibit": "E01", "kind": kind, "reference": reference}]}
    dockets[1].write_text(json.dumps(content))
    assert (list(link_findings(WorldFiles(NAME))) == []) == good


def test_an_address_of_the_account_chain_may_carry_syn(dockets):
    address = pd.read_parquet(dockets[0].parent / "evm" / "token_transfers.parquet")["to_address"].iloc[0]
    content = {"market": {}, "links": [{"exhibit": "E01", "kind": "address", "reference": f"syn:{address}"}]}
    dockets[1].write_text(json.dumps(content))
    assert list(link_findings(WorldFiles(NAME))) == []


def test_a_docket_without_facts_that_others_have_is_found(dockets):
    dockets[1].write_text(json.dumps({"links": []}))
    assert list(link_findings(WorldFiles(NAME))) == ["Docket A has no facts about market."]
