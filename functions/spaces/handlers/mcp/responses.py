"""Responses of the Model Context Protocol."""

from collections.abc import Iterable, Iterator, Mapping
from itertools import chain
from typing import Any, Final

import msgspec

from spaces.domain.mcp.errors import RpcError, http_status
from spaces.domain.mcp.messages import Id
from streaming_runtime.response import Response

COMMENT: Final = b":\n\n"
"""Keeps a stream open while there is nothing to say."""
_PLAIN: Final = {"Cache-Control": "no-store"}
_EVENTS: Final = {
    **_PLAIN,
    "Content-Type": "text/event-stream",
    "X-Accel-Buffering": "no",
}


def json_response(
    content: dict[str, Any], status: int = 200, headers: Mapping[str, str] | None = None
) -> Response:
    """Return a response with one message."""
    fixed = {**_PLAIN, "Content-Type": "application/json"}
    return Response(status, {**fixed, **(headers or {})}, [msgspec.json.encode(content)])


def event_response(events: Iterable[bytes]) -> Response:
    """Return a stream; its first event is produced before it begins."""
    pieces: Iterator[bytes] = iter(events)
    return Response(200, _EVENTS, chain([next(pieces, b"")], pieces))


def accepted() -> Response:
    """Return the response to a notification."""
    return Response(202, _PLAIN)


def event_of(message: dict[str, Any]) -> bytes:
    """Return a message as an event of a stream."""
    return b"event: message\ndata: %b\n\n" % msgspec.json.encode(message)


def result_message(id_: Id | None, result: dict[str, Any]) -> dict[str, Any]:
    """Return the message with a result."""
    return {"jsonrpc": "2.0", "id": id_, "result": result}


def error_message(id_: Id | None, error: RpcError) -> dict[str, Any]:
    """Return the message with an error; without the id of its request if that is not known."""
    named = {} if id_ is None else {"id": id_}
    return {"jsonrpc": "2.0", **named, "error": error.body}


def error_response(id_: Id | None, error: RpcError, *, is_modern: bool) -> Response:
    """Return the response with an error."""
    status = http_status(error, is_modern=is_modern)
    return json_response(error_message(id_, error), status, error.headers)
