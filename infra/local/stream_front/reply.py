"""The response to one caller, sent while the function produces it."""

import asyncio
import contextlib
import json
from collections.abc import Mapping
from http import HTTPStatus
from typing import Final

_WITHOUT_BODY: Final = (HTTPStatus.NO_CONTENT, HTTPStatus.NOT_MODIFIED)
_OURS: Final = ("connection", "content-length", "transfer-encoding")


class Reply:
    """A response. Once its caller has gone, what is written is dropped: the function runs on.

    Args:
        writer: the caller's connection.
        method: the method that was called.
        headers: headers that every response to this caller has.
    """

    def __init__(
        self, writer: asyncio.StreamWriter, method: str, headers: Mapping[str, str]
    ) -> None:
        self._writer = writer
        self._to_head = method == "HEAD"
        self._added = headers
        self._begun = self._done = self._has_body = False

    async def begin(self, status: int, headers: Mapping[str, str]) -> None:
        """Send status and headers."""
        self._begun = True
        self._has_body = not self._to_head and status not in _WITHOUT_BODY
        kept = {name: value for name, value in headers.items() if name.lower() not in _OURS}
        framing = {"Transfer-Encoding": "chunked"} if self._has_body else {}
        lines = "".join(
            f"{name}: {value}\r\n"
            for name, value in {**kept, **self._added, **framing, "Connection": "close"}.items()
        )
        await self._send(f"HTTP/1.1 {status} {_reason(status)}\r\n{lines}\r\n".encode("latin-1"))

    async def write(self, piece: bytes) -> None:
        """Send a piece of the body at once; a slow caller slows the function down."""
        if piece and self._has_body:
            await self._send(b"%x\r\n%b\r\n" % (len(piece), piece))

    async def end(self) -> None:
        """End the response."""
        self._done = True
        if self._has_body:
            await self._send(b"0\r\n\r\n")

    async def fail(self, status: int = HTTPStatus.BAD_GATEWAY, message: str = "") -> None:
        """Answer that the function failed; a response that has begun is cut instead."""
        if self._begun and not self._done:
            self._writer.transport.abort()
        elif not self._begun:
            content = json.dumps({"Message": message or _reason(status)}).encode()
            await self.begin(status, {"Content-Type": "application/json"})
            await self.write(content)
            await self.end()

    async def _send(self, content: bytes) -> None:
        if self._writer.is_closing():
            return
        with contextlib.suppress(ConnectionError):
            self._writer.write(content)
            await self._writer.drain()


def _reason(status: int) -> str:
    try:
        return HTTPStatus(status).phrase
    except ValueError:
        return ""
