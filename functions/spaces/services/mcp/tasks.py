"""Requests as tasks: their state, their end and their cancellation.

The id of a task is the id of its request, so nothing else has to be stored: a task outlives the
process that began it.
"""

from contextlib import suppress

from spaces.domain.access.caller import Caller, owner_of
from spaces.domain.errors import AlreadyEnded, RequestExpired, RequestNotFound
from spaces.domain.mcp.errors import INVALID_PARAMS, RpcError
from spaces.domain.mcp.results import Result
from spaces.services.mcp.tool_result import tool_result
from spaces.services.ports.gateway import Gateway
from spaces.services.requests.cancel_request import cancel_request
from spaces.services.requests.view_request import settled_request, view_status
from spaces.services.requests.view_result import request_result
from spaces_protocol.request_id import RequestId
from spaces_protocol.rest_bodies import RequestState, RequestStatus

_FIELD = {"field": "params.taskId"}


def view_task(gateway: Gateway, task_id: str, caller: Caller) -> RequestStatus:
    """Return the state of a task. Only its owner may see it, so that an id alone is no key.

    Raises:
        RpcError: There is no such task, or it is no longer stored.
    """
    request_id = RequestId.parse(task_id)
    if request_id is None:
        raise _unknown()
    try:
        request, queue = settled_request(gateway, request_id)
    except RequestExpired as error:
        raise RpcError(INVALID_PARAMS, error.detail, data=_FIELD) from error
    except RequestNotFound as error:
        raise _unknown() from error
    if request.owner != owner_of(caller):
        raise _unknown()
    return view_status(request, queue, gateway.now())


def result_of_task(gateway: Gateway, status: RequestStatus) -> Result | None:
    """Return the result of a task; None if it has none, or not yet.

    Raises:
        RpcError: It is no longer stored.
    """
    request_id = RequestId.parse(status.request_id)
    if request_id is None or status.retry_after_ms is not None:
        return None
    if status.status is RequestState.CANCELLED:
        return None
    try:
        return tool_result(gateway, request_id, request_result(gateway, request_id))
    except (RequestExpired, RequestNotFound) as error:
        raise RpcError(INVALID_PARAMS, error.detail, data=_FIELD) from error


def cancel_task(gateway: Gateway, task_id: str, caller: Caller) -> RequestStatus:
    """Cancel a task and return its state, which is another one if it had ended before.

    Raises:
        RpcError: There is no such task.
    """
    view_task(gateway, task_id, caller)
    request_id = RequestId.parse(task_id)
    if request_id is not None:
        with suppress(AlreadyEnded):
            cancel_request(gateway, request_id)
    return view_task(gateway, task_id, caller)


def _unknown() -> RpcError:
    detail = "There is no such task. Check params.taskId and the API key."
    return RpcError(INVALID_PARAMS, detail, data=_FIELD)
