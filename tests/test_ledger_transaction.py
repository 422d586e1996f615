"""Is our parser the exact inverse of our serialiser, and does it read what others read?"""

from io import BytesIO

import pytest
from embit.transaction import Transaction as EmbitTransaction
from hypothesis import given
from hypothesis import strategies as st

from cointrail.errors import CointrailError
from cointrail.ledger.transaction import Transaction, TxIn, TxOut, compact_size, parse_transaction

SCRIPTS = st.binary(max_size=300)
INPUTS = st.builds(
    TxIn,
    txid=st.binary(min_size=32, max_size=32),
    vout=st.integers(0, 0xFFFFFFFF),
    script=SCRIPTS,
    sequence=st.integers(0, 0xFFFFFFFF),
    witness=st.lists(SCRIPTS, max_size=4).map(tuple),
)
OUTPUTS = st.builds(TxOut, value=st.integers(0, 21_000_000 * 100_000_000), script=SCRIPTS)
TRANSACTIONS = st.builds(
    Transaction,
    version=st.sampled_from([1, 2]),
    inputs=st.lists(INPUTS, min_size=1, max_size=4).map(tuple),
    outputs=st.lists(OUTPUTS, min_size=1, max_size=4).map(tuple),
    lock_time=st.integers(0, 0xFFFFFFFF),
)


@given(TRANSACTIONS)
def test_parsing_gives_back_what_was_serialised(transaction):
    assert parse_transaction(transaction.serialise()) == transaction


@given(TRANSACTIONS)
def test_embit_reads_the_same_transaction(transaction):
    theirs = EmbitTransaction.parse(transaction.serialise())
    assert theirs.txid().hex() == transaction.txid
    assert [out.value for out in theirs.vout] == [out.value for out in transaction.outputs]
    assert [out.script_pubkey.data for out in theirs.vout] == [out.script for out in transaction.outputs]


@given(st.binary(max_size=200))
def test_any_bytes_are_a_transaction_or_refused_with_a_sentence(raw):
    try:
        assert parse_transaction(raw).serialise() == raw
    except CointrailError as error:
        assert str(error).endswith(".")


@given(TRANSACTIONS, st.data())
def test_a_transaction_cut_short_is_refused(transaction, data):
    raw = transaction.serialise()
    with pytest.raises(CointrailError):
        parse_transaction(raw[: data.draw(st.integers(0, len(raw) - 1))])


def test_bytes_left_over_are_counted():
    raw = Transaction(2, (TxIn(bytes(32), 0),), (TxOut(1, b""),)).serialise()
    with pytest.raises(CointrailError, match="3 bytes are left over"):
        parse_transaction(raw + b"abc")


@given(st.integers(0, 2**64 - 1))
def test_compact_sizes_are_those_of_embit(number):
    from embit.compact import read_from

    assert read_from(BytesIO(compact_size(number))) == number


def test_witness_bytes_count_a_quarter():
    plain = Transaction(2, (TxIn(bytes(32), 0),), (TxOut(1, b"\x51"),))
    signed = plain._replace(inputs=(plain.inputs[0]._replace(witness=(bytes(64),)),))
    assert plain.virtual_size == plain.size == 61
    assert signed.txid == plain.txid and signed.wtxid != signed.txid
    # 68 more bytes: marker and flag, the item count, the item's length and the item; a quarter of 68 is 17.
    assert (signed.size, signed.virtual_size) == (61 + 68, 61 + 17)
