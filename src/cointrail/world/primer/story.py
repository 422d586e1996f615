"""What happens in one docket: ten sales to one listed address, and what the vendor does with the money."""

from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from functools import partial

from cointrail.errors import CointrailError
from cointrail.world.economy import Economy, Payment
from cointrail.world.primer.calendar import DAY, FIRST_DAY, HOUR, MINUTE, WARM_UP, day_of
from cointrail.world.primer.cast import Cast
from cointrail.world.primer.plans import DocketPlan
from cointrail.world.primer.routine import Event, Exchange
from cointrail.world.streams import Stream
from cointrail.world.wallets import STYLES, Coin

__all__ = ["OFFSET", "Docket", "Sale", "sale_times", "sales"]

# Arvania's clock is seven hours ahead of UTC.
OFFSET = 7


@dataclass
class Sale:
    """One order: when the vendor's wallet saw the payment, and the payment itself once it is made."""

    buyer: str
    seen: int
    value: int
    payment: Payment | None = None
    vout: int = 0

    @property
    def outpoint(self) -> str:
        return f"{self.payment.txid}:{self.vout}"


@dataclass
class Docket:
    """One vendor's story; `events` are ready for `Economy.run`, the rest is filled while they run."""

    plan: DocketPlan
    economy: Economy
    cast: Cast
    exchange: Exchange
    sales: list[Sale]
    pending: Sale
    spends: dict[str, Payment] = field(default_factory=dict)

    def __post_init__(self):
        self.vendor = self.cast.daily[self.plan.vendor]
        self.listed = self.cast.public[self.plan.vendor]
        self.second = self.economy.wallet(self.plan.vendor, "second", STYLES["taproot"])
        self.slip = self.economy.wallet(self.plan.slip_buyer, "phone", STYLES[self.plan.slip_program])

    def events(self, stream: Stream) -> list[Event]:
        """Everything the docket's people do."""
        plan = self.plan
        events = [(FIRST_DAY + day * DAY + 4 * HOUR, partial(self._fund, stream)) for day in (1, 8, 14)]
        events += [(sale.seen, partial(self._pay, number)) for number, sale in enumerate(self.sales)]
        events.append((FIRST_DAY + (plan.days[plan.slip_sale] - 1) * DAY + 6 * HOUR, self._fund_slip))
        events.append((self.pending.seen, self._draft_pending))
        for day, hour, act in (
            (8, 10, partial(self._cash_out, stream)),
            (10, 13, partial(self._shop, stream)),
            (15, 22, self._cash_out_all),
            (plan.move_day, 12, self._move),
        ):
            events.append((FIRST_DAY + day * DAY + hour * HOUR + stream.below(HOUR), act))
        return events

    def _fund(self, stream: Stream) -> None:
        for buyer in (*self.plan.buyers, "researcher_wren"):
            self.exchange.withdraw(buyer, stream.between(5_000, 9_000) * 1_000 + stream.below(1_000))

    def _fund_slip(self) -> None:
        value = self.sales[self.plan.slip_sale].value * self.plan.slip_coin // 100
        self.exchange.withdraw(self.plan.slip_buyer, value, self.slip.receive())

    def _pay(self, number: int) -> None:
        sale = self.sales[number]
        wallet = self.slip if number == self.plan.slip_sale else self.cast.daily[sale.buyer]
        sale.payment = self.economy.pay(wallet, [(self.listed.script, sale.value)], purpose="sale")
        sale.vout = sale.payment.vout_of(self.listed)

    def _draft_pending(self) -> None:
        wallet = self.cast.daily[self.pending.buyer]
        outputs = [(self.listed.script, self.pending.value)]
        self.pending.payment = self.economy.draft(wallet, outputs, purpose="sale", rate=1)

    def _coins(self, numbers: tuple[int, ...]) -> list[Coin]:
        return [self.vendor.coin(self.sales[number].outpoint) for number in numbers]

    def _change(self, spend: str) -> Coin:
        payment = self.spends[spend]
        return self.vendor.coin(f"{payment.txid}:{payment.change}")

    def _cash_out(self, stream: Stream) -> None:
        coins = self._coins(self.plan.first_cash_out)
        value = sum(coin.value for coin in coins) * stream.between(60, 75) // 100 // 100_000 * 100_000
        self.spends["first"] = self.exchange.deposit(self.plan.vendor, value, coins=coins, purpose="cash-out")

    def _shop(self, stream: Stream) -> None:
        coin = self._change("first")
        value = coin.value * stream.between(25, 40) // 100
        lamps = self.cast.daily["tallowick_lamps"].receive()
        self.spends["shop"] = self.economy.pay(self.vendor, [(lamps.script, value)], purpose="purchase", coins=[coin])

    def _cash_out_all(self) -> None:
        coins = self._coins(self.plan.second_cash_out)
        self.spends["second"] = self.exchange.deposit_all(self.plan.vendor, coins=coins, purpose="cash-out")

    def _move(self) -> None:
        coins = self._coins((self.plan.moved,))
        lock = self.second.receive()
        self.spends["moved"] = self.economy.sweep(self.vendor, lock, purpose="self-transfer", coins=coins)


