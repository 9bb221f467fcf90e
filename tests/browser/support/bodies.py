"""Response bodies of the gateway, built from the contract so that they cannot drift."""

from datetime import UTC, datetime, timedelta
from typing import Any

from spaces_protocol.rest_bodies import (
    AcceptedRequest,
    RequestResult,
    RequestState,
    RequestStatus,
    RequestTimes,
    SpaceLimits,
    SpaceView,
    WorkerView,
)

NONCE = "AAAAAAAAAAAAAAAAAAAAAA"
REQUEST_ID = f"echo.7.{NONCE}"


def ago(seconds: float) -> datetime:
    return datetime.now(UTC) - timedelta(seconds=seconds)


def limits(**changes: Any) -> SpaceLimits:
    usual: dict[str, Any] = {
        "max_input_bytes": 256 * 1024,
        "timeout_seconds": 120,
        "queue_timeout_seconds": 3600,
        "max_queue_length": 100,
    }
    return SpaceLimits(**usual | changes)


def space(name: str = "echo", **changes: Any) -> SpaceView:
    usual: dict[str, Any] = {
        "space": name,
        "title": "Echo",
        "description": "Says what it hears.",
        "features": ["prompt"],
        "limits": limits(),
        "connected": True,
        "state": "ready",
        "workers": [WorkerView(worker_id="lab-gpu-1", state="ready", since=ago(60))],
        "queue_length": 0,
        "running": 0,
        "eta_seconds": 0,
        "last_seen": ago(1),
        "visibility": "public",
        "cover_url": None,
        "embed_origins": [],
    }
    return SpaceView(**usual | changes)


def space_without_worker(name: str = "echo", **changes: Any) -> SpaceView:
    usual: dict[str, Any] = {
        "connected": False,
        "state": "offline",
        "workers": [],
        "eta_seconds": None,
        "last_seen": ago(900),
    }
    return space(name, **usual | changes)


def accepted(request_id: str = REQUEST_ID, **changes: Any) -> AcceptedRequest:
    name = request_id.split(".", 1)[0]
    usual: dict[str, Any] = {
        "request_id": request_id,
        "space": name,
        "status": RequestState.IN_QUEUE,
        "queue_position": 0,
        "queue_reason": "worker_busy",
        "eta_seconds": 4.0,
        "retry_after_ms": 500,
        "space_connected": True,
        "status_url": f"/v1/spaces/{name}/requests/{request_id}/status",
        "response_url": f"/v1/spaces/{name}/requests/{request_id}",
        "cancel_url": f"/v1/spaces/{name}/requests/{request_id}/cancel",
        "created_at": ago(0),
        "deadline": ago(-3600),
    }
    return AcceptedRequest(**usual | changes)


def status(state: RequestState, request_id: str = REQUEST_ID, **changes: Any) -> RequestStatus:
    waiting = state is RequestState.IN_QUEUE
    ended = state not in {RequestState.IN_QUEUE, RequestState.IN_PROGRESS}
    usual: dict[str, Any] = {
        "request_id": request_id,
        "space": request_id.split(".", 1)[0],
        "status": state,
        "times": times(started=not waiting, ended=ended),
        "queue_position": 0 if waiting else None,
        "retry_after_ms": None if ended else 500,
        "attempt": None if waiting else 1,
        "worker_id": None if waiting else "lab-gpu-1",
        "deadline": ago(-3600),
    }
    return RequestStatus(**usual | changes)


def result(
    state: RequestState = RequestState.COMPLETED, request_id: str = REQUEST_ID, **changes: Any
) -> RequestResult:
    usual: dict[str, Any] = {
        "request_id": request_id,
        "space": request_id.split(".", 1)[0],
        "status": state,
        "times": times(started=True, ended=True),
        "input": {"prompt": "Hello"},
        "attempt": 1,
        "worker_id": "lab-gpu-1",
    }
    return RequestResult(**usual | changes)


def times(*, started: bool, ended: bool) -> RequestTimes:
    return RequestTimes(
        created_at=ago(6),
        started_at=ago(4.8) if started else None,
        ended_at=ago(0) if ended else None,
    )
