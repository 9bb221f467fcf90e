"""The queue of a space: its state, and what can be read off it without changing it."""

from typing import Literal

from msgspec import Struct

from spaces.domain.timing import SECOND

PlaceState = Literal["ready", "away", "suspect", "draining"]


class HandedBack(Struct, frozen=True, array_like=True):
    """A request that came back from a worker and is served before all that never ran.

    Attributes:
        attempt: number of its last hand-over.
        worker_id: who had it.
        since, deadline: of that hand-over, for a worker that comes back with it.
        losses: hand-overs of it that were really lost, not merely undeliverable.
    """

    ticket: int
    attempt: int = 0
    worker_id: str = ""
    since: int = 0
    deadline: int = 0
    losses: int = 0


class Running(Struct, frozen=True, array_like=True):
    """A request in the hands of a worker.

    Attributes:
        since: when it was handed over.
        lease_until: when silence about it means something.
        deadline: when it has run too long.
        losses: as in `HandedBack`.
        checked: whether its silent worker was already asked.
    """

    worker_id: str
    attempt: int
    since: int
    lease_until: int
    deadline: int
    losses: int = 0
    checked: bool = False


class Place(Struct, frozen=True, array_like=True):
    """A worker's place in the space.

    Attributes:
        connected_at: when its connection was made; of two, the later one counts.
        since: when it took the state that it has.
        session: names the worker's process.
        token_id: of the token that it came with; another token is another worker.
        state: ``ready`` takes requests; ``away`` lost its connection; ``suspect`` was silent
            about a request; ``draining`` takes nothing new.
    """

    connection_id: str
    connected_at: int
    capacity: int
    since: int
    state: PlaceState = "ready"
    session: str = ""
    token_id: str = ""


class DispatchLimits(Struct, frozen=True):
    """What dispatch must know of the space's definition; durations in milliseconds.

    Attributes:
        version: of the definition that they were copied from; an older one never replaces them.
    """

    max_workers: int = 1
    timeout: int = 120 * SECOND
    queue_timeout: int = 3600 * SECOND
    version: int = 0


class Queue(Struct, frozen=True, kw_only=True):
    """The state of a space's queue; one small item, changed by compare-and-swap.

    Attributes:
        version: raised by every swap, not by issuing a ticket.
        swap_id: random, of the last swap.
        tail: last ticket issued. Never written by a swap.
        next: lowest ticket never handed out.
        retry: handed-back requests, lowest ticket first.
        holes: tickets from ``next`` on that will never run, in order.
        running: by ticket.
        workers: by worker id.
        pace: running estimate of how long a request runs; None before the first.
        last_seen: when a worker was last known to be linked; None if never.
        sweep_at: when the armed clock fires; None or past if none is armed.
        minute, minute_count: the last minute in which a ticket was issued (since 1970) and how
            many were; kept only where the space limits it. Never written by a swap.
        closed_at: when the space began to be deleted; None while it takes requests.
    """

    space_id: str
    version: int = 0
    swap_id: str = ""
    tail: int = 0
    next: int = 1
    retry: tuple[HandedBack, ...] = ()
    holes: tuple[int, ...] = ()
    running: dict[int, Running] = {}
    workers: dict[str, Place] = {}
    limits: DispatchLimits = DispatchLimits()
    pace: int | None = None
    last_seen: int | None = None
    sweep_at: int | None = None
    minute: int = 0
    minute_count: int = 0
    closed_at: int | None = None

    @property
    def waiting(self) -> int:
        """Number of requests that wait."""
        return self.tail - self.next + 1 + len(self.retry) - len(self.holes)

    def position(self, ticket: int) -> int | None:
        """Return how many requests stand before this one, or None if it does not wait."""
        for index, back in enumerate(self.retry):
            if back.ticket == ticket:
                return index
        if not self.next <= ticket <= self.tail or ticket in self.holes:
            return None
        holes_before = sum(1 for hole in self.holes if hole < ticket)
        return ticket - self.next + len(self.retry) - holes_before

    def wait_ends(self, ticket: int, queue_deadline: int) -> int | None:
        """Return when a request has waited too long; None if it does not wait.

        One that ran and was lost waits at least as long as that run might have lasted.
        """
        for back in self.retry:
            if back.ticket == ticket:
                return max(queue_deadline, back.deadline if back.losses else 0)
        return None if self.position(ticket) is None else queue_deadline

    def last_handover(self, ticket: int) -> tuple[str, int] | None:
        """Return worker and attempt of a request's last hand-over; None if there was none."""
        if ticket in self.running:
            running = self.running[ticket]
            return running.worker_id, running.attempt
        for back in self.retry:
            if back.ticket == ticket:
                return back.worker_id, back.attempt
        return None

    def held_by(self, worker_id: str) -> int:
        """Return how many requests the worker holds."""
        return sum(1 for running in self.running.values() if running.worker_id == worker_id)

    def free_slots(self) -> int:
        """Return how many more requests could be handed over now."""
        return sum(
            max(0, place.capacity - self.held_by(worker_id))
            for worker_id, place in self.workers.items()
            if place.state == "ready"
        )

    def slots(self) -> int:
        """Return how many requests can run at the same time."""
        return sum(place.capacity for place in self.workers.values() if place.state == "ready")

    def overdue(self, now: int) -> list[int]:
        """Return the tickets whose lease or deadline has passed."""
        return [
            ticket
            for ticket, running in self.running.items()
            if running.lease_until <= now or running.deadline <= now
        ]
