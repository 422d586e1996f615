"""Is a TagPack read whole, refused in clear words, and written so that it reads the same again?"""

from datetime import UTC, date, datetime

import jsonschema
import pytest
import yaml
from embit.networks import NETWORKS
from embit.script import Script
from hypothesis import given, settings
from hypothesis import strategies as st

from cointrail.errors import CointrailError
from cointrail.tracing import check_tagpack, read_tagpack, write_tagpack
from cointrail.tracing.tagpack import CONCEPTS, CONFIDENCE, TAGPACK_SCHEMA


def address(number, network="regtest"):
    return Script(b"\x00\x14" + bytes([number]) * 20).address(NETWORKS[network])


HEAD = {"title": "Day 3", "creator": "Unit 5", "source": "E06", "currency": "SYNBTC", "confidence": "web_crawl"}


def pack(*tags, **changes):
    given = {**HEAD, "tags": list(tags) or [{"address": address(1), "label": "greyfinch"}], **changes}
    return {name: value for name, value in given.items() if value is not None}


def written(tmp_path, text, name="pack.yaml"):
    (tmp_path / name).write_text(text, encoding="utf-8")
    return tmp_path / name


def test_the_ladder_and_the_concepts_are_those_of_the_taxonomy():
    assert list(CONFIDENCE.values()) == sorted(CONFIDENCE.values(), reverse=True)
    assert (CONFIDENCE["ownership"], CONFIDENCE["heuristic"], len(CONFIDENCE)) == (100, 10, 14)
    assert {"drugs", "market", "mixing_service"} <= set(CONCEPTS)


def test_a_tag_inherits_what_it_does_not_say():
    own = {"address": address(1).upper(), "label": "a", "confidence": "ownership", "concepts": ["user"]}
    whole = check_tagpack(pack(own, {"tx_hash": "AB" * 32, "label": "b"}, concepts=["market"]))
    first, second = whole["tags"]
    assert (first["address"], first["confidence"], first["concepts"]) == (address(1), "ownership", ["user"])
    assert (second["tx_hash"], second["confidence"], second["concepts"]) == ("ab" * 32, "web_crawl", ["market"])
    assert {tag["network"] for tag in whole["tags"]} == {"SYNBTC"}
    assert set(whole) == {"title", "creator", "tags"}


LABELS = st.text(st.characters(exclude_categories=["Cs", "Cc"]), min_size=1).filter(str.strip)
TAGS = st.builds(
    lambda number, label, confidence, concepts, lastmod: {
        "address": address(number), "label": label, "confidence": confidence, "concepts": concepts, "lastmod": lastmod
    },
    st.integers(0, 255), LABELS, st.sampled_from(list(CONFIDENCE)), st.lists(st.sampled_from(CONCEPTS), unique=True),
    st.dates(min_value=date(2000, 1, 1)) | st.datetimes(min_value=datetime(2000, 1, 1), timezones=st.just(UTC)),
)  # fmt: skip


@settings(max_examples=40, deadline=None)
@given(st.lists(TAGS, min_size=1, max_size=4, unique_by=lambda tag: (tag["address"], tag["label"])))
def test_what_is_written_reads_the_same_again(tmp_path_factory, tags):
    file = tmp_path_factory.mktemp("packs") / "pack.yaml"
    write_tagpack(pack(*tags), file)
    assert read_tagpack(file) == check_tagpack(pack(*tags))
    before = file.read_bytes()
    write_tagpack(read_tagpack(file), file)
    assert file.read_bytes() == before
    assert isinstance(yaml.safe_load(before)["tags"][0]["lastmod"], date)


@pytest.mark.parametrize("name", ["label", "source", "currency", "confidence", "title", "creator"])
def test_a_needed_field_is_missed_by_us_and_by_the_schema(name):
    tag = {"address": address(1), **({} if name == "label" else {"label": "greyfinch"})}
    poor = pack(tag, **{name: None})
    with pytest.raises(CointrailError, match=name):
        check_tagpack(poor)
    with pytest.raises(jsonschema.ValidationError):
        jsonschema.validate(poor, TAGPACK_SCHEMA)
    jsonschema.validate(pack(), TAGPACK_SCHEMA)


