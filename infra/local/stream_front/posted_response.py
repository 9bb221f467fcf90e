"""Reads the streamed response that a function posts to the Runtime API."""

import asyncio
import json
from collections.abc import AsyncIterator
from typing import Final

from infra.local.stream_front.reply import Reply
from infra.local.strict_edge.http_messages import Cut

_DELIMITER: Final = b"\0" * 8
_ERROR: Final = "lambda-runtime-function-error-type:"


async def pass_on(reader: asyncio.StreamReader, reply: Reply) -> None:
    """Send a response on while it comes.

    Raises:
        Cut: the function reported an error in the middle, or its response has no beginning.
    """
    start, begun = b"", False
    async for piece in _pieces(reader):
        if begun:
            await reply.write(piece)
            continue
        start += piece
        prelude, delimiter, rest = start.partition(_DELIMITER)
        if delimiter:
            begun, content = True, json.loads(prelude)
            await reply.begin(content["statusCode"], content["headers"])
            await reply.write(rest)
    if not begun:
        raise Cut
    await reply.end()


async def _pieces(reader: asyncio.StreamReader) -> AsyncIterator[bytes]:
    """Yield the chunks of a body.

    Raises:
        Cut: its trailers name an error.
    """
    while size := int(await reader.readuntil(b"\r\n"), 16):
        yield await reader.readexactly(size)
        await reader.readexactly(2)
    trailers = await _trailers(reader)
    if any(line.lower().startswith(_ERROR) for line in trailers):
        raise Cut


async def _trailers(reader: asyncio.StreamReader) -> list[str]:
    lines = []
    while (line := await reader.readuntil(b"\r\n")) != b"\r\n":
        lines.append(line.decode("latin-1"))
    return lines
