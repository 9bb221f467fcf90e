"""The invariants of the queue, checked from outside at every step; numbers as in the design."""

from collections.abc import Container

from spaces.domain.queue.queue import Place, Queue
from spaces_protocol.codec import decode_gateway_message
from spaces_protocol.gateway_messages import Ack
from spaces_protocol.rest_bodies import RequestState
from tests.simulation.actors import Run
from tests.simulation.calls import Item
from tests.simulation.dynamo import Key
from tests.simulation.state import State, is_queue, queue_in, request_in
from tests.simulation.worker import Worker

MESSAGES = ("register", "result", "progress", "decline", "offer", "drain")
CLOCK_WITHIN = 60_000
"""A clock that is armed for later than this does not count (milliseconds)."""


class Broken(Exception):
    """An invariant does not hold.

    Attributes:
        rule: its number in the design, or a word.
        trace: the choices that led there.
    """

    def __init__(self, rule: str, detail: str) -> None:
        super().__init__(f"{rule}: {detail}")
        self.rule = rule
        self.trace: list[str] = []


def watch_start(state: State, run: Run) -> State:
    """Note what had been accepted when a submit began."""
    if run.kind != "submit":
        return state
    before = state.seen.before | {(run.name, state.seen.accepted)}
    return state.but(seen=state.seen._replace(before=before))


def watch_end(state: State, run: Run) -> State:
    """Note what a submit promised; an error that nobody injected is one of the code."""
    how, what = run.outcome
    unexpected = how == "failed" or (run.kind in MESSAGES and what is not None)
    if unexpected and not had_error(run):
        raise Broken("code", f"{run.name} ended with {what}")
    if run.kind != "submit" or how != "done":
        return state
    state = state.but(seen=state.seen._replace(accepted=state.seen.accepted | {what}))
    watch_accounts(state)
    return state


def had_error(run: Run) -> bool:
    """Tell whether a call of the run failed for good."""
    return any(step.answer.kind == "error" for step in run.history())


def watch_write(before: State, after: State, key: Key, run: Run) -> None:
    """Check what one write changed."""
    if key not in before.items:
        return
    if is_queue(key):
        old, new = queue_in(before.items[key]), queue_in(after.items[key])
        watch_shape(old, new)
        watch_places(before, old, new, run)
        watch_order(after, old, new)
        watch_positions(old, new)
        watch_accounts(after)
    elif key[0] == "requests" and key[2].isdigit():
        watch_request(before.items[key], after.items[key])


def watch_request(old: Item, new: Item) -> None:
    """2, 10: what has ended never changes, and progress never goes back to an older attempt."""
    was, now = request_in(old), request_in(new)
    if was is None:
        raise Broken("2", "a request was stored over a tombstone")
    if was.ending is not None and old is not new:
        raise Broken("2", f"{was.ticket} had ended and was changed")
    if now is None:
        raise Broken("8", f"{was.ticket} vanished")
    if now.attempt < was.attempt:
        raise Broken("10", f"{was.ticket} went back to attempt {now.attempt}")


def watch_shape(old: Queue, new: Queue) -> None:
    """A ticket is in one place at most, and numbers only grow."""
    retry = [back.ticket for back in new.retry]
    places = [*retry, *new.running, *new.holes]
    sound = (
        new.tail >= old.tail
        and new.next >= old.next
        and len(set(places)) == len(places)
        and retry == sorted(retry)
        and all(ticket < new.next for ticket in (*retry, *new.running))
        and all(new.next <= hole <= new.tail for hole in new.holes)
        and not new.running.keys() & set(old.holes)
    )
    if not sound:
        raise Broken("shape", f"{old} became {new}")
    _watch_attempts(old, new)


def _watch_attempts(old: Queue, new: Queue) -> None:
    back = {entry.ticket: entry for entry in old.retry}
    for ticket, running in new.running.items():
        before = old.running.get(ticket) or back.get(ticket)
        if before is None or running.attempt > before.attempt:
            continue
        if running.attempt < before.attempt or running.worker_id != before.worker_id:
            raise Broken("attempt", f"{ticket} was handed over at an attempt that it had before")


def watch_places(state: State, old: Queue, new: Queue, run: Run) -> None:
    """3, 7, 10: places and slots are not given twice, and a live worker keeps its own."""
    if len(new.workers) > new.limits.max_workers:
        raise Broken("3", f"{sorted(new.workers)} have {new.limits.max_workers} places")
    for worker_id, place in new.workers.items():
        _watch_slots(worker_id, place, old, new)
        before = old.workers.get(worker_id)
        if before is not None and place.connected_at < before.connected_at:
            raise Broken("10", f"{worker_id} went back to {place.connection_id}")
    for worker_id in old.workers:
        now = new.workers.get(worker_id)
        lost = now is None or now.state == "away" != old.workers[worker_id].state
        if lost and _lives(state, worker_id, old) and not had_error(run):
            raise Broken("7", f"{run.name} took its place from {worker_id}, which lives")
    if run.kind == "disconnect":
        gone = run.given[0]
        for worker_id, place in old.workers.items():
            now = new.workers.get(worker_id)
            if now != place and place.connection_id != gone.connection_id:
                raise Broken("10", f"{run.name} changed the place by {place.connection_id}")


def _watch_slots(worker_id: str, place: Place, old: Queue, new: Queue) -> None:
    if new.started_by(worker_id) > max(place.slots, old.started_by(worker_id)):
        raise Broken("3", f"{worker_id} runs more than {place.slots}")
    prefetched = new.held_by(worker_id) - new.started_by(worker_id)
    if prefetched > new.limits.prefetch:
        raise Broken("3", f"{worker_id} was handed {prefetched} requests to prefetch")


