"""Signs of batches, payrolls and CoinJoins, counted."""

import pandas as pd
import pytest
from tiny_ledger import tiny_ledger, txid

from cointrail.errors import CointrailError
from cointrail.ledger import load_ledger
from cointrail.tracing import payment_signs
from cointrail.world.files import WorldFiles


def test_a_small_transaction_is_counted_by_hand():
    row = payment_signs(tiny_ledger(), [txid("spend")]).iloc[0]
    assert row.drop("txid").tolist() == [2, 1, 2, 1, 450, 1500, 0, 1]


def test_rows_come_in_the_order_asked_for():
    asked = [txid("spend"), txid("pay")]
    assert payment_signs(tiny_ledger(), asked)["txid"].tolist() == asked


def test_an_unknown_txid_is_refused():
    with pytest.raises(CointrailError):
        payment_signs(tiny_ledger(), [txid("never")])


@pytest.fixture(scope="module")
def by_purpose():
    ledger, purposes = load_ledger("glass_harbour"), WorldFiles("glass_harbour").truth_table("transactions")

    def signs(purpose):
        return payment_signs(ledger, purposes["hash"][purposes["purpose"] == purpose])

    return signs


def test_a_payroll_pays_the_same_people_again(by_purpose):
    signs = by_purpose("payroll")
    assert (signs["again"] * 3 >= signs["outputs"]).mean() > 0.9


def test_a_round_has_as_many_payers_as_equal_outputs(by_purpose):
    signs = pd.concat([by_purpose(f"coinjoin {kind}") for kind in ("whirlpool", "joinmarket")])
    assert (signs["payers"] >= signs["equal"]).all()


def test_an_exchange_pays_from_a_busy_address(by_purpose):
    assert (by_purpose("northpier payout")["busy"] >= 20).mean() > 0.9
