"""Messages that a worker sends. The route is chosen by ``action``; unknown fields are ignored."""

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
        params_schemas: JSON Schema (an object with ``properties``) of ``params``, by space; the
            page builds its form from it. A space that is missing declares nothing.
        protocol: version of this contract.
    """

    spaces: Annotated[list[SpaceName], Meta(min_length=1, max_length=MAX_SPACES_PER_WORKER)]
    session: SessionId
    capacity: Capacity = 1
    in_flight: Annotated[list[InFlight], Meta(max_length=200)] = field(default_factory=list)
    agent: Label = ""
    params_schemas: dict[SpaceName, dict[str, Any]] = field(default_factory=dict)
    protocol: int = PROTOCOL_VERSION


class Slots(Struct, frozen=True, kw_only=True):
    """A number of requests that the worker takes in one space, those that it holds included.

    Attributes:
        count: 0 takes none.
        order: rises with each that a connection says; of two, the higher one counts, because
            messages may overtake each other.
    """

    count: Annotated[int, Meta(ge=0, le=MAX_CAPACITY)]
    order: Count


class Chunk(Struct, frozen=True, kw_only=True):
    """A piece of text as it is produced; joined by index, from 0."""

    index: Annotated[int, Meta(ge=0, lt=MAX_CHUNKS)]
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

    name: FileName
    content_type: Label
    size: Count
    key: Annotated[str, Meta(max_length=1024)]


class Output(Struct, frozen=True, kw_only=True, omit_defaults=True):
    """What the model answered: text, any JSON, files; each may be missing.

    Attributes:
        body_key: where the worker uploaded ``{"text": …, "data": …}`` as JSON because it is too
            large for the socket; ``text`` and ``data`` are then missing here.
    """

    text: str | None = None
    data: Any = None
    files: Annotated[list[OutputFile], Meta(max_length=MAX_FILES)] = field(default_factory=list)
    body_key: Annotated[str, Meta(max_length=1024)] | None = None


class Usage(Struct, frozen=True, kw_only=True, omit_defaults=True):
    """Token counts, named as the OpenAI API's Responses name them."""

    input_tokens: Count | None = None
    output_tokens: Count | None = None
    total_tokens: Count | None = None


class WorkerFailure(Struct, frozen=True, kw_only=True, omit_defaults=True):
    """Why the worker could not answer; ``message`` is shown to the user."""

    message: ErrorText
    type: Label = "worker_error"


class Result(WorkerMessage, frozen=True, kw_only=True, tag="result"):
    """The answer to a request; repeated until its ``ack`` arrives.

    Attributes:
        confidence: how sure the model is, 0 to 1.
        inference_time: seconds that the model worked.
        slots: as in `Offer`, for the request's space, said together with the result.
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
    """The worker cannot start this request now: its slots are taken by other spaces; or it ends.

    The request goes back to the head of its queue; it counts as neither lost nor run.

    Attributes:
        slots: as in `Offer`, for the request's space.
    """

    request_id: RequestIdText
    attempt: Attempt
    slots: Slots


class Offer(WorkerMessage, frozen=True, kw_only=True, tag="offer"):
    """How many requests of one space the worker takes from now on; answered by ``offered``.

    A worker of several spaces shares its slots among them by this. A fresh connection offers its
    whole capacity in each.
    """

    space: SpaceName
    slots: Slots


class Drain(WorkerMessage, frozen=True, kw_only=True, tag="drain"):
    """No new requests, please; those that run are finished."""


class Ping(WorkerMessage, frozen=True, kw_only=True, tag="ping"):
    """Keeps the connection warm; answered by nobody."""


AnyWorkerMessage = Register | Progress | Result | Decline | Offer | Drain | Ping
