"""How much one caller may ask for, and how much it has asked for."""

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


class CallerLimits(Struct, frozen=True, kw_only=True):
    """What one caller may do; None is no limit."""

    requests_per_minute: int | None = None
    max_waiting: int | None = None
    upload_bytes_per_day: int | None = None


class Quota(Struct, frozen=True):
    """What one caller has done.

    Attributes:
        minute, count: the last minute with a request (since 1970), and the requests in it.
        day, uploaded: the last day with an upload, and its bytes.
        waiting: by space, tickets that waited when they were last looked at.
    """

    minute: int = 0
    count: int = 0
    day: int = 0
    uploaded: int = 0
    waiting: dict[str, tuple[int, ...]] = {}

    def waits(self) -> int:
        """Return how many requests wait, as far as is known."""
        return sum(len(tickets) for tickets in self.waiting.values())


def prune(quota: Quota, queue: Queue) -> Quota:
    """Forget the requests of one space that do not wait any more.

    Tickets above the queue's tail were issued after it was read: it says nothing of them.
    """
    noted = quota.waiting.get(queue.space_id, ())
    left = tuple(t for t in noted if t > queue.tail or queue.position(t) is not None)
    others = {space: kept for space, kept in quota.waiting.items() if space != queue.space_id}
    return replace(quota, waiting={**others, queue.space_id: left} if left else others)


def check_request(quota: Quota, limits: CallerLimits, now: int) -> None:
    """Raise unless one request more is within the limits.

    Raises:
        RateLimited: it is not; the sentence names the limit.
    """
    per_minute = limits.requests_per_minute
    count = quota.count if quota.minute == now // MINUTE else 0
    if per_minute is not None and count >= per_minute:
        raise RateLimited(
            f"One person, API key or network address may submit {per_minute:,} requests a minute "
            "here, and yours has. Try again in the next minute.",
            retry_after_seconds=_seconds_left(now, MINUTE),
        )
    if limits.max_waiting is not None and quota.waits() >= limits.max_waiting:
        raise RateLimited(
            f"{quota.waits():,} of your requests wait already, the most that one person, API key "
            "or network address may have waiting here. Try again when one has started, or cancel "
            "one.",
            retry_after_seconds=RETRY_WHEN_WAITING,
        )


def count_request(
    quota: Quota, limits: CallerLimits, space_id: str, ticket: int, now: int
) -> Quota:
    """Note one request more; its ticket only where the number of waiting ones is limited."""
    minute = now // MINUTE
    count = quota.count + 1 if quota.minute == minute else 1
    if limits.max_waiting is None:
        return replace(quota, minute=minute, count=count, waiting={})
    tickets = (*quota.waiting.get(space_id, ()), ticket)
    return replace(quota, minute=minute, count=count, waiting={**quota.waiting, space_id: tickets})


def count_upload(quota: Quota, limits: CallerLimits, size: int, now: int) -> Quota:
    """Note an upload of so many bytes.

    Raises:
        RateLimited: it would be more than the day's.
    """
    day = now // DAY
    uploaded = size + (quota.uploaded if quota.day == day else 0)
    most = limits.upload_bytes_per_day
    if most is not None and uploaded > most:
        again = datetime.fromtimestamp(day * DAY / SECOND, UTC) + timedelta(days=1)
        raise RateLimited(
            f"One person, API key or network address may upload {most:,} bytes a day here, and "
            f"this file would make it {uploaded:,}. Try again after {again:%Y-%m-%d %H:%M} UTC.",
            retry_after_seconds=_seconds_left(now, DAY),
        )
    return replace(quota, day=day, uploaded=uploaded)


def check_space_rate(queue: Queue, per_minute: int | None, now: int) -> None:
    """Raise if the whole space has had its requests of this minute.

    Raises:
        RateLimited: it has.
    """
    if per_minute is None or queue.minute != now // MINUTE or queue.minute_count < per_minute:
        return
    raise space_rate_refusal(per_minute, now)


def space_rate_refusal(per_minute: int, now: int) -> RateLimited:
    """Return the error for a space that takes no more in this minute."""
    return RateLimited(
        f"This space takes {per_minute:,} requests a minute from everybody together, and has "
        "had them. Try again in the next minute.",
        retry_after_seconds=_seconds_left(now, MINUTE),
    )


def _seconds_left(now: int, period: int) -> int:
    return max(1, -(-(period - now % period) // SECOND))
