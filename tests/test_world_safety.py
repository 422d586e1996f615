"""Is everything in datasets/ unmistakably synthetic?"""

import re

import pyarrow.parquet as pq
import pytest
from embit.networks import NETWORKS
from embit.script import Script
from pypdf import PdfReader

from cointrail.ledger import data_folder
from cointrail.ledger.block import parse_block
from cointrail.ledger.blockfile import REGTEST_MAGIC, read_blocks
from cointrail.world.safety import real_addresses, real_hosts

BANNER = "SYNTHETIC TRAINING DATA"
FILES = [path for path in sorted(data_folder().rglob("*")) if path.is_file()]
KINDS = {".txt", ".csv", ".json", ".jsonl", ".md", ".html", ".eml", ".asc"}
TEXTS = [path for path in FILES if path.suffix in KINDS and "keys" not in path.parts]
# Reserved for stories: the numbers that Ofcom (United Kingdom) gives to nobody. A device's number of fifteen digits and
# a hash are no telephone.
PHONE = re.compile(r"\+\d[\d ()-]{7,}")
FICTION = re.compile(r"\+44 7700 900\d{3}")


@pytest.mark.parametrize("path", TEXTS, ids=lambda path: path.relative_to(data_folder()).as_posix())
def test_a_text_carries_the_banner_and_names_nothing_real(path):
    text = path.read_text(encoding="utf-8")
    assert BANNER in text
    assert real_addresses(text) == []
    assert real_hosts(text) == []
    assert [number for number in PHONE.findall(text) if not FICTION.match(number)] == []


@pytest.mark.parametrize("path", [path for path in FILES if path.suffix == ".pdf"], ids=lambda path: path.parts[-3])
def test_a_pdf_carries_the_banner_on_every_page_and_names_nothing_real(path):
    pages = [page.extract_text() for page in PdfReader(path).pages]
    assert all(BANNER in page for page in pages)
    text = "\n".join(pages)
    assert real_addresses(text) == [] and real_hosts(text) == []


def test_every_kind_of_file_is_looked_at():
    assert {path.suffix for path in FILES} <= KINDS | {".pdf", ".parquet", ".dat"}


def test_no_key_file_holds_a_mainnet_address():
    for path in FILES:
        if "keys" in path.parts:
            assert real_addresses(path.read_text(encoding="utf-8")) == []


@pytest.mark.parametrize("path", [path for path in FILES if path.suffix == ".parquet"], ids=lambda path: path.name)
def test_a_table_carries_the_banner_and_no_mainnet_address(path):
    table = pq.read_table(path)
    assert BANNER.encode() in table.schema.metadata[b"banner"]
    for column in table.columns:
        assert real_addresses(" ".join(map(str, column.to_pylist()))) == []


@pytest.mark.parametrize("path", [path for path in FILES if path.suffix == ".dat"], ids=lambda path: path.name)
def test_every_block_is_of_regtest_and_carries_the_banner(path):
    assert path.read_bytes()[:4] == REGTEST_MAGIC
    for raw in read_blocks(path):
        assert BANNER.encode() in parse_block(raw).transactions[0].inputs[0].script


@pytest.mark.parametrize("script", ["0014" + "11" * 20, "5120" + "11" * 32, "76a914" + "11" * 20 + "88ac"])
def test_a_mainnet_address_would_be_found(script):
    address = Script(bytes.fromhex(script)).address(NETWORKS["main"])
    assert real_addresses(f"pay to {address}, please") == [address]
    assert real_addresses(f"pay to {Script(bytes.fromhex(script)).address(NETWORKS['regtest'])}, please") == []


def test_open_hosts_would_be_found_and_reserved_ones_are_not():
    assert real_hosts("see www.wikipedia.org or 8.8.8.8") == ["www.wikipedia.org", "8.8.8.8"]
    assert real_hosts("see stalls.invalid, a.example, x@example.org, 192.0.2.7 and prices.csv") == []


def test_names_never_end_in_a_public_domain():
    assert real_hosts("http://notexample.org/") == ["notexample.org"]
