"""HTTP/1.1 messages as raw bytes: read whole, passed on unchanged."""

import asyncio
from typing import NamedTuple


class Message(NamedTuple):
    """One request or answer.

    Attributes:
        start: its first line.
        headers: by name in lower case.
        head: everything up to the empty line, as it came.
        body: as it came, chunks included.
    """

    start: str
    headers: dict[str, str]
    head: bytes
    body: bytes


async def read_message(reader: asyncio.StreamReader) -> Message | None:
    """Read one message; None if the other side has closed."""
    try:
        head = await reader.readuntil(b"\r\n\r\n")
    except (asyncio.IncompleteReadError, ConnectionError):
        return None
    start, *lines = head.decode("latin-1").rstrip("\r\n").split("\r\n")
    pairs = (line.partition(":") for line in lines)
    headers = {name.strip().lower(): value.strip() for name, _, value in pairs}
    return Message(start, headers, head, await _read_body(reader, headers))


async def _read_body(reader: asyncio.StreamReader, headers: dict[str, str]) -> bytes:
    if "chunked" not in headers.get("transfer-encoding", ""):
        return await reader.readexactly(int(headers.get("content-length", "0")))
    body = b""
    while True:
        line = await reader.readuntil(b"\r\n")
        size = int(line.split(b";")[0], 16)
        body += line + await reader.readexactly(size + 2)
        if size == 0:
            return body


def answer(status: int, reason: str, body: bytes, **headers: str) -> bytes:
    """Return an answer of one's own."""
    lines = {"content-type": "application/x-amz-json-1.0", "content-length": str(len(body))}
    lines |= {name.replace("_", "-"): value for name, value in headers.items()}
    head = "".join(f"{name}: {value}\r\n" for name, value in lines.items())
    return f"HTTP/1.1 {status} {reason}\r\n{head}\r\n".encode() + body
