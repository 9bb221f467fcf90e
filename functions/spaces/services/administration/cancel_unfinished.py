"""Cancels many requests of a space at once."""

from typing import Final

from spaces.domain.queue.queue import Queue
from spaces.services.dispatch.advance import advance
from spaces.services.dispatch.announce import drop_announced
from spaces.services.dispatch.change_queue import Change, compose
from spaces.services.ports.gateway import Gateway
from spaces.services.requests.cancel_request import end_cancelled

MAX_AT_ONCE: Final = 200
"""Requests that one call ends, well within the function's time limit."""


def unfinished(queue: Queue, *, waiting: bool = True, running: bool = True) -> list[int]:
    """Return the waiting or running tickets in the order in which they are served."""
    tickets: list[int] = []
    if running:
        tickets += [t for t, entry in sorted(queue.running.items()) if not entry.prefetched]
    if waiting:
        tickets += queue.prefetched
        tickets += [back.ticket for back in queue.retry]
        tickets += [t for t in range(queue.next, queue.tail + 1) if t not in queue.holes]
    return tickets


def cancel_unfinished(gateway: Gateway, queue: Queue, tickets: list[int]) -> int:
    """Cancel at most `MAX_AT_ONCE` requests; return how many were cancelled.

    Each ending is written before the single swap that drops the tickets. After a crash in between,
    the next use of the queue finds the requests ended. A ticket without a request gets a
    tombstone.
    """
    ended = [_end(gateway, queue, ticket) for ticket in tickets[:MAX_AT_ONCE]]
    if ended:
        advance(gateway, queue.space_id, compose(change for _, change in ended))
    return sum(cancelled for cancelled, _ in ended)


def _end(gateway: Gateway, queue: Queue, ticket: int) -> tuple[bool, Change]:
    """Cancel a request; return whether it was this that ended it, and what drops its ticket."""
    request = gateway.requests.bury(queue.space_id, ticket, gateway.now())
    cancelled = False
    if request is not None and request.ending is None:
        ended = end_cancelled(gateway, request, queue)
        request, cancelled = ended.request, ended.other_state is None
    return cancelled, drop_announced(gateway, request, ticket)
