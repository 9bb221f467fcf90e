"""The events of an answer, up to its end."""

import asyncio
import contextlib
from collections.abc import AsyncIterator
from typing import Final, Protocol

import httpx

from spaces_worker.adapters._event_stream import ServerEvent, events_of

LAST_SECONDS: Final = 10.0
"""How long a server may take to end the stream after the finish reason."""


class Answer(Protocol):
    """What collects the events."""

    @property
    def is_done(self) -> bool:
        """Whether nothing follows."""

    @property
    def is_complete(self) -> bool:
        """Whether the server said that the answer ends here."""


async def answer_events(response: httpx.Response, answer: Answer) -> AsyncIterator[ServerEvent]:
    """Yield the events of a response; after the finish reason, its end need not be in order."""
    now, latest = asyncio.get_running_loop().time, None
    async with contextlib.aclosing(events_of(response.aiter_bytes())) as events:
        while not answer.is_done:
            if latest is None and answer.is_complete:
                latest = now() + LAST_SECONDS
            try:
                async with asyncio.timeout_at(latest):
                    event = await anext(events)
            except StopAsyncIteration:
                return
            except (TimeoutError, httpx.RequestError):
                if not answer.is_complete:
                    raise
                return
            yield event
