"""How a ticket leaves the hands of a worker, or the queue."""

from bisect import insort
from typing import Final

from msgspec.structs import replace

from spaces.domain.queue.queue import Queue, Requeued
from spaces.domain.timing import CHECK_GRACE

MAX_HOLES: Final = 50
"""More are not noted, to keep the item small: dispatch finds such a request ended and drops it."""
PACE_WEIGHT: Final = 0.3


def drop(queue: Queue, ticket: int) -> Queue:
    """Take a ticket out, wherever it is; its request has ended or never was."""
    if ticket in queue.running:
        running = {key: value for key, value in queue.running.items() if key != ticket}
        return replace(queue, running=running)
    if any(back.ticket == ticket for back in queue.retry):
        return replace(queue, retry=tuple(b for b in queue.retry if b.ticket != ticket))
    if not queue.next <= ticket <= queue.tail or ticket in queue.holes:
        return queue
    return _with_hole(queue, ticket)


def _with_hole(queue: Queue, ticket: int) -> Queue:
    """Note a hole; those at the head are stepped over at once, so that few are kept."""
    holes = {*queue.holes, ticket}
    head = queue.next
    while head in holes:
        holes.remove(head)
        head += 1
    if len(holes) > MAX_HOLES:
        return queue
    return replace(queue, next=head, holes=tuple(sorted(holes)))


def complete(queue: Queue, ticket: int, now: int) -> Queue:
    """Take out a ticket that its worker completed, and learn from how long it ran."""
    running = queue.running.get(ticket)
    if running is None or running.prefetched:
        return drop(queue, ticket)
    ran = max(1, now - running.since)
    pace = ran if queue.pace is None else round(queue.pace + PACE_WEIGHT * (ran - queue.pace))
    return replace(drop(queue, ticket), pace=pace)


def requeue(queue: Queue, ticket: int, attempt: int, *, lost: bool) -> Queue:
    """Put a running request back, to be served first; nothing if it runs at another attempt.

    Args:
        lost: whether the worker may have had it; an undeliverable hand-over is no loss, and
            neither is one that had to wait for a slot there.
    """
    running = queue.running.get(ticket)
    if running is None or running.attempt != attempt:
        return queue
    back = Requeued(
        ticket=ticket,
        attempt=attempt,
        worker_id=running.worker_id,
        since=running.since,
        deadline=running.deadline,
        losses=running.losses + (lost and not running.prefetched),
        prefetched=running.prefetched,
    )
    retry = list(queue.retry)
    insort(retry, back, key=lambda entry: entry.ticket)
    return replace(drop(queue, ticket), retry=tuple(retry))


def extend_lease(queue: Queue, ticket: int, lease_until: int) -> Queue:
    """Move the lease of a running request to a later time."""
    running = replace(queue.running[ticket], lease_until=lease_until)
    return replace(queue, running={**queue.running, ticket: running})


def await_check(queue: Queue, ticket: int, now: int) -> Queue:
    """Give the worker of a running request some time more to answer a ``check``."""
    running = replace(queue.running[ticket], lease_until=now + CHECK_GRACE, checked=True)
    return replace(queue, running={**queue.running, ticket: running})
