"""Runs of a function: soon, by an asynchronous invocation, or later, by a one-shot schedule."""

from collections.abc import Callable
from datetime import UTC, datetime
from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from types_boto3_lambda import LambdaClient
    from types_boto3_scheduler import EventBridgeSchedulerClient


class TimerTarget(NamedTuple):
    """What a timer invokes.

    Attributes:
        group: Name of the schedule group.
        function_arn: The function.
        role_arn: The role that the scheduler assumes to invoke it.
    """

    group: str
    function_arn: str
    role_arn: str


class Clients(NamedTuple):
    """Return the clients; called at first use, because most invocations need none."""

    scheduler: "Callable[[], EventBridgeSchedulerClient]"
    functions: "Callable[[], LambdaClient]"


def run_soon(clients: Clients, target: TimerTarget, payload: bytes) -> None:
    """Invoke the function asynchronously.

    Lambda repeats an asynchronous invocation that fails after one minute, and again after two
    ("How Lambda handles errors and retries with asynchronous invocation").

    Raises:
        ClientError, BotoCoreError: As boto3 does.
    """
    clients.functions().invoke(
        FunctionName=target.function_arn, InvocationType="Event", Payload=payload
    )


def run_at(
    clients: Clients, target: TimerTarget, *, name: str, second: int, payload: bytes
) -> None:
    """Create a schedule that invokes the function once and deletes itself.

    Times are whole seconds, and the schedule is invoked within 60 s after its time ("Schedule types
    in EventBridge Scheduler").

    Raises:
        ClientError, BotoCoreError: As boto3 does.
    """
    clients.scheduler().create_schedule(
        Name=name,
        GroupName=target.group,
        ScheduleExpression=f"at({datetime.fromtimestamp(second, UTC):%Y-%m-%dT%H:%M:%S})",
        FlexibleTimeWindow={"Mode": "OFF"},
        ActionAfterCompletion="DELETE",
        Target={
            "Arn": target.function_arn,
            "RoleArn": target.role_arn,
            "Input": payload.decode(),
        },
    )
