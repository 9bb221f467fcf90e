"""Calls to the emulator: those of others, passed on, and our own."""

import asyncio
import contextlib
import json
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from typing import Any, Final
from urllib.parse import quote

from infra.local.cloud import CREDENTIALS, REGION
from infra.local.strict_edge.http_messages import (
    Cut,
    Message,
    body_of,
    plain_body,
    read_head,
    with_body,
)

STREAM_BYTES: Final = 1 << 20
_SHOWN_BYTES: Final = 500
_SIGNED_BY: Final = CREDENTIALS["AWS_ACCESS_KEY_ID"]

Stream = tuple[asyncio.StreamReader, asyncio.StreamWriter]


class InvocationFailed(Exception):
    """A function ended with an error, or could not run."""


class Emulator:
    """The emulator behind the edge.

    Args:
        port: its port on the loopback interface.
    """

    def __init__(self, port: int) -> None:
        self._port = port

    @asynccontextmanager
    async def connection(self) -> AsyncIterator[Stream]:
        """Open a connection for one call.

        Raises:
            Cut: the emulator does not accept it, or ends it.
        """
        try:
            reader, writer = await asyncio.open_connection(
                "127.0.0.1", self._port, limit=STREAM_BYTES
            )
        except OSError as error:
            raise Cut from error
        try:
            yield reader, writer
        except (ConnectionError, asyncio.IncompleteReadError) as error:
            raise Cut from error
        finally:
            writer.close()
            with contextlib.suppress(ConnectionError):
                await writer.wait_closed()

    async def call(self, request: Message) -> Message:
        """Pass a whole request on; return the whole response."""
        async with self.connection() as (reader, writer):
            writer.write(request.head + request.body)
            await writer.drain()
            response = await self.response_head(reader)
            return await with_body(reader, response, to_head=request.method == "HEAD")

    async def stream(
        self,
        request: Message,
        client: Stream,
        instead: Callable[[Message], Message | None] = lambda _response: None,
    ) -> None:
        """Pass a request on that was read up to its body, and the response as it comes.

        Args:
            request: its head.
            client: where it comes from.
            instead: returns what is answered instead of a response with this head.
        """
        reader, writer = client
        async with self.connection() as (answers, questions):
            questions.write(request.head)
            sending = asyncio.create_task(send_body(reader, request, questions))
            response = await self.response_head(answers)
            other = instead(response)
            if other is None:
                writer.write(response.head)
                to_head = request.method == "HEAD"
                await copy_parts(body_of(answers, response, to_head=to_head), writer)
            else:
                writer.write(other.head + other.body)
            await sending

    @staticmethod
    async def response_head(reader: asyncio.StreamReader) -> Message:
        """Return the head of the final response."""
        while True:
            head = await read_head(reader)
            if head is None:
                raise Cut
            if not head.start.startswith("HTTP/1.1 1"):
                return head

    async def ask(self, service: str, method: str, path: str, content: Any = None) -> Message:  # noqa: ANN401
        """Call the emulator with the deployer's credentials, whose signature it does not check."""
        body = b"" if content is None else json.dumps(content).encode()
        head = (
            f"{method} {path} HTTP/1.1\r\n"
            f"Host: localhost:{self._port}\r\n"
            f"Authorization: AWS4-HMAC-SHA256 Credential={_SIGNED_BY}/20260101/{REGION}/{service}"
            "/aws4_request, SignedHeaders=host, Signature=0\r\n"
            "Content-Type: application/json\r\n"
            f"Content-Length: {len(body)}\r\n\r\n"
        )
        return await self.call(Message(head.encode(), body))

    async def describe(self, service: str, path: str) -> Any:  # noqa: ANN401
        """Return what a GET returns."""
        response = await self.ask(service, "GET", path)
        return json.loads(plain_body(response))

    async def invoke(self, function: str, event: dict[str, Any]) -> Any:  # noqa: ANN401
        """Invoke a function and return its result.

        Raises:
            InvocationFailed: it ended with an error, or could not run.
        """
        path = f"/2015-03-31/functions/{quote(function, safe='')}/invocations"
        response = await self.ask("lambda", "POST", path, event)
        if response.status != 200 or "x-amz-function-error" in response.headers:  # noqa: PLR2004
            why = plain_body(response)[:_SHOWN_BYTES].decode(errors="replace")
            raise InvocationFailed(f"{function}: {response.status} {why}")
        return json.loads(plain_body(response) or b"null")


async def send_body(
    reader: asyncio.StreamReader, request: Message, writer: asyncio.StreamWriter
) -> None:
    """Pass the body of a request on; if it is cut, so is the other connection."""
    try:
        await copy_parts(body_of(reader, request), writer)
    except (Cut, ConnectionError, asyncio.IncompleteReadError):
        writer.transport.abort()  # which also ends the wait for a response


async def copy_parts(parts: AsyncIterator[bytes], writer: asyncio.StreamWriter) -> None:
    """Write what comes, no faster than it is taken."""
    async for part in parts:
        writer.write(part)
        await writer.drain()
