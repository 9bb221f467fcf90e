"""Pacing of progress messages: often enough to keep the lease, rarely enough to stay cheap."""

from dataclasses import dataclass
from typing import Final

MIN_GAP_SECONDS: Final = 1.0
"""Minimum time between two progress messages of a request."""
BEATS_PER_LEASE: Final = 3
"""Heartbeats per lease, so that two can get lost before the lease expires."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ProgressPoint:
    """The latest progress that a function reported; each field may be missing."""

    percent: float | None = None
    step: int | None = None
    total: int | None = None
    message: str | None = None


NO_PROGRESS: Final = ProgressPoint()


@dataclass(slots=True)
class Pace:
    """When the next progress message of one request is due.

    Attributes:
        since: when the last one was sent, or the request arrived.
        point: the latest progress; each heartbeat repeats it, because a message replaces the
            progress shown before.
        unsent: whether ``point`` has not been sent yet.
    """

    since: float
    point: ProgressPoint = NO_PROGRESS
    unsent: bool = False

    def update(self, point: ProgressPoint) -> None:
        """Keep ``point`` for the next message, replacing an earlier one."""
        self.point = point
        self.unsent = True

    def due(self, lease_seconds: float) -> float:
        """Return when the next message should go out."""
        beat = lease_seconds / BEATS_PER_LEASE
        return self.since + (min(MIN_GAP_SECONDS, beat) if self.unsent else beat)

    def sent(self, now: float) -> None:
        """Record that ``point`` was sent."""
        self.since = now
        self.unsent = False
