"""Text as it is produced: kept piece by piece, read from where the reader stopped."""

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

MAX_AT_ONCE: Final = 100
"""Pieces of one look: as many as one BatchGetItem takes."""
NEXT_WORDS: Final = 700
"""Milliseconds until a look is worth it while text flows; a worker sends twice a second."""
STILL_TALKING: Final = 5 * SECOND
"""How long after its last sign of life text is expected to flow on."""
_CURSOR: Final = re.compile(r"(\d{1,10})\.(\d{1,5})")


class Cursor(Struct, frozen=True):
    """Where a reader stopped: the attempt, and the index of the piece that it wants next."""

    attempt: int
    index: int

    def __str__(self) -> str:
        """Return the form that travels."""
        return f"{self.attempt}.{self.index}"


def read_cursor(text: str | None) -> Cursor | None:
    """Read the form that travels; None is the start.

    Raises:
        InvalidInput: it is none.
    """
    if not text:
        return None
    match = _CURSOR.fullmatch(text)
    if match is None:
        raise InvalidInput("after must be the partial.next_after of the last answer, or missing.")
    return Cursor(int(match[1]), int(match[2]))


def store_chunk(gateway: Gateway, request_id: RequestId, progress: Progress) -> bool:
    """Store the piece of text that came with a progress; tells whether one did.

    One that is too long is left out: the reader stops there and has the whole text at the end.
    An error would be the worse answer, for workers take it for their result's.
    """
    chunk = progress.chunk
    if chunk is None or not chunk.text:
        return False
    size = len(chunk.text.encode())
    if size > MAX_CHUNK_BYTES:
        gateway.log_event("chunk_too_long", request_id=str(request_id), size=size)
        return False
    kept = StreamedChunk(request_id, progress.attempt, chunk.index, chunk.text)
    gateway.chunks.store(kept, now=gateway.now())
    return True


def new_text(
    gateway: Gateway, request: Request, attempt: int, after: Cursor | None
) -> Partial | None:
    """Return what was written since a reader's last look, up to the first piece that is missing.

    Args:
        gateway: where the pieces are.
        request: a running one.
        attempt: the one that runs.
        after: where the reader stopped.

    Returns:
        None if there is nothing new.
    """
    restarted = after is not None and after.attempt != attempt
    start = after.index if after is not None and not restarted else 0
    text, index = _read(gateway, request, attempt, start)
    if not text and not restarted:
        return None
    return Partial(text=text, next_after=str(Cursor(attempt, index)), restarted=restarted)


def is_talking(request: Request, now: int) -> bool:
    """Tell whether the worker of a request that streams showed a sign of life just now."""
    return now - (request.lease_until - PROGRESS_LEASE) < STILL_TALKING


def _read(gateway: Gateway, request: Request, attempt: int, start: int) -> tuple[str, int]:
    """Return the text from a piece on, and the index of the next one."""
    end = min(request.chunks.get(attempt, 0), start + MAX_AT_ONCE)
    if start >= end:
        return "", start
    found = gateway.chunks.read(request.request_id, attempt, range(start, end))
    texts = list(takewhile(lambda text: text is not None, map(found.get, range(start, end))))
    return "".join(text for text in texts if text), start + len(texts)
