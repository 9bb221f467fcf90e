"""Keeps a worker linked: one link after another, each new one open before the old one goes."""

import asyncio
import logging
import ssl
from collections.abc import Awaitable, Callable
from typing import Final, NoReturn
from urllib.parse import urlsplit

from websockets.asyncio.client import ClientConnection

from spaces_worker._connection.backoff import LinkEnd, ReconnectDelay
from spaces_worker._connection.transport import DIAL_ERRORS, dial, end_of_dial, end_of_link, hang_up
from spaces_worker._connection.twins import Twins
from spaces_worker._settings import Settings

RETIRED_SECONDS: Final = 10.0
"""How long a link is still heard after its successor was opened; the gateway closes it sooner."""

_logger: Final = logging.getLogger(__name__)

Talk = Callable[[ClientConnection], Awaitable[None]]
"""Has each link until it closes."""


class Links:
    """Dials for ever.

    Args:
        settings: where to, and who this is.
        certificates: makes the TLS settings.
        delay: says how long to wait after a link has ended.
        talk: has each link until it closes; with two of them open, the newer one counts.
        renewal_due: returns when the present link should have a successor.
    """

    def __init__(
        self,
        settings: Settings,
        certificates: Callable[[], ssl.SSLContext],
        delay: ReconnectDelay,
        talk: Talk,
        renewal_due: Callable[[], Awaitable[None]],
    ) -> None:
        self._settings = settings
        self._certificates = certificates
        self._delay = delay
        self._talk = talk
        self._renewal_due = renewal_due
        self._twins = Twins()
        self._retired: set[asyncio.Task[None]] = set()

    async def keep(self) -> NoReturn:
        """Be linked, until cancelled."""
        successor: ClientConnection | None = None
        try:
            while True:
                link = await self._dial() if successor is None else successor
                successor = await self._serve(link)
        finally:
            for task in self._retired:
                task.cancel()
            await asyncio.gather(*self._retired, return_exceptions=True)

    async def _dial(self, level: int = logging.WARNING) -> ClientConnection:
        secure = urlsplit(self._settings.url).scheme == "wss"
        while True:
            try:
                link = await dial(self._settings, self._certificates() if secure else None)
            except DIAL_ERRORS as error:
                await self._pause(end_of_dial(error, self._settings), level)
            else:
                _logger.log(
                    logging.INFO if level == logging.WARNING else level,
                    "Linked to %s as %s.",
                    self._settings.url,
                    self._settings.worker_id,
                )
                return link

    async def _serve(self, link: ClientConnection) -> ClientConnection | None:
        """Talk until the link ends; or until its successor is open, which is returned."""
        began = _now()
        talking = asyncio.ensure_future(self._talk(link))
        renewing = asyncio.ensure_future(self._successor())
        successor = None
        try:
            await asyncio.wait({talking, renewing}, return_when=asyncio.FIRST_COMPLETED)
            if renewing.done():
                successor = renewing.result()
            else:
                talking.result()
        finally:
            if successor is None:
                await _ended(talking, renewing)
                await hang_up(link)
        if successor is None:
            await self._pause(self._end_of(link, _now() - began), logging.WARNING)
        else:
            self._retire(link, talking)
        return successor

    async def _successor(self) -> ClientConnection:
        await self._renewal_due()
        _logger.debug("This link is about to reach its age; opening the next one.")
        return await self._dial(logging.DEBUG)

    def _retire(self, link: ClientConnection, talking: asyncio.Future[None]) -> None:
        async def see_off() -> None:
            try:
                await asyncio.wait({talking}, timeout=RETIRED_SECONDS)
            finally:
                await _ended(talking)
                await hang_up(link)

        task = asyncio.create_task(see_off())
        self._retired.add(task)
        task.add_done_callback(self._retired.discard)

    def _end_of(self, link: ClientConnection, lived: float) -> LinkEnd:
        replaced = self._twins.suspects(link.close_code, _now())
        return end_of_link(
            link.close_code, link.close_reason, lived, self._settings, replaced=replaced
        )

    async def _pause(self, end: LinkEnd, level: int) -> None:
        seconds = self._delay(end)
        worth = max(level, logging.ERROR) if end.refused or end.replaced else level
        _logger.log(worth, "%s Trying again in %.1f s.", end.reason, seconds)
        await asyncio.sleep(seconds)


def _now() -> float:
    return asyncio.get_running_loop().time()


async def _ended(*tasks: asyncio.Future[None] | asyncio.Future[ClientConnection]) -> None:
    """End tasks, whatever becomes of them."""
    for task in tasks:
        task.cancel()
    await asyncio.gather(*tasks, return_exceptions=True)
