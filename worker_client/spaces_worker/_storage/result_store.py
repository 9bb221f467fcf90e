"""Unacknowledged results on disk: one file each, in a folder per gateway and worker id."""

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
"""Upper bound on the size of a result file."""
ABANDONED_SECONDS: Final = 3600.0
"""A temporary file this old was left by a process that died while writing."""

_KEPT: Final = ".json"
_TEMPORARY: Final = ".tmp"
_UNREADABLE: Final = ".unreadable"
_logger: Final = wing_logger(__name__)


class _File(msgspec.Struct, frozen=True, kw_only=True):
    """Content of a file; ``kept_at`` is in seconds since 1970."""

    kept_at: float
    result: ResultMessage


class StoredResult(NamedTuple):
    """A result loaded from disk, and its age in seconds."""

    result: ResultMessage
    age: float


def results_folder(state_dir: Path, url: str, worker_id: str) -> Path:
    """Return the folder for this worker id at this gateway; no two workers share one."""
    owner = hashlib.sha256(f"{url.rstrip('/')}\n{worker_id}".encode()).hexdigest()
    return state_dir / "results" / f"{worker_id}-{owner[:16]}"


def count_results(folder: Path) -> int:
    """Return how many results are stored in a worker's folder."""
    return sum(1 for path in folder.glob("*.json")) if folder.is_dir() else 0


def check_folder(folder: Path) -> None:
    """Check that results can be kept in a folder, and leave nothing behind.

    Raises:
        OSError: they cannot.
    """
    missing = [each for each in (folder, *folder.parents) if not each.exists()]
    try:
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        _make_private(folder)
        probe = folder / f"{secrets.token_hex(8)}{_TEMPORARY}"
        with open(probe, "xb", opener=open_private):
            probe.unlink()
    finally:
        for each in missing:
            with contextlib.suppress(OSError):
                each.rmdir()


class ResultStore:
    """Writes, loads and removes the files.

    Each file is written atomically under a name derived from its request, so several processes of
    the same worker can use the same folder.

    Args:
        folder: created on first use.
        wall_clock: returns seconds since 1970.
    """

    def __init__(self, folder: Path, wall_clock: Callable[[], float] = time.time) -> None:
        self.folder = folder
        self._wall_clock = wall_clock

    def apply(self, effect: DiskEffect) -> None:
        """Carry out a disk effect of the session.

        Raises:
            OSError: the disk refused.
        """
        match effect:
            case SaveResult():
                self._save(effect.result)
            case DeleteResult():
                self._path(effect.request_id).unlink(missing_ok=True)

    def load(self) -> list[StoredResult]:
        """Return the results on disk, oldest first; unreadable files are set aside.

        Raises:
            OSError: the folder cannot be read or written to.
        """
        check_folder(self.folder)
        if not self.folder.is_dir():
            return []
        _make_private(self.folder)
        self._remove_leftovers()
        files = [file for path in self._paths(_KEPT) if (file := _read(path)) is not None]
        files.sort(key=lambda file: file.kept_at)
        now = self._wall_clock()
        return [StoredResult(file.result, max(0.0, now - file.kept_at)) for file in files]

    def remove_if_empty(self) -> None:
        """Remove the folder if it is empty."""
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
        # A request id is a secret, and can contain characters that a file name cannot.
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
    """Write a new file that only its owner can read, and flush it to the disk.

    The folder itself is not synced. A file lost in a power failure only means that its request
    runs again, whereas a half-written file would be worse.
    """
    with open(path, "xb", opener=open_private) as file:
        file.write(content)
        file.flush()
        os.fsync(file.fileno())


def _make_private(folder: Path) -> None:
    """Make the folder private: anyone who can write there could forge this worker's results."""
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
            raise ValueError("it is too large")  # noqa: TRY301 - handled like other invalid content
        return msgspec.json.decode(path.read_bytes(), type=_File)
    except FileNotFoundError:
        return None  # another process of this worker has removed it
    except (OSError, ValueError, msgspec.MsgspecError, RecursionError) as error:
        _set_aside(path, error)
        return None


def _set_aside(path: Path, error: Exception) -> None:
    _logger.warning("The stored result in %s cannot be read (%s) and is set aside.", path, error)
    with contextlib.suppress(OSError):
        path.replace(path.with_suffix(_UNREADABLE))
