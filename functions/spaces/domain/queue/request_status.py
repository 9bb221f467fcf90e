"""The status of a request, derived from it and its queue."""

from typing import NamedTuple

from spaces.domain.queue.queue import Queue, Requeued, Running
from spaces.domain.queue.wait_estimate import (
    SHORTEST_POLL,
    expected_wait,
    next_poll,
    shortest_poll,
)
from spaces.domain.request import Ending, Request
from spaces.domain.timing import SECOND
from spaces_protocol.rest_bodies import QueueReason, RequestState


class Status(NamedTuple):
    """The status of a request at one point in time; times and durations in milliseconds.

    Attributes:
        position: The number of requests ahead of it while it waits.
        reason: Why it waits.
        eta: Expected time until it starts (waiting) or ends (running); None if unknown.
        remaining: Expected time until it ends; None if unknown.
        attempt: The attempt of the last dispatch.
        starts: How many starts count for it.
        deadline: When it times out in its current state.
        shortest_poll: The shortest interval between two polls.
    """

    state: RequestState
    position: int | None = None
    reason: QueueReason | None = None
    eta: int | None = None
    remaining: int | None = None
    attempt: int = 0
    starts: int = 0
    worker_id: str | None = None
    started_at: int | None = None
    deadline: int | None = None
    shortest_poll: int = SHORTEST_POLL

    def next_poll(self, request: Request, now: int) -> int:
        """Return the milliseconds until the next poll; soon after the deadline at the latest."""
        elapsed = now - (self.started_at or request.created_at)
        wait = next_poll(self.remaining, elapsed, self.shortest_poll)
        if self.deadline is None:
            return wait
        return min(wait, max(self.shortest_poll, self.deadline + SECOND - now))


def status_of(request: Request, queue: Queue, now: int) -> Status:
    """Return the status of a request."""
    if request.ending is not None:
        return _ended(request.ending)
    position = queue.position(request.ticket)
    if position is None and request.ticket > queue.tail:
        position = queue.length  # the queue was read before the ticket was issued
    if position is not None:
        return _waiting(request, queue, position, now)
    return _running(request, queue, now)


def _ended(ending: Ending) -> Status:
    return Status(
        state=ending.state,
        attempt=ending.attempt or 0,
        starts=ending.attempt or 0,
        worker_id=ending.worker_id,
        started_at=ending.started_at,
    )


def _waiting(request: Request, queue: Queue, position: int, now: int) -> Status:
    wait = expected_wait(queue, position, now)
    known = wait is not None and queue.pace is not None
    last = queue.running.get(request.ticket) or next(
        (back for back in queue.retry if back.ticket == request.ticket), Requeued(request.ticket)
    )
    prefetched = isinstance(last, Running)
    return Status(
        state=RequestState.IN_QUEUE,
        position=position,
        reason=_reason(queue),
        eta=wait,
        remaining=(wait or 0) + (queue.pace or 0) if known else None,
        attempt=last.attempt,
        starts=last.losses,
        deadline=last.deadline if prefetched else request.queue_deadline,
        shortest_poll=shortest_poll(queue.pace),
    )


def _reason(queue: Queue) -> QueueReason:
    if queue.is_served:
        return "worker_busy"
    if any(place.paused for place in queue.workers.values()):
        return "paused"
    states = {place.state for place in queue.workers.values()}
    return "draining" if states == {"draining"} else "no_worker"


def _running(request: Request, queue: Queue, now: int) -> Status:
    running = queue.running.get(request.ticket)
    if running is None:  # dispatched or ended between the two reads
        return Status(
            state=RequestState.IN_PROGRESS,
            attempt=request.attempt,
            starts=request.attempt,
            shortest_poll=shortest_poll(queue.pace),
        )
    left = None if queue.pace is None else max(0, running.since + queue.pace - now)
    return Status(
        state=RequestState.IN_PROGRESS,
        eta=left or None,
        remaining=left,
        attempt=running.attempt,
        starts=running.losses + 1,
        worker_id=running.worker_id,
        started_at=running.since,
        deadline=running.deadline,
        shortest_poll=shortest_poll(queue.pace),
    )
