"""How many messages of one kind a connection may send, counted in this process.

A count in a table would cost more than most messages. API Gateway spreads a flood over several
processes, so the bound is this budget times their number, until the connection is closed.
"""

from collections import OrderedDict
from typing import Final, NamedTuple

from spaces.domain.timing import SECOND

MAX_CONNECTIONS: Final = 1_000
"""Connections remembered by one process; the one that was silent longest is forgotten first."""
WRONG_OUTPUT_MESSAGES: Final = 24
"""What a result with wrong files counts on top: it can be repeated, and costs a call for each."""


class Budget(NamedTuple):
    """What an honest worker never exceeds: so many messages at once, and so many a second."""

    burst: int
    per_second: float


class MessageBudget:
    """Token buckets, one per connection."""

    def __init__(self, budget: Budget) -> None:
        self._budget = budget
        self._left: OrderedDict[str, tuple[float, int]] = OrderedDict()

    def allows(self, connection_id: str, now: int) -> bool:
        """Count one message; tell whether the connection may send it.

        Args:
            connection_id: The connection.
            now: Milliseconds since 1970.
        """
        burst, per_second = self._budget
        left, since = self._left.pop(connection_id, (float(burst), now))
        left = min(burst, left + per_second * max(0, now - since) / SECOND)
        allowed = left >= 1
        self._left[connection_id] = left - allowed, now
        if len(self._left) > MAX_CONNECTIONS:
            self._left.popitem(last=False)
        return allowed

    def charge(self, connection_id: str, messages: int) -> None:
        """Count a message that was just allowed as so many more."""
        left, since = self._left[connection_id]
        self._left[connection_id] = left - messages, since