def sales(plan: DocketPlan, *, times: list[int], prices: dict[str, int], stream: Stream) -> tuple[list[Sale], Sale]:
    """The ten orders and the one that never confirms, with amounts at the vendor's own rate of the day."""
    buyers = [plan.buyers[number % len(plan.buyers)] for number in range(len(plan.days))]
    buyers[plan.researcher_buys] = "researcher_wren"
    buyers[plan.slip_sale] = plan.slip_buyer
    orders = [
        Sale(buyer, seen, _value(prices[day_of(seen)], stream))
        for buyer, seen in zip(buyers, sale_times(plan, times=times, stream=stream), strict=True)
    ]
    seen = int((datetime.fromisoformat(plan.pending).replace(tzinfo=UTC) - timedelta(hours=OFFSET)).timestamp())
    return orders, Sale(plan.buyers[0], seen, _value(prices[day_of(seen)], stream))


def _value(price: int, stream: Stream) -> int:
    """Satoshi for a list price of 95 to 480 ARV, at a rate up to 1.8 % off the closing price."""
    cents = stream.between(19, 96) * 500
    rate = price * (1_000 + stream.between(-18, 18)) // 1_000
    return cents * 100_000_000 // rate


def sale_times(plan: DocketPlan, *, times: list[int], stream: Stream) -> list[int]:
    """When each payment is seen: shortly before a block that suits the plan.

    Raises
    ------
    CointrailError
        If the block times leave no such block; take another seed.
    """
    seen, row = [], WARM_UP
    for number, day in enumerate(plan.days):
        suits = _is_early if number == plan.early else _is_night if number in plan.night else _is_day
        while row < len(times) and (times[row] < FIRST_DAY + day * DAY or not suits(times, row)):
            row += 1
        if row == len(times):
            raise CointrailError(
                f"No block suits sale {number} of docket {plan.docket}: make the world with another seed."
            )
        moment = times[row]
        if number == plan.early:
            moment = times[row] // DAY * DAY
        seen.append(moment - stream.between(4 * MINUTE, min(30 * MINUTE, moment - times[row - 1] - MINUTE)))
        row += 1
    return seen


def _is_early(times: list[int], row: int) -> bool:
    midnight = times[row] // DAY * DAY
    return times[row] - midnight < 4 * HOUR and times[row - 1] < midnight - 40 * MINUTE


def _is_night(times: list[int], row: int) -> bool:
    return _clear(times, row) and 17 * HOUR + 40 * MINUTE <= times[row] % DAY <= 23 * HOUR + 40 * MINUTE


def _is_day(times: list[int], row: int) -> bool:
    return _clear(times, row) and HOUR <= times[row] % DAY <= 16 * HOUR + 30 * MINUTE


def _clear(times: list[int], row: int) -> bool:
    return times[row] - times[row - 1] >= 10 * MINUTE
