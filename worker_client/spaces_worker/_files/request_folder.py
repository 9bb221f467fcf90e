"""The private temporary folder of one request, with the files that the user sent.

Each folder is locked by its process. A process that was killed cannot clean up, so the next worker
of the same user removes every folder that is no longer locked.
"""

import contextlib
import functools
import os
import re
import shutil
import sys
import tempfile
import threading
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Final, Self

from spaces_protocol.gateway_messages import PresignedFile, Request
from spaces_worker._errors import TransferError
from spaces_worker._files.disk_errors import writing
from spaces_worker._files.file_names import local_name
from spaces_worker._files.input_files import InputFile

_UNLOCKED: Final = "spaces-worker-new-"
_LOCKED: Final = "spaces-worker-request-"
_NAME: Final = re.compile(_LOCKED + r"[a-z0-9_]{8}")

Download = Callable[[PresignedFile, Path], None]
"""Downloads a file to a path; raises `TransferError`."""


def _no_download(_remote: PresignedFile, _path: Path) -> None:
    raise TransferError("this request has no connection to download files")


class RequestFolder:
    """Creates the folder on first use and removes it with everything in it.

    Args:
        download: downloads the files of the request.
    """

    def __init__(self, download: Download = _no_download) -> None:
        self._download = download
        self._lock = threading.Lock()
        self._created: _LockedFolder | None = None
        self._closed = False

    @property
    def path(self) -> Path:
        """The folder, readable only by its user.

        Raises:
            RuntimeError: the request has ended, so nothing would remove a new folder.
        """
        with self._lock:
            if self._closed:
                raise RuntimeError("the request has ended, and its folder has been removed")
            if self._created is None:
                self._created = _LockedFolder.create()
            return self._created.path

    def input_files(self, request: Request) -> tuple[InputFile, ...]:
        """Return the files of a request; none of them is downloaded yet."""
        return tuple(
            InputFile(
                remote, functools.partial(self.fetch, remote, local_name(number, remote.name))
            )
            for number, remote in enumerate(request.input.files, start=1)
        )

    def fetch(self, remote: PresignedFile, name: str) -> Path:
        """Download a file to a name in the folder, and return its path.

        Raises:
            TransferError: the download failed.
        """
        with writing(f"the file {remote.name!r}"):
            path = self.path / name
        self._download(remote, path)
        return path

    def close(self) -> None:
        """Remove the folder if it was created."""
        with self._lock:
            self._closed = True
            created, self._created = self._created, None
        if created is not None:
            created.remove()


def remove_abandoned_folders() -> None:
    """Remove the folders that this user's killed processes left behind."""
    with contextlib.suppress(OSError):
        for path in Path(tempfile.gettempdir()).iterdir():
            if _NAME.fullmatch(path.name) and (lock := _lock(path)) is not None:
                _LockedFolder(path, lock).remove()


@dataclass(frozen=True, slots=True)
class _LockedFolder:
    """A folder that only its user can read.

    Attributes:
        path: where it is.
        lock: file descriptor that holds the lock; None on systems that cannot lock folders.
    """

    path: Path
    lock: int | None

    @classmethod
    def create(cls) -> Self:
        """Create a folder; rename it to the name that marks it as removable once it is locked."""
        created = Path(tempfile.mkdtemp(prefix=_UNLOCKED))
        lock = _lock(created)
        return cls(
            created.rename(created.with_name(created.name.replace(_UNLOCKED, _LOCKED))), lock
        )

    def remove(self) -> None:
        """Remove the folder with everything in it."""
        shutil.rmtree(self.path, ignore_errors=True)
        if self.lock is not None:
            os.close(self.lock)


def _lock(path: Path) -> int | None:
    """Lock a folder of this user; return None if another user or a running process has it."""
    if sys.platform == "win32":
        return None
    import fcntl  # noqa: PLC0415 - not available on Windows

    try:
        folder = os.open(path, os.O_RDONLY | os.O_DIRECTORY | os.O_NOFOLLOW)
    except OSError:
        return None
    try:
        if os.fstat(folder).st_uid == os.geteuid():
            fcntl.flock(folder, fcntl.LOCK_EX | fcntl.LOCK_NB)
            return folder
    except OSError:
        pass
    os.close(folder)
    return None
