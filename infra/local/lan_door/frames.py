"""Frames of a WebSocket from the gateway, whose texts name the door instead of inner addresses."""

import asyncio
from collections.abc import AsyncIterator, Callable
from typing import Final

_WHOLE_TEXT: Final = 0x81
_SHORT: Final = 125
_IN_2_BYTES: Final = 126
_IN_8_BYTES: Final = 127


async def rewritten_frames(
    reader: asyncio.StreamReader, rewrite: Callable[[bytes], bytes]
) -> AsyncIterator[bytes]:
    """Yield the frames that a server sends, unmasked and not compressed, until it closes."""
    while head := await reader.read(1):
        length = (await reader.readexactly(1))[0]
        if length == _IN_2_BYTES:
            length = int.from_bytes(await reader.readexactly(2))
        elif length == _IN_8_BYTES:
            length = int.from_bytes(await reader.readexactly(8))
        payload = await reader.readexactly(length)
        # A text in several frames passes as it is: the emulator sends none.
        yield frame(head, rewrite(payload) if head[0] == _WHOLE_TEXT else payload)


def frame(head: bytes, payload: bytes) -> bytes:
    """Return a frame without a mask; ``head`` is its first byte."""
    length = len(payload)
    if length <= _SHORT:
        return head + bytes([length]) + payload
    if length < 1 << 16:
        return head + bytes([_IN_2_BYTES]) + length.to_bytes(2) + payload
    return head + bytes([_IN_8_BYTES]) + length.to_bytes(8) + payload
