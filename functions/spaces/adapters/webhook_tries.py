"""Tries to deliver webhooks: runs of a function of their own, now or by a one-shot schedule."""

from typing import Final

import msgspec
from botocore.exceptions import BotoCoreError, ClientError

from spaces.adapters.one_shot_runs import Clients, TimerTarget, run_at, run_soon
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
        """Invoke the function asynchronously; Lambda repeats it if it fails."""
        try:
            run_soon(self._clients, self._target, _payload(request_id))
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
            run_at(
                self._clients,
                self._target,
                name=f"webhook-{request_id.nonce}-{second}",
                second=second,
                payload=_payload(request_id),
            )
        except ClientError as error:
            return error.response["Error"]["Code"] == _EXISTS
        except BotoCoreError:
            return False
        return True


def _payload(request_id: RequestId) -> bytes:
    return msgspec.json.encode({"request_id": str(request_id)})
