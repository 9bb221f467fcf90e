"""Watches a request: by its event stream, or by polling where there is no stream."""

from collections.abc import Generator, Iterator
from dataclasses import dataclass, replace
from typing import Any, Final

from spaces_client._core.api import Api
from spaces_client._core.ask import (
    RETRYABLE,
    ask,
    decoded,
    decoded_event,
    failure_of,
    pause_seconds,
)
from spaces_client._core.deadline import NO_DEADLINE, Deadline
from spaces_client._core.effects import Answer, Effect, Emit, Lost, Open, Pause, Read, Stream
from spaces_client._core.server_events import EventReader, ServerEvent
from spaces_client._errors import ApiError, RequestNotFound
from spaces_client._events import Done, Event, Queued, Restarted, Running, Text
from spaces_client._types import (
    COMPLETED,
    Status,
    StoredResult,
    StreamedText,
    StreamEnd,
)

_OK: Final = 200
_STREAM_TRIES: Final = 3
"""Streams in a row that bring nothing, after which polling takes over."""
_POLL_MS: Final = 1_000
"""Pause between polls if the gateway does not say."""


@dataclass(slots=True)
class Watch:
    """What the watcher of one request has seen.

    Attributes:
        request_id: the request.
        after: the cursor after the last text.
        text: the text of the present attempt.
        state: the last event about its state.
        done: whether it has ended.
    """

    request_id: str
    after: str | None = None
    text: str = ""
    state: Event | None = None
    done: bool = False

    def append(self, text: str, deltas: list[object]) -> Iterator[Event]:
        """Yield new text."""
        self.text += text
        if text or deltas:
            yield Text(text, deltas)

    def restart(self) -> Iterator[Event]:
        """Yield that another attempt has begun, if there is text to discard."""
        if self.text:
            yield Restarted()
        self.text = ""

    def show(self, status: Status) -> Iterator[Event]:
        """Yield the state, if it has changed."""
        state = _state_of(status)
        if state is not None and state != self.state:
            self.state = state
            yield state

    def end(self, status: str, error: str | None, error_type: str | None) -> Iterator[Event]:
        """Yield the last event."""
        self.done = True
        yield Done(status, error, error_type)


def watch(
    api: Api, request_id: str, *, stream: bool, deadline: Deadline = NO_DEADLINE
) -> Stream[Event]:
    """Emit what happens to a request until it has ended.

    Args:
        api: where.
        request_id: the request.
        stream: use the event stream if there is one: text comes sooner, and costs the operator
            of the gateway more.
        deadline: until when to watch.

    Raises:
        WaitTimedOut: the deadline has passed.
    """
    seen = Watch(request_id)
    if stream:
        yield from _watch_stream(api, seen, deadline)
    if not seen.done:
        yield from _poll(api, seen, deadline)


def _watch_stream(api: Api, seen: Watch, deadline: Deadline) -> Stream[Event]:
    """Follow streams, one after the other, until the request has ended or there are none."""
    failures = 0
    while failures < _STREAM_TRIES:
        call = api.stream(seen.request_id, seen.after)
        silence = deadline.cut(api, seen.request_id, call.timeout)
        reply = yield Open(replace(call, timeout=silence))
        brought = False
        if isinstance(reply, Answer) and _is_stream(reply):
            brought = yield from _read_stream(api, seen, deadline)
        elif isinstance(reply, Answer) and not _may_come(api, reply):
            return
        if seen.done:
            return
        failures = 0 if brought else failures + 1
        if failures:
            pause = pause_seconds(api, failures - 1)
            yield Pause(deadline.cut(api, seen.request_id, pause))


def _is_stream(reply: Answer) -> bool:
    kind = reply.headers.get("content-type", "")
    return reply.status == _OK and kind.startswith("text/event-stream")


def _may_come(api: Api, reply: Answer) -> bool:
    """Return whether there may be a stream later, where there is none now.

    Raises:
        RequestNotFound: there is no such request.
    """
    error = failure_of(api, reply)
    if isinstance(error, RequestNotFound):
        raise error
    return isinstance(error, ApiError) and error.status in RETRYABLE


def _read_stream(
    api: Api, seen: Watch, deadline: Deadline
) -> Generator[Effect | Emit[Event], Any, bool]:
    """Emit the events of one stream; return whether it brought any."""
    reader, brought = EventReader(), False
    while True:
        piece = yield Read()
        if isinstance(piece, Lost) or not piece:
            return brought
        for server_event in reader.feed(piece):
            brought = True
            for event in _events_of(server_event, seen):
                yield Emit(event)
            if seen.done:
                return brought
        deadline.cut(api, seen.request_id, 0)


def _events_of(event: ServerEvent, seen: Watch) -> Iterator[Event]:
    if event.kind == "status":
        yield from seen.show(decoded_event(event.data, Status))
    elif event.kind in ("text", "delta", "restart"):
        if event.kind == "restart":
            yield from seen.restart()
        said = decoded_event(event.data, StreamedText)
        yield from seen.append(said.text, said.deltas)
    elif event.kind == "done":
        end = decoded_event(event.data, StreamEnd)
        yield from seen.end(end.status, end.error, end.error_type)
    seen.after = event.id or seen.after


def _poll(api: Api, seen: Watch, deadline: Deadline) -> Stream[Event]:
    """Poll at the pace that the gateway tells."""
    while True:
        call = api.status(seen.request_id, seen.after)
        answer = yield from ask(
            api, call, persistent=True, deadline=deadline, request_id=seen.request_id
        )
        status = decoded(answer, Status)
        for event in _polled(status, seen):
            yield Emit(event)
        if status.ended:
            break
        pause = (status.retry_after_ms or _POLL_MS) / 1000
        yield Pause(deadline.cut(api, seen.request_id, pause))
    if status.status == COMPLETED:
        answer = yield from ask(api, api.result(seen.request_id), persistent=True)
        for event in _rest(decoded(answer, StoredResult), seen):
            yield Emit(event)
    for event in seen.end(status.status, status.error, status.error_type):
        yield Emit(event)


def _polled(status: Status, seen: Watch) -> Iterator[Event]:
    yield from seen.show(status)
    partial = status.partial
    if partial is None:
        return
    if partial.restarted:
        yield from seen.restart()
    seen.after = partial.next_after
    chunks = partial.chunks or []
    if any(chunk.deltas for chunk in chunks):
        for chunk in chunks:
            yield from seen.append(chunk.text, chunk.deltas)
    else:
        yield from seen.append(partial.text, [])


def _rest(result: StoredResult, seen: Watch) -> Iterator[Event]:
    """Yield what the result has and the polls had not."""
    whole = (result.output.text if result.output else None) or ""
    if not whole.startswith(seen.text):
        yield from seen.restart()
    yield from seen.append(whole[len(seen.text) :], [])


def _state_of(status: Status) -> Event | None:
    if status.status == "IN_QUEUE":
        return Queued(status.queue_position, status.eta_seconds, status.queue_reason)
    if status.status == "IN_PROGRESS":
        return Running(status.progress, status.eta_seconds, status.attempt)
    return None
