"""Bodies of the administration API (``/v1/admin``), with the bounds of all settings.

Times are ISO-8601 in UTC; durations carry their unit in the name. A secret appears only in the
response that creates it.
"""

from datetime import datetime
from typing import Annotated, Any, Literal

from msgspec import Meta, Struct, field

from spaces_protocol import limits
from spaces_protocol.examples import GivenExample
from spaces_protocol.fields import (
    AcceptedType,
    Email,
    Label,
    NewUserName,
    NoteId,
    Origin,
    SpaceName,
    UploadId,
)
from spaces_protocol.limits import (
    DEFAULT_INPUT_BYTES,
    MAX_ABOUT_CHARS,
    MAX_EXAMPLES,
    MAX_FILE_BYTES,
    MAX_FILES,
    MAX_INPUT_BYTES,
    MAX_LINKS,
    MAX_SPACES_PER_WORKER,
)
from spaces_protocol.rest_bodies import Link
from spaces_protocol.webhook_bodies import WebhookView

Feature = Literal["prompt", "call", "audio", "video", "image", "file"]
Visibility = Literal["public", "members", "private"]
UserName = Annotated[str, Meta(min_length=1, max_length=128)]
PerMinute = Annotated[int, Meta(ge=1, le=100_000)]
Waiting = Annotated[int, Meta(ge=1, le=500)]
Bytes = Annotated[int, Meta(ge=0, le=10**15)]
SpaceNames = Annotated[list[SpaceName], Meta(min_length=1, max_length=MAX_SPACES_PER_WORKER)]
Days = Annotated[int, Meta(ge=1, le=3650)]


