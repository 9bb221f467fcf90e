"""The workers of this machine, as their files in the state folder describe them."""

from datetime import datetime
from pathlib import Path

import msgspec

from spaces_worker._environment.values import shown_url
from spaces_worker._status.activity import ActivitySnapshot, RunningRequest
from spaces_worker._status.status_file import WorkerState, is_running, states_in
from spaces_worker._storage.result_store import count_results
from spaces_worker._text import printable_text


class LocalWorker(msgspec.Struct, frozen=True, kw_only=True):
    """One worker, as ``status --json`` prints it.

    Attributes:
        is_running: whether its process exists.
        unacknowledged: results on disk that the gateway has not acknowledged.
    """

    worker_id: str
    url: str
    spaces: list[str]
    pid: int
    is_running: bool
    updated_at: datetime
    started_at: datetime
    unacknowledged: int
    activity: ActivitySnapshot


def local_workers(state_dir: Path, now: datetime) -> list[LocalWorker]:
    """Return the running workers, and those that stopped unexpectedly."""
    return [_worker(name, state, state_dir, now) for name, state in states_in(state_dir, now)]


def describe(workers: list[LocalWorker], state_dir: Path, now: datetime) -> list[str]:
    """Return one paragraph for each worker."""
    none = (
        f"No worker is running with the state directory {state_dir}. If yours has another one, "
        "name it: --state-dir or SPACES_STATE_DIR."
    )
    return [_describe(each, now) for each in workers] or [none]


def _worker(name: str, state: WorkerState, state_dir: Path, now: datetime) -> LocalWorker:
    return LocalWorker(
        worker_id=state.worker_id,
        url=state.url,
        spaces=state.spaces,
        pid=state.pid,
        is_running=is_running(state, now),
        updated_at=state.updated_at,
        started_at=state.started_at,
        unacknowledged=count_results(state_dir / "results" / name),
        activity=state.activity,
    )


def _describe(worker: LocalWorker, now: datetime) -> str:
    activity = worker.activity
    lines = [
        f"{_connection(worker)} {worker.worker_id}",
        f"  gateway  {shown_url(worker.url)}",
        f"  spaces   {', '.join(worker.spaces)}",
    ]
    if worker.is_running:
        lines += [f"  running  {_running(each, now)}" for each in activity.running]
        lines.append(f"  waiting  {activity.waiting}")
    lines.append(
        f"  so far   {activity.done} done, {activity.failed} failed, {activity.cancelled} cancelled"
    )
    if worker.unacknowledged:
        count = worker.unacknowledged
        lines.append(
            f"  kept     {count} {'result' if count == 1 else 'results'} not delivered yet"
        )
    return "\n".join(lines)


def _connection(worker: LocalWorker) -> str:
    since = worker.activity.connected_since
    if not worker.is_running:
        return f"✗ stopped unexpectedly, last seen {_time(worker.updated_at)}:"
    return "… not connected:" if since is None else f"✓ connected since {_time(since)}:"


def _running(request: RunningRequest, now: datetime) -> str:
    seconds = f"{(now - request.since).total_seconds():.0f} s"
    percent = "" if request.percent is None else f"{request.percent:.0f} %"
    parts = [
        request.space,
        request.request_id,
        seconds,
        percent,
        printable_text(request.message or ""),
    ]
    return "  ".join(part for part in parts if part)


def _time(moment: datetime) -> str:
    return f"{moment.astimezone():%Y-%m-%d %H:%M:%S}"
