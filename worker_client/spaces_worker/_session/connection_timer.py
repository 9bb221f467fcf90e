"""What is due on the present link, whatever it is about: a ping after silence, and its renewal."""

import math
from collections.abc import Callable
from datetime import datetime
from typing import Final

from spaces_protocol.gateway_messages import Registered
from spaces_protocol.limits import PING_SECONDS, RENEW_BEFORE_SECONDS

MIN_PING_SECONDS: Final = 1.0
JITTER: Final = 0.1
"""Part of a link's life by which it may be renewed earlier, so that workers spread out."""


class ConnectionTimer:
    """Keeps the times of one link after another.

    Attributes:
        open: whether there is a link.
        registered: whether ``registered`` has arrived on it.
        renew_at: when its successor should be opened; infinity before ``registered``.

    Args:
        random_unit: returns numbers from 0 to 1.
        wall_clock: the time of day; it may be wrong.
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
        """A link is open."""
        self.open, self.registered, self.renew_at = True, False, math.inf
        self._sent_at = now

    def registered_with(self, reply: Registered, now: float) -> bool:
        """Take the gateway's times; returns whether it is the link's first answer."""
        self._ping_seconds = max(MIN_PING_SECONDS, reply.ping_seconds)
        first, self.registered = not self.registered, True
        if first:
            self.renew_at = now + self._lifetime(reply) * (1 - JITTER * self._random_unit())
        return first

    def sent(self, now: float) -> None:
        """Something went out."""
        self._sent_at = now

    def ping_due(self) -> float:
        """Return when it was silent for too long."""
        return self._sent_at + self._ping_seconds

    def _lifetime(self, reply: Registered) -> float:
        """Return the seconds that the link may live; the clock of this machine may be wrong."""
        seconds = (reply.renew_before - self._wall_clock()).total_seconds()
        return seconds if 0 < seconds < RENEW_BEFORE_SECONDS else RENEW_BEFORE_SECONDS
