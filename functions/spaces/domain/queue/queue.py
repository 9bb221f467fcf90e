"""The queue of a space: its state, and what can be read off it without changing it."""

from typing import Literal

from msgspec import Struct

from spaces.domain.timing import SECOND

PlaceState = Literal["ready", "away", "suspect", "draining"]


class Requeued(Struct, frozen=True, array_like=True):
    """A request that came back from a worker and is served before all that never ran.

    Attributes:
        attempt: number of its last hand-over.
        worker_id: who had it.
        since, deadline: of that hand-over, for a worker that comes back with it.
        losses: hand-overs of it that were really lost, not merely undeliverable.
        prefetched: whether that worker was to hold it until a slot is free.
    """

    ticket: int
    attempt: int = 0
    worker_id: str = ""
    since: int = 0
    deadline: int = 0
    losses: int = 0
    prefetched: bool = False


class Running(Struct, frozen=True, array_like=True):
    """A request in the hands of a worker.

    Attributes:
        since: when it was handed over.
        lease_until: when silence about it means something.
        deadline: when it has run too long.
        losses: as in `Requeued`.
        checked: whether its silent worker was already asked.
        prefetched: whether it was handed over beyond the worker's slots and waits there for one; it
            counts as waiting, and ``since`` begins anew when a slot gets free.
    """

    worker_id: str
    attempt: int
    since: int
    lease_until: int
    deadline: int
    losses: int = 0
    checked: bool = False
    prefetched: bool = False


class Place(Struct, frozen=True, array_like=True):
    """A worker's place in the space.

    Attributes:
        connected_at: when its connection was made; of two, the later one counts.
        since: when it took the state that it has.
        session: names the worker's process.
        token_id: of the token that it came with; another token is another worker.
        exclusive: whether the worker serves this space only.
        offered: requests that it takes here, those that it holds included; None as many as it
            can run, and then one may come early. By this a worker shares its slots among spaces.
        offer_order: of the last offer by this connection; -1 before the first.
        paused: whether an administrator wants it to be handed nothing.
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
    exclusive: bool = False
    offered: int | None = None
    offer_order: int = -1
    paused: bool = False

    @property
    def takes_requests(self) -> bool:
        """Whether the worker may be handed something, if it has a free slot."""
        return self.state == "ready" and not self.paused

    @property
    def slots(self) -> int:
        """Number of requests that the worker may run here at the same time."""
        return self.capacity if self.offered is None else min(self.capacity, self.offered)


class DispatchLimits(Struct, frozen=True):
    """What dispatch must know of the space's definition; durations in milliseconds.

    Attributes:
        version: of the definition that they were copied from; an older one never replaces them.
        prefetch: whether a worker is handed one request beyond its slots. Only where the space
            has a single place: of two workers nobody knows which one is free first, and requests
            start in order.
    """

    max_workers: int = 1
    timeout: int = 120 * SECOND
    queue_timeout: int = 3600 * SECOND
    version: int = 0
    prefetch: bool = False


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
        last_seen: when a worker was last known to be connected; None if never.
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
    retry: tuple[Requeued, ...] = ()
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
        """Number of requests that wait to be handed over."""
        return self.tail - self.next + 1 + len(self.retry) - len(self.holes)

    @property
    def prefetched(self) -> list[int]:
        """Tickets that were handed over early and have not started, in order."""
        return sorted(ticket for ticket, running in self.running.items() if running.prefetched)

    @property
    def length(self) -> int:
        """Number of requests that have not started."""
        return self.waiting + len(self.prefetched)

    def position(self, ticket: int) -> int | None:
        """Return how many requests stand before this one, or None if it does not wait."""
        first = sorted([*self.prefetched, *(back.ticket for back in self.retry)])
        if ticket in first:
            return first.index(ticket)
        if not self.next <= ticket <= self.tail or ticket in self.holes:
            return None
        holes_before = sum(1 for hole in self.holes if hole < ticket)
        return ticket - self.next + len(first) - holes_before

    def wait_ends(self, ticket: int, queue_deadline: int) -> int | None:
        """Return when a request has waited too long; None if it does not wait.

        One that ran and was lost waits at least as long as that run might have lasted. One that
        was handed over early has been given a deadline.
        """
        if ticket in self.running:
            return None
        for back in self.retry:
            if back.ticket == ticket:
                return max(queue_deadline, back.deadline if back.losses else 0)
        return None if self.position(ticket) is None else queue_deadline

    def last_dispatch(self, ticket: int) -> tuple[str, int] | None:
        """Return worker and attempt of a request's last hand-over; None if there was none."""
        if ticket in self.running:
            running = self.running[ticket]
            return running.worker_id, running.attempt
        for back in self.retry:
            if back.ticket == ticket:
                return back.worker_id, back.attempt
        return None

    def held_by(self, worker_id: str) -> int:
        """Return how many requests the worker holds, started or not."""
        return sum(1 for running in self.running.values() if running.worker_id == worker_id)

    def started_by(self, worker_id: str) -> int:
        """Return how many of them count as started."""
        return sum(
            1
            for running in self.running.values()
            if running.worker_id == worker_id and not running.prefetched
        )

    def room_of(self, worker_id: str) -> int:
        """Return how many more requests the worker could be handed now."""
        place = self.workers[worker_id]
        if not place.takes_requests:
            return 0
        free = max(0, place.slots - self.started_by(worker_id))
        return free + (self.prefetches(worker_id) and not self.prefetched)

    def prefetches(self, worker_id: str) -> bool:
        """Tell whether the worker is handed one request more than it can run.

        Not while it shares its slots with other spaces: one of theirs may be due first.
        """
        place = self.workers[worker_id]
        only_one = self.limits.max_workers == 1 and place.exclusive
        return self.limits.prefetch and only_one and place.offered is None

    def room(self) -> int:
        """Return how many more requests could be handed over now."""
        return sum(self.room_of(worker_id) for worker_id in self.workers)

    def free_slots(self) -> int:
        """Return how many more requests could start now."""
        return sum(
            max(0, place.slots - self.started_by(worker_id))
            for worker_id, place in self.workers.items()
            if place.takes_requests
        )

    def slots(self) -> int:
        """Return how many requests can run at the same time."""
        return sum(place.slots for place in self.workers.values() if place.takes_requests)

    @property
    def is_served(self) -> bool:
        """Whether a worker is connected that takes requests."""
        return any(place.takes_requests for place in self.workers.values())

    def overdue(self, now: int) -> list[int]:
        """Return the tickets whose lease or deadline has passed."""
        return [
            ticket
            for ticket, running in self.running.items()
            if running.lease_until <= now or running.deadline <= now
        ]
