"""The operation of the OpenAPI description that answers with server-sent events."""

from collections.abc import Mapping
from types import MappingProxyType
from typing import Any, Final

from msgspec import Struct

from infra.openapi.responses import REF, own_refusals
from spaces_protocol.errors import ErrorType
from spaces_protocol.rest_bodies import RequestStatus
from spaces_protocol.stream_events import StreamedDeltas, StreamedText, StreamEnd

EVENTS: Final[Mapping[str, type[Struct]]] = MappingProxyType(
    {
        "status": RequestStatus,
        "text": StreamedText,
        "delta": StreamedDeltas,
        "restart": StreamedText,
        "done": StreamEnd,
    }
)
"""The type of each event's data."""
_ERRORS: Final = (
    ErrorType.REQUEST_NOT_FOUND,
    ErrorType.REQUEST_EXPIRED,
    ErrorType.INVALID_INPUT,
)
_POSITIONS: Final = tuple(
    {
        "name": name,
        "in": place,
        "required": False,
        "description": "id of the last event that you have read; the header comes before the query",
        "schema": {"type": "string"},
    }
    for name, place in (("Last-Event-ID", "header"), ("after", "query"))
)
_BY_LAMBDA: Final = {
    "429": "too many streams at once",
    "502": "the function failed before it answered",
}
_DESCRIPTION: Final = (
    "Server-sent events (HTML Living Standard). `x-events` has the type of each event's data, "
    "which is JSON. `id` says where to continue after an event. After ten seconds without "
    "anything new comes a comment. The stream ends with `done`, or without it after at most "
    "15 minutes; continue with `Last-Event-ID`, as an EventSource does."
)


def stream_operation(space: dict[str, Any], request: dict[str, Any]) -> dict[str, Any]:
    """Return the operation.

    Args:
        space: The path parameter that names the space.
        request: The path parameter that names the request.
    """
    return {
        "operationId": "streamRequest",
        "summary": "Stream a request until it has ended",
        "tags": ["anyone"],
        "security": [],
        "parameters": [space, request, *_POSITIONS],
        "responses": {
            "200": {"description": _DESCRIPTION, "content": {"text/event-stream": _stream()}},
            "204": {"description": "you have read the stream to its end; do not come back"},
            **own_refusals(_ERRORS),
            **{status: _by_lambda(words) for status, words in _BY_LAMBDA.items()},
        },
    }


def event_bodies() -> list[type[Struct]]:
    """Return the types of the events' data, once."""
    return list(dict.fromkeys(EVENTS.values()))


def _stream() -> dict[str, Any]:
    events = {name: {"$ref": REF.format(name=body.__name__)} for name, body in EVENTS.items()}
    return {"schema": {"type": "string"}, "x-events": events}


def _by_lambda(words: str) -> dict[str, Any]:
    return {"description": f"by AWS Lambda, with a body of its own: {words}"}
