"""A space as its administrator defined it, and whether it accepts requests."""

from typing import Final, Literal

from msgspec import Struct

from spaces.domain.access.quota import CallerLimits
from spaces.domain.errors import NoWorker, QueueFull, SpaceDisabled, SpaceError
from spaces.domain.queue.queue import DispatchLimits, Queue
from spaces.domain.queue.wait_estimate import expected_wait
from spaces.domain.timing import SECOND
from spaces_protocol.errors import ErrorType
from spaces_protocol.limits import ANONYMOUS_LIMITS, DEFAULT_INPUT_BYTES, USER_LIMITS

RETRY_WHEN_OFFLINE: Final = 30
MAX_FILE_BYTES_BY_DEFAULT: Final = 100 * 1024**2


class Definition(Struct, frozen=True, kw_only=True):
    """The settings of a space; durations are in milliseconds.

    Attributes:
        queue_timeout: How long a request may wait.
        timeout: How long a worker may spend on a request.
        max_workers: How many workers may have a place at the same time.
        when_offline: What to do with a submit while no worker is connected: ``queue`` or
            ``refuse``.
        prefetch: Whether the worker gets one request more than it can run, so that it can start
            that one without a round trip. Only has an effect with one place; see
            `DispatchLimits`.
        max_input_bytes: Maximum size of prompt, params and call together, as JSON.
        accept: Accepted media types, such as ``audio/*``; None means those of the features.
        max_files: Maximum number of files per request.
        max_file_bytes: Maximum size of each file.
        members: Names of the users who may use the space if it is private.
        requests_per_minute: Limit for all callers together; None means no limit.
        user_limits: Limits for each signed-in user.
        anonymous_limits: Limits for each network address.
        embed_origins: Origins whose pages may show the space in a frame.
        cover: Key of the cover image in the files bucket.
        presentation: Id of what people read about the space; None if nothing was written.
        version: Raised by every edit.
        deleting: Whether a deletion has begun; the space then accepts nothing.
    """

    space_id: str
    title: str
    created_at: int
    description: str = ""
    features: tuple[str, ...] = ("prompt",)
    visibility: str = "public"
    disabled: bool = False
    max_input_bytes: int = DEFAULT_INPUT_BYTES
    accept: tuple[str, ...] | None = None
    max_files: int = 1
    max_file_bytes: int = MAX_FILE_BYTES_BY_DEFAULT
    timeout: int = 120 * SECOND
    queue_timeout: int = 3600 * SECOND
    max_queue_length: int = 1_000
    max_workers: int = 1
    when_offline: Literal["queue", "refuse"] = "queue"
    prefetch: bool = False
    members: tuple[str, ...] = ()
    requests_per_minute: int | None = None
    user_limits: CallerLimits = CallerLimits(**USER_LIMITS._asdict())
    anonymous_limits: CallerLimits = CallerLimits(**ANONYMOUS_LIMITS._asdict())
    embed_origins: tuple[str, ...] = ()
    cover: str | None = None
    presentation: str | None = None
    version: int = 1
    updated_at: int = 0
    deleting: bool = False

    def is_later_than(self, made_at: int | None) -> bool:
        """Tell whether a secret is older than this space and was made for a deleted namesake.

        None means that its age is unknown.
        """
        return made_at is not None and made_at < self.created_at

    def dispatch_limits(self) -> DispatchLimits:
        """Return the settings that are copied into the queue."""
        return DispatchLimits(
            max_workers=self.max_workers,
            timeout=self.timeout,
            queue_timeout=self.queue_timeout,
            version=self.version,
            prefetch=self.prefetch,
        )


class EditConflict(SpaceError):
    """Someone else has edited the space since it was read.

    Attributes:
        current: The definition as it is now.
    """

    error_type = ErrorType.EDIT_CONFLICT

    def __init__(self, detail: str, *, current: Definition) -> None:
        super().__init__(detail)
        self.current = current


def check_enabled(definition: Definition) -> None:
    """Raise unless the space is enabled.

    Raises:
        SpaceDisabled: The space is disabled.
    """
    if definition.disabled:
        raise SpaceDisabled(
            f"The space {definition.space_id!r} is not accepting requests. "
            "Ask its administrator, or try again later."
        )


def check_room(definition: Definition, queue: Queue, now: int) -> None:
    """Raise unless the space can accept one more request now.

    Raises:
        SpaceDisabled: The space is disabled.
        NoWorker: No worker is connected, and the space does not queue without one.
        QueueFull: The queue is full.
    """
    check_enabled(definition)
    if definition.when_offline == "refuse" and not queue.workers:
        raise NoWorker(
            "No worker is connected, and this space accepts requests only while one is. "
            "Try again later.",
            retry_after_seconds=RETRY_WHEN_OFFLINE,
        )
    if queue.waiting >= definition.max_queue_length:
        wait = expected_wait(queue, 0, now)
        raise QueueFull(
            f"{queue.waiting:,} requests are already waiting, the maximum for this space. "
            "Try again later.",
            retry_after_seconds=max(5, min(60, (wait or 0) // SECOND)),
        )
