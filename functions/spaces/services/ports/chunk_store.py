"""Protocol of the store for streamed text."""

from collections.abc import Iterable
from typing import Protocol

from msgspec import Struct

from spaces_protocol.request_id import RequestId


class StreamedChunk(Struct, frozen=True):
    """A chunk of the text of one attempt, by its index from 0."""

    request_id: RequestId
    attempt: int
    index: int
    text: str


class ChunkStore(Protocol):
    """Chunks of streamed text, each in its own item beside its request."""

    def store(self, chunk: StreamedChunk, *, now: int) -> None:
        """Store a chunk; an existing one does not change."""

    def read(self, request_id: RequestId, attempt: int, indexes: Iterable[int]) -> dict[int, str]:
        """Read chunks by index, eventually consistent; missing ones are omitted."""
