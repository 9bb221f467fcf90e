"""Request ids in paths."""

from typing import TYPE_CHECKING

from spaces.domain.errors import RequestNotFound
from spaces_protocol.request_id import RequestId

if TYPE_CHECKING:
    from aws_lambda_powertools.utilities.data_classes import APIGatewayProxyEventV2


def read_id(text: str, space: str | None = None) -> RequestId:
    """Return the request id in a path.

    Args:
        text: The id in the path.
        space: The space in the path, if it has one.

    Raises:
        RequestNotFound: The id is malformed or belongs to another space.
    """
    request_id = RequestId.parse(text)
    if request_id is None or space not in (None, request_id.space):
        raise RequestNotFound("The request does not exist. Check the URL.")
    return request_id


def wait_location(event: "APIGatewayProxyEventV2", request_id: RequestId, seconds: int) -> str:
    """Return where to wait for a request.

    The path is relative to that of the call, so it also holds where the API has a prefix.
    """
    called: str = event.raw_event["requestContext"]["http"]["path"]
    up = "../" * (called.count("/") - 2)
    return f"{up}spaces/{request_id.space}/requests/{request_id}/wait?seconds={seconds}"
