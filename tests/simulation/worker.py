"""How a worker takes messages and what it sends.

It follows the protocol as `spaces_worker._session` does, without times: it may send at any moment
what that one would send at some moment.
"""

from collections.abc import Callable
from functools import lru_cache
from typing import Any

from spaces_protocol.codec import decode_gateway_message
from spaces_protocol.gateway_messages import (
    Ack,
    Cancel,
    Check,
    ErrorReply,
    Offered,
    Registered,
    Request,
)
from spaces_protocol.worker_messages import InFlight, Output, Progress, Register, Result, Slots
from tests.simulation import shares
from tests.simulation.worker_value import (
    NONE,
    Attempts,
    Reaction,
    Sent,
    Worker,
    and_then,
    send,
    space_of,
)


def connect(worker: Worker, now: int) -> Worker:
    """Open a new connection."""
    lines = worker.lines + 1
    return worker._replace(
        line=f"{worker.name}#{lines}",
        lines=lines,
        connected_at=now + lines,
        registered=False,
        refused=False,
        closed=(),
        asked=None,
        order=0,
    )


def die(worker: Worker) -> Worker:
    """End its process at once; unacknowledged answers are on disk."""
    return worker._replace(
        alive=False,
        line=None,
        registered=False,
        held=NONE,
        done=NONE,
        stopped=NONE,
        prefetched=NONE,
    )


def start(worker: Worker) -> Worker:
    """Start a new process."""
    return worker._replace(alive=True, process=worker.process + 1)


def register(worker: Worker) -> Reaction:
    """Ask for the place."""
    in_flight = [
        InFlight(request_id=request_id, attempt=attempt)
        for request_id, attempt in sorted(worker.held | worker.prefetched | worker.outbox)
    ]
    message = Register(
        spaces=list(worker.spaces),
        session=f"{worker.name}.{worker.process}",
        capacity=worker.capacity,
        in_flight=in_flight,
    )
    return send(worker, "register", message)


def progress(worker: Worker, request_id: str, attempt: int) -> Reaction:
    """Tell that it still works on a request."""
    return send(worker, "progress", Progress(request_id=request_id, attempt=attempt, percent=50))


def answer(worker: Worker, request_id: str, attempt: int) -> Reaction:
    """Finish a request, and send its answer."""
    kept = frozenset({(request_id, attempt)})
    worker = worker._replace(held=worker.held - kept, outbox=worker.outbox | kept)
    worker, slots = shares.close_after(worker, space_of(request_id))
    return and_then(send_answer(worker, request_id, attempt, slots), shares.use_slots)


def send_answer(
    worker: Worker, request_id: str, attempt: int, slots: Slots | None = None
) -> Reaction:
    """Send an answer, perhaps once more."""
    if worker.line is None:
        return Reaction(worker)
    message = Result(
        request_id=request_id,
        attempt=attempt,
        status="completed",
        output=Output(text=f"{worker.name} {attempt}"),
        slots=slots,
    )
    return send(worker, "result", message)


give_up_asking = shares.give_up_asking
offer = shares.offer


def receive(worker: Worker, text: str) -> Reaction:
    """Take a message of the gateway."""
    message = _decoded(text)
    react = _REACTIONS.get(type(message))
    return react(worker, message) if react else Reaction(worker)


def _acknowledged(worker: Worker, ack: Ack) -> Reaction:
    mine = _of(worker.outbox, ack.request_id)
    worker = worker._replace(outbox=worker.outbox - mine, done=worker.done | mine)
    return _requested(worker, ack.next) if ack.next else Reaction(worker)


def _requested(worker: Worker, request: Request) -> Reaction:
    return take(worker, request)


def _cancelled(worker: Worker, cancel: Cancel) -> Reaction:
    stopped = worker.stopped | {(cancel.request_id, cancel.attempt)}
    worker = _stop(worker, cancel.request_id, cancel.attempt)._replace(stopped=stopped)
    return shares.use_slots(worker)


def _refused(worker: Worker, error: ErrorReply) -> Reaction:
    if error.error_type == "not_registered":
        return register(worker)
    if error.error_type == "request_not_found":
        worker = worker._replace(outbox=worker.outbox - _of(worker.outbox, error.request_id))
    return Reaction(worker)


def take(worker: Worker, request: Request) -> Reaction:
    """Start a request, unless it is a copy of one that is held, answered or stopped."""
    request_id, attempt = request.request_id, request.attempt
    prefetched = _of(worker.prefetched, request_id)
    if prefetched:
        newest = max(attempt, max(prefetched)[1])
        return Reaction(
            worker._replace(prefetched=worker.prefetched - prefetched | {(request_id, newest)})
        )
    held = _of(worker.held, request_id)
    known = _of(worker.outbox, request_id) or _of(worker.done, request_id)
    if held:
        newest = max(attempt, max(held)[1])
        return Reaction(worker._replace(held=worker.held - held | {(request_id, newest)}))
    if any(attempt <= stopped for _, stopped in _of(worker.stopped, request_id)):
        return Reaction(worker)
    if known:
        newest = max(attempt, max(known)[1])
        outbox = worker.outbox - known | {(request_id, newest)}
        return send_answer(
            worker._replace(outbox=outbox, done=worker.done - known), request_id, newest
        )
    return shares.start_or_decline(worker, request)


def _registered(worker: Worker, message: Registered) -> Reaction:
    first = bool(message.accepted) and not worker.registered
    worker = worker._replace(registered=bool(message.accepted), refused=bool(message.rejected))
    for resumed in message.resume:
        held = _of(worker.held, resumed.request_id)
        newer = {(resumed.request_id, resumed.attempt)}
        if held and max(held)[1] < resumed.attempt:
            worker = worker._replace(held=worker.held - held | newer)
        prefetched = _of(worker.prefetched, resumed.request_id)
        if prefetched and max(prefetched)[1] < resumed.attempt:
            worker = worker._replace(prefetched=worker.prefetched - prefetched | newer)
    for abandoned in message.abandon:
        worker = _stop(worker, abandoned.request_id, abandoned.attempt)
    sent: tuple[Sent, ...] = ()
    for request_id, attempt in sorted(worker.outbox) if first else ():
        worker, more, _ = send_answer(worker, request_id, attempt)
        sent += more
    return and_then(Reaction(worker, sent), shares.use_slots)


def _stop(worker: Worker, request_id: str, attempt: int) -> Worker:
    mine = _of(worker.held | worker.prefetched, request_id)
    ended = {entry for entry in mine if entry[1] <= attempt}
    return worker._replace(held=worker.held - ended, prefetched=worker.prefetched - ended)


def _of(attempts: Attempts, request_id: str | None) -> Attempts:
    return frozenset(entry for entry in attempts if entry[0] == request_id)


_REACTIONS: dict[type, Callable[[Worker, Any], Reaction]] = {
    Request: _requested,
    Ack: _acknowledged,
    Registered: _registered,
    Cancel: _cancelled,
    Check: lambda worker, _: register(worker),
    ErrorReply: _refused,
    Offered: shares.offered,
}


@lru_cache(maxsize=100_000)
def _decoded(text: str) -> Any:
    return decode_gateway_message(text)
