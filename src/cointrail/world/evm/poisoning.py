"""Address poisoners: they leave look-alike addresses in a victim's history and wait for a careless copy.

Three ways: a transfer of nothing out of the victim's account, which needs no consent; a tiny real payment; and the
counterfeit token, whose maker can move the victim's units. Now and then somebody falls for it.
"""

from cointrail.world.evm.cast import Cast
from cointrail.world.evm.contracts import call, creation_code
from cointrail.world.evm.keys import Account, address_of_key
from cointrail.world.evm.lookalikes import find_lookalikes
from cointrail.world.evm.scene import Event, Payment, Scene
from cointrail.world.evm.times import DAY, HOUR, START, moments
from cointrail.world.streams import Stream

__all__ = ["Poisoners"]

TRIES = 110_000


class Poisoners:
    """They watch payments to addresses that they have a look-alike of."""

    def __init__(self, scene: Scene, cast: Cast):
        self.scene, self.cast = scene, cast
        self.stream = Stream(scene.seed, "evm/poisoners")
        self.masks = self._masks()
        self._seen = 0
        self._victims: list[tuple[Account, Payment]] = []

    def _masks(self) -> dict[bytes, Account]:
        targets = [a for a, owner in self.scene.owners.items() if owner.role not in ("rewards", "keeper")]
        masks = {}
        for target, key in find_lookalikes(self.scene.seed, targets, tries=TRIES).items():
            account = Account(key, address_of_key(key.public_key.format(compressed=False)))
            poisoner = f"poisoner_{1 + len(masks) % 3}"
            self.scene.own(account.address, poisoner, f"look-alike of {self.scene.owners[target].entity}")
            masks[target] = account
        return masks

    def events(self) -> list[Event]:
        times = moments(self.stream, 2_400, start=START + 12 * DAY)
        events = [(time, self._watch) for time in times]
        events.append((START + 9 * DAY, self._make_counterfeit))
        return events + [(time, self._mistake) for time in moments(self.stream, 25, start=START + 40 * DAY)]

    def _make_counterfeit(self) -> None:
        fake, maker = self.cast.fake, self.cast.maker
        supply = 10_000_000 * fake.mark
        code = creation_code("Counterfeit", fake.name, fake.symbol, fake.decimals, supply)
        self.scene.move(fake, None, maker.address, supply)
        self.scene.send(maker, None, data=code, gas=800_000, purpose="setup")

    def _watch(self) -> None:
        """Imitate the latest payment to somebody who has a look-alike, if there is a new one."""
        fresh = self.scene.payments[self._seen :]
        self._seen = len(self.scene.payments)
        watched = [paid for paid in fresh if paid.to in self.masks and paid.amount > paid.token.mark]
        own = {account.address for account in self.masks.values()}
        watched = [paid for paid in watched if paid.sender not in own and paid.token is not self.cast.fake]
        if not watched:
            return
        paid = self.stream.choice(watched)
        mask = self.masks[paid.to]
        kind = self.stream.below(10)
        if kind < 6:
            poisoner = self.cast.poisoners[self.stream.below(3)]
            self.scene.pull(poisoner, paid.token, paid.sender, mask.address, 0, purpose="poisoning, nothing moved")
        elif kind < 8:
            self._counterfeit(paid, mask)
        else:
            self._dust(paid, mask)
        self._victims.append((mask, paid))

    def _counterfeit(self, paid: Payment, mask: Account) -> None:
        """The victim gets counterfeit units, then seems to pay the same amount to the look-alike."""
        fake, maker = self.cast.fake, self.cast.maker
        coins = paid.amount * fake.mark // paid.token.mark
        self.scene.pay(maker, fake, paid.sender, coins, purpose="poisoning, counterfeit")
        self.scene.move(fake, paid.sender, mask.address, coins)
        data = call("moveFor(address,address,uint256)", paid.sender, mask.address, coins)
        people = [paid.sender, mask.address]
        self.scene.send(maker, fake.address, data=data, gas=90_000, people=people, purpose="poisoning, counterfeit")

    def _dust(self, paid: Payment, mask: Account) -> None:
        """A hundredth of a coin or less, from the look-alike itself: it needs gas money and a few coins first."""
        token, boss = self.cast.arvd, self.cast.scammers[0]
        grains = self.stream.between(1, 9) * token.mark // 1_000

        def pay() -> None:
            if self.scene.balance(token, mask.address) >= grains and self.scene.coins(mask.address) > 2 * 10**15:
                self.scene.pay(mask, token, paid.sender, grains, purpose="poisoning, dust")

        if self.scene.coins(mask.address) < 3 * 10**15:
            self.scene.give(self.cast.poisoners[0], mask.address, 4 * 10**15, purpose="gas top-up")
        if self.scene.balance(token, mask.address) < grains:
            if self.scene.balance(token, boss.address) < token.mark:
                return
            self.scene.pay(boss, token, mask.address, token.mark // 10, purpose="poisoning, supplies")
        self.scene.later(HOUR, pay)

    def _mistake(self) -> None:
        """A victim copies the wrong address out of the history."""
        if not self._victims:
            return
        mask, paid = self.stream.choice(self._victims[-30:])
        person = next((one for one in self.cast.residents if one.address == paid.sender), None)
        if person is None or self.scene.balance(paid.token, person.address) < 10 * paid.token.mark:
            return
        coins = min(paid.amount, self.scene.balance(paid.token, person.address))
        self.scene.pay(person, paid.token, mask.address, coins, purpose="victim of poisoning")
