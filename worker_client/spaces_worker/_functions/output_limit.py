"""The most text or JSON that one answer may have; what is longer could not be delivered."""

from typing import Final

from spaces_protocol.limits import MAX_OUTPUT_BYTES
from spaces_worker._errors import UserError

LIMIT_BYTES: Final = MAX_OUTPUT_BYTES


class OutputLimit:
    """Counts what an answer has so far, so that one without end takes no memory without end."""

    def __init__(self) -> None:
        self._bytes = 0

    def add(self, piece: str | bytes | bytearray) -> None:
        """Count a piece.

        Raises:
            UserError: it is too much now.
        """
        self._bytes += len(piece) if isinstance(piece, bytes | bytearray) else len(piece.encode())
        if self._bytes > LIMIT_BYTES:
            raise UserError(
                "The answer is too large to deliver: it has more than "
                f"{LIMIT_BYTES // 1024} KB of text. A file may be larger.",
                error_type="output_too_large",
            )