class Limits(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Limits of one caller; null means no limit. Omitted limits get the default of their kind."""

    requests_per_minute: PerMinute | None
    max_waiting: Waiting | None
    upload_bytes_per_day: Bytes | None


class UserLimits(Limits, frozen=True, kw_only=True):
    """Limits of each user."""

    requests_per_minute: PerMinute | None = limits.USER_LIMITS.requests_per_minute
    max_waiting: Waiting | None = limits.USER_LIMITS.max_waiting
    upload_bytes_per_day: Bytes | None = limits.USER_LIMITS.upload_bytes_per_day


class AnonymousLimits(Limits, frozen=True, kw_only=True):
    """Limits of each network address."""

    requests_per_minute: PerMinute | None = limits.ANONYMOUS_LIMITS.requests_per_minute
    max_waiting: Waiting | None = limits.ANONYMOUS_LIMITS.max_waiting
    upload_bytes_per_day: Bytes | None = limits.ANONYMOUS_LIMITS.upload_bytes_per_day


class KeyLimits(Limits, frozen=True, kw_only=True):
    """Limits of an API key."""

    requests_per_minute: PerMinute | None = limits.KEY_LIMITS.requests_per_minute
    max_waiting: Waiting | None = limits.KEY_LIMITS.max_waiting
    upload_bytes_per_day: Bytes | None = limits.KEY_LIMITS.upload_bytes_per_day


class SpaceSettings(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A space as administrators see and edit it.

    Attributes:
        about: what the model does, in Markdown.
        licence, model: under which terms the model may be used, and its name.
        links: where to read more.
        examples: inputs to try; null means those that the worker declares.
        version: raised by every edit; an edit must send the version that it is based on.
        cover_url, created_at, updated_at: set by the gateway; ignored in requests.
        deleting: whether a deletion has begun and must be repeated; also ignored in requests.
    """

    space: SpaceName
    title: Annotated[str, Meta(max_length=100)] = ""
    description: Annotated[str, Meta(max_length=2_000)] = ""
    features: Annotated[list[Feature], Meta(min_length=1, max_length=6)] = field(
        default_factory=lambda: ["prompt"]
    )
    accept: Annotated[list[AcceptedType], Meta(min_length=1, max_length=30)] | None = None
    max_files: Annotated[int, Meta(ge=1, le=MAX_FILES)] = 1
    max_file_bytes: Annotated[int, Meta(ge=1, le=MAX_FILE_BYTES)] = 100 * 1024**2
    max_input_bytes: Annotated[int, Meta(ge=1, le=MAX_INPUT_BYTES)] = DEFAULT_INPUT_BYTES
    visibility: Visibility = "public"
    members: Annotated[list[UserName], Meta(max_length=500)] = field(default_factory=list)
    timeout_seconds: Annotated[float, Meta(ge=1, le=3_600)] = 120
    queue_timeout_seconds: Annotated[float, Meta(ge=1, le=86_400)] = 3_600
    max_queue_length: Annotated[int, Meta(ge=1, le=1_000_000)] = 1_000
    max_workers: Annotated[int, Meta(ge=1, le=20)] = 1
    when_offline: Literal["queue", "refuse"] = "queue"
    prefetch: bool = False
    requests_per_minute: PerMinute | None = None
    user_limits: UserLimits = UserLimits()
    anonymous_limits: AnonymousLimits = AnonymousLimits()
    embed_origins: Annotated[list[Origin], Meta(max_length=20)] = field(default_factory=list)
    disabled: bool = False
    about: Annotated[str, Meta(max_length=MAX_ABOUT_CHARS)] = ""
    licence: Label = ""
    model: Label = ""
    links: Annotated[list[Link], Meta(max_length=MAX_LINKS)] = field(default_factory=list)
    examples: Annotated[list[GivenExample], Meta(max_length=MAX_EXAMPLES)] | None = None
    version: Annotated[int, Meta(ge=0)] = 0
    cover_url: str | None = None
    created_at: datetime | None = None
    updated_at: datetime | None = None
    deleting: bool = False


class SpaceSettingsList(Struct, frozen=True, kw_only=True):
    """Body of ``GET /v1/admin/spaces``.

    Attributes:
        unreadable: how many spaces were left out because they cannot be read.
    """

    spaces: list[SpaceSettings]
    next_cursor: str | None = None
    unreadable: int = 0


class ConflictBody(Struct, frozen=True, kw_only=True):
    """Body of the 409 response to an edit based on an older version."""

    detail: str
    error_type: str
    current: SpaceSettings


class DeletedSpace(Struct, frozen=True, kw_only=True):
    """What a deletion has ended; repeat it while requests are left."""

    cancelled: int
    left: int


class NewCover(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A cover image to upload; the size is in bytes."""

    content_type: Literal["image/png", "image/jpeg", "image/webp"]
    size: Annotated[int, Meta(ge=1, le=1024**2)]


class CoverUpload(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """The upload to use as the cover image."""

    upload_id: UploadId


class NewToken(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A worker token to create."""

    spaces: SpaceNames
    label: Label = ""
    expires_in_days: Days | None = None


class NewKey(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """An API key to create."""

    spaces: SpaceNames
    label: Label = ""
    expires_in_days: Days | None = None
    limits: KeyLimits = KeyLimits()


class Rotation(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """How long the older secrets stay valid."""

    overlap_hours: Annotated[float, Meta(ge=0, le=720)] = 24


CredentialState = Literal["active", "expired", "revoked", "rotating"]


class TokenView(Struct, frozen=True, kw_only=True, omit_defaults=True):
    """A worker token; ``token`` and ``command`` only when it is created.

    Attributes:
        open_connections: connections of an older secret that could not be closed.
    """

    token_id: str
    label: str
    spaces: list[str]
    state: CredentialState
    created_at: datetime
    created_by: str
    expires_at: datetime | None
    last_used_at: datetime | None
    token: str | None = None
    command: str | None = None
    open_connections: int = 0


class TokenList(Struct, frozen=True, kw_only=True):
    """Body of ``GET /v1/admin/tokens``."""

    tokens: list[TokenView]
    next_cursor: str | None = None


class KeyView(Struct, frozen=True, kw_only=True, omit_defaults=True):
    """An API key; ``key`` only when it is created."""

    key_id: str
    label: str
    spaces: list[str]
    limits: Limits
    state: CredentialState
    created_at: datetime
    created_by: str
    expires_at: datetime | None
    last_used_at: datetime | None
    key: str | None = None


class KeyList(Struct, frozen=True, kw_only=True):
    """Body of ``GET /v1/admin/keys``."""

    keys: list[KeyView]
    next_cursor: str | None = None


class Revoked(Struct, frozen=True, kw_only=True):
    """How many connections of a token were closed."""

    closed_connections: int


class RunningView(Struct, frozen=True, kw_only=True):
    """A request that a worker holds."""

    request_id: str
    since: datetime
    attempt: int
    percent: float | None = None
    message: str | None = None


class PlaceView(Struct, frozen=True, kw_only=True):
    """A worker's place in one space.

    Attributes:
        unreadable: how many of the requests that it runs were left out because they cannot be read.
    """

    space: str
    state: str
    capacity: int
    running: list[RunningView]
    unreadable: int = 0


class ConnectionView(Struct, frozen=True, kw_only=True):
    """A worker's connection.

    Attributes:
        last_active_at: when it was last active; null if unknown.
    """

    worker_id: str
    connection_id: str
    token_id: str
    agent: str
    connected_at: datetime
    last_active_at: datetime | None
    spaces: list[PlaceView]


class ConnectionList(Struct, frozen=True, kw_only=True):
    """Body of ``GET /v1/admin/workers``."""

    workers: list[ConnectionView]
    next_cursor: str | None = None


class NoticeText(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A message for a worker's operator."""

    text: Annotated[str, Meta(min_length=1, max_length=500)]


class RequestEntry(Struct, frozen=True, kw_only=True):
    """A request as administrators see it; wait and run times are in seconds."""

    request_id: str
    space: str
    status: str
    owner: str | None
    created_at: datetime
    started_at: datetime | None
    ended_at: datetime | None
    queue_time: float | None
    run_time: float | None
    worker_id: str | None
    attempt: int | None
    error: str | None
    error_type: str | None
    webhook: WebhookView | None = None


class RequestPage(Struct, frozen=True, kw_only=True):
    """Body of ``GET /v1/admin/requests``. A page may be short or even empty.

    Attributes:
        spaces_left_off: how many spaces were not searched: the least recently active ones.
        unreadable: how many requests were left out because they cannot be read.
    """

    requests: list[RequestEntry]
    next_cursor: str | None
    spaces_left_off: int = 0
    unreadable: int = 0


class Purge(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Which unfinished requests to cancel."""

    states: Annotated[list[Literal["IN_QUEUE", "IN_PROGRESS"]], Meta(min_length=1, max_length=2)]
    dry_run: bool = False


class Purged(Struct, frozen=True, kw_only=True):
    """How many requests were or would be cancelled; ``left`` did not fit into one call."""

    count: int
    left: int = 0


class Percentiles(Struct, frozen=True, kw_only=True):
    """Median and 95th percentile in seconds."""

    p50: float
    p95: float


class Bucket(Struct, frozen=True, kw_only=True, rename={"from_": "from"}):
    """What happened in one period; null if nothing was measured."""

    from_: datetime
    accepted: int
    completed: int
    failed: int
    cancelled: int
    timed_out: int
    queue_time: Percentiles | None
    run_time: Percentiles | None


class Activity(Struct, frozen=True, kw_only=True):
    """The activity of a space.

    Attributes:
        queue_time: of all requests that ended in the whole time, which the periods cannot tell.
        truncated: whether only the newest requests were counted.
        unreadable: how many requests were not counted because they cannot be read.
    """

    queue_length: int
    running: int
    eta_seconds: float | None
    workers: int
    buckets: list[Bucket]
    truncated: bool
    queue_time: Percentiles | None = None
    unreadable: int = 0


PeopleAction = Literal[
    "create_user",
    "invite_again",
    "make_administrator",
    "remove_administrator",
    "reset_password",
    "disable_user",
    "enable_user",
]
PersonState = Literal["active", "invited", "unconfirmed", "reset"]


class PersonView(Struct, frozen=True, kw_only=True):
    """A user as administrators see them.

    Attributes:
        email: the address; null if unknown.
        state: ``invited`` until the first sign-in; ``unconfirmed`` after signing up without
            confirming the address; ``reset`` while a new password must be chosen.
        disabled: whether they cannot sign in, whatever their state.
    """

    user: str
    email: str | None
    administrator: bool
    state: PersonState
    disabled: bool
    created_at: datetime


class PeopleList(Struct, frozen=True, kw_only=True):
    """Body of ``GET /v1/admin/people``."""

    people: list[PersonView]
    next_cursor: str | None = None


class Invitation(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A user to invite."""

    user: NewUserName
    email: Email
    administrator: bool = False


class PersonAction(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A change to a user's rights, or another invitation."""

    user: UserName
    action: Literal[
        "make_administrator", "remove_administrator", "disable_user", "enable_user", "invite_again"
    ]


class PeopleChange(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A change to a user account, which the command line makes in the user pool.

    Attributes:
        note_id: id of the entry for the beginning of the change; None in that entry itself.
    """

    action: PeopleAction
    user: UserName
    outcome: Literal["begun", "done", "refused"] = "begun"
    note_id: NoteId | None = None


class AuditedChange(Struct, frozen=True, kw_only=True):
    """The id under which to report the outcome."""

    note_id: str


class AuditView(Struct, frozen=True, kw_only=True):
    """One administrative change."""

    at: datetime
    who: str
    action: str
    target: str
    outcome: str
    before: Any
    after: Any


class AuditList(Struct, frozen=True, kw_only=True):
    """Body of ``GET /v1/admin/audit``, newest first."""

    entries: list[AuditView]
    next_cursor: str | None
