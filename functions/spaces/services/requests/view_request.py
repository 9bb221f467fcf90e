"""What anyone with a request's id may see of it."""

from msgspec.structs import replace

from spaces.domain.access.caller import Anonymous
from spaces.domain.errors import RequestExpired, RequestNotFound
from spaces.domain.queue.queue import Queue
from spaces.domain.queue.request_status import status_of
from spaces.domain.request import Request
from spaces.domain.visibility import may_use
from spaces.services.dispatch.advance import advance, needs_advance
from spaces.services.dispatch.end_request import end_if_overdue
from spaces.services.ports.gateway import Gateway
from spaces.services.requests.stream_text import (
    CATCH_UP_POLL,
    NEXT_TEXT_POLL,
    Cursor,
    is_behind,
    is_streaming,
    new_text,
)
from spaces.services.timestamps import seconds, timestamp, timestamp_or_none
from spaces_protocol.request_id import RequestId
from spaces_protocol.rest_bodies import Partial, RequestState, RequestStatus, RequestTimes


def request_status(
    gateway: Gateway,
    request_id: RequestId,
    *,
    after: Cursor | None = None,
    with_chunks: bool = False,
) -> RequestStatus:
    """Return the status of a request. Whatever is overdue in its space is settled first.

    Args:
        gateway: Access to the outside.
        request_id: The id of the request.
        after: How much of the answer the reader already has.
        with_chunks: Whether the reader wants each chunk with its deltas, too.

    Raises:
        RequestNotFound: No request has this id.
        RequestExpired: The request is no longer stored; only reported for public spaces.
    """
    request, queue = settled_request(gateway, request_id)
    status = view_status(request, queue, gateway.now())
    if status.status is not RequestState.IN_PROGRESS:
        return status
    attempt = current_attempt(request, queue)
    partial = new_text(gateway, request, attempt, after, with_chunks=with_chunks)
    return _with_partial(status, request, attempt, partial, gateway.now())


def current_attempt(request: Request, queue: Queue) -> int:
    """Return the attempt that streams; the queue or the request may be the first to know it."""
    running = queue.running.get(request.ticket)
    return max(request.attempt, running.attempt if running else 0)


def _with_partial(
    status: RequestStatus, request: Request, attempt: int, partial: Partial | None, now: int
) -> RequestStatus:
    """Return the status with new text, and when to poll for more."""
    poll = status.retry_after_ms
    if poll is not None and attempt in request.chunks and is_streaming(request, now):
        poll = min(poll, CATCH_UP_POLL if is_behind(request, partial) else NEXT_TEXT_POLL)
    return replace(status, partial=partial, retry_after_ms=poll)


def settled_request(gateway: Gateway, request_id: RequestId) -> tuple[Request, Queue]:
    """Read a request and its queue after settling what is overdue there.

    Raises:
        RequestNotFound, RequestExpired: As in `request_status`.
    """
    request, queue = find_request(gateway, request_id)
    if request.ending is None and _settle_overdue(gateway, request, queue):
        return find_request(gateway, request_id, consistent=True)
    return request, queue


def find_request(
    gateway: Gateway, request_id: RequestId, *, consistent: bool = False
) -> tuple[Request, Queue]:
    """Read a request and its queue; if the request seems missing, read again consistently.

    The nonce of a deleted request can no longer be checked. RequestExpired is therefore raised
    only for public spaces, and a wrong id is handled like a missing request: guessing reveals
    neither which spaces exist nor how much they are used.

    Raises:
        RequestNotFound, RequestExpired: As in `request_status`.
    """
    request, queue = gateway.requests.read_with_queue(request_id, consistent=consistent)
    if request is not None and queue is not None and request.nonce == request_id.nonce:
        return request, queue
    if not consistent:
        return find_request(gateway, request_id, consistent=True)
    is_public = _is_public(gateway, request_id.space)
    if is_public and request is None and queue is not None and request_id.ticket <= queue.tail:
        raise RequestExpired("The request is no longer stored. Submit it again.")
    raise RequestNotFound("The request does not exist or is no longer stored. Check the URL.")


def _is_public(gateway: Gateway, space_id: str) -> bool:
    definition = gateway.spaces.definition(space_id)
    return definition is not None and may_use(definition, Anonymous(""))


def _settle_overdue(gateway: Gateway, request: Request, queue: Queue) -> bool:
    """Settle what is overdue; tell whether anything was."""
    now = gateway.now()
    ends = queue.wait_ends(request.ticket, request.queue_deadline)
    if ends is not None and ends <= now:
        advance(gateway, request.space_id, end_if_overdue(gateway, request, now))
        return True
    if needs_advance(queue, now):
        advance(gateway, request.space_id)
        return True
    return False


def view_status(request: Request, queue: Queue, now: int) -> RequestStatus:
    """Return the status of a request, derived from its queue."""
    status = status_of(request, queue, now)
    ending = request.ending
    return RequestStatus(
        request_id=str(request.request_id),
        space=request.space_id,
        status=status.state,
        times=times_of(request, status.started_at),
        queue_position=status.position,
        queue_reason=status.reason,
        eta_seconds=seconds(status.eta),
        retry_after_ms=None if ending else status.next_poll(request, now),
        progress=request.progress if status.state is RequestState.IN_PROGRESS else None,
        attempt=status.starts or None,
        worker_id=status.worker_id,
        error=ending.error if ending else None,
        error_type=ending.error_type if ending else None,
        deadline=timestamp_or_none(status.deadline),
        metadata=request.metadata,
    )


def times_of(request: Request, started_at: int | None) -> RequestTimes:
    """Return when a request was accepted, started and ended."""
    return RequestTimes(
        created_at=timestamp(request.created_at),
        started_at=timestamp_or_none(started_at),
        ended_at=timestamp_or_none(request.ending.ended_at if request.ending else None),
    )
