"""Direct invocations of the admin function, by the command line: the same calls without HTTP."""

from typing import Any, Final
from urllib.parse import urlencode

import msgspec

from spaces.handlers.administrator import COMMAND_LINE

_ACTIONS: Final = {"create_space": "/v1/admin/spaces", "create_token": "/v1/admin/tokens"}


class DirectCall(msgspec.Struct, kw_only=True, forbid_unknown_fields=True):
    """One call.

    Attributes:
        who: on whose behalf; shown in the audit trail.
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
    """Return the event that API Gateway would have sent for a direct call.

    Raises:
        msgspec.ValidationError: it is no such call.
    """
    call = _call_of(sent)
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


def _call_of(sent: dict[str, Any]) -> DirectCall:
    """Read a call; a few have names of their own, ``{"action": "create_space", …}``."""
    path = _ACTIONS.get(sent.get("action", ""))
    if path is None:
        return msgspec.convert(sent, DirectCall)
    body = {name: value for name, value in sent.items() if name not in ("action", "who")}
    return DirectCall(method="POST", path=path, body=body, who=str(sent.get("who", "unknown")))


def answer_of(answer: dict[str, Any], sent: dict[str, Any]) -> dict[str, Any]:
    """Return the answer to a direct call: ``status`` and ``body``, or the body of a named one."""
    text = answer.get("body")
    body = msgspec.json.decode(text) if text else None
    if "action" in sent:
        return dict(body or {})
    return {"status": answer["statusCode"], "body": body}
