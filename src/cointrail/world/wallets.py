"""Wallets: who holds which keys and coins, and the habits of the program they use.

A style is data: the type of address, where change goes, which coins are spent first, what fee is paid. Habits like
these are what change heuristics look for, so every actor has them on purpose.
"""

from dataclasses import dataclass, field

from cointrail.errors import CointrailError
from cointrail.ledger.transaction import TxIn
from cointrail.world.keys import Lock, make_lock, secret_key
from cointrail.world.phrases import Phrase
from cointrail.world.streams import Stream

__all__ = ["STYLES", "Coin", "Wallet", "WalletStyle"]


@dataclass(frozen=True)
class WalletStyle:
    """Habits of one wallet program.

    `change` is the place of the change output (``first``, ``last``, ``random``); `fresh_change` False sends it back to
    the address that paid; `kept_change` sends it to one address, always the same, whose coins are spent last;
    `change_kind` gives it another script type, as some programs do since segwit; `coins` says which are spent first
    (``oldest``, ``newest``, ``largest``, ``smallest``, or ``closest``: the smallest that suffices alone); `rates` is
    the range of fee rates in satoshi per virtual byte, or, where `follows` is set, in percent of the level of the day;
    `lock_time` states the height as Bitcoin Core does; `replaceable` signals BIP125; `bip69` sorts inputs and outputs;
    `round_to` is the step in which its user enters amounts, in satoshi; `reuses` shows everybody the same address; more
    ready coins than `consolidates` are joined.
    """

    kind: str
    change: str = "random"
    fresh_change: bool = True
    kept_change: bool = False
    change_kind: str = ""
    coins: str = "oldest"
    rates: tuple[int, int] = (2, 9)
    lock_time: bool = False
    replaceable: bool = False
    follows: bool = False
    version: int = 2
    bip69: bool = False
    round_to: int = 1
    reuses: bool = False
    consolidates: int = 1_000_000


STYLES = {
    "phone": WalletStyle("p2wpkh", replaceable=True),
    "desktop": WalletStyle("p2wpkh", coins="largest", lock_time=True, replaceable=True),
    "older_phone": WalletStyle("p2sh-p2wpkh", change="last"),
    "paper": WalletStyle("p2pkh", change="last", fresh_change=False, rates=(5, 12)),
    "tablet": WalletStyle("p2tr", change="first"),
    "taproot": WalletStyle("p2tr", lock_time=True),
    "shop": WalletStyle("p2wpkh", change="last", rates=(1, 4)),
    "service": WalletStyle("p2wpkh", change="last", fresh_change=False, coins="largest", rates=(4, 12)),
    "deposits": WalletStyle("p2sh-p2wpkh", rates=(1, 3)),
    "vault": WalletStyle("p2wsh", change="first", lock_time=True),
}

# Virtual bytes of an input with its signature; outputs are counted exactly (Bitcoin Core's estimates, rounded up).
INPUT_SIZES = {"p2pkh": 148, "p2sh-p2wpkh": 91, "p2wpkh": 68, "p2wsh": 105, "p2tr": 58}


@dataclass(eq=False)
class Coin:
    """An unspent output in a wallet. `ready` coins are confirmed, or change of the wallet itself."""

    txid: str
    vout: int
    value: int
    lock: Lock
    ready: bool = False

    @property
    def outpoint(self) -> str:
        return f"{self.txid}:{self.vout}"

    def as_input(self, sequence: int) -> TxIn:
        return TxIn(bytes.fromhex(self.txid)[::-1], self.vout, sequence=sequence)


