"""The queue of a space: its state, and what can be read from it."""

from typing import Literal

from msgspec import Struct
from msgspec.structs import replace

from spaces.domain.holder import NOBODY, Holder, holder_of, is_holder, worker_id_of
from spaces.domain.timing import SECOND

PlaceState = Literal["ready", "away", "suspect", "draining"]


class Requeued(Struct, frozen=True, array_like=True):
    """A request that came back from a worker; served before all that never ran.

    Attributes:
        attempt: The number of its last dispatch.
        holder: The worker that had it, identified by worker id and token.
        since, deadline: Those of that dispatch, in case the worker returns with it.
        losses: Dispatches that were really lost, not merely undeliverable.
        prefetched: Whether that worker held it without having started it.
        earlier, timeout: As in `Running`.
    """

    ticket: int
    attempt: int = 0
    holder: Holder = NOBODY
    since: int = 0
    deadline: int = 0
    losses: int = 0
    prefetched: bool = False
    earlier: tuple[Holder, ...] = ()
    timeout: int | None = None


class Running(Struct, frozen=True, array_like=True):
    """A request that a worker holds.

    Attributes:
        since: When it was dispatched.
        lease_until: Until when the worker may be silent about it.
        deadline: When it has run too long.
        losses: As in `Requeued`.
        checked: Whether its silent worker has already been sent a check.
        prefetched: Whether it exceeds the worker's slots and waits there for one. It counts as
            waiting, and ``since`` is set again when a slot becomes free.
        earlier: The holders of the attempts before, in order; only of the last few.
        timeout: How long it may run, if less than the space allows; None until that is known.
    """

    holder: Holder
    attempt: int
    since: int
    lease_until: int
    deadline: int
    losses: int = 0
    checked: bool = False
    prefetched: bool = False
    earlier: tuple[Holder, ...] = ()
    timeout: int | None = None

    @property
    def worker_id(self) -> str:
        """The public id of the worker."""
        return worker_id_of(self.holder)


