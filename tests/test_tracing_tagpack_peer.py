"""The TagPack's check beside GraphSense's own tool: the same verdict on packs that were spoilt at random."""

import contextlib
import io
from copy import deepcopy
from datetime import date

import pytest
import yaml
from hypothesis import example, given, settings
from hypothesis import strategies as st

from cointrail.errors import CointrailError
from cointrail.tracing import read_tagpack, write_tagpack
from cointrail.tracing.tagpack import CONCEPTS, CONFIDENCE, TAGPACK_SCHEMA

pytest.importorskip("tagpack", reason="tagpack-tool, the judge of TagPacks, comes with the developers' packages")
from tagpack.tagpack import TagPack
from tagpack.tagpack_schema import TagPackSchema
from tagpack.taxonomy import Taxonomy

PACK = {
    "title": "Day 3",
    "creator": "Unit 5",
    "currency": "SYNEVM",
    "source": "E06",
    "confidence": "web_crawl",
    "tags": [
        {"address": "0x" + "9f" * 20, "label": "greyfinch", "concepts": ["user"], "lastmod": date(2026, 5, 1)},
        {"tx_hash": "0x" + "ab" * 32, "label": "a sale", "tag_type": "event", "abuse": "drugs"},
    ],
}
FIELDS = sorted(set(TAGPACK_SCHEMA["properties"]) | set(TAGPACK_SCHEMA["properties"]["tags"]["items"]["properties"]))
VALUES = [None, "", " ", "x", 3, 2.5, True, [], [1], ["user"], ["user", "nope"], {}, "user", "event", "heuristic"]
# (where: -1 the head, else the tag; which field; what to put there, or DELETE)
DELETE = object()
CHANGES = st.tuples(st.integers(-1, 1), st.sampled_from([*FIELDS, "colour"]), st.sampled_from([DELETE, *VALUES]))


def stricter(where, name, value):
    """Where the course asks for more than the tool, on purpose; the other tests of TagPacks hold these."""
    return (
        name in ("currency", "network", "lastmod")  # made-up codes only; a time needs a zone
        or (name == "confidence" and value is DELETE)  # the tool takes the lowest, with a warning
        or (name in ("address", "tx_hash") and where == -1)  # no subject in the head
        or (name == "tags" and value in ([], [1]))  # a pack of no tags
    )


def spoilt(changes):
    pack = deepcopy(PACK)
    for where, name, value in changes:
        if stricter(where, name, value):
            continue
        place = pack if where == -1 else pack["tags"][where] if isinstance(pack.get("tags"), list) else {}
        if not isinstance(place, dict):
            continue
        if value is DELETE:
            place.pop(name, None)
        else:
            place[name] = deepcopy(value)
    return pack


@pytest.fixture(scope="module")
def taxonomies():
    found = {
        name: Taxonomy(name, file)
        for name, file in (
            ("confidence", "src/tagpack/db/confidence.csv"),
            ("concept", "src/tagpack/db/concepts.yaml"),
            ("tag_type", "src/tagpack/db/tag_types.csv"),
        )
    }
    for one in found.values():
        one.load_from_local()
    return found


def tool_takes(file, taxonomies):
    """Whether the tool reads and validates the file; whatever it raises is a refusal."""
    with contextlib.redirect_stdout(io.StringIO()), contextlib.redirect_stderr(io.StringIO()):
        try:
            return TagPack.load_from_file("", str(file), TagPackSchema(), taxonomies, str(file.parent)).validate()
        except Exception:  # the tool has no error type of its own for bad types
            return False


def we_take(file):
    try:
        read_tagpack(file)
    except CointrailError:
        return False
    return True


@settings(max_examples=150, deadline=None)
@given(st.lists(CHANGES, max_size=3))
@example([])
@example([(0, "label", DELETE)])
@example([(1, "address", "x")])
def test_the_same_verdict_on_spoilt_packs(tmp_path_factory, taxonomies, changes):
    file = tmp_path_factory.mktemp("packs") / "pack.yaml"
    file.write_text(yaml.safe_dump(spoilt(changes), sort_keys=False), encoding="utf-8")
    assert we_take(file) == tool_takes(file, taxonomies)


@pytest.mark.parametrize("changes", [[], [(-1, "concepts", ["market"])], [(0, "confidence", "ownership")]])
def test_what_we_write_the_tool_takes(tmp_path, taxonomies, changes):
    write_tagpack(spoilt(changes), tmp_path / "pack.yaml")
    assert tool_takes(tmp_path / "pack.yaml", taxonomies)


def test_levels_and_concepts_are_those_of_the_tool(taxonomies):
    levels = {concept.id: int(concept.level) for concept in taxonomies["confidence"].concepts}
    assert levels == CONFIDENCE
    assert set(CONCEPTS) <= set(taxonomies["concept"].concept_ids)
