"""Uploads the files of examples that the gateway asks for."""

import asyncio
import threading
import time
from collections import Counter
from collections.abc import Callable, Mapping
from typing import Final

from spaces_protocol.gateway_messages import ExampleUploads
from spaces_worker._errors import TransferError
from spaces_worker._files.output_files import PreparedFile
from spaces_worker._files.retry import RetryDeadline
from spaces_worker._files.transfers import Transfers
from spaces_worker._log import wing_logger
from spaces_worker._runtime.threads import in_thread

UPLOAD_SECONDS: Final = 10 * 60.0
"""How long uploads are tried; the form that the gateway sends is valid a little longer."""
MAX_TRIES: Final = 3
"""How often a file is uploaded; a gateway that asks for it again and again must not go on."""

_logger: Final = wing_logger(__name__)


class ExampleUploader:
    """Uploads files of examples in the background, one request of the gateway at a time.

    Args:
        files: the files of all examples, by the hash of their content.
        transfers: uploads a file.
        on_uploaded: called when files were uploaded, so that the worker registers again.
    """

    def __init__(
        self,
        files: Mapping[str, PreparedFile],
        transfers: Transfers,
        on_uploaded: Callable[[], None],
    ) -> None:
        self._files = files
        self._transfers = transfers
        self._on_uploaded = on_uploaded
        self._tries: Counter[tuple[str, str]] = Counter()
        self._running: dict[str, asyncio.Task[None]] = {}
        self._cancelled = threading.Event()

    def upload(self, wanted: ExampleUploads) -> None:
        """Begin to upload what the gateway asks for, unless this is happening already."""
        if wanted.space not in self._running:
            self._running[wanted.space] = asyncio.create_task(self._upload(wanted))

    async def idle(self) -> None:
        """Wait until nothing is being uploaded."""
        await asyncio.gather(*self._running.values(), return_exceptions=True)

    async def close(self) -> None:
        """Stop uploading."""
        self._cancelled.set()
        for task in self._running.values():
            task.cancel()
        await self.idle()

    async def _upload(self, wanted: ExampleUploads) -> None:
        try:
            sent = await in_thread(lambda: self._send(wanted))
        except TransferError as error:
            _logger.warning("The examples of the space %s lack files: %s.", wanted.space, error)
            return
        finally:
            del self._running[wanted.space]
        if sent:
            self._on_uploaded()

    def _send(self, wanted: ExampleUploads) -> int:
        deadline = RetryDeadline(time.monotonic() + UPLOAD_SECONDS, self._cancelled)
        due = [each for each in wanted.missing if self._is_due(wanted.space, each)]
        for sha256 in due:
            file = self._files[sha256]
            key = wanted.upload.key_prefix + sha256
            what = f"the example file {file.name!r}"
            self._transfers.upload(wanted.upload, key, file, deadline, what=what)
        return len(due)

    def _is_due(self, space: str, sha256: str) -> bool:
        self._tries[space, sha256] += 1
        return sha256 in self._files and self._tries[space, sha256] <= MAX_TRIES
