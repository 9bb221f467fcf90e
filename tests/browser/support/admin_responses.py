"""Response bodies of the administration API."""

from datetime import timedelta
from typing import Any

from tests.browser.support.bodies import ago

Body = dict[str, Any]


def at(seconds_ago: float) -> str:
    return ago(seconds_ago).isoformat().replace("+00:00", "Z")


def settings(name: str = "echo", **changes: Any) -> Body:
    limits = {"requests_per_minute": 30, "max_waiting": 10, "upload_bytes_per_day": 1 << 30}
    usual = {
        "space": name,
        "title": name.capitalize(),
        "description": "Says what it hears.",
        "about": "",
        "model": "",
        "licence": "",
        "links": [],
        "examples": None,
        "features": ["prompt"],
        "accept": None,
        "max_files": 4,
        "max_file_bytes": 20 << 20,
        "max_input_bytes": 256 << 10,
        "visibility": "public",
        "members": [],
        "timeout_seconds": 120,
        "queue_timeout_seconds": 3600,
        "max_queue_length": 100,
        "max_workers": 1,
        "when_offline": "queue",
        "prefetch": False,
        "requests_per_minute": None,
        "user_limits": limits,
        "anonymous_limits": limits,
        "embed_origins": [],
        "disabled": False,
        "cover_url": None,
        "version": 3,
        "created_at": at(86_400),
        "updated_at": at(600),
    }
    return usual | changes


def token(token_id: str = "tok1", **changes: Any) -> Body:
    usual = {
        "token_id": token_id,
        "label": "GPU machine in room 4",
        "spaces": ["echo"],
        "created_at": at(86_400),
        "created_by": "operator",
        "expires_at": at(-86_400 * 60),
        "last_used_at": at(300),
        "state": "active",
    }
    return usual | changes


def key(key_id: str = "key1", **changes: Any) -> Body:
    usual = {
        "key_id": key_id,
        "label": "nightly transcripts",
        "spaces": ["echo"],
        "created_at": at(86_400),
        "created_by": "operator",
        "expires_at": None,
        "last_used_at": None,
        "state": "active",
        "limits": {"requests_per_minute": 30, "max_waiting": 10, "upload_bytes_per_day": 1 << 30},
    }
    return usual | changes


def running(**changes: Any) -> Body:
    usual = {
        "request_id": "echo.7.AAAAAAAAAAAAAAAAAAAAAA",
        "since": at(4),
        "attempt": 1,
        "percent": 40,
        "message": "Reading page 4 of 10",
    }
    return usual | changes


def worker(worker_id: str = "lab-gpu-1", **changes: Any) -> Body:
    spaces = [
        {"space": "echo", "state": "busy", "capacity": 2, "running": [running()]},
        {"space": "speech", "state": "ready", "capacity": 2, "running": []},
    ]
    usual = {
        "worker_id": worker_id,
        "connection_id": f"conn-{worker_id}",
        "agent": "spaces-worker/1.0.0 python/3.13",
        "spaces": spaces,
        "connected_at": at(5400),
        "last_active_at": at(3),
        "token_id": "tok1",
    }
    return usual | changes


def request(ticket: int = 7, status: str = "COMPLETED", **changes: Any) -> Body:
    open_ = status in {"IN_QUEUE", "IN_PROGRESS"}
    usual = {
        "request_id": f"echo.{ticket}.AAAAAAAAAAAAAAAAAAAAAA",
        "space": "echo",
        "status": status,
        "owner": "visitor",
        "created_at": at(60 * ticket),
        "started_at": None if status == "IN_QUEUE" else at(60 * ticket - 2),
        "ended_at": None if open_ else at(60 * ticket - 6),
        "queue_time": None if status == "IN_QUEUE" else 1.8,
        "run_time": None if open_ else 4.2,
        "worker_id": None if status == "IN_QUEUE" else "lab-gpu-1",
        "attempt": 1,
        "error": None,
        "error_type": None,
    }
    return usual | changes


def activity(buckets: int = 24) -> Body:
    return {
        "queue_length": 3,
        "running": 1,
        "eta_seconds": 12,
        "workers": 1,
        "buckets": [bucket(index, buckets) for index in range(buckets)],
        "truncated": False,
        "queue_time": {"p50": 1.2, "p95": 8.5} if buckets else None,
    }


def bucket(index: int, count: int) -> Body:
    busy = index % 7
    return {
        "from": at((timedelta(hours=1) * (count - index)).total_seconds()),
        "accepted": busy * 6,
        "completed": busy * 5,
        "failed": busy // 3,
        "cancelled": busy // 5,
        "timed_out": busy // 6,
        "queue_time": {"p50": 0.4 * busy, "p95": 1.7 * busy} if busy else None,
        "run_time": {"p50": 2 + 0.3 * busy, "p95": 5 + busy} if busy else None,
    }


def person(user: str = "visitor", **changes: Any) -> Body:
    usual = {
        "user": user,
        "email": f"{user}@example.org",
        "administrator": False,
        "state": "active",
        "disabled": False,
        "created_at": at(86_400),
    }
    return usual | changes


def entry(action: str = "edit_space", **changes: Any) -> Body:
    usual = {
        "at": at(700),
        "who": "operator",
        "action": action,
        "target": "echo",
        "outcome": "done",
        "before": {"timeout_seconds": 60, "title": "Echo"},
        "after": {"timeout_seconds": 120, "title": "Echo"},
    }
    return usual | changes
