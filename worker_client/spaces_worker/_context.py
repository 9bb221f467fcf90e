"""What a function may know of its request, and how it tells its progress."""

import math
import threading
from collections.abc import Callable
from datetime import datetime
from typing import Any

from spaces_protocol.gateway_messages import Request
from spaces_protocol.limits import MAX_PROGRESS_MESSAGE_CHARS
from spaces_worker._progress import ProgressPoint
from spaces_worker._texts import clean_text


class RequestContext:
    """One request, as its function sees it; safe to use from any thread.

    Attributes:
        prompt: what the user wrote.
        params: further inputs, as the user gave them.
        request_id: names the request; whoever knows it can read the answer.
        space: the space that it was submitted to.
        attempt: how often it was handed to a worker; 1 is the first time.
        deadline: when the gateway gives up on it.
        cancelled: set as soon as nobody waits for the answer any more.
    """

    def __init__(self, request: Request, tell: Callable[[ProgressPoint], object]) -> None:
        self.prompt: str = request.input.prompt or ""
        self.params: dict[str, Any] = request.input.params
        self.request_id: str = request.request_id
        self.space: str = request.space
        self.attempt: int = request.attempt
        self.deadline: datetime = request.deadline
        self.cancelled = threading.Event()
        self._tell = tell

    def progress(
        self,
        percent: float | None = None,
        *,
        step: int | None = None,
        total: int | None = None,
        message: str | None = None,
    ) -> None:
        """Show the user how far it is. Call it as often as you like: it is sent once a second.

        Args:
            percent: 0 to 100.
            step: steps done.
            total: steps in all.
            message: a short line.
        """
        point = ProgressPoint(
            percent=_percent(percent),
            step=None if step is None else max(0, int(step)),
            total=None if total is None else max(0, int(total)),
            message=None if message is None else clean_text(message, MAX_PROGRESS_MESSAGE_CHARS),
        )
        self._tell(point)


def _percent(value: float | None) -> float | None:
    if value is None or math.isnan(value):
        return None
    return min(100.0, max(0.0, float(value)))
