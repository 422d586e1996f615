"""When things happen in glass_harbour, and what coins, currencies and fees are worth by day and hour.

Everything is whole numbers: prices in cents, exchange rates in millionths, fee rates in satoshi per virtual byte.
"""

from dataclasses import dataclass
from datetime import UTC, datetime
from decimal import Decimal
from statistics import median

from cointrail.world.streams import Stream

__all__ = ["CURRENCIES", "DAY", "DAYS", "FIRST_DAY", "HOUR", "MINUTE", "OPENING", "Calendar", "make_calendar"]

MINUTE, HOUR, DAY = 60, 3600, 86400

# The story: 243 days from the morning of 23 February 2026; the last block comes before the end of 24 October.
FIRST_DAY = int(datetime(2026, 2, 23, tzinfo=UTC).timestamp())
DAYS = 243

# Blocks before the story: rewards must be a hundred blocks old, and people need coins when the story begins.
WARM_UP = 330
WARM_UP_INTERVAL = 24 * MINUTE
# The first block in which a reward can be spent, and so the moment when the opening balances are handed out.
OPENING = 235

# Real blocks come ten minutes apart; here two hours, so that 243 days fit in a file. The shape is the real one.
MEAN_INTERVAL = 2 * HOUR
SLOW_CLOCKS_PERCENT = 2

FIRST_PRICE = 2_312_000
# Arvania, Selmora and Port Torrin: what one unit was worth in ARV at the start, in millionths.
CURRENCIES = {"ARV": 1_000_000, "SEL": 412_500, "TOR": 1_683_000}


@dataclass(frozen=True)
class Calendar:
    """Times and tables of one world.

    Attributes
    ----------
    blocks : list of int
        When each block is found (Unix seconds), block 1 first.
    prices : list of int
        Price of one BTC in cents of ARV, hour by hour from `start`.
    fees : list of int
        The usual fee rate in satoshi per virtual byte, hour by hour from `start`.
    rates : dict
        ARV for one unit of a currency in millionths, day by day from `start`.
    """

    start: int
    blocks: list[int]
    prices: list[int]
    fees: list[int]
    rates: dict[str, list[int]]

    def price(self, time: int) -> int:
        return self.prices[(time - self.start) // HOUR]

    def fee_level(self, time: int) -> int:
        return self.fees[(time - self.start) // HOUR]

    def satoshi(self, cents: int, time: int) -> int:
        """What an amount in cents of ARV is worth at a time."""
        return cents * 100_000_000 // self.price(time)

    def cents(self, satoshi: int, time: int) -> int:
        return satoshi * self.price(time) // 100_000_000

    def closing_prices(self) -> dict[str, int]:
        """Price in the last hour of each UTC day, in cents of ARV."""
        return {day_text(self.start + hour * HOUR): self.prices[hour] for hour in range(23, len(self.prices), 24)}

    def header_times(self, seed: bytes) -> list[int]:
        """The times that headers state: some miners' clocks are behind, but above the median of eleven (consensus)."""
        stream, stated = Stream(seed, "slow clocks"), list(self.blocks)
        for row in range(WARM_UP, len(stated)):
            early = stated[row - 1] - stream.between(2 * MINUTE, 25 * MINUTE)
            if stream.chance(SLOW_CLOCKS_PERCENT) and early > median(stated[row - 11 : row]):
                stated[row] = early
        return stated


def day_text(time: int) -> str:
    return datetime.fromtimestamp(time, UTC).date().isoformat()


def make_calendar(seed: bytes) -> Calendar:
    """The calendar of a world."""
    blocks = _block_times(Stream(seed, "block times"))
    start = blocks[0] // DAY * DAY
    days = (FIRST_DAY - start) // DAY + DAYS
    return Calendar(
        start,
        blocks,
        _prices(Stream(seed, "prices"), days),
        _fees(Stream(seed, "fee level"), days),
        {code: _rates(Stream(seed, f"rates/{code}"), code, days) for code in CURRENCIES},
    )


def _block_times(stream: Stream) -> list[int]:
    warm_up = [FIRST_DAY - (WARM_UP - n) * WARM_UP_INTERVAL + stream.below(10 * MINUTE) for n in range(WARM_UP)]
    times, now = [], FIRST_DAY
    while (now := now + _wait(stream)) < FIRST_DAY + DAYS * DAY:
        times.append(now)
    return warm_up + times


def _wait(stream: Stream) -> int:
    # Exponential, as proof of work makes it. Decimal's logarithm is rounded correctly, so it is the same everywhere.
    chance = Decimal(stream.between(1, 1 << 32)) / (1 << 32)
    return 1 + int(-chance.ln() * MEAN_INTERVAL)


def _prices(stream: Stream, days: int) -> list[int]:
    prices = [FIRST_PRICE]
    while len(prices) < days * 24:
        step = stream.between(-60, 60) + stream.between(-40, 40) + (1 if stream.chance(60) else 0)
        prices.append(prices[-1] * (10_000 + step) // 10_000)
    return prices


def _fees(stream: Stream, days: int) -> list[int]:
    """A level that wanders, falls back to about six, is low at night, and has a few days of congestion."""
    levels, level, rush = [], 600, 0
    for hour in range(days * 24):
        rush = stream.between(20, 60) if not rush and stream.below(220) == 0 else max(0, rush - 1)
        level = max(150, level * stream.between(88, 113) // 100 + (600 - level) // 12)
        night = 70 if hour % 24 < 6 else 100
        levels.append(max(1, level * night * (stream.between(3, 5) if rush else 1) // 10_000))
    return levels


def _rates(stream: Stream, code: str, days: int) -> list[int]:
    rates = [CURRENCIES[code]]
    while len(rates) < days:
        rates.append(rates[-1] * (10_000 + stream.between(-35, 35)) // 10_000 if code != "ARV" else rates[-1])
    return rates
