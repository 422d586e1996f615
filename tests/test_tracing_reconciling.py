"""A custodian's statement held against the ledger."""

import pandas as pd
import pytest
from tiny_ledger import CARLA, SHOP, tiny_ledger, txid

from cointrail.errors import CointrailError
from cointrail.tracing import reconcile

COLUMNS = ["account", "transaction_hash", "index", "value"]
ADDRESSES = {SHOP: "S", CARLA: "C"}
RIGHT = [("S", "pay", 0, 1200), ("S", "second", 0, 800), ("C", "second", 1, 2850), ("C", "spend", 0, 1500)]
RIGHT += [("S", "spend", 1, 450)]


def statement(rows):
    return pd.DataFrame([(a, txid(name), n, value) for a, name, n, value in rows], columns=COLUMNS)


def remarks(rows):
    found = reconcile(tiny_ledger(), statement(rows), ADDRESSES)
    return {(r.account, r.outpoint): (r.remark, r.difference) for r in found.itertuples() if r.remark}


def test_a_right_statement_has_no_remark_and_no_difference():
    found = reconcile(tiny_ledger(), statement(RIGHT), ADDRESSES)
    assert len(found) == 5
    assert set(found["remark"]) == {""}
    assert found["difference"].sum() == 0


def test_a_deposit_left_out_is_missing_with_its_value():
    assert remarks(RIGHT[1:]) == {("S", f"{txid('pay')}:0"): ("not on the statement", -1200)}


def test_a_typing_slip_is_another_amount():
    rows = [("S", "pay", 0, 2100), *RIGHT[1:]]
    assert remarks(rows) == {("S", f"{txid('pay')}:0"): ("another amount", 900)}


def test_a_deposit_that_never_arrived_is_not_on_the_ledger():
    assert remarks([*RIGHT, ("S", "never", 0, 70)]) == {("S", f"{txid('never')}:0"): ("not on the ledger", 70)}


def test_a_deposit_booked_to_the_wrong_account_shows_on_both():
    rows = [("C", "pay", 0, 1200), *RIGHT[1:]]
    assert {remark for remark, _ in remarks(rows).values()} == {"not on the statement", "not on the ledger"}
    assert sum(difference for _, difference in remarks(rows).values()) == 0


def test_an_output_that_stands_twice_is_refused():
    with pytest.raises(CointrailError, match="twice"):
        reconcile(tiny_ledger(), statement([*RIGHT, RIGHT[0]]), ADDRESSES)


def test_a_missing_column_is_named():
    with pytest.raises(CointrailError, match="column value"):
        reconcile(tiny_ledger(), statement(RIGHT).drop(columns="value"), ADDRESSES)
