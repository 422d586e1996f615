"""Does a bundle hold what it promises, and can another analyst repeat its numbers without the course?"""

import json
import subprocess
import sys
from random import Random

import networkx
import pandas as pd
import pytest
from pypdf import PdfReader

from cointrail.cli import main
from cointrail.errors import CointrailError
from cointrail.evidence import Claim, check_case, read_manifest, verify_manifest, write_claims
from cointrail.evidence.numbers import check_numbers
from cointrail.evidence.rederive import derive
from cointrail.exercises.case import Case
from cointrail.ledger import data_folder, load_ledger
from cointrail.tracing import balance_at, cluster_of, read_tagpack, total_received, write_tagpack

LEDGER = load_ledger("primer")
EXHIBITS = Case("primer", "A").exhibits["id"].tolist()


def an_address():
    """One that received and spent, so that balance and received differ."""
    spent = LEDGER.inputs["addresses"].str[0].value_counts()
    return str(spent.index[0])


ADDRESS = an_address()
SPEND = LEDGER.inputs[LEDGER.inputs["addresses"].str[0] == ADDRESS].iloc[0]


def numbers():
    cluster = cluster_of(LEDGER, ADDRESS, height=200)
    given = {
        "balance": (balance_at(LEDGER, ADDRESS, 200), {"address": ADDRESS, "height": 200}),
        "received": (total_received(LEDGER, ADDRESS, height=200), {"address": ADDRESS, "height": 200}),
        "fee": (
            int(LEDGER.transaction(SPEND["transaction_hash"])["fee"]),
            {"txid": SPEND["transaction_hash"]},
        ),
        "cluster_size": (len(cluster), {"address": ADDRESS, "height": 200}),
        "steps_of_path": (1, {"txids": [SPEND["spent_transaction_hash"], SPEND["transaction_hash"]]}),
    }
    return [
        {"claim": "C1", "name": what.replace("_", " "), "value": int(value), "how": {"what": what, **how}}
        for what, (value, how) in given.items()
    ]


@pytest.fixture
def folder(tmp_path):
    claim = Claim(
        id="C1",
        claim="The address received and spent coins up to block 200.",
        methods=["balance"],
        confidence="strong",
        exhibits=[EXHIBITS[0]],
        txids=[SPEND["transaction_hash"]],
        limits="Who held its key is not shown.",
    )
    write_claims([claim], tmp_path / "claims.json")
    (tmp_path / "numbers.json").write_text(json.dumps(numbers()))
    about = {"title": "Training report", "author": "Unit 5", "world": "primer", "height": 200}
    about["ambiguity"] = ["Who held the key of the address is not shown."]
    (tmp_path / "about.json").write_text(json.dumps(about))
    tag = {"address": ADDRESS, "label": "till", "source": EXHIBITS[0], "currency": "SYNBTC", "confidence": "web_crawl"}
    write_tagpack({"title": "T", "creator": "Unit 5", "tags": [tag]}, tmp_path / "tags.yaml")
    return tmp_path


def bundle(folder, *words):
    return main(["bundle", str(folder), str(folder / "out"), "--docket", "A", *words])


def test_the_bundle_is_whole_and_its_parts_agree(folder):
    assert bundle(folder) == 0
    out = folder / "out"
    assert verify_manifest(out, read_manifest(out / "manifest.sha256"), leave_out=["manifest.sha256"]) == []
    record = check_case(json.loads((out / "case.jsonld").read_text()))
    assert ADDRESS in json.dumps(record)
    assert read_tagpack(out / "tags.yaml")["tags"][0]["address"] == ADDRESS
    text = "".join(page.extract_text() for page in PdfReader(out / "report.pdf").pages)
    page = (out / "report.html").read_text()
    for said in ("Training report", "received and spent coins up to block 200", "Who held its key", "SYNTHETIC"):
        assert said in " ".join(text.split())
        assert said in page
    taken = Case("primer", "A").exhibits.iloc[0]
    assert all(taken[name] in page and taken[name] in text for name in ("sha256", "acquired", "acquirer"))
    assert "<img" in page
    assert f"{numbers()[0]['value']:,}" in text


