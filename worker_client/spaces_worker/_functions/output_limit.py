"""The maximum size of an answer's text or JSON; a larger one cannot be delivered."""

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
        encoded = piece.encode(errors="surrogatepass") if isinstance(piece, str) else piece
        self._bytes += len(encoded)
        if self._bytes > LIMIT_BYTES:
            raise UserError(
                "The answer is too large to deliver: it has more than "
                f"{LIMIT_BYTES // 1024} KB of text. A file may be larger.",
                error_type="output_too_large",
            )
