"""Chooses which waiting request goes to which worker."""

from typing import Final, NamedTuple

from msgspec.structs import replace

from spaces.domain.holder import NOBODY, Holder, worker_id_of
from spaces.domain.queue.prefetch import start_prefetched
from spaces.domain.queue.queue import Queue, Requeued, Running
from spaces.domain.timing import DISPATCH_LEASE
from spaces_protocol.limits import MAX_ATTEMPTS

MAX_DISPATCHES: Final = 25
"""Dispatches per swap; bounds the time that one invocation spends on requests of others."""


class Dispatch(NamedTuple):
    """A request that the queue has assigned to a worker and that must now be posted to it.

    Attributes:
        losses: How many earlier dispatches of the request were really lost.
        repeated: Whether this is the same dispatch, posted again.
        prefetched: Whether it exceeds the worker's slots and must wait for a free one.
    """

    ticket: int
    attempt: int
    holder: Holder
    connection_id: str
    since: int
    deadline: int
    losses: int = 0
    repeated: bool = False
    prefetched: bool = False

    @property
    def worker_id(self) -> str:
        """The public id of the worker."""
        return worker_id_of(self.holder)


def plan_dispatches(queue: Queue, now: int) -> tuple[Queue, list[Dispatch]]:
    """Assign waiting requests to workers with room, once started prefetched requests are counted.

    Requeued requests go first, then tickets in order. The least loaded worker is served first.
    Each dispatch raises the attempt, so that a late result of an earlier one is recognisable.
    """
    queue = start_prefetched(queue, now)
    dispatches: list[Dispatch] = []
    while len(dispatches) < MAX_DISPATCHES:
        rest, back = _take_first(queue)
        holder = None if back is None else _least_loaded(rest)
        if back is None or holder is None:
            break
        queue, dispatch = _dispatch(rest, back, holder, now)
        dispatches.append(dispatch)
    return queue, dispatches


def _least_loaded(queue: Queue) -> Holder | None:
    free = [
        (queue.held_by(holder), place.connected_at, holder)
        for holder, place in queue.workers.items()
        if queue.room_of(holder) > 0
    ]
    return min(free)[2] if free else None


def _take_first(queue: Queue) -> tuple[Queue, Requeued | None]:
    """Remove the request that runs next from the waiting ones."""
    if queue.retry:
        return replace(queue, retry=queue.retry[1:]), queue.retry[0]
    ticket = queue.next
    while ticket in queue.holes:
        ticket += 1
    if ticket > queue.tail:
        return queue, None
    holes = tuple(hole for hole in queue.holes if hole > ticket)
    return replace(queue, next=ticket + 1, holes=holes), Requeued(ticket)


def _dispatch(queue: Queue, back: Requeued, holder: Holder, now: int) -> tuple[Queue, Dispatch]:
    place = queue.workers[holder]
    prefetched = queue.started_by(holder) >= place.slots
    # The request in front of it may use its whole time, and so may this one afterwards.
    deadline = now + (2 * queue.limits.timeout if prefetched else queue.timeout_of(back))
    running = Running(
        holder=holder,
        attempt=back.attempt + 1,
        since=now,
        lease_until=min(now + DISPATCH_LEASE, deadline),
        deadline=deadline,
        losses=back.losses,
        prefetched=prefetched,
        earlier=_earlier_holders(back),
        timeout=back.timeout,
    )
    queue = replace(queue, running={**queue.running, back.ticket: running})
    return queue, Dispatch(
        ticket=back.ticket,
        attempt=running.attempt,
        holder=holder,
        connection_id=place.connection_id,
        since=now,
        deadline=deadline,
        losses=back.losses,
        prefetched=prefetched,
    )


def _earlier_holders(back: Requeued) -> tuple[Holder, ...]:
    """Return who had the request before this dispatch; none if it never ran."""
    return () if back.holder == NOBODY else (*back.earlier, back.holder)[-MAX_ATTEMPTS:]
