"""Are blocks the same on one core and on many, and does a small world stay in one process?"""

from concurrent.futures import Future

import pytest

from cointrail.errors import CointrailError
from cointrail.ledger.transaction import Transaction, TxIn, TxOut
from cointrail.world import block_maker
from cointrail.world.block_maker import BlockMaker, Draft
from cointrail.world.keys import KINDS, make_lock, secret_key
from cointrail.world.signing import Spend, add_scripts, add_witnesses, sign


def payment(number):
    """A payment of one coin of each script type; its txid is final, its witnesses are to come."""
    keys = [tuple(secret_key(bytes(16), f"{kind}/{number}/{key}") for key in range(3)) for kind in KINDS]
    locks = [
        make_lock(kind, secrets if kind == "p2wsh" else secrets[:1]) for kind, secrets in zip(KINDS, keys, strict=True)
    ]
    inputs = tuple(TxIn(number.to_bytes(32, "big"), vout) for vout in range(len(locks)))
    spends = [Spend(50_000, lock) for lock in locks]
    return add_scripts(Transaction(2, inputs, (TxOut(200_000, locks[0].script),)), spends), spends


@pytest.fixture(scope="module")
def drafts():
    return [Draft(height, [payment(4 * height + n) for n in range(3)], 7, b"\x51") for height in range(1, 33)]


def bodies_of(maker, drafts):
    try:
        for draft in drafts:
            maker.add(draft)
        return [maker.take() for _ in drafts]
    finally:
        maker.close()


def test_other_processes_make_the_same_blocks_in_the_same_order(drafts):
    alone = bodies_of(BlockMaker(workers=0), drafts)
    assert bodies_of(BlockMaker(workers=2, least=20), drafts) == alone
    assert [body.transactions[1].txid for body in alone] == [draft.payments[0][0].txid for draft in drafts]


def test_witnesses_change_no_txid_and_scripts_are_no_witnesses(drafts):
    transaction, spends = drafts[0].payments[0]
    whole = add_witnesses(transaction, spends)
    assert whole.txid == transaction.txid and whole.wtxid != transaction.wtxid
    assert not transaction.has_witness
    bare = transaction._replace(inputs=tuple(txin._replace(script=b"") for txin in transaction.inputs))
    assert sign(bare, spends) == whole


def test_a_small_world_begins_no_process(drafts, monkeypatch):
    monkeypatch.setattr(block_maker, "ProcessPoolExecutor", lambda *words, **names: pytest.fail("a process began"))
    assert len(bodies_of(BlockMaker(workers=2), drafts)) == len(drafts)


def test_a_process_that_dies_is_one_sentence(drafts, monkeypatch):
    class Broken:
        def __init__(self, *words, **names):
            pass

        def submit(self, *words):
            future = Future()
            future.set_exception(block_maker.BrokenProcessPool("a child process terminated abruptly"))
            return future

        def shutdown(self, **names):
            pass

    monkeypatch.setattr(block_maker, "ProcessPoolExecutor", Broken)
    with pytest.raises(CointrailError, match="__main__"):
        bodies_of(BlockMaker(workers=1, least=0), drafts)
