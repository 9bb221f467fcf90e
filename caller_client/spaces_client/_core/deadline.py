"""Until when a caller waits."""

import math
from dataclasses import dataclass
from numbers import Real
from typing import Final

from spaces_client._core.api import Api
from spaces_client._errors import UsageError, WaitTimedOut

_SLACK: Final = 5.0
"""How long a call may take that begins when the time of its caller is up."""


def check_timeout(seconds: object) -> None:
    """Check how long a caller wants to wait.

    Raises:
        UsageError: it is no number of seconds.
    """
    if seconds is not None and not (isinstance(seconds, Real) and not math.isnan(seconds)):
        raise UsageError(f"timeout must be a number of seconds, or None, but it is {seconds!r}.")


def check_step_timeout(seconds: object) -> None:
    """Check how long to wait for each step of a call.

    Raises:
        UsageError: it is no finite number above 0.
    """
    if not (isinstance(seconds, Real) and 0 < float(seconds) < math.inf):
        raise UsageError(f"timeout must be a number of seconds above 0, but it is {seconds!r}.")


@dataclass(frozen=True, slots=True)
class Deadline:
    """A time by the clock of the `Api`; None means no limit."""

    at: float | None

    @classmethod
    def after(cls, api: Api, seconds: float | None) -> "Deadline":
        """Return the deadline that is some seconds away.

        Raises:
            UsageError: they are no number of seconds.
        """
        check_timeout(seconds)
        return cls(None if seconds is None else api.clock() + seconds)

    def left(self, api: Api) -> float:
        """Return the seconds until then."""
        return float("inf") if self.at is None else self.at - api.clock()

    def of_call(self, api: Api, timeout: float) -> float:
        """Return the time-out of a call that does not keep its caller waiting for long."""
        return min(timeout, max(0.0, self.left(api)) + _SLACK)

    def cut(self, api: Api, request_id: str, seconds: float) -> float:
        """Return a pause that does not last longer than the caller waits.

        Raises:
            WaitTimedOut: the time is over.
        """
        left = self.left(api)
        if left <= 0:
            raise WaitTimedOut(request_id)
        return min(seconds, left)


NO_DEADLINE: Final = Deadline(None)
