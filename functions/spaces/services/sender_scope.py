"""What a worker may speak of."""

from spaces.domain.errors import NotAllowed, RequestNotFound
from spaces.services.gateway import Sender
from spaces_protocol.request_id import RequestId


def request_in_scope(sender: Sender, text: str) -> RequestId:
    """Read a request id that a worker named.

    Raises:
        RequestNotFound: it is none.
        NotAllowed: its space is not in the scope of the worker's token.
    """
    request_id = RequestId.parse(text)
    if request_id is None:
        raise RequestNotFound(f"{text[:100]!r} is no request id; forget it.")
    if request_id.space not in sender.spaces:
        raise NotAllowed(f"This token is not for the space {request_id.space!r}.")
    return request_id
