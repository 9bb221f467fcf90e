"""Records a worker's progress, and cancels the request there if it is no longer wanted."""

from spaces.domain.errors import RequestNotFound
from spaces.domain.queue.queue import Queue
from spaces.domain.timing import PROGRESS_LEASE
from spaces.services.dispatch.advance import advance
from spaces.services.dispatch.change_queue import read_queue
from spaces.services.ports.gateway import Gateway, Sender
from spaces.services.requests.stream_text import store_chunk
from spaces.services.workers.sender_scope import request_in_scope
from spaces_protocol.gateway_messages import Cancel, Check
from spaces_protocol.request_id import RequestId
from spaces_protocol.rest_bodies import ProgressView
from spaces_protocol.worker_messages import Progress


def record_progress(gateway: Gateway, sender: Sender, progress: Progress) -> None:
    """Store percent, message and text, and renew the lease, unless the request has ended.

    Raises:
        NotAllowed: The request's space is outside the scope of the sender's token.
        RequestNotFound: The request does not exist.
    """
    request_id = request_in_scope(sender, progress.request_id)
    now = gateway.now()
    queue = _queue_with_dispatch(gateway, sender, request_id, progress.attempt)
    if queue.is_held(request_id.ticket, sender.holder, progress.attempt):
        _record(gateway, sender, request_id, progress, now)
    elif queue.is_last(request_id.ticket, sender.holder, progress.attempt):
        # It was taken from the worker too early. The worker registers again and gets it back.
        gateway.sockets.post(sender.connection_id, Check())
    else:
        _stop(gateway, sender, progress, "not_yours")
    if queue.overdue(now):
        advance(gateway, request_id.space)


def _queue_with_dispatch(
    gateway: Gateway, sender: Sender, request_id: RequestId, attempt: int
) -> Queue:
    """Read the queue eventually consistent; read it again if it does not show the dispatch yet."""
    queue = gateway.spaces.read_queue(request_id.space, consistent=False)
    if queue is not None and queue.is_held(request_id.ticket, sender.holder, attempt):
        return queue
    return read_queue(gateway, request_id.space)


def _record(
    gateway: Gateway, sender: Sender, request_id: RequestId, progress: Progress, now: int
) -> None:
    has_chunk = store_chunk(gateway, request_id, progress)
    outcome = gateway.requests.record_progress(
        request_id,
        attempt=progress.attempt,
        worker_id=sender.worker_id,
        progress=ProgressView(
            percent=progress.percent,
            step=progress.step,
            total=progress.total,
            message=progress.message,
        ),
        lease_until=now + PROGRESS_LEASE,
        chunk=has_chunk,
    )
    if outcome.request is None:
        raise RequestNotFound(f"The request {progress.request_id!r} does not exist. Discard it.")
    if not outcome.stored:
        _stop(gateway, sender, progress, "already_ended")


def _stop(gateway: Gateway, sender: Sender, progress: Progress, reason: str) -> None:
    stop = Cancel(request_id=progress.request_id, attempt=progress.attempt, reason=reason)
    gateway.sockets.post(sender.connection_id, stop)
