"""The economy: wallets pay each other, payments wait, and blocks confirm them.

It knows the whole truth - who owns each script, why each payment was made, which output is change - and gives the
chain as real, signed blocks.
"""

from collections.abc import Callable
from dataclasses import dataclass, field
from heapq import heapify, heappop, heappush
from itertools import count

from cointrail.errors import CointrailError
from cointrail.ledger.block import GENESIS_HASH, Block
from cointrail.ledger.checks import subsidy
from cointrail.ledger.mining import mine_root
from cointrail.ledger.transaction import Transaction, TxOut, compact_size
from cointrail.world.block_maker import BlockMaker, Body, Draft
from cointrail.world.keys import Lock
from cointrail.world.phrases import Phrase
from cointrail.world.signing import Spend, add_scripts
from cointrail.world.wallets import INPUT_SIZES, Coin, Wallet, WalletStyle

__all__ = ["Economy", "Payment", "virtual_size"]

MATURITY = 100
# Change below this costs more to spend than it is worth: wallets leave it to the fee.
DUST = 1_000


@dataclass(frozen=True)
class Payment:
    """One transaction and the truth about it; `changes` are the outputs that go back to a payer.

    Its txid is final. The witnesses come when its block is made; `spends` is what they sign.
    """

    transaction: Transaction
    txid: str
    wallet: Wallet
    coins: list[Coin]
    purpose: str
    changes: tuple[int, ...]
    time: int

    @property
    def spends(self) -> list[Spend]:
        return [Spend(coin.value, coin.lock) for coin in self.coins]

    @property
    def change(self) -> int | None:
        """The output that is change, where there is at most one."""
        return self.changes[0] if self.changes else None

    @property
    def fee(self) -> int:
        return sum(coin.value for coin in self.coins) - sum(out.value for out in self.transaction.outputs)

    def vout_of(self, lock: Lock) -> int:
        """The first output that pays a lock."""
        return next(n for n, out in enumerate(self.transaction.outputs) if out.script == lock.script)


