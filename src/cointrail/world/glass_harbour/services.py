"""The services of the town: exchanges, swapper, bridge, processor, gambling house, cash machines, mining pool."""

from dataclasses import dataclass, field

from cointrail.world.economy import Payment
from cointrail.world.glass_harbour.custodian import HOUSE, Custodian, Policy
from cointrail.world.glass_harbour.town import Crossing, Town, moment
from cointrail.world.keys import Lock
from cointrail.world.wallets import Wallet

__all__ = ["EXCHANGES", "POLICIES", "Bridge", "Desk", "Mixer", "Services", "Swapper"]

POLICIES = {
    # An exchange that answers requests: one deposit address for each customer, one hot wallet, batches.
    "northpier": Policy("northpier", "deposits_wrapped", "hot_segwit", payouts=(1, 9, 14, 20), hot_float=(60, 260)),
    # A slow one: old address type, payouts one by one from a coin that peels; its chains look like laundering.
    "kestrel": Policy(
        "kestrel",
        "deposits_plain",
        "hot_wrapped",
        fixed_hot=False,
        sweeps=(11,),
        sweep_days=2,
        payouts=(6, 8, 10, 12, 14, 16, 20),
        batch=1,
        hot_float=(40, 160),
    ),
    # One that never answers.
    "cindermoor": Policy(
        "cindermoor",
        "deposits_wrapped",
        "hot_plain",
        sweeps=(22,),
        sweep_days=3,
        payouts=(3, 15),
        batch=12,
        hot_float=(20, 80),
    ),
    # A swapper without accounts: a new address for every order, payouts at once.
    "swaplark": Policy(
        "swaplark",
        "deposits_segwit",
        "hot_segwit",
        fresh_deposits=True,
        fixed_hot=False,
        sweep_days=4,
        payouts=tuple(range(24)),
        batch=1,
        hot_float=(3, 18),
    ),
    "payberth": Policy(
        "payberth",
        "deposits_segwit",
        "hot_wrapped",
        fresh_deposits=True,
        sweep_days=2,
        sweep_most=110,
        payouts=(7,),
        batch=20,
        hot_float=(1, 40),
    ),
    "oddlight": Policy(
        "oddlight", "deposits_plain", "hot_plain", sweeps=(2, 14), payouts=(5, 11, 17, 23), batch=5, hot_float=(2, 14)
    ),
    "drizzle": Policy(
        "drizzle",
        "deposits_segwit",
        "hot_wrapped",
        fresh_deposits=True,
        fixed_hot=False,
        sweep_days=5,
        sweep_least=2,
        payouts=tuple(range(0, 24, 3)),
        batch=2,
        hot_float=(2, 14),
    ),
    "quayside": Policy(
        "quayside",
        "deposits_wrapped",
        "hot_plain",
        fresh_deposits=True,
        fixed_hot=False,
        sweeps=(3, 15),
        sweep_most=40,
        payouts=(20,),
        batch=30,
        hot_float=(1, 12),
    ),
}
EXCHANGES = ("northpier", "kestrel", "cindermoor")

# Assets on the account ledger that coins are swapped for: code, decimals, and units for one ARV in hundredths.
ASSETS = {"ARVD": (6, 100), "HBC": (18, 3)}


@dataclass
class Swapper(Custodian):
    """SWAPLARK: coins in here, another asset out on the other ledger within minutes, or the other way round."""

    def swap_out(self, entity: str, wallet: Wallet, value: int, *, purpose: str = "swap"):
        """From this ledger to the other."""
        payment = self.deposit(entity, wallet, value, purpose=purpose)
        if payment:
            credited = self.sell(entity)
            vout = payment.vout_of(self.accounts[entity])
            note_crossing(self.town, self, "out", entity, payment.txid, vout, credited)
        return payment

    def swap_in(self, entity: str, lock: Lock, value: int) -> None:
        """From the other ledger to this one; the payment goes out with the next payouts."""
        self.buy_and_withdraw(entity, lock, value)

    def _book_payouts(self, batch, payment) -> None:
        super()._book_payouts(batch, payment)
        for customer, lock, value in batch:
            note_crossing(self.town, self, "in", customer, payment.txid, payment.vout_of(lock), value)


@dataclass
class Bridge:
    """SPANGATE: one well-known address that three keepers hold; a note in the transaction says where the coins go."""

    town: Town

    def __post_init__(self):
        self.vault = self.town.wallet("spangate", "vault", "vault")
        self.front = self.vault.receive()
        self.stream = self.town.stream("bridge")

    def cross_out(self, entity: str, wallet: Wallet, value: int, *, purpose: str = "bridge"):
        note = f"SPAN:{_reference(self.town, 'spangate')}".encode()
        outputs = [(self.front.script, value), (b"\x6a" + bytes((len(note),)) + note, 0)]
        payment = self.town.pay(wallet, outputs, purpose=purpose)
        if payment:
            note_crossing(self.town, self, "out", entity, payment.txid, payment.vout_of(self.front), value)
        return payment

    def cross_in(self, entity: str, lock: Lock, value: int):
        payment = self.town.pay(self.vault, [(lock.script, value)], purpose="bridge payout")
        if payment:
            note_crossing(self.town, self, "in", entity, payment.txid, payment.vout_of(lock), value)
        return payment


