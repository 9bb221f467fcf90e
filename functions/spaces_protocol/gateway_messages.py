"""Messages that the gateway sends to a worker."""

from typing import Any, Literal

from msgspec import Struct, field

from spaces_protocol.fields import Attempt, Seconds, Timestamp
from spaces_protocol.worker_messages import InFlight


class GatewayMessage(Struct, frozen=True, kw_only=True, tag_field="action", omit_defaults=True):
    """What all messages of the gateway have in common."""


class AcceptedSpace(Struct, frozen=True, kw_only=True):
    """A space in which the worker now has a place, with what it must know of it.

    Attributes:
        prefetch: requests that it is handed beyond its capacity, to start them without a round
            trip; see ``Request.prefetched``.
    """

    space: str
    timeout_seconds: Seconds
    prefetch: int = 0


class RejectedSpace(Struct, frozen=True, kw_only=True, omit_defaults=True):
    """A space in which it has none.

    Attributes:
        reason: an error type, for programs.
        detail: a sentence, for the worker's operator.
        retry_after_seconds: when to ask again; None where asking again cannot help.
    """

    space: str
    reason: str
    detail: str
    retry_after_seconds: float | None = None


class Registered(GatewayMessage, frozen=True, kw_only=True, tag="registered"):
    """Answer to ``register``.

    Attributes:
        resume: requests to keep working on.
        abandon: requests to stop; nobody waits for this worker's answer any more.
        renew_before: when the socket should have been replaced.
        ping_seconds: longest silence on the connection before a ``ping``.
        lease_seconds: longest silence about a request that is held.
    """

    accepted: list[AcceptedSpace]
    rejected: list[RejectedSpace] = field(default_factory=list)
    resume: list[InFlight] = field(default_factory=list)
    abandon: list[InFlight] = field(default_factory=list)
    renew_before: Timestamp
    ping_seconds: float
    lease_seconds: float


class PresignedFile(Struct, frozen=True, kw_only=True):
    """A file to fetch by its presigned address; size in bytes."""

    name: str
    content_type: str
    size: int
    url: str


class Input(Struct, frozen=True, kw_only=True, omit_defaults=True):
    """What the user submitted."""

    prompt: str | None = None
    files: list[PresignedFile] = field(default_factory=list)
    params: dict[str, Any] = field(default_factory=dict)


class UploadPolicy(Struct, frozen=True, kw_only=True):
    """A presigned POST for the files of one attempt.

    Post multipart/form-data with ``fields``, then ``key`` = ``key_prefix`` + any name, then
    ``Content-Type``, then ``file``.

    Attributes:
        key_prefix: what every key must begin with.
        max_bytes: largest size of one file.
    """

    url: str
    fields: dict[str, str]
    key_prefix: str
    max_bytes: int


class Request(GatewayMessage, frozen=True, kw_only=True, tag="request"):
    """Hands a request over.

    Attributes:
        deadline: when the gateway gives up on it.
        prefetched: it is beyond the worker's capacity: start it when a slot is free. Its time, the
            space's ``timeout_seconds``, runs from then; until then ``deadline`` is the latest.
        upload: where its output files go.
    """

    request_id: str
    space: str
    attempt: Attempt
    deadline: Timestamp
    input: Input
    prefetched: bool = False
    upload: UploadPolicy | None = None


class Ack(GatewayMessage, frozen=True, kw_only=True, tag="ack"):
    """A result arrived. ``superseded``: the request had already ended without it.

    ``next`` is the next request, so that an answer and the next question share one message.
    """

    request_id: str
    status: Literal["stored", "superseded"]
    next: Request | None = None


class Offered(GatewayMessage, frozen=True, kw_only=True, tag="offered"):
    """Answer to ``offer``, after the requests that it led to.

    Attributes:
        waiting: requests of the space that wait still.
    """

    space: str
    order: int
    waiting: int


class Cancel(GatewayMessage, frozen=True, kw_only=True, tag="cancel"):
    """Stop working on a request; its answer is not wanted any more."""

    request_id: str
    attempt: Attempt
    reason: str


class Check(GatewayMessage, frozen=True, kw_only=True, tag="check"):
    """Answer with ``register``, whatever else is going on."""


class Notice(GatewayMessage, frozen=True, kw_only=True, tag="notice"):
    """A sentence from the administrator to the worker's operator."""

    text: str


class DrainCommand(GatewayMessage, frozen=True, kw_only=True, tag="drain"):
    """From the administrator: finish what runs, take nothing new."""


class GatewayFacts(Struct, frozen=True, kw_only=True, omit_defaults=True):
    """What a worker may want to know when it and its gateway do not understand each other.

    Attributes:
        protocol: version of the contract that the gateway speaks.
        spaces: those that the connection's token is for.
        files_url: where files are fetched from and sent to, which is no part of the gateway.
    """

    protocol: int
    spaces: list[str]
    files_url: str | None = None


class ErrorReply(GatewayMessage, frozen=True, kw_only=True, tag="error"):
    """A message was not accepted; the connection stays.

    Attributes:
        about: the action of that message, where it is known.
        gateway: told with ``unknown_action``.
    """

    error_type: str
    detail: str
    request_id: str | None = None
    about: str | None = None
    gateway: GatewayFacts | None = None


AnyGatewayMessage = (
    Registered | Request | Ack | Offered | Cancel | Check | Notice | DrainCommand | ErrorReply
)
