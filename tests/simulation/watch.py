"""The invariants of the queue, checked from outside at every step; numbers as in the design."""

from collections.abc import Container

from spaces.domain.holder import Holder, holder_of
from spaces.domain.queue.queue import Place, Queue
from spaces.domain.request import Request as Stored
from spaces.domain.webhooks.message import event_of
from spaces_protocol.codec import decode_gateway_message
from spaces_protocol.gateway_messages import Ack, GatewayMessage, Registered, Request
from spaces_protocol.request_id import RequestId
from spaces_protocol.rest_bodies import RequestState
from spaces_protocol.worker_messages import InFlight
from tests.simulation.actors import Run
from tests.simulation.calls import Item
from tests.simulation.dynamo import Key
from tests.simulation.state import State, body_in, is_queue, queue_in, request_in
from tests.simulation.worker import Worker

MESSAGES = ("register", "result", "progress", "decline", "offer", "drain")
ACCEPTING = ("submit", "retry")
CLOCK_WITHIN = 60_000
"""A clock that is armed for later than this does not count (milliseconds)."""

REPEATED_WITHIN = 120_000
"""... unless Lambda repeats a sweep that failed."""
SCHEDULER_ERRORS = ("ThrottlingException", "ValidationException")


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
    if run.kind not in ACCEPTING:
        return state
    before = state.seen.before | {(run.name, state.seen.accepted)}
    return state.but(seen=state.seen._replace(before=before))


def watch_end(state: State, run: Run) -> State:
    """Note what a submit promised; an error that nobody injected is one of the code."""
    how, what = run.outcome
    unexpected = how == "failed" or (run.kind in MESSAGES and what is not None)
    unexpected = unexpected and not (run.kind == "sweep" and "TimerNotArmed" in what)
    if unexpected and not had_error(run):
        raise Broken("code", f"{run.name} ended with {what}")
    if run.kind not in ACCEPTING or how != "done":
        return state
    state = state.but(seen=state.seen._replace(accepted=state.seen.accepted | {what}))
    watch_accounts(state)
    return state


def had_error(run: Run) -> bool:
    """Tell whether a call of the run failed for good; what the scheduler refuses fails nothing."""
    answers = [step.answer for step in run.history()]
    return any(each.kind == "error" and each.content not in SCHEDULER_ERRORS for each in answers)


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
        if before.has_liar:
            watch_others(before, old, new, run)
    elif key[0] == "requests" and key[2].isdigit():
        watch_request(before.items[key], after.items[key], run)
        if before.has_liar:
            watch_words(before, before.items[key], after.items[key], run)


def watch_request(old: Item, new: Item, run: Run) -> None:
    """2, 10: what has ended never changes, and progress never goes back to an older attempt."""
    was, now = request_in(old), request_in(new)
    if was is None:
        raise Broken("2", "a request was stored over a tombstone")
    if was.ending is not None and run.kind == "delete":
        return
    if was.ending is not None and old is not new:
        raise Broken("2", f"{was.ticket} had ended and was changed")
    if now is None:
        raise Broken("8", f"{was.ticket} vanished")
    if now.attempt < was.attempt:
        raise Broken("10", f"{was.ticket} went back to attempt {now.attempt}")


def watch_inputs(state: State) -> None:
    """A large input is there for as long as its request has not ended."""
    for key, item in state.items.items():
        request = request_in(item) if key[0] == "requests" else None
        if request is None or request.ending is not None:
            continue
        body = body_in(item)
        if body is not None and body not in state.items:
            raise Broken("input", f"{request.ticket} has not ended, and its input is not stored")


def watch_objects(state: State, *, harmed: frozenset[str]) -> None:
    """A large input goes with its request; only a use case that died or failed leaves one.

    Args:
        harmed: kinds of faults that happened.
    """
    if harmed & {"crash", "error"}:
        return
    used = {body_in(item) for key, item in state.items.items() if key[0] == "requests"}
    left = [key[1] for key in state.items if key[0] == "files" and key not in used]
    if left:
        raise Broken("input", f"no request refers to {left}")


def note_deletion(state: State, key: Key, run: Run) -> State:
    """Note that nobody asks for a request that its owner has deleted."""
    if run.kind != "delete" or key[0] != "requests" or request_in(state.items[key]) is not None:
        return state
    gone, seen = {run.given[0]}, state.seen
    seen = seen._replace(accepted=seen.accepted - gone, deleted=seen.deleted | gone)
    return state.but(seen=seen)


def note_dispatches(state: State, before: State, key: Key) -> State:
    """Note which worker is handed which request, by the connection of its place."""
    if not state.has_liar or not is_queue(key) or key not in before.items:
        return state
    old, new = queue_in(before.items[key]), queue_in(state.items[key])
    handed = {
        (new.space_id, ticket, entry.attempt, worker_at(state, place.connection_id).name)
        for ticket, entry in new.running.items()
        if (place := new.workers.get(entry.holder)) and _is_new(old, ticket, entry.attempt)
    }
    return state.but(seen=state.seen._replace(handed=state.seen.handed | handed))


def _is_new(old: Queue, ticket: int, attempt: int) -> bool:
    before = old.last_dispatch(ticket)
    return before is None or before.attempt < attempt


def worker_at(state: State, connection_id: str) -> Worker:
    """Return the worker that made a connection."""
    return state.workers[connection_id.split("#", maxsplit=1)[0]]


