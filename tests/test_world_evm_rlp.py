"""Is our RLP the one of the Ethereum Foundation's library `rlp`?"""

import pytest
import rlp
from hypothesis import given
from hypothesis import strategies as st

from cointrail.errors import CointrailError
from cointrail.world.evm.rlp import decode, encode

ITEMS = st.recursive(st.binary(max_size=80), lambda inner: st.lists(inner, max_size=6), max_leaves=20)


@given(ITEMS)
def test_bytes_and_lists_are_written_as_the_library_writes_them(item):
    assert encode(item) == rlp.encode(item)


@given(st.integers(min_value=0, max_value=2**256 - 1))
def test_whole_numbers_are_written_without_leading_zeros(number):
    assert encode(number) == rlp.encode(number)


@given(ITEMS)
def test_what_is_written_can_be_read_again(item):
    serial = encode(item)
    assert decode(serial + b"rest") == (item, len(serial))


@given(ITEMS.filter(lambda item: len(item) > 0), st.data())
def test_a_cut_file_is_refused(item, data):
    serial = encode(item)
    cut = data.draw(st.integers(min_value=0, max_value=len(serial) - 1))
    with pytest.raises(CointrailError, match="cut short"):
        decode(serial[:cut])
