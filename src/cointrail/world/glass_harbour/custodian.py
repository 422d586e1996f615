"""Custodians: whoever holds other people's coins in pooled wallets and keeps a book.

The coins that a customer pays in and the coins that the customer gets are different coins; only the book joins them.
Exchanges, the market, the mixer, the swapper, the payment processor and the gambling house are custodians.
"""

from dataclasses import dataclass, field

from cointrail.errors import CointrailError
from cointrail.world.economy import Payment
from cointrail.world.glass_harbour.town import Town, moment
from cointrail.world.keys import Lock
from cointrail.world.wallets import Coin, Wallet

__all__ = ["HOUSE", "Custodian", "Policy", "split"]

# The house's own account in its book: what it sells and buys for money, its fees and its reserve.
HOUSE = "house"


@dataclass(frozen=True)
class Policy:
    """How a custodian works.

    Attributes
    ----------
    entity : str
    deposits, hot, cold : str
        Programs of its three wallets.
    fresh_deposits : bool
        A new address for every deposit, or one address for each customer, always the same.
    fixed_hot : bool
        Sweeps go to one address, always the same, or to new ones.
    sweeps, payouts : tuple of int
        Hours of the day (UTC).
    sweep_days : int
        Sweep every so many days.
    sweep_least, sweep_most : int
        Deposits that are worth a sweep, and how many one transaction takes.
    batch : int
        How many payouts go into one transaction.
    hot_float : tuple of int
        BTC in the hot wallet below which it is filled from the vault, and above which the rest goes there.
    """

    entity: str
    deposits: str = "deposits_segwit"
    hot: str = "hot_segwit"
    cold: str = "vault"
    fresh_deposits: bool = False
    fixed_hot: bool = True
    sweeps: tuple[int, ...] = (4,)
    sweep_days: int = 1
    sweep_least: int = 3
    sweep_most: int = 80
    payouts: tuple[int, ...] = (9, 18)
    batch: int = 40
    hot_float: tuple[int, int] = (20, 90)


