"""Fictional prices in Arvanian mark for each UTC day: the native coin and the two stablecoins."""

from cointrail.world.evm.times import DAY, END, START, day_text
from cointrail.world.streams import Stream

__all__ = ["ASSETS", "daily_prices"]

# First price in millionths of a mark, and the most it moves in a day, in thousandths.
ASSETS = {"QUAY": (412_000_000, 45), "ARVD": (1_000_000, 0), "HBC": (33_333_333, 4)}


def daily_prices(seed: bytes) -> dict[str, dict[str, int]]:
    """Millionths of a mark for one coin, by asset and UTC day.

    A stablecoin strays from its promise by at most three thousandths.
    """
    days = [day_text(time) for time in range(START, END, DAY)]
    return {asset: dict(zip(days, _walk(seed, asset, len(days)), strict=True)) for asset in ASSETS}


def _walk(seed: bytes, asset: str, count: int) -> list[int]:
    stream = Stream(seed, f"evm/prices/{asset}")
    first, most = ASSETS[asset]
    if not most:
        return [first + first * stream.between(-3, 3) // 1_000 for _ in range(count)]
    prices = [first]
    while len(prices) < count:
        # Pulled back a little, so that eight months do not carry it away.
        pull = (first - prices[-1]) * 1_000 // (first * 40)
        prices.append(prices[-1] + prices[-1] * (stream.between(-most, most) + pull) // 1_000)
    return prices
