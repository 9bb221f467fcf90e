"""Sweep timers: one-shot schedules of EventBridge Scheduler that delete themselves."""

import string
from collections.abc import Callable
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Final, NamedTuple

import msgspec
from botocore.exceptions import BotoCoreError, ClientError

from spaces.domain.timing import SECOND
from spaces.services.ports.gateway import ArmOutcome

if TYPE_CHECKING:
    from types_boto3_lambda import LambdaClient
    from types_boto3_scheduler import EventBridgeSchedulerClient

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


class TimerTarget(NamedTuple):
    """What a sweep timer invokes.

    Attributes:
        group: Name of the schedule group.
        function_arn: The sweep function.
        role_arn: The role that the scheduler assumes to invoke it.
    """

    group: str
    function_arn: str
    role_arn: str


class Clients(NamedTuple):
    """Return the clients; called at first use, because most invocations need none."""

    scheduler: "Callable[[], EventBridgeSchedulerClient]"
    functions: "Callable[[], LambdaClient]"


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

        Times are whole seconds, and the schedule is invoked within 60 s after its time
        ("Schedule types in EventBridge Scheduler"). A name that exists is a timer that an earlier
        try created, because its name contains the time.

        AWS does not document what it answers for a time in the past. Some report a
        ValidationException, some an invocation at once; both are handled.
        """
        if self._now and self._now() < self._silent_until:
            return ArmOutcome.UNAVAILABLE
        second = -(-at // SECOND)
        try:
            self._clients.scheduler().create_schedule(
                Name=_name(space_id, second, ticket),
                GroupName=self._target.group,
                ScheduleExpression=f"at({datetime.fromtimestamp(second, UTC):%Y-%m-%dT%H:%M:%S})",
                FlexibleTimeWindow={"Mode": "OFF"},
                ActionAfterCompletion="DELETE",
                Target={
                    "Arn": self._target.function_arn,
                    "RoleArn": self._target.role_arn,
                    "Input": _payload(space_id, second * SECOND, ticket=ticket).decode(),
                },
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
        """Invoke the sweep function asynchronously.

        Lambda repeats an asynchronous invocation that fails after one minute, and again after two
        ("How Lambda handles errors and retries with asynchronous invocation").
        """
        start = _Started(at, at if began is None else began)
        if self._covers((space_id, ticket), start):
            return True
        try:
            self._clients.functions().invoke(
                FunctionName=self._target.function_arn,
                InvocationType="Event",
                Payload=_payload(space_id, at, began=start.began, ticket=ticket),
            )
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
