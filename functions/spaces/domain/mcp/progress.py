"""Progress notifications of a call that streams."""

from dataclasses import dataclass
from typing import Any, Final

from spaces.domain.mcp.tasks import status_message
from spaces_protocol.rest_bodies import RequestStatus

_LEAST: Final = 0.001
"""How much a notification rises above the last one if the model reports no higher step: the
protocol wants each to be higher."""


@dataclass
class ProgressMaker:
    """Makes the notifications of one call.

    Attributes:
        token: By what the client knows the call.
    """

    token: str | int
    reached: float = 0

    def notification(self, status: RequestStatus) -> dict[str, Any]:
        """Return the next notification."""
        done, total = _share(status)
        self.reached = round(max(done, self.reached + _LEAST), 3)
        params = {"progressToken": self.token, "progress": self.reached}
        if total is not None and total >= self.reached:
            params["total"] = total
        message = {"message": status_message(status)}
        return {
            "jsonrpc": "2.0",
            "method": "notifications/progress",
            "params": {**params, **message},
        }


def _share(status: RequestStatus) -> tuple[float, float | None]:
    """Return how far the model is, and how far it goes; None if it does not say."""
    progress = status.progress
    if progress is None:
        return 0, None
    if progress.step is not None and progress.total:
        return progress.step, progress.total
    return (0, None) if progress.percent is None else (progress.percent, 100)
