"""The asynchronous client."""

from collections.abc import AsyncIterator, Iterable
from types import TracebackType
from typing import Self, Unpack

import httpx

from spaces_client._async.driver import AsyncDriver
from spaces_client._async.files import AsyncFile
from spaces_client._async.map import run_all
from spaces_client._async.request import AsyncRequest
from spaces_client._core import requests as flows
from spaces_client._core.api import Api
from spaces_client._core.deadline import check_step_timeout, check_timeout
from spaces_client._core.submission import Options
from spaces_client._result import Result
from spaces_client._settings import find_settings
from spaces_client._types import Accepted, HistoryEntry, Space


class AsyncSpaces:
    """Calls the spaces of a gateway, as `Spaces` does, with ``await``.

    Example::

        async with AsyncSpaces("https://…", key="wsk_…") as spaces:
            result = await spaces.run("detect-language", "Wo ist die nächste Apotheke?", timeout=60)

    Use it in one event loop. Close it, or use it as a context manager, to close its connections.

    Args:
        address: of the gateway's page; by default ``SPACES_API_URL`` or the config file. At the
            output ``ApiUrl`` of the stack, all works but event streams, for which polling stands.
        key: an API key, ``wsk_…``; by default ``SPACES_API_KEY`` or the config file. Public spaces
            need none.
        access_token: the access token of a signed-in user instead of a key; by default
            ``SPACES_ACCESS_TOKEN``.
        timeout: how long to wait for each step of a call, in seconds. It does not limit how long
            a request may take.
        http_client: makes the calls, for a proxy or certificates of your own; its headers and
            credentials are not used. You close it.

    Raises:
        UsageError: a setting is missing or wrong.
    """

    def __init__(
        self,
        address: str | None = None,
        *,
        key: str | None = None,
        access_token: str | None = None,
        timeout: float = 30.0,
        http_client: httpx.AsyncClient | None = None,
    ) -> None:
        check_step_timeout(timeout)
        found = find_settings(address, key, access_token)
        self._api = Api(
            address=found.address,
            key=found.key,
            access_token=found.access_token,
            timeout=timeout,
        )
        self._own_client = httpx.AsyncClient() if http_client is None else None
        self._driver = AsyncDriver(http_client or self._own_client or httpx.AsyncClient())

    def __repr__(self) -> str:
        return f"AsyncSpaces({self._api.address!r})"

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        await self.close()

    async def close(self) -> None:
        """Close the connections."""
        if self._own_client is not None:
            await self._own_client.aclose()

    async def list_spaces(self) -> list[Space]:
        """Return the spaces that you may use, with their live state.

        Raises:
            ApiError: the gateway refused the call.
            ConnectionFailed: it cannot be reached.
        """
        return await self._driver.run(flows.list_spaces(self._api))

    async def describe(self, space: str) -> Space:
        """Return one space, with the JSON Schema of its ``params``.

        Raises:
            SpaceNotFound: there is no such space, or you may not use it.
        """
        return await self._driver.run(flows.describe(self._api, space))

    async def webhook_secret(self) -> str:
        """Return the secret with which webhooks of your API key are signed: ``whsec_…``.

        Pass it to `spaces_client.webhooks.verify`.

        Raises:
            ApiError: there is no API key, or it is wrong.
        """
        return await self._driver.run(flows.webhook_secret(self._api))

    async def submit(
        self, space: str, prompt: str | None = None, **options: Unpack[Options]
    ) -> AsyncRequest:
        """Submit a request and return it without waiting for its result.

        A submit whose answer is lost is repeated; the gateway runs it once.

        Args:
            space: name of the space.
            prompt: the prompt; instead of it, ``options`` may have ``messages`` or a ``call``.
            options: see `Options`.

        Raises:
            UsageError: the input is contradictory, or a file cannot be read.
            InvalidInput: the input breaks a rule of the space.
            QueueFull: the space has no room for another waiting request.
            RateLimited: you exceeded a limit.
            SpaceNotFound: there is no such space, or you may not use it.
            TransferFailed: a file could not be uploaded.
        """
        accepted = await self._driver.run(flows.submit(self._api, space, prompt, options))
        return AsyncRequest(accepted, self._api, self._driver)

    async def run(
        self,
        space: str,
        prompt: str | None = None,
        *,
        timeout: float | None = None,  # noqa: ASYNC109 - the request goes on
        hold: bool = False,
        **options: Unpack[Options],
    ) -> Result[AsyncFile]:
        """Submit a request and return its result.

        Args:
            space: name of the space.
            prompt: the prompt; instead of it, ``options`` may have ``messages`` or a ``call``.
            timeout: how long to wait for the result, in seconds; None waits until the request has
                ended, which it does by the limits of its space.
            hold: wait in calls that the gateway holds, so that the result comes at once; see
                `Request.result`.
            options: see `Options`.

        Raises:
            RequestFailed: the request ended without an answer.
            WaitTimedOut: it has not ended in this time; it goes on.
            SpacesError: all that `submit` raises.
        """
        check_timeout(timeout)
        request = await self.submit(space, prompt, **options)
        return await request.result(timeout, hold=hold)

    async def stream(
        self, space: str, prompt: str | None = None, **options: Unpack[Options]
    ) -> "AsyncTextStream":
        """Submit a request and return its text as it is written.

        Example::

            async for text in await spaces.stream("chat", "Tell me a story"):
                print(text, end="", flush=True)

        Args:
            space: name of the space.
            prompt: the prompt; instead of it, ``options`` may have ``messages`` or a ``call``.
            options: see `Options`.

        Raises:
            SpacesError: all that `submit` raises, at once; while you iterate, all that
                `AsyncRequest.texts` raises.
        """
        return AsyncTextStream(await self.submit(space, prompt, **options))

    def map(
        self,
        space: str,
        prompts: Iterable[str],
        *,
        concurrency: int = 8,
        timeout: float | None = None,
        **options: Unpack[Options],
    ) -> AsyncIterator[Result[AsyncFile]]:
        """Run prompts, several at a time, and yield their results in the order of the prompts.

        Prompts are taken as they are needed. If you exceed a limit or the queue is full, it waits
        as long as the gateway says.

        Args:
            space: name of the space.
            prompts: the prompts.
            concurrency: how many requests wait or run at a time.
            timeout: how long to wait for each, in seconds.
            options: see `Options`; they apply to each request.

        Raises:
            SpacesError: all that `run` raises, at the result concerned; requests that were
                submitted go on.
        """

        async def run(prompt: str) -> Result[AsyncFile]:
            flow = flows.submit(self._api, space, prompt, options, patient=True)
            request = AsyncRequest(await self._driver.run(flow), self._api, self._driver)
            return await request.result(timeout)

        check_timeout(timeout)
        return run_all(run, prompts, concurrency)

    def request(self, request_id: str) -> AsyncRequest:
        """Return a request that was submitted before, by this program or another.

        Raises:
            UsageError: this is not the id of a request.
        """
        accepted = Accepted(request_id=flows.checked_id(request_id))
        return AsyncRequest(accepted, self._api, self._driver)

    def history(
        self, *, space: str | None = None, query: str | None = None
    ) -> AsyncIterator[HistoryEntry]:
        """Yield the requests of the signed-in user, newest first.

        Args:
            space: only those of this space.
            query: only those with this text in the first 200 characters of the prompt.

        Raises:
            UsageError: nobody is signed in.
        """
        return self._driver.iterate(flows.history(self._api, space, query))


class AsyncTextStream:
    """The text of a request, as it is written.

    Attributes:
        request: the request, to cancel it or to fetch its result.
    """

    def __init__(self, request: AsyncRequest) -> None:
        self.request = request
        self._texts = request.texts()

    def __aiter__(self) -> AsyncIterator[str]:
        return self._texts
