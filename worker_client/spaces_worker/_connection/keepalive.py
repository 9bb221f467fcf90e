"""Detects connections that died silently, as connections behind NAT do."""

import asyncio
from typing import Final

from websockets.asyncio.connection import Connection

from spaces_worker._log import wing_logger

INTERVAL_SECONDS: Final = 30.0
TIMEOUT_SECONDS: Final = 30.0

_logger: Final = wing_logger(__name__)


class Keepalive:
    """Sends ping frames and aborts a connection that leaves them unanswered.

    AWS does not document whether API Gateway answers ping frames. An unanswered ping therefore
    means a dead connection only if the gateway has answered one before. Otherwise this check stops
    and relies on the ``ping`` messages of the session.
    """

    def __init__(
        self, interval: float = INTERVAL_SECONDS, timeout: float = TIMEOUT_SECONDS
    ) -> None:
        self._interval = interval
        self._timeout = timeout
        self._answers = False

    async def watch(self, connection: Connection) -> None:
        """Watch a connection until it closes or turns out not to answer pings at all."""
        while True:
            if not await self._is_alive(connection):
                break
            await asyncio.sleep(self._interval)
        if self._answers:
            _logger.warning("The connection went silent; closing it.")
            connection.transport.abort()  # a closing handshake would hang as well

    async def _is_alive(self, connection: Connection) -> bool:
        try:
            # Sending can also hang: a peer that has stopped reading holds up all frames.
            async with asyncio.timeout(self._timeout):
                await (await connection.ping())
        except TimeoutError:
            return False
        self._answers = True
        return True
