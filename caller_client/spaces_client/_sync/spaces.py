"""The synchronous client."""

from collections.abc import Iterable, Iterator
from types import TracebackType
from typing import Self, Unpack

import httpx

from spaces_client._core import requests as flows
from spaces_client._core.api import Api
from spaces_client._core.deadline import check_step_timeout, check_timeout
from spaces_client._core.submission import Options
from spaces_client._result import Result
from spaces_client._settings import find_settings
from spaces_client._sync.driver import Driver
from spaces_client._sync.files import File
from spaces_client._sync.map import run_all
from spaces_client._sync.request import Request
from spaces_client._types import Accepted, HistoryEntry, Space


class Spaces:
    """Calls the spaces of a gateway.

    Example::

        spaces = Spaces("https://…", key="wsk_…")
        print(spaces.run("detect-language", "Wo ist die nächste Apotheke?", timeout=60).text)

    It may be used by several threads. Close it, or use it as a context manager, to close its
    connections.

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
        http_client: httpx.Client | None = None,
    ) -> None:
        check_step_timeout(timeout)
        found = find_settings(address, key, access_token)
        self._api = Api(
            address=found.address,
            key=found.key,
            access_token=found.access_token,
            timeout=timeout,
        )
        self._own_client = httpx.Client() if http_client is None else None
        self._driver = Driver(http_client or self._own_client or httpx.Client())

    def __repr__(self) -> str:
        return f"Spaces({self._api.address!r})"

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.close()

    def close(self) -> None:
        """Close the connections."""
        if self._own_client is not None:
            self._own_client.close()

    def list_spaces(self) -> list[Space]:
        """Return the spaces that you may use, with their live state.

        Raises:
            ApiError: the gateway refused the call.
            ConnectionFailed: it cannot be reached.
        """
        return self._driver.run(flows.list_spaces(self._api))

    def describe(self, space: str) -> Space:
        """Return one space, with the JSON Schema of its ``params``.

        Raises:
            SpaceNotFound: there is no such space, or you may not use it.
        """
        return self._driver.run(flows.describe(self._api, space))

    def webhook_secret(self) -> str:
        """Return the secret with which webhooks of your API key are signed: ``whsec_…``.

        Pass it to `spaces_client.webhooks.verify`.

        Raises:
            ApiError: there is no API key, or it is wrong.
        """
        return self._driver.run(flows.webhook_secret(self._api))

    def submit(self, space: str, prompt: str | None = None, **options: Unpack[Options]) -> Request:
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
        accepted = self._driver.run(flows.submit(self._api, space, prompt, options))
        return Request(accepted, self._api, self._driver)

    def run(
        self,
        space: str,
        prompt: str | None = None,
        *,
        timeout: float | None = None,
        hold: bool = False,
        **options: Unpack[Options],
    ) -> Result[File]:
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
        return self.submit(space, prompt, **options).result(timeout, hold=hold)

    def stream(
        self, space: str, prompt: str | None = None, **options: Unpack[Options]
    ) -> "TextStream":
        """Submit a request and return its text as it is written.

        Example::

            for text in spaces.stream("chat", "Tell me a story"):
                print(text, end="", flush=True)

        Args:
            space: name of the space.
            prompt: the prompt; instead of it, ``options`` may have ``messages`` or a ``call``.
            options: see `Options`.

        Raises:
            SpacesError: all that `submit` raises, at once; while you iterate, all that
                `Request.texts` raises.
        """
        return TextStream(self.submit(space, prompt, **options))

    def map(
        self,
        space: str,
        prompts: Iterable[str],
        *,
        concurrency: int = 8,
        timeout: float | None = None,
        **options: Unpack[Options],
    ) -> Iterator[Result[File]]:
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

        def run(prompt: str) -> Result[File]:
            flow = flows.submit(self._api, space, prompt, options, patient=True)
            request = Request(self._driver.run(flow), self._api, self._driver)
            return request.result(timeout)

        check_timeout(timeout)
        return run_all(run, prompts, concurrency)

    def request(self, request_id: str) -> Request:
        """Return a request that was submitted before, by this program or another.

        Raises:
            UsageError: this is not the id of a request.
        """
        accepted = Accepted(request_id=flows.checked_id(request_id))
        return Request(accepted, self._api, self._driver)

    def history(
        self, *, space: str | None = None, query: str | None = None
    ) -> Iterator[HistoryEntry]:
        """Yield the requests of the signed-in user, newest first.

        Args:
            space: only those of this space.
            query: only those with this text in the first 200 characters of the prompt.

        Raises:
            UsageError: nobody is signed in.
        """
        return self._driver.iterate(flows.history(self._api, space, query))


class TextStream:
    """The text of a request, as it is written.

    Attributes:
        request: the request, to cancel it or to fetch its result.
    """

    def __init__(self, request: Request) -> None:
        self.request = request
        self._texts = request.texts()

    def __iter__(self) -> Iterator[str]:
        return self._texts
