"""The places of workers in a space: taking them, losing them and giving them up."""

from typing import NamedTuple

from msgspec.structs import replace

from spaces.domain.holder import Holder
from spaces.domain.queue.prefetch import start_prefetched
from spaces.domain.queue.queue import Place, Queue, Running
from spaces.domain.queue.settlement import drop, requeue
from spaces.domain.timing import AWAY_GRACE, LONGEST_CONNECTION, PROGRESS_LEASE


class Arrival(NamedTuple):
    """A worker that asks for a place in the space.

    Attributes:
        connected_at: When its connection was made.
        session: Identifies its process.
        in_flight: The attempt of each request that it still holds, by ticket.
        exclusive: Whether it asks for this space only.
    """

    holder: Holder
    connection_id: str
    connected_at: int
    capacity: int
    session: str
    in_flight: dict[int, int]
    exclusive: bool = False


class Resumption(NamedTuple):
    """What happens to the requests of a returning worker.

    Attributes:
        resume: Tickets that it continues.
        resend: Tickets of requests that it never received.
    """

    resume: list[int]
    resend: list[int]


def is_outdated(queue: Queue, arrival: Arrival) -> bool:
    """Tell whether the worker has already registered through a newer connection."""
    place = queue.workers.get(arrival.holder)
    return place is not None and place.connected_at > arrival.connected_at


def blocking_workers(queue: Queue, arrival: Arrival) -> list[Holder]:
    """Return the workers that block a new one: one of them must be gone before it gets a place.

    Nobody blocks a worker that already has its place. One with the same worker id and another token
    is another worker: it can neither take that place nor keep its owner out of a free one.
    """
    if arrival.holder in queue.workers or len(queue.workers) < queue.limits.max_workers:
        return []
    return list(queue.workers)


def take_place(queue: Queue, arrival: Arrival, now: int) -> tuple[Queue, Resumption]:
    """Give the worker its place and settle the requests that it had before."""
    before = queue.workers.get(arrival.holder)
    if before is not None and before.session != arrival.session:
        queue = _requeue_lost_with_process(queue, arrival)
    place = _place_for(arrival, before, now)
    if place != before:
        queue = replace(queue, workers={**queue.workers, arrival.holder: place}, last_seen=now)
    queue = _reclaim_requeued(queue, arrival, now)
    queue = start_prefetched(queue, now)
    taken = Resumption(resume=[], resend=[])
    for ticket, running in queue.running.items():
        if running.holder != arrival.holder:
            continue
        known = arrival.in_flight.get(ticket) == running.attempt
        (taken.resume if known else taken.resend).append(ticket)
    return _renew_leases(queue, (*taken.resume, *taken.resend), now), taken


def _place_for(arrival: Arrival, before: Place | None, now: int) -> Place:
    """Return the worker's new place.

    On the same connection, draining and an offer of slots continue. A pause always does.
    """
    same = before is not None and before.connection_id == arrival.connection_id
    if before is not None and same:
        resumed = before.state in ("ready", "draining")
        place = before if resumed else replace(before, state="ready", since=now)
        return replace(
            place, capacity=arrival.capacity, session=arrival.session, exclusive=arrival.exclusive
        )
    return Place(
        connection_id=arrival.connection_id,
        connected_at=arrival.connected_at,
        capacity=arrival.capacity,
        since=now,
        session=arrival.session,
        exclusive=arrival.exclusive,
        paused=before is not None and before.paused,
    )


def _requeue_lost_with_process(queue: Queue, arrival: Arrival) -> Queue:
    """Requeue what the worker's earlier process held and lost when it ended.

    A request that kills its worker is thus counted as lost each time and ends after a few.
    """
    for ticket, running in queue.running.items():
        died = running.holder == arrival.holder and ticket not in arrival.in_flight
        if died:
            queue = requeue(queue, ticket, running.attempt, lost=True)
    return queue


