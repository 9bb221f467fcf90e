"""Looks at a space because its clock fired: whatever is overdue is settled, though nobody asks."""

from collections.abc import Iterator
from functools import partial
from itertools import islice
from typing import Final

from spaces.domain.clock import clear_clock
from spaces.domain.leaving import drop
from spaces.domain.queue import Queue
from spaces.domain.request import Request
from spaces.services.advance import advance
from spaces.services.change_queue import Decide, one_after_another
from spaces.services.end_request import end_waiting_too_long
from spaces.services.gateway import Gateway
from spaces_protocol.gateway_messages import Check

MOST_AT_ONCE: Final = 50
"""Waiting requests that one sweep ends; the next one comes within a minute."""


def sweep_space(gateway: Gateway, space_id: str, fired_at: int) -> None:
    """Expire, dispatch, ask workers that are not ready, and arm the next clock if work is left.

    Args:
        fired_at: the time for which the clock was armed.

    Raises:
        Exception: whatever went wrong, so that Lambda runs it again.
    """
    queue = gateway.spaces.read_queue(space_id)
    if queue is None:  # the space was deleted meanwhile
        return
    first = list(islice(_waiting(queue), MOST_AT_ONCE))
    changes: list[Decide] = [
        partial(clear_clock, fired_at=fired_at),
        *_end_overdue(gateway, queue, first),
    ]
    queue = advance(gateway, space_id, one_after_another(changes))
    if queue.waiting > 0:
        _ask_who_is_not_ready(gateway, queue)
    gateway.report("space_swept", space=space_id, waiting=queue.waiting, running=len(queue.running))


def _waiting(queue: Queue) -> Iterator[int]:
    """Yield the waiting tickets in the order in which they are served."""
    yield from (back.ticket for back in queue.retry)
    yield from (t for t in range(queue.next, queue.tail + 1) if t not in queue.holes)


def _end_overdue(gateway: Gateway, queue: Queue, tickets: list[int]) -> Iterator[Decide]:
    """End the waiting requests whose time is up; all after the first in time are in time too."""
    now = gateway.now()
    for ticket in tickets:
        request = gateway.requests.read(queue.space_id, ticket)
        if request is None:
            request = gateway.requests.bury(queue.space_id, ticket, now)
        if isinstance(request, Request) and request.ending is None:
            if request.queue_deadline > now:
                return
            end_waiting_too_long(gateway, request)
        yield partial(drop, ticket=ticket)


def _ask_who_is_not_ready(gateway: Gateway, queue: Queue) -> None:
    """A worker that wrongly believes to be served must notice: each sweep asks it again."""
    for place in queue.workers.values():
        if place.state not in ("ready", "draining"):
            gateway.sockets.post(place.connection_id, Check())