def test_the_same_folder_gives_the_same_bytes(folder):
    assert bundle(folder) == 0
    first = read_manifest(folder / "out" / "manifest.sha256")
    assert bundle(folder) == 0
    assert read_manifest(folder / "out" / "manifest.sha256") == first


def test_another_analyst_repeats_the_numbers_with_pandas_alone(folder):
    """The copied script imports nothing of the course (-S -I would hide pandas too, so the import is looked for)."""
    bundle(folder)
    out = folder / "out"
    assert "cointrail" not in (out / "rederive.py").read_text()
    command = [sys.executable, out / "rederive.py", out / "numbers.json", data_folder() / "primer" / "btc"]
    ran = subprocess.run(command, capture_output=True, text=True)
    assert ran.returncode == 0, ran.stdout + ran.stderr
    assert ran.stdout.count("agrees") == len(numbers())
    forged = numbers()
    forged[0]["value"] += 1
    (out / "numbers.json").write_text(json.dumps(forged))
    ran = subprocess.run(command, capture_output=True, text=True)
    assert ran.returncode == 1
    assert ran.stdout.count("DIFFERS") == 1


def test_no_number_looks_further_than_the_report(folder, capsys):
    late = {"what": "received", "address": ADDRESS, "height": 201}
    total = int(total_received(LEDGER, ADDRESS, height=201))
    (folder / "numbers.json").write_text(json.dumps([{"claim": "C1", "name": "late", "value": total, "how": late}]))
    assert bundle(folder) == 2
    assert "up to block 201" in capsys.readouterr().err


def test_an_over_claim_stops_the_bundle_and_marks_a_draft(folder, capsys):
    claim = Claim(id="C1", claim="This proves a link.", methods=["change"], confidence="weak", exhibits=[EXHIBITS[0]])
    write_claims([claim], folder / "claims.json")
    assert bundle(folder) == 2
    assert "'proves'" in capsys.readouterr().err
    assert bundle(folder, "--draft") == 0
    assert "Draft: remarks" in (folder / "out" / "report.html").read_text()


@pytest.mark.parametrize(
    ("change", "words"),
    [
        (lambda n: {**n, "value": n["value"] + 1}, "the ledger shows"),
        (lambda n: {**n, "how": {**n["how"], "height": 10_000}}, "ends at block"),
        (lambda n: {**n, "how": {"what": "balance", "address": ADDRESS}}, "needs 'height'"),
        (lambda n: {**n, "how": {**n["how"], "colour": 1}}, "takes no 'colour'"),
        (lambda n: {**n, "how": {"what": "guess"}}, "Number 1"),
        (lambda n: {**n, "how": {"what": "output_value", "outpoint": "ab:0"}}, "holds nothing of that name"),
    ],
)
def test_a_number_that_does_not_hold_is_refused(change, words):
    with pytest.raises(CointrailError, match=words):
        check_numbers([change(numbers()[0])], LEDGER)


@pytest.mark.parametrize("field", ["title", "author", "world", "height", "ambiguity"])
def test_a_bundle_without_its_frame_is_refused(folder, field, capsys):
    about = json.loads((folder / "about.json").read_text())
    del about[field]
    (folder / "about.json").write_text(json.dumps(about))
    assert bundle(folder) == 2
    assert f"'{field}'" in capsys.readouterr().err


def test_the_examples_run():
    import doctest

    from cointrail.evidence import numbers as numbers_module
    from cointrail.evidence import report

    for module in (numbers_module, report):
        assert doctest.testmod(module).failed == 0


def test_the_size_of_a_cluster_is_that_of_a_connected_component():
    """networkx is the judge: 200 addresses joined at random, in chains long enough for every shortcut."""
    stream = Random(7)
    pairs = [(f"a{stream.randrange(200)}", f"a{stream.randrange(200)}") for _ in range(180)]
    rows = [(f"t{n}", [name], 1) for n, pair in enumerate(pairs) for name in pair]
    inputs = pd.DataFrame(rows, columns=["transaction_hash", "addresses", "value"])
    transactions = pd.DataFrame({"hash": [f"t{n}" for n in range(180)], "block_number": 1})
    graph = networkx.Graph(pairs)
    for name in graph:
        size = derive(
            {"inputs": inputs, "transactions": transactions}, {"what": "cluster_size", "address": name, "height": 1}
        )
        assert size == len(networkx.node_connected_component(graph, name))
