"""The scene: accounts that pay each other on the chain, and the truth about who they are and why they pay.

It keeps its own book of tokens, made from intentions. If the virtual machine thinks otherwise about any transaction,
the story is wrong, and the scene says so.
"""

from collections import defaultdict
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from heapq import heapify, heappop, heappush

from cointrail.errors import CointrailError
from cointrail.world.evm.chain import Chain
from cointrail.world.evm.contracts import call
from cointrail.world.evm.keys import Account, Transaction, make_account, sign
from cointrail.world.evm.times import SLOT, slot_after
from cointrail.world.streams import Stream

__all__ = ["Event", "Owner", "Payment", "Scene", "Token"]

GWEI = 10**9
MAX_FEE = 12 * GWEI
TRANSFER_GAS, APPROVE_GAS, COIN_GAS = 90_000, 70_000, 21_000

Event = tuple[int, Callable[[], object]]


@dataclass(frozen=True)
class Token:
    """A token contract; amounts are in base units, and `mark` of them are worth one Arvanian mark."""

    symbol: str
    name: str
    decimals: int
    mark: int
    address: bytes


@dataclass(frozen=True)
class Owner:
    """Who controls an address, as what, and for which customer (empty if for nobody)."""

    entity: str
    role: str
    customer: str = ""


@dataclass(frozen=True)
class Payment:
    """A token payment that the scene made, for whoever watches the chain."""

    time: int
    token: Token
    sender: bytes
    to: bytes
    amount: int


@dataclass
class Scene:
    """Everything that happens on one account chain; `now` is Unix seconds and moves with `run`."""

    seed: bytes
    owners: dict[bytes, Owner] = field(default_factory=dict)
    vaults: dict[bytes, bytes] = field(default_factory=dict)
    books: defaultdict = field(default_factory=lambda: defaultdict(lambda: defaultdict(int)))
    purposes: dict[bytes, str] = field(default_factory=dict)
    payments: list[Payment] = field(default_factory=list)
    now: int = 0
    chain: Chain | None = None
    _expected: dict[bytes, int] = field(default_factory=dict)
    _waiting: list[tuple[Transaction, set[bytes]]] = field(default_factory=list)
    _extra: list[Event] = field(default_factory=list)

    def __post_init__(self):
        self.tips = Stream(self.seed, "evm/tips")

    def account(self, entity: str, role: str, *, customer: str = "") -> Account:
        """A new account with a key of its own."""
        account = make_account(self.seed, f"{entity}/{role}")
        self.own(account.address, entity, role, customer=customer)
        return account

    def own(self, address: bytes, entity: str, role: str, *, customer: str = "") -> None:
        """Register who controls an address, a contract's among them."""
        self.owners[address] = Owner(entity, role, customer)

    def balance(self, token: Token, address: bytes) -> int:
        """Base units of a token that an address can spend now."""
        return self.books[token.address][address]

    def coins(self, address: bytes) -> int:
        """Wei of the native coin as of the last block."""
        return self.chain.state.of(address).balance

    def send(
        self,
        account: Account,
        to: bytes | None,
        *,
        purpose: str,
        data: bytes = b"",
        value: int = 0,
        gas: int = COIN_GAS,
        people: Iterable[bytes] = (),
        fails: bool = False,
    ) -> Transaction:
        """Sign a transaction and let it wait for the next block; `fails` says that it is meant to fail."""
        tip = (100 + self.tips.below(150)) * GWEI // 100
        transaction = sign(account, to=to, value=value, data=data, gas=gas, tip=tip, max_fee=MAX_FEE)
        self.purposes[transaction.hash] = purpose
        self._expected[transaction.hash] = int(not fails)
        self._waiting.append((transaction, set(people)))
        return transaction

    def give(self, account: Account, to: bytes, value: int, *, purpose: str) -> Transaction:
        """Pay wei; a forwarder passes them on."""
        if to in self.vaults:
            return self.send(account, to, value=value, gas=90_000, people=[self.vaults[to]], purpose=purpose)
        return self.send(account, to, value=value, purpose=purpose)

    def pay(
        self, account: Account, token: Token, to: bytes, amount: int, *, purpose: str, fails: bool = False, gas: int = 0
    ) -> Transaction:
        """Transfer base units of a token."""
        if not fails:
            self.move(token, account.address, to, amount)
        data = call("transfer(address,uint256)", to, amount)
        gas = gas or TRANSFER_GAS
        return self.send(account, token.address, data=data, gas=gas, people=[to], purpose=purpose, fails=fails)

    def approve(self, account: Account, token: Token, spender: bytes, amount: int) -> Transaction:
        """Allow somebody to take tokens."""
        data = call("approve(address,uint256)", spender, amount)
        return self.send(account, token.address, data=data, gas=APPROVE_GAS, people=[spender], purpose="approval")

    def pull(
        self, account: Account, token: Token, owner: bytes, to: bytes, amount: int, *, purpose: str, fails: bool = False
    ) -> Transaction:
        """Take tokens that somebody allowed - or nothing, which nobody needs to allow."""
        if not fails:
            self.move(token, owner, to, amount)
        data = call("transferFrom(address,address,uint256)", owner, to, amount)
        people = [owner, to]
        return self.send(account, token.address, data=data, gas=110_000, people=people, purpose=purpose, fails=fails)

    def move(self, token: Token, sender: bytes | None, to: bytes | None, amount: int) -> None:
        """Write a token movement into the book; None stands for issue and redemption."""
        book = self.books[token.address]
        if sender is not None:
            if book[sender] < amount:
                raise CointrailError(f"{self.owners.get(sender)} has too few {token.symbol}: the story is wrong.")
            book[sender] -= amount
        if to is not None:
            book[to] += amount
        if sender is not None and to is not None and amount:
            self.payments.append(Payment(self.now, token, sender, to, amount))

    def later(self, delay: int, act: Callable[[], object]) -> None:
        """Let something happen after a delay in seconds, at least one block later."""
        self._extra.append((self.now + max(delay, SLOT + 1), act))

    def run(self, events: list[Event], *, end: int, miners: list[bytes]) -> None:
        """Let events happen in order of time; a block takes what waits at the end of each busy slot."""
        stream = Stream(self.seed, "evm/miners")
        todo = sorted(enumerate(events), key=lambda entry: (entry[1][0], entry[0]))
        queue = [(time, place, act) for place, (time, act) in todo]
        heapify(queue)
        count = len(queue)
        while queue and queue[0][0] < end:
            self.now, _, act = heappop(queue)
            act()
            for time, late in self._extra:
                heappush(queue, (time, count, late))
                count += 1
            self._extra = []
            if self._waiting and (not queue or slot_after(queue[0][0]) > slot_after(self.now)):
                self._confirm(slot_after(self.now), stream.choice(miners))

    def _confirm(self, timestamp: int, miner: bytes) -> None:
        waiting, self._waiting = self._waiting, []
        block = self.chain.add_block(waiting, timestamp=timestamp, miner=miner)
        for transaction, outcome in zip(block.transactions, block.outcomes, strict=True):
            if outcome.status != self._expected[transaction.hash]:
                purpose = self.purposes[transaction.hash]
                raise CointrailError(
                    f"A {purpose} in block {block.setting.number} ended {outcome}: the story is wrong."
                )
