"""Reads calls of ``/mcp``: what HTTP itself must get right, before any message is read."""

from base64 import b64decode
from typing import Any, Final

from spaces.bootstrap import gateway
from spaces.domain.access.caller import Anonymous, Caller
from spaces.domain.errors import Unauthorized
from spaces.domain.mcp.errors import INVALID_REQUEST, RpcError
from spaces.handlers.rest.caller import address_of, key_of
from spaces.handlers.rest.headers import headers_of
from spaces.services.access.identify_key import identify_key
from spaces_protocol.limits import MAX_SUBMIT_BYTES

Event = dict[str, Any]

METHOD: Final = "POST"
_NOT_ALLOWED: Final = "Send each message with POST. This server keeps no sessions or open streams."
_CHALLENGE: Final = {"WWW-Authenticate": 'Bearer realm="WebSocket Spaces"'}


def caller_of_mcp(event: Event) -> Caller:
    """Return the caller of a call, with an API key or without.

    Raises:
        RpcError: The credential is wrong, or a page calls without one.
    """
    headers = headers_of(event)
    if "authorization" not in headers:
        _expect_no_page(headers)
        return Anonymous(address_of(event))
    try:
        return identify_key(gateway(), key_of(event))
    except Unauthorized as error:
        data = {"errorType": str(error.error_type)}
        raise RpcError(
            INVALID_REQUEST, error.detail, data=data, status=401, headers=_CHALLENGE
        ) from error


def body_of(event: Event) -> bytes:
    """Return the body of a call.

    Raises:
        RpcError: It is no POST of JSON, or too large.
    """
    if event["requestContext"]["http"]["method"] != METHOD:
        raise RpcError(INVALID_REQUEST, _NOT_ALLOWED, status=405, headers={"Allow": METHOD})
    declared = headers_of(event).get("content-type", "").partition(";")[0].strip().lower()
    if declared != "application/json":
        raise RpcError(
            INVALID_REQUEST,
            "Send the body with the header Content-Type: application/json.",
            data={"header": "Content-Type"},
            status=415,
        )
    body: str = event.get("body") or ""
    content = b64decode(body) if event.get("isBase64Encoded") else body.encode("utf-8", "replace")
    if len(content) > MAX_SUBMIT_BYTES:
        raise _too_large(len(content))
    return content


def takes_stream(event: Event) -> bool:
    """Tell whether the client reads a stream of events; all of them should."""
    accepted = headers_of(event).get("accept", "*/*")
    return any(kind in accepted for kind in ("text/event-stream", "text/*", "*/*"))


def _expect_no_page(headers: dict[str, str]) -> None:
    """Raise for a page that calls in its visitor's name, perhaps after rebinding a host name.

    A page with a key of its own could as well send it from anywhere else.
    """
    if "origin" in headers:
        raise RpcError(
            INVALID_REQUEST,
            "A page must send an API key: Authorization: Bearer wsk_….",
            data={"header": "Origin"},
            status=403,
        )


def _too_large(size: int) -> RpcError:
    return RpcError(
        INVALID_REQUEST,
        f"The body has {size:,} bytes; the limit is {MAX_SUBMIT_BYTES:,}. Upload large files with "
        "POST /v1/uploads and send their upload_id.",
        data={"field": "body", "limit": MAX_SUBMIT_BYTES},
        status=413,
    )