@dataclass
class Custodian:
    """One custodian: deposit addresses, hot and cold wallets, a queue of payouts, and the book.

    `balances` is what the book owes each customer, in satoshi; it never goes below zero.
    """

    town: Town
    policy: Policy
    accounts: dict[str, Lock] = field(default_factory=dict)
    balances: dict[str, int] = field(default_factory=dict)
    queue: list[tuple[str, Lock, int]] = field(default_factory=list)

    def __post_init__(self):
        policy, wallet = self.policy, self.town.wallet
        self.stream = self.town.stream(f"custodian/{policy.entity}")
        self.deposits = wallet(policy.entity, "deposits", policy.deposits)
        self.hot = wallet(policy.entity, "hot", policy.hot)
        self.cold = wallet(policy.entity, "cold", policy.cold)
        self.front = self.hot.receive()

    def open(self) -> None:
        """Plan the daily work of the whole story."""
        for day in range(243):
            if day % self.policy.sweep_days == 0:
                for hour in self.policy.sweeps:
                    self.town.at(moment(day, hour, self.stream.below(1_800)), self.sweep)
            for hour in self.policy.payouts:
                self.town.at(moment(day, hour, self.stream.below(3_000)), self.pay_out)
            if day % 4 == 1:
                self.town.at(moment(day, 15, self.stream.below(7_200)), self.balance_vault)

    # Customers

    def account(self, customer: str) -> Lock:
        """Where a customer pays in: their own address, or a new one each time."""
        if self.policy.fresh_deposits or customer not in self.accounts:
            self.accounts[customer] = self.deposits.receive()
        return self.accounts[customer]

    def renew(self, customer: str) -> None:
        """A customer asks for another deposit address; coins that come to the old one are still theirs."""
        self.accounts.pop(customer, None)

    def deposit(
        self, customer: str, wallet: Wallet, value: int, *, purpose: str, coins: list[Coin] | None = None
    ) -> Payment | None:
        """A customer sends an amount and is credited."""
        lock = self.account(customer)
        payment = self.town.pay(wallet, [(lock.script, value)], purpose=purpose, coins=coins)
        return self.credit(customer, lock, payment)

    def deposit_all(self, customer: str, wallet: Wallet, *, purpose: str, coins: list[Coin] | None = None):
        """A customer sends whole coins, without change, and is credited."""
        lock = self.account(customer)
        return self.credit(customer, lock, self.town.sweep(wallet, lock, purpose=purpose, coins=coins))

    def credit(self, customer: str, lock: Lock, payment: Payment | None) -> Payment | None:
        """Book a payment to a deposit address; None stays None."""
        if payment:
            vout = payment.vout_of(lock)
            self.enter(customer, "deposit", payment.transaction.outputs[vout].value, payment.txid, vout)
        return payment

    def withdraw(self, customer: str, lock: Lock, value: int) -> bool:
        """Ask for a payout; refused where the book owes the customer less."""
        if value < 5_000 or self.balances.get(customer, 0) < value:
            return False
        # The book is written when the coins leave; until then the amount is set aside.
        self.balances[customer] -= value
        self.queue.append((customer, lock, value))
        return True

    def buy_and_withdraw(self, customer: str, lock: Lock, value: int) -> bool:
        """A customer pays money for coins and wants them on the ledger."""
        self.enter(customer, "bought", value)
        return self.withdraw(customer, lock, value)

    def sell(self, customer: str, share: int = 100) -> int:
        """A customer sells so many percent of the balance for money."""
        value = self.balances.get(customer, 0) * share // 100
        if value:
            self.enter(customer, "sold", value)
        return value

    def transfer(self, payer: str, payee: str, value: int) -> None:
        """Between two accounts: nothing happens on the ledger."""
        self.enter(payer, "paid", value)
        self.enter(payee, "received", value)

    def enter(self, customer: str, kind: str, value: int, txid: str = "", vout: int = -1) -> None:
        """One line of the book, and its effect on the balance; lines without a transaction carry no txid and -1."""
        change = value if kind in ("deposit", "bought", "received") else -value
        if kind != "withdrawal":
            self.balances[customer] = self.balances.get(customer, 0) + change
        if self.balances.get(customer, 0) < 0 and customer != HOUSE:
            raise CointrailError(f"{self.policy.entity} owes {customer} less than nothing: the story is wrong.")
        self.town.book.append((self.policy.entity, self.town.now * 1_000, customer, kind, txid, vout, value))

    # The house

    def pay_out(self) -> None:
        """Pay what waits, in batches; what the hot wallet cannot pay waits for coins from the vault."""
        while self.queue:
            batch = self.queue[: self.policy.batch]
            outputs = [(lock.script, value) for _, lock, value in batch]
            purpose = f"{self.policy.entity} payout"
            payment = self.town.pay(self.hot, outputs, purpose=purpose)
            if payment is None:
                self.balance_vault()
                return
            self.queue = self.queue[len(batch) :]
            self._book_payouts(batch, payment)

    def _book_payouts(self, batch: list[tuple[str, Lock, int]], payment: Payment) -> None:
        taken: set[int] = set()
        for customer, lock, value in batch:
            vout = next(
                n
                for n, out in enumerate(payment.transaction.outputs)
                if n not in taken and (out.script, out.value) == (lock.script, value)
            )
            taken.add(vout)
            self.enter(customer, "withdrawal", value, payment.txid, vout)

    def sweep(self) -> None:
        """Collect deposits into the hot wallet."""
        coins = [coin for coin in self.deposits.coins if coin.ready and coin.value > 600]
        coins = coins[: self.policy.sweep_most]
        if len(coins) >= self.policy.sweep_least:
            lock = self.front if self.policy.fixed_hot else self.hot.receive()
            self.town.sweep(self.deposits, lock, purpose=f"{self.policy.entity} sweep", coins=coins)

    def balance_vault(self) -> None:
        """Keep the hot wallet between its bounds."""
        low, high = (bound * 100_000_000 for bound in self.policy.hot_float)
        waiting = sum(value for _, _, value in self.queue)
        held = sum(coin.value for coin in self.hot.coins)
        if held < low + waiting:
            value = max(waiting, (low + high) // 2 - held)
            outputs = [(self.hot.receive().script, part) for part in split(value, 3, self.stream)]
            self.town.pay(self.cold, outputs, purpose=f"{self.policy.entity} from vault")
        elif held > high:
            value = held - (low + high) // 2
            self.town.pay(self.hot, [(self.cold.receive().script, value)], purpose=f"{self.policy.entity} to vault")


def split(total: int, parts: int, stream) -> list[int]:
    """A total in uneven parts."""
    weights = [stream.between(50, 150) for _ in range(parts)]
    values = [total * weight // sum(weights) for weight in weights]
    return [*values[:-1], total - sum(values[:-1])]
