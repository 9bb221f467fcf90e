"""Cancels a request: it ends at once, and the worker that runs it is told to stop."""

from typing import NamedTuple

from spaces.domain.errors import AlreadyEnded
from spaces.domain.queue.queue import Queue
from spaces.domain.request import Ending, Request
from spaces.services.dispatch.advance import advance
from spaces.services.dispatch.announce import drop_announced
from spaces.services.dispatch.change_queue import read_queue
from spaces.services.dispatch.record_end import record_end
from spaces.services.ports.gateway import Gateway
from spaces.services.requests.view_request import find_request
from spaces_protocol.gateway_messages import Cancel
from spaces_protocol.request_id import RequestId
from spaces_protocol.rest_bodies import RequestState


def cancel_request(gateway: Gateway, request_id: RequestId) -> bool:
    """End a request as CANCELLED. Safe to repeat.

    Returns:
        Whether a worker was running it and was told to stop.

    Raises:
        RequestNotFound: The request does not exist.
        RequestExpired: The request is no longer stored.
        AlreadyEnded: It has already ended in another way.
    """
    request, _ = find_request(gateway, request_id, consistent=True)
    queue = read_queue(gateway, request_id.space)
    cancelled = end_cancelled(gateway, request, queue)
    if cancelled.other_state is not None:
        raise AlreadyEnded(
            f"The request has already ended ({cancelled.other_state}) and cannot be cancelled. "
            "Fetch its result."
        )
    change = drop_announced(gateway, cancelled.request, request_id.ticket)
    advance(gateway, request_id.space, change, queue=queue)
    return cancelled.was_running


class Cancelled(NamedTuple):
    """What came of cancelling a request.

    Attributes:
        request: The request as it is stored now; None if it does not exist.
        was_running: Whether a worker was running it and was told to stop.
        other_state: How it had already ended; None if it is cancelled.
    """

    request: Request | None
    was_running: bool = False
    other_state: RequestState | None = None


def end_cancelled(gateway: Gateway, request: Request, queue: Queue) -> Cancelled:
    """Write the ending of a request and tell its worker.

    The caller must announce the end and drop the ticket.
    """
    stored = record_end(gateway, request.request_id, _ending(gateway, request, queue)).request
    ending = None if stored is None else stored.ending
    if ending is not None and ending.state is not RequestState.CANCELLED:
        return Cancelled(stored, other_state=ending.state)
    return Cancelled(stored, _tell_worker(gateway, request.request_id, queue))


def _ending(gateway: Gateway, request: Request, queue: Queue) -> Ending:
    running = queue.running.get(request.ticket)
    return Ending(
        state=RequestState.CANCELLED,
        ended_at=gateway.now(),
        started_at=running.since if running and not running.prefetched else None,
        holder=running.holder if running else None,
        attempt=running.attempt if running else None,
    )


def _tell_worker(gateway: Gateway, request_id: RequestId, queue: Queue) -> bool:
    """Tell the worker to stop. If the message is lost, its next progress message is answered so."""
    running = queue.running.get(request_id.ticket)
    place = queue.workers.get(running.holder) if running else None
    if running is None or place is None:
        return False
    stop = Cancel(request_id=str(request_id), attempt=running.attempt, reason="cancelled")
    gateway.sockets.post(place.connection_id, stop)
    return True
