"""RINGPOOL: four shapes of CoinJoin, with many lawful users and a few others.

In every round each participant gets back what they brought, less fees, at new addresses; nobody owns the transaction.
Shapes follow published rounds: Whirlpool (5 to 8 equal inputs and outputs), Wasabi 1 (one denomination, its doubles,
and change), Wasabi 2 (many standard denominations, hardly any change), JoinMarket (a taker and a few makers).
"""

from collections.abc import Callable
from dataclasses import dataclass, field

from cointrail.world.economy import Payment, virtual_size
from cointrail.world.glass_harbour.town import Town, weighted
from cointrail.world.wallets import Coin, Wallet

__all__ = ["POOLS", "RingPool"]

# Satoshi, and how often in a hundred rounds (Whirlpool in March 2024).
POOLS = ((1_000_000, 33), (100_000, 33), (5_000_000, 22), (50_000_000, 12))
SIZES = ((8, 64), (6, 14), (5, 11), (7, 11))

SMALLEST = 5_000
STANDARD = sorted(
    {
        factor * base**power
        for base, factors in ((2, (1,)), (3, (1, 2)), (10, (1, 2, 5)))
        for power in range(40)
        for factor in factors
        if SMALLEST <= factor * base**power <= 10**11
    },
    reverse=True,
)


