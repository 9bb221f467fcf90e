"""Calls of tools: answered at once, as a task, or as a stream, by how long they take."""

import time
from collections.abc import Iterator
from typing import Any, Final

from spaces.bootstrap import gateway
from spaces.domain.access.caller import Caller
from spaces.domain.errors import SpaceError
from spaces.domain.mcp.errors import INTERNAL_ERROR, RpcError, invalid_params
from spaces.domain.mcp.messages import Message
from spaces.domain.mcp.progress import ProgressMaker
from spaces.domain.mcp.results import META, Result, about, failure, refusal
from spaces.domain.mcp.tasks import modern, of_2025
from spaces.domain.mcp.versions import WITH_TASKS, Peer, expect_text
from spaces.domain.request_options import read_traceparent
from spaces.handlers.mcp.calls import Event, takes_stream
from spaces.handlers.mcp.responses import (
    COMMENT,
    error_message,
    event_of,
    event_response,
    json_response,
    result_message,
)
from spaces.handlers.overload import overload_as_busy
from spaces.handlers.rest.headers import headers_of
from spaces.handlers.rest.refusals import log_refusal
from spaces.handlers.streams.end_of_stream import end_of_stream
from spaces.observability import logger
from spaces.services.mcp.begin_tool import ToolCall, begin_tool
from spaces.services.mcp.follow_tool import follow_tool, status_now
from spaces.services.mcp.tool_result import tool_result
from spaces.services.requests.wait_for_request import wait_for_request
from spaces_protocol.limits import HOLD_SECONDS, MAX_IDEMPOTENCY_KEY_CHARS
from spaces_protocol.request_id import RequestId
from spaces_protocol.rest_bodies import RequestResult
from streaming_runtime.invocation import Context
from streaming_runtime.response import Response

AT_ONCE: Final = 10
"""Seconds within which a result comes by itself; what takes longer is a task or a stream."""
SOON: Final = 1
"""The same for clients that want to hear how far the model is."""
EVERY: Final = 10
"""Seconds between two signs of life of a stream."""
EVERY_STEP: Final = 3
"""Seconds between two notifications of progress."""
STILL_RUNNING: Final = "still_running"
_IDEMPOTENCY_KEY: Final = f"{META}idempotencyKey"


def call_tool(
    event: Event, context: Context, message: Message, caller: Caller, peer: Peer
) -> Response:
    """Respond to ``tools/call``.

    Raises:
        RpcError: There is no such tool, or its arguments are no object.
    """
    call = _tool_call(event, message)
    try:
        request = begin_tool(gateway(), call, caller)
    except SpaceError as error:
        log_refusal(error)
        return _respond(message, peer, refusal(error))
    return _answer(event, context, message, peer, request.request_id)


def _answer(
    event: Event, context: Context, message: Message, peer: Peer, request_id: RequestId
) -> Response:
    if peer.version == WITH_TASKS and isinstance(message.params.get("task"), dict):
        task = of_2025(status_now(gateway(), request_id))
        return json_response(result_message(message.id, {"task": task}))
    streams = takes_stream(event)
    token = message.meta.get("progressToken")
    seconds = AT_ONCE if peer.takes_tasks or streams else HOLD_SECONDS
    if streams and token is not None and not peer.takes_tasks:
        seconds = SOON
    result = wait_for_request(gateway(), request_id, seconds, sleep=time.sleep)
    if result.retry_after_ms is None:
        return _respond(message, peer, tool_result(gateway(), request_id, result))
    if peer.takes_tasks:
        task = {"resultType": "task", **modern(status_now(gateway(), request_id))}
        return json_response(result_message(message.id, task))
    if not streams:
        return _respond(message, peer, _unfinished(request_id))
    return event_response(stream_result(message, peer, request_id, end_of_stream(context)))


def stream_result(
    message: Message, peer: Peer, request_id: RequestId, until: int, extra: Result | None = None
) -> Iterator[bytes]:
    """Yield the events of a call until its request has ended.

    Whether the client still listens cannot be noticed: Lambda takes the response in any case.

    Args:
        message: The call.
        peer: What its sender speaks.
        request_id: Its request.
        until: When to stop, in milliseconds since 1970.
        extra: What to add to ``_meta`` of the result.
    """
    try:
        yield from _events(message, peer, request_id, until, extra or {})
    except SpaceError as error:
        yield _last_event(message, peer, about(refusal(error), str(request_id)), extra or {})
    except Exception:  # noqa: BLE001 - the handler's edge
        logger.exception("stream_broken", extra={"request_id": str(request_id)})
        detail = f"An internal error occurred. Quote {request_id} when you report it."
        yield event_of(error_message(message.id, RpcError(INTERNAL_ERROR, detail)))


def _events(
    message: Message, peer: Peer, request_id: RequestId, until: int, extra: Result
) -> Iterator[bytes]:
    token = message.meta.get("progressToken")
    maker = ProgressMaker(token) if isinstance(token, str | int) else None
    yield (
        COMMENT
        if maker is None
        else event_of(maker.notification(status_now(gateway(), request_id)))
    )
    every = EVERY if maker is None else EVERY_STEP
    steps = follow_tool(
        gateway(),
        request_id,
        every=every,
        sleep=time.sleep,
        until=until,
        guard=overload_as_busy,
    )
    for seen in steps:
        if isinstance(seen, RequestResult):
            yield _last_event(message, peer, tool_result(gateway(), request_id, seen), extra)
            return
        yield COMMENT if maker is None else event_of(maker.notification(seen))
    yield _last_event(message, peer, _unfinished(request_id), extra)


def _last_event(message: Message, peer: Peer, result: Result, extra: Result) -> bytes:
    whole = {**result, "_meta": {**result.get("_meta", {}), **extra}}
    return event_of(result_message(message.id, complete(peer, whole)))


def complete(peer: Peer, result: Result) -> Result:
    """Return a result as the client's version wants it."""
    return {"resultType": "complete", **result} if peer.is_modern else result


def _respond(message: Message, peer: Peer, result: Result) -> Response:
    return json_response(result_message(message.id, complete(peer, result)))


def _unfinished(request_id: RequestId) -> Result:
    path = f"/v1/spaces/{request_id.space}/requests/{request_id}"
    text = f"The request is still running. Its result will be at {path}; do not call again."
    return about(failure(text, STILL_RUNNING), str(request_id))


def _tool_call(event: Event, message: Message) -> ToolCall:
    params, headers = message.params, headers_of(event)
    arguments: Any = params.get("arguments", {})
    if not isinstance(arguments, dict):
        raise invalid_params("params.arguments", "must be an object.")
    traceparent = message.meta.get("traceparent")
    return ToolCall(
        name=expect_text(params, "name"),
        arguments=arguments,
        traceparent=read_traceparent(
            traceparent if isinstance(traceparent, str) else headers.get("traceparent")
        ),
        key=_key(message, headers),
    )


def _key(message: Message, headers: dict[str, str]) -> str | None:
    """Return what a repeat is recognized by; each client starts its message ids again."""
    key = message.meta.get(_IDEMPOTENCY_KEY, headers.get("idempotency-key"))
    if key is None:
        return None
    if isinstance(key, str) and key.isprintable() and 0 < len(key) <= MAX_IDEMPOTENCY_KEY_CHARS:
        return key
    raise invalid_params(
        f"params._meta[{_IDEMPOTENCY_KEY!r}]",
        f"must be a text of 1 to {MAX_IDEMPOTENCY_KEY_CHARS} characters without control "
        "characters such as line breaks.",
    )
