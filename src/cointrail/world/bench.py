"""The figures of `cointrail bench world`: making ledgers, signing, and judging.

Peers are embit and python-bitcoinlib for signing, and the limits of the design for the rest. Making, judging and
blocks are wall time; signing counts inputs for each second of CPU, of all processes together.
"""

import os
import tempfile
import time
from collections.abc import Callable, Iterator
from importlib.util import find_spec
from pathlib import Path

from embit import ec, script
from embit.transaction import Transaction as EmbitTransaction

from cointrail.ledger import load_manifest, read_blocks, worlds
from cointrail.ledger.store import data_folder
from cointrail.ledger.transaction import Transaction, TxIn, TxOut
from cointrail.world.block_maker import BlockMaker, Draft
from cointrail.world.bulk import make_bulk
from cointrail.world.judge import judge
from cointrail.world.keys import make_lock, secret_key
from cointrail.world.signing import Spend, sign

__all__ = ["figures"]

MAKE_LIMIT = 100_000
GROWTH_LIMIT = 12
JUDGE_LIMIT = 15
SIGN_LIMIT = 10_000
WORLD = "glass_harbour"


def figures(scale: int, note: Callable[[str], None]) -> Iterator[tuple[str, dict]]:
    """Yield (name, figure) with the keys value, unit, peer, peer_value, ratio and n.

    Parameters
    ----------
    scale : int
        The largest unsigned ledger to make.
    note : callable
        Is told what happens, one line at a time.
    """
    with tempfile.TemporaryDirectory() as folder:
        make_bulk(Path(folder), 1_000)  # compiles the kernels
        took = {}
        for size in [size for size in (100_000, 1_000_000, 10_000_000) if size <= scale]:
            note(f"unsigned ledger of {size:.0e} payments ...")
            took[size] = _seconds(lambda size=size: make_bulk(Path(folder), size))
            rate = size / took[size]
            yield f"make_{size:.0e}", _figure(rate, "tx/s", "limit", MAKE_LIMIT, rate / MAKE_LIMIT, size)
            if size // 10 in took:
                grown = took[size] / took[size // 10]
                yield (
                    f"make_growth_to_{size:.0e}",
                    _figure(grown, "times", "limit", GROWTH_LIMIT, GROWTH_LIMIT / grown, size),
                )
    yield from _signing(note)
    if WORLD in worlds():
        note(f"the kernel judges {WORLD} ...")
        blocks = read_blocks(data_folder() / WORLD / "btc" / "blocks.dat")
        seconds = _seconds(lambda: _accept(blocks))
        height = load_manifest(WORLD)["height"]
        yield "judge_glass_harbour", _figure(seconds, "s", "limit", JUDGE_LIMIT, JUDGE_LIMIT / seconds, height)


def _signing(note: Callable[[str], None]) -> Iterator[tuple[str, dict]]:
    work = _unsigned(4_000)
    yield from _blocks(work, note)
    note("the same with embit, on one core ...")
    sample = work[:1_500]
    count = sum(len(spends) for _, spends in sample)
    parsed = [EmbitTransaction.parse(transaction.serialise()) for transaction, _ in sample]
    ours = count / _cpu_seconds(lambda: _sign_all(sample))
    signed = _sign_all(sample)
    theirs = count / _cpu_seconds(lambda: _same_as_embit(sample, parsed, signed))
    yield "sign", _figure(ours, "inputs/s", "embit", theirs, ours / theirs, count)
    if find_spec("bitcoin") is None:
        note("python-bitcoinlib is not here: it comes with the dev group")
        return
    note("the same with python-bitcoinlib, on one core ...")
    _like_bitcoinlib(sample[:100], check=signed[:100])
    theirs = count / _cpu_seconds(lambda: _like_bitcoinlib(sample))
    yield "sign_bitcoinlib", _figure(ours, "inputs/s", "python-bitcoinlib", theirs, ours / theirs, count)


def _blocks(work: list[tuple[Transaction, list[Spend]]], note: Callable[[str], None]) -> Iterator[tuple[str, dict]]:
    """Signed blocks of ten payments: how fast on all cores beside one, and what an input costs on all together."""
    cores = os.cpu_count() or 1
    drafts = [Draft(1 + row, work[row : row + 10], 0, b"") for row in range(0, len(work), 10)] * 4
    inputs = sum(len(spends) for draft in drafts for _, spends in draft.payments)
    note(f"blocks of {inputs} inputs on one core, then on {cores} ...")
    alone = _seconds(lambda: _make_bodies(BlockMaker(workers=0), drafts))
    maker = BlockMaker(workers=cores, least=0)
    _make_bodies(maker, drafts[: 50 * cores])  # the processes begin
    together = _seconds(lambda: _make_bodies(maker, drafts))
    maker.close()
    ratio = alone / together
    yield "blocks", _figure(inputs / together, "inputs/s", "one process", inputs / alone, ratio, inputs)
    # What the beginning of the processes costs is the same for a few blocks and for many: the difference is work.
    few, many = (_cpu_of_all(drafts[:size], cores) for size in (len(drafts) // 10, len(drafts)))
    rate = 0.9 * inputs / (many - few)
    yield "sign_all_cores", _figure(rate, "inputs/s/core", "limit", SIGN_LIMIT, rate / SIGN_LIMIT, inputs)


def _cpu_of_all(drafts: list[Draft], cores: int) -> float:
    """Seconds of CPU of this process and all that sign for it; those count when they have ended."""
    before, maker = sum(os.times()[:4]), BlockMaker(workers=cores, least=0)
    _make_bodies(maker, drafts)
    maker.close()
    return sum(os.times()[:4]) - before


def _make_bodies(maker: BlockMaker, drafts: list[Draft]) -> None:
    for draft in drafts:
        maker.add(draft)
    for _ in drafts:
        maker.take()


def _unsigned(count: int) -> list[tuple[Transaction, list[Spend]]]:
    """P2WPKH payments of one to four inputs."""
    locks = [make_lock("p2wpkh", (secret_key(bytes(16), f"bench/{number}"),)) for number in range(200)]
    work = []
    for number in range(count):
        size = 1 + number % 4
        inputs = tuple(TxIn(number.to_bytes(32, "big"), vout) for vout in range(size))
        outputs = (TxOut(30_000, locks[number % 200].script), TxOut(20_000, locks[(number + 7) % 200].script))
        work.append((Transaction(2, inputs, outputs), [Spend(60_000, locks[(number + k) % 200]) for k in range(size)]))
    return work


def _sign_all(work: list[tuple[Transaction, list[Spend]]]) -> list[Transaction]:
    return [sign(transaction, spends) for transaction, spends in work]


def _same_as_embit(work, parsed: list[EmbitTransaction], signed: list[Transaction]) -> None:
    """Sign with embit and compare; the same digest and RFC 6979 give the same signature."""
    for (_, spends), theirs, ours in zip(work, parsed, signed, strict=True):
        for index, spend in enumerate(spends):
            digest = theirs.sighash_segwit(index, script.Script(spend.lock.inner), spend.value)
            key = ec.PrivateKey(spend.lock.keys[0].secret)
            signature = key.sign(digest, grind=False).serialize() + b"\x01"
            if signature != ours.inputs[index].witness[0]:
                raise AssertionError(f"embit signs input {index} of {ours.txid} differently")


def _like_bitcoinlib(work: list[tuple[Transaction, list[Spend]]], check: list[Transaction] = ()) -> None:
    """Sign with python-bitcoinlib. Its nonces are random, so instead it verifies our signatures of `check`."""
    from bitcoin.core import CTransaction
    from bitcoin.core import script as their_script
    from bitcoin.wallet import CBitcoinSecret

    keys = {}
    for number, (transaction, spends) in enumerate(work):
        theirs = CTransaction.deserialize(transaction.serialise(witness=False))
        for index, spend in enumerate(spends):
            secret = spend.lock.keys[0].secret
            keys.setdefault(secret, None)
            key = keys[secret] = keys[secret] or CBitcoinSecret.from_secret_bytes(secret)
            code, version = their_script.CScript(spend.lock.inner), their_script.SIGVERSION_WITNESS_V0
            digest = their_script.SignatureHash(
                code, theirs, index, their_script.SIGHASH_ALL, amount=spend.value, sigversion=version
            )
            key.sign(digest)
            if number < len(check) and not key.pub.verify(digest, check[number].inputs[index].witness[0][:-1]):
                raise AssertionError(f"python-bitcoinlib refuses our signature of input {index}")


def _accept(blocks: list[bytes]) -> None:
    verdict = judge(blocks)
    if verdict.refusal:
        raise AssertionError(f"the kernel refused {verdict.refusal}")


def _seconds(work: Callable[[], object]) -> float:
    start = time.perf_counter()
    work()
    return time.perf_counter() - start


def _cpu_seconds(work: Callable[[], object]) -> float:
    """The quickest of three runs."""
    best = float("inf")
    for _ in range(3):
        start = time.process_time()
        work()
        best = min(best, time.process_time() - start)
    return best


def _figure(value: float, unit: str, peer: str, peer_value: float, ratio: float, n: int) -> dict:
    rounded = {"value": round(value, 2), "peer_value": round(peer_value, 2), "ratio": round(ratio, 2)}
    return rounded | {"unit": unit, "peer": peer, "n": n}
