"""How long to wait before the next attempt to link: a pure policy, told how the last link ended."""

import random
from collections.abc import Callable
from dataclasses import dataclass
from typing import Final

START_SECONDS: Final = 0.5
CAP_SECONDS: Final = 60.0
STABLE_SECONDS: Final = 60.0
"""A link that lived this long counts as good: the next wait is short again."""
SERVED_SECONDS: Final = 10.0
SERVED_CEILING_FAILURES: Final = 3
"""A link that lived this long was of use: the wait after it has a ceiling of a few seconds, so that
its worker is back within the grace that the gateway gives it."""
MAX_ASKED_SECONDS: Final = 3600.0
"""Asked for a longer wait, it tries again all the same: a mistake there must not end this here."""
REFUSED_SECONDS: Final = (30.0, 60.0)
"""Range of the wait after a refused token, or if a twin takes the place: no hurry helps."""


@dataclass(frozen=True, slots=True, kw_only=True)
class LinkEnd:
    """How a link, or the attempt to open one, ended.

    Attributes:
        reason: a sentence for the operator.
        lived_seconds: how long it was open; 0 if it never was.
        status: HTTP status of a refused handshake; None if there was no such answer.
        retry_after_seconds: what the gateway asked to wait; None if it did not.
        replaced: whether another process with the same worker id keeps taking the place.
    """

    reason: str
    lived_seconds: float = 0.0
    status: int | None = None
    retry_after_seconds: float | None = None
    replaced: bool = False

    @property
    def refused(self) -> bool:
        """Whether the gateway knows the token or the worker and says no."""
        return self.status in {401, 403}


ReconnectDelay = Callable[[LinkEnd], float]
"""Seconds to wait, told how the last link ended."""


class Backoff:
    """Capped exponential wait with full jitter: workers that lost their links at once spread out.

    See "Exponential Backoff And Jitter" of the AWS Architecture Blog for the choice of full jitter.
    """

    def __init__(self, random_unit: Callable[[], float] = random.random) -> None:
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
