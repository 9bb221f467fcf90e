"""A worker as a value: what it holds, what it answered, and how it takes messages.

It follows the protocol as `spaces_worker._session` does, without times: it may send at any moment
what that one would send at some moment.
"""

from collections.abc import Callable
from functools import lru_cache
from typing import Any, NamedTuple

from spaces.services.gateway import Sender
from spaces_protocol.codec import decode_gateway_message, encode
from spaces_protocol.gateway_messages import (
    Ack,
    Cancel,
    Check,
    ErrorReply,
    Registered,
    Request,
)
from spaces_protocol.worker_messages import InFlight, Output, Progress, Register, Result
from tests.simulation.actors import SPACE

Attempts = frozenset[tuple[str, int]]
NONE: Attempts = frozenset()


class Worker(NamedTuple):
    """One worker over all its processes and connections.

    Attributes:
        alive: whether its process runs; ``process`` counts them.
        line: its connection, which may be dead without its knowing; ``lines`` counts them.
        registered: whether ``registered`` gave it its place by this connection.
        refused: whether it was refused one.
        held: requests that it runs, by attempt.
        outbox: answers that were not acknowledged; they survive its process.
        done: answers that were acknowledged.
        stopped: attempts that it was told to stop.
        sent: how many messages it has sent.
    """

    name: str
    capacity: int = 1
    alive: bool = True
    process: int = 1
    line: str | None = None
    connected_at: int = 0
    lines: int = 0
    registered: bool = False
    refused: bool = False
    held: Attempts = NONE
    outbox: Attempts = NONE
    done: Attempts = NONE
    stopped: Attempts = NONE
    sent: int = 0

    @property
    def sender(self) -> Sender:
        """Return who it is for the gateway."""
        assert self.line is not None
        return Sender(self.line, self.connected_at, self.name, "t", frozenset({SPACE}))


class Sent(NamedTuple):
    """A message on its way to the gateway: its route, who sent it, its text."""

    name: str
    kind: str
    sender: Sender
    text: str


class Reaction(NamedTuple):
    """What a worker does about something."""

    worker: Worker
    sent: tuple[Sent, ...] = ()
    started: tuple[str, ...] = ()


def connect(worker: Worker, now: int) -> Worker:
    """Open a new connection."""
    lines = worker.lines + 1
    return worker._replace(
        line=f"{worker.name}#{lines}",
        lines=lines,
        connected_at=now + lines,
        registered=False,
        refused=False,
    )


def die(worker: Worker) -> Worker:
    """End its process at once; unacknowledged answers are on disk."""
    return worker._replace(
        alive=False, line=None, registered=False, held=NONE, done=NONE, stopped=NONE
    )


def start(worker: Worker) -> Worker:
    """Start a new process."""
    return worker._replace(alive=True, process=worker.process + 1)


def register(worker: Worker) -> Reaction:
    """Ask for the place."""
    in_flight = [
        InFlight(request_id=request_id, attempt=attempt)
        for request_id, attempt in sorted(worker.held | worker.outbox)
    ]
    message = Register(
        spaces=[SPACE],
        session=f"{worker.name}.{worker.process}",
        capacity=worker.capacity,
        in_flight=in_flight,
    )
    return _send(worker, "register", message)


def progress(worker: Worker, request_id: str, attempt: int) -> Reaction:
    """Tell that it still works on a request."""
    return _send(worker, "progress", Progress(request_id=request_id, attempt=attempt, percent=50))


def answer(worker: Worker, request_id: str, attempt: int) -> Reaction:
    """Finish a request, and send its answer."""
    kept = frozenset({(request_id, attempt)})
    worker = worker._replace(held=worker.held - kept, outbox=worker.outbox | kept)
    return send_answer(worker, request_id, attempt)


def send_answer(worker: Worker, request_id: str, attempt: int) -> Reaction:
    """Send an answer, perhaps once more."""
    if worker.line is None:
        return Reaction(worker)
    text = f"{worker.name} {attempt}"
    message = Result(
        request_id=request_id, attempt=attempt, status="completed", output=Output(text=text)
    )
    return _send(worker, "result", message)


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
    return take(worker, request.request_id, request.attempt)


def _cancelled(worker: Worker, cancel: Cancel) -> Reaction:
    stopped = worker.stopped | {(cancel.request_id, cancel.attempt)}
    return Reaction(_stop(worker, cancel.request_id, cancel.attempt)._replace(stopped=stopped))


def _refused(worker: Worker, error: ErrorReply) -> Reaction:
    if error.error_type == "not_registered":
        return register(worker)
    if error.error_type == "request_not_found":
        worker = worker._replace(outbox=worker.outbox - _of(worker.outbox, error.request_id))
    return Reaction(worker)


def take(worker: Worker, request_id: str, attempt: int) -> Reaction:
    """Hold a request, unless it is a copy of one that is held, answered or stopped."""
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
    return Reaction(worker._replace(held=worker.held | {(request_id, attempt)}), (), (request_id,))


def _registered(worker: Worker, message: Registered) -> Reaction:
    first = bool(message.accepted) and not worker.registered
    worker = worker._replace(registered=bool(message.accepted), refused=bool(message.rejected))
    for resumed in message.resume:
        held = _of(worker.held, resumed.request_id)
        if held and max(held)[1] < resumed.attempt:
            worker = worker._replace(
                held=worker.held - held | {(resumed.request_id, resumed.attempt)}
            )
    for abandoned in message.abandon:
        worker = _stop(worker, abandoned.request_id, abandoned.attempt)
    sent: tuple[Sent, ...] = ()
    for request_id, attempt in sorted(worker.outbox) if first else ():
        worker, more, _ = send_answer(worker, request_id, attempt)
        sent += more
    return Reaction(worker, sent)


def _stop(worker: Worker, request_id: str, attempt: int) -> Worker:
    ended = {entry for entry in _of(worker.held, request_id) if entry[1] <= attempt}
    return worker._replace(held=worker.held - ended)


def _of(attempts: Attempts, request_id: str | None) -> Attempts:
    return frozenset(entry for entry in attempts if entry[0] == request_id)


def _send(worker: Worker, kind: str, message: Any) -> Reaction:
    name = f"{worker.name}:{kind}{worker.sent + 1}"
    sent = Sent(name, kind, worker.sender, encode(message))
    return Reaction(worker._replace(sent=worker.sent + 1), (sent,))


_REACTIONS: dict[type, Callable[[Worker, Any], Reaction]] = {
    Request: _requested,
    Ack: _acknowledged,
    Registered: _registered,
    Cancel: _cancelled,
    Check: lambda worker, _: register(worker),
    ErrorReply: _refused,
}


@lru_cache(maxsize=100_000)
def _decoded(text: str) -> Any:
    return decode_gateway_message(text)
