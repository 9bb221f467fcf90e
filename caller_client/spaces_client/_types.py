"""What the API answers.

Fields that a newer gateway adds are ignored, and names are plain text where it may add new ones:
a client must not fail because its gateway was updated.
"""

from datetime import datetime
from typing import Any, Final

from msgspec import Struct, field


class SpaceLimits(Struct, frozen=True, kw_only=True):
    """What a space accepts and how long its requests may take.

    Attributes:
        max_input_bytes: largest prompt, params and call together, in bytes of JSON.
        timeout_seconds: how long a request may run.
        queue_timeout_seconds: how long it may wait for a worker.
        max_queue_length: how many requests may wait.
    """

    max_input_bytes: int
    timeout_seconds: float
    queue_timeout_seconds: float
    max_queue_length: int


class FileRules(Struct, frozen=True, kw_only=True):
    """Which files a space accepts.

    Attributes:
        accept: media types, such as ``image/png`` or ``audio/*``.
        max_files: how many files one request may have.
        max_file_bytes: largest size of a file in bytes.
    """

    accept: list[str]
    max_files: int
    max_file_bytes: int


class Space(Struct, frozen=True, kw_only=True):
    """A space with its live state.

    Attributes:
        space: its name, as you pass it to ``run``.
        title: its name for people.
        description: what it does; may be empty.
        features: what it takes: ``prompt``, ``call``, ``audio``, ``video``, ``image``, ``file``.
        limits: sizes and times.
        connected: whether a connected worker accepts requests.
        state: the same in more detail, such as ``ready``, ``busy`` or ``offline``.
        queue_length: number of waiting requests.
        running: number of running requests.
        eta_seconds: expected wait of a request submitted now; None if unknown.
        last_seen: when a worker was last connected; None if never.
        visibility: ``public``, ``members`` or ``private``.
        files: which files it accepts; None if it accepts none.
        when_offline: ``queue`` or ``refuse``: what happens to requests while no worker is there.
        params_schema: JSON Schema of ``params``; None if there is none, and in lists.
        endpoints: endpoints of the OpenAI API that it serves; empty in lists.
        disabled: whether an administrator has turned it off.
    """

    space: str
    title: str
    description: str
    features: list[str]
    limits: SpaceLimits
    connected: bool
    state: str
    queue_length: int
    running: int
    eta_seconds: float | None
    last_seen: datetime | None
    visibility: str
    files: FileRules | None = None
    when_offline: str = "queue"
    params_schema: dict[str, Any] | None = None
    endpoints: list[str] = field(default_factory=list)
    disabled: bool = False


class SpaceList(Struct, frozen=True, kw_only=True):
    """A list of spaces."""

    spaces: list[Space]


class Progress(Struct, frozen=True, kw_only=True):
    """The last progress that the worker reported.

    Attributes:
        percent: 0 to 100.
        step: number of the current step.
        total: number of steps.
        message: what the worker is doing, for a person.
    """

    percent: float | None = None
    step: int | None = None
    total: int | None = None
    message: str | None = None


class Times(Struct, frozen=True, kw_only=True):
    """When the request was accepted, started and ended, in UTC."""

    created_at: datetime
    started_at: datetime | None = None
    ended_at: datetime | None = None


class Chunk(Struct, frozen=True, kw_only=True):
    """A chunk of a streamed answer."""

    text: str
    deltas: list[Any] = field(default_factory=list)


class Partial(Struct, frozen=True, kw_only=True):
    """What the model has written since the last poll."""

    text: str
    next_after: str
    restarted: bool = False
    chunks: list[Chunk] | None = None


class Accepted(Struct, frozen=True, kw_only=True):
    """The gateway's answer to a submit."""

    request_id: str
    retry_after_ms: int | None = None


