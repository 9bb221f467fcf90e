"""The response to a submit, and the result of a request."""

from typing import Any, Final

from msgspec import convert

from spaces.domain.errors import RequestExpired
from spaces.domain.queue.queue import Queue
from spaces.domain.queue.request_status import status_of
from spaces.domain.request import Ending, Request
from spaces.domain.timing import SECOND
from spaces.services.files.sign_file_urls import changed_files, input_for_reader, view_files
from spaces.services.ports.gateway import Gateway
from spaces.services.requests.submit_request import Accepted
from spaces.services.requests.view_request import settled_request, times_of
from spaces.services.spaces.view_space import is_connected
from spaces.services.timestamps import seconds, timestamp
from spaces_protocol.errors import ErrorType
from spaces_protocol.request_id import RequestId
from spaces_protocol.rest_bodies import (
    AcceptedRequest,
    Metrics,
    OutputView,
    RequestResult,
)
from spaces_protocol.worker_messages import Usage

_DAMAGED: Final = (
    "What is stored of this request cannot be read completely. Submit it again; if that does not "
    "help, tell the administrator of the space."
)
_CHANGED: Final = "Files that were replaced later are not shown:"


def view_accepted(accepted: Accepted, now: int) -> AcceptedRequest:
    """Return the response to a submit."""
    request, queue = accepted
    status = status_of(request, queue, now)
    path = f"/v1/spaces/{request.space_id}/requests/{request.request_id}"
    return AcceptedRequest(
        request_id=str(request.request_id),
        space=request.space_id,
        status=status.state,
        queue_position=status.position,
        queue_reason=status.reason,
        eta_seconds=seconds(status.eta),
        retry_after_ms=status.next_poll(request, now),
        space_connected=is_connected(queue),
        status_url=f"{path}/status",
        response_url=path,
        cancel_url=f"{path}/cancel",
        created_at=timestamp(request.created_at),
        deadline=timestamp(request.queue_deadline),
    )


def request_result(gateway: Gateway, request_id: RequestId) -> RequestResult:
    """Return a request's result, or its state if it has not ended.

    Raises:
        RequestNotFound, RequestExpired: As in `request_status`, or its result has expired.
    """
    kept = gateway.requests.read_answer(request_id)
    if kept is not None and kept.ending is not None:
        if kept.incomplete:
            gateway.log_event("result_incomplete", request_id=str(request_id), **kept.trace)
            raise RequestExpired("The result is no longer stored. Submit the request again.")
        return _ended(gateway, kept, kept.ending)
    request, queue = settled_request(gateway, request_id)
    if request.ending is not None:  # it ended between the two reads
        return request_result(gateway, request_id)
    return _unfinished(request, queue, gateway.now())


def _unfinished(request: Request, queue: Queue, now: int) -> RequestResult:
    status = status_of(request, queue, now)
    return RequestResult(
        request_id=str(request.request_id),
        space=request.space_id,
        status=status.state,
        times=times_of(request, status.started_at),
        retry_after_ms=status.next_poll(request, now),
        metadata=request.metadata,
    )


def _ended(gateway: Gateway, request: Request, ending: Ending) -> RequestResult:
    answer = ending.answer or {}
    usage = answer.get("usage")
    output = answer.get("output") or {}
    stored = [*request.input.get("files", ()), *output.get("files", ())]
    changed = changed_files(gateway, stored)
    error, error_type = ending.error, ending.error_type
    if request.damaged:
        error, error_type = _DAMAGED, ErrorType.INTERNAL
    elif changed and error is None:
        names = ", ".join(file["name"] for file in stored if file["key"] in changed)
        error, error_type = f"{_CHANGED} {names}.", ErrorType.INTERNAL
    return RequestResult(
        request_id=str(request.request_id),
        space=request.space_id,
        status=ending.state,
        times=times_of(request, ending.started_at),
        input=input_for_reader(gateway, request.input, without=changed),
        output=_output(gateway, answer.get("output"), changed),
        confidence=answer.get("confidence"),
        model=answer.get("model"),
        usage=convert(usage, Usage) if usage else None,
        metrics=_metrics(request, ending, answer),
        attempt=ending.attempt,
        worker_id=ending.worker_id,
        error=error,
        error_type=error_type,
        metadata=request.metadata,
    )


def _output(
    gateway: Gateway, output: dict[str, Any] | None, changed: list[str]
) -> OutputView | None:
    if output is None:
        return None
    return OutputView(
        text=output.get("text"),
        data=output.get("data"),
        files=view_files(gateway, output.get("files", ()), without=changed),
    )


def _metrics(request: Request, ending: Ending, answer: dict[str, Any]) -> Metrics:
    queued = None if ending.started_at is None else ending.started_at - request.created_at
    return Metrics(
        queue_time=None if queued is None else max(0, queued) / SECOND,
        inference_time=answer.get("inference_time"),
    )
