"""HEAD: what GET would answer, without its body (RFC 9110, section 9.3.2)."""

from collections.abc import Callable
from typing import Any

Event = dict[str, Any]


def answer_head(event: Event, answer: Callable[[Event], Event]) -> Event:
    """Return the answer to a call; to HEAD that of GET, with nothing in it.

    Args:
        event: the call, of payload format 2.0.
        answer: what answers all other methods.
    """
    context = event["requestContext"]
    if context["http"]["method"] != "HEAD":
        return answer(event)
    as_get = {**context, "http": {**context["http"], "method": "GET"}}
    answered = answer({**event, "requestContext": as_get})
    return {**answered, "body": "", "isBase64Encoded": False}
