"""When things happen on the account chain, and how large they are: whole numbers from streams."""

from datetime import UTC, datetime

from cointrail.world.streams import Stream

__all__ = ["DAY", "END", "HOUR", "SLOT", "START", "amount", "day_text", "moments", "slot_after", "time_text"]

HOUR, DAY = 3_600, 86_400
# The eight months of the world's UTXO chain, and a week before, in which coins are issued and handed out.
START = int(datetime(2026, 2, 16, tzinfo=UTC).timestamp())
END = int(datetime(2026, 10, 24, tzinfo=UTC).timestamp())
# Blocks come at these steps, and only when a transaction waits.
SLOT = 1_800

# How busy each hour of the UTC day is.
BUSY = (9, 10, 11, 11, 10, 10, 9, 8, 8, 9, 9, 10, 9, 7, 5, 3, 2, 1, 1, 1, 2, 3, 5, 7)
_HOURS = [hour for hour, weight in enumerate(BUSY) for _ in range(weight)]


def slot_after(time: int) -> int:
    """The first block time after a moment."""
    return time - time % SLOT + SLOT


def moments(stream: Stream, count: int, *, start: int = START + 3 * DAY, end: int = END - DAY) -> list[int]:
    """So many moments between two times, more of them by day, sorted."""
    days = range(start // DAY, max(end // DAY, start // DAY + 1))
    times = (stream.choice(days) * DAY + stream.choice(_HOURS) * HOUR + stream.below(HOUR) for _ in range(count))
    return sorted(max(start, min(time, end - 1)) for time in times)


def amount(stream: Stream, low: int, high: int, *, unit: int) -> int:
    """Base units between so many whole coins: half the time round, else to the cent."""
    coins = stream.between(low, high)
    if stream.chance(50):
        step = 50 if coins > 500 else 10 if coins > 60 else 5
        return max(coins // step * step, 1) * unit
    return coins * unit + stream.below(100) * unit // 100


def day_text(time: int) -> str:
    """The UTC day of a moment, as 2026-02-01."""
    return datetime.fromtimestamp(time, UTC).strftime("%Y-%m-%d")


def time_text(time: int) -> str:
    """A moment as 2026-02-01T00:00:00Z."""
    return datetime.fromtimestamp(time, UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
