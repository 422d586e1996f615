"""When things happen in primer: the warm-up, three weeks of irregular blocks, and the daily prices."""

from datetime import UTC, datetime, timedelta
from statistics import median

from cointrail.world.streams import Stream

__all__ = [
    "DAY",
    "FIRST_DAY",
    "HOUR",
    "MINUTE",
    "REPORT_DAY",
    "WARM_UP",
    "block_times",
    "day_of",
    "header_times",
    "prices",
]

MINUTE, HOUR, DAY = 60, 3600, 86400
FIRST_DAY = int(datetime(2026, 2, 16, tzinfo=UTC).timestamp())
DAYS = 21
REPORT_DAY = "2026-03-10"

# Blocks before the story, so that the first rewards are older than 100 blocks when it begins.
WARM_UP = 110

# Minutes between blocks of the story, and how often in a hundred: quick, usual, slow.
INTERVALS = [(25, 12, 60), (45, 90, 270), (30, 240, 480)]

FIRST_PRICE = 2_184_000
FIRST_PRICE_DAY = "2026-02-10"
LAST_PRICE_DAY = "2026-03-12"


def block_times(seed: bytes) -> list[int]:
    """When each block is found, in Unix seconds, rising; block 1 first."""
    stream = Stream(seed, "block times")
    warm_up = [FIRST_DAY - 6 * HOUR]
    while len(warm_up) < WARM_UP:
        warm_up.insert(0, warm_up[0] - stream.between(40 * MINUTE, 70 * MINUTE))
    times = []
    now = FIRST_DAY
    while (now := now + _interval(stream)) < FIRST_DAY + DAYS * DAY:
        times.append(now)
    return warm_up + times


def _interval(stream: Stream) -> int:
    draw = stream.below(100)
    for share, low, high in INTERVALS:
        if draw < share:
            return stream.between(low * MINUTE, high * MINUTE)
        draw -= share
    raise AssertionError("the shares of INTERVALS must add up to 100")


def header_times(times: list[int], *, seed: bytes, keep: set[int], count: int = 4) -> list[int]:
    """The times that the headers state: a few miners' clocks run behind their parent's.

    Parameters
    ----------
    times : list of int
        When each block was found.
    keep : set of int
        Heights that must state the true time.
    count : int
        How many blocks state a time before their parent's.

    Notes
    -----
    Legal as long as the time lies above the median of the last eleven blocks (consensus rule).
    """
    stream = Stream(seed, "slow clocks")
    stated = list(times)
    heights = stream.shuffled([h for h in range(WARM_UP + 12, len(times)) if h not in keep])
    chosen: list[int] = []
    for height in heights:
        row = height - 1
        early = stated[row - 1] - stream.between(2 * MINUTE, 25 * MINUTE)
        quick = times[row] - times[row - 1] < 90 * MINUTE
        apart = all(abs(height - other) > 3 for other in chosen)
        if quick and apart and early > median(stated[row - 11 : row]) and len(chosen) < count:
            stated[row] = early
            chosen.append(height)
    return stated


def day_of(timestamp: int, *, offset: int = 0) -> str:
    """The calendar day of a time, in UTC or `offset` hours east of it."""
    return (datetime.fromtimestamp(timestamp, UTC) + timedelta(hours=offset)).date().isoformat()


def prices(seed: bytes) -> dict[str, int]:
    """Closing price of one BTC for each UTC day, in cents of the invented currency ARV."""
    stream = Stream(seed, "prices")
    table, price = {}, FIRST_PRICE
    day = datetime.fromisoformat(FIRST_PRICE_DAY)
    while day.date().isoformat() <= LAST_PRICE_DAY:
        table[day.date().isoformat()] = price
        step = stream.between(80, 420) * (1 if stream.chance(52) else -1)
        price += price * step // 10_000
        day += timedelta(days=1)
    return table
