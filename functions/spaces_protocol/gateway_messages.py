"""Messages that the gateway sends to a worker."""

from typing import Any, Literal

from msgspec import Struct, field

from spaces_protocol.fields import Attempt, Count, Seconds, Timestamp
from spaces_protocol.model_call import ModelCall
from spaces_protocol.worker_messages import InFlight


class GatewayMessage(Struct, frozen=True, kw_only=True, tag_field="action", omit_defaults=True):
    """Base of all messages from the gateway."""


class AcceptedSpace(Struct, frozen=True, kw_only=True):
    """A space in which the worker now has a place, and its settings.

    Attributes:
        prefetch: number of requests sent beyond the worker's capacity, so that it can start them
            without a round trip; see ``Request.prefetched``.
        page_url: where people use the space; None if the gateway does not know its page.
    """

    space: str
    timeout_seconds: Seconds
    prefetch: int = 0
    page_url: str | None = None


class RejectedSpace(Struct, frozen=True, kw_only=True, omit_defaults=True):
    """A space in which the worker has no place.

    Attributes:
        reason: an error type, for programs.
        detail: a sentence for the worker's operator.
        retry_after_seconds: when to register again; None if that cannot help.
    """

    space: str
    reason: str
    detail: str
    retry_after_seconds: float | None = None


class Registered(GatewayMessage, frozen=True, kw_only=True, tag="registered"):
    """Reply to ``register``.

    Attributes:
        resume: requests to continue.
        abandon: requests to stop; the result of this worker is no longer wanted.
        renew_before: when to replace the connection at the latest.
        ping_seconds: how long the connection may be silent before a ``ping``.
        lease_seconds: how long the worker may be silent about a request that it holds.
        files_url: the only host that files of requests are on, as the beginning of their URLs.
    """

    accepted: list[AcceptedSpace]
    rejected: list[RejectedSpace] = field(default_factory=list)
    resume: list[InFlight] = field(default_factory=list)
    abandon: list[InFlight] = field(default_factory=list)
    renew_before: Timestamp
    ping_seconds: float
    lease_seconds: float
    files_url: str | None = None


class PresignedFile(Struct, frozen=True, kw_only=True, omit_defaults=True):
    """An input file with a presigned URL to download it; the size is in bytes.

    Attributes:
        etag: send it as ``If-Match``: S3 then responds with 412 if the file was replaced after it
            was submitted.
    """

    name: str
    content_type: str
    size: int
    url: str
    etag: str | None = None


class Input(Struct, frozen=True, kw_only=True, omit_defaults=True):
    """What the user submitted: a prompt or a call, and files.

    Attributes:
        body_url: presigned URL of the JSON object ``{"prompt", "params", "call"}`` if it is too
            large for the socket; ``prompt``, ``params`` and ``call`` are then omitted here.
        body_bytes: size of that object.
        body_etag: send it as ``If-Match``, as for files.
    """

    prompt: str | None = None
    files: list[PresignedFile] = field(default_factory=list)
    params: dict[str, Any] = field(default_factory=dict)
    call: ModelCall | None = None
    body_url: str | None = None
    body_bytes: Count | None = None
    body_etag: str | None = None


class InputBody(Struct, frozen=True, kw_only=True, omit_defaults=True):
    """What ``Input.body_url`` refers to, as plain JSON."""

    prompt: str | None = None
    params: dict[str, Any] = field(default_factory=dict)
    call: ModelCall | None = None


class UploadPolicy(Struct, frozen=True, kw_only=True):
    """A presigned POST for the files of one attempt, or of the examples of one space.

    Post multipart/form-data with ``fields``, then ``key`` = ``key_prefix`` + any name, then
    ``Content-Type``, then ``file``.

    Attributes:
        key_prefix: what every key must begin with.
        max_bytes: maximum size of one file.
    """

    url: str
    fields: dict[str, str]
    key_prefix: str
    max_bytes: int


class Request(GatewayMessage, frozen=True, kw_only=True, tag="request"):
    """A request for the worker to run.

    Attributes:
        deadline: when the gateway gives up on it.
        prefetched: whether it exceeds the worker's capacity, so that it must wait for a free slot.
            Its time runs from its start; ``deadline`` is the latest end.
        upload: how to upload output files.
        timeout_seconds: how long it may run, if less than the space's ``timeout_seconds``.
        metadata: what the caller noted with the request.
        traceparent: where the request belongs in its caller's trace (W3C Trace Context).
    """

    request_id: str
    space: str
    attempt: Attempt
    deadline: Timestamp
    input: Input
    prefetched: bool = False
    upload: UploadPolicy | None = None
    timeout_seconds: Seconds | None = None
    metadata: dict[str, str] = field(default_factory=dict)
    traceparent: str | None = None


class Ack(GatewayMessage, frozen=True, kw_only=True, tag="ack"):
    """Acknowledges a result. ``superseded``: the request had already ended without it.

    ``next`` is the next request, which shares the message.
    """

    request_id: str
    status: Literal["stored", "superseded"]
    next: Request | None = None


class Offered(GatewayMessage, frozen=True, kw_only=True, tag="offered"):
    """Reply to ``offer``, sent after the requests that it led to.

    Attributes:
        waiting: how many requests of the space are still waiting.
    """

    space: str
    order: int
    waiting: int


class Cancel(GatewayMessage, frozen=True, kw_only=True, tag="cancel"):
    """Stop a request; its result is no longer wanted."""

    request_id: str
    attempt: Attempt
    reason: str


class Check(GatewayMessage, frozen=True, kw_only=True, tag="check"):
    """Reply with ``register`` at once."""


class Notice(GatewayMessage, frozen=True, kw_only=True, tag="notice"):
    """A message from an administrator to the worker's operator."""

    text: str


class DrainCommand(GatewayMessage, frozen=True, kw_only=True, tag="drain"):
    """From an administrator: finish running requests and accept no new ones."""


class GatewayFacts(Struct, frozen=True, kw_only=True, omit_defaults=True):
    """Facts about the gateway, for diagnosis.

    Attributes:
        protocol: the protocol version of the gateway.
        spaces: the scope of the connection's token.
        files_url: the host of file transfers, which is separate from the gateway.
    """

    protocol: int
    spaces: list[str]
    files_url: str | None = None


class ErrorReply(GatewayMessage, frozen=True, kw_only=True, tag="error"):
    """A message was rejected; the connection stays open.

    Attributes:
        about: the action of that message, if it is known.
        gateway: only sent with ``unknown_action``.
    """

    error_type: str
    detail: str
    request_id: str | None = None
    about: str | None = None
    gateway: GatewayFacts | None = None


class ExampleUploads(GatewayMessage, frozen=True, kw_only=True, tag="example_uploads"):
    """Asks for files of examples that are not stored yet. Upload them, then ``register`` again.

    Attributes:
        upload: how to upload them; the key of each is ``key_prefix`` and its hash.
        missing: the hashes (``sha256``) of the files.
    """

    space: str
    upload: UploadPolicy
    missing: list[str]


AnyGatewayMessage = (
    Registered
    | Request
    | Ack
    | Offered
    | Cancel
    | Check
    | Notice
    | DrainCommand
    | ExampleUploads
    | ErrorReply
)
