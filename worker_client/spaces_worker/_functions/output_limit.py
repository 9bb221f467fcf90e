"""The maximum size of an answer's text or JSON; a larger one cannot be delivered."""

import json
from typing import Final

from spaces_protocol.limits import MAX_OUTPUT_BYTES
from spaces_worker._errors import UserError

LIMIT_BYTES: Final = MAX_OUTPUT_BYTES


class OutputLimit:
    """Counts the size of a growing answer, so that an endless one cannot fill the memory."""

    def __init__(self) -> None:
        self._bytes = 0

    def add(self, piece: str | bytes | bytearray) -> None:
        """Count a piece.

        Raises:
            UserError: the limit is exceeded.
        """
        self._count(_size(piece))

    def replace(self, old: object, new: object) -> None:
        """Count a JSON value that takes the place of another; None stands for no value.

        Raises:
            UserError: the limit is exceeded.
        """
        self._count(_size(new) - _size(old))

    def _count(self, size: int) -> None:
        self._bytes += size
        if self._bytes > LIMIT_BYTES:
            raise UserError(
                "The answer is too large to deliver: it has more than "
                f"{LIMIT_BYTES // 1024} KB of text. A file may be larger.",
                error_type="output_too_large",
            )


def _size(value: object) -> int:
    match value:
        case None:
            return 0
        case str():
            return len(value.encode(errors="surrogatepass"))
        case bytes() | bytearray():
            return len(value)
    return len(json.dumps(value))
