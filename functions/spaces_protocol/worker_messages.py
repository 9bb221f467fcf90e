"""Messages that a worker sends. The route is chosen by ``action``; unknown fields are ignored."""

from typing import Annotated, Any, Literal

from msgspec import Meta, Struct, field

from spaces_protocol.fields import (
    Attempt,
    Capacity,
    Count,
    ErrorText,
    Fraction,
    Label,
    Percent,
    ProgressText,
    RequestIdText,
    Seconds,
    SessionId,
    SpaceName,
)
from spaces_protocol.limits import MAX_SPACES_PER_WORKER, PROTOCOL_VERSION


class WorkerMessage(Struct, frozen=True, kw_only=True, tag_field="action", omit_defaults=True):
    """What all messages of a worker have in common."""


class InFlight(Struct, frozen=True, kw_only=True):
    """A request that the worker still holds."""

    request_id: RequestIdText
    attempt: Attempt


class Register(WorkerMessage, frozen=True, kw_only=True, tag="register"):
    """Asks for a place in spaces; repeated until ``registered`` arrives.

    Attributes:
        spaces: the spaces to serve; must lie in the token's scope.
        session: random, new at each start of the worker process: a process that was restarted
            has lost what it held, one that only reconnected has not.
        capacity: requests that the worker runs at the same time, over all spaces.
        in_flight: requests that it still holds from an earlier connection.
        agent: name and version of the client, for the administrator's eyes.
        protocol: version of this contract.
    """

    spaces: Annotated[list[SpaceName], Meta(min_length=1, max_length=MAX_SPACES_PER_WORKER)]
    session: SessionId
    capacity: Capacity = 1
    in_flight: Annotated[list[InFlight], Meta(max_length=200)] = field(default_factory=list)
    agent: Label = ""
    protocol: int = PROTOCOL_VERSION


class Chunk(Struct, frozen=True, kw_only=True):
    """A piece of text as it is produced; joined by index, from 0."""

    index: Count
    text: str


class Progress(WorkerMessage, frozen=True, kw_only=True, tag="progress"):
    """Says that a request is still being worked on; renews its lease."""

    request_id: RequestIdText
    attempt: Attempt
    percent: Percent | None = None
    step: Count | None = None
    total: Count | None = None
    message: ProgressText | None = None
    chunk: Chunk | None = None


class OutputFile(Struct, frozen=True, kw_only=True):
    """A file that the worker uploaded with the policy of its attempt."""

    name: Label
    content_type: Label
    size: Count
    key: Annotated[str, Meta(max_length=1024)]


class Output(Struct, frozen=True, kw_only=True, omit_defaults=True):
    """What the model answered: text, any JSON, files; each may be missing."""

    text: str | None = None
    data: Any = None
    files: list[OutputFile] = field(default_factory=list)


class Usage(Struct, frozen=True, kw_only=True, omit_defaults=True):
    """Token counts, named as the OpenAI API's Responses name them."""

    input_tokens: Count | None = None
    output_tokens: Count | None = None
    total_tokens: Count | None = None


class WorkerFailure(Struct, frozen=True, kw_only=True, omit_defaults=True):
    """Why the worker could not answer; ``message`` is shown to the user."""

    message: ErrorText
    type: Label = "worker_error"
    retryable: bool = False


class Result(WorkerMessage, frozen=True, kw_only=True, tag="result"):
    """The answer to a request; repeated until its ``ack`` arrives.

    Attributes:
        confidence: how sure the model is, 0 to 1.
        inference_time: seconds that the model worked.
    """

    request_id: RequestIdText
    attempt: Attempt
    status: Literal["completed", "failed", "cancelled"]
    output: Output | None = None
    confidence: Fraction | None = None
    model: Label | None = None
    usage: Usage | None = None
    inference_time: Seconds | None = None
    error: WorkerFailure | None = None


class Drain(WorkerMessage, frozen=True, kw_only=True, tag="drain"):
    """No new requests, please; those that run are finished."""


class Ping(WorkerMessage, frozen=True, kw_only=True, tag="ping"):
    """Keeps the link warm; answered by nobody."""


AnyWorkerMessage = Register | Progress | Result | Drain | Ping
