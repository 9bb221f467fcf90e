"""Messages that a worker sends. ``action`` selects the route; unknown fields are ignored."""

from typing import Annotated, Any, Literal

from msgspec import Meta, Struct, field

from spaces_protocol.fields import (
    Attempt,
    Capacity,
    Count,
    ErrorText,
    FileName,
    Fraction,
    Label,
    Percent,
    ProgressText,
    RequestIdText,
    Seconds,
    SessionId,
    SpaceName,
)
from spaces_protocol.limits import (
    MAX_CAPACITY,
    MAX_CHUNKS,
    MAX_FILES,
    MAX_SPACES_PER_WORKER,
    PROTOCOL_VERSION,
)
from spaces_protocol.model_call import ENDPOINTS, Endpoint


class WorkerMessage(Struct, frozen=True, kw_only=True, tag_field="action", omit_defaults=True):
    """Base of all messages from a worker."""


class InFlight(Struct, frozen=True, kw_only=True):
    """A request that the worker still holds."""

    request_id: RequestIdText
    attempt: Attempt


class Register(WorkerMessage, frozen=True, kw_only=True, tag="register"):
    """Asks for a place in each space; repeated until ``registered`` arrives.

    Attributes:
        spaces: the spaces to serve; must be within the scope of the token.
        session: random, new for each worker process: a restarted process has lost what it held,
            one that only reconnected has not.
        capacity: how many requests the worker can run at the same time, over all spaces.
        in_flight: requests that it still holds from an earlier connection.
        agent: name and version of the client, shown to administrators.
        params_schemas: JSON Schema (an object with ``properties``) of ``params`` by space; the
            page builds its form from it.
        endpoints: which endpoints of the OpenAI API it serves by space; a space without an entry
            takes no calls.
        examples: inputs to try each space with (`spaces_protocol.examples.Example`). Wrong ones
            are ignored, so that they do not keep the worker from serving.
        protocol: the protocol version of the worker.
    """

    spaces: Annotated[list[SpaceName], Meta(min_length=1, max_length=MAX_SPACES_PER_WORKER)]
    session: SessionId
    capacity: Capacity = 1
    in_flight: Annotated[list[InFlight], Meta(max_length=200)] = field(default_factory=list)
    agent: Label = ""
    params_schemas: dict[SpaceName, dict[str, Any]] = field(default_factory=dict)
    endpoints: dict[SpaceName, Annotated[list[Endpoint], Meta(max_length=len(ENDPOINTS))]] = field(
        default_factory=dict
    )
    examples: dict[SpaceName, list[Any]] = field(default_factory=dict)
    protocol: int = PROTOCOL_VERSION


class Slots(Struct, frozen=True, kw_only=True):
    """How many requests of one space the worker accepts, including those it holds.

    Attributes:
        count: 0 accepts none.
        order: rises with each message of a connection. The highest wins, because messages may
            arrive out of order.
    """

    count: Annotated[int, Meta(ge=0, le=MAX_CAPACITY)]
    order: Count


class Chunk(Struct, frozen=True, kw_only=True, omit_defaults=True):
    """A chunk of a streamed answer; chunks are joined by index, from 0.

    Attributes:
        text: what a person reads of it.
        deltas: the objects of a call's stream as the model's server sent them. If there are any,
            they are the whole chunk in order, its text included; objects with nothing but text
            travel as ``text`` alone.
    """

    index: Annotated[int, Meta(ge=0, lt=MAX_CHUNKS)]
    text: str
    deltas: list[Any] = field(default_factory=list)


class Progress(WorkerMessage, frozen=True, kw_only=True, tag="progress"):
    """Reports that a request is still running; renews its lease."""

    request_id: RequestIdText
    attempt: Attempt
    percent: Percent | None = None
    step: Count | None = None
    total: Count | None = None
    message: ProgressText | None = None
    chunk: Chunk | None = None


class OutputFile(Struct, frozen=True, kw_only=True):
    """A file that the worker uploaded with the policy of its attempt."""

    name: FileName
    content_type: Label
    size: Count
    key: Annotated[str, Meta(max_length=1024)]


class Output(Struct, frozen=True, kw_only=True, omit_defaults=True):
    """The answer of the model: text, any JSON, files; each is optional.

    Attributes:
        body_key: where the worker uploaded ``{"text": …, "data": …}`` as JSON because it is too
            large for the socket; ``text`` and ``data`` are then omitted.
    """

    text: str | None = None
    data: Any = None
    files: Annotated[list[OutputFile], Meta(max_length=MAX_FILES)] = field(default_factory=list)
    body_key: Annotated[str, Meta(max_length=1024)] | None = None


class Usage(Struct, frozen=True, kw_only=True, omit_defaults=True):
    """Token counts, named as in the Responses of the OpenAI API."""

    input_tokens: Count | None = None
    output_tokens: Count | None = None
    total_tokens: Count | None = None


class WorkerFailure(Struct, frozen=True, kw_only=True, omit_defaults=True):
    """Why the worker failed; ``message`` is shown to the user."""

    message: ErrorText
    type: Label = "worker_error"


class Result(WorkerMessage, frozen=True, kw_only=True, tag="result"):
    """The result of a request; repeated until its ``ack`` arrives.

    Attributes:
        confidence: how sure the model is, from 0 to 1.
        inference_time: how long the model worked, in seconds.
        slots: as in `Offer`, for the request's space.
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
    slots: Slots | None = None


class Decline(WorkerMessage, frozen=True, kw_only=True, tag="decline"):
    """The worker cannot start this request: other spaces use its slots, or it is stopping.

    The request returns to the head of its queue and counts as neither lost nor run.

    Attributes:
        slots: as in `Offer`, for the request's space.
    """

    request_id: RequestIdText
    attempt: Attempt
    slots: Slots


class Offer(WorkerMessage, frozen=True, kw_only=True, tag="offer"):
    """How many requests of one space the worker accepts from now on; replied to by ``offered``.

    This is how a worker shares its slots among several spaces. A new connection offers its whole
    capacity in each.
    """

    space: SpaceName
    slots: Slots


class Drain(WorkerMessage, frozen=True, kw_only=True, tag="drain"):
    """Asks for no new requests; running ones are finished."""


class Ping(WorkerMessage, frozen=True, kw_only=True, tag="ping"):
    """Keeps an idle connection open. Not answered."""


AnyWorkerMessage = Register | Progress | Result | Decline | Offer | Drain | Ping
