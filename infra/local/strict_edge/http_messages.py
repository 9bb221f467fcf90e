"""HTTP/1.1 messages as raw bytes: passed on unchanged, so that signatures stay valid."""

import asyncio
import json
import re
from collections.abc import AsyncIterator
from dataclasses import dataclass
from functools import cached_property
from typing import Any, Final
from urllib.parse import parse_qs, unquote

_CHUNK: Final = 65536
_NO_BODY: Final = frozenset({"204", "304"})
_CREDENTIAL: Final = re.compile(r"Credential=([^/,\s]+)/\d+/[^/]*/([^/]+)/")


class Cut(Exception):
    """The connection ends here, without a response."""


@dataclass(frozen=True)
class Message:
    """A request or a response.

    Attributes:
        head: everything up to the empty line, as it came.
        body: as it came, chunk sizes included; empty until it was read.
    """

    head: bytes
    body: bytes = b""

    @cached_property
    def start(self) -> str:
        """The first line."""
        return self._lines[0]

    @cached_property
    def headers(self) -> dict[str, str]:
        """The headers, by name in lower case."""
        return {name.lower(): value for name, value in self.header_list}

    @cached_property
    def header_list(self) -> list[tuple[str, str]]:
        """Names, as they came, and values."""
        pairs = (line.partition(":") for line in self._lines[1:])
        return [(name.strip(), value.strip()) for name, _, value in pairs]

    @cached_property
    def method(self) -> str:
        """The method of a request."""
        return self.start.partition(" ")[0]

    @cached_property
    def target(self) -> str:
        """The path of a request with its query, as it came."""
        return self.start.split(" ")[1]

    @cached_property
    def path(self) -> str:
        """The decoded path of a request."""
        return unquote(self.target.partition("?")[0])

    @cached_property
    def query(self) -> dict[str, list[str]]:
        """The parameters of a request."""
        return parse_qs(self.target.partition("?")[2], keep_blank_values=True)

    @cached_property
    def status(self) -> int:
        """The status of a response."""
        return int(self.start.split(" ")[1])

    @cached_property
    def credential(self) -> tuple[str, str] | None:
        """The access key that signed a request, and the service it was signed for."""
        presigned = self.query.get("X-Amz-Credential", [""])[0]
        text = self.headers.get("authorization", "")
        found = _CREDENTIAL.search(f"Credential={presigned}/" if presigned else text)
        return (found[1], found[2]) if found else None

    @cached_property
    def _lines(self) -> list[str]:
        return self.head.decode("latin-1").rstrip("\r\n").split("\r\n")


async def read_head(reader: asyncio.StreamReader) -> Message | None:
    """Read a message without its body; None if the other side has closed."""
    try:
        return Message(await reader.readuntil(b"\r\n\r\n"))
    except (asyncio.IncompleteReadError, ConnectionError):
        return None


async def body_of(
    reader: asyncio.StreamReader, message: Message, *, to_head: bool = False
) -> AsyncIterator[bytes]:
    """Yield the body of a message as it comes.

    Args:
        reader: where the message comes from.
        message: its head.
        to_head: whether it is a response to a HEAD request, which has no body.
    """
    is_response = message.start.startswith("HTTP/")
    if to_head or (is_response and message.start.split(" ")[1] in _NO_BODY):
        return
    if "chunked" in message.headers.get("transfer-encoding", ""):
        async for part in _chunks(reader):
            yield part
        return
    left = int(message.headers.get("content-length", "0"))
    while left:
        part = await reader.read(min(left, _CHUNK))
        if not part:
            raise Cut
        left -= len(part)
        yield part


async def _chunks(reader: asyncio.StreamReader) -> AsyncIterator[bytes]:
    while True:
        line = await reader.readuntil(b"\r\n")
        size = int(line.split(b";")[0], 16)
        yield line + await reader.readexactly(size + 2)
        if size == 0:
            return


async def with_body(
    reader: asyncio.StreamReader, message: Message, *, to_head: bool = False
) -> Message:
    """Return a message with its body."""
    parts = [part async for part in body_of(reader, message, to_head=to_head)]
    return Message(message.head, b"".join(parts))


def plain_body(message: Message) -> bytes:
    """Return a body without the sizes of its chunks."""
    if "chunked" not in message.headers.get("transfer-encoding", ""):
        return message.body
    plain, rest = b"", message.body
    while rest:
        line, _, rest = rest.partition(b"\r\n")
        size = int(line.split(b";")[0], 16)
        plain, rest = plain + rest[:size], rest[size + 2 :]
    return plain


def respond(status: int, reason: str, body: bytes = b"", **headers: str) -> Message:
    """Return a response of our own."""
    lines = {"content-type": "application/json", "content-length": str(len(body))}
    lines |= {name.replace("_", "-"): value for name, value in headers.items()}
    head = "".join(f"{name}: {value}\r\n" for name, value in lines.items())
    return Message(f"HTTP/1.1 {status} {reason}\r\n{head}\r\n".encode(), body)


def respond_json(status: int, reason: str, content: dict[str, Any], **headers: str) -> Message:
    """Return a response of our own, with JSON."""
    return respond(status, reason, json.dumps(content).encode(), **headers)
