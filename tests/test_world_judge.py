"""Does the judge believe Bitcoin Core's code, and only it?"""

import pytest

from cointrail.ledger import data_folder, read_blocks
from cointrail.world.judge import Verdict, judge
from cointrail.world.mutate import mutated_chains


@pytest.fixture(scope="module")
def blocks():
    return read_blocks(data_folder() / "primer" / "btc" / "blocks.dat")


def test_the_kernel_connects_every_block_of_primer(blocks):
    assert judge(blocks) == Verdict(connected=len(blocks))


def test_the_kernel_refuses_each_forged_copy_at_the_forged_block(blocks):
    forged = dict(mutated_chains(blocks))
    assert list(forged) == [
        "one bit of a signature",
        "one satoshi more in an output",
        "one satoshi more for the miner",
    ]
    for what, chain in forged.items():
        verdict = judge(chain)
        assert verdict.connected == len(chain) - 1, what
        # CONSENSUS, not MUTATED: header, hash tree and witness commitment of the copy are in order.
        assert verdict.refusal == f"block {len(chain)}: CONSENSUS", what


def test_a_flipped_bit_without_new_proof_of_work_is_refused(blocks):
    damaged = bytearray(blocks[9])
    damaged[-20] ^= 1
    assert judge([*blocks[:9], bytes(damaged)]).connected == 9


def test_a_missing_block_is_refused(blocks):
    assert judge([*blocks[:3], *blocks[4:6]]).connected == 3


def test_bytes_that_are_no_block_are_refused(blocks):
    verdict = judge([*blocks[:2], b"no block"])
    assert verdict.connected == 2 and verdict.refusal.startswith("block 3:")


def test_no_blocks_are_no_objection():
    assert judge([]) == Verdict(connected=0)
