"""Makes sure that the webhook of an ended request is on its way before its ticket is dropped."""

from functools import partial

from spaces.domain.queue.queue import Queue
from spaces.domain.queue.settlement import drop
from spaces.domain.queue.sweep_timer import SHORTEST_LEAD
from spaces.domain.request import Request
from spaces.domain.webhooks.message import event_of
from spaces.services.dispatch.change_queue import Change
from spaces.services.ports.gateway import Gateway


def announce(gateway: Gateway, request: Request | None, *, again: bool = False) -> bool:
    """Start the delivery of a request's webhook, if it has ended and somebody asked for it.

    The ending itself says that the webhook is due: both are one item. Whoever finds an ended
    request in the queue announces it again, so a crash between the ending and this loses nothing.

    Args:
        gateway: Access to the outside.
        request: The request as it is stored; None if it does not exist.
        again: Whether it is started although a delivery is on record.

    Returns:
        Whether its ticket may be dropped. If neither a try nor a timer could be started, it must
        stay, so that the next use of the queue or the next sweep finds it.
    """
    if request is None or event_of(request) is None:
        return True
    if request.delivery is not None and not again:
        return True
    tries, request_id = gateway.webhook_tries, request.request_id
    if tries.start(request_id) or tries.arm(request_id, gateway.now() + SHORTEST_LEAD):
        return True
    gateway.log_event("webhook_not_started", request_id=str(request_id))
    return False


def drop_announced(gateway: Gateway, request: Request | None, ticket: int) -> Change:
    """Announce an ended request, and return the change that drops its ticket if that worked."""
    return partial(drop, ticket=ticket) if announce(gateway, request) else _unchanged


def _unchanged(queue: Queue) -> Queue:
    return queue
