"""Keeps a worker connected; a new connection opens before the old one reaches its maximum age."""

import asyncio
import logging
import ssl
from collections.abc import Awaitable, Callable
from typing import Final, NoReturn
from urllib.parse import urlsplit

from websockets.asyncio.client import ClientConnection

from spaces_worker._connection.backoff import LinkEnd, ReconnectDelay
from spaces_worker._connection.duplicate_worker import DuplicateWorkerDetector
from spaces_worker._connection.transport import (
    CONNECT_ERRORS,
    close_connection,
    connect_failure,
    connection_end,
    open_connection,
)
from spaces_worker._environment.values import shown_url
from spaces_worker._errors import SettingsError
from spaces_worker._log import wing_logger
from spaces_worker._settings import Settings

RETIRING_SECONDS: Final = 10.0
"""How long a replaced connection is still read; the gateway usually closes it sooner."""

_EXAMINE: Final = "To find out which, run `spaces-worker doctor` with the same options."

_logger: Final = wing_logger(__name__)

Serve = Callable[[ClientConnection], Awaitable[None]]
"""Serves a connection until it closes."""


class Reconnector:
    """Connects again and again, without limit.

    Args:
        settings: URL, token and id of this worker.
        certificates: creates the TLS settings.
        delay: returns how long to wait after a connection has ended.
        serve: serves a connection until it closes; while two are open, the newer one counts.
        renewal_due: returns when the current connection needs a successor.
        watched: whether a person watches, so that a token that is refused at the start ends it.
    """

    def __init__(
        self,
        settings: Settings,
        certificates: Callable[[], ssl.SSLContext],
        delay: ReconnectDelay,
        serve: Serve,
        renewal_due: Callable[[], Awaitable[None]],
        *,
        watched: bool = False,
    ) -> None:
        self._settings = settings
        self._certificates = certificates
        self._delay = delay
        self._serve = serve
        self._renewal_due = renewal_due
        self._may_give_up = watched
        self._duplicates = DuplicateWorkerDetector()
        self._retiring: set[asyncio.Task[None]] = set()

    async def run(self) -> NoReturn:
        """Stay connected until cancelled.

        Raises:
            SettingsError: a person watches, and the first connection was refused.
        """
        successor: ClientConnection | None = None
        try:
            while True:
                connection = await self._connect() if successor is None else successor
                successor = await self._run_connection(connection)
        finally:
            for task in self._retiring:
                task.cancel()
            await asyncio.gather(*self._retiring, return_exceptions=True)

    async def _connect(self, level: int = logging.WARNING) -> ClientConnection:
        secure = urlsplit(self._settings.url).scheme == "wss"
        while True:
            try:
                connection = await open_connection(
                    self._settings, self._certificates() if secure else None
                )
            except CONNECT_ERRORS as error:
                end = connect_failure(error, self._settings)
                if end.refused and self._may_give_up:
                    raise SettingsError(f"{end.reason} {_EXAMINE}") from error
                await self._pause(end, level)
            else:
                self._may_give_up = False
                _logger.log(
                    logging.INFO if level == logging.WARNING else level,
                    "Connected to %s as %s.",
                    shown_url(self._settings.url),
                    self._settings.worker_id,
                )
                return connection

    async def _run_connection(self, connection: ClientConnection) -> ClientConnection | None:
        """Serve until the connection ends, or until its successor is open; return the successor."""
        began = _now()
        serving = asyncio.ensure_future(self._serve(connection))
        renewing = asyncio.ensure_future(self._successor())
        successor = None
        try:
            await asyncio.wait({serving, renewing}, return_when=asyncio.FIRST_COMPLETED)
            if renewing.done():
                successor = renewing.result()
            else:
                serving.result()
        finally:
            if successor is None:
                await _cancel(serving, renewing)
                await close_connection(connection)
        if successor is None:
            await self._pause(self._describe_end(connection, _now() - began), logging.WARNING)
        else:
            self._retire(connection, serving)
        return successor

    async def _successor(self) -> ClientConnection:
        await self._renewal_due()
        _logger.debug("This connection is about to reach its maximum age; opening the next one.")
        return await self._connect(logging.DEBUG)

    def _retire(self, connection: ClientConnection, serving: asyncio.Future[None]) -> None:
        async def retire() -> None:
            try:
                await asyncio.wait({serving}, timeout=RETIRING_SECONDS)
            finally:
                await _cancel(serving)
                await close_connection(connection)

        task = asyncio.create_task(retire())
        self._retiring.add(task)
        task.add_done_callback(self._retiring.discard)

    def _describe_end(self, connection: ClientConnection, open_seconds: float) -> LinkEnd:
        replaced = self._duplicates.is_duplicate(connection.close_code, open_seconds, _now())
        return connection_end(
            connection.close_code,
            connection.close_reason,
            open_seconds,
            self._settings,
            replaced=replaced,
        )

    async def _pause(self, end: LinkEnd, level: int) -> None:
        seconds = self._delay(end)
        worth = max(level, logging.ERROR) if end.refused or end.replaced else level
        _logger.log(worth, "%s Retrying in %.1f s.", end.reason, seconds)
        await asyncio.sleep(seconds)


def _now() -> float:
    return asyncio.get_running_loop().time()


async def _cancel(*tasks: asyncio.Future[None] | asyncio.Future[ClientConnection]) -> None:
    """Cancel tasks and wait until they have ended, ignoring their errors."""
    for task in tasks:
        task.cancel()
    await asyncio.gather(*tasks, return_exceptions=True)
