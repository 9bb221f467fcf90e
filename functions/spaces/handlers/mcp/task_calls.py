"""Calls about tasks: the methods of 2025-11-25 and those of the extension."""

from typing import Any, Final

from spaces.bootstrap import gateway
from spaces.domain.access.caller import Caller
from spaces.domain.mcp.errors import INVALID_PARAMS, RpcError
from spaces.domain.mcp.messages import Message
from spaces.domain.mcp.tasks import RELATED, modern, of_2025
from spaces.domain.mcp.versions import Peer, expect_tasks, expect_text
from spaces.handlers.mcp.call_tool import stream_result
from spaces.handlers.mcp.calls import Event
from spaces.handlers.mcp.responses import event_response
from spaces.handlers.streams.end_of_stream import end_of_stream
from spaces.services.mcp.tasks import cancel_task, result_of_task, view_task
from spaces_protocol.request_id import RequestId
from spaces_protocol.rest_bodies import RequestStatus
from streaming_runtime.invocation import Context
from streaming_runtime.response import Response

Result = dict[str, Any]
_TASK_ID: Final = "taskId"


def get_task(message: Message, caller: Caller, peer: Peer) -> Result:
    """Return the state of a task; since 2026-07-28 with its result."""
    status = _find(message, caller, peer)
    if not peer.is_modern:
        return of_2025(status)
    result = result_of_task(gateway(), status)
    task = modern(status)
    return task if result is None else {**task, "result": result}


def update_task(message: Message, caller: Caller, peer: Peer) -> Result:
    """Acknowledge answers to questions, although a space never asks any."""
    _find(message, caller, peer)
    return {}


def cancel_task_call(message: Message, caller: Caller, peer: Peer) -> Result:
    """Cancel a task; before 2026-07-28, one that has ended cannot be cancelled."""
    before = _find(message, caller, peer)
    if not peer.is_modern and before.retry_after_ms is None:
        raise RpcError(INVALID_PARAMS, "The task has already ended.", data={"field": _TASK_ID})
    status = cancel_task(gateway(), before.request_id, caller)
    return {} if peer.is_modern else of_2025(status)


def task_result(
    _: Event, context: Context, message: Message, caller: Caller, peer: Peer
) -> Response:
    """Respond to ``tasks/result`` of 2025-11-25: wait for the end, as a stream."""
    status = _find(message, caller, peer)
    request_id = RequestId.parse(status.request_id)
    if request_id is None:
        raise RpcError(INVALID_PARAMS, "There is no such task.")
    related = {RELATED: {_TASK_ID: status.request_id}}
    return event_response(stream_result(message, peer, request_id, end_of_stream(context), related))


def _find(message: Message, caller: Caller, peer: Peer) -> RequestStatus:
    if peer.is_modern:
        expect_tasks(peer)
    return view_task(gateway(), expect_text(message.params, _TASK_ID), caller)
