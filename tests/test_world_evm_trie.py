"""Does our hash tree have the roots of the Ethereum Foundation's library `trie`?"""

import random

import pytest
import rlp
from trie import HexaryTrie

from cointrail.world.evm.trie import EMPTY_ROOT, Trie, list_root


def test_nothing_has_the_known_root():
    assert Trie().root() == EMPTY_ROOT == HexaryTrie({}).root_hash


@pytest.mark.parametrize("seed", range(40))
def test_roots_agree_while_keys_come_change_and_go(seed):
    draw = random.Random(seed)
    keys = [draw.randbytes(draw.choice([1, 2, 3, 32])) for _ in range(draw.randint(1, 40))]
    ours, theirs = Trie(), HexaryTrie({})
    for _ in range(60):
        key, value = draw.choice(keys), draw.randbytes(draw.choice([0, 1, 5, 40]))
        ours.set(key, value)
        theirs[key] = value
        assert ours.root() == theirs.root_hash


@pytest.mark.parametrize("count", [0, 1, 2, 16, 17, 128, 129, 200])
def test_the_root_over_a_list_is_that_over_its_numbered_items(count):
    items = [bytes((n % 256,)) * 40 for n in range(count)]
    theirs = HexaryTrie({})
    for number, item in enumerate(items):
        theirs[rlp.encode(number)] = item
    assert list_root(items) == theirs.root_hash
