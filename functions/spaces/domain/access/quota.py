"""How much a caller may use, and how much it has used."""

from datetime import UTC, datetime, timedelta
from typing import Final

from msgspec import Struct
from msgspec.structs import replace

from spaces.domain.errors import RateLimited
from spaces.domain.queue.queue import Queue
from spaces.domain.timing import SECOND

MINUTE: Final = 60 * SECOND
DAY: Final = 24 * 60 * MINUTE
RETRY_WHEN_WAITING: Final = 10
UPLOAD_CALLS_PER_REQUEST: Final = 10
"""Calls about uploads that a caller may make for each request that it may submit in a minute."""


class CallerLimits(Struct, frozen=True, kw_only=True):
    """Limits for one caller; None means no limit."""

    requests_per_minute: int | None = None
    max_waiting: int | None = None
    upload_bytes_per_day: int | None = None


class Quota(Struct, frozen=True):
    """What one caller has used.

    Attributes:
        minute: The last minute with a request, counted since 1970.
        count: Requests in that minute.
        day: The last day with an upload, counted since 1970.
        uploaded: Bytes uploaded on that day.
        upload_minute: The last minute with a call about an upload.
        upload_calls: Such calls in that minute.
        waiting: By space, tickets that were waiting when last checked.
    """

    minute: int = 0
    count: int = 0
    day: int = 0
    uploaded: int = 0
    waiting: dict[str, tuple[int, ...]] = {}
    upload_minute: int = 0
    upload_calls: int = 0

    def waits(self) -> int:
        """Return how many requests are known to be waiting."""
        return sum(len(tickets) for tickets in self.waiting.values())


def prune(quota: Quota, queue: Queue) -> Quota:
    """Remove the requests of one space that no longer wait.

    Tickets above the queue's tail are kept: they were issued after the queue was read.
    """
    noted = quota.waiting.get(queue.space_id, ())
    left = tuple(t for t in noted if t > queue.tail or queue.position(t) is not None)
    others = {space: kept for space, kept in quota.waiting.items() if space != queue.space_id}
    return replace(quota, waiting={**others, queue.space_id: left} if left else others)


def check_request(quota: Quota, limits: CallerLimits, now: int) -> None:
    """Raise unless one more request is within the limits.

    Raises:
        RateLimited: It is not; the sentence names the limit.
    """
    per_minute = limits.requests_per_minute
    count = quota.count if quota.minute == now // MINUTE else 0
    if per_minute is not None and count >= per_minute:
        raise RateLimited(
            f"You have reached the limit of {per_minute:,} requests per minute for one user, API "
            "key or network address. Try again in the next minute.",
            retry_after_seconds=_seconds_left(now, MINUTE),
        )
    if limits.max_waiting is not None and quota.waits() >= limits.max_waiting:
        raise RateLimited(
            f"{quota.waits():,} of your requests are already waiting, the limit for one user, API "
            "key or network address. Try again when one has started, or cancel one.",
            retry_after_seconds=RETRY_WHEN_WAITING,
        )


def count_request(
    quota: Quota, limits: CallerLimits, space_id: str, ticket: int, now: int
) -> Quota:
    """Count one more request; record its ticket only if waiting requests are limited."""
    minute = now // MINUTE
    count = quota.count + 1 if quota.minute == minute else 1
    if limits.max_waiting is None:
        return replace(quota, minute=minute, count=count, waiting={})
    tickets = (*quota.waiting.get(space_id, ()), ticket)
    return replace(quota, minute=minute, count=count, waiting={**quota.waiting, space_id: tickets})


def count_try(quota: Quota, now: int) -> Quota:
    """Count a submit that got no ticket."""
    minute = now // MINUTE
    count = quota.count + 1 if quota.minute == minute else 1
    return replace(quota, minute=minute, count=count)


def count_upload(quota: Quota, limits: CallerLimits, size: int, now: int) -> Quota:
    """Count a call about an upload, and the bytes that it announces.

    Raises:
        RateLimited: It would exceed a limit.
    """
    quota = _count_upload_call(quota, limits, now)
    if not size:
        return quota
    day = now // DAY
    uploaded = size + (quota.uploaded if quota.day == day else 0)
    most = limits.upload_bytes_per_day
    if most is not None and uploaded > most:
        again = datetime.fromtimestamp(day * DAY / SECOND, UTC) + timedelta(days=1)
        raise RateLimited(
            f"This file would bring your uploads today to {uploaded:,} bytes; the limit for one "
            f"user, API key or network address is {most:,} bytes a day. Try again after "
            f"{again:%Y-%m-%d %H:%M} UTC.",
            retry_after_seconds=_seconds_left(now, DAY),
        )
    return replace(quota, day=day, uploaded=uploaded)


def _count_upload_call(quota: Quota, limits: CallerLimits, now: int) -> Quota:
    minute = now // MINUTE
    calls = quota.upload_calls + 1 if quota.upload_minute == minute else 1
    if limits.requests_per_minute is not None:
        most = UPLOAD_CALLS_PER_REQUEST * limits.requests_per_minute
        if calls > most:
            raise RateLimited(
                f"You have reached the limit of {most:,} upload calls per minute for one user, API "
                "key or network address. Try again in the next minute.",
                retry_after_seconds=_seconds_left(now, MINUTE),
            )
    return replace(quota, upload_minute=minute, upload_calls=calls)


def check_space_rate(queue: Queue, per_minute: int | None, now: int) -> None:
    """Raise if the space has reached its limit for this minute.

    Raises:
        RateLimited: It has.
    """
    if per_minute is None or queue.minute != now // MINUTE or queue.minute_count < per_minute:
        return
    raise space_rate_refusal(per_minute, now)


def space_rate_refusal(per_minute: int, now: int) -> RateLimited:
    """Return the error for a space that has reached its limit for this minute."""
    return RateLimited(
        f"This space accepts {per_minute:,} requests per minute in total and has reached that "
        "limit. Try again in the next minute.",
        retry_after_seconds=_seconds_left(now, MINUTE),
    )


def _seconds_left(now: int, period: int) -> int:
    return max(1, -(-(period - now % period) // SECOND))
