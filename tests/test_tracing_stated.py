"""What a stated amount allows, and from a phone's clock to UTC."""

from datetime import timedelta

import pandas as pd
import pytest

from cointrail import CointrailError, load_ledger
from cointrail.tracing import match_messages
from cointrail.tracing.stated import stated_amount, stated_messages

HOUR = timedelta(hours=1)


@pytest.mark.parametrize(
    ("text", "amount", "tolerance"),
    [
        ("1 BTC", 100_000_000, 50_000_000),
        ("0.02 BTC", 2_000_000, 500_000),
        ("0.020 BTC", 2_000_000, 50_000),
        ("about 0.02000000 BTC", 2_000_000, 0),
    ],
)
def test_fewer_decimals_state_less(text, amount, tolerance):
    assert stated_amount(text) == (amount, tolerance)


@pytest.mark.parametrize("text", ["0.02", "0.1 BTC or 0.2 BTC", "", None, 0.02])
def test_what_states_no_single_amount_is_refused(text):
    with pytest.raises(CointrailError, match="does not state one amount"):
        stated_amount(text)


def listed(**changes):
    row = {"message": "M1", "local_time": "2026-03-01T02:00:00", "stated": "0.02 BTC", "direction": "in"} | changes
    return pd.DataFrame([row, row | {"message": "M2", "stated": None}])


def test_a_local_time_becomes_utc_and_rows_without_an_amount_fall_away():
    table = stated_messages(listed(), utc_offset=7)
    assert table["message"].tolist() == ["M1"]
    assert table["time"].iloc[0] == pd.Timestamp("2026-02-28T19:00:00Z")


@pytest.mark.parametrize("offset", [7.0, True, 30, None])
def test_an_offset_that_is_no_clock_is_refused(offset):
    with pytest.raises(CointrailError, match="utc_offset"):
        stated_messages(listed(), utc_offset=offset)


def test_a_time_that_cannot_be_read_and_a_missing_column_get_a_sentence():
    with pytest.raises(CointrailError, match="no time without a zone"):
        stated_messages(listed(local_time="yesterday"), utc_offset=7)
    with pytest.raises(CointrailError, match="'stated'"):
        stated_messages(listed().drop(columns="stated"), utc_offset=7)


def test_the_tolerance_of_a_row_counts_before_the_argument():
    """An amount one satoshi beside the true one fits when it was rounded, and does not when it was exact."""
    ledger = load_ledger("primer")
    row = ledger.outputs[ledger.outputs["type"] == "witness_v0_keyhash"].iloc[-1]
    time = ledger.transaction(row["transaction_hash"])["block_timestamp"]
    table = pd.DataFrame({"message": ["M1", "M2"], "time": time, "amount": int(row["value"]) + 1, "direction": "in"})
    found = match_messages(
        ledger,
        table.assign(tolerance=[0, 5]),
        addresses=row["addresses"],
        before=HOUR,
        after=HOUR,
        fee="excluded",
        tolerance=1,
    )
    assert [match.txid for match in found] == [None, row["transaction_hash"]]
