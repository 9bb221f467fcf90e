"""Responses of the streaming function."""

from collections.abc import Callable, Iterator, Mapping
from itertools import chain
from typing import Any, Final

import msgspec

from spaces.domain.errors import SpaceError
from spaces_protocol.errors import HTTP_STATUS, ErrorType
from spaces_protocol.rest_bodies import ErrorBody
from streaming_runtime.response import Response

Call = dict[str, Any]
"""An event of a Lambda Function URL (payload format 2.0)."""
Route = Callable[..., Response]
"""Takes the call, the context, and what the path names."""

_EVENTS: Final = {"Content-Type": "text/event-stream", "Cache-Control": "no-store"}
_JSON: Final = {"Content-Type": "application/json", "Cache-Control": "no-store"}
COMMENT: Final = b":\n\n"
"""An event without content (HTML, "Server-sent events"): it keeps the connection open."""


def event_stream(events: Iterator[bytes], headers: Mapping[str, str] | None = None) -> Response:
    """Return a stream of server-sent events, with these headers beside its own.

    The first is produced before the response begins, so what fails until then has its own status.
    """
    first = next(events, b"")
    return Response(200, {**_EVENTS, **(headers or {})}, chain([first], events))


def server_event(name: str, content: msgspec.Struct, cursor: str | None = None) -> bytes:
    """Return a server-sent event with JSON; ``cursor`` is where a reader goes on after it."""
    position = b"" if cursor is None else f"id: {cursor}\n".encode()
    return b"event: %b\n%bdata: %b\n\n" % (name.encode(), position, msgspec.json.encode(content))


def refused(error: SpaceError) -> Response:
    """Return the response to a call that was refused."""
    body = ErrorBody(detail=error.detail, error_type=error.error_type)
    headers = dict(_JSON)
    if error.retry_after_seconds is not None:
        headers["Retry-After"] = str(error.retry_after_seconds)
    return Response(HTTP_STATUS[error.error_type], headers, [msgspec.json.encode(body)])


def internal_error(correlation_id: str) -> Response:
    """Return the response to a call that failed internally, with only an id to quote."""
    detail = f"An internal error occurred. Quote {correlation_id} when you report it."
    body = ErrorBody(detail=detail, error_type=ErrorType.INTERNAL)
    return Response(500, _JSON, [msgspec.json.encode(body)])


def no_content() -> Response:
    """Return a 204, after which an EventSource does not connect again."""
    return Response(204, {"Cache-Control": "no-store"})
