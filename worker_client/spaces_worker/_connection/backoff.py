"""How long to wait before reconnecting, given how the last connection ended."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Final

from spaces_worker._runtime.random_unit import random_unit

START_SECONDS: Final = 0.5
CAP_SECONDS: Final = 60.0
STABLE_SECONDS: Final = 60.0
"""A connection that lasted this long counts as stable and resets the backoff."""
SERVED_SECONDS: Final = 10.0
SERVED_CEILING_FAILURES: Final = 3
"""A connection that lasted this long was useful: the wait after it is limited to a few seconds, so
that the worker returns within the gateway's grace period."""
MAX_ASKED_SECONDS: Final = 3600.0
"""Upper bound on Retry-After, so that a faulty gateway cannot keep a worker away for good."""
REFUSED_SECONDS: Final = (30.0, 60.0)
"""Range of the wait after a rejected token or for a duplicate worker id."""


@dataclass(frozen=True, slots=True, kw_only=True)
class LinkEnd:
    """How a connection, or the attempt to open one, ended.

    Attributes:
        reason: a sentence for the operator.
        lived_seconds: how long the connection was open; 0 if it never opened.
        status: HTTP status of a rejected handshake; None if there was no HTTP response.
        retry_after_seconds: the wait that the gateway asked for; None if it did not.
        replaced: whether another process with the same worker id keeps evicting this one.
    """

    reason: str
    lived_seconds: float = 0.0
    status: int | None = None
    retry_after_seconds: float | None = None
    replaced: bool = False

    @property
    def refused(self) -> bool:
        """Whether the gateway rejected the token or the worker."""
        return self.status in {401, 403}


ReconnectDelay = Callable[[LinkEnd], float]
"""Returns the seconds to wait, given how the last connection ended."""


class Backoff:
    """Capped exponential backoff with full jitter, which spreads out simultaneous reconnects.

    For the choice of full jitter see "Exponential Backoff And Jitter", AWS Architecture Blog.
    """

    def __init__(self, random_unit: Callable[[], float] = random_unit) -> None:
        self._random_unit = random_unit
        self._failures = 0

    def __call__(self, end: LinkEnd) -> float:
        """Return the seconds to wait after ``end``."""
        asked = min(MAX_ASKED_SECONDS, end.retry_after_seconds or 0.0)
        if end.refused or end.replaced:
            low, high = REFUSED_SECONDS
            return max(asked, low) + (high - low) * self._random_unit()
        if end.lived_seconds >= STABLE_SECONDS:
            self._failures = 0
        elif end.lived_seconds >= SERVED_SECONDS:
            self._failures = min(self._failures, SERVED_CEILING_FAILURES)
        ceiling = min(CAP_SECONDS, START_SECONDS * 2.0 ** min(self._failures, 16))
        self._failures += 1
        return asked + ceiling * self._random_unit()
