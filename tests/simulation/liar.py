"""A worker that says anything of any request, under the worker id of another.

Its token is its own, and valid for the same space. It knows every request id.
"""

from collections.abc import Iterable, Iterator

from spaces.domain.request import Request
from spaces_protocol.worker_messages import (
    Decline,
    Drain,
    InFlight,
    Offer,
    Output,
    Progress,
    Register,
    Result,
    Slots,
)
from tests.simulation.worker_value import Reaction, Worker, send

ATTEMPTS = (1, 2)
LATEST = Slots(count=0, order=1_000)


def make_liar(name: str, public_id: str, now: int) -> Worker:
    """Return a dishonest worker with a connection and no place."""
    return Worker(
        name,
        line=f"{name}#1",
        lines=1,
        connected_at=now + 1,
        public_id=public_id,
        token=name,
        honest=False,
    )


def forgeries(worker: Worker, requests: Iterable[Request]) -> Iterator[tuple[str, Reaction]]:
    """Yield every message that it may send, by name."""
    yield "offers", send(worker, "offer", Offer(space=worker.spaces[0], slots=LATEST))
    yield "drains", send(worker, "drain", Drain())
    every = [(str(request.request_id), attempt) for request in requests for attempt in ATTEMPTS]
    yield "registers", register(worker, [key for key in every if key[1] == 1])
    for request_id, attempt in every:
        key = {"request_id": request_id, "attempt": attempt}
        output = Output(text="forged")
        result = Result(**key, status="completed", output=output)
        yield f"answers {key}", send(worker, "result", result)
        yield f"progresses {key}", send(worker, "progress", Progress(**key, percent=99))
        yield f"declines {key}", send(worker, "decline", Decline(**key, slots=LATEST))


def register(worker: Worker, claimed: Iterable[tuple[str, int]]) -> Reaction:
    """Ask for a place, as a process that was never there before, and claim to hold requests."""
    message = Register(
        spaces=list(worker.spaces),
        session=f"{worker.name}.{worker.sent}",
        in_flight=[InFlight(request_id=name, attempt=attempt) for name, attempt in claimed],
    )
    return send(worker, "register", message)
