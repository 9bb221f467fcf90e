"""When the current connection needs a ping, and when it must be renewed."""

import math
from collections.abc import Callable
from datetime import datetime
from typing import Final

from spaces_protocol.gateway_messages import Registered
from spaces_protocol.limits import PING_SECONDS, RENEW_BEFORE_SECONDS

MIN_PING_SECONDS: Final = 1.0
JITTER: Final = 0.1
"""Fraction of its lifetime by which a connection may be renewed early, to spread out workers."""


class ConnectionTimer:
    """Tracks the times of one connection after another.

    Attributes:
        open: whether there is a connection.
        registered: whether ``registered`` has arrived on it.
        renew_at: when to open its successor; infinity before ``registered``.

    Args:
        random_unit: returns numbers from 0 to 1.
        wall_clock: returns the time of day, which may be wrong.
    """

    def __init__(
        self, random_unit: Callable[[], float], wall_clock: Callable[[], datetime]
    ) -> None:
        self._random_unit = random_unit
        self._wall_clock = wall_clock
        self._sent_at = 0.0
        self._ping_seconds = float(PING_SECONDS)
        self.open = False
        self.registered = False
        self.renew_at = math.inf

    def opened(self, now: float) -> None:
        """Record that a connection has opened."""
        self.open, self.registered, self.renew_at = True, False, math.inf
        self._sent_at = now

    def registered_with(self, reply: Registered, now: float) -> bool:
        """Take the gateway's times; return whether this ``registered`` is the first."""
        self._ping_seconds = max(MIN_PING_SECONDS, reply.ping_seconds)
        first, self.registered = not self.registered, True
        if first:
            self.renew_at = now + self._lifetime(reply) * (1 - JITTER * self._random_unit())
        return first

    def sent(self, now: float) -> None:
        """Record that a message was sent."""
        self._sent_at = now

    def ping_due(self) -> float:
        """Return when to send a ping if no other message is sent."""
        return self._sent_at + self._ping_seconds

    def _lifetime(self, reply: Registered) -> float:
        """Return the connection's lifetime in seconds, even if the clock is wrong."""
        seconds = (reply.renew_before - self._wall_clock()).total_seconds()
        return seconds if 0 < seconds < RENEW_BEFORE_SECONDS else RENEW_BEFORE_SECONDS
