"""Protocols for what the use cases need from outside, bundled in `Gateway`."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from enum import Enum
from typing import Any, Final, NamedTuple, Protocol

from spaces.domain.holder import Holder, holder_of
from spaces.domain.queue.queue import Queue
from spaces.domain.request import Ending, Request, Tombstone
from spaces.domain.space import Definition
from spaces.domain.webhook_delivery import Delivery, Outcome
from spaces.services.ports.access_stores import (
    AuditStore,
    CredentialStore,
    QuotaStore,
    RequestHistory,
)
from spaces.services.ports.chunk_store import ChunkStore
from spaces.services.ports.declaration_store import DeclarationStore
from spaces.services.ports.file_store import FileStore
from spaces.services.ports.people import People
from spaces.services.ports.presentation_store import PresentationStore
from spaces_protocol.gateway_messages import GatewayMessage
from spaces_protocol.request_id import RequestId
from spaces_protocol.rest_bodies import ProgressView


class SwapConflict(Exception):
    """The queue has changed since it was read."""


class TicketBuried(Exception):
    """A tombstone has taken the place of the request, which needs a new ticket."""


class Space(NamedTuple):
    """A space's definition and its queue, read together."""

    definition: Definition
    queue: Queue


class FoundSpaces(NamedTuple):
    """Spaces, and how many more there are that cannot be read."""

    spaces: list[Space]
    unreadable: int


class SpaceRate(NamedTuple):
    """How many tickets a space issues per minute.

    Attributes:
        now: Milliseconds since 1970.
        started: Whether a ticket was already issued in this minute; only a hint.
    """

    per_minute: int
    now: int
    started: bool


class SpaceStore(Protocol):
    """The spaces table."""

    def load(self, space_id: str) -> Space | None:
        """Read definition and queue, eventually consistent."""

    def list_kinds(self, kinds: Sequence[str]) -> FoundSpaces:
        """Read all spaces with these visibilities, eventually consistent."""

    def definition(self, space_id: str) -> Definition | None:
        """Read a definition, strongly consistent."""

    def create(self, definition: Definition) -> bool:
        """Store a new space, with an empty queue if it has none; False if the name is taken."""

    def edit(self, definition: Definition, *, of_version: int) -> bool:
        """Replace the definition of this version; False if its version has changed."""

    def remove(self, definition: Definition) -> None:
        """Delete a definition of exactly this version; its queue stays."""

    def read_queue(self, space_id: str, *, consistent: bool = True) -> Queue | None:
        """Read the queue; an eventually consistent read costs half."""

    def issue_ticket(self, space_id: str, rate: SpaceRate | None = None) -> Queue:
        """Issue the next ticket: the ``tail`` of the returned state.

        Raises:
            RateLimited: The rate is reached.
        """

    def swap(self, before: Queue, after: Queue) -> Queue:
        """Write what differs if the queue was not swapped since ``before`` was read.

        ``tail`` is never written.

        Returns:
            The new state, whose ``tail`` may have moved on.

        Raises:
            SwapConflict: The queue was swapped in the meantime.
        """


class UpdateOutcome(NamedTuple):
    """The outcome of a conditional update of a request.

    Attributes:
        stored: Whether this update is the one that is stored.
        request: The request as it is stored now; None if it does not exist.
    """

    stored: bool
    request: Request | None


ANY_TICKET: Final = -1
"""Instead of a ticket: the record of any may be overwritten."""


class IdempotencyRecord(NamedTuple):
    """What is stored under an Idempotency-Key."""

    ticket: int
    nonce: str
    fingerprint: str


class RequestStore(Protocol):
    """The requests table, and payloads too large for it."""

    def store(self, request: Request) -> Request:
        """Store a new request. Safe to repeat.

        Returns:
            The stored request, which may be an earlier one with the same nonce.

        Raises:
            TicketBuried: Its ticket was given up in the meantime.
        """

    def read(
        self, space_id: str, ticket: int, *, with_input: bool = True, consistent: bool = True
    ) -> Request | Tombstone | None:
        """Read a request, with its input unless that is not needed.

        An eventually consistent read costs half.
        """

    def read_answer(self, request_id: RequestId) -> Request | None:
        """Read a request with its input and result, strongly consistent."""

    def read_with_queue(
        self, request_id: RequestId, *, consistent: bool = False
    ) -> tuple[Request | None, Queue | None]:
        """Read a request without its payloads, and its queue."""

    def bury(self, space_id: str, ticket: int, now: int) -> Request | None:
        """Put a tombstone in place of a missing request; return one that exists after all."""

    def end(self, request_id: RequestId, ending: Ending) -> UpdateOutcome:
        """Write the ending if the request has none yet."""

    def swap_delivery(
        self, request_id: RequestId, before: Delivery | None, after: Delivery
    ) -> UpdateOutcome:
        """Record how far the webhook of an ended request is, unless that has changed meanwhile."""

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
        """Record a sign of life, unless the request has ended or a later attempt has spoken.

        Args:
            request_id: The id of the request.
            attempt: The attempt that the worker runs.
            worker_id: The worker.
            progress: What it reported.
            lease_until: The new end of its lease.
            chunk: Whether a chunk of text came with it and must be counted.
        """

    def put_idempotency_record(
        self,
        space_id: str,
        key: str,
        record: IdempotencyRecord,
        *,
        replaces: int | None,
        lifetime: int,
        now: int,
    ) -> IdempotencyRecord:
        """Store what an Idempotency-Key led to; return what is stored.

        Args:
            space_id: The space.
            key: The hash of the key.
            record: What it led to.
            replaces: A buried ticket whose record may be overwritten, or `ANY_TICKET`; None if
                none may.
            lifetime: How long it is remembered, in milliseconds.
            now: Milliseconds since 1970.
        """

    def get_idempotency_record(self, space_id: str, key: str) -> IdempotencyRecord | None:
        """Return what an Idempotency-Key led to; None if it is new."""


