"""Detects two processes with the same worker id evicting each other."""

from collections import deque
from typing import Final

from websockets.frames import CloseCode

from spaces_worker._connection.backoff import STABLE_SECONDS

SUSPICIOUS_CLOSES: Final = 3
"""This many closed connections within `WINDOW_SECONDS` cannot be a coincidence."""
WINDOW_SECONDS: Final = 600.0


class DuplicateWorkerDetector:
    """Counts connections that the gateway closed normally without this process asking for it.

    The gateway does so when a newer connection uses the same worker id. A network failure, or the
    maximum age of a connection, ends a connection differently. A gateway that shuts down also
    closes normally, but rarely shortly after the connection began; two workers that evict each
    other never have one for long.
    """

    def __init__(self) -> None:
        self._closes: deque[float] = deque(maxlen=SUSPICIOUS_CLOSES)

    def is_duplicate(self, close_code: int | None, lived_seconds: float, now: float) -> bool:
        """Record the end of a connection that this process did not replace itself.

        Args:
            close_code: the gateway's close code; None if there was none.
            lived_seconds: how long the connection was open. One that was stable is no eviction,
                and shows that the earlier ones are over.
            now: the time in seconds.

        Returns:
            Whether another process uses this worker id.
        """
        if lived_seconds >= STABLE_SECONDS:
            self._closes.clear()
            return False
        if close_code != CloseCode.NORMAL_CLOSURE:
            return False
        self._closes.append(now)
        return len(self._closes) == SUSPICIOUS_CLOSES and now - self._closes[0] < WINDOW_SECONDS
