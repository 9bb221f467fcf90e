"""The workers' sockets, through API Gateway's @connections API."""

from collections.abc import Callable
from typing import TYPE_CHECKING, Final

from botocore.exceptions import BotoCoreError, ClientError

from spaces.services.ports.gateway import ConnectionStatusUnknown, PostOutcome
from spaces_protocol.codec import encode
from spaces_protocol.gateway_messages import GatewayMessage

if TYPE_CHECKING:
    from types_boto3_apigatewaymanagementapi import ApiGatewayManagementApiClient

_GONE: Final = ("GoneException", "410")


class ConnectionsApi:
    """Implements `spaces.services.ports.gateway.Sockets`.

    boto3 retries throttled and failed calls with backoff. The lease covers what still fails.

    Args:
        client: Returns the client. Called at first use, because many invocations post nothing.
    """

    def __init__(self, client: "Callable[[], ApiGatewayManagementApiClient]") -> None:
        self._client = client

    def post(self, connection_id: str, message: GatewayMessage) -> PostOutcome:
        try:
            self._client().post_to_connection(
                ConnectionId=connection_id, Data=encode(message).encode()
            )
        except ClientError as error:
            return PostOutcome.GONE if _is_gone(error) else PostOutcome.UNAVAILABLE
        except BotoCoreError:
            return PostOutcome.UNAVAILABLE
        return PostOutcome.SENT

    def close(self, connection_id: str) -> bool:
        try:
            self._client().delete_connection(ConnectionId=connection_id)
        except ClientError as error:
            return _is_gone(error)
        except BotoCoreError:
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
            if _is_gone(error):
                return None
            raise ConnectionStatusUnknown from error
        except BotoCoreError as error:
            raise ConnectionStatusUnknown from error
        last_active = found.get("LastActiveAt")
        return _FAR_FUTURE if last_active is None else round(last_active.timestamp() * 1000)


_FAR_FUTURE: Final = 1 << 53


def _is_gone(error: ClientError) -> bool:
    return error.response["Error"]["Code"] in _GONE
