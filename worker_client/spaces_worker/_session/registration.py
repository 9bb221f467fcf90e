"""When to send ``register``, and what to tell the operator about the replies."""

import logging
import math
from collections.abc import Callable
from typing import Final

from spaces_protocol.gateway_messages import AcceptedSpace, ErrorReply, Registered, RejectedSpace
from spaces_worker._log import wing_logger

REPEAT_SECONDS: Final = 5.0
REPEAT_CAP_SECONDS: Final = 30.0
SELDOM_SECONDS: Final = 300.0
"""Wait after a permanent rejection; the space may still be created later."""
MIN_RETRY_SECONDS: Final = 1.0
JITTER: Final = 0.5
"""Fraction of the requested wait that is added at random."""

_logger: Final = wing_logger(__name__)


class Registration:
    """Decides when ``register`` is sent, and logs what changed.

    Attributes:
        due: when to send ``register`` next; infinity if it is not needed.
    """

    def __init__(self, random_unit: Callable[[], float]) -> None:
        self.due = math.inf
        self._sent_at = -math.inf
        self._wait = REPEAT_SECONDS
        self._random_unit = random_unit
        self._last_logged: dict[str, str] = {}

    def request_now(self, now: float) -> None:
        """Send ``register`` as soon as possible."""
        self.due = now
        self._wait = REPEAT_SECONDS

    def request_again(self, now: float) -> None:
        """Send it again, but not in a tight loop with the gateway's replies."""
        self.due = min(self.due, max(now, self._sent_at + REPEAT_SECONDS))

    def sent(self, now: float) -> None:
        """Schedule the repetition in case no reply arrives."""
        self._sent_at = now
        self.due = now + self._wait
        self._wait = min(REPEAT_CAP_SECONDS, self._wait * 1.5)

    def not_needed(self) -> None:
        """Do not send ``register`` until there is a new reason."""
        self.due = math.inf

    def answered(self, reply: Registered, now: float) -> None:
        """Process ``registered``: finish, or ask again for the rejected spaces."""
        self._wait = REPEAT_SECONDS
        waits = [self._retry_wait(space) for space in reply.rejected]
        self.due = min((now + wait for wait in waits), default=math.inf)
        for accepted in reply.accepted:
            self._log(accepted.space, _serving(accepted), logging.INFO)
        for rejected in reply.rejected:
            self._log_rejected(rejected)

    def refused(self, error: ErrorReply, now: float) -> None:
        """Process an error that names no request, which may be the reply to ``register``."""
        if math.isfinite(self.due):
            self.due = now + REPEAT_CAP_SECONDS
        self._log("", f"The gateway did not accept a message: {error.detail}", logging.WARNING)

    def _retry_wait(self, rejected: RejectedSpace) -> float:
        asked = rejected.retry_after_seconds
        wait = SELDOM_SECONDS if asked is None else max(MIN_RETRY_SECONDS, asked)
        return wait * (1 + JITTER * self._random_unit())

    def _log_rejected(self, rejected: RejectedSpace) -> None:
        often = "every few minutes" if rejected.retry_after_seconds is None else "regularly"
        text = f"Not serving the space {rejected.space}: {rejected.detail} Retrying {often}."
        self._log(rejected.space, text, logging.WARNING)

    def _log(self, topic: str, text: str, level: int) -> None:
        # The same reply can arrive for months; log it once.
        repeated = self._last_logged.get(topic) == text
        self._last_logged[topic] = text
        _logger.log(logging.DEBUG if repeated else level, "%s", text)


def _serving(accepted: AcceptedSpace) -> str:
    text = f"Serving the space {accepted.space}."
    return text if accepted.page_url is None else f"{text} Try it: {accepted.page_url}"
