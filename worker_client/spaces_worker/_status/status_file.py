"""The status file of a running worker, read by ``spaces-worker status``."""

import contextlib
import os
import sys
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Final

import msgspec

from spaces_worker._settings import Settings
from spaces_worker._status.activity import ActivitySnapshot
from spaces_worker._storage.private_files import open_private
from spaces_worker._storage.result_store import results_folder
from spaces_worker._version import AGENT

HEARTBEAT_SECONDS: Final = 60.0
"""A worker writes its file at least this often, even if nothing happens."""
STALE: Final = timedelta(seconds=3 * HEARTBEAT_SECONDS)
"""A worker whose file is older is no longer running."""
EXPIRED: Final = timedelta(days=7)
"""A file that is older is deleted."""


class WorkerState(msgspec.Struct, frozen=True, kw_only=True):
    """Content of the file.

    Attributes:
        process: its process id.
        at: when this was written.
    """

    worker_id: str
    url: str
    spaces: list[str]
    concurrency: int
    pid: int
    agent: str
    started_at: datetime
    updated_at: datetime
    activity: ActivitySnapshot


class StatusFile:
    """Writes one worker's file, atomically and readable only by its user."""

    def __init__(self, settings: Settings, clock: Callable[[], datetime] | None = None) -> None:
        self._settings = settings
        self._clock = clock or _utc_now
        self._started_at = self._clock()
        self.path = status_folder(settings.state_dir) / f"{_owner(settings)}.json"

    def show(self, activity: ActivitySnapshot) -> None:
        """Write the activity; ignore a disk that cannot be written to."""
        content = msgspec.json.encode(self._state(activity))
        temporary = self.path.with_suffix(f".{os.getpid()}.tmp")
        with contextlib.suppress(OSError):
            self.path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
            with open(temporary, "wb", opener=open_private) as file:
                file.write(content)
            temporary.replace(self.path)

    def close(self) -> None:
        """Delete the file: the worker stops cleanly."""
        with contextlib.suppress(OSError):
            self.path.unlink(missing_ok=True)

    def _state(self, activity: ActivitySnapshot) -> WorkerState:
        return WorkerState(
            worker_id=self._settings.worker_id,
            url=self._settings.url,
            spaces=list(self._settings.spaces),
            concurrency=self._settings.concurrency,
            pid=os.getpid(),
            agent=AGENT,
            started_at=self._started_at,
            updated_at=self._clock(),
            activity=activity,
        )


def status_folder(state_dir: Path) -> Path:
    """Return the folder of the status files."""
    return state_dir / "status"


def states_in(state_dir: Path, now: datetime) -> list[tuple[str, WorkerState]]:
    """Return the latest states by the names of the workers' folders; delete old files."""
    paths = sorted(status_folder(state_dir).glob("*.json"))
    states = [(path.stem, _read(path, now)) for path in paths]
    return [(name, state) for name, state in states if state is not None]


def is_running(state: WorkerState, now: datetime) -> bool:
    """Whether the worker that wrote this is still running."""
    return now - state.updated_at < STALE and _process_exists(state.pid)


def _read(path: Path, now: datetime) -> WorkerState | None:
    try:
        state = msgspec.json.decode(path.read_bytes(), type=WorkerState)
    except (OSError, msgspec.MsgspecError):
        return None
    if now - state.updated_at > EXPIRED:
        with contextlib.suppress(OSError):
            path.unlink()
        return None
    return state


def _owner(settings: Settings) -> str:
    return results_folder(settings.state_dir, settings.url, settings.worker_id).name


def _process_exists(pid: int) -> bool:
    if sys.platform == "win32":
        return True  # signal 0 would kill it there; its age decides
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    except PermissionError:
        return True
    return True


def _utc_now() -> datetime:
    return datetime.now(UTC)
