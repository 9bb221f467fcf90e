"""Cancels many requests of a space at once."""

from functools import reduce
from typing import Final

from spaces.domain.errors import AlreadyEnded
from spaces.domain.queue.queue import Queue
from spaces.domain.queue.settlement import drop
from spaces.services.dispatch.advance import advance
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
    tickets = tickets[:MAX_AT_ONCE]
    cancelled = sum(_end(gateway, queue, ticket) for ticket in tickets)
    if tickets:
        advance(gateway, queue.space_id, lambda fresh: reduce(drop, tickets, fresh))
    return cancelled


def _end(gateway: Gateway, queue: Queue, ticket: int) -> bool:
    request = gateway.requests.bury(queue.space_id, ticket, gateway.now())
    if request is None or request.ending is not None:
        return False
    try:
        end_cancelled(gateway, request, queue)
    except AlreadyEnded:
        return False
    return True
