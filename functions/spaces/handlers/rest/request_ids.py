"""Request ids in paths."""

from spaces.domain.errors import RequestNotFound
from spaces_protocol.request_id import RequestId


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
