"""The whole simulated world at one moment, as a value."""

from typing import Any, NamedTuple

from spaces.adapters.dynamodb.keys import queue_key
from spaces.adapters.dynamodb.payloads import unpack
from spaces.adapters.dynamodb.queue_items import queue_of
from spaces.adapters.dynamodb.request_shape import is_tombstone, request_of
from spaces.domain.queue.queue import Queue
from spaces.domain.request import Request
from spaces_protocol.request_id import RequestId
from tests.simulation.actors import SPACE, Run
from tests.simulation.calls import Item
from tests.simulation.dynamo import Items, Key, key_of
from tests.simulation.worker import Worker

QUEUE: Key = key_of("spaces", queue_key(SPACE))


class Faults(NamedTuple):
    """How many of each kind may still happen, and how often time and workers may move.

    Attributes:
        crash: a run dies between two calls.
        lost: the answer of an applied write gets lost; boto3 repeats the call.
        error: a call fails for good.
        gone: a message arrives, but @connections says 410.
        vanished: @connections says 200, but the message never arrives.
        stale: an eventually consistent read returns the item before its last change.
        cut: a connection breaks; both ends know it.
        kill: a worker's process dies; the gateway's end stays open until it notices.
        notice: ... and it may notice.
        start: a dead worker may start again.
        connect: a worker without a connection may make one.
        register: a worker may send ``register`` without need.
        resend: ... or a result that is not acknowledged.
        progress: ... or a progress.
        impatience: a worker gives up waiting for what an offer of slots leads to.
        twice: $disconnect, or a clock, may come a second time.
        cancel: a request that was accepted is cancelled.
        poll: ... or asked for.
        retry: ... or submitted again by an administrator, if it has ended.
        delete: ... or deleted, if it has ended.
        forge: a dishonest worker sends a message about what it may never have had.
        tick: time may pass up to the next moment at which something is due.
        switch: a run may be interrupted by another one; None if as often as can be.
    """

    crash: int = 0
    lost: int = 0
    error: int = 0
    gone: int = 0
    vanished: int = 0
    stale: int = 0
    cut: int = 0
    kill: int = 0
    notice: int = 0
    start: int = 0
    connect: int = 0
    register: int = 0
    resend: int = 0
    progress: int = 0
    impatience: int = 0
    twice: int = 0
    cancel: int = 0
    poll: int = 0
    retry: int = 0
    delete: int = 0
    forge: int = 0
    tick: int = 0
    switch: int | None = None

    def less(self, *names: str) -> "Faults":
        """Return what is left after one of each."""
        return self._replace(**{name: getattr(self, name) - 1 for name in names})


class Seen(NamedTuple):
    """What an observer outside has seen; only invariants read it.

    Attributes:
        accepted: requests that were answered with 202.
        before: by submit, the requests that had been accepted when it began.
        runs: how often workers started each request.
        handed: which requests were dispatched, at which attempt, to which worker; only noted where
            there is a dishonest worker.
        deleted: requests that were deleted after they had ended.
        announced: requests of whose webhook a try was started or scheduled.
    """

    accepted: frozenset[str] = frozenset()
    before: frozenset[tuple[str, frozenset[str]]] = frozenset()
    runs: frozenset[tuple[str, int]] = frozenset()
    handed: frozenset[tuple[str, int, int, str]] = frozenset()
    deleted: frozenset[str] = frozenset()
    announced: frozenset[str] = frozenset()

    def count(self, request_id: str) -> int:
        """Return how often workers started a request."""
        return dict(self.runs).get(request_id, 0)


class Clock(NamedTuple):
    """A sweep that is to come: of an armed timer, or repeated by Lambda.

    Attributes:
        at: the time of the timer, or of the repetition.
        since: the time of its timer, as the sweep receives it.
        tries: how often Lambda has tried it.
        ticket: the request that has this timer for itself; 0 if it is that of the space.
    """

    space: str
    at: int
    since: int
    tries: int = 0
    ticket: int = 0


