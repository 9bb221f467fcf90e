"""The private temporary folder of one request, with the files that came with it."""

import functools
import threading
from collections.abc import Callable
from pathlib import Path

from spaces_protocol.gateway_messages import PresignedFile as Sent
from spaces_protocol.gateway_messages import Request
from spaces_worker._errors import TransferError
from spaces_worker._files.disk_errors import writing
from spaces_worker._files.file_names import local_name
from spaces_worker._files.input_files import InputFile
from spaces_worker._files.request_folders import RequestFolder

Download = Callable[[Sent, Path], None]
"""Fetches a file to a path; raises `TransferError`."""


def _no_way(_sent: Sent, _path: Path) -> None:
    raise TransferError("there is no link to fetch files by")


class Workplace:
    """Makes the folder when it is needed and removes it with all that is in it.

    Args:
        download: how files are fetched.
    """

    def __init__(self, download: Download = _no_way) -> None:
        self._download = download
        self._lock = threading.Lock()
        self._folder: RequestFolder | None = None
        self._left = False

    @property
    def folder(self) -> Path:
        """The folder; only its user can look into it.

        Raises:
            RuntimeError: the request has ended, and nobody would remove it any more.
        """
        with self._lock:
            if self._left:
                raise RuntimeError("the request has ended, and its folder is gone")
            if self._folder is None:
                self._folder = RequestFolder.make()
            return self._folder.path

    def files_of(self, request: Request) -> tuple[InputFile, ...]:
        """Return the files of a request, none of them fetched yet."""
        return tuple(
            InputFile(sent, functools.partial(self._fetch, sent, number))
            for number, sent in enumerate(request.input.files, start=1)
        )

    def leave(self) -> None:
        """Remove the folder, if there is one."""
        with self._lock:
            self._left = True
            folder, self._folder = self._folder, None
        if folder is not None:
            folder.remove()

    def _fetch(self, sent: Sent, number: int) -> Path:
        with writing(f"the file {sent.name!r}"):
            path = self.folder / local_name(number, sent.name)
        self._download(sent, path)
        return path
