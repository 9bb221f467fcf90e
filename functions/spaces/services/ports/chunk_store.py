"""Protocol of the store for streamed text."""

from collections.abc import Iterable
from typing import Any, Protocol

from msgspec import Struct

from spaces_protocol.request_id import RequestId


class ChunkContent(Struct, frozen=True, omit_defaults=True):
    """What a worker sent as one chunk.

    Attributes:
        text: What a person reads of it.
        deltas: The objects of a call's stream; if there are any, they are the whole chunk.
    """

    text: str
    deltas: list[Any] = []


class StreamedChunk(Struct, frozen=True):
    """A chunk of what one attempt streams, by its index from 0."""

    request_id: RequestId
    attempt: int
    index: int
    content: ChunkContent


class ChunkStore(Protocol):
    """Chunks of streamed text, each in its own item beside its request."""

    def store(self, chunk: StreamedChunk, *, now: int) -> None:
        """Store a chunk; an existing one does not change."""

    def read(
        self, request_id: RequestId, attempt: int, indexes: Iterable[int]
    ) -> dict[int, ChunkContent]:
        """Read chunks by index, eventually consistent; missing ones are omitted."""