@dataclass
class Economy:
    """Wallets and the chain they share; `now` is Unix seconds and moves with `run`.

    `owners` says who holds a script; `confirmed` holds the payments of each block, from height 1; `bodies` the
    signed transactions, which `maker` makes while the story goes on. `fee_level` is the fee rate of the day at a
    time, for wallets that follow it.
    """

    seed: bytes
    wallets: dict[str, Wallet] = field(default_factory=dict)
    owners: dict[bytes, tuple[Wallet, Lock]] = field(default_factory=dict)
    confirmed: list[list[Payment]] = field(default_factory=list)
    bodies: list[Body] = field(default_factory=list)
    maker: BlockMaker = field(default_factory=BlockMaker)
    now: int = 0
    fee_level: Callable[[int], int] | None = None
    _waiting: list[Payment] = field(default_factory=list)
    _unready: list[Coin] = field(default_factory=list)
    _immature: list[Coin] = field(default_factory=list)
    _todo: list[tuple[int, int, Callable[[], object]]] = field(default_factory=list)
    _ticket: count = field(default_factory=count)

    @property
    def height(self) -> int:
        return len(self.confirmed)

    def wallet(self, entity: str, name: str, style: WalletStyle, phrase: Phrase | None = None) -> Wallet:
        """A new wallet; its name is ``entity/name``, and its keys follow from that or from a phrase."""
        wallet = Wallet(self.seed, entity, f"{entity}/{name}", style, self.owners, phrase=phrase)
        self.wallets[wallet.name] = wallet
        return wallet

    def at(self, time: int, act: Callable[[], object]) -> None:
        """Plan something for a time; what is planned for one time happens in the order it was planned."""
        heappush(self._todo, (time, next(self._ticket), act))

    def run(self, events: list[tuple[int, Callable[[], object]]], *, block_times: list[int], miner: Lock) -> None:
        """Let events happen in order of time; at each block time a block confirms what waits and pays the miner."""
        self._todo += [(time, next(self._ticket), act) for time, act in events]
        heapify(self._todo)
        try:
            for block_time in block_times:
                self._live_until(block_time)
                self._confirm(miner)
            self._make_bodies(self.height)
        finally:
            self.maker.close()

    def _live_until(self, block_time: int) -> None:
        while self._todo and self._todo[0][0] < block_time:
            self.now, _, act = heappop(self._todo)
            act()
        self.now = block_time

    def pay(self, wallet: Wallet, outputs: list[tuple[bytes, int]], *, purpose: str, **choices) -> Payment:
        """Pay (script, satoshi) pairs and send the payment to the next block; choices as in `draft`."""
        return self.send(self.draft(wallet, outputs, purpose=purpose, **choices))

    def send(self, payment: Payment) -> Payment:
        """Send a drafted payment to the next block."""
        for coin in payment.coins:
            owner, _ = self.owners[coin.lock.script]
            (owner if coin in owner.coins else payment.wallet).coins.remove(coin)
        self._waiting.append(payment)
        self._receive(payment)
        return payment

    def sweep(self, wallet: Wallet, lock: Lock, *, purpose: str, coins: list[Coin] | None = None) -> Payment:
        """Send whole coins (all that are ready, if not named) to one lock, without change."""
        coins = coins or [coin for coin in wallet.coins if coin.ready]
        rate = wallet.fee_rate(self._level())
        fee = rate * virtual_size(coins, [(lock.script, 0)])
        value = sum(coin.value for coin in coins) - fee
        return self.pay(wallet, [(lock.script, value)], purpose=purpose, coins=coins, rate=rate)

    def draft(
        self,
        wallet: Wallet,
        outputs: list[tuple[bytes, int]],
        *,
        purpose: str,
        coins: list[Coin] | None = None,
        rate: int | None = None,
    ) -> Payment:
        """Make a payment without sending it; `coins` and the fee `rate` follow the wallet's habits."""
        rate = rate or wallet.fee_rate(self._level())
        amount = sum(value for _, value in outputs)
        if coins is None:
            coins = wallet.pick(amount + rate * virtual_size([], [*outputs, (bytes(34), 0)]), rate=rate)
        outputs, change = self._with_change(wallet, outputs, coins, rate)
        return self.combine(wallet, coins, outputs, purpose=purpose, changes=() if change is None else (change,))

    def combine(
        self,
        wallet: Wallet,
        coins: list[Coin],
        outputs: list[tuple[bytes, int]],
        *,
        purpose: str,
        changes: tuple[int, ...] = (),
    ) -> Payment:
        """A transaction of exactly these coins and outputs; the coins may be of several wallets.

        `wallet` is the one whose program builds it: its habits decide the rest. What is left over is the fee.
        """
        style = wallet.style
        if style.bip69:
            coins = sorted(coins, key=lambda coin: (coin.txid, coin.vout))
            order = sorted(range(len(outputs)), key=lambda n: (outputs[n][1], outputs[n][0]))
            outputs, changes = [outputs[n] for n in order], tuple(order.index(n) for n in changes)
        sequence = 0xFFFFFFFD if style.replaceable else 0xFFFFFFFE if style.lock_time else 0xFFFFFFFF
        unsigned = Transaction(
            style.version,
            tuple(coin.as_input(sequence) for coin in coins),
            tuple(TxOut(value, script) for script, value in outputs),
            self.height if style.lock_time else 0,
        )
        transaction = add_scripts(unsigned, [Spend(coin.value, coin.lock) for coin in coins])
        return Payment(transaction, transaction.txid, wallet, coins, purpose, changes, self.now)

    def _level(self) -> int | None:
        return self.fee_level(self.now) if self.fee_level else None

    def _with_change(self, wallet, outputs, coins, rate) -> tuple[list[tuple[bytes, int]], int | None]:
        spare = sum(coin.value for coin in coins) - sum(value for _, value in outputs)
        fee = rate * virtual_size(coins, [*outputs, (bytes(34), 0)])
        if spare < rate * virtual_size(coins, outputs):
            raise CointrailError(f"The wallet {wallet.name} cannot pay {outputs} and the fee from {len(coins)} coins.")
        if spare - fee < DUST:
            return outputs, None
        lock = wallet.change_lock(coins)
        places = {"first": 0, "last": len(outputs)}
        place = places.get(wallet.style.change, wallet.stream.below(len(outputs) + 1))
        return [*outputs[:place], (lock.script, spare - fee), *outputs[place:]], place

    def _receive(self, payment: Payment) -> None:
        for vout, output in enumerate(payment.transaction.outputs):
            if output.script not in self.owners:
                continue
            owner, lock = self.owners[output.script]
            mine = vout in payment.changes and owner is payment.wallet
            coin = Coin(payment.txid, vout, output.value, lock, ready=mine)
            owner.coins.append(coin)
            self._unready.append(coin)

    def _confirm(self, miner: Lock) -> None:
        payments, self._waiting = self._waiting, []
        self.confirmed.append(payments)
        fees = sum(payment.fee for payment in payments)
        unsigned = [(payment.transaction, payment.spends) for payment in payments]
        self.maker.add(Draft(self.height, unsigned, fees, miner.script))
        for coin in self._unready:
            coin.ready = True
        # The txid of a reward is known when its block has been made.
        reward = Coin("", 0, subsidy(self.height) + fees, miner)
        self.owners[miner.script][0].coins.append(reward)
        self._immature.append(reward)
        self._unready = []
        # A reward of height h can be spent in the block at h + 100, which may be the next one.
        if self.height >= MATURITY:
            ripe = self.height - MATURITY
            self._make_bodies(ripe + 1)
            reward = self._immature.pop(0)
            reward.txid, reward.ready = self.bodies[ripe].transactions[0].txid, True

    def _make_bodies(self, height: int) -> None:
        """Wait for the bodies of all blocks up to a height."""
        while len(self.bodies) < height:
            self.bodies.append(self.maker.take())

    def blocks(self, timestamps: list[int]) -> list[Block]:
        """The chain as blocks, with these timestamps in their headers; txids do not depend on them."""
        previous, blocks = bytes.fromhex(GENESIS_HASH)[::-1], []
        for body, timestamp in zip(self.bodies, timestamps, strict=True):
            block = mine_root(body.root, previous=previous, timestamp=timestamp)
            previous = bytes.fromhex(block.hash)[::-1]
            blocks.append(block._replace(transactions=body.transactions))
        return blocks


def virtual_size(coins: list[Coin], outputs: list[tuple[bytes, int]]) -> int:
    """The size a wallet pays for, in virtual bytes, before it has signed."""
    inputs = sum(INPUT_SIZES[coin.lock.kind] for coin in coins)
    return 11 + inputs + sum(8 + len(compact_size(len(script))) + len(script) for script, _ in outputs)
