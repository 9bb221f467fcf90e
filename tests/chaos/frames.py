"""WebSocket frames (RFC 6455, section 5.2) cut out of a stream of bytes."""

from collections.abc import Iterator
from typing import Final, NamedTuple

_FIN: Final = 0x80
_MASKED: Final = 0x80
_TEXT: Final = 0x1


class Frame(NamedTuple):
    """One frame as it came, mask included, so that it may be sent again as it is."""

    raw: bytes

    @property
    def is_whole_text(self) -> bool:
        """Whether it is a text message in one frame."""
        return self.raw[0] == _FIN | _TEXT


class FrameCutter:
    """Takes bytes as they come and gives whole frames."""

    def __init__(self) -> None:
        self._buffer = b""

    def feed(self, data: bytes) -> Iterator[Frame]:
        """Yield the frames that are complete now."""
        self._buffer += data
        while (size := _size(self._buffer)) is not None and len(self._buffer) >= size:
            yield Frame(self._buffer[:size])
            self._buffer = self._buffer[size:]


def _size(start: bytes) -> int | None:
    """Return the length of the first frame; None if that cannot be told yet."""
    if len(start) < 2:
        return None
    extended = {126: 2, 127: 8}.get(start[1] & 0x7F, 0)
    header = 2 + extended
    if len(start) < header:
        return None
    payload = int.from_bytes(start[2:header], "big") if extended else start[1] & 0x7F
    return header + (4 if start[1] & _MASKED else 0) + payload
