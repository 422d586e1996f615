"""Does a message lead to its transaction, and to none where two would fit?"""

from datetime import UTC, datetime, timedelta, timezone

import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from made_ledgers import made_ledger, random_story
from tiny_ledger import CARLA, MINER, SHOP, tiny_ledger, txid

from cointrail.errors import CointrailError
from cointrail.tracing import match_messages, message_candidates

DAY = timedelta(days=1)
PAY, SECOND, SPEND = (txid(name) for name in ("pay", "second", "spend"))
NOON = datetime(2026, 3, 1, 17, 45, tzinfo=UTC)


def said(amount, direction, *, time=NOON, name="M1"):
    return pd.DataFrame({"message": [name], "time": [time], "amount": [amount], "direction": [direction]})


def ask(messages, *, addresses=(SHOP,), before=DAY, after=DAY, fee="excluded", tolerance=0, ledger=None):
    ledger = ledger or tiny_ledger()
    given = {"addresses": addresses, "before": before, "after": after, "fee": fee, "tolerance": tolerance}
    return match_messages(ledger, messages, **given), message_candidates(ledger, messages, **given)


def test_what_the_shop_received_leads_to_the_transaction():
    (answer,), table = ask(said(1200, "in"))
    assert (answer.txid, answer.candidates) == (PAY, (PAY,))
    row = table.iloc[0]
    assert (row["rank"], row["outputs"], row["value"], row["fee"], row["difference"]) == (1, "0", 1200, 100, 0)
    assert row["delay"] == timedelta(minutes=15)


def test_what_the_payers_wallet_showed_needs_the_fee():
    message = said(1300, "out")
    assert ask(message, addresses=[MINER])[0][0].txid is None
    assert ask(message, addresses=[MINER], fee="included")[0][0].txid == PAY
    answer, table = ask(message, addresses=[MINER], fee="either")
    assert (answer[0].txid, table["fee_included"].tolist()) == (PAY, [True])


def test_change_at_an_unknown_address_does_not_hide_the_payment():
    # "second" pays SHOP 800 and CARLA 2,850: one of them may be the payer's change.
    assert ask(said(800, "out"), addresses=[MINER])[0][0].txid == SECOND
    assert ask(said(3650, "out"), addresses=[MINER])[1]["outputs"].tolist() == ["0, 1"]


def test_direction_and_time_both_count():
    assert ask(said(1200, "out"))[0][0].txid is None
    assert ask(said(1200, "in"), after=timedelta(minutes=14))[0][0].txid is None
    assert ask(said(1200, "in"), before=timedelta(0), after=timedelta(minutes=15))[0][0].txid == PAY


def test_what_comes_back_to_a_payer_is_change_and_no_income():
    assert ask(said(450, "in"), after=2 * DAY)[0][0].txid is None
    assert ask(said(1500, "out"), after=2 * DAY)[0][0].txid == SPEND


def test_none_where_two_fit_and_the_nearest_ranks_first():
    (answer,), table = ask(said(1000, "in"), tolerance=200)
    assert (answer.txid, set(answer.candidates)) == (None, {PAY, SECOND})
    assert "2 transactions fit" in answer.reason
    # Both differ by 200 and lie 15 minutes away: the txid decides, so that the order never changes.
    assert table["txid"].tolist() == sorted([PAY, SECOND])
    assert ask(said(1001, "in"), tolerance=201)[1]["txid"].tolist() == [PAY, SECOND]


def test_a_local_time_counts_as_the_moment_it_is():
    local = datetime(2026, 3, 2, 1, 0, tzinfo=timezone(timedelta(hours=7)))
    answers, table = ask(said(1200, "in", time=local), before=timedelta(0), after=timedelta(0))
    assert answers[0].txid == PAY
    assert table["delay"].tolist() == [timedelta(0)]


def test_two_messages_about_one_transaction_say_so():
    both = pd.concat([said(1200, "in"), said(1200, "in", name="M2"), said(9, "in", name="M3")])
    answers, _ = ask(both)
    assert [answer.txid for answer in answers] == [PAY, PAY, None]
    assert "1 other message" in answers[0].reason
    assert "No transaction fits" in answers[2].reason


@settings(max_examples=25, deadline=None)
@given(st.integers(0, 50), st.data())
def test_a_true_message_always_has_its_transaction_among_the_candidates(seed, data):
    ledger = made_ledger(random_story(seed))
    outputs = ledger.outputs[(ledger.outputs["value"] > 0) & (ledger.outputs["addresses"].map(len) == 1)]
    row = outputs.iloc[data.draw(st.integers(0, len(outputs) - 1))]
    here, address = row["transaction_hash"], row["addresses"][0]
    payers = {owner for owners in ledger.inputs_of(here)["addresses"] for owner in owners}
    if address in payers:
        return
    time = ledger.transaction(here)["block_timestamp"]
    amount = int(row["value"])
    hour = timedelta(hours=1)
    _, table = ask(said(amount, "in", time=time), addresses=[address], before=hour, after=hour, ledger=ledger)
    assert here in table["txid"].tolist()
    assert (table["difference"] == 0).all()
    if payers:
        debited = amount + int(ledger.transaction(here)["fee"])
        message = said(debited, "out", time=time)
        _, table = ask(message, addresses=payers, before=hour, after=hour, fee="included", ledger=ledger)
        assert here in table["txid"].tolist()


@pytest.mark.parametrize(
    ("change", "words"),
    [
        ({"amount": [0.5]}, "is no satoshi"),
        ({"amount": [0]}, "is no satoshi"),
        ({"direction": ["to"]}, "neither in nor out"),
        ({"time": [datetime(2026, 3, 1)]}, "has no zone"),
    ],
)
def test_a_poor_message_is_refused_by_its_id(change, words):
    with pytest.raises(CointrailError, match=f"Message M1.*{words}"):
        ask(said(1200, "in").assign(**change))


def test_slips_of_the_caller_get_a_sentence():
    good = said(1200, "in")
    for slip, words in [
        ({"fee": "after"}, "is no reading"),
        ({"addresses": []}, "No address is given"),
        ({"addresses": ["x"]}, "no valid address"),
        ({"tolerance": -1}, "cannot be negative"),
        ({"tolerance": 0.5}, "is an int"),
        ({"before": -DAY}, "cannot be negative"),
    ]:
        with pytest.raises(CointrailError, match=words):
            ask(good, **slip)
    with pytest.raises(CointrailError, match="no column 'time'"):
        ask(good.drop(columns="time"))
    with pytest.raises(CointrailError, match="M1 is listed twice"):
        ask(pd.concat([good, good]))


def test_carla_is_paid_twice_and_each_is_told_apart():
    messages = pd.concat([said(2850, "in"), said(1500, "in", name="M2")])
    assert [answer.txid for answer in ask(messages, addresses=[CARLA])[0]] == [SECOND, SPEND]
