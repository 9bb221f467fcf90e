"""Sweep timers: one-shot schedules of EventBridge Scheduler that delete themselves."""

from collections.abc import Callable
from datetime import UTC, datetime
from typing import TYPE_CHECKING, NamedTuple

import msgspec

if TYPE_CHECKING:
    from types_boto3_scheduler import EventBridgeSchedulerClient


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


class Schedules:
    """SweepTimers, as `spaces.services.ports.gateway.SweepTimers`."""

    def __init__(
        self, client: "Callable[[], EventBridgeSchedulerClient]", target: TimerTarget
    ) -> None:
        self._client = client
        self._target = target

    def arm(self, space_id: str, at: int) -> None:
        """Create the schedule for this space and second, unless it exists.

        EventBridge Scheduler has a precision of whole seconds ("Schedule types") and may be up to
        a minute late.
        """
        second = -(-at // 1000)
        client = self._client()
        try:
            client.create_schedule(
                Name=f"{space_id}-{second}",
                GroupName=self._target.group,
                ScheduleExpression=f"at({datetime.fromtimestamp(second, UTC):%Y-%m-%dT%H:%M:%S})",
                FlexibleTimeWindow={"Mode": "OFF"},
                ActionAfterCompletion="DELETE",
                Target={
                    "Arn": self._target.function_arn,
                    "RoleArn": self._target.role_arn,
                    "Input": msgspec.json.encode({"space": space_id, "at": second * 1000}).decode(),
                },
            )
        except client.exceptions.ConflictException:
            return
