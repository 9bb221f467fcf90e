"""What the use cases need of streamed text."""

from collections.abc import Iterable
from typing import Protocol

from msgspec import Struct

from spaces_protocol.request_id import RequestId


class StreamedChunk(Struct, frozen=True):
    """A piece of the text of one attempt, by its index from 0."""

    request_id: RequestId
    attempt: int
    index: int
    text: str


class ChunkStore(Protocol):
    """Pieces of streamed text, each an item of its own beside its request."""

    def store(self, chunk: StreamedChunk, *, now: int) -> None:
        """Store a piece; one that is there already stays as it is."""

    def read(self, request_id: RequestId, attempt: int, indexes: Iterable[int]) -> dict[int, str]:
        """Read pieces by index; missing ones are left out. May be a moment old."""
