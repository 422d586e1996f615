"""Entries and exits of an opaque coin: possibilities, never links."""

import pytest

from cointrail.errors import CointrailError
from cointrail.tracing import load_opaque, possible_exits
from cointrail.world.files import WorldFiles

WORLD = "glass_harbour"


def test_the_real_exit_is_always_among_the_possible_ones():
    passages = WorldFiles(WORLD).truth_table("opaque_passages")
    for row in passages.dropna(subset=["exit_hash"]).itertuples():
        assert row.exit_hash in set(possible_exits(WORLD, row.entry_hash)["transaction_hash"])


def test_most_entries_have_more_than_one_possible_exit():
    table = load_opaque(WORLD)
    entries = table.loc[table["side"] == "entry", "transaction_hash"]
    assert sum(len(possible_exits(WORLD, entry)) > 1 for entry in entries) > len(entries) / 2


def test_nothing_comes_out_before_it_went_in_or_grows_inside():
    table = load_opaque(WORLD)
    entry = table[table["side"] == "entry"].iloc[0]
    found = possible_exits(WORLD, entry["transaction_hash"])
    assert (found["time"] > entry["time"]).all()
    assert all(value <= entry["value"] for value in found["value"])


def test_an_exit_is_no_entry():
    table = load_opaque(WORLD)
    leaving = table.loc[table["side"] == "exit", "transaction_hash"].iloc[0]
    with pytest.raises(CointrailError, match="no entry"):
        possible_exits(WORLD, leaving)
