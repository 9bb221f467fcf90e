"""A request's own time-out, which is shorter than that of its space.

Only the request has it, and a dispatch is planned without reading any. So the queue learns it once
the request has been read: when it is delivered or, should that fail, when its lease has passed.
"""

from msgspec.structs import replace

from spaces.domain.queue.queue import Queue


def own_deadline(since: int, deadline: int, timeout: int | None, *, prefetched: bool) -> int:
    """Return the deadline of a dispatch, given the request's own time-out.

    That of a prefetched request stays: how long it waits for the one in front of it is unknown.
    """
    return deadline if timeout is None or prefetched else min(deadline, since + timeout)


def shorten_deadline(queue: Queue, ticket: int, attempt: int, timeout: int | None) -> Queue:
    """Apply a request's own time-out to its dispatch; None changes nothing. Safe to repeat."""
    running = queue.running.get(ticket)
    if timeout is None or running is None or running.attempt != attempt:
        return queue
    deadline = own_deadline(running.since, running.deadline, timeout, prefetched=running.prefetched)
    lease_until = min(running.lease_until, deadline)
    shortened = replace(running, deadline=deadline, lease_until=lease_until, timeout=timeout)
    if shortened == running:
        return queue
    return replace(queue, running={**queue.running, ticket: shortened})
