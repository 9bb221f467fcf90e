"""Cuts a message into frames that API Gateway takes."""

from collections.abc import Iterator
from typing import Final

from spaces_protocol.limits import MAX_FRAME_BYTES

FRAME_HEADER_BYTES: Final = 14
"""Longest header of a frame sent by a client (RFC 6455, section 5.2)."""
MAX_PAYLOAD_BYTES: Final = MAX_FRAME_BYTES - FRAME_HEADER_BYTES

_CONTINUATION: Final = 0b10
"""The two highest bits of a byte that continues a character of UTF-8."""


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
    """Return whether a byte belongs to the character before it."""
    return byte >> 6 == _CONTINUATION