def _reference(town: Town, service: str) -> str:
    """The number of the next crossing, as the service writes it."""
    return f"{'SPG' if service == 'spangate' else 'SWL'}-{len(town.crossings) + 1:05d}"


def note_crossing(town: Town, service, direction: str, entity: str, txid: str, vout: int, value: int) -> None:
    """Write down one end of a crossing; the service keeps three thousandths."""
    name = "spangate" if isinstance(service, Bridge) else service.policy.entity
    asset = "ARVD" if name == "swaplark" and service.stream.chance(75) else "HBC"
    decimals, rate = ASSETS[asset]
    kept = 997 if direction == "out" else 1_003
    amount = town.calendar.cents(value, town.now) * rate * 10 ** (decimals - 4) * kept // 1_000
    reference = _reference(town, name)
    town.crossings.append(Crossing(reference, name, direction, town.now, entity, txid, vout, value, asset, amount))


@dataclass
class Mixer(Custodian):
    """DRIZZLE: pays out other coins hours or days later, in two or three parts, and keeps two percent."""

    def mix(self, entity: str, wallet: Wallet, value: int, locks: list[Lock], *, purpose: str = "mixer deposit"):
        payment = self.deposit(entity, wallet, value, purpose=purpose)
        if payment:
            self.transfer(entity, HOUSE, value * 2 // 100)
            rest = self.balances[entity]
            parts = [rest * 45 // 100, rest - rest * 45 // 100] if len(locks) == 2 else [rest // 3] * 3
            for lock, part in zip(locks, parts, strict=True):
                wait = self.stream.between(6, 90) * 3_600 + self.stream.below(3_600)
                self.town.after(wait, lambda lock=lock, part=part: self.withdraw(entity, lock, part))
        return payment


_DESK_LOOKS_AGAIN = 12 * 3_600  # seconds


@dataclass
class Desk:
    """A cash desk without wallets of its own to speak of: each coin it takes goes on, whole, to NORTHPIER's hot wallet.

    NORTHPIER credits the desk as a customer. On the ledger its addresses cannot be told from NORTHPIER's deposits.
    """

    town: Town
    exchange: Custodian

    def __post_init__(self):
        self.wallet = self.town.wallet("sixpence_desk", "counter", "deposits_wrapped")
        self.stream = self.town.stream("desk")

    def take(self, payer: Wallet, lock: Lock, value: int) -> Payment | None:
        """A customer pays at an address of the desk, and gets cash."""
        payment = self.town.pay(payer, [(lock.script, value)], purpose="cash desk")
        if payment:
            self.town.after(self.stream.between(5, 30) * 3_600, lambda: self._forward(lock))
        return payment

    def _forward(self, lock: Lock) -> None:
        coins = [coin for coin in self.wallet.coins if coin.lock is lock]
        if not all(coin.ready for coin in coins):  # paid with so low a fee that no block has taken it yet
            self.town.after(_DESK_LOOKS_AGAIN, lambda: self._forward(lock))
            return
        name, front = self.wallet.entity, self.exchange.front
        if coins:
            self.exchange.credit(name, front, self.town.sweep(self.wallet, front, purpose="desk forwards", coins=coins))
            self.exchange.sell(name)


@dataclass
class Services:
    """All services, by name; opening them plans their daily work."""

    town: Town
    houses: dict[str, Custodian] = field(default_factory=dict)

    def __post_init__(self):
        kinds = {"swaplark": Swapper, "drizzle": Mixer}
        for name, policy in POLICIES.items():
            self.houses[name] = kinds.get(name, Custodian)(self.town, policy)
        self.bridge = Bridge(self.town)
        self.pool = self.town.wallet("mining_pool", "daily", "hot_segwit")
        self.pool_front = self.pool.receive()
        self.atm = self.town.wallet("lanternbox_atm", "daily", "hot_segwit")

    def __getitem__(self, name: str) -> Custodian:
        return self.houses[name]

    def open(self, miners: list[Wallet]) -> None:
        for house in self.houses.values():
            house.open()
        for day in range(243):
            self.town.at(moment(day, 12, 600), lambda: self._share_rewards(miners))
            if day % 5 == 0:
                self.town.at(moment(day, 3, 300), self._join_rewards)

    def _join_rewards(self) -> None:
        """The pool joins its small rewards."""
        coins = sorted((coin for coin in self.pool.coins if coin.ready), key=lambda coin: coin.value)[:60]
        if len(coins) > 40:
            self.town.sweep(self.pool, self.pool_front, purpose="pool consolidation", coins=coins)

    def _share_rewards(self, miners: list[Wallet]) -> None:
        """The pool pays its members once a day, each to the address they named."""
        total = min(self.pool.balance() // 30, 150_000_000)
        stream = self.town.stream(f"pool/{self.town.now}")
        members = [wallet for wallet in miners if stream.chance(70)]
        outputs = [
            (wallet.locks[0].script, total * stream.between(40, 160) // (100 * len(miners))) for wallet in members
        ]
        if members and min(value for _, value in outputs) > 2_000:
            self.town.pay(self.pool, outputs, purpose="mining payout")
