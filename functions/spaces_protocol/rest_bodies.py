"""Bodies of the REST API. Times are ISO-8601 in UTC; durations carry their unit in the name."""

from enum import StrEnum
from typing import Annotated, Any, Literal

from msgspec import Meta, Struct, field

from spaces_protocol.examples import PlainExample
from spaces_protocol.fields import (
    Count,
    FileName,
    HttpsUrl,
    MediaType,
    MultipartId,
    Timestamp,
    UploadId,
)
from spaces_protocol.limits import MAX_FILES
from spaces_protocol.model_call import ModelCall
from spaces_protocol.webhooks import Webhook
from spaces_protocol.worker_messages import Usage


class RequestState(StrEnum):
    """The state of a request; the last four are final."""

    IN_QUEUE = "IN_QUEUE"
    IN_PROGRESS = "IN_PROGRESS"
    COMPLETED = "COMPLETED"
    FAILED = "FAILED"
    CANCELLED = "CANCELLED"
    TIMED_OUT = "TIMED_OUT"


SpaceState = Literal["ready", "busy", "reconnecting", "draining", "paused", "offline"]
QueueReason = Literal["worker_busy", "no_worker", "draining", "paused"]


class NewUpload(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Body of ``POST /v1/uploads``: a file to upload for a space; the size is in bytes."""

    space: str
    name: FileName
    size: Count
    content_type: MediaType = ""


class PartAddress(Struct, frozen=True, kw_only=True):
    """Where to upload one part of a file.

    Attributes:
        number: number of the part, from 1.
        offset: position of its first byte in the file.
        size: its size in bytes; the storage accepts exactly this many.
        url: where to PUT the bytes.
    """

    number: int
    offset: int
    size: int
    url: str


class MultipartUpload(Struct, frozen=True, kw_only=True):
    """What remains to be uploaded of a file in parts.

    Attributes:
        multipart_id: the storage's id of the upload, needed for all further calls; a secret.
        arrived_bytes: size of the parts that have arrived.
        parts: the next missing parts, at most 20; if empty, complete the upload.
        expires_at: until when the upload of a part can be started.
    """

    multipart_id: str
    arrived_bytes: int
    parts: list[PartAddress]
    expires_at: Timestamp


class NamedMultipart(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Body of ``POST /v1/uploads/{upload_id}/parts``, ``…/complete`` and ``…/abort``."""

    space: str
    multipart_id: MultipartId


class UploadAddress(Struct, frozen=True, kw_only=True):
    """Where to upload a file.

    Post multipart/form-data to ``url``: all ``fields`` unchanged, then ``file``.

    Attributes:
        multipart: how to upload the file in parts instead; None for a small file.
    """

    upload_id: str
    url: str
    fields: dict[str, str]
    expires_at: Timestamp
    multipart: MultipartUpload | None = None


class UploadedFile(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A file that was uploaded before."""

    upload_id: UploadId


class SubmittedCall(ModelCall, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A call of an endpoint of the OpenAI API, instead of a prompt."""


class SubmittedInput(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """The input for the model: a prompt or a call, files, or both.

    Attributes:
        call: stands instead of ``prompt`` and ``params``; for spaces with the feature ``call``.
    """

    prompt: str | None = None
    call: SubmittedCall | None = None
    files: Annotated[list[UploadedFile], Meta(max_length=MAX_FILES)] = field(default_factory=list)
    params: dict[str, Any] = field(default_factory=dict)


class Submission(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Body of ``POST /v1/spaces/{space}/requests``.

    Attributes:
        timeout_seconds: how long the request may run, at most ``limits.timeout_seconds``.
        start_timeout_seconds: how long it may wait for a worker, at most
            ``limits.queue_timeout_seconds``.
        metadata: notes that come back with status and result, and reach the worker.
        webhook: where its end is announced; only with an API key, which signs it.
    """

    input: SubmittedInput
    timeout_seconds: Annotated[float, Meta(ge=1)] | None = None
    start_timeout_seconds: Annotated[float, Meta(ge=1)] | None = None
    metadata: dict[str, str] = field(default_factory=dict)
    webhook: Webhook | None = None


class SpaceLimits(Struct, frozen=True, kw_only=True):
    """What the space accepts and how long requests may take.

    Attributes:
        max_input_bytes: largest ``{"prompt", "params", "call"}``, in bytes of JSON.
    """

    max_input_bytes: int
    timeout_seconds: float
    queue_timeout_seconds: float
    max_queue_length: int


class FileRules(Struct, frozen=True, kw_only=True):
    """Which files a space accepts.

    Attributes:
        accept: media types, such as ``image/png`` or ``audio/*``.
    """

    accept: list[str]
    max_files: int
    max_file_bytes: int


class Link(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Where to read more about a space."""

    title: Annotated[str, Meta(min_length=1, max_length=80)]
    url: HttpsUrl


class WorkerView(Struct, frozen=True, kw_only=True):
    """A worker with a place in the space."""

    worker_id: str
    state: Literal["ready", "busy", "reconnecting", "draining", "paused"]
    since: Timestamp


class ExampleFileView(Struct, frozen=True, kw_only=True):
    """A file of an example; the size is in bytes.

    Attributes:
        url: downloads it, or displays it if ``inline``; valid for an hour.
        inline: whether it is an image, audio or video that may be displayed in a page.
    """

    name: str
    content_type: str
    size: int
    url: str
    inline: bool


class ExampleView(PlainExample, frozen=True, kw_only=True):
    """An input to try.

    Attributes:
        files: files to submit with it; download them and upload them like your own.
    """

    files: list[ExampleFileView] = field(default_factory=list)


class SpaceView(Struct, frozen=True, kw_only=True):
    """A space with its live state.

    Attributes:
        connected: whether a connected worker accepts requests.
        state: the same in more detail.
        queue_length: number of waiting requests, without running ones.
        running: number of running requests.
        eta_seconds: expected wait of a request submitted now; None if unknown.
        last_seen: when a worker was last known to be connected; None if never.
        files: which files it accepts; None if it accepts none.
        visibility: who may use it: ``public``, ``members`` or ``private``.
        cover_url: URL of its cover image, valid for an hour; None if it has none.
        embed_origins: origins whose pages may show it in a frame.
        when_offline: whether it queues or refuses requests while no worker is connected.
        params_schema: JSON Schema of ``input.params``, as declared by a worker; None if none was
            declared, and in lists.
        endpoints: endpoints of the OpenAI API that its worker serves, for ``input.call``; empty
            in lists.
        examples: inputs to try, from the administrator or else from a worker; empty in lists.
        disabled: whether an administrator has turned it off, so that it refuses every request.
        about: what the model does, in Markdown; empty in lists.
        licence, model: under which terms the model may be used, and its name; empty in lists.
        links: where to read more; empty in lists.
    """

    space: str
    title: str
    description: str
    features: list[str]
    limits: SpaceLimits
    connected: bool
    state: SpaceState
    workers: list[WorkerView]
    queue_length: int
    running: int
    eta_seconds: float | None
    last_seen: Timestamp | None
    visibility: str
    cover_url: str | None
    embed_origins: list[str]
    files: FileRules | None = None
    when_offline: Literal["queue", "refuse"] = "queue"
    params_schema: dict[str, Any] | None = None
    endpoints: list[str] = field(default_factory=list)
    examples: list[ExampleView] = field(default_factory=list)
    disabled: bool = False
    about: str = ""
    licence: str = ""
    model: str = ""
    links: list[Link] = field(default_factory=list)


class SpaceList(Struct, frozen=True, kw_only=True):
    """Body of ``GET /v1/spaces``.

    Attributes:
        unreadable: how many spaces were left out because they cannot be read.
    """

    spaces: list[SpaceView]
    unreadable: int = 0


class Me(Struct, frozen=True, kw_only=True):
    """Body of ``GET /v1/me``: the signed-in user.

    Attributes:
        admin: whether the user is an administrator.
    """

    user: str
    groups: list[str]
    admin: bool


class HistoryEntry(Struct, frozen=True, kw_only=True):
    """One of the user's own requests.

    Attributes:
        prompt: the first 200 characters of the prompt, or of what a person reads of a call.
    """

    request_id: str
    space: str
    status: RequestState
    created_at: Timestamp
    ended_at: Timestamp | None
    prompt: str
    error_type: str | None


class HistoryList(Struct, frozen=True, kw_only=True):
    """Body of ``GET /v1/me/requests``. A page may be short or even empty.

    Attributes:
        unreadable: how many requests were left out because they cannot be read.
    """

    requests: list[HistoryEntry]
    next_cursor: str | None
    unreadable: int = 0


class AcceptedRequest(Struct, frozen=True, kw_only=True):
    """Body of the 202: the request is stored and will end exactly once.

    Attributes:
        queue_position: number of requests ahead of it; 0 is next; None once it is dispatched.
        eta_seconds: expected wait until it starts; None if unknown.
        retry_after_ms: when to poll its status.
        deadline: when it ends as ``TIMED_OUT`` if no worker has started it.
    """

    request_id: str
    space: str
    status: RequestState
    queue_position: int | None
    queue_reason: QueueReason | None
    eta_seconds: float | None
    retry_after_ms: int
    space_connected: bool
    status_url: str
    response_url: str
    cancel_url: str
    created_at: Timestamp
    deadline: Timestamp


class ProgressView(Struct, frozen=True, kw_only=True):
    """The last progress that the worker reported."""

    percent: float | None = None
    step: int | None = None
    total: int | None = None
    message: str | None = None


class RequestTimes(Struct, frozen=True, kw_only=True):
    """When the request was accepted, started and ended."""

    created_at: Timestamp
    started_at: Timestamp | None = None
    ended_at: Timestamp | None = None


class ChunkView(Struct, frozen=True, kw_only=True):
    """A chunk of a streamed answer.

    Attributes:
        text: what a person reads of it.
        deltas: the objects of a call's stream as the model's server sent them. If there are any,
            they are the whole chunk in order; otherwise the chunk is ``text``.
    """

    text: str
    deltas: list[Any] = field(default_factory=list)


class Partial(Struct, frozen=True, kw_only=True):
    """What the model has written since the last poll.

    Attributes:
        text: append it to the text received before.
        next_after: value of ``?after=`` for the next poll.
        restarted: whether another attempt has begun: discard what was received before.
        chunks: the same chunk by chunk, with the deltas of a call; only with ``?deltas=true``.
    """

    text: str
    next_after: str
    restarted: bool = False
    chunks: list[ChunkView] | None = None


class RequestStatus(Struct, frozen=True, kw_only=True):
    """Body of ``GET …/requests/{request_id}/status``.

    Attributes:
        queue_position: number of requests ahead of it; 0 is next; only while it waits.
        queue_reason: why it waits.
        eta_seconds: expected time until it starts (waiting) or ends (running).
        retry_after_ms: when to poll again; None once it has ended.
        attempt: how often a worker is assumed to have started it.
        worker_id: the worker that holds or ended it.
        partial: new text since the last poll; only while it runs, and if there is any.
        metadata: the ``metadata`` of the submit.
    """

    request_id: str
    space: str
    status: RequestState
    times: RequestTimes
    queue_position: int | None = None
    queue_reason: QueueReason | None = None
    eta_seconds: float | None = None
    retry_after_ms: int | None = None
    progress: ProgressView | None = None
    attempt: int | None = None
    worker_id: str | None = None
    error: str | None = None
    error_type: str | None = None
    deadline: Timestamp | None = None
    partial: Partial | None = None
    metadata: dict[str, str] = field(default_factory=dict)


class FileView(Struct, frozen=True, kw_only=True):
    """A file with URLs that are valid until ``expires_at``; the size is in bytes.

    Attributes:
        url: displays the file if it may be displayed.
        download_url: downloads it under its name, whatever its type.
        inline: whether it is an image, audio or video that may be displayed in a page. Other files
            are served as untyped downloads, so that nothing in them can run.
    """

    name: str
    content_type: str
    size: int
    url: str
    download_url: str
    inline: bool
    expires_at: Timestamp


class InputView(Struct, frozen=True, kw_only=True):
    """The submitted input.

    Attributes:
        body_url: URL of the JSON object ``{"prompt", "params", "call"}`` of a large input, valid
            for an hour; ``prompt``, ``params`` and ``call`` are then omitted here.
        body_bytes: size of that object.
    """

    prompt: str | None = None
    call: ModelCall | None = None
    body_url: str | None = None
    body_bytes: int | None = None
    files: list[FileView] = field(default_factory=list)
    params: dict[str, Any] = field(default_factory=dict)


class OutputView(Struct, frozen=True, kw_only=True):
    """The answer of the model."""

    text: str | None = None
    data: Any = None
    files: list[FileView] = field(default_factory=list)


class Metrics(Struct, frozen=True, kw_only=True):
    """How long the request waited and the model worked, in seconds."""

    queue_time: float | None = None
    inference_time: float | None = None


class RequestResult(Struct, frozen=True, kw_only=True):
    """Body of ``GET …/requests/{request_id}``: 200 once it has ended, 202 before."""

    request_id: str
    space: str
    status: RequestState
    times: RequestTimes
    input: InputView | None = None
    output: OutputView | None = None
    confidence: float | None = None
    model: str | None = None
    usage: Usage | None = None
    metrics: Metrics | None = None
    attempt: int | None = None
    worker_id: str | None = None
    error: str | None = None
    error_type: str | None = None
    retry_after_ms: int | None = None
    metadata: dict[str, str] = field(default_factory=dict)


class ErrorBody(Struct, frozen=True, kw_only=True, omit_defaults=True):
    """Body of every error."""

    detail: Annotated[str, Meta(description="for a person")]
    error_type: Annotated[str, Meta(description="for a program; snake_case")]
    request_id: str | None = None


class ApiGatewayRefusal(Struct, frozen=True, kw_only=True):
    """Body of errors that API Gateway itself returns, before any function runs."""

    message: str