def _lives(state: State, worker_id: str, queue: Queue) -> bool:
    connection_id = queue.workers[worker_id].connection_id
    worker = state.workers[worker_id]
    open_here = connection_id in state.sockets and state.sockets[connection_id] is None
    return worker.alive and worker.line == connection_id and open_here


def watch_order(state: State, old: Queue, new: Queue) -> None:
    """4: requests start in the order of acceptance, handed-back ones first."""
    fresh = [t for t, running in new.running.items() if t >= old.next and running.attempt == 1]
    if not fresh:
        return
    if new.retry:
        raise Broken("4", f"{fresh} started while {new.retry} waited")
    for ticket in fresh:
        request = state.items.get(("requests", new.space_id, f"{ticket:012d}"))
        found = request_in(request) if request else None
        if found is None:
            continue
        name = found.nonce.lstrip("0").partition("-")[0]
        for submit, accepted in state.seen.before:
            if submit.replace("'", "_") == name:
                _all_started(state, new, accepted, ticket)


def _all_started(state: State, queue: Queue, accepted: frozenset[str], ticket: int) -> None:
    for request_id in accepted:
        request = state.request(request_id)
        if request is None or request.ending is not None or request.space_id != queue.space_id:
            continue
        if request.ticket >= queue.next:
            raise Broken("4", f"{ticket} started before {request.ticket}, accepted before it came")


def watch_positions(old: Queue, new: Queue) -> None:
    """5: a position never grows except by what was handed back."""
    were_back = {back.ticket for back in old.retry}
    requeued = [back.ticket for back in new.retry if back.ticket not in were_back]
    for ticket in (*old.prefetched, *were_back, *range(old.next, old.tail + 1)):
        before, after = old.position(ticket), new.position(ticket)
        if before is None or after is None:
            continue
        if after > before + len(requeued):
            raise Broken("5", f"{ticket} went from {before} to {after}")


def watch_accounts(state: State) -> None:
    """8: every accepted request waits, runs or has ended."""
    queues = {queue.space_id: queue for queue in state.queues()}
    for request_id in state.seen.accepted:
        request = state.request(request_id)
        if request is None:
            raise Broken("8", f"{request_id} was accepted and is not there")
        queue = queues[request.space_id]
        known = request.ticket in queue.running or queue.position(request.ticket) is not None
        if request.ending is None and not known:
            raise Broken("8", f"{request.ticket} was accepted, has not ended, and nobody knows it")


def watch_worker(state: State, worker: Worker, started: tuple[str, ...], *, strict: bool) -> None:
    """3, 4: no worker runs more than it can, over all its spaces, and it starts in order.

    Args:
        strict: whether nothing in this world lets one message come before another.
    """
    if len(worker.held) > worker.most:
        raise Broken("3", f"{worker.name} runs {sorted(worker.held)}")
    for request_id in started if strict else ():
        mine = state.request(request_id)
        for other_id in state.seen.accepted:
            other = state.request(other_id)
            if mine is None or other is None or other.space_id != mine.space_id:
                continue
            if other.ticket < mine.ticket and not other.ending and not state.seen.count(other_id):
                raise Broken("4", f"{request_id} started before {other_id}")


def watch_message(state: State, connection_id: str, text: str) -> None:
    """2: what is acknowledged is kept."""
    message = decode_gateway_message(text)
    if not isinstance(message, Ack):
        return
    request = state.request(message.request_id)
    if request is None or request.ending is None:
        raise Broken("2", f"{message.request_id} was acknowledged and not stored")
    by = connection_id.split("#", maxsplit=1)[0]
    mine = (request.ending.state, request.ending.worker_id) == (RequestState.COMPLETED, by)
    if (message.status == "stored") is not mine:
        raise Broken("2", f"{message.request_id} is {message.status}; the worker's own: {mine}")


def watch_rest(
    state: State, *, harmed: frozenset[str], spaces: Container[str] | None = None
) -> None:
    """6, 8, 12: when no use case is under way, nothing can be forgotten.

    Args:
        harmed: kinds of faults that happened.
        spaces: those to look at; all if None.
    """
    for queue in state.queues():
        if spaces is None or queue.space_id in spaces:
            _watch_queue_at_rest(state, queue, harmed)
    if not all_ended(state) and not _clock_is_armed(state):
        raise Broken("12", "an accepted request has not ended and no clock is armed")


def _watch_queue_at_rest(state: State, queue: Queue, harmed: frozenset[str]) -> None:
    if queue.waiting > 0 and queue.room() > 0 and not harmed & {"crash", "error"}:
        raise Broken("6", f"{queue.waiting} wait while there is room for {queue.room()}")
    mine = [request for request in state.requests() if request.space_id == queue.space_id]
    unfinished = [r for r in mine if r.ending is None and r.ticket not in queue.running]
    twins = any(key[2].startswith("idempotency") for key in state.items)
    if queue.waiting != len(unfinished) and not harmed & {"crash", "error", "lost"} and not twins:
        raise Broken("8", f"{len(unfinished)} wait, but the queue says {queue.waiting}")


def all_ended(state: State) -> bool:
    """Tell whether every accepted request has ended."""
    found = (state.request(request_id) for request_id in state.seen.accepted)
    return all(request is not None and request.ending is not None for request in found)


def _clock_is_armed(state: State) -> bool:
    soon = any(at <= state.now + CLOCK_WITHIN for _, at in state.clocks)
    return soon or any(run.kind == "sweep" for run in state.runs.values())
