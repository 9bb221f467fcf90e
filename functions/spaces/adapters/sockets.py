"""The workers' sockets, through API Gateway's @connections API."""

from collections.abc import Callable
from typing import TYPE_CHECKING, Any, Final

from botocore.exceptions import BotoCoreError, ClientError
from botocore.parsers import ResponseParserError

from spaces.services.ports.gateway import ConnectionStatusUnknown, PostOutcome
from spaces_protocol.codec import encode
from spaces_protocol.gateway_messages import GatewayMessage

if TYPE_CHECKING:
    from types_boto3_apigatewaymanagementapi import ApiGatewayManagementApiClient

_GONE: Final = ("GoneException", "410")
"""The code is the status if the response names none, as with an empty body."""
_FORBIDDEN: Final = ("ForbiddenException", "403")
"""What @connections answers, at times instead of 410, for an id that it does not know: one that
never existed there, or one of an API that was deleted. AWS does not document which of the two it
answers when (awsdocs/amazon-api-gateway-developer-guide#27)."""
_NOT_PERMITTED: Final = "not authorized to perform"
"""A missing permission says nothing about the connection, whichever code it has."""
_NO_ANSWER: Final = (BotoCoreError, ResponseParserError, ValueError)
"""What boto3 raises without a response, or for one that it cannot read."""


class ConnectionsApi:
    """Implements `spaces.services.ports.gateway.Sockets`.

    boto3 retries throttled and failed calls with backoff. The lease covers what still fails.

    Args:
        client: Returns the client. Called at first use, because many invocations post nothing.
        log_event: Logs an event for the operator, with a name and fields.
    """

    def __init__(
        self,
        client: "Callable[[], ApiGatewayManagementApiClient]",
        log_event: Callable[..., Any] = lambda *_, **__: None,
    ) -> None:
        self._client = client
        self._log_event = log_event

    def post(self, connection_id: str, message: GatewayMessage) -> PostOutcome:
        try:
            self._client().post_to_connection(
                ConnectionId=connection_id, Data=encode(message).encode()
            )
        except ClientError as error:
            gone = self._is_gone(error, connection_id)
            return PostOutcome.GONE if gone else PostOutcome.UNAVAILABLE
        except _NO_ANSWER:
            return PostOutcome.UNAVAILABLE
        return PostOutcome.SENT

    def close(self, connection_id: str) -> bool:
        try:
            self._client().delete_connection(ConnectionId=connection_id)
        except ClientError as error:
            return self._is_gone(error, connection_id)
        except _NO_ANSWER:
            return False
        return True

    def last_active(self, connection_id: str) -> int | None:
        """Return `LastActiveAt`; a response without it counts as alive now.

        Raises:
            ConnectionStatusUnknown: Whether it is alive could not be determined.
        """
        try:
            found = self._client().get_connection(ConnectionId=connection_id)
        except ClientError as error:
            if self._is_gone(error, connection_id):
                return None
            raise ConnectionStatusUnknown from error
        except _NO_ANSWER as error:
            raise ConnectionStatusUnknown from error
        last_active = found.get("LastActiveAt")
        return _FAR_FUTURE if last_active is None else round(last_active.timestamp() * 1000)

    def _is_gone(self, error: ClientError, connection_id: str) -> bool:
        """Tell whether a response means that the connection does not exist; log what does not.

        A 410 is expected. Anything else may be a fault of the stage, and is never silent.
        """
        cause = error.response["Error"]
        code, message = cause.get("Code", ""), cause.get("Message", "")
        if code in _GONE:
            return True
        self._log_event("connection_refused", connection_id=connection_id, code=code)
        return code in _FORBIDDEN and _NOT_PERMITTED not in message


_FAR_FUTURE: Final = 1 << 53
