"""Request ids of paths."""

from spaces.domain.errors import RequestNotFound
from spaces_protocol.request_id import RequestId


def read_id(text: str, space: str | None = None) -> RequestId:
    """Return the id that a path names.

    Args:
        text: of the path.
        space: that the path names too, if it does.

    Raises:
        RequestNotFound: it is none, or of another space.
    """
    request_id = RequestId.parse(text)
    if request_id is None or space not in (None, request_id.space):
        raise RequestNotFound("There is no such request. Check the address.")
    return request_id
