"""Cuts a message into frames that API Gateway takes."""

from collections.abc import Iterator
from typing import Final

from spaces_protocol.limits import MAX_FRAME_BYTES

FRAME_HEADER_BYTES: Final = 14
"""Longest header of a frame sent by a client (RFC 6455, section 5.2)."""
MAX_PAYLOAD_BYTES: Final = MAX_FRAME_BYTES - FRAME_HEADER_BYTES


def fragments(payload: bytes, limit: int = MAX_PAYLOAD_BYTES) -> Iterator[bytes]:
    """Yield UTF-8 text in pieces of at most ``limit`` bytes, never cut within a character."""
    start = 0
    while len(payload) - start > limit:
        end = start + limit
        while _continues(payload[end]):
            end -= 1
        yield payload[start:end]
        start = end
    yield payload[start:]


def _continues(byte: int) -> bool:
    """Return whether a byte of UTF-8 belongs to the character before it: 10xxxxxx."""
    return byte >> 6 == 0b10
