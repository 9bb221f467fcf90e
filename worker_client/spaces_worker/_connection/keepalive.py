"""Notices a link that died without a word, as links behind NAT do."""

import asyncio
from typing import Final

from websockets.asyncio.connection import Connection

from spaces_worker._log import wing_logger

INTERVAL_SECONDS: Final = 30.0
TIMEOUT_SECONDS: Final = 30.0

_logger: Final = wing_logger(__name__)


class Keepalive:
    """Sends ping frames, and cuts a link on which they stay unanswered.

    Whether API Gateway answers ping frames is not documented. So an unanswered ping means a dead
    link only if the gateway has answered one before; otherwise this check gives up quietly and
    leaves the matter to the ``ping`` messages of the session.
    """

    def __init__(
        self, interval: float = INTERVAL_SECONDS, timeout: float = TIMEOUT_SECONDS
    ) -> None:
        self._interval = interval
        self._timeout = timeout
        self._answers = False

    async def watch(self, connection: Connection) -> None:
        """Watch a link until it closes or proves not to answer pings at all."""
        while True:
            if not await self._is_alive(connection):
                break
            await asyncio.sleep(self._interval)
        if self._answers:
            _logger.warning("The link went silent; cutting it.")
            connection.transport.abort()  # a closing handshake would wait, too

    async def _is_alive(self, connection: Connection) -> bool:
        try:
            # Also if it cannot even be sent: a far end that reads no more holds up all frames.
            async with asyncio.timeout(self._timeout):
                await (await connection.ping())
        except TimeoutError:
            return False
        self._answers = True
        return True
