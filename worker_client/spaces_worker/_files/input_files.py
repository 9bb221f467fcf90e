"""The files that a user sent, downloaded on first use."""

import asyncio
import threading
from collections.abc import Callable
from pathlib import Path
from typing import BinaryIO

from spaces_protocol.gateway_messages import PresignedFile
from spaces_worker._runtime.threads import in_thread

Fetch = Callable[[], Path]
"""Downloads a file and returns its path."""


class InputFile:
    """One file of a request; it is downloaded once and removed when the request ends.

    Attributes:
        name: the file name given by the sender.
        content_type: the content type given by the sender, such as ``image/png``.
        size: in bytes.
    """

    def __init__(self, remote: PresignedFile, fetch: Fetch) -> None:
        self.name = remote.name
        self.content_type = remote.content_type
        self.size = remote.size
        self._fetch = fetch
        self._lock = threading.Lock()
        self._path: Path | None = None

    def __repr__(self) -> str:
        """Describe the file without its URL, which is a secret."""
        return f"InputFile({self.name!r}, {self.content_type!r}, {self.size})"

    def path(self) -> Path:
        """Return the path of the file, in a private folder; it keeps its extension.

        The first call downloads the file. In an async function, ``await download()`` first.

        Raises:
            TransferError: the download failed.
            RuntimeError: the call would block the event loop.
        """
        if self._path is None:
            _forbid_event_loop()
        return self._downloaded()

    def open(self) -> BinaryIO:
        """Open the file for reading; raises the same errors as `path`."""
        return self.path().open("rb")

    def read_bytes(self) -> bytes:
        """Return the content of the file; raises the same errors as `path`."""
        return self.path().read_bytes()

    async def download(self) -> Path:
        """Download the file without blocking the event loop, and return its path.

        Raises:
            TransferError: the download failed.
        """
        return await in_thread(self._downloaded)

    def _downloaded(self) -> Path:
        with self._lock:
            if self._path is None:
                self._path = self._fetch()
            return self._path


def _forbid_event_loop() -> None:
    try:
        asyncio.get_running_loop()
    except RuntimeError:
        return
    raise RuntimeError("this would block the event loop: await file.download() first")
