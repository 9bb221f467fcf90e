"""A short memory of requests by attempt, for messages that overtake each other."""

from collections import OrderedDict
from typing import Final

MAX_REMEMBERED: Final = 256


class RecentAttempts:
    """Remembers the newest attempt noted of each request; the oldest notes are forgotten."""

    def __init__(self) -> None:
        self._attempts: OrderedDict[str, int] = OrderedDict()

    def note(self, request_id: str, attempt: int) -> None:
        """Remember that attempt of that request."""
        self._attempts[request_id] = max(attempt, self._attempts.get(request_id, 0))
        self._attempts.move_to_end(request_id)
        if len(self._attempts) > MAX_REMEMBERED:
            self._attempts.popitem(last=False)

    def covers(self, request_id: str, attempt: int) -> bool:
        """Return whether this attempt, or a newer one, was noted."""
        return attempt <= self._attempts.get(request_id, 0)
