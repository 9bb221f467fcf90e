"""Times and durations as they travel."""

from datetime import UTC, datetime

from spaces.domain.timing import SECOND


def timestamp(milliseconds: int) -> datetime:
    """Return a time as ISO-8601 in UTC wants it."""
    return datetime.fromtimestamp(milliseconds / SECOND, UTC)


def timestamp_or_none(milliseconds: int | None) -> datetime | None:
    """Return the same of a time that may not be known."""
    return None if milliseconds is None else timestamp(milliseconds)


def seconds(milliseconds: int | None) -> float | None:
    """Return a duration in seconds, to a tenth."""
    return None if milliseconds is None else round(milliseconds / SECOND, 1)
