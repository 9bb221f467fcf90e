"""Sweep timers: one-shot schedules of EventBridge Scheduler that delete themselves."""

import string
from collections.abc import Callable
from typing import Final, NamedTuple

import msgspec
from botocore.exceptions import BotoCoreError, ClientError

from spaces.adapters.one_shot_runs import Clients, TimerTarget, run_at, run_soon
from spaces.domain.timing import SECOND
from spaces.services.ports.gateway import ArmOutcome

UNANSWERED_PAUSE: Final = 5 * SECOND
"""How long a scheduler that did not answer is not asked again. Each such call takes seconds that
the invocation needs to dispatch requests."""
START_PAUSE: Final = 30 * SECOND
"""How long after starting a sweep of a space the same process starts no other one of it, unless
that one belongs to a chain which ends sooner."""
_MOST_STARTED: Final = 1_000
_DIGITS: Final = string.digits + string.ascii_lowercase
_EXISTS: Final = "ConflictException"
_REFUSED: Final = "ValidationException"


class _Started(NamedTuple):
    """When a sweep was started, and the chain of sweeps that it continues."""

    at: int
    began: int


class Schedules:
    """SweepTimers, as `spaces.services.ports.gateway.SweepTimers`.

    Args:
        clients: The clients of EventBridge Scheduler and Lambda.
        target: What a timer invokes.
        now: Returns milliseconds since 1970. None forgets failures at once, so that each call
            depends on its arguments only.
    """

    def __init__(
        self, clients: Clients, target: TimerTarget, now: Callable[[], int] | None = None
    ) -> None:
        self._clients = clients
        self._target = target
        self._now = now
        self._silent_until = 0
        self._started: dict[tuple[str, int | None], _Started] = {}

    def arm(self, space_id: str, at: int, ticket: int | None = None) -> ArmOutcome:
        """Create the schedule for this space, second and ticket, unless it exists.

        A name that exists is a timer that an earlier try created, because its name contains the
        time.

        AWS does not document what it answers for a time in the past. Some report a
        ValidationException, some an invocation at once; both are handled.
        """
        if self._now and self._now() < self._silent_until:
            return ArmOutcome.UNAVAILABLE
        second = -(-at // SECOND)
        try:
            run_at(
                self._clients,
                self._target,
                name=_name(space_id, second, ticket),
                second=second,
                payload=_payload(space_id, second * SECOND, ticket=ticket),
            )
        except ClientError as error:
            code = error.response["Error"]["Code"]
            if code == _EXISTS:
                return ArmOutcome.ARMED
            return ArmOutcome.IN_THE_PAST if code == _REFUSED else ArmOutcome.UNAVAILABLE
        except BotoCoreError:
            if self._now:
                self._silent_until = self._now() + UNANSWERED_PAUSE
            return ArmOutcome.UNAVAILABLE
        return ArmOutcome.ARMED

    def start_sweep(
        self, space_id: str, at: int, began: int | None = None, ticket: int | None = None
    ) -> bool:
        """Invoke the sweep function asynchronously; Lambda repeats it if it fails."""
        start = _Started(at, at if began is None else began)
        if self._covers((space_id, ticket), start):
            return True
        try:
            payload = _payload(space_id, at, began=start.began, ticket=ticket)
            run_soon(self._clients, self._target, payload)
        except (ClientError, BotoCoreError):
            return False
        if self._now:
            if len(self._started) >= _MOST_STARTED:
                self._started.clear()
            self._started[space_id, ticket] = start
        return True

    def _covers(self, swept: tuple[str, int | None], start: _Started) -> bool:
        """Tell whether a sweep was just started that goes on for at least as long."""
        last = self._started.get(swept)
        return last is not None and start.at < last.at + START_PAUSE and start.began <= last.began


def _name(space_id: str, second: int, ticket: int | None) -> str:
    """Return the name of a schedule, at most 64 characters ("CreateSchedule").

    A space's name has up to 48, and a ticket at most 12 digits. In base 36 these are 8.
    """
    if ticket is None:
        return f"{space_id}-{second}"
    return f"{space_id}-{_base36(second)}-{_base36(ticket)}"


def _base36(value: int) -> str:
    digits = ""
    while value:
        value, digit = divmod(value, 36)
        digits = _DIGITS[digit] + digits
    return digits or "0"


def _payload(space_id: str, at: int, **more: int | None) -> bytes:
    given = {name: value for name, value in more.items() if value is not None}
    return msgspec.json.encode({"space": space_id, "at": at, **given})