@dataclass(eq=False)
class Wallet:
    """Keys and coins of one entity in one program.

    `name` is unique in a world and the keys follow from it, or from a `phrase`; `owners` is the world's register of who
    holds which script. `used` counts the addresses for payers and those for change.
    """

    seed: bytes
    entity: str
    name: str
    style: WalletStyle
    owners: dict[bytes, tuple["Wallet", Lock]] = field(repr=False)
    locks: list[Lock] = field(default_factory=list)
    coins: list[Coin] = field(default_factory=list)
    phrase: Phrase | None = None
    used: list[int] = field(default_factory=lambda: [0, 0])

    def __post_init__(self):
        self.stream = Stream(self.seed, f"wallet/{self.name}")
        self._kept: Lock | None = None

    def receive(self, branch: int = 0) -> Lock:
        """A new address, for payers or (branch 1) for change."""
        kind = self.style.change_kind if branch and self.style.change_kind else self.style.kind
        lock = make_lock(kind, self._secrets(kind, branch))
        self.used[branch] += 1
        self.locks.append(lock)
        self.owners[lock.script] = self, lock
        return lock

    def _secrets(self, kind: str, branch: int) -> tuple[bytes, ...]:
        if self.phrase:
            return (self.phrase.secret(branch, self.used[branch]),)
        keys = 3 if kind == "p2wsh" else 1
        return tuple(secret_key(self.seed, f"{self.name}/{len(self.locks)}/{key}") for key in range(keys))

    def take_back(self, lock: Lock) -> None:
        """Forget the newest address for payers, which nobody was shown."""
        self.locks.remove(lock)
        del self.owners[lock.script]
        self.used[0] -= 1

    def skip(self, count: int) -> None:
        """Leave out so many addresses for payers: they were shown to somebody who never paid."""
        self.used[0] += count

    def change_lock(self, coins: list[Coin]) -> Lock:
        """Where change goes, as the style says."""
        if self.style.kept_change:
            self._kept = self._kept or self.receive(1)
            return self._kept
        return self.receive(1) if self.style.fresh_change else coins[0].lock

    def balance(self) -> int:
        """Value of the coins that can be spent now."""
        return sum(coin.value for coin in self.coins if coin.ready)

    def address(self) -> Lock:
        """The address its owner gives to a payer: always the first, or a new one, as the style says."""
        return self.locks[0] if self.style.reuses and self.locks else self.receive()

    def spendable(self, rate: int) -> int:
        """What the coins that can be spent now are worth after paying for themselves at a fee rate."""
        cost = INPUT_SIZES[self.style.kind] * rate
        return sum(coin.value - cost for coin in self.coins if coin.ready and coin.value > cost)

    def fee_rate(self, level: int | None = None) -> int:
        """Satoshi per virtual byte for a payment now; `level` is the rate of the day."""
        rate = self.stream.between(*self.style.rates)
        return max(1, level * rate // 100) if self.style.follows else rate

    def pick(self, amount: int, *, rate: int) -> list[Coin]:
        """Coins for an amount and their own cost, in the order of the wallet's habit."""
        cost, chosen, total = INPUT_SIZES[self.style.kind] * rate, [], 0
        ready = [coin for coin in self.coins if coin.ready and coin.value > cost]
        for coin in sorted(_ORDERS[self.style.coins](ready, amount + cost), key=self._is_kept):
            chosen.append(coin)
            total += coin.value - cost
            if total >= amount:
                return chosen
        raise CointrailError(f"The wallet {self.name} holds {self.balance()} satoshi, too little to pay {amount}.")

    def _is_kept(self, coin: Coin) -> bool:
        """Change that is kept apart is spent last."""
        return self._kept is not None and coin.lock is self._kept

    def coin(self, outpoint: str) -> Coin:
        """The unspent coin at an outpoint."""
        return next(coin for coin in self.coins if coin.outpoint == outpoint)


def _closest(coins: list[Coin], amount: int) -> list[Coin]:
    enough = [coin for coin in coins if coin.value >= amount]
    return [min(enough, key=lambda coin: coin.value)] if enough else _largest(coins, amount)


def _largest(coins: list[Coin], amount: int) -> list[Coin]:
    return sorted(coins, key=lambda coin: -coin.value)


_ORDERS = {
    "oldest": lambda coins, amount: coins,
    "newest": lambda coins, amount: coins[::-1],
    "largest": _largest,
    "smallest": lambda coins, amount: sorted(coins, key=lambda coin: coin.value),
    "closest": _closest,
}
