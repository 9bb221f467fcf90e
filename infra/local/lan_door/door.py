"""The server: passes calls on by their route, and rewrites addresses in what comes back."""

import asyncio
import contextlib
import json
from collections.abc import AsyncIterator, Callable
from dataclasses import dataclass
from http import HTTPStatus
from typing import Final

from infra.local.lan_door.addresses import Addresses
from infra.local.lan_door.frames import rewritten_frames
from infra.local.lan_door.routes import Routes, Target
from infra.local.strict_edge.emulator_calls import (
    STREAM_BYTES,
    Emulator,
    Stream,
    copy_parts,
    send_body,
)
from infra.local.strict_edge.http_messages import (
    Cut,
    Message,
    body_of,
    plain_body,
    read_head,
    respond,
    respond_json,
)

_NOT_PASSED_ON: Final = frozenset(
    {
        "host",
        "origin",  # everything has one origin here, and inside several
        "referer",
        "authorization",
        "accept-encoding",  # a compressed body cannot be rewritten
        "sec-websocket-extensions",
        "expect",
    }
)
_TEXTS: Final = ("application/json", "text/event-stream")
_FRAMING: Final = frozenset({"content-length", "transfer-encoding"})
_CONTINUE: Final = b"HTTP/1.1 100 Continue\r\n\r\n"
_MALFORMED: Final = (ValueError, IndexError, asyncio.LimitOverrunError)


@dataclass(frozen=True, kw_only=True)
class Door:
    """The server.

    Attributes:
        addresses: what replaces what.
        routes: what is open.
    """

    addresses: Addresses
    routes: Routes

    async def serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        """Serve a connection."""
        try:
            while (head := await read_head(reader)) is not None:
                target = self.routes.target(head)
                if target is None:
                    _write(writer, respond_json(404, "Not Found", {"detail": _CLOSED}))
                    break
                if "100-continue" in head.headers.get("expect", "").lower():
                    writer.write(_CONTINUE)
                if not await self._pass_on(head, target, (reader, writer)):
                    break
                await writer.drain()
        except (Cut, ConnectionError, asyncio.IncompleteReadError, *_MALFORMED):
            writer.transport.abort()
        finally:
            writer.close()
            with contextlib.suppress(ConnectionError):
                await writer.wait_closed()

    async def _pass_on(self, head: Message, target: Target, client: Stream) -> bool:
        """Pass a call on; return whether the connection can take another one."""
        streams = target == "streams"
        port = self.addresses.stream_port if streams else self.addresses.port
        host = f"localhost:{port}" if target in ("files", "socket", "streams") else None
        request = _request(head, host or self.addresses.page_host, is_socket=target == "socket")
        async with Emulator(port).connection() as (answers, questions):
            questions.write(request.head)
            sending = asyncio.create_task(send_body(client[0], request, questions))
            if target == "socket":
                await sending
                await self._join(client, (answers, questions))
                return False
            response = await Emulator.response_head(answers)
            if target == "config":
                _write(client[1], self._config(await _whole(answers, response, head)))
            else:
                await self._answer(head, response, answers, client[1])
            await sending
        return True

    async def _answer(
        self,
        request: Message,
        response: Message,
        answers: asyncio.StreamReader,
        writer: asyncio.StreamWriter,
    ) -> None:
        to_head = request.method == "HEAD"
        body = body_of(answers, response, to_head=to_head)
        if not response.headers.get("content-type", "").startswith(_TEXTS) or to_head:
            writer.write(self.addresses.rewrite(response.head))
            await copy_parts(body, writer)
            return
        writer.write(self.addresses.rewrite(_chunked(response).head))
        async for part in _lines(_plain(response, body), self.addresses.rewrite):
            writer.write(b"%x\r\n%b\r\n" % (len(part), part))
            await writer.drain()
        writer.write(b"0\r\n\r\n")

    def _config(self, response: Message) -> Message:
        """Return the page's configuration without a sign-in, which browsers refuse without TLS."""
        config = json.loads(self.addresses.rewrite(plain_body(response)))
        config |= {"auth": None, "api_url": self.addresses.url.rstrip("/"), "stream_origin": None}
        return respond(200, "OK", json.dumps(config).encode(), Cache_Control="no-cache")

    async def _join(self, client: Stream, inner: Stream) -> None:
        """Pass a handshake on, and the WebSocket in both directions until one side ends it."""
        response = await read_head(inner[0])
        if response is None:
            raise Cut
        client[1].write(response.head)
        if response.status != HTTPStatus.SWITCHING_PROTOCOLS:
            await copy_parts(body_of(inner[0], response), client[1])
            return
        upwards = asyncio.create_task(copy_parts(_all(client[0]), inner[1]))
        try:
            await copy_parts(rewritten_frames(inner[0], self.addresses.rewrite), client[1])
        finally:
            upwards.cancel()


_CLOSED: Final = "This is not open to the local network."


async def listen(door: Door) -> asyncio.Server:
    """Serve on the door's address."""
    addresses = door.addresses
    return await asyncio.start_server(
        door.serve, addresses.host, addresses.port, limit=STREAM_BYTES
    )


def _request(head: Message, host: str, *, is_socket: bool) -> Message:
    dropped = _NOT_PASSED_ON - ({"authorization"} if is_socket or _has_key(head) else set())
    kept = [(name, value) for name, value in head.header_list if _is_kept(name, dropped)]
    lines = [head.start, f"Host: {host}", *(f"{name}: {value}" for name, value in kept)]
    return Message(("\r\n".join(lines) + "\r\n\r\n").encode("latin-1"))


def _is_kept(name: str, dropped: frozenset[str]) -> bool:
    # What begins like this chooses a service of AWS.
    return name.lower() not in dropped and not name.lower().startswith("x-amz-")


def _has_key(head: Message) -> bool:
    """Whether a caller shows an API key, and not a signature of AWS."""
    return head.headers.get("authorization", "").lower().startswith("bearer ")


def _chunked(response: Message) -> Message:
    kept = [(name, value) for name, value in response.header_list if name.lower() not in _FRAMING]
    lines = [response.start, *(f"{name}: {value}" for name, value in kept)]
    lines.append("Transfer-Encoding: chunked")
    return Message(("\r\n".join(lines) + "\r\n\r\n").encode("latin-1"))


async def _plain(response: Message, body: AsyncIterator[bytes]) -> AsyncIterator[bytes]:
    """Yield a body without the sizes of its chunks."""
    is_chunked = "chunked" in response.headers.get("transfer-encoding", "")
    async for part in body:
        yield part.partition(b"\r\n")[2][:-2] if is_chunked else part


async def _lines(
    parts: AsyncIterator[bytes], rewrite: Callable[[bytes], bytes]
) -> AsyncIterator[bytes]:
    """Yield a text, rewritten line by line: an address may come in two parts."""
    rest = b""
    async for part in parts:
        lines, end, rest = (rest + part).rpartition(b"\n")
        if end:
            yield rewrite(lines + end)
    if rest:
        yield rewrite(rest)


async def _whole(answers: asyncio.StreamReader, response: Message, request: Message) -> Message:
    to_head = request.method == "HEAD"
    parts = [part async for part in body_of(answers, response, to_head=to_head)]
    return Message(response.head, b"".join(parts))


async def _all(reader: asyncio.StreamReader) -> AsyncIterator[bytes]:
    while part := await reader.read(STREAM_BYTES):
        yield part


def _write(writer: asyncio.StreamWriter, response: Message) -> None:
    writer.write(response.head + response.body)
