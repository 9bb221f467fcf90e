"""Bodies of the REST API. Times are ISO-8601 in UTC; durations carry their unit in the name."""

from enum import StrEnum
from typing import Annotated, Any, Literal

from msgspec import Meta, Struct, field

from spaces_protocol.fields import Count, FileName, MediaType, MultipartId, Timestamp, UploadId
from spaces_protocol.limits import MAX_FILES
from spaces_protocol.worker_messages import Usage


class RequestState(StrEnum):
    """Where a request stands; the last four are ends and never change."""

    IN_QUEUE = "IN_QUEUE"
    IN_PROGRESS = "IN_PROGRESS"
    COMPLETED = "COMPLETED"
    FAILED = "FAILED"
    CANCELLED = "CANCELLED"
    TIMED_OUT = "TIMED_OUT"


SpaceState = Literal["ready", "busy", "reconnecting", "draining", "paused", "offline"]
QueueReason = Literal["worker_busy", "no_worker", "draining", "paused"]


class NewUpload(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Body of ``POST /v1/uploads``: a file that is to be sent to a space; size in bytes."""

    space: str
    name: FileName
    size: Count
    content_type: MediaType = ""


class PartAddress(Struct, frozen=True, kw_only=True):
    """Where one part of a file is to be put.

    Attributes:
        number: which part, from 1.
        offset: how many bytes of the file come before it.
        size: how many it has; the storage takes no more and no fewer.
        url: where to put them.
    """

    number: int
    offset: int
    size: int
    url: str


class MultipartUpload(Struct, frozen=True, kw_only=True):
    """What has yet to be sent of a file in parts.

    Attributes:
        multipart_id: the storage's name for it, needed for all that follows; a secret.
        arrived_bytes: of the parts that are there.
        parts: the next of those that are not, at most 20; none: complete it.
        expires_at: until when a part can be begun.
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
    """Where a file is to be posted.

    Post multipart/form-data to ``url``: every one of ``fields`` as it is, then ``file``.

    Attributes:
        multipart: how to send it in parts instead; None for a small file.
    """

    upload_id: str
    url: str
    fields: dict[str, str]
    expires_at: Timestamp
    multipart: MultipartUpload | None = None


class UploadedFile(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A file that was uploaded before."""

    upload_id: UploadId


class SubmittedInput(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """What the person or program sends to the model: a prompt, files, or both."""

    prompt: str | None = None
    files: Annotated[list[UploadedFile], Meta(max_length=MAX_FILES)] = field(default_factory=list)
    params: dict[str, Any] = field(default_factory=dict)


class Submission(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Body of ``POST /v1/spaces/{space}/requests``."""

    input: SubmittedInput


class SpaceLimits(Struct, frozen=True, kw_only=True):
    """What the space takes and how long it waits."""

    max_prompt_bytes: int
    timeout_seconds: float
    queue_timeout_seconds: float
    max_queue_length: int


class FileRules(Struct, frozen=True, kw_only=True):
    """Which files a space takes.

    Attributes:
        accept: media types, such as ``image/png`` or ``audio/*``.
    """

    accept: list[str]
    max_files: int
    max_file_bytes: int


class WorkerView(Struct, frozen=True, kw_only=True):
    """A worker with a place in the space."""

    worker_id: str
    state: Literal["ready", "busy", "reconnecting", "draining", "paused"]
    since: Timestamp


class SpaceView(Struct, frozen=True, kw_only=True):
    """A space with its live state.

    Attributes:
        connected: whether a worker is connected that takes requests.
        state: the same in finer words.
        queue_length: requests that wait, without those that run.
        running: requests that run.
        eta_seconds: expected wait of a request submitted now; None if nobody can tell.
        last_seen: when a worker was last known to be connected; None if never.
        files: which files it takes; None if it takes none.
        visibility: who may use it: ``public``, ``members`` or ``private``.
        cover_url: where its picture is seen, for an hour; None if it has none.
        embed_origins: pages that may show it in a frame.
        when_offline: whether it keeps or refuses requests while no worker is connected.
        params_schema: JSON Schema of ``input.params``, as a worker declared it; None if none did,
            and in a list.
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


class SpaceList(Struct, frozen=True, kw_only=True):
    """Body of ``GET /v1/spaces``."""

    spaces: list[SpaceView]


class Me(Struct, frozen=True, kw_only=True):
    """Body of ``GET /v1/me``: who has signed in.

    Attributes:
        admin: whether the person administers the gateway.
    """

    user: str
    groups: list[str]
    admin: bool


class HistoryEntry(Struct, frozen=True, kw_only=True):
    """One of a person's own requests.

    Attributes:
        prompt: its first 200 characters.
    """

    request_id: str
    space: str
    status: RequestState
    created_at: Timestamp
    ended_at: Timestamp | None
    prompt: str
    error_type: str | None


class HistoryList(Struct, frozen=True, kw_only=True):
    """Body of ``GET /v1/me/requests``; a page may hold fewer than fit, even none."""

    requests: list[HistoryEntry]
    next_cursor: str | None


class AcceptedRequest(Struct, frozen=True, kw_only=True):
    """Body of the 202: the request is stored and will end exactly once.

    Attributes:
        queue_position: requests in front of it; 0 is next; None once it was handed over.
        eta_seconds: expected wait until it starts; None if nobody can tell.
        retry_after_ms: when to ask for its status.
        deadline: when it ends as ``TIMED_OUT`` if nobody started it.
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
    """The last progress that the worker told."""

    percent: float | None = None
    step: int | None = None
    total: int | None = None
    message: str | None = None


class RequestTimes(Struct, frozen=True, kw_only=True):
    """When the request was accepted, started and ended."""

    created_at: Timestamp
    started_at: Timestamp | None = None
    ended_at: Timestamp | None = None


class Partial(Struct, frozen=True, kw_only=True):
    """What the model has written since the last look.

    Attributes:
        text: to be appended to what was seen before.
        next_after: what to ask with (``?after=``) the next time.
        restarted: it is another attempt: what was seen before must be thrown away.
    """

    text: str
    next_after: str
    restarted: bool = False


class RequestStatus(Struct, frozen=True, kw_only=True):
    """Body of ``GET …/requests/{request_id}/status``.

    Attributes:
        queue_position: requests in front of it; 0 is next; only while it waits.
        queue_reason: why it waits.
        eta_seconds: expected time until it starts (waiting) or ends (running).
        retry_after_ms: when to ask again; None once it has ended.
        attempt: how often a worker started it, or was thought to.
        worker_id: who holds or ended it.
        partial: text that came since the last look; only while it runs, and if there is any.
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


class FileView(Struct, frozen=True, kw_only=True):
    """A file with addresses that work until ``expires_at``; size in bytes.

    Attributes:
        url: shows the file, if it may be shown.
        download_url: saves it under its name, whatever it is.
        inline: whether it is an image, a sound or a video that may be shown in a page; all else
            comes as a download of no type, so that nothing in it can run.
    """

    name: str
    content_type: str
    size: int
    url: str
    download_url: str
    inline: bool
    expires_at: Timestamp


class InputView(Struct, frozen=True, kw_only=True):
    """What was submitted."""

    prompt: str | None = None
    files: list[FileView] = field(default_factory=list)
    params: dict[str, Any] = field(default_factory=dict)


class OutputView(Struct, frozen=True, kw_only=True):
    """What the model answered."""

    text: str | None = None
    data: Any = None
    files: list[FileView] = field(default_factory=list)


class Metrics(Struct, frozen=True, kw_only=True):
    """Seconds that the request waited, and that the model worked."""

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


class ErrorBody(Struct, frozen=True, kw_only=True, omit_defaults=True):
    """Body of every error."""

    detail: Annotated[str, Meta(description="for a person")]
    error_type: Annotated[str, Meta(description="for a program; snake_case")]
    request_id: str | None = None


class ApiGatewayRefusal(Struct, frozen=True, kw_only=True):
    """Body of what API Gateway refuses itself, before any function runs."""

    message: str
