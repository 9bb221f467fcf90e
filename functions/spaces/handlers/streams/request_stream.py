"""Streams a request as server-sent events: status, text, delta, restart, done."""

import time
from collections.abc import Iterator

from spaces.bootstrap import gateway
from spaces.handlers.overload import overload_as_busy
from spaces.handlers.rest.headers import headers_of
from spaces.handlers.rest.request_ids import read_id
from spaces.handlers.streams.end_of_stream import end_of_stream
from spaces.handlers.streams.responses import (
    COMMENT,
    Call,
    event_stream,
    no_content,
    server_event,
)
from spaces.services.ports.gateway import Gateway
from spaces.services.requests.rest_of_text import ALL, ALL_TEXT, end_of, rest_of_text
from spaces.services.requests.stream_text import Cursor, read_cursor
from spaces.services.requests.watch_request import Beat, Ended, Sleep, watch_request
from spaces_protocol.request_id import RequestId
from spaces_protocol.rest_bodies import Partial, RequestStatus
from spaces_protocol.stream_events import StreamedDeltas, StreamedText, StreamEnd
from streaming_runtime.invocation import Context
from streaming_runtime.response import Response


def stream_request(call: Call, context: Context, space: str, request_id: str) -> Response:
    """Stream a request from where its reader stopped."""
    after = _after(call)
    if after is not None and after.index == ALL:
        return no_content()
    named = read_id(request_id, space)
    until = end_of_stream(context)
    return event_stream(server_events(gateway(), named, after, sleep=time.sleep, until=until))


def _after(call: Call) -> Cursor | None:
    query = call.get("queryStringParameters") or {}
    return read_cursor(headers_of(call).get("last-event-id") or query.get("after"))


def server_events(
    gateway: Gateway, request_id: RequestId, after: Cursor | None, *, sleep: Sleep, until: int
) -> Iterator[bytes]:
    """Yield the events of a request; the arguments are those of `watch_request`."""
    events = watch_request(
        gateway, request_id, after, sleep=sleep, until=until, guard=overload_as_busy
    )
    for event in events:
        match event:
            case RequestStatus():
                yield server_event("status", event)
            case Partial():
                yield from _text_events(event)
            case Beat():
                yield COMMENT
            case Ended():
                yield from _last_events(gateway, event)


def _text_events(partial: Partial) -> Iterator[bytes]:
    """Yield the new chunks: text alone as one event, each chunk with deltas as its own."""
    chunks, end = partial.chunks or [], Cursor.parse(partial.next_after)
    start = end.index - len(chunks)
    if not any(chunk.deltas for chunk in chunks):
        name = "restart" if partial.restarted else "text"
        yield server_event(name, StreamedText(text=partial.text), partial.next_after)
        return
    if partial.restarted:
        yield server_event("restart", StreamedText(text=""), str(Cursor(end.attempt, start)))
    for index, chunk in enumerate(chunks, start + 1):
        content = StreamedDeltas(text=chunk.text, deltas=chunk.deltas)
        yield server_event("delta", content, str(Cursor(end.attempt, index)))


def _last_events(gateway: Gateway, event: Ended) -> Iterator[bytes]:
    request, status = event.request, event.status
    rest = rest_of_text(gateway, request, event.after)
    if rest.text or rest.restarted:
        name = "restart" if rest.restarted else "text"
        yield server_event(name, StreamedText(text=rest.text), end_of(request, ALL_TEXT))
    end = StreamEnd(
        request_id=status.request_id,
        status=status.status,
        response_url=f"/v1/spaces/{request.space_id}/requests/{status.request_id}",
        error=status.error,
        error_type=status.error_type,
    )
    yield server_event("done", end, end_of(request, ALL))