class Sender(NamedTuple):
    """A worker's connection, as identified by the authorizer; never taken from a message.

    Attributes:
        spaces: The spaces in the scope of its token.
        connected_at: Milliseconds since 1970, as reported by API Gateway.
        token_made_at: When its secret was made; None if the authorizer did not report it.
    """

    connection_id: str
    connected_at: int
    worker_id: str
    token_id: str
    spaces: frozenset[str]
    token_made_at: int | None = None

    @property
    def holder(self) -> Holder:
        """Who the worker is wherever it speaks of a request or of its place."""
        return holder_of(self.worker_id, self.token_id)


class Connection(NamedTuple):
    """A recorded connection.

    Attributes:
        spaces: The spaces in which its worker got a place when it last registered.
    """

    connection_id: str
    worker_id: str
    token_id: str
    connected_at: int
    spaces: tuple[str, ...] = ()
    agent: str = ""
    capacity: int = 0

    @property
    def holder(self) -> Holder:
        """Who the worker is for the queues of its spaces."""
        return holder_of(self.worker_id, self.token_id)


class ConnectionStore(Protocol):
    """The connections table."""

    def open(self, sender: Sender, *, now: int) -> None:
        """Record a new connection."""

    def describe(self, sender: Sender, *, spaces: list[str], agent: str, capacity: int) -> None:
        """Record what the worker reported about itself."""

    def close(self, connection_id: str) -> None:
        """Delete the record of a connection."""

    def list(self) -> list[Connection]:
        """Read all connections, strongly consistent. Reads every item: for administrators only."""

    def find(self, connection_id: str) -> Connection | None:
        """Read one connection, strongly consistent."""


class PostOutcome(Enum):
    """The outcome of posting a message to a worker."""

    SENT = "sent"
    GONE = "gone"
    UNAVAILABLE = "unavailable"


class ConnectionStatusUnknown(Exception):
    """Whether a connection is alive could not be determined."""


class Sockets(Protocol):
    """The @connections API."""

    def post(self, connection_id: str, message: GatewayMessage) -> PostOutcome:
        """Send a message. ``SENT`` does not prove that it arrives, nor ``GONE`` that it did not."""

    def close(self, connection_id: str) -> bool:
        """Close a socket; tell whether it is certainly closed."""

    def last_active(self, connection_id: str) -> int | None:
        """Return when the socket was last active; None if it is gone.

        Raises:
            ConnectionStatusUnknown: Whether it is alive could not be determined.
        """


class ArmOutcome(Enum):
    """The outcome of arming a sweep timer."""

    ARMED = "armed"
    IN_THE_PAST = "in the past"
    UNAVAILABLE = "unavailable"


class SweepTimers(Protocol):
    """One-shot timers that trigger a sweep of a space. No method raises."""

    def arm(self, space_id: str, at: int, ticket: int | None = None) -> ArmOutcome:
        """Schedule one sweep of the space, not before this time. Safe to repeat.

        With a ticket, the sweep also looks at that request, wherever it waits.

        Returns:
            ``IN_THE_PAST`` if the time has passed by the scheduler's own clock.
        """

    def start_sweep(
        self, space_id: str, at: int, began: int | None = None, ticket: int | None = None
    ) -> bool:
        """Start a sweep now; tell whether one was started.

        It is repeated within minutes until it has armed a timer. For when none can be armed.

        Args:
            space_id: The space to sweep.
            at: The current time.
            began: When the chain of sweeps began that this one continues; None begins one.
        """


class WebhookTries(Protocol):
    """Starts tries to deliver a webhook, which run by themselves. No method raises."""

    def start(self, request_id: RequestId) -> bool:
        """Start a try now; tell whether one was started. It is repeated if it fails."""

    def arm(self, request_id: RequestId, at: int) -> bool:
        """Schedule a try, not before this time; tell whether it was. Safe to repeat."""


class WebhookSender(Protocol):
    """The way to the receivers of webhooks."""

    def post(self, url: str, headers: dict[str, str], body: bytes) -> Outcome:
        """Send a webhook once, to a public address only, and follow no redirect."""


@dataclass(frozen=True, kw_only=True)
class Gateway:
    """Everything outside that the use cases need.

    Attributes:
        now: Returns milliseconds since 1970.
        random_text: Returns 128 random bits in 22 characters.
        log_event: Logs an event for the operator, with a name and fields.
        files_url: Base URL of the files.
        api_url: Base URL of the API, as callers know it.
        page_url: URL of the page, with a trailing slash; None if it is not known.
        webhooks_to_loopback: Whether webhooks may go to this machine; on the local cloud only.
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
    declarations: DeclarationStore
    presentations: PresentationStore
    people: People
    webhook_tries: WebhookTries
    webhook_sender: WebhookSender
    now: Callable[[], int]
    random_text: Callable[[], str]
    log_event: Callable[..., Any]
    files_url: str | None = None
    api_url: str | None = None
    page_url: str | None = None
    webhooks_to_loopback: bool = False
