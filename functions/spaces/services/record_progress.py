"""Notes a worker's sign of life about a request, and tells it if nobody waits any more."""

from spaces.domain.errors import RequestNotFound
from spaces.domain.timing import PROGRESS_LEASE
from spaces.services.advance import advance
from spaces.services.gateway import Gateway, Sender
from spaces.services.sender_scope import request_in_scope
from spaces_protocol.gateway_messages import Cancel
from spaces_protocol.rest_bodies import ProgressView
from spaces_protocol.worker_messages import Progress


def record_progress(gateway: Gateway, sender: Sender, progress: Progress) -> None:
    """Store percent and message, renew the lease; a request that has ended stays as it is.

    Raises:
        NotAllowed, RequestNotFound: the sender has no business with such a request.
    """
    request_id = request_in_scope(sender, progress.request_id)
    now = gateway.now()
    verdict = gateway.requests.record_progress(
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
    )
    if verdict.request is None:
        raise RequestNotFound(f"There is no request {progress.request_id!r}; forget it.")
    if not verdict.stored:
        _tell_to_stop(gateway, sender, progress, ended=verdict.request.ending is not None)
    queue = gateway.spaces.glance_at_queue(request_id.space)
    if queue is not None and queue.overdue(now):
        advance(gateway, request_id.space)


def _tell_to_stop(gateway: Gateway, sender: Sender, progress: Progress, *, ended: bool) -> None:
    stop = Cancel(
        request_id=progress.request_id,
        attempt=progress.attempt,
        reason="already_ended" if ended else "replaced",
    )
    gateway.sockets.post(sender.connection_id, stop)
