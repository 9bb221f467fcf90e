"""Direct invocations of the admin function by the command line: the same calls without HTTP."""

from typing import Any, Final
from urllib.parse import urlencode

import msgspec

COMMAND_LINE: Final = "command_line"
"""Context key in which a direct invocation names its user; HTTP calls cannot set it."""


class DirectCall(msgspec.Struct, kw_only=True, forbid_unknown_fields=True):
    """One call.

    Attributes:
        who: The user it is made for; shown in the audit trail.
    """

    method: str
    path: str
    query: dict[str, str] = {}
    body: dict[str, Any] | None = None
    who: str = "unknown"


def is_direct(event: dict[str, Any]) -> bool:
    """Tell a direct invocation from an event of API Gateway."""
    return "requestContext" not in event


def event_of(sent: dict[str, Any]) -> dict[str, Any]:
    """Return the event that API Gateway would send for this call.

    Raises:
        msgspec.ValidationError: It is not a valid call.
    """
    call = msgspec.convert(sent, DirectCall)
    return {
        "version": "2.0",
        "rawPath": call.path,
        "rawQueryString": urlencode(call.query),
        "queryStringParameters": call.query,
        "headers": {"content-type": "application/json"},
        "requestContext": {
            "http": {"method": call.method, "path": call.path, "sourceIp": ""},
            "requestId": "direct",
            "stage": "$default",
            COMMAND_LINE: call.who,
        },
        "body": None if call.body is None else msgspec.json.encode(call.body).decode(),
        "isBase64Encoded": False,
    }


def response_of(response: dict[str, Any]) -> dict[str, Any]:
    """Return the response to a direct call: ``status`` and ``body``."""
    text = response.get("body")
    return {
        "status": response["statusCode"],
        "body": msgspec.json.decode(text) if text else None,
    }
