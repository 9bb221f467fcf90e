"""How a ticket leaves its worker, or the queue."""

from bisect import insort
from typing import Final

from msgspec.structs import replace

from spaces.domain.queue.queue import Queue, Requeued
from spaces.domain.timing import CHECK_GRACE

MAX_HOLES: Final = 50
"""Further holes are not stored, to keep the item small: dispatch drops requests that have ended."""
PACE_WEIGHT: Final = 0.3


def drop(queue: Queue, ticket: int) -> Queue:
    """Remove a ticket wherever it is; its request has ended or never existed."""
    if ticket in queue.running:
        running = {key: value for key, value in queue.running.items() if key != ticket}
        return replace(queue, running=running)
    if any(back.ticket == ticket for back in queue.retry):
        return replace(queue, retry=tuple(b for b in queue.retry if b.ticket != ticket))
    if not queue.next <= ticket <= queue.tail or ticket in queue.holes:
        return queue
    return _with_hole(queue, ticket)


def _with_hole(queue: Queue, ticket: int) -> Queue:
    """Record a hole; holes at the head are skipped at once, so that few remain."""
    holes = {*queue.holes, ticket}
    head = queue.next
    while head in holes:
        holes.remove(head)
        head += 1
    if len(holes) > MAX_HOLES:
        return queue
    return replace(queue, next=head, holes=tuple(sorted(holes)))


def complete(queue: Queue, ticket: int, now: int) -> Queue:
    """Remove a ticket that its worker completed, and update the pace."""
    running = queue.running.get(ticket)
    if running is None or running.prefetched:
        return drop(queue, ticket)
    ran = max(1, now - running.since)
    pace = ran if queue.pace is None else round(queue.pace + PACE_WEIGHT * (ran - queue.pace))
    return replace(drop(queue, ticket), pace=pace)


def requeue(queue: Queue, ticket: int, attempt: int, *, lost: bool) -> Queue:
    """Return a running request to the queue, ahead of all that never ran.

    Changes nothing if the request runs at another attempt.

    Args:
        queue: The queue.
        ticket: The ticket of the request.
        attempt: The attempt that ends.
        lost: Whether the worker may have received it. An undeliverable dispatch is not a loss, nor
            is a prefetched request that had not started.
    """
    running = queue.running.get(ticket)
    if running is None or running.attempt != attempt:
        return queue
    back = Requeued(
        ticket=ticket,
        attempt=attempt,
        holder=running.holder,
        since=running.since,
        deadline=running.deadline,
        losses=running.losses + (lost and not running.prefetched),
        prefetched=running.prefetched,
        earlier=running.earlier,
        timeout=running.timeout,
    )
    retry = list(queue.retry)
    insort(retry, back, key=lambda entry: entry.ticket)
    return replace(drop(queue, ticket), retry=tuple(retry))


def extend_lease(queue: Queue, ticket: int, lease_until: int) -> Queue:
    """Extend the lease of a running request."""
    running = replace(queue.running[ticket], lease_until=lease_until)
    return replace(queue, running={**queue.running, ticket: running})


def await_check(queue: Queue, ticket: int, now: int) -> Queue:
    """Give the worker of a running request time to answer a ``check``."""
    running = replace(queue.running[ticket], lease_until=now + CHECK_GRACE, checked=True)
    return replace(queue, running={**queue.running, ticket: running})
