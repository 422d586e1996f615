"""Transactions that put a mixed and an unmixed coin together."""

import pytest
from tiny_ledger import tiny_ledger, txid

from cointrail.errors import CointrailError
from cointrail.ledger import load_ledger
from cointrail.tracing import coinjoins, relinking
from cointrail.world.dockets.source import Records, Source

PAY0, SECOND0 = f"{txid('pay')}:0", f"{txid('second')}:0"


def test_a_transaction_that_spends_both_sides_is_found():
    found = relinking(tiny_ledger(), txid("second"), [PAY0])
    assert found.to_dict("records") == [
        {"txid": txid("spend"), "height": 4, "round_outputs": [SECOND0], "known_coins": [PAY0], "inputs": 2}
    ]


def test_spending_one_side_alone_joins_nothing():
    assert relinking(tiny_ledger(), txid("second"), [f"{txid('a')}:0"]).empty


@pytest.mark.parametrize("known", [[], PAY0, [f"{txid('never')}:0"], ["nonsense"]])
def test_a_known_coin_must_be_named_in_full(known):
    with pytest.raises(CointrailError):
        relinking(tiny_ledger(), txid("second"), known)


def test_who_was_careless_in_the_world_is_found():
    """A suspect's mixed coin that met unmixed change, by the truth, is found from that change."""
    ledger, records, careless = load_ledger("glass_harbour"), Records("glass_harbour"), 0
    rounds = set(coinjoins(ledger)["txid"])
    owners = records.truth_table("outputs")
    spent = ledger.inputs.merge(
        owners, left_on=["spent_transaction_hash", "spent_output_index"], right_on=["transaction_hash", "index"]
    )
    for letter in "ABGH":
        mine = spent[spent["entity"] == Source(records, letter).vendor["vendor"]]
        came_mixed = mine["spent_transaction_hash"].isin(rounds)
        later = mine[came_mixed & ~mine["transaction_hash_x"].isin(rounds)].iloc[-1]
        beside = mine[(mine["transaction_hash_x"] == later["transaction_hash_x"]) & ~came_mixed]
        known = [f"{row.spent_transaction_hash}:{row.spent_output_index}" for row in beside.itertuples()]
        if known:
            careless += 1
            found = relinking(ledger, later["spent_transaction_hash"], known)
            assert later["transaction_hash_x"] in set(found["txid"])
    assert careless > 0
