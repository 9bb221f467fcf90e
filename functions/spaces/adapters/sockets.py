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
    """Sockets, as `spaces.services.ports.gateway.Sockets` wants them.

    boto3 itself repeats calls that were throttled or failed on the server's side, with backoff;
    what still fails then is left to the lease.

    Args:
        client: makes the client or returns the one made before; called at the first use, because
            many runs of a function post nothing.
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
        """Ask for `LastActiveAt`; an answer without it counts as alive now.

        Raises:
            ConnectionStatusUnknown: neither alive nor gone can be told.
        """
        try:
            answer = self._client().get_connection(ConnectionId=connection_id)
        except ClientError as error:
            if _is_gone(error):
                return None
            raise ConnectionStatusUnknown from error
        except BotoCoreError as error:
            raise ConnectionStatusUnknown from error
        last_active = answer.get("LastActiveAt")
        return _FAR_FUTURE if last_active is None else round(last_active.timestamp() * 1000)


_FAR_FUTURE: Final = 1 << 53


def _is_gone(error: ClientError) -> bool:
    return error.response["Error"]["Code"] in _GONE
