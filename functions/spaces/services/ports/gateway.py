"""What the use cases need from outside, as small protocols, bundled in `Gateway`."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from enum import Enum
from typing import Any, NamedTuple, Protocol

from spaces.domain.queue.queue import Queue
from spaces.domain.request import Ending, Request, Tombstone
from spaces.domain.space import Definition
from spaces.services.ports.access_stores import (
    AuditStore,
    CredentialStore,
    QuotaStore,
    RequestHistory,
)
from spaces.services.ports.chunk_store import ChunkStore
from spaces.services.ports.file_store import FileStore
from spaces.services.ports.params_store import ParamsStore
from spaces_protocol.gateway_messages import GatewayMessage
from spaces_protocol.request_id import RequestId
from spaces_protocol.rest_bodies import ProgressView


class SwapConflict(Exception):
    """Somebody else changed the queue since it was read."""


class TicketBuried(Exception):
    """A tombstone stands where the request was to be stored; it needs a new ticket."""


class Space(NamedTuple):
    """A space's definition and its queue, read together."""

    definition: Definition
    queue: Queue


class SpaceRate(NamedTuple):
    """How many tickets a space issues a minute.

    Attributes:
        now: milliseconds since 1970.
        started: whether a ticket of this minute was seen already; only a hint.
    """

    per_minute: int
    now: int
    started: bool


class SpaceStore(Protocol):
    """The spaces table."""

    def load(self, space_id: str) -> Space | None:
        """Read definition and queue; may be a moment old."""

    def list_kinds(self, kinds: Sequence[str]) -> list[Space]:
        """Read all spaces of these visibilities; may be a moment old."""

    def definition(self, space_id: str) -> Definition | None:
        """Read a definition as it is now."""

    def create(self, definition: Definition) -> bool:
        """Store a new space, with an empty queue unless it has one; False if the name is taken."""

    def edit(self, definition: Definition, *, of_version: int) -> bool:
        """Write a definition over the one of that version; False if it has another by now."""

    def remove(self, definition: Definition) -> None:
        """Delete a definition of just this version; its queue stays."""

    def read_queue(self, space_id: str, *, consistent: bool = True) -> Queue | None:
        """Read the queue; an eventually consistent read costs half."""

    def issue_ticket(self, space_id: str, rate: SpaceRate | None = None) -> Queue:
        """Issue the next ticket; it is the ``tail`` of the state returned.

        Raises:
            RateLimited: that would be more than the rate.
        """

    def swap(self, before: Queue, after: Queue) -> Queue:
        """Write what differs, if nobody swapped since ``before`` was read; never ``tail``.

        Returns:
            The state now, with a ``tail`` that may have moved on.

        Raises:
            SwapConflict: somebody did.
        """


class UpdateOutcome(NamedTuple):
    """What became of an attempt to end a request.

    Attributes:
        stored: whether this ending is the one that is kept.
        request: as it is kept now; None if there is no such request.
    """

    stored: bool
    request: Request | None


class IdempotencyRecord(NamedTuple):
    """What is remembered under an Idempotency-Key."""

    ticket: int
    nonce: str
    fingerprint: str