@pytest.mark.parametrize(
    ("tag", "words"),
    [
        ({"confidence": "sure"}, "Tag 1, field confidence"),
        ({"concepts": ["drug"]}, "Tag 1, field concepts"),
        ({"currency": "BTC"}, "Tag 1, field currency"),
        ({"tag_type": "rumour"}, "Tag 1, field tag_type"),
        ({"label": " "}, "Tag 1, field label"),
        ({"label": True}, "Tag 1, field label"),
        ({"lastmod": "2026-13-01"}, "Tag 1: "),
        ({"lastmod": datetime(2026, 3, 1)}, "names no zone"),
        ({"owner": "x"}, "Tag 1: .*'owner'"),
        ({"tx_hash": "ab" * 32}, "Tag 1: "),
        ({"address": address(1)[:-1] + "b"}, r"Tag 1: .*copy it again"),
    ],
)
def test_a_wrong_field_is_named(tag, words):
    with pytest.raises(CointrailError, match=words):
        check_tagpack(pack({"address": address(1), "label": "greyfinch", **tag}))


def test_an_address_of_the_real_network_is_refused():
    with pytest.raises(CointrailError, match=r"Tag 1: .*the real Bitcoin network"):
        check_tagpack(pack({"address": address(1, "main"), "label": "x"}))


def test_an_account_chain_has_its_own_code_and_is_taken_as_it_is():
    tag = {"address": "syn:0x" + "9f" * 20, "label": "x", "currency": "SYNEVM"}
    assert check_tagpack(pack(tag))["tags"][0]["network"] == "SYNEVM"


def test_doubles_are_refused_however_they_are_written():
    tag = {"address": address(1), "label": "x"}
    with pytest.raises(CointrailError, match="Tag 2 repeats tag 1: same address"):
        check_tagpack(pack(tag, {**tag, "address": address(1).upper(), "source": "E06", "confidence": "heuristic"}))
    assert len(check_tagpack(pack(tag, {**tag, "label": "y"}, {**tag, "source": "E07"}))["tags"]) == 3


def test_no_tags_is_no_tagpack():
    with pytest.raises(CointrailError, match="field tags"):
        check_tagpack(pack(tags=[]))


def test_a_header_can_be_included_and_is_replaced_by_the_packs_own(tmp_path):
    written(tmp_path, yaml.safe_dump(HEAD), "header.yaml")
    text = f"header: !include header.yaml\ntitle: Mine\ntags:\n- address: {address(1)}\n  label: x\n"
    assert read_tagpack(written(tmp_path, text))["title"] == "Mine"


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("header: !include pack.yaml\n", "includes itself"),
        ("header: !include other.yaml\n", "includes itself"),
        ("header: !include ../secret.yaml\n", "only a file of the same folder"),
        ("header: !include none.yaml\n", "cannot be read"),
        ("header: !include ''\n", "only a file of the same folder"),
        ("title: !include other.yaml\n", "included where no header stands"),
        ("3: x\n", "The TagPack: "),
        ("!!map x\n", "cannot be read|is no YAML"),
        ("header: 3\n", "no list of fields"),
        ("title: &t\n  a: *t\n", "inherits from itself"),
        ("tags: &t [*t]\n", "inherits from itself"),
        ("title: a\ntitle: b\n", "'title' stands there twice"),
        ("title: !!python/object:os.system x\n", "is no YAML"),
        ("- 1\n", "holds no fields"),
        ("{", "is no YAML"),
        ("[" * 5000, "cannot be read|is no YAML"),
    ],
)
def test_a_file_that_goes_in_circles_or_is_no_tagpack_is_refused(tmp_path, text, words):
    written(tmp_path, "header: !include pack.yaml\n", "other.yaml")
    with pytest.raises(CointrailError, match=words):
        read_tagpack(written(tmp_path, text))


def test_aliases_that_grow_without_end_are_refused(tmp_path):
    lines = ["a0: &a0 [x, x, x, x, x, x, x, x, x, x]"]
    lines += [f"a{n}: &a{n} [{', '.join([f'*a{n - 1}'] * 10)}]" for n in range(1, 9)]
    with pytest.raises(CointrailError, match="more than 200,000 values"):
        read_tagpack(written(tmp_path, "\n".join(lines)))
