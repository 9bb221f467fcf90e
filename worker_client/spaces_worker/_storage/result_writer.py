"""Keeps results on disk beside the event loop; a bad disk is worth a warning, never the service."""

import asyncio
import contextlib
import logging
import threading
from collections.abc import Callable
from functools import partial
from typing import Final, TypeVar

from spaces_protocol.worker_messages import Result
from spaces_worker._runtime.threads import in_thread
from spaces_worker._session.effects import FileOrder, Keep
from spaces_worker._storage.result_store import KeptResult, ResultFiles

T = TypeVar("T")

DISK_SECONDS: Final = 5.0
"""A disk that takes longer, such as a network drive that is gone, is not used until it answers.

Well under a lease: the gateway hears nothing of a result that waits for the disk.
"""

_DISK_ERRORS: Final = (OSError, ValueError, RuntimeError)
"""RuntimeError: there is no thread left to write in."""

_logger: Final = logging.getLogger(__name__)


class _GivenUp(OSError):
    """The disk did not answer in time once."""


class Filing:
    """Carries out orders on the disk one after another, in a thread.

    Args:
        files: where to keep results.
        on_kept: told of each result that is on disk, or cannot be.
        patience: seconds that the disk may take for one result.
    """

    def __init__(
        self,
        files: ResultFiles,
        on_kept: Callable[[Result], None],
        patience: float = DISK_SECONDS,
    ) -> None:
        self._files = files
        self._on_kept = on_kept
        self._patience = patience
        self._orders: asyncio.Queue[FileOrder] = asyncio.Queue()
        self._failing = False
        self._given_up = False
        self._returned = threading.Event()

    @property
    def place(self) -> str | None:
        """Where results are kept at present; None if they cannot be."""
        return None if self._failing else str(self._files.folder)

    async def load(self) -> list[KeptResult]:
        """Return the results that an earlier process left, the oldest first."""
        try:
            return await self._on_disk(self._files.load)
        except _DISK_ERRORS as error:
            self._fails(error)
            return []

    def execute(self, order: FileOrder) -> None:
        """Do what the session ordered, in its turn."""
        self._orders.put_nowait(order)

    async def run(self) -> None:
        """Carry out what is ordered, for ever."""
        while True:
            order = await self._orders.get()
            await self._carry_out(order)
            if isinstance(order, Keep):
                self._on_kept(order.result)
            self._orders.task_done()

    async def close(self, seconds: float) -> None:
        """Give what is ordered so long to be done, while `run` still runs."""
        with contextlib.suppress(*_DISK_ERRORS):
            async with asyncio.timeout(seconds):
                await self._orders.join()
                await self._on_disk(self._files.leave)

    async def _carry_out(self, order: FileOrder) -> None:
        try:
            await self._on_disk(partial(self._files.carry_out, order))
        except _DISK_ERRORS as error:
            self._fails(error)
        else:
            if isinstance(order, Keep):
                self._works()

    async def _on_disk(self, work: Callable[[], T]) -> T:
        if self._given_up and not self._returned.is_set():
            raise _GivenUp
        returned = self._returned = threading.Event()

        def tracked() -> T:
            try:
                return work()
            finally:
                returned.set()

        async with asyncio.timeout(self._patience) as patience:
            try:
                return await in_thread(tracked)
            finally:
                self._given_up = patience.expired()

    def _fails(self, error: Exception) -> None:
        if not self._failing:
            _logger.warning(
                "Answers cannot be kept in %s (%s): those that the gateway has not acknowledged "
                "live in memory only, and are lost when this process ends.",
                self._files.folder,
                f"no answer within {self._patience:g} s" if self._given_up else error,
            )
        self._failing = True

    def _works(self) -> None:
        if self._failing:
            _logger.info("Answers can be kept in %s again.", self._files.folder)
        self._failing = False
