"""A sweep timer of its own for a request that may wait less long than its space allows."""

from spaces.domain.queue.queue import Queue
from spaces.domain.queue.sweep_timer import DEADLINE_MARGIN, SHORTEST_LEAD
from spaces.domain.request import Request
from spaces.services.dispatch.change_queue import arm_timer
from spaces.services.ports.gateway import Gateway


def watch_start(gateway: Gateway, request: Request, queue: Queue) -> bool:
    """Arm a timer for the end of a request's own start time-out, if it waits.

    A sweep stops at the first waiting ticket that is in time, because those behind it came later
    and have as long to wait. Such a request has less.

    Args:
        gateway: Access to the outside.
        request: The request.
        queue: A state of its queue; one from before its ticket was issued counts as waiting.

    Returns:
        Whether nothing more is needed. If the scheduler fails, a sweep of this ticket was started.
    """
    if request.start_timeout is None or request.ending is not None:
        return True
    ends = request.queue_deadline
    if request.ticket <= queue.tail:
        waits_until = queue.wait_ends(request.ticket, ends)
        if waits_until is None:
            return True
        ends = waits_until
    now = gateway.now()
    needed = max(ends + DEADLINE_MARGIN, now + SHORTEST_LEAD)
    return arm_timer(gateway, request.space_id, needed, now, request.ticket) is not None
