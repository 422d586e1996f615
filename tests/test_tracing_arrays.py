"""The integer view says the same as the tables, and the same numbers for a longer ledger."""

import numpy as np
import pandas as pd
import pytest
from made_ledgers import made_ledger, owner, random_story, tx

from cointrail.errors import CointrailError
from cointrail.ledger import Ledger
from cointrail.tracing.arrays import address_number, ledger_arrays, outpoints, output_number, transaction_numbers


@pytest.mark.parametrize("seed", range(5))
def test_the_view_says_what_the_tables_say(seed):
    ledger = made_ledger(random_story(seed))
    view = ledger_arrays(ledger)
    assert outpoints(view, view.spent_output) == [
        f"{a}:{b}"
        for a, b in zip(ledger.inputs["spent_transaction_hash"], ledger.inputs["spent_output_index"], strict=True)
    ]
    names = [view.addresses[n] if n >= 0 else None for n in view.output_address]
    assert names == [a[0] if a else None for a in ledger.outputs["addresses"]]
    assert [view.addresses[n] for n in view.input_address] == [a[0] for a in ledger.inputs["addresses"]]
    spenders = dict(zip(outpoints(view, view.spent_output), ledger.inputs["transaction_hash"], strict=True))
    everything = np.arange(len(view.output_value))
    assert [spenders.get(o) for o in outpoints(view, everything)] == [
        view.txids[t] if t >= 0 else None for t in view.spent_by
    ]


@pytest.mark.parametrize("seed", range(5))
def test_the_fee_is_the_last_coin_of_each_transaction(seed):
    ledger = made_ledger(random_story(seed))
    view = ledger_arrays(ledger)
    assert view.coin_value[view.coin_start[1:] - 1].tolist() == ledger.transactions["fee"].tolist()
    for t in range(len(view.height)):
        into = view.coin_value[view.spent_coin[view.input_start[t] : view.input_start[t + 1]]].sum()
        out = view.coin_value[view.coin_start[t] : view.coin_start[t + 1]].sum()
        assert into == out or ledger.transactions["is_coinbase"][t]


def test_each_address_knows_the_transactions_that_spend_from_it():
    ledger = made_ledger(random_story(3))
    view = ledger_arrays(ledger)
    start, spends = view.spending
    for number, address in enumerate(view.addresses):
        mine = ledger.inputs[ledger.inputs["addresses"].map(lambda a, who=address: a[0] == who)]
        expected = list(dict.fromkeys(mine["transaction_hash"]))
        assert [view.txids[t] for t in spends[start[number] : start[number + 1]]] == expected


def test_a_longer_copy_keeps_the_numbers():
    story = random_story(1, transactions=60)
    short, long = ledger_arrays(made_ledger(story[:30])), ledger_arrays(made_ledger(story))
    assert long.addresses[: len(short.addresses)].equals(short.addresses)
    assert long.txids[:30].equals(short.txids)


def test_the_view_is_built_once():
    ledger = made_ledger(random_story(1))
    assert ledger_arrays(ledger) is ledger_arrays(ledger)


def test_what_is_not_in_the_ledger_is_said_in_a_sentence():
    ledger = made_ledger(random_story(1))
    with pytest.raises(CointrailError, match="There is no transaction"):
        transaction_numbers(ledger, ["ab" * 32])
    with pytest.raises(CointrailError, match="is not a txid"):
        transaction_numbers(ledger, ["zz"])
    with pytest.raises(CointrailError, match="never saw the address"):
        address_number(ledger, owner(999))
    with pytest.raises(CointrailError, match="real Bitcoin network"):
        address_number(ledger, "bc1qw508d6qejxtdg4y5r3zarvary0c5xw7kv8f3t4")
    with pytest.raises(CointrailError, match="numbered from 0: there is no output 99"):
        output_number(ledger, f"{tx(0)}:99")
    with pytest.raises(CointrailError, match="is no outpoint"):
        output_number(ledger, "somewhere")


def test_damaged_tables_are_refused():
    ledger = made_ledger(random_story(1))
    inputs = ledger.inputs.assign(spent_output_index=99)
    with pytest.raises(CointrailError, match=r"ledger\.check\(\) says which"):
        ledger_arrays(Ledger("bad", ledger.blocks, ledger.transactions, inputs, ledger.outputs))
    with pytest.raises(CointrailError, match=r"ledger\.check\(\) says where"):
        ledger_arrays(Ledger("bad", ledger.blocks, ledger.transactions, ledger.inputs, pd.concat([ledger.outputs] * 2)))