@dataclass
class RingPool:
    """The coordinator and who takes part; `premix` and `mixed` are coins in the Whirlpool-shaped pools.

    `notes` are for those who keep a diary: called with each Whirlpool-shaped round of a wallet, by its name.
    """

    town: Town
    users: list[Wallet] = field(default_factory=list)
    notes: dict[str, Callable[[Payment], object]] = field(default_factory=dict)
    premix: dict[int, list[Coin]] = field(default_factory=lambda: {value: [] for value, _ in POOLS})
    mixed: dict[int, list[Coin]] = field(default_factory=lambda: {value: [] for value, _ in POOLS})

    def __post_init__(self):
        self.fees = self.town.wallet("ringpool", "fees", "private")
        self.stream = self.town.stream("ringpool")

    def open(self) -> None:
        """Plan the rounds of the story."""
        for shape, rounds in ((self.whirlpool, 120), (self.wasabi1, 13), (self.wasabi2, 9), (self.joinmarket, 48)):
            self.town.every(self.stream, rounds, shape, first=3, last=240)
        self.town.every(self.stream, 120, self.join_in, first=1, last=230)

    def join_in(self) -> None:
        """A user brings coins to one of the pools."""
        pool = self._pool()
        self.tx0(self.stream.choice(self.users), pool)

    def tx0(self, wallet: Wallet, pool: int, *, most: int = 4):
        """Cut a user's coins into equal pieces for a pool; the coordinator is paid here, and the rest is change."""
        piece = pool + 4_000 + self.stream.below(4_000)
        coins = _largest(wallet, pool)
        count = min(most, (sum(coin.value for coin in coins) - pool // 20 - 60_000) // piece)
        if count < 1:
            return None
        outputs = [(wallet.receive().script, piece) for _ in range(count)]
        outputs.append((self.fees.receive().script, max(2_000, pool // 20)))
        payment = self.town.pay(wallet, outputs, purpose="coinjoin preparation", coins=coins)
        if payment:
            scripts = {script for script, _ in outputs[:-1]}
            self.premix[pool] += [
                coin for coin in wallet.coins if coin.txid == payment.txid and coin.lock.script in scripts
            ]
        return payment

    def whirlpool(self, pool: int | None = None, *, of: Wallet | None = None):
        """One to four newcomers (more where old coins are few) and old coins make 5 to 8 equal inputs and outputs.

        `of` is a wallet that waits for its turn and is among the newcomers; without a coin of it there is no round.
        Where too few take part, others join in, and a later round succeeds.
        """
        pool = pool or self._pool()
        size = weighted(self.stream, SIZES)
        new = self._usable(self.premix[pool])
        if of:
            if not any(self._owner(coin) is of for coin in new):
                return None
            new.sort(key=lambda coin: self._owner(coin) is not of)
        old = self._one_each(self.stream.shuffled(self._usable(self.mixed[pool])), set())
        new = self._one_each(new, set())[: max(self.stream.between(1, 4), 5 - len(old))]
        busy = {self._owner(coin).name for coin in new}
        old = [coin for coin in old if self._owner(coin).name not in busy][: max(0, size - len(new))]
        if not new or len(new) + len(old) < 5:
            for _ in range(3 if of else 0):
                self.tx0(self.stream.choice(self.users), pool)
            return None
        coins = new + old
        outputs = [(self._owner(coin).receive().script, pool) for coin in coins]
        payment = self._mix(coins, outputs, (), "coinjoin whirlpool")
        scripts = {script for script, _ in outputs}
        for coin in coins:
            owner = self._owner(coin)
            fresh = [c for c in owner.coins if c.txid == payment.txid and c.lock.script in scripts]
            self.mixed[pool] += [c for c in fresh if c not in self.mixed[pool]]
            self.notes.get(owner.name, lambda payment: None)(payment)
        return payment

    def wasabi1(self):
        """One denomination near a tenth of a coin for everybody, twice and four times that for the rich, change."""
        base = 10_000_000 * self.stream.between(98, 112) // 100 + self.stream.below(9_000)
        parties = self._parties(self.stream.between(12, 34), base + 200_000, coins=3)
        if len(parties) < 10:
            return None
        outputs, changes, rate = [], [], self._rate()
        for wallet, coins in parties:
            rest = sum(coin.value for coin in coins) - rate * virtual_size(coins, []) - 150 * rate
            outputs.append((wallet.receive().script, base))
            rest -= base + base * 3 // 1_000
            for level in (2, 4):
                if rest > base * level + 100_000 and self.stream.chance(60):
                    outputs.append((wallet.receive().script, base * level))
                    rest -= base * level
            if rest > 3_000:
                changes.append(len(outputs))
                outputs.append((wallet.receive().script, rest))
        outputs.append((self.fees.receive().script, base * 3 // 1_000 * len(parties)))
        return self._mix([c for _, coins in parties for c in coins], outputs, tuple(changes), "coinjoin wasabi1")

    def wasabi2(self):
        """Everybody's sum is cut into standard denominations."""
        parties = self._parties(self.stream.between(22, 44), 300_000, coins=6)
        if sum(len(coins) for _, coins in parties) < 20:
            return None
        outputs, changes, rate = [], [], self._rate()
        for wallet, coins in parties:
            rest = sum(coin.value for coin in coins) - rate * virtual_size(coins, [])
            for value in self._denominations(rest, rate):
                rest -= value + 31 * rate
                outputs.append((wallet.receive().script, value))
            if rest > 31 * rate + SMALLEST:
                changes.append(len(outputs))
                outputs.append((wallet.receive().script, rest - 31 * rate))
        return self._mix([c for _, coins in parties for c in coins], outputs, tuple(changes), "coinjoin wasabi2")

    def _denominations(self, total: int, rate: int) -> list[int]:
        """Greedy from a random start, so that many people share a denomination."""
        values, allowed = [], [value for value in STANDARD if value < total][self.stream.below(4) :]
        for value in allowed:
            while len(values) < 9 and total - sum(values) - 31 * rate * (len(values) + 1) >= value:
                values.append(value)
        return values

    def joinmarket(self):
        """A taker names the amount; each maker gives change and earns a little."""
        amount = self.stream.around(4_000_000) + self.stream.below(1_000)
        parties = self._parties(self.stream.between(4, 7), amount * 105 // 100 + 200_000, coins=2)
        if len(parties) < 4:
            return None
        outputs, changes, rate = [], [], self._rate()
        coins = [coin for _, held in parties for coin in held]
        cost = rate * (virtual_size(coins, []) + 62 * len(parties) + 40)
        for number, (wallet, held) in enumerate(parties):
            outputs.append((wallet.receive().script, amount))
            earned = amount // 1_000
            rest = sum(coin.value for coin in held) - amount
            rest += earned if number else -cost - earned * (len(parties) - 1)
            if rest > 1_000:
                changes.append(len(outputs))
                outputs.append((wallet.receive().script, rest))
        return self._mix(coins, outputs, tuple(changes), "coinjoin joinmarket")

    # Helpers

    def _parties(self, count: int, least: int, *, coins: int) -> list[tuple[Wallet, list[Coin]]]:
        """Users who have enough, with up to so many of their coins."""
        busy = {id(coin) for pool in (*self.premix.values(), *self.mixed.values()) for coin in pool}
        parties = []
        for wallet in self.stream.shuffled(self.users):
            free = [coin for coin in wallet.coins if coin.ready and id(coin) not in busy]
            free = sorted(free, key=lambda coin: -coin.value)[: self.stream.between(1, coins)]
            if sum(coin.value for coin in free) > least:
                parties.append((wallet, free))
        return parties[:count]

    def _mix(self, coins, outputs, changes, purpose):
        economy = self.town.economy
        payment = economy.send(economy.combine(self.fees, coins, outputs, purpose=purpose, changes=changes))
        spent = {id(coin) for coin in coins}
        for pools in (self.premix, self.mixed):
            for pool in pools:
                pools[pool] = [coin for coin in pools[pool] if id(coin) not in spent]
        return payment

    def _usable(self, coins: list[Coin]) -> list[Coin]:
        """Coins that are confirmed and that their owner has not spent in another way."""
        return [coin for coin in coins if coin.ready and coin in self._owner(coin).coins]

    def _one_each(self, coins: list[Coin], busy: set[str]) -> list[Coin]:
        """At most one coin of each wallet, and none of those that are busy."""
        chosen = {}
        for coin in coins:
            name = self._owner(coin).name
            if name not in busy:
                chosen.setdefault(name, coin)
        return list(chosen.values())

    def _owner(self, coin: Coin) -> Wallet:
        return self.town.economy.owners[coin.lock.script][0]

    def _pool(self) -> int:
        return weighted(self.stream, POOLS)

    def _rate(self) -> int:
        return max(2, self.town.calendar.fee_level(self.town.now) * 8 // 10)


def _largest(wallet: Wallet, enough: int) -> list[Coin]:
    ready = sorted((coin for coin in wallet.coins if coin.ready), key=lambda coin: -coin.value)
    return ready[:1] if ready and ready[0].value > 2 * enough else ready[:3]
