"""The activity of a space, computed from its requests on demand."""

from typing import Final, NamedTuple

from spaces.domain.access.quota import MINUTE
from spaces.domain.activity import Period, periods_of
from spaces.domain.errors import InvalidInput
from spaces.domain.queue.queue import Queue
from spaces.domain.queue.wait_estimate import expected_wait
from spaces.domain.request import Request
from spaces.domain.space_names import check_name
from spaces.domain.timing import SECOND
from spaces.services.dispatch.change_queue import read_queue
from spaces.services.ports.gateway import Gateway
from spaces.services.ports.unreadable import log_unreadable
from spaces.services.timestamps import seconds, timestamp
from spaces_protocol.admin_bodies import Activity, Bucket, Percentiles

STEP: Final = 100
MAX_REQUESTS: Final = 3_000
"""Requests read per call: about 30 reads of 100 items."""
BUCKETS: Final = 24
MAX_HOURS: Final = 7 * 24


def view_activity(gateway: Gateway, space_id: str, hours: int) -> Activity:
    """Return the activity of the last hours in equal periods, and the current state.

    Raises:
        UnknownSpace: The space does not exist.
        InvalidInput: Requests are not stored that long.
    """
    if not 1 <= hours <= MAX_HOURS:
        raise InvalidInput(f"hours must be between 1 and {MAX_HOURS}.")
    queue, now = read_queue(gateway, check_name(space_id)), gateway.now()
    since = now - hours * 60 * MINUTE
    requests, truncated, unreadable = _requests_since(gateway, queue, since)
    log_unreadable(gateway, "activity", unreadable)
    if truncated:  # omit unread periods instead of showing zeros
        since = min(request.created_at for request in requests)
    periods = periods_of(requests, since, now, BUCKETS)
    return Activity(
        queue_length=queue.length,
        running=len(queue.running) - len(queue.prefetched),
        eta_seconds=seconds(expected_wait(queue, queue.length, now)),
        workers=len(queue.workers),
        buckets=[_bucket(period) for period in periods],
        queue_time=_percentiles([wait for period in periods for wait in period.waits]),
        truncated=truncated,
        unreadable=unreadable,
    )


class _Read(NamedTuple):
    """Requests of a period, whether there were too many, and how many could not be read."""

    requests: list[Request]
    truncated: bool
    unreadable: int


def _requests_since(gateway: Gateway, queue: Queue, since: int) -> _Read:
    """Read tickets downward until they are too old."""
    found: list[Request] = []
    unreadable, last = 0, queue.tail
    while last > 0 and queue.tail - last < MAX_REQUESTS:
        step = gateway.history.read_many(queue.space_id, range(last, max(0, last - STEP), -1))
        found += [request for request in step.requests if request.created_at >= since]
        unreadable += step.unreadable
        if any(request.created_at < since for request in step.requests):
            return _Read(found, truncated=False, unreadable=unreadable)
        last -= STEP
    return _Read(found, truncated=last > 0 and bool(found), unreadable=unreadable)


def _bucket(period: Period) -> Bucket:
    return Bucket(
        from_=timestamp(period.since),
        accepted=period.accepted,
        completed=period.completed,
        failed=period.failed,
        cancelled=period.cancelled,
        timed_out=period.timed_out,
        queue_time=_percentiles(period.waits),
        run_time=_percentiles(period.runs),
    )


def _percentiles(durations: list[int]) -> Percentiles | None:
    """Return the median and the 95th percentile (nearest rank)."""
    if not durations:
        return None
    ordered = sorted(durations)
    p50, p95 = (ordered[-(-len(ordered) * share // 100) - 1] for share in (50, 95))
    return Percentiles(p50=p50 / SECOND, p95=p95 / SECOND)
