"""A space as its administrator defined it, and what may be submitted to it."""

from typing import Final, Literal

from msgspec import Struct

from spaces.domain.access.quota import CallerLimits
from spaces.domain.errors import NoWorker, QueueFull, SpaceDisabled, SpaceError
from spaces.domain.queue.queue import DispatchLimits, Queue
from spaces.domain.queue.wait_estimate import expected_wait
from spaces.domain.timing import SECOND
from spaces_protocol.errors import ErrorType
from spaces_protocol.limits import ANONYMOUS_LIMITS, MAX_PROMPT_BYTES, USER_LIMITS

RETRY_WHEN_OFFLINE: Final = 30
MAX_FILE_BYTES_BY_DEFAULT: Final = 100 * 1024**2


class Definition(Struct, frozen=True, kw_only=True):
    """What an administrator said of a space; durations in milliseconds.

    Attributes:
        queue_timeout: how long a request may wait.
        timeout: how long a worker may spend on a request.
        max_workers: how many workers may have a place at the same time.
        when_offline: what happens to a submit while no worker is connected: ``queue`` or
            ``refuse``.
        prefetch: whether its worker is handed one request more than it can run, to start it
            without a round trip; of effect where there is one place, see `DispatchLimits`.
        accept: media types of its files, such as ``audio/*``; None takes what the features say.
        max_files, max_file_bytes: of one request, and of each of its files.
        members: names of the users who may use it if it is private.
        requests_per_minute: of all callers together; None is no limit.
        user_limits, anonymous_limits: of each person, and of each network address.
        embed_origins: pages that may show it in a frame.
        cover: key of its picture in the files bucket.
        version: raised by every edit.
        deleting: whether it is on its way out; it takes nothing any more.
    """

    space_id: str
    title: str
    created_at: int
    description: str = ""
    features: tuple[str, ...] = ("prompt",)
    visibility: str = "public"
    disabled: bool = False
    max_prompt_bytes: int = MAX_PROMPT_BYTES
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
    version: int = 1
    updated_at: int = 0
    deleting: bool = False

    def is_later_than(self, made_at: int | None) -> bool:
        """Tell whether a secret was made for an earlier space of the name; None is unknown."""
        return made_at is not None and made_at < self.created_at

    def dispatch_limits(self) -> DispatchLimits:
        """Return the part that is copied into the queue."""
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
    """Raise unless the space takes anything at all.

    Raises:
        SpaceDisabled: it does not.
    """
    if definition.disabled:
        raise SpaceDisabled(
            f"The space {definition.space_id!r} takes nothing at present. "
            "Ask its administrator, or try again later."
        )


def check_room(definition: Definition, queue: Queue, now: int) -> None:
    """Raise unless the space takes one request more now.

    Raises:
        SpaceDisabled, NoWorker, QueueFull: as their names say.
    """
    check_enabled(definition)
    if definition.when_offline == "refuse" and not queue.workers:
        raise NoWorker(
            "No worker is connected, and this space takes requests only while one is. "
            "Try again later.",
            retry_after_seconds=RETRY_WHEN_OFFLINE,
        )
    if queue.waiting >= definition.max_queue_length:
        wait = expected_wait(queue, 0, now)
        raise QueueFull(
            f"{queue.waiting:,} requests already wait, the most that this space allows. "
            "Try again later.",
            retry_after_seconds=max(5, min(60, (wait or 0) // SECOND)),
        )