class RequestStore(Protocol):
    """The requests table, and payloads too large for it."""

    def store(self, request: Request) -> Request:
        """Store a new request; doing it again changes nothing.

        Returns:
            The request as it is kept, which may be an earlier one of the same nonce.

        Raises:
            TicketBuried: its ticket was given up meanwhile.
        """

    def read(
        self, space_id: str, ticket: int, *, with_input: bool = True
    ) -> Request | Tombstone | None:
        """Read a request as it is now, with its input unless that is not needed."""

    def read_answer(self, request_id: RequestId) -> Request | None:
        """Read a request with its input and its answer, as it is now."""

    def read_with_queue(
        self, request_id: RequestId, *, consistent: bool = False
    ) -> tuple[Request | None, Queue | None]:
        """Read a request without its payloads, and the queue; ``fresh`` costs double."""

    def bury(self, space_id: str, ticket: int, now: int) -> Request | None:
        """Put a tombstone where no request is; returns the request if there is one after all."""

    def end(self, request_id: RequestId, ending: Ending) -> UpdateOutcome:
        """Write the ending, if the request has none yet."""

    def record_progress(
        self,
        request_id: RequestId,
        *,
        attempt: int,
        worker_id: str,
        progress: ProgressView,
        lease_until: int,
        chunk: bool = False,
    ) -> UpdateOutcome:
        """Note a sign of life; not stored if the request has ended or a later attempt spoke.

        Args:
            chunk: whether a piece of text came with it, to be counted.
        """

    def put_idempotency_record(
        self,
        space_id: str,
        key: str,
        record: IdempotencyRecord,
        *,
        replaces: int | None,
        now: int,
    ) -> IdempotencyRecord:
        """Note what an Idempotency-Key led to; returns what is kept.

        Args:
            replaces: the buried ticket that may be written over; None if none may.
        """

    def get_idempotency_record(self, space_id: str, key: str) -> IdempotencyRecord | None:
        """Return what an Idempotency-Key led to."""


class Sender(NamedTuple):
    """A worker's connection, as the authorizer knows it; never taken from a message.

    Attributes:
        spaces: the spaces in the scope of its token.
        connected_at: milliseconds since 1970, told by API Gateway.
        token_made_at: when its secret was made; None if the authorizer did not say.
    """

    connection_id: str
    connected_at: int
    worker_id: str
    token_id: str
    spaces: frozenset[str]
    token_made_at: int | None = None


class Connection(NamedTuple):
    """A connection as it was noted.

    Attributes:
        spaces: those in which its worker got a place when it registered last.
    """

    connection_id: str
    worker_id: str
    token_id: str
    connected_at: int
    spaces: tuple[str, ...] = ()
    agent: str = ""
    capacity: int = 0


class ConnectionStore(Protocol):
    """The connections table."""

    def open(self, sender: Sender, *, now: int) -> None:
        """Note a new connection."""

    def describe(self, sender: Sender, *, spaces: list[str], agent: str, capacity: int) -> None:
        """Note what the worker said of itself."""

    def close(self, connection_id: str) -> None:
        """Forget a connection."""

    def list(self) -> list[Connection]:
        """Read all connections as they are now; for administrators only, it reads every item."""

    def find(self, connection_id: str) -> Connection | None:
        """Read one connection as it is now."""


class PostOutcome(Enum):
    """What became of a message posted to a worker."""

    SENT = "sent"
    GONE = "gone"
    UNAVAILABLE = "unavailable"


class ConnectionStatusUnknown(Exception):
    """Whether a connection is alive could not be told just now."""


class Sockets(Protocol):
    """The @connections API."""

    def post(self, connection_id: str, message: GatewayMessage) -> PostOutcome:
        """Send a message; ``SENT`` does not prove that it arrives, nor ``GONE`` that it did not."""

    def close(self, connection_id: str) -> bool:
        """Close a socket; tells whether there surely is none any more."""

    def last_active(self, connection_id: str) -> int | None:
        """Return when something last moved on the socket; None if it is gone.

        Raises:
            ConnectionStatusUnknown: neither alive nor gone can be told.
        """


class SweepTimers(Protocol):
    """One-shot clocks that let a space be swept."""

    def arm(self, space_id: str, at: int) -> None:
        """Let the space be swept once, not before that time; doing it again changes nothing."""


@dataclass(frozen=True, kw_only=True)
class Gateway:
    """Everything that the use cases reach outside.

    Attributes:
        now: returns milliseconds since 1970.
        random_text: returns 128 random bits in 22 characters.
        log_event: notes an event for the operator: a name and its fields.
    """

    spaces: SpaceStore
    requests: RequestStore
    connections: ConnectionStore
    sockets: Sockets
    timers: SweepTimers
    tokens: CredentialStore
    keys: CredentialStore
    quotas: QuotaStore
    audit: AuditStore
    history: RequestHistory
    files: FileStore
    chunks: ChunkStore
    params: ParamsStore
    now: Callable[[], int]
    random_text: Callable[[], str]
    log_event: Callable[..., Any]
    files_url: str | None = None