class Status(Struct, frozen=True, kw_only=True):
    """The state of a request.

    Attributes:
        request_id: the request.
        space: its space.
        status: ``IN_QUEUE``, ``IN_PROGRESS``, ``COMPLETED``, ``FAILED``, ``CANCELLED`` or
            ``TIMED_OUT``; the last four are final.
        times: when it was accepted, started and ended.
        queue_position: number of requests ahead of it; 0 is next; only while it waits.
        queue_reason: why it waits, such as ``worker_busy`` or ``no_worker``.
        eta_seconds: expected time until it starts (waiting) or ends (running).
        retry_after_ms: when to ask again, in milliseconds; None once it has ended.
        progress: the worker's last report.
        attempt: how often it has been dispatched to a worker.
        error: why it failed, for a person.
        error_type: why it failed, for programs.
        deadline: when it ends if no worker has started it.
        metadata: the metadata of the submit.
    """

    request_id: str
    space: str
    status: str
    times: Times
    queue_position: int | None = None
    queue_reason: str | None = None
    eta_seconds: float | None = None
    retry_after_ms: int | None = None
    progress: Progress | None = None
    attempt: int | None = None
    error: str | None = None
    error_type: str | None = None
    deadline: datetime | None = None
    partial: Partial | None = None
    metadata: dict[str, str] = field(default_factory=dict)

    @property
    def ended(self) -> bool:
        """Whether the request has ended, with or without an answer."""
        return self.retry_after_ms is None


COMPLETED: Final = "COMPLETED"
"""The only state of a request that has a result."""


class FileView(Struct, frozen=True, kw_only=True):
    """A file of a result.

    Attributes:
        name: its name, without a folder.
        content_type: its media type, as the worker declared it.
        size: its size in bytes.
        url: displays it where that is safe.
        download_url: downloads it.
        expires_at: until when both addresses are valid.
    """

    name: str
    content_type: str
    size: int
    url: str
    download_url: str
    expires_at: datetime


class Output(Struct, frozen=True, kw_only=True):
    """The answer of the model."""

    text: str | None = None
    data: Any = None
    files: list[FileView] = field(default_factory=list)


class Usage(Struct, frozen=True, kw_only=True):
    """Tokens, as far as the model reports them."""

    input_tokens: int | None = None
    output_tokens: int | None = None
    total_tokens: int | None = None


class Metrics(Struct, frozen=True, kw_only=True):
    """How long the request waited and the model worked, in seconds."""

    queue_time: float | None = None
    inference_time: float | None = None


class StoredResult(Struct, frozen=True, kw_only=True):
    """A result as the API shows it."""

    request_id: str
    space: str
    status: str
    times: Times
    output: Output | None = None
    confidence: float | None = None
    model: str | None = None
    usage: Usage | None = None
    metrics: Metrics | None = None
    attempt: int | None = None
    error: str | None = None
    error_type: str | None = None
    retry_after_ms: int | None = None
    metadata: dict[str, str] = field(default_factory=dict)


class HistoryEntry(Struct, frozen=True, kw_only=True):
    """One of your own requests.

    Attributes:
        request_id: the request.
        space: its space.
        status: as in `Status`.
        created_at: when it was submitted.
        ended_at: when it ended; None if it has not.
        prompt: the first 200 characters of the prompt.
        error_type: why it failed, for programs.
    """

    request_id: str
    space: str
    status: str
    created_at: datetime
    ended_at: datetime | None
    prompt: str
    error_type: str | None


class HistoryList(Struct, frozen=True, kw_only=True):
    """A page of the history; it may be empty and still have a next one."""

    requests: list[HistoryEntry]
    next_cursor: str | None


class Part(Struct, frozen=True, kw_only=True):
    """Where to put a part of a file: ``size`` bytes from ``offset``."""

    number: int
    offset: int
    size: int
    url: str


class Multipart(Struct, frozen=True, kw_only=True):
    """What remains to be uploaded of a file in parts."""

    multipart_id: str
    arrived_bytes: int
    parts: list[Part]


class UploadAddress(Struct, frozen=True, kw_only=True):
    """Where to upload a file."""

    upload_id: str
    url: str
    fields: dict[str, str]
    multipart: Multipart | None = None


class ErrorBody(Struct, frozen=True, kw_only=True):
    """Body of an error: the API's own, or ``message`` of API Gateway in front of it."""

    detail: str = ""
    error_type: str = ""
    message: str = ""


class StreamedText(Struct, frozen=True, kw_only=True):
    """Data of the events ``text``, ``restart`` and ``delta``."""

    text: str
    deltas: list[Any] = field(default_factory=list)


class StreamEnd(Struct, frozen=True, kw_only=True):
    """Data of the event ``done``."""

    request_id: str
    status: str
    error: str | None = None
    error_type: str | None = None


class WebhookSecret(Struct, frozen=True, kw_only=True):
    """The secret with which webhooks of an API key are signed."""

    secret: str
