"""Times and durations in the form that messages and responses use."""

from datetime import UTC, datetime

from spaces.domain.timing import SECOND


def timestamp(milliseconds: int) -> datetime:
    """Return a time as an aware datetime in UTC."""
    return datetime.fromtimestamp(milliseconds / SECOND, UTC)


def timestamp_or_none(milliseconds: int | None) -> datetime | None:
    """Return the same for a time that may be unknown."""
    return None if milliseconds is None else timestamp(milliseconds)


def seconds(milliseconds: int | None) -> float | None:
    """Return a duration in seconds, rounded to a tenth."""
    return None if milliseconds is None else round(milliseconds / SECOND, 1)
