"""Requests as tasks: the forms of 2025-11-25 and of the extension since 2026-07-28."""

from datetime import datetime
from typing import Any, Final

from spaces.domain.timing import REQUEST_RETENTION
from spaces_protocol.rest_bodies import RequestState, RequestStatus

Task = dict[str, Any]
RELATED: Final = "io.modelcontextprotocol/related-task"
MIN_POLL: Final = 1_000
"""Milliseconds: a client asks no sooner for a task, which by then has taken ten seconds."""
_REASONS: Final = {
    "worker_busy": "the worker is busy",
    "no_worker": "no worker is connected",
    "draining": "the worker is stopping",
    "paused": "the worker is paused",
}


def task_of(status: RequestStatus) -> Task:
    """Return the fields of a task that all versions share."""
    task: Task = {
        "taskId": status.request_id,
        "status": _state(status),
        "createdAt": _text(status.times.created_at),
        "lastUpdatedAt": _text(
            status.times.ended_at or status.times.started_at or status.times.created_at
        ),
    }
    message = status_message(status)
    return {**task, "statusMessage": message} if message else task


def modern(status: RequestStatus) -> Task:
    """Return a task in the form of the extension."""
    task = {**task_of(status), "ttlMs": REQUEST_RETENTION}
    return task if status.retry_after_ms is None else {**task, "pollIntervalMs": _poll(status)}


def of_2025(status: RequestStatus) -> Task:
    """Return a task in the form of 2025-11-25, where a failed tool is a failed task."""
    task = {**task_of(status), "ttl": REQUEST_RETENTION}
    if task["status"] == "completed" and status.status is not RequestState.COMPLETED:
        task["status"] = "failed"
    return task if status.retry_after_ms is None else {**task, "pollInterval": _poll(status)}


def status_message(status: RequestStatus) -> str:
    """Return a sentence on how far a request is."""
    if status.status is RequestState.IN_QUEUE:
        reason = _REASONS.get(status.queue_reason or "")
        ahead = f"Waiting; {status.queue_position or 0} ahead"
        return f"{ahead}; {reason}." if reason else f"{ahead}."
    if status.status is not RequestState.IN_PROGRESS:
        return status.error or ""
    progress = status.progress
    if progress is None:
        return "Running."
    step = f"Step {progress.step} of {progress.total}" if progress.step and progress.total else ""
    return ": ".join(filter(None, (step, progress.message))) or "Running."


def _state(status: RequestStatus) -> str:
    """Return the state of a task; a failure of the tool is a result, too."""
    if status.status in (RequestState.IN_QUEUE, RequestState.IN_PROGRESS):
        return "working"
    return "cancelled" if status.status is RequestState.CANCELLED else "completed"


def _poll(status: RequestStatus) -> int:
    return max(MIN_POLL, status.retry_after_ms or MIN_POLL)


def _text(moment: datetime) -> str:
    return moment.isoformat(timespec="milliseconds").replace("+00:00", "Z")
