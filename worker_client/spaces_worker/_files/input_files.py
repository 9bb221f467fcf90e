"""The files that a user sent, fetched when they are first asked for."""

import asyncio
import threading
from collections.abc import Callable
from pathlib import Path
from typing import BinaryIO

from spaces_protocol.gateway_messages import PresignedFile
from spaces_worker._runtime.threads import in_thread

Fetch = Callable[[], Path]
"""Downloads a file and returns where it lies."""


class InputFile:
    """One file of a request; it is downloaded once, and removed when the request has ended.

    Attributes:
        name: what its sender called it.
        content_type: what its sender said it is, such as ``image/png``.
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
        """Say which file it is; its address is a secret."""
        return f"InputFile({self.name!r}, {self.content_type!r}, {self.size})"

    def path(self) -> Path:
        """Return where the file lies, in a private folder; it keeps its ending.

        The first call downloads it. In an async function, ``await download()`` first.

        Raises:
            TransferError: it could not be fetched.
            RuntimeError: the call would hold up the event loop.
        """
        if self._path is None:
            _forbid_event_loop()
        return self._downloaded()

    def open(self) -> BinaryIO:
        """Open the file for reading; raises what `path` raises."""
        return self.path().open("rb")

    def read_bytes(self) -> bytes:
        """Return what is in the file; raises what `path` raises."""
        return self.path().read_bytes()

    async def download(self) -> Path:
        """Fetch the file beside the event loop, and return where it lies.

        Raises:
            TransferError: it could not be fetched.
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
    raise RuntimeError("this would hold up the event loop: await file.download() first")
