"""Saves results without blocking the event loop; a faulty disk causes a warning, not a failure."""

import asyncio
import contextlib
import threading
from collections.abc import Callable
from functools import partial
from typing import Final, TypeVar

from spaces_protocol.worker_messages import Result as ResultMessage
from spaces_worker._log import wing_logger
from spaces_worker._runtime.threads import in_thread
from spaces_worker._session.effects import DiskEffect, SaveResult
from spaces_worker._storage.result_store import ResultStore, StoredResult

T = TypeVar("T")

DISK_SECONDS: Final = 5.0
"""A disk that takes longer, such as a disconnected network drive, is not used until it responds.

Well below a lease, because a result that waits for the disk is not sent to the gateway.
"""

_DISK_ERRORS: Final = (OSError, ValueError, RuntimeError)
"""RuntimeError: no thread can be started to write."""

_logger: Final = wing_logger(__name__)


class _GivenUp(OSError):
    """The disk has failed to respond in time before."""


class ResultWriter:
    """Carries out disk effects one after another, in a thread.

    Args:
        store: where results are kept.
        on_saved: called with each result that is on disk or cannot be saved.
        timeout: seconds that the disk may take for one result.
    """

    def __init__(
        self,
        store: ResultStore,
        on_saved: Callable[[ResultMessage], None],
        timeout: float = DISK_SECONDS,
    ) -> None:
        self._store = store
        self._on_saved = on_saved
        self._timeout = timeout
        self._effects: asyncio.Queue[DiskEffect] = asyncio.Queue()
        self._failing = False
        self._given_up = False
        self._returned = threading.Event()

    @property
    def folder(self) -> str | None:
        """Where results are currently saved; None if they cannot be."""
        return None if self._failing else str(self._store.folder)

    async def load(self) -> list[StoredResult]:
        """Return the results that an earlier process left, oldest first."""
        try:
            return await self._on_disk(self._store.load)
        except _DISK_ERRORS as error:
            self._failed(error)
            return []

    def execute(self, effect: DiskEffect) -> None:
        """Queue a disk effect of the session."""
        self._effects.put_nowait(effect)

    async def run(self) -> None:
        """Carry out queued effects indefinitely."""
        while True:
            effect = await self._effects.get()
            await self._apply(effect)
            if isinstance(effect, SaveResult):
                self._on_saved(effect.result)
            self._effects.task_done()

    async def close(self, seconds: float) -> None:
        """Wait up to ``seconds`` for the queued effects, while `run` still runs."""
        with contextlib.suppress(*_DISK_ERRORS):
            async with asyncio.timeout(seconds):
                await self._effects.join()
                await self._on_disk(self._store.remove_if_empty)

    async def _apply(self, effect: DiskEffect) -> None:
        try:
            await self._on_disk(partial(self._store.apply, effect))
        except _DISK_ERRORS as error:
            self._failed(error)
        else:
            if isinstance(effect, SaveResult):
                self._recovered()

    async def _on_disk(self, work: Callable[[], T]) -> T:
        if self._given_up and not self._returned.is_set():
            raise _GivenUp
        returned = self._returned = threading.Event()

        def tracked() -> T:
            try:
                return work()
            finally:
                returned.set()

        async with asyncio.timeout(self._timeout) as timeout:
            try:
                return await in_thread(tracked)
            finally:
                self._given_up = timeout.expired()

    def _failed(self, error: Exception) -> None:
        if not self._failing:
            _logger.warning(
                "Results cannot be saved in %s (%s). Those that the gateway has not acknowledged "
                "are only in memory and are lost when this process ends.",
                self._store.folder,
                f"no response within {self._timeout:g} s" if self._given_up else error,
            )
        self._failing = True

    def _recovered(self) -> None:
        if self._failing:
            _logger.info("Results can be saved in %s again.", self._store.folder)
        self._failing = False
