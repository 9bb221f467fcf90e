"""Pacing of progress: often enough to keep the lease, seldom enough to stay cheap."""

from dataclasses import dataclass
from typing import Final

MIN_GAP_SECONDS: Final = 1.0
"""Least time between two progress messages of a request."""
BEATS_PER_LEASE: Final = 3
"""Two beats may get lost before the gateway takes the request away."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ProgressPoint:
    """What a function last told about its progress; each field may be missing."""

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
        point: the newest progress; sent again with each beat, so that none erases it.
        news: whether ``point`` has not been sent yet.
    """

    since: float
    point: ProgressPoint = NO_PROGRESS
    unsent: bool = False

    def update(self, point: ProgressPoint) -> None:
        """Keep ``point`` for the next message; the last one wins."""
        self.point = point
        self.unsent = True

    def due(self, lease_seconds: float) -> float:
        """Return when the next message should go out."""
        beat = lease_seconds / BEATS_PER_LEASE
        return self.since + (min(MIN_GAP_SECONDS, beat) if self.unsent else beat)

    def sent(self, now: float) -> None:
        """Note that ``point`` went out."""
        self.since = now
        self.unsent = False
