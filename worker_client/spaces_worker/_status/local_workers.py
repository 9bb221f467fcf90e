"""The workers of this machine, put together from what they left in the state folder."""

from datetime import datetime
from pathlib import Path

import msgspec

from spaces_worker._status.activity import Doings, RunningRequest
from spaces_worker._status.status_file import WorkerState, runs, states_in
from spaces_worker._storage.state_folder import kept_results
from spaces_worker._text import shown_text


class LocalWorker(msgspec.Struct, frozen=True, kw_only=True):
    """One worker, as ``status --json`` prints it.

    Attributes:
        runs: whether its process is there.
        kept: answers on disk that the gateway has not acknowledged.
    """

    worker_id: str
    url: str
    spaces: list[str]
    process: int
    runs: bool
    at: datetime
    started_at: datetime
    kept: int
    doings: Doings


def local_workers(state_dir: Path, now: datetime) -> list[LocalWorker]:
    """Return the workers that run here, and those that ended without saying so."""
    return [_worker(name, state, state_dir, now) for name, state in states_in(state_dir, now)]


def words_of(workers: list[LocalWorker], now: datetime) -> list[str]:
    """Return one paragraph for each worker."""
    return [_words(each, now) for each in workers] or ["No worker runs here."]


def _worker(name: str, state: WorkerState, state_dir: Path, now: datetime) -> LocalWorker:
    return LocalWorker(
        worker_id=state.worker_id,
        url=state.url,
        spaces=state.spaces,
        process=state.process,
        runs=runs(state, now),
        at=state.at,
        started_at=state.started_at,
        kept=kept_results(state_dir / "results" / name),
        doings=state.doings,
    )


def _words(worker: LocalWorker, now: datetime) -> str:
    doings = worker.doings
    lines = [
        f"{_link(worker)} {worker.worker_id}",
        f"  gateway  {worker.url}",
        f"  spaces   {', '.join(worker.spaces)}",
    ]
    if worker.runs:
        lines += [f"  running  {_running(each, now)}" for each in doings.running]
        lines.append(f"  waiting  {doings.waiting}")
    lines.append(
        f"  so far   {doings.done} done, {doings.failed} failed, {doings.cancelled} cancelled"
    )
    if worker.kept:
        lines.append(f"  kept     {worker.kept} answers wait for the gateway")
    return "\n".join(lines)


def _link(worker: LocalWorker) -> str:
    since = worker.doings.linked_since
    if not worker.runs:
        return f"✗ ended without a word, last seen {_time(worker.at)}:"
    return "… not linked:" if since is None else f"✓ linked since {_time(since)}:"


def _running(request: RunningRequest, now: datetime) -> str:
    seconds = f"{(now - request.since).total_seconds():.0f} s"
    percent = "" if request.percent is None else f"{request.percent:.0f} %"
    parts = [request.space, request.request_id, seconds, percent, shown_text(request.message or "")]
    return "  ".join(part for part in parts if part)


def _time(moment: datetime) -> str:
    return f"{moment.astimezone():%Y-%m-%d %H:%M:%S}"
