"""Unacknowledged results on disk: one file each, in a folder of this worker at this gateway."""

import contextlib
import hashlib
import os
import secrets
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Final, NamedTuple

import msgspec

from spaces_protocol.limits import MAX_MESSAGE_BYTES
from spaces_protocol.worker_messages import Result as ResultMessage
from spaces_worker._log import wing_logger
from spaces_worker._session.effects import DeleteResult, DiskEffect, SaveResult
from spaces_worker._session.outbox import MAX_AGE_SECONDS
from spaces_worker._storage.private_files import open_private

MAX_FILE_BYTES: Final = 2 * MAX_MESSAGE_BYTES
"""No file of ours is larger."""
ABANDONED_SECONDS: Final = 3600.0
"""A temporary file of this age belongs to a process that died while it wrote."""

_KEPT: Final = ".json"
_TEMPORARY: Final = ".tmp"
_UNREADABLE: Final = ".unreadable"
_logger: Final = wing_logger(__name__)


class _File(msgspec.Struct, frozen=True, kw_only=True):
    """Content of a file; ``kept_at`` in seconds since 1970."""

    kept_at: float
    result: ResultMessage


class StoredResult(NamedTuple):
    """A result that was found on disk, and its age in seconds."""

    result: ResultMessage
    age: float


def results_folder(state_dir: Path, url: str, worker_id: str) -> Path:
    """Return the folder of that worker at that gateway; workers on one machine share none."""
    owner = hashlib.sha256(f"{url.rstrip('/')}\n{worker_id}".encode()).hexdigest()
    return state_dir / "results" / f"{worker_id}-{owner[:16]}"


def count_results(folder: Path) -> int:
    """Return how many answers lie in the folder of one worker."""
    return sum(1 for path in folder.glob("*.json")) if folder.is_dir() else 0


class ResultStore:
    """Writes, finds and removes the files.

    Each file appears at once and complete, under a name that follows from its request: processes
    of the same worker may work in the same folder.

    Args:
        folder: is made when it is needed.
        wall_clock: seconds since 1970.
    """

    def __init__(self, folder: Path, wall_clock: Callable[[], float] = time.time) -> None:
        self.folder = folder
        self._wall_clock = wall_clock

    def apply(self, effect: DiskEffect) -> None:
        """Do what the session ordered.

        Raises:
            OSError: the disk does not let us.
        """
        match effect:
            case SaveResult():
                self._save(effect.result)
            case DeleteResult():
                self._path(effect.request_id).unlink(missing_ok=True)

    def load(self) -> list[StoredResult]:
        """Return what is on disk, the oldest first; what cannot be read is put aside.

        Raises:
            OSError: the folder cannot be read.
        """
        if not self.folder.is_dir():
            return []
        _make_private(self.folder)
        self._remove_leftovers()
        files = [file for path in self._paths(_KEPT) if (file := _read(path)) is not None]
        files.sort(key=lambda file: file.kept_at)
        now = self._wall_clock()
        return [StoredResult(file.result, max(0.0, now - file.kept_at)) for file in files]

    def remove_if_empty(self) -> None:
        """Remove the folder if nothing is in it."""
        with contextlib.suppress(OSError):
            self.folder.rmdir()

    def _save(self, result: ResultMessage) -> None:
        self.folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        _make_private(self.folder)
        content = msgspec.json.encode(_File(kept_at=self._wall_clock(), result=result))
        path = self._path(result.request_id)
        temporary = path.with_name(f"{path.stem}.{secrets.token_hex(8)}{_TEMPORARY}")
        try:
            _write(temporary, content)
            temporary.replace(path)
        except BaseException:
            with contextlib.suppress(OSError):
                temporary.unlink()
            raise

    def _path(self, request_id: str) -> Path:
        # A request's id is its secret, and may hold what a file name may not.
        return self.folder / (hashlib.sha256(request_id.encode()).hexdigest()[:32] + _KEPT)

    def _paths(self, suffix: str) -> Iterator[Path]:
        return (path for path in self.folder.iterdir() if path.suffix == suffix)

    def _remove_leftovers(self) -> None:
        for suffix, age in ((_TEMPORARY, ABANDONED_SECONDS), (_UNREADABLE, MAX_AGE_SECONDS)):
            for path in self._paths(suffix):
                with contextlib.suppress(OSError):
                    if path.stat().st_mtime < self._wall_clock() - age:
                        path.unlink()


def _write(path: Path, content: bytes) -> None:
    """Write a new file that only its owner can read, down to the disk.

    The folder itself is not synced: a file lost with the machine's power is an answer lost, and
    its request is run again; a file half-written would be neither.
    """
    with open(path, "xb", opener=open_private) as file:
        file.write(content)
        file.flush()
        os.fsync(file.fileno())


def _make_private(folder: Path) -> None:
    """Shut others out of the folder: who could write there could answer in our name."""
    if sys.platform == "win32":
        return
    status = folder.stat()
    if status.st_uid != os.geteuid():
        raise PermissionError("the folder belongs to another user")
    if status.st_mode & 0o077:
        folder.chmod(0o700)


def _read(path: Path) -> _File | None:
    try:
        if path.stat().st_size > MAX_FILE_BYTES:
            raise ValueError("it is too large")  # noqa: TRY301 - handled like other wrong content
        return msgspec.json.decode(path.read_bytes(), type=_File)
    except FileNotFoundError:
        return None  # another process of this worker was faster
    except (OSError, ValueError, msgspec.MsgspecError, RecursionError) as error:
        _put_aside(path, error)
        return None


def _put_aside(path: Path, error: Exception) -> None:
    _logger.warning("The kept answer in %s cannot be read (%s); it is put aside.", path, error)
    with contextlib.suppress(OSError):
        path.replace(path.with_suffix(_UNREADABLE))
