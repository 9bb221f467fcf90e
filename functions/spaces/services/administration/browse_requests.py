"""Requests of all spaces, with filters, for administrators."""

from typing import Final, NamedTuple

from spaces.domain.errors import InvalidInput, UnknownSpace
from spaces.domain.queue.queue import Queue
from spaces.domain.queue.request_status import status_of
from spaces.domain.request import Request
from spaces.domain.space_names import SPACE_NAMES
from spaces.domain.timing import SECOND
from spaces.services.administration.edit_space import KINDS
from spaces.services.administration.list_cursor import begin, read, write
from spaces.services.ports.gateway import Gateway
from spaces.services.ports.unreadable import log_unreadable
from spaces.services.requests.view_webhook import view_of
from spaces.services.timestamps import timestamp, timestamp_or_none
from spaces_protocol.admin_bodies import RequestEntry, RequestPage
from spaces_protocol.rest_bodies import RequestState

PAGE: Final = 50
STEP: Final = 100
"""Tickets read at a time (the limit of DynamoDB's BatchGetItem)."""
MAX_STEPS: Final = 10
"""Steps per call; finding rare requests among many may take several calls."""


_STATES: Final = tuple(RequestState)


class Filter(NamedTuple):
    """Which requests to return; None matches any. Times are in milliseconds since 1970."""

    space_id: str | None = None
    state: str | None = None
    owner_name: str | None = None
    since: int | None = None
    until: int | None = None


def browse_requests(gateway: Gateway, wanted: Filter, cursor: str | None) -> RequestPage:
    """Return requests, newest first within each step. A page may be short or even empty.

    Reads tickets downward from the last one, so nothing is scanned and each call is bounded.

    Raises:
        InvalidInput: The cursor or the state is not valid.
        UnknownSpace: The space does not exist and never did.
    """
    if wanted.state is not None and wanted.state not in _STATES:
        raise InvalidInput(f"state must be one of {', '.join(_STATES)}.")
    queues = _queues(gateway, wanted.space_id)
    positions = begin(queues) if cursor is None else read(cursor, queues)
    at = positions.at
    queues = [queue for queue in queues if queue.space_id in at]
    found: list[RequestEntry] = []
    unreadable = 0
    for _ in range(MAX_STEPS):
        step = _next_step(queues, at)
        if not step or len(found) >= PAGE:
            break
        requests: list[Request] = []
        for queue, tickets in step:
            read_now = gateway.history.read_many(queue.space_id, tickets)
            requests += read_now.requests
            unreadable += read_now.unreadable
        for queue, tickets in step:
            at[queue.space_id] = tickets[-1] - 1
        requests.sort(key=lambda request: request.created_at, reverse=True)
        _stop_at(wanted.since, requests, at)
        by_space = {queue.space_id: queue for queue in queues}
        found += [
            entry
            for request in requests
            if (entry := _entry(request, by_space[request.space_id], gateway.now()))
            and _is_wanted(request, entry, wanted)
        ]
    more = _next_step(queues, at)
    log_unreadable(gateway, "requests", unreadable)
    return RequestPage(
        requests=found,
        next_cursor=write(positions) if more else None,
        spaces_left_off=positions.left_off,
        unreadable=unreadable,
    )


def _queues(gateway: Gateway, space_id: str | None) -> list[Queue]:
    if space_id is None:
        return [space.queue for space in gateway.spaces.list_kinds(KINDS).spaces]
    queue = (
        gateway.spaces.read_queue(space_id, consistent=False)
        if SPACE_NAMES.match(space_id)
        else None
    )
    if queue is None:
        raise UnknownSpace(f"The space {space_id[:60]!r} does not exist.")
    return [queue]


def _next_step(queues: list[Queue], at: dict[str, int]) -> list[tuple[Queue, list[int]]]:
    """Return the tickets to read next: an equal share from each space that has any left."""
    left = [(queue, at.get(queue.space_id, queue.tail)) for queue in queues]
    left = [(queue, last) for queue, last in left if last > 0]
    share = max(5, STEP // len(left)) if left else 0
    return [(queue, list(range(last, max(0, last - share), -1))) for queue, last in left]


def _stop_at(since: int | None, requests: list[Request], at: dict[str, int]) -> None:
    """Stop in spaces where all remaining requests are too old."""
    for request in requests:
        if since is not None and request.created_at < since:
            at[request.space_id] = 0


def _entry(request: Request, queue: Queue, now: int) -> RequestEntry:
    status, ending = status_of(request, queue, now), request.ending
    ended_at = ending.ended_at if ending else None
    started_at = status.started_at
    waited_until = started_at or ended_at or now
    return RequestEntry(
        request_id=str(request.request_id),
        space=request.space_id,
        status=status.state,
        owner=request.owner_name,
        created_at=timestamp(request.created_at),
        started_at=timestamp_or_none(started_at),
        ended_at=timestamp_or_none(ended_at),
        queue_time=max(0, waited_until - request.created_at) / SECOND,
        run_time=None if started_at is None else ((ended_at or now) - started_at) / SECOND,
        worker_id=status.worker_id,
        attempt=status.attempt or None,
        error=ending.error if ending else None,
        error_type=ending.error_type if ending else None,
        webhook=view_of(request),
    )


def _is_wanted(request: Request, entry: RequestEntry, wanted: Filter) -> bool:
    return (
        wanted.state in (None, entry.status)
        and wanted.owner_name in (None, request.owner_name)
        and (wanted.since is None or request.created_at >= wanted.since)
        and (wanted.until is None or request.created_at <= wanted.until)
    )
