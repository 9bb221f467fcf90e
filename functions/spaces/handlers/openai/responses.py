"""Responses of the OpenAI-compatible paths."""

from collections.abc import Iterable
from typing import Any, Final

import msgspec

from spaces.domain.errors import SpaceError
from spaces.domain.openai.errors import ApiError, error_of
from streaming_runtime.response import Response

_REQUEST_ID: Final = "x-request-id"
DONE: Final = b"data: [DONE]\n\n"


def json_response(
    content: dict[str, Any], status: int = 200, headers: dict[str, str] | None = None
) -> Response:
    """Return a response with JSON."""
    return _response(status, "application/json", msgspec.json.encode(content), headers or {})


def text_response(content: str, headers: dict[str, str]) -> Response:
    """Return a response with text."""
    return _response(200, "text/plain; charset=utf-8", content.encode(), headers)


def redirect(path: str, headers: dict[str, str]) -> Response:
    """Return a 303, which clients follow with a GET and the same key."""
    return Response(303, {"Location": path, "Cache-Control": "no-store", **headers}, [b""])


def event_of(content: dict[str, Any]) -> bytes:
    """Return one event of a stream."""
    return b"data: %b\n\n" % msgspec.json.encode(content)


def request_id_header(request_id: object) -> dict[str, str]:
    """Return the header that names the request."""
    return {_REQUEST_ID: str(request_id)}


def error_response(error: ApiError, headers: dict[str, str]) -> Response:
    """Return the response with an error."""
    more = dict(headers)
    if error.retry_after_seconds is not None:
        more["Retry-After"] = str(error.retry_after_seconds)
    if error.is_final:
        more["x-should-retry"] = "false"
    return json_response(error.body, error.status, more)


def refused(error: SpaceError, correlation_id: str) -> Response:
    """Return the response to a call that was refused."""
    return error_response(error_of(error), request_id_header(correlation_id))


def internal_error(correlation_id: str) -> Response:
    """Return the response to a call that failed internally, with only an id to quote."""
    detail = f"An internal error occurred. Quote {correlation_id} when you report it."
    error = ApiError(500, "server_error", detail, code="internal_error")
    return error_response(error, request_id_header(correlation_id))


def _response(status: int, content_type: str, content: bytes, headers: dict[str, str]) -> Response:
    fixed = {"Content-Type": content_type, "Cache-Control": "no-store"}
    pieces: Iterable[bytes] = [content]
    return Response(status, {**fixed, **headers}, pieces)
