"""The frame of the dockets: papers, their safety, registers and facts."""

import hashlib
import json

import pytest

from cointrail import CointrailError
from cointrail.exercises import Case
from cointrail.ledger.parquet import BANNER
from cointrail.world.dockets.cast import ROLES
from cointrail.world.dockets.make import _write_papers, make_dockets
from cointrail.world.dockets.paper import WIDTH, csv_paper, html_paper, json_paper, paragraph, pdf_paper, text_paper
from cointrail.world.dockets.source import Records, Source

REGISTER = {
    "title": "A paper",
    "source": "A desk",
    "acquired": "2026-10-20T06:00:00Z",
    "authority": "Order SE-26-A-01",
    "reliability": "B2",
}
MAKERS = [
    lambda text: text_paper("E90", "a.txt", text, **REGISTER),
    lambda text: csv_paper("E91", "a.csv", ["note"], [(text,)], **REGISTER),
    lambda text: json_paper("E92", "a.json", {"note": text}, **REGISTER),
    lambda text: html_paper("E93", "a.html", f"<p>{text}</p>", **REGISTER),
    lambda text: pdf_paper("E94", "a.pdf", text, **REGISTER),
]


@pytest.fixture(scope="module")
def records():
    return Records("glass_harbour")


@pytest.mark.parametrize("make", MAKERS[:4])
def test_every_paper_carries_the_banner(make):
    assert BANNER in make("words").data.decode()


def test_a_letter_fits_the_page_and_breaks_neither_a_txid_nor_a_date():
    txid = "ab" * 32
    lines = paragraph(f"On 2026-10-20 the transaction {txid} was seen. {'word ' * 40}", head=" 1. ").splitlines()
    assert all(len(line) <= WIDTH for line in lines) and any(txid in line for line in lines)
    assert lines[0].startswith(" 1. On 2026-10-20") and all(line.startswith("    ") for line in lines[1:])


def test_a_pdf_carries_the_banner_and_is_the_same_bytes_each_time():
    from io import BytesIO

    from pypdf import PdfReader

    one, two = (MAKERS[4]("Some words.") for _ in range(2))
    assert one.data == two.data
    assert "SYNTHETIC TRAINING DATA" in PdfReader(BytesIO(one.data)).pages[0].extract_text()


@pytest.mark.parametrize("make", MAKERS)
@pytest.mark.parametrize("unsafe", ["shop.com", "8.8.8.8", "1BoatSLRHtKNngkdXEeobR76b53LETtpyT"])
def test_what_could_be_real_is_refused(make, unsafe):
    with pytest.raises(CointrailError, match="could be real"):
        make(unsafe)


def test_papers_are_filed_with_their_hash_and_a_second_id_is_refused(tmp_path):
    papers = [make("words") for make in MAKERS]
    _write_papers(tmp_path, papers)
    register = json.loads((tmp_path / "exhibits" / "register.json").read_text())
    for line in register:
        data = (tmp_path / "exhibits" / line["file"]).read_bytes()
        assert hashlib.sha256(data).hexdigest() == line["sha256"]
    with pytest.raises(CointrailError, match="E90"):
        _write_papers(tmp_path, [papers[0], papers[0]])


def test_nobody_has_two_roles_and_no_suspect_two_dockets(records):
    casts = [Source(records, letter).cast for letter in records.manifest["dockets"]]
    for cast in casts:
        assert len({cast[role].name for role in ROLES}) == len(ROLES)
    assert len({cast["suspect"].name for cast in casts}) == len(casts)


def test_streams_differ_between_dockets(records):
    assert Source(records, "A").stream("x").bytes() != Source(records, "B").stream("x").bytes()


def test_an_unknown_docket_is_refused():
    with pytest.raises(CointrailError, match="no docket 'Z'"):
        make_dockets("glass_harbour", "Z")


def test_a_case_finds_shared_papers_too_and_says_that_a_pdf_is_no_text(tmp_path, monkeypatch):
    monkeypatch.setenv("COINTRAIL_DATA", str(tmp_path))
    _write_papers(tmp_path / "w" / "dockets" / "A", [MAKERS[0]("own"), MAKERS[4]("own")])
    _write_papers(tmp_path / "w" / "dockets" / "shared", [MAKERS[3]("law")])
    case = Case("w", "A")
    assert list(case.exhibits["id"]) == ["E90", "E94", "E93"]
    assert "law" in case.exhibit("E93")
    with pytest.raises(CointrailError, match="is a PDF"):
        case.exhibit("E94")
