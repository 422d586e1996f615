"""The custodians: NORTHPIER and the payment firm TALLYGATE with forwarder contracts, KESTREL with ordinary accounts."""

from collections import defaultdict

from cointrail.world.evm.cast import QUAY, Cast, Office
from cointrail.world.evm.contracts import call
from cointrail.world.evm.keys import Account
from cointrail.world.evm.scene import Event, Scene, Token
from cointrail.world.evm.times import DAY, END, HOUR, START, moments
from cointrail.world.streams import Stream

__all__ = ["Exchanges", "collect", "issue"]

# Gas money for a deposit address that is an ordinary account.
TOP_UP = QUAY // 200
MOST_IN_A_SWEEP = 10


class Exchanges:
    """Deposits, sweeps and withdrawals; `book` notes what each custodian credits and pays."""

    def __init__(self, scene: Scene, cast: Cast):
        self.scene, self.cast = scene, cast
        self.stream = Stream(scene.seed, "evm/exchanges")
        self.book: list[tuple] = []
        self._opened: set[bytes] = set()
        self._full: dict[tuple[str, bytes], dict[bytes, None]] = defaultdict(dict)

    def events(self) -> list[Event]:
        """The custodians' own routine: sweeps, and stock from the issuer."""
        events = []
        for office, every in ((self.cast.northpier, 2 * DAY), (self.cast.tallygate, 4 * DAY)):
            times = range(START + 4 * DAY, END - DAY, every)
            for time in (moment + self.stream.below(9 * HOUR) for moment in times):
                events.append((time, lambda office=office: self._sweep_all(office)))
        events += [(time, self._stock) for time in range(START + HOUR, END - DAY, 2 * DAY)]
        times = moments(self.stream, 26, start=START + 20 * DAY)
        return events + [(time, self._redeem) for time in times]

    def deposit(
        self, payer: Account, number: int, token: Token, amount: int, *, customer: str, office: Office | None = None
    ) -> bytes:
        """A customer asks NORTHPIER (or another office) for the deposit address, once, and pays tokens to it."""
        office = office or self.cast.northpier
        forwarder = self.address_of(number, customer=customer, office=office)
        if forwarder in self._opened:
            self._arrive(office, payer, forwarder, token, amount)
        else:
            self._open(office, number, forwarder)
            self.scene.later(HOUR, lambda: self._arrive(office, payer, forwarder, token, amount))
        return forwarder

    def deposit_coins(self, payer: Account, number: int, value: int) -> None:
        """The same with native coins: the forwarder passes them on at once, inside the transaction."""
        forwarder = self.cast.northpier.forwarder(number)
        if forwarder in self._opened:
            paid = self.scene.give(payer, forwarder, value, purpose="deposit")
            customer = self.scene.owners[forwarder].customer
            self.book.append(("northpier", self.scene.now, customer, "deposit", paid.hash, "QUAY", value))

    def address_of(self, number: int, *, customer: str, office: Office | None = None) -> bytes:
        """A customer's deposit address, told before the contract is there."""
        office = office or self.cast.northpier
        forwarder = office.forwarder(number)
        if forwarder not in self.scene.owners:
            self.scene.own(forwarder, office.entity, f"forwarder {number}", customer=customer)
            self.scene.vaults[forwarder] = office.vault.address
        return forwarder

    def withdraw(self, to: bytes, token: Token, amount: int, *, customer: str, exchange: str = "northpier") -> None:
        """An exchange pays a customer from its hot wallet."""
        hot = self.cast.northpier.vault if exchange == "northpier" else self.cast.kestrel
        if self.scene.balance(token, hot.address) >= amount:
            paid = self.scene.pay(hot, token, to, amount, purpose="withdrawal")
            self.book.append((exchange, self.scene.now, customer, "withdrawal", paid.hash, token.symbol, amount))

    def withdraw_coins(self, to: bytes, value: int, *, customer: str, exchange: str = "northpier") -> None:
        hot = self.cast.northpier.vault if exchange == "northpier" else self.cast.kestrel
        paid = self.scene.give(hot, to, value, purpose="withdrawal")
        self.book.append((exchange, self.scene.now, customer, "withdrawal", paid.hash, "QUAY", value))

    def kestrel_deposit(self, payer: Account, deposit: Account, token: Token, amount: int) -> None:
        """KESTREL's way: pay to an ordinary account, which then needs gas money before it can be swept."""
        customer = self.scene.owners[deposit.address].customer
        paid = self.scene.pay(payer, token, deposit.address, amount, purpose="deposit")
        self.book.append(("kestrel", self.scene.now, customer, "deposit", paid.hash, token.symbol, amount))
        tank, hot = self.cast.kestrel_tank, self.cast.kestrel
        collect(self.scene, deposit, token, tank=tank, hot=hot, delay=self.stream.between(HOUR, 20 * HOUR))

    def _arrive(self, office: Office, payer: Account, forwarder: bytes, token: Token, amount: int) -> None:
        amount = min(amount, self.scene.balance(token, payer.address))
        if not amount:
            return
        paid = self.scene.pay(payer, token, forwarder, amount, purpose="deposit")
        customer = self.scene.owners[forwarder].customer
        self.book.append((office.entity, self.scene.now, customer, "deposit", paid.hash, token.symbol, amount))
        self._full[office.entity, token.address][forwarder] = None

    def _open(self, office: Office, number: int, forwarder: bytes) -> None:
        self._opened.add(forwarder)
        people = [forwarder, office.vault.address]
        data = call("open(uint256)", number)
        self.scene.send(office.keeper, office.address, data=data, gas=320_000, people=people, purpose="setup")

    def _sweep_all(self, office: Office) -> None:
        for token in (self.cast.arvd, self.cast.hbc):
            full = list(self._full.pop((office.entity, token.address), ()))
            for start in range(0, len(full), MOST_IN_A_SWEEP):
                self._sweep(office, token, full[start : start + MOST_IN_A_SWEEP])

    def _sweep(self, office: Office, token: Token, forwarders: list[bytes]) -> None:
        vault = office.vault.address
        for forwarder in forwarders:
            self.scene.move(token, forwarder, vault, self.scene.balance(token, forwarder))
        data = call("sweep(address,address[])", token.address, forwarders)
        people = [*forwarders, token.address, vault]
        gas = 60_000 + 60_000 * len(forwarders)
        self.scene.send(office.keeper, office.address, data=data, gas=gas, people=people, purpose="sweep")

    def _stock(self) -> None:
        """The issuer makes new coins for whoever sells them and runs low; hot wallets fill up and empty."""
        cast, scene = self.cast, self.scene
        for token, coins in ((cast.arvd, 60_000), (cast.hbc, 90_000)):
            for account in (cast.northpier.vault, cast.kestrel, cast.swaplark):
                if scene.balance(token, account.address) < coins * token.mark // 3:
                    issue(scene, cast, token, account.address, coins * token.mark)
        spare = scene.balance(cast.arvd, cast.northpier.vault.address) - 150_000 * cast.arvd.mark
        if spare > 0:
            scene.pay(cast.northpier.vault, cast.arvd, cast.cold.address, spare, purpose="to cold storage")

    def _redeem(self) -> None:
        """A broker or an exchange gives coins back, and the issuer burns them."""
        cast, scene = self.cast, self.scene
        token = self.stream.choice((cast.arvd, cast.hbc))
        coins = self.stream.between(5, 20) * 500 * token.mark
        if scene.balance(token, cast.kestrel.address) < 2 * coins:
            return
        scene.pay(cast.kestrel, token, cast.issuer.address, coins, purpose="redemption")
        scene.later(HOUR, lambda: self._burn(token, coins))

    def _burn(self, token: Token, coins: int) -> None:
        self.scene.move(token, self.cast.issuer.address, None, coins)
        data = call("redeem(uint256)", coins)
        self.scene.send(self.cast.issuer, token.address, data=data, gas=90_000, purpose="redemption")


def issue(scene: Scene, cast: Cast, token: Token, to: bytes, coins: int) -> None:
    """New units of a stablecoin."""
    scene.move(token, None, to, coins)
    data = call("issue(address,uint256)", to, coins)
    scene.send(cast.issuer, token.address, data=data, gas=110_000, people=[to], purpose="issue")


def collect(scene: Scene, deposit: Account, token: Token, *, tank: Account, hot: Account, delay: int) -> None:
    """Empty a deposit address that is an ordinary account: first gas money, then the tokens."""

    def sweep() -> None:
        if held := scene.balance(token, deposit.address):
            scene.pay(deposit, token, hot.address, held, purpose="sweep")

    def top_up() -> None:
        if scene.coins(deposit.address) < TOP_UP // 2:
            scene.give(tank, deposit.address, TOP_UP, purpose="gas top-up")
        scene.later(HOUR, sweep)

    scene.later(delay, top_up)