class State:
    """A moment of the world; never changed, `but` makes the next one.

    Attributes:
        items: what the tables and the bucket hold.
        old: by key, what they held before the last change (only if stale reads may happen).
        now: the time.
        runs: use cases under way or about to begin, by name.
        sockets: by connection id that the gateway holds open, since when its other end is dead.
        mail: messages on their way to workers.
        workers: by name.
        clocks: the sweeps that are to come.
        left: what may still happen.
        seen: what an observer saw.
        last: the run that made the last step.
    """

    __slots__ = (
        "clocks", "items", "last", "left", "mail", "now", "old", "runs", "seen", "sockets",
        "workers",
    )  # fmt: skip

    items: Items
    old: Items
    now: int
    runs: dict[str, Run]
    sockets: dict[str, int | None]
    mail: tuple[tuple[str, str], ...]
    workers: dict[str, Worker]
    clocks: frozenset[Clock]
    left: Faults
    seen: Seen
    last: str | None

    def __init__(self, **parts: Any) -> None:
        for name, part in parts.items():
            setattr(self, name, part)

    def but(self, **changes: Any) -> "State":
        """Return this state with some parts changed."""
        state = State.__new__(State)
        state.items = self.items
        state.old = self.old
        state.now = self.now
        state.runs = self.runs
        state.sockets = self.sockets
        state.mail = self.mail
        state.workers = self.workers
        state.clocks = self.clocks
        state.left = self.left
        state.seen = self.seen
        state.last = self.last
        for name, part in changes.items():
            setattr(state, name, part)
        return state

    def key(self) -> int:
        """Return the same number for equal states."""
        return hash(
            (
                frozenset(self.items.items()),
                frozenset(self.old.items()),
                self.now,
                frozenset(self.runs.items()),
                frozenset(self.sockets.items()),
                self.mail,
                frozenset(self.workers.items()),
                self.clocks,
                self.left,
                self.seen,
                self.last if self.left.switch is not None else None,
            )
        )

    @property
    def queue(self) -> Queue:
        """Return the queue of the first space."""
        return queue_in(self.items[QUEUE])

    def queue_items(self) -> list[Item]:
        """Return the items of all queues."""
        return [item for key, item in self.items.items() if is_queue(key)]

    def queues(self) -> list[Queue]:
        """Return the queues of all spaces."""
        return [queue_in(item) for item in self.queue_items()]

    def requests(self) -> list[Request]:
        """Return all stored requests."""
        found = (request_in(item) for key, item in self.items.items() if key[0] == "requests")
        return [request for request in found if request is not None]

    def request(self, request_id: str) -> Request | None:
        """Return a stored request."""
        known = RequestId.parse(request_id)
        assert known is not None
        item = self.items.get(("requests", known.space, f"{known.ticket:012d}"))
        return request_in(item) if item else None

    @property
    def has_liar(self) -> bool:
        """Tell whether there is a dishonest worker."""
        return any(not worker.honest for worker in self.workers.values())

    @property
    def at_rest(self) -> bool:
        """Tell whether no use case is under way."""
        return not any(run.begun for run in self.runs.values())

    def with_worker(self, worker: Worker) -> "State":
        """Return the state with a worker changed."""
        return self.but(workers={**self.workers, worker.name: worker})

    def with_runs(self, *runs: Run) -> "State":
        """Return the state with more runs."""
        return self.but(runs={**self.runs, **{run.name: run for run in runs}})


def is_queue(key: Key) -> bool:
    """Tell whether an item is the queue of a space."""
    return key[0] == "spaces" and key[2] == "queue"


def queue_in(item: Item) -> Queue:
    """Return the queue that an item holds."""
    if "queue" not in item.notes:
        item.notes["queue"] = queue_of(item.value)
    return item.notes["queue"]


def without_swaps(item: Item) -> Item:
    """Return a queue's item without what only swaps look at."""
    if "without_swaps" not in item.notes:
        rest = {k: v for k, v in item.value.items() if k not in ("version", "swap_id")}
        item.notes["without_swaps"] = Item.of(rest)
    return item.notes["without_swaps"]


def object_key(name: str) -> Key:
    """Return the key of an object in the bucket."""
    return "files", name, ""


def body_in(item: Item) -> Key | None:
    """Return the key of the large input of the request that an item holds."""
    if "body" not in item.notes:
        stored = unpack(item.value["input"]["B"]) if "input" in item.value else {}
        item.notes["body"] = object_key(stored["body_key"]) if "body_key" in stored else None
    return item.notes["body"]


def request_in(item: Item) -> Request | None:
    """Return the request that an item holds; None if it is none."""
    if "request" not in item.notes:
        value = item.value
        request = None
        if not is_tombstone(value) and "created_at" in value:
            request = request_of(value)
        item.notes["request"] = request
    return item.notes["request"]
