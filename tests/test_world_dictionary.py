"""Does datasets/README.md explain every table, column and file that a world has?"""

import re

import pytest

from cointrail.ledger import data_folder, load_ledger, load_manifest
from cointrail.ledger.parquet import SCHEMAS
from cointrail.world.files import WorldFiles
from cointrail.world.records import TRUTH_SCHEMAS

TEXT = (data_folder() / "README.md").read_text(encoding="utf-8")


@pytest.mark.parametrize("table", SCHEMAS)
def test_every_column_is_explained_under_its_table(table):
    section = TEXT.partition(f"**{table}** - ")[2].partition("\n**")[0]
    assert set(SCHEMAS[table].names) <= set(re.findall(r"`(\w+)`", section))


def test_the_truth_tables_are_explained():
    section = TEXT.partition("**The truth**")[2].partition("\n## ")[0]
    named = set(re.findall(r"`(\w+)`", section))
    for table, schema in TRUTH_SCHEMAS.items():
        assert {table, *schema.names} <= named


def test_every_exhibit_and_register_field_is_explained():
    for docket in load_manifest("primer")["dockets"]:
        for entry in WorldFiles("primer").register(docket):
            assert entry["file"] in TEXT
            assert all(f"`{field}`" in TEXT for field in entry)


@pytest.mark.parametrize("world", ["primer", "glass_harbour"])
def test_the_figures_of_the_story_are_those_of_the_ledger(world):
    ledger = load_ledger(world)
    payments = int((~ledger.transactions["is_coinbase"]).sum())
    owners = WorldFiles(world).truth_table("outputs")["entity"].nunique() - 1
    assert f"{payments:,} payments in {len(ledger.blocks):,} blocks, {owners:,} wallet owners" in TEXT


def test_the_price_tables_are_explained():
    for path in (data_folder() / "glass_harbour").glob("*.csv"):
        section = TEXT.partition(f"**{path.name}**")[2][:600]
        header = path.read_text(encoding="utf-8").splitlines()[1]
        assert all(f"`{column}`" in section for column in header.split(",")), path.name


@pytest.mark.parametrize("docket", ["A", "shared"])
def test_every_exhibit_of_a_docket_and_each_of_its_columns_is_explained(docket):
    section = TEXT.partition("## Dockets of `glass_harbour`")[2].partition("\n## ")[0]
    folder = data_folder() / "glass_harbour" / "dockets" / docket / "exhibits"
    for entry in WorldFiles("glass_harbour").register(docket):
        line = section.partition(f"| `{entry['id']}`")[2].partition("\n")[0]
        assert line, entry["id"]
        if entry["file"].endswith(".csv"):
            header = (folder / entry["file"]).read_text(encoding="utf-8").splitlines()[1]
            assert [column for column in header.split(",") if f"`{column}`" not in line] == [], entry["id"]


def test_the_training_set_is_explained():
    section = TEXT.partition("**training/**")[2].partition("\n\n")[0]
    for path in (data_folder() / "glass_harbour" / "training").glob("*.csv"):
        header = path.read_text(encoding="utf-8").splitlines()[1]
        assert path.name in section and all(f"`{column}`" in section for column in header.split(",")), path.name
