"""A worker as a value: what it holds, what it answered, and what it does about something."""

from collections.abc import Callable
from typing import Any, NamedTuple

from spaces.services.ports.gateway import Sender
from spaces_protocol.codec import encode
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
        spaces: those that it serves.
        capacity: what it says that it runs at the same time; most: what it really runs.
        held: requests that it runs, by attempt.
        prefetched: requests that it holds until a slot is free.
        closed: spaces of which it has declined a request, the oldest first.
        asked: the one of them that it has offered a slot and not heard of.
        order: of its last word on slots by this connection.
        outbox: answers that were not acknowledged; they survive its process.
        done: answers that were acknowledged.
        stopped: attempts that it was told to stop.
        sent: how many messages it has sent.
        public_id: the worker id that it uses, if that is not its name.
        token: the id of its token.
        honest: whether it follows the protocol; one that does not says anything of any request.
    """

    name: str
    spaces: tuple[str, ...] = (SPACE,)
    capacity: int = 1
    most: int = 1
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
    prefetched: Attempts = NONE
    closed: tuple[str, ...] = ()
    asked: str | None = None
    order: int = 0
    sent: int = 0
    public_id: str | None = None
    token: str = "t"
    honest: bool = True

    @property
    def sender(self) -> Sender:
        """Return who it is for the gateway."""
        assert self.line is not None
        name = self.public_id or self.name
        return Sender(self.line, self.connected_at, name, self.token, frozenset(self.spaces))

    @property
    def free(self) -> int:
        """Return how many requests more it could start now."""
        return self.most - len(self.held)

    def count(self, space: str) -> int:
        """Return how many requests of a space it holds."""
        return sum(space_of(request_id) == space for request_id, _ in self.held | self.prefetched)


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


def and_then(first: Reaction, more: Callable[[Worker], Reaction]) -> Reaction:
    """Return what a worker does first and what it does then, as one."""
    second = more(first.worker)
    return Reaction(second.worker, first.sent + second.sent, first.started + second.started)


def send(worker: Worker, kind: str, message: Any) -> Reaction:
    """Send a message to the gateway."""
    name = f"{worker.name}:{kind}{worker.sent + 1}"
    sent = Sent(name, kind, worker.sender, encode(message))
    return Reaction(worker._replace(sent=worker.sent + 1), (sent,))


def space_of(request_id: str) -> str:
    """Return the space that a request belongs to."""
    return request_id.partition(".")[0]