class Place(Struct, frozen=True, array_like=True):
    """A worker's place in the space.

    Attributes:
        connected_at: When its connection was made; of two connections, the later one counts.
        since: When it entered its current state.
        session: Identifies the worker's process.
        token_id: Only in places that an earlier version stored by worker id; see `with_holders`.
        exclusive: Whether the worker serves this space only.
        offered: How many requests it accepts here, including those it holds. None means as many
            as it can run, and then one may be prefetched. This is how a worker shares its slots
            among spaces.
        offer_order: The order of the last offer on this connection; -1 before the first.
        paused: Whether an administrator has paused it.
        state: ``ready`` accepts requests; ``away`` lost its connection; ``suspect`` was silent
            about a request; ``draining`` accepts nothing new.
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
        """Whether requests may be dispatched to the worker if it has a free slot."""
        return self.state == "ready" and not self.paused

    @property
    def slots(self) -> int:
        """The number of requests that the worker may run here at the same time."""
        return self.capacity if self.offered is None else min(self.capacity, self.offered)


class DispatchLimits(Struct, frozen=True):
    """The settings of a space that dispatch needs; durations are in milliseconds.

    Attributes:
        version: The version of the definition they were copied from; an older one never replaces
            them.
        prefetch: Whether a worker gets one request beyond its slots. Only applies if the space has
            a single place: with two workers it is unknown which becomes free first, and requests
            must start in order.
    """

    max_workers: int = 1
    timeout: int = 120 * SECOND
    queue_timeout: int = 3600 * SECOND
    version: int = 0
    prefetch: bool = False


class Queue(Struct, frozen=True, kw_only=True):
    """The state of a space's queue; one small item, changed by compare-and-swap.

    Attributes:
        version: Raised by every swap, but not by issuing a ticket.
        swap_id: A random id of the last swap.
        tail: The last ticket issued. Never written by a swap.
        next: The lowest ticket that was never dispatched.
        retry: Requeued requests, lowest ticket first.
        holes: Tickets from ``next`` on that will never run, in order.
        running: Requests that workers hold, by ticket.
        workers: Places by holder.
        pace: A moving average of how long a request runs; None before the first.
        last_seen: When a worker was last known to be connected; None if never.
        sweep_at: When the armed sweep timer fires; None or in the past if none is armed.
        minute, minute_count: The last minute (since 1970) in which a ticket was issued, and how
            many were. Only stored if the space limits it. Never written by a swap.
        closed_at: When deletion of the space began; None while it accepts requests.
    """

    space_id: str
    version: int = 0
    swap_id: str = ""
    tail: int = 0
    next: int = 1
    retry: tuple[Requeued, ...] = ()
    holes: tuple[int, ...] = ()
    running: dict[int, Running] = {}
    workers: dict[Holder, Place] = {}
    limits: DispatchLimits = DispatchLimits()
    pace: int | None = None
    last_seen: int | None = None
    sweep_at: int | None = None
    minute: int = 0
    minute_count: int = 0
    closed_at: int | None = None

    @property
    def waiting(self) -> int:
        """The number of requests that wait to be dispatched."""
        return self.tail - self.next + 1 + len(self.retry) - len(self.holes)

    @property
    def prefetched(self) -> list[int]:
        """Tickets of prefetched requests that have not started, in order."""
        return sorted(ticket for ticket, running in self.running.items() if running.prefetched)

    @property
    def length(self) -> int:
        """The number of requests that have not started."""
        return self.waiting + len(self.prefetched)

    def position(self, ticket: int) -> int | None:
        """Return how many requests are ahead of this one; None if it does not wait."""
        first = sorted([*self.prefetched, *(back.ticket for back in self.retry)])
        if ticket in first:
            return first.index(ticket)
        if not self.next <= ticket <= self.tail or ticket in self.holes:
            return None
        holes_before = sum(1 for hole in self.holes if hole < ticket)
        return ticket - self.next + len(first) - holes_before

    def wait_ends(self, ticket: int, queue_deadline: int) -> int | None:
        """Return when a request has waited too long; None if it does not wait.

        A request that ran and was lost waits at least as long as that run could have lasted. A
        prefetched request already has a deadline.
        """
        if ticket in self.running:
            return None
        for back in self.retry:
            if back.ticket == ticket:
                return max(queue_deadline, back.deadline if back.losses else 0)
        return None if self.position(ticket) is None else queue_deadline

    def timeout_of(self, entry: Running | Requeued) -> int:
        """Return how long a request may run: its own time-out, but no longer than the space's."""
        return min(self.limits.timeout, entry.timeout or self.limits.timeout)

    def last_dispatch(self, ticket: int) -> Running | Requeued | None:
        """Return a request's last dispatch; None if there was none or it has left the queue."""
        if ticket in self.running:
            return self.running[ticket]
        return next((back for back in self.retry if back.ticket == ticket), None)

    def is_held(self, ticket: int, holder: Holder, attempt: int) -> bool:
        """Tell whether this worker holds the request at this attempt now."""
        running = self.running.get(ticket)
        return running is not None and (running.holder, running.attempt) == (holder, attempt)

    def is_last(self, ticket: int, holder: Holder, attempt: int) -> bool:
        """Tell whether this was the request's last dispatch, even if it was requeued since."""
        last = self.last_dispatch(ticket)
        return last is not None and (last.holder, last.attempt) == (holder, attempt)

    def was_earlier(self, ticket: int, holder: Holder, attempt: int) -> bool:
        """Tell whether this was an earlier dispatch of a request that was dispatched again."""
        last = self.last_dispatch(ticket)
        before = 0 if last is None else last.attempt - attempt
        return (
            last is not None and 0 < before <= len(last.earlier) and last.earlier[-before] == holder
        )

    def held_by(self, holder: Holder) -> int:
        """Return how many requests the worker holds, started or not."""
        return sum(1 for running in self.running.values() if running.holder == holder)

    def started_by(self, holder: Holder) -> int:
        """Return how many requests of the worker count as started."""
        return sum(
            1
            for running in self.running.values()
            if running.holder == holder and not running.prefetched
        )

    def room_of(self, holder: Holder) -> int:
        """Return how many more requests could be dispatched to the worker now."""
        place = self.workers[holder]
        if not place.takes_requests:
            return 0
        free = max(0, place.slots - self.started_by(holder))
        return free + (self.prefetches(holder) and not self.prefetched)

    def prefetches(self, holder: Holder) -> bool:
        """Tell whether the worker gets one request more than it can run.

        Not while it shares its slots with other spaces: one of their requests may be due first.
        """
        place = self.workers[holder]
        only_one = self.limits.max_workers == 1 and place.exclusive
        return self.limits.prefetch and only_one and place.offered is None

    def room(self) -> int:
        """Return how many more requests could be dispatched now."""
        return sum(self.room_of(holder) for holder in self.workers)

    def free_slots(self) -> int:
        """Return how many more requests could start now."""
        return sum(
            max(0, place.slots - self.started_by(holder))
            for holder, place in self.workers.items()
            if place.takes_requests
        )

    def slots(self) -> int:
        """Return how many requests can run at the same time."""
        return sum(place.slots for place in self.workers.values() if place.takes_requests)

    @property
    def is_served(self) -> bool:
        """Whether a connected worker accepts requests."""
        return any(place.takes_requests for place in self.workers.values())

    def overdue(self, now: int) -> list[int]:
        """Return the tickets whose lease or deadline has passed."""
        return [
            ticket
            for ticket, running in self.running.items()
            if running.lease_until <= now or running.deadline <= now
        ]


def with_holders(queue: Queue) -> Queue:
    """Return a queue that an earlier version stored by worker ids, by holders."""
    if all(is_holder(name) for name in queue.workers):
        return queue
    names = {
        name: name if is_holder(name) else holder_of(name, place.token_id)
        for name, place in queue.workers.items()
    }
    return replace(
        queue,
        workers={names[name]: replace(p, token_id="") for name, p in queue.workers.items()},
        running={
            ticket: replace(entry, holder=names.get(entry.holder, entry.holder))
            for ticket, entry in queue.running.items()
        },
        retry=tuple(
            replace(back, holder=names.get(back.holder, back.holder)) for back in queue.retry
        ),
    )
