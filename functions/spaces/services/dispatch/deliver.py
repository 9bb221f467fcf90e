"""Delivers one dispatch: reads its request, checks that it is still wanted, and posts it."""

from collections.abc import Callable
from functools import partial
from typing import Protocol

from spaces.domain.holder import Holder
from spaces.domain.queue.dispatch import Dispatch
from spaces.domain.queue.own_timeout import own_deadline, shorten_deadline
from spaces.domain.queue.places import mark_away, set_state
from spaces.domain.queue.queue import Queue
from spaces.domain.queue.settlement import requeue
from spaces.domain.request import Request, Tombstone
from spaces.domain.timing import SECOND
from spaces.services.dispatch.announce import drop_announced
from spaces.services.dispatch.change_queue import Change
from spaces.services.dispatch.end_request import end_damaged, end_lost, end_waiting_too_long
from spaces.services.files.sign_file_urls import input_for_worker, output_policy
from spaces.services.ports.gateway import Gateway, PostOutcome, Sender, UpdateOutcome
from spaces.services.timestamps import timestamp
from spaces_protocol import gateway_messages as messages
from spaces_protocol.limits import MAX_ATTEMPTS

Post = Callable[[Gateway, str, messages.Request], PostOutcome]


def post_request(gateway: Gateway, connection_id: str, message: messages.Request) -> PostOutcome:
    """Send a dispatched request as a message of its own."""
    return gateway.sockets.post(connection_id, message)


def deliver(
    gateway: Gateway,
    space_id: str,
    dispatch: Dispatch,
    post: Post,
    *,
    stored: Request | None = None,
) -> Change | None:
    """Post a dispatched request to its worker.

    Args:
        gateway: Access to the outside.
        space_id: The space of the request.
        dispatch: What was planned.
        post: Sends the message.
        stored: A request that this invocation has just stored; used instead of a read if this is
            the first dispatch of that request.

    Returns:
        The change that the queue needs: because the request was not delivered, or to apply its own
        time-out. None if there is none.
    """
    request = _first_dispatch_of(stored, dispatch) or _read_or_bury(gateway, space_id, dispatch)
    if request is None or request.ending is not None:
        return drop_announced(gateway, request, dispatch.ticket)
    ended = _end_unwanted(gateway, request, dispatch)
    if ended is not None:
        return drop_announced(gateway, ended.request, dispatch.ticket)
    message = request_message(gateway, request, dispatch)
    if post(gateway, dispatch.connection_id, message) is PostOutcome.GONE:
        gateway.log_event("worker_gone", worker_id=dispatch.worker_id, space=space_id)
        lost = lose_connection(gateway, dispatch)
        return partial(_undeliverable, dispatch=dispatch, lost=lost)
    if request.traceparent is not None:
        _log_delivery(gateway, request, dispatch)
    return None if request.timeout is None else _shorten(dispatch, request.timeout)


def _end_unwanted(gateway: Gateway, request: Request, dispatch: Dispatch) -> UpdateOutcome | None:
    """End a request that no worker can or should get; None if one should."""
    never_ran = not dispatch.repeated and not dispatch.losses
    if never_ran and request.queue_deadline <= gateway.now():
        return end_waiting_too_long(gateway, request)
    if request.damaged or request.incomplete:
        return end_damaged(gateway, request)
    if dispatch.losses >= MAX_ATTEMPTS:
        return end_lost(gateway, request, dispatch.holder, dispatch.attempt - 1)
    return None


def _log_delivery(gateway: Gateway, request: Request, dispatch: Dispatch) -> None:
    """Log where a request goes whose caller traces it; nobody asked for a line about the others."""
    gateway.log_event(
        "request_delivered",
        request_id=str(request.request_id),
        worker_id=dispatch.worker_id,
        attempt=dispatch.attempt,
        **request.trace,
    )


def _shorten(dispatch: Dispatch, timeout: int) -> Change:
    ticket, attempt = dispatch.ticket, dispatch.attempt
    return partial(shorten_deadline, ticket=ticket, attempt=attempt, timeout=timeout)


def request_message(gateway: Gateway, request: Request, dispatch: Dispatch) -> messages.Request:
    """Return the message that carries a request to its worker."""
    deadline = own_deadline(
        dispatch.since, dispatch.deadline, request.timeout, prefetched=dispatch.prefetched
    )
    return messages.Request(
        request_id=str(request.request_id),
        space=request.space_id,
        attempt=dispatch.attempt,
        deadline=timestamp(deadline),
        input=input_for_worker(gateway, request, dispatch.deadline),
        upload=output_policy(gateway, request, dispatch.attempt, dispatch.deadline),
        prefetched=dispatch.prefetched,
        timeout_seconds=None if request.timeout is None else request.timeout / SECOND,
        metadata=request.metadata,
        traceparent=request.traceparent,
    )


def _first_dispatch_of(stored: Request | None, dispatch: Dispatch) -> Request | None:
    """Return the stored request if no worker has ever had it, so that none can have ended it.

    A cancel that arrives in between may still be missed, as it may be right after a read: the
    worker is then told to stop at its first sign of life.
    """
    is_first = stored is not None and stored.ticket == dispatch.ticket and dispatch.attempt == 1
    return stored if is_first else None


def _read_or_bury(gateway: Gateway, space_id: str, dispatch: Dispatch) -> Request | None:
    """Read a request; if it is missing, make sure that it can never be stored."""
    request = gateway.requests.read(space_id, dispatch.ticket)
    if request is None:
        request = gateway.requests.bury(space_id, dispatch.ticket, gateway.now())
    return None if isinstance(request, Tombstone) else request


def _undeliverable(queue: Queue, dispatch: Dispatch, lost: Change) -> Queue:
    place = queue.workers.get(dispatch.holder)
    if place is None or place.connection_id != dispatch.connection_id:
        return queue
    return lost(requeue(queue, dispatch.ticket, dispatch.attempt, lost=False))


class Addressee(Protocol):
    """Names a worker and the connection through which it was to be reached."""

    @property
    def holder(self) -> Holder: ...  # noqa: D102

    @property
    def connection_id(self) -> str: ...  # noqa: D102


def lose_connection(gateway: Gateway, addressee: Addressee) -> Change:
    """Close a connection to which a post returned 410, and return the change for its worker.

    Closing it makes a worker that is alive after all notice. If closing fails, the worker stays
    as a suspect, and each sweep checks on it.
    """
    holder, connection_id = addressee.holder, addressee.connection_id
    now = gateway.now()
    if gateway.sockets.close(connection_id):
        return lambda queue: mark_away(queue, holder, connection_id, now)
    return lambda queue: set_state(queue, holder, connection_id, ready=False, now=now)


def current_dispatch(queue: Queue, ticket: int, sender: Sender) -> Dispatch | None:
    """Return the current dispatch of a request that this worker should hold, to post it again."""
    running = queue.running.get(ticket)
    if running is None or running.holder != sender.holder:
        return None
    return Dispatch(
        ticket=ticket,
        attempt=running.attempt,
        holder=running.holder,
        connection_id=sender.connection_id,
        since=running.since,
        deadline=running.deadline,
        repeated=True,
        prefetched=running.prefetched,
    )