def watch_words(state: State, old: Item, new: Item, run: Run) -> None:
    """13: only a worker that was handed a request at that attempt speaks of it."""
    was, now = request_in(old), request_in(new)
    if run.kind not in MESSAGES or was is None or now is None:
        return
    name = worker_at(state, run.given[0].connection_id).name
    ended = now.ending is not None and now.ending.state is RequestState.COMPLETED
    spoken = now.ending.attempt if ended and now.ending else now.attempt
    if not ended and now.progress == was.progress:
        return
    if (now.space_id, now.ticket, spoken, name) not in state.seen.handed:
        raise Broken("13", f"{name} spoke of {now.ticket} at attempt {spoken}")


def watch_others(state: State, old: Queue, new: Queue, run: Run) -> None:
    """13: what a worker says changes neither places nor requests of others."""
    sender = run.given[0] if run.kind in MESSAGES else None
    if sender is None or worker_at(state, sender.connection_id).honest:
        return
    others = {h: p for h, p in old.workers.items() if p.connection_id != sender.connection_id}
    for holder, place in others.items():
        if _lives(state, place.connection_id) and new.workers.get(holder) != place:
            raise Broken("13", f"{run.name} changed the place of {holder}")
    overdue = old.overdue(state.now)
    for ticket, entry in old.running.items():
        request = request_in(state.items["requests", old.space_id, f"{ticket:012d}"])
        settled = ticket in overdue or request is None or request.ending is not None
        place = others.get(entry.holder)
        alive = place is not None and _lives(state, place.connection_id)
        if alive and not settled and new.running.get(ticket) != entry:
            raise Broken("13", f"{run.name} changed {ticket}, which {entry.holder} holds")


def watch_handed(state: State, worker: Worker, message: GatewayMessage) -> None:
    """13: a worker gets no request, and resumes none, that was not handed to it."""
    given: list[InFlight | Request] = []
    if isinstance(message, Registered):
        given += message.resume
    elif isinstance(message, Request):
        given.append(message)
    elif isinstance(message, Ack) and message.next is not None:
        given.append(message.next)
    for each in given:
        request_id = RequestId.parse(each.request_id)
        assert request_id is not None
        key = (request_id.space, request_id.ticket, each.attempt, worker.name)
        if key not in state.seen.handed:
            raise Broken("13", f"{worker.name} was given {key} by {message}")


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
        if running.attempt < before.attempt or running.holder != before.holder:
            raise Broken("attempt", f"{ticket} was handed over at an attempt that it had before")


def watch_places(state: State, old: Queue, new: Queue, run: Run) -> None:
    """3, 7, 10: places and slots are not given twice, and a live worker keeps its own."""
    if len(new.workers) > new.limits.max_workers:
        raise Broken("3", f"{sorted(new.workers)} have {new.limits.max_workers} places")
    for holder, place in new.workers.items():
        _watch_slots(holder, place, old, new)
        before = old.workers.get(holder)
        if before is not None and place.connected_at < before.connected_at:
            raise Broken("10", f"{holder} went back to {place.connection_id}")
    for holder, before in old.workers.items():
        now = new.workers.get(holder)
        lost = now is None or now.state == "away" != before.state
        if lost and _lives(state, before.connection_id) and not had_error(run):
            raise Broken("7", f"{run.name} took its place from {holder}, which lives")
    if run.kind == "disconnect":
        gone = run.given[0]
        for holder, place in old.workers.items():
            now = new.workers.get(holder)
            if now != place and place.connection_id != gone.connection_id:
                raise Broken("10", f"{run.name} changed the place by {place.connection_id}")


def _watch_slots(holder: Holder, place: Place, old: Queue, new: Queue) -> None:
    if new.started_by(holder) > max(place.slots, old.started_by(holder)):
        raise Broken("3", f"{holder} runs more than {place.slots}")
    prefetched = new.held_by(holder) - new.started_by(holder)
    if prefetched > new.limits.prefetch:
        raise Broken("3", f"{holder} was handed {prefetched} requests to prefetch")


def _lives(state: State, connection_id: str) -> bool:
    worker = worker_at(state, connection_id)
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
    worker = worker_at(state, connection_id)
    if state.has_liar:
        watch_handed(state, worker, message)
    if not isinstance(message, Ack) or message.request_id in state.seen.deleted:
        return
    request = state.request(message.request_id)
    if request is None or request.ending is None:
        raise Broken("2", f"{message.request_id} was acknowledged and not stored")
    ending = (request.ending.state, request.ending.holder)
    mine = ending == (
        RequestState.COMPLETED,
        holder_of(worker.public_id or worker.name, worker.token),
    )
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
    for request in unannounced(state):
        if not _is_in_queue(state, request):
            raise Broken("webhook", f"{request.ticket} left the queue unannounced")
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


def unannounced(state: State) -> list[Stored]:
    """Return the ended requests with a webhook of which no try was started."""
    return [
        request
        for request in state.requests()
        if event_of(request) and str(request.request_id) not in state.seen.announced
    ]


def _is_in_queue(state: State, request: Stored) -> bool:
    return any(
        request.ticket in queue.running or queue.position(request.ticket) is not None
        for queue in state.queues()
        if queue.space_id == request.space_id
    )


def _clock_is_armed(state: State) -> bool:
    soon = any(
        clock.at <= state.now + (REPEATED_WITHIN if clock.tries else CLOCK_WITHIN)
        for clock in state.clocks
    )
    return soon or any(run.kind == "sweep" for run in state.runs.values())
