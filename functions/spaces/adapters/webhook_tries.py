"""Tries to deliver webhooks: runs of a function of their own, now or by a one-shot schedule."""

from datetime import UTC, datetime
from typing import Final

import msgspec
from botocore.exceptions import BotoCoreError, ClientError

from spaces.adapters.sweep_timers import Clients, TimerTarget
from spaces.domain.timing import SECOND
from spaces_protocol.request_id import RequestId

_EXISTS: Final = "ConflictException"


class FunctionTries:
    """WebhookTries, as `spaces.services.ports.gateway.WebhookTries`.

    Args:
        clients: The clients of EventBridge Scheduler and Lambda.
        target: The function that tries, and how schedules invoke it.
    """

    def __init__(self, clients: Clients, target: TimerTarget) -> None:
        self._clients = clients
        self._target = target

    def start(self, request_id: RequestId) -> bool:
        """Invoke the function asynchronously.

        Lambda keeps the event and repeats a run that fails after one minute, and again after two
        ("How Lambda handles errors and retries with asynchronous invocation").
        """
        try:
            self._clients.functions().invoke(
                FunctionName=self._target.function_arn,
                InvocationType="Event",
                Payload=_payload(request_id),
            )
        except (ClientError, BotoCoreError):
            return False
        return True

    def arm(self, request_id: RequestId, at: int) -> bool:
        """Create the schedule for this request and second, unless it exists.

        It is named after the request's nonce: 22 characters of base64url, all of which the name of
        a schedule may have ("CreateSchedule").
        """
        second = -(-at // SECOND)
        try:
            self._clients.scheduler().create_schedule(
                Name=f"webhook-{request_id.nonce}-{second}",
                GroupName=self._target.group,
                ScheduleExpression=f"at({datetime.fromtimestamp(second, UTC):%Y-%m-%dT%H:%M:%S})",
                FlexibleTimeWindow={"Mode": "OFF"},
                ActionAfterCompletion="DELETE",
                Target={
                    "Arn": self._target.function_arn,
                    "RoleArn": self._target.role_arn,
                    "Input": _payload(request_id).decode(),
                },
            )
        except ClientError as error:
            return error.response["Error"]["Code"] == _EXISTS
        except BotoCoreError:
            return False
        return True


def _payload(request_id: RequestId) -> bytes:
    return msgspec.json.encode({"request_id": str(request_id)})
