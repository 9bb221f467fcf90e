"""Cancels a request: it ends at once, and a worker that runs it is told to stop."""

from spaces.domain.errors import AlreadyEnded
from spaces.domain.queue.queue import Queue
from spaces.domain.queue.settlement import drop
from spaces.domain.request import Ending, Request
from spaces.services.dispatch.advance import advance
from spaces.services.dispatch.change_queue import read_queue
from spaces.services.ports.gateway import Gateway
from spaces.services.requests.view_request import find_request
from spaces_protocol.gateway_messages import Cancel
from spaces_protocol.request_id import RequestId
from spaces_protocol.rest_bodies import RequestState


def cancel_request(gateway: Gateway, request_id: RequestId) -> bool:
    """End a request as CANCELLED; doing it again changes nothing.

    Returns:
        Whether a worker was running it and has been told to stop.

    Raises:
        RequestNotFound, RequestExpired: as in `view_request.request_status`.
        AlreadyEnded: it has ended in another way.
    """
    request, _ = find_request(gateway, request_id, consistent=True)
    queue = read_queue(gateway, request_id.space)
    was_running = end_cancelled(gateway, request, queue)
    advance(gateway, request_id.space, lambda fresh: drop(fresh, request_id.ticket), queue=queue)
    gateway.log_event("request_cancelled", request_id=str(request_id), was_running=was_running)
    return was_running


def end_cancelled(gateway: Gateway, request: Request, queue: Queue) -> bool:
    """Write the end of a request and tell its worker; its ticket is still to be dropped.

    Returns:
        Whether a worker was running it and has been told to stop.

    Raises:
        AlreadyEnded: it has ended in another way.
    """
    outcome = gateway.requests.end(request.request_id, _ending(gateway, request, queue))
    ending = outcome.request.ending if outcome.request else None
    if ending is not None and ending.state is not RequestState.CANCELLED:
        raise AlreadyEnded(
            f"The request has ended already: {ending.state}. There is nothing to cancel; fetch "
            "its result."
        )
    return _tell_worker(gateway, request.request_id, queue)


def _ending(gateway: Gateway, request: Request, queue: Queue) -> Ending:
    running = queue.running.get(request.ticket)
    return Ending(
        state=RequestState.CANCELLED,
        ended_at=gateway.now(),
        started_at=running.since if running and not running.prefetched else None,
        worker_id=running.worker_id if running else None,
        attempt=running.attempt if running else None,
    )


def _tell_worker(gateway: Gateway, request_id: RequestId, queue: Queue) -> bool:
    """Tell the worker to stop; a message that gets lost is made up for at its next progress."""
    running = queue.running.get(request_id.ticket)
    place = queue.workers.get(running.worker_id) if running else None
    if running is None or place is None:
        return False
    stop = Cancel(request_id=str(request_id), attempt=running.attempt, reason="cancelled")
    gateway.sockets.post(place.connection_id, stop)
    return True