def _reclaim_requeued(queue: Queue, arrival: Arrival, now: int) -> Queue:
    """Return requests to the worker that were taken from it too early.

    A request whose deadline has passed stays in the queue to be dispatched again. If the worker
    already has its result, that still counts; ending it as timed out would discard it.
    """
    for back in queue.retry:
        mine = back.holder == arrival.holder
        known = arrival.in_flight.get(back.ticket) == back.attempt
        if mine and known and back.deadline > now:
            running = Running(
                holder=arrival.holder,
                attempt=back.attempt,
                since=back.since,
                lease_until=now + PROGRESS_LEASE,
                deadline=back.deadline,
                losses=back.losses if back.prefetched else max(0, back.losses - 1),
                prefetched=back.prefetched,
                earlier=back.earlier,
                timeout=back.timeout,
            )
            queue = drop(queue, back.ticket)
            queue = replace(queue, running={**queue.running, back.ticket: running})
    return queue


def _renew_leases(queue: Queue, tickets: tuple[int, ...], now: int) -> Queue:
    renewed = {
        ticket: replace(queue.running[ticket], lease_until=now + PROGRESS_LEASE, checked=False)
        for ticket in tickets
    }
    return replace(queue, running={**queue.running, **renewed})


def mark_away(queue: Queue, holder: Holder, connection_id: str, now: int) -> Queue:
    """Record that a worker's connection ended, unless it has another one by now.

    It keeps its requests for a short grace period, in which it may return and resume.
    """
    place = queue.workers.get(holder)
    if place is None or place.connection_id != connection_id or place.state == "away":
        return queue
    if not queue.held_by(holder) and not place.paused:
        return replace(_without(queue, holder), last_seen=now)
    away = replace(place, state="away", since=now)
    running = {
        ticket: _cut_lease(entry, now) if entry.holder == holder else entry
        for ticket, entry in queue.running.items()
    }
    workers = {**queue.workers, holder: away}
    return replace(queue, workers=workers, running=running, last_seen=now)


def mark_outlived_away(queue: Queue, now: int) -> Queue:
    """Record the end of every connection that is older than any connection can be.

    So a place never outlives its connection for long, whatever the @connections API says of it,
    such as after the socket API was deleted and deployed again.
    """
    for holder, place in queue.workers.items():
        if is_outlived(place, now):
            queue = mark_away(queue, holder, place.connection_id, now)
    return queue


def is_outlived(place: Place, now: int) -> bool:
    """Tell whether a place's connection is older than any connection can be."""
    return now - place.connected_at > LONGEST_CONNECTION


def _cut_lease(running: Running, now: int) -> Running:
    return replace(running, lease_until=min(running.lease_until, now + AWAY_GRACE))


def evict_worker(queue: Queue, holder: Holder, now: int) -> Queue:
    """Remove a worker that is known to be dead and requeue its requests."""
    for ticket, running in queue.running.items():
        if running.holder == holder:
            queue = requeue(queue, ticket, running.attempt, lost=True)
    return replace(_without(queue, holder), last_seen=now)


def _without(queue: Queue, holder: Holder) -> Queue:
    workers = {key: value for key, value in queue.workers.items() if key != holder}
    return replace(queue, workers=workers)


def forget_absent(queue: Queue) -> Queue:
    """Remove workers that are away and hold nothing; a paused one keeps its place."""
    workers = {
        holder: place
        for holder, place in queue.workers.items()
        if place.state != "away" or place.paused or queue.held_by(holder)
    }
    return queue if len(workers) == len(queue.workers) else replace(queue, workers=workers)


def set_state(queue: Queue, holder: Holder, connection_id: str, *, ready: bool, now: int) -> Queue:
    """Mark a worker as ready after a sign of life, or as suspect after silence.

    Only if it is the recorded connection. A worker that is draining or away stays so.
    """
    place = queue.workers.get(holder)
    if place is None or place.connection_id != connection_id:
        return queue
    before, after = ("suspect", "ready") if ready else ("ready", "suspect")
    if place.state != before:
        return queue
    place = replace(place, state=after, since=now)
    return replace(queue, workers={**queue.workers, holder: place})


def drain(queue: Queue, holder: Holder, connection_id: str, now: int) -> Queue:
    """Stop dispatching to the worker; it finishes the requests it holds."""
    place = queue.workers.get(holder)
    if place is None or place.connection_id != connection_id or place.state == "draining":
        return queue
    place = replace(place, state="draining", since=now)
    return replace(queue, workers={**queue.workers, holder: place})
