"""Streamed answers: stored chunk by chunk, read from where the reader stopped."""

import re
from itertools import takewhile
from typing import Any, Final, Self

from msgspec import Struct, json

from spaces.domain.errors import InvalidInput
from spaces.domain.request import Request
from spaces.domain.timing import PROGRESS_LEASE, SECOND
from spaces.services.ports.chunk_store import ChunkContent, StreamedChunk
from spaces.services.ports.gateway import Gateway
from spaces_protocol.limits import MAX_CHUNK_BYTES, MAX_DELTAS_BYTES
from spaces_protocol.nesting import is_too_deep
from spaces_protocol.request_id import RequestId
from spaces_protocol.rest_bodies import ChunkView, Partial
from spaces_protocol.worker_messages import Chunk, Progress

MAX_AT_ONCE: Final = 40
"""Chunks per poll, about 20 s of text: each costs half a read unit or more."""
READ_TOGETHER: Final = 10
ENOUGH: Final = 64 * 1024
"""After so much, in characters of text and bytes of deltas, the rest is left to the next poll."""
CATCH_UP_POLL: Final = 200
"""Milliseconds until the next poll of a reader that is behind."""
NEXT_TEXT_POLL: Final = 700
"""Milliseconds until the next poll while text arrives; a worker sends twice a second."""
STREAMING_GRACE: Final = 5 * SECOND
"""How long after the last sign of life more text is expected."""
_CURSOR: Final = re.compile(r"(\d{1,10})\.(\d{1,5})")


class Cursor(Struct, frozen=True):
    """Where a reader stopped: the attempt, and the index of the next chunk."""

    attempt: int
    index: int

    def __str__(self) -> str:
        """Return the text form."""
        return f"{self.attempt}.{self.index}"

    @classmethod
    def parse(cls, text: str) -> Self:
        """Parse the text form.

        Raises:
            InvalidInput: It is malformed.
        """
        match = _CURSOR.fullmatch(text)
        if match is None:
            raise InvalidInput("after must be partial.next_after of the last response, or omitted.")
        return cls(int(match[1]), int(match[2]))


def read_cursor(text: str | None) -> Cursor | None:
    """Parse the text form; None means the start.

    Raises:
        InvalidInput: It is malformed.
    """
    return Cursor.parse(text) if text else None


def store_chunk(gateway: Gateway, request_id: RequestId, progress: Progress) -> bool:
    """Store the chunk that came with a progress message; tell whether one did.

    A chunk that is too long is skipped: the reader stops there and gets the whole text at the end.
    An error would be worse, because a worker would take it for a reply to its result.
    """
    chunk = progress.chunk
    if chunk is None or not (chunk.text or chunk.deltas):
        return False
    if not _is_storable(gateway, request_id, chunk):
        return False
    content = ChunkContent(chunk.text, chunk.deltas)
    streamed = StreamedChunk(request_id, progress.attempt, chunk.index, content)
    gateway.chunks.store(streamed, now=gateway.now())
    return True


def _is_storable(gateway: Gateway, request_id: RequestId, chunk: Chunk) -> bool:
    size, deltas = len(chunk.text.encode()), _size_of(chunk.deltas)
    if size > MAX_CHUNK_BYTES or deltas > MAX_DELTAS_BYTES:
        gateway.log_event("chunk_too_long", request_id=str(request_id), size=size, deltas=deltas)
        return False
    if is_too_deep(chunk.deltas):
        gateway.log_event("chunk_too_deep", request_id=str(request_id))
        return False
    return True


def _size_of(deltas: list[Any]) -> int:
    return len(json.encode(deltas)) if deltas else 0


def new_text(
    gateway: Gateway,
    request: Request,
    attempt: int,
    after: Cursor | None,
    *,
    with_chunks: bool = False,
) -> Partial | None:
    """Return what is new to the reader, up to the first missing chunk.

    Args:
        gateway: Access to the outside.
        request: A running request.
        attempt: Its current attempt.
        after: Where the reader stopped.
        with_chunks: Whether the reader wants each chunk with its deltas, too.

    Returns:
        None if there is nothing new.
    """
    restarted = after is not None and after.attempt != attempt
    start = after.index if after is not None and not restarted else 0
    found = _read(gateway, request, attempt, start)
    if not found and not restarted:
        return None
    return Partial(
        text="".join(each.text for each in found),
        next_after=str(Cursor(attempt, start + len(found))),
        restarted=restarted,
        chunks=[ChunkView(text=each.text, deltas=each.deltas) for each in found]
        if with_chunks
        else None,
    )


def is_behind(request: Request, partial: Partial | None) -> bool:
    """Tell whether more text is stored than this poll returned."""
    cursor = read_cursor(partial.next_after) if partial else None
    return cursor is not None and cursor.index < request.chunks.get(cursor.attempt, 0)


def is_streaming(request: Request, now: int) -> bool:
    """Tell whether the worker of a streaming request has just shown a sign of life."""
    return now - (request.lease_until - PROGRESS_LEASE) < STREAMING_GRACE


def _read(gateway: Gateway, request: Request, attempt: int, start: int) -> list[ChunkContent]:
    """Return the chunks from one on, without gaps."""
    end = min(request.chunks.get(attempt, 0), start + MAX_AT_ONCE)
    found: list[ChunkContent] = []
    index, size = start, 0
    while index < end and size < ENOUGH:
        wanted = range(index, min(end, index + READ_TOGETHER))
        stored = gateway.chunks.read(request.request_id, attempt, wanted)
        ready = [each for each in takewhile(bool, map(stored.get, wanted)) if each]
        found += ready
        size += sum(len(each.text) + _size_of(each.deltas) for each in ready)
        index += len(ready)
        if len(ready) < len(wanted):
            break
    return found
