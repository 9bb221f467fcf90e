"""Streamed text: stored chunk by chunk, read from where the reader stopped."""

import re
from itertools import takewhile
from typing import Final

from msgspec import Struct

from spaces.domain.errors import InvalidInput
from spaces.domain.request import Request
from spaces.domain.timing import PROGRESS_LEASE, SECOND
from spaces.services.ports.chunk_store import StreamedChunk
from spaces.services.ports.gateway import Gateway
from spaces_protocol.limits import MAX_CHUNK_BYTES
from spaces_protocol.request_id import RequestId
from spaces_protocol.rest_bodies import Partial
from spaces_protocol.worker_messages import Progress

MAX_AT_ONCE: Final = 40
"""Chunks per poll, about 20 s of text: each costs half a read unit or more."""
READ_TOGETHER: Final = 10
ENOUGH_CHARS: Final = 64 * 1024
"""After this much text, the rest is left to the next poll."""
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


def read_cursor(text: str | None) -> Cursor | None:
    """Parse the text form; None means the start.

    Raises:
        InvalidInput: It is malformed.
    """
    if not text:
        return None
    match = _CURSOR.fullmatch(text)
    if match is None:
        raise InvalidInput("after must be partial.next_after of the last response, or omitted.")
    return Cursor(int(match[1]), int(match[2]))


def store_chunk(gateway: Gateway, request_id: RequestId, progress: Progress) -> bool:
    """Store the chunk that came with a progress message; tell whether one did.

    A chunk that is too long is skipped: the reader stops there and gets the whole text at the end.
    An error would be worse, because a worker would take it for a reply to its result.
    """
    chunk = progress.chunk
    if chunk is None or not chunk.text:
        return False
    size = len(chunk.text.encode())
    if size > MAX_CHUNK_BYTES:
        gateway.log_event("chunk_too_long", request_id=str(request_id), size=size)
        return False
    streamed = StreamedChunk(request_id, progress.attempt, chunk.index, chunk.text)
    gateway.chunks.store(streamed, now=gateway.now())
    return True


def new_text(
    gateway: Gateway, request: Request, attempt: int, after: Cursor | None
) -> Partial | None:
    """Return the text that is new to the reader, up to the first missing chunk.

    Args:
        gateway: Access to the outside.
        request: A running request.
        attempt: Its current attempt.
        after: Where the reader stopped.

    Returns:
        None if there is nothing new.
    """
    restarted = after is not None and after.attempt != attempt
    start = after.index if after is not None and not restarted else 0
    text, index = _read(gateway, request, attempt, start)
    if not text and not restarted:
        return None
    return Partial(text=text, next_after=str(Cursor(attempt, index)), restarted=restarted)


def is_behind(request: Request, partial: Partial | None) -> bool:
    """Tell whether more text is stored than this poll returned."""
    cursor = read_cursor(partial.next_after) if partial else None
    return cursor is not None and cursor.index < request.chunks.get(cursor.attempt, 0)


def is_streaming(request: Request, now: int) -> bool:
    """Tell whether the worker of a streaming request has just shown a sign of life."""
    return now - (request.lease_until - PROGRESS_LEASE) < STREAMING_GRACE


def _read(gateway: Gateway, request: Request, attempt: int, start: int) -> tuple[str, int]:
    """Return the text from a chunk on, and the index of the next chunk."""
    end = min(request.chunks.get(attempt, 0), start + MAX_AT_ONCE)
    text, index = "", start
    while index < end and len(text) < ENOUGH_CHARS:
        wanted = range(index, min(end, index + READ_TOGETHER))
        found = gateway.chunks.read(request.request_id, attempt, wanted)
        texts = list(takewhile(lambda each: each is not None, map(found.get, wanted)))
        text += "".join(each for each in texts if each)
        index += len(texts)
        if len(texts) < len(wanted):
            break
    return text, index
