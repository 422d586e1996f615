"""Do the random streams give the same numbers for the same purpose, and fair ones?"""

from collections import Counter

from hypothesis import given
from hypothesis import strategies as st

from cointrail.world.streams import Stream

SEED = bytes(range(16))


@given(st.binary(min_size=16, max_size=16), st.text(max_size=20))
def test_a_stream_can_be_repeated(seed, purpose):
    first, second = Stream(seed, purpose), Stream(seed, purpose)
    assert [first.below(1000) for _ in range(5)] == [second.below(1000) for _ in range(5)]


def test_purposes_and_seeds_do_not_share_numbers():
    streams = [Stream(SEED, "one"), Stream(SEED, "two"), Stream(bytes(16), "one")]
    assert len({tuple(stream.bytes() for _ in range(3)) for stream in streams}) == 3


def test_the_numbers_are_these_on_every_machine():
    stream = Stream(SEED, "pinned")
    assert [stream.below(1_000_000) for _ in range(4)] == [438880, 72884, 370931, 335832]


@given(st.integers(1, 2**63), st.integers(0, 50))
def test_numbers_stay_below_their_bound(bound, purpose):
    assert 0 <= Stream(SEED, str(purpose)).below(bound) < bound


def test_both_ends_are_drawn_about_equally():
    stream = Stream(SEED, "dice")
    counts = Counter(stream.between(1, 6) for _ in range(6_000))
    assert sorted(counts) == [1, 2, 3, 4, 5, 6]
    assert all(850 < count < 1150 for count in counts.values())


def test_shuffling_keeps_the_items_and_leaves_the_original_alone():
    cards = list(range(20))
    mixed = Stream(SEED, "cards").shuffled(cards)
    assert sorted(mixed) == cards == list(range(20)) and mixed != cards
