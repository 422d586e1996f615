"""The glossary is what the lists of the days say; each term can be linked to, and each link of a lesson resolves."""

import doctest
import re
from pathlib import Path

import nbformat
import pytest

from cointrail.errors import CointrailError
from cointrail.grading import glossary as module
from cointrail.grading.glossary import anchor, glossary, read_terms

ROOT = Path(__file__).resolve().parents[1]
TERMS = read_terms(ROOT)


def test_the_pages_are_those_of_the_lists():
    for page in ("solutions/GLOSSARY.md", "course/GLOSSARY.md"):
        assert (ROOT / page).read_text(encoding="utf-8") == glossary(ROOT), "run: cointrail build"


def test_terms_are_sorted_and_each_is_a_heading():
    headings = re.findall(r"^### (.+)$", glossary(ROOT), re.MULTILINE)
    assert sorted(headings) == sorted(TERMS)
    assert headings == sorted(headings, key=lambda term: (term.casefold().lstrip("0123456789"), term))


@pytest.mark.parametrize("term", TERMS)
def test_a_meaning_is_plain_and_short(term):
    _, meaning = TERMS[term]
    assert meaning.endswith((".", ".)", "None."))
    assert len(meaning.split()) <= 45


@pytest.mark.parametrize("file", sorted((ROOT / "solutions").glob("*/*.ipynb")), ids=lambda file: file.stem)
def test_every_link_to_a_word_leads_to_it(file):
    text = "\n".join(c.source for c in nbformat.read(file, as_version=4).cells if c.cell_type == "markdown")
    linked = re.findall(r"\]\(\.\./GLOSSARY\.md#([^)]+)\)", text)
    assert [one for one in linked if one not in {anchor(term) for term in TERMS}] == []


def test_the_start_page_leads_to_the_glossary():
    assert "(GLOSSARY.md)" in (ROOT / "course" / "START.md").read_text(encoding="utf-8")


@pytest.mark.parametrize("text", ["word,sense\na,b\n", "term,meaning\na,\n", "term,meaning\na,b,c\n"])
def test_a_list_that_is_none_is_refused(tmp_path, text):
    folder = tmp_path / "solutions" / "glossary"
    folder.mkdir(parents=True)
    (folder / "day1.csv").write_text(text)
    with pytest.raises(CointrailError, match=r"day1\.csv"):
        glossary(tmp_path)


def test_the_first_day_of_a_word_counts(tmp_path):
    folder = tmp_path / "solutions" / "glossary"
    folder.mkdir(parents=True)
    (folder / "day1.csv").write_text("term,meaning\nCoin,First.\n")
    (folder / "day2.csv").write_text("term,meaning\ncoin,Second.\n")
    assert read_terms(tmp_path) == {"Coin": (1, "First.")}


def test_examples_run():
    assert doctest.testmod(module).failed == 0
