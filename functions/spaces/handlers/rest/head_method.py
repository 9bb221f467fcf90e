"""HEAD: the response of GET without its body (RFC 9110, section 9.3.2)."""

from collections.abc import Callable
from typing import Any

Event = dict[str, Any]


def respond_to_head(event: Event, respond: Callable[[Event], Event]) -> Event:
    """Return the response to a call; for HEAD, that of GET without its body.

    Args:
        event: The call, in payload format 2.0.
        respond: Responds to all other methods.
    """
    context = event["requestContext"]
    if context["http"]["method"] != "HEAD":
        return respond(event)
    as_get = {**context, "http": {**context["http"], "method": "GET"}}
    response = respond({**event, "requestContext": as_get})
    return {**response, "body": "", "isBase64Encoded": False}
