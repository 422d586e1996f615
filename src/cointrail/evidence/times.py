"""Times of evidence: always with a zone when they come in, always UTC when they are written down."""

from datetime import UTC, datetime

from cointrail.errors import CointrailError

__all__ = ["to_utc"]


def to_utc(time: datetime | str, *, what: str = "time") -> str:
    """A moment in UTC, as ISO 8601 text.

    Parameters
    ----------
    time : datetime or str
        With a time zone; a text in ISO 8601.
    what : str
        How the sentence of an error calls it.

    Raises
    ------
    CointrailError
        The text is no time, or no zone is named.

    Examples
    --------
    >>> to_utc("2026-03-20T09:30:00+07:00")
    '2026-03-20T02:30:00Z'
    """
    if isinstance(time, str):
        try:
            time = datetime.fromisoformat(time)
        except ValueError as error:
            raise CointrailError(f"The {what} {time!r} is no time: write it as 2026-03-20T09:30:00+07:00.") from error
    if not isinstance(time, datetime) or time.tzinfo is None:
        raise CointrailError(f"The {what} {time} names no zone: give it one, such as +07:00 or Z for UTC.")
    return time.astimezone(UTC).isoformat().replace("+00:00", "Z")
