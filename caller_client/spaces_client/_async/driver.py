"""Runs the flows of the core over an asynchronous client of httpx."""

import asyncio
import contextlib
from collections.abc import AsyncGenerator, AsyncIterator, Awaitable, Callable
from typing import TypeVar

import httpx

from spaces_client._core.effects import (
    Answer,
    Call,
    Effect,
    Emit,
    Flow,
    Lost,
    Open,
    Pause,
    Read,
    Stream,
    Together,
)
from spaces_client._errors import TransferFailed
from spaces_client._http import answer_of, lost, request_of

Reply = Answer | Lost | bytes | None
T = TypeVar("T")


class AsyncDriver:
    """Does what flows ask for.

    Args:
        client: makes the calls.
        sleep: waits for some seconds.
    """

    def __init__(
        self, client: httpx.AsyncClient, sleep: Callable[[float], Awaitable[None]] = asyncio.sleep
    ) -> None:
        self._client = client
        self._sleep = sleep

    async def run(self, flow: Flow[T]) -> T:
        """Return the value with which a flow ends."""
        async with contextlib.aclosing(_Connection(self._client, self._sleep)) as connection:
            reply: object = None
            while True:
                try:
                    effect = flow.send(reply)
                except StopIteration as end:
                    value: T = end.value
                    return value
                reply = await connection.perform(effect)

    async def iterate(self, stream: Stream[T]) -> AsyncGenerator[T, None]:
        """Yield what a flow emits."""
        async with contextlib.aclosing(_Connection(self._client, self._sleep)) as connection:
            reply: object = None
            while True:
                try:
                    effect = stream.send(reply)
                except StopIteration:
                    return
                reply = None
                if isinstance(effect, Emit):
                    yield effect.item
                else:
                    reply = await connection.perform(effect)


class _Connection:
    """The answer that one flow reads piece by piece."""

    def __init__(
        self, client: httpx.AsyncClient, sleep: Callable[[float], Awaitable[None]]
    ) -> None:
        self._client = client
        self._sleep = sleep
        self._response: httpx.Response | None = None
        self._pieces: AsyncIterator[bytes] | None = None

    async def aclose(self) -> None:
        """End the answer that is open."""
        if self._response is not None:
            await self._response.aclose()
            self._response = None

    async def perform(self, effect: Effect) -> Reply | list[Reply]:
        """Do what a flow asks for, and return what came of it."""
        if not isinstance(effect, Together):
            return await self._perform(effect)
        places = asyncio.Semaphore(effect.at_once)

        async def call(each: Call) -> Reply:
            async with places:
                return await self._perform(each)

        tasks = [asyncio.create_task(call(each)) for each in effect.calls]
        try:
            return await asyncio.gather(*tasks)
        finally:
            for task in tasks:
                task.cancel()

    async def _perform(self, effect: Call | Open | Read | Pause) -> Reply:
        if isinstance(effect, Pause):
            await self._sleep(effect.seconds)
            return None
        try:
            if isinstance(effect, Call):
                return await self._call(effect)
            if isinstance(effect, Open):
                return await self._open(effect.call)
            return await self._read()
        except httpx.HTTPError as error:
            return lost(error)
        except OSError as error:
            raise TransferFailed(f"A file cannot be read: {error}.") from error

    async def _call(self, call: Call) -> Answer:
        with contextlib.ExitStack() as opened:
            response = await self._client.send(request_of(call, opened), auth=None)
        return answer_of(response, response.content)

    async def _open(self, call: Call) -> Answer:
        await self.aclose()
        with contextlib.ExitStack() as opened:
            response = await self._client.send(request_of(call, opened), auth=None, stream=True)
        self._response = response
        if not response.is_success:
            return answer_of(response, await response.aread())
        self._pieces = response.aiter_bytes()
        return answer_of(response)

    async def _read(self) -> bytes:
        return b"" if self._pieces is None else await anext(self._pieces, b"")
