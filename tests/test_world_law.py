"""Has each invented law one name, in exhibits, lessons and questions, and do their sections stand in its extract?"""

import re
from functools import cache
from pathlib import Path

import pytest

from cointrail.world.dockets.subjects import subject_names
from cointrail.world.dockets.subjects.law import LAWS, make_shared

ROOT = Path(__file__).resolve().parents[1]
NAMED = re.compile(r"\b(?:[A-Z][a-z]+ )+Act\b|\b[A-Z][a-z]+ Code\b(?= of [A-Z]|,)|\bOrdinance on [A-Z][a-z]+")
BEFORE = re.compile(r"s(?:\.|ection) (\d+) (?:of the |of our )?((?:[A-Z][a-z]+ )+Act)")
AFTER = re.compile(r"((?:[A-Z][a-z]+ )+Act)(?: of ARVANIA)?,? s(?:\.|ection) (\d+)")
# What the notebooks and the docstrings use as an example of their own.
EXAMPLE = "Training Act"


@cache
def texts():
    files = [*(ROOT / "src/cointrail/world/dockets/subjects").glob("*.py"), *(ROOT / "grading/questions").glob("*.py")]
    files += [*(ROOT / "grading/rubrics").glob("*.md"), *(ROOT / "solutions").glob("*/*.ipynb")]
    return {file.relative_to(ROOT).as_posix(): _one_line(file.read_text(encoding="utf-8")) for file in files}


def _one_line(text):
    """A name may be broken over two lines, in a notebook over two strings."""
    return " ".join(text.split()).replace('\\n", "', " ")


@cache
def extract():
    return {paper.id: paper.data.decode() for paper in make_shared(None)}


@pytest.mark.parametrize("file", sorted(texts()))
def test_every_law_is_called_by_its_name(file):
    named = {name.removeprefix("The ") for name in NAMED.findall(texts()[file])}
    assert named <= {*LAWS, EXAMPLE}


def test_every_section_that_is_quoted_stands_in_the_extract():
    acts = dict(re.findall(r"^((?:[A-Z][a-z]+ )+Act)\n((?:s\. .*\n| .*\n)+)", extract()["E21a"], re.MULTILINE))
    assert set(acts) == {"Proceeds Act", "Procedure Act", "Electronic Evidence Act"}
    for file, text in texts().items():
        quoted = [*BEFORE.findall(text), *((number, act) for act, number in AFTER.findall(text))]
        for number, act in quoted if not file.endswith("/law.py") else ():
            if act != EXAMPLE:
                assert f"s. {number} " in acts[act], f"{file}: section {number} of the {act}"


def test_the_three_states_say_the_same_about_mixed_value_in_both_papers():
    assert "law" in subject_names()
    for number, words in (
        ("E21a", "PROCEEDS ACT 2021"),
        ("E21b", "CONFISCATION CODE"),
        ("E21c", "ORDINANCE ON PROCEEDS"),
    ):
        assert words in extract()[number]
    statute = (ROOT / "src/cointrail/world/dockets/subjects/taint.py").read_text(encoding="utf-8")
    for words in ("Proceeds Act 2021, section 12", "Confiscation Code, art. 44", "Ordinance on Proceeds, par. 7"):
        assert words in statute
    assert "s. 12 " in extract()["E21a"] and "art. 44" in extract()["E21b"] and "par. 7" in extract()["E21c"]
