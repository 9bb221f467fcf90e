"""Recognises that two processes with the same worker id take each other's place for ever."""

from collections import deque
from typing import Final

from websockets.frames import CloseCode

SUSPICIOUS_CLOSES: Final = 3
"""So many closed links within `WINDOW_SECONDS` are no chance."""
WINDOW_SECONDS: Final = 600.0


class DuplicateWorkerDetector:
    """Counts links that the gateway closed in good order, though none of us wanted that.

    It does so when a newer connection takes the place of the same worker id; a network that fails
    and the end of a socket's life look different.
    """

    def __init__(self) -> None:
        self._closes: deque[float] = deque(maxlen=SUSPICIOUS_CLOSES)

    def is_duplicate(self, close_code: int | None, now: float) -> bool:
        """Note how a link ended that was not replaced by this process itself.

        Args:
            close_code: the gateway's, if it gave one.
            now: the time in seconds.

        Returns:
            Whether there is another process with this worker id.
        """
        if close_code != CloseCode.NORMAL_CLOSURE:
            return False
        self._closes.append(now)
        return len(self._closes) == SUSPICIOUS_CLOSES and now - self._closes[0] < WINDOW_SECONDS
