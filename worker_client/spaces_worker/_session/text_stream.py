"""Splits the text that a function streams into chunks and decides when to send them."""

import math
from typing import Final

from spaces_protocol.limits import MAX_CHUNK_BYTES, MAX_CHUNKS
from spaces_protocol.worker_messages import Chunk
from spaces_worker._text import split_utf8

GAP_SECONDS: Final = 0.5
"""Minimum time between two chunks of a request; text in between is combined."""
REPEAT_SECONDS: Final = 15.0
"""Chunks sent this shortly before a connection was lost may not have arrived and are sent again."""


class TextStream:
    """The text of one request so far, and which part of it was sent.

    A chunk never changes once it was sent, so it can be sent again.

    Args:
        now: when the request arrived; a fast request sends no chunk at all.
    """

    def __init__(self, now: float) -> None:
        self._since = now
        self._chunks: list[tuple[Chunk, float]] = []
        self._next = 0
        self._pending: list[str] = []

    def add(self, text: str) -> None:
        """Add the next piece."""
        if text:
            self._pending.append(text)

    def due(self) -> float:
        """Return when the next chunk should go out; infinity if there is none."""
        if self._next < len(self._chunks):
            return self._since
        if not self._pending or self._next >= MAX_CHUNKS:
            return math.inf
        return self._since + GAP_SECONDS

    def take(self, now: float) -> Chunk | None:
        """Return the chunk to send now; None if none is due."""
        if now < self.due():
            return None
        if self._next == len(self._chunks):
            self._chunks.append((Chunk(index=self._next, text=self._cut()), now))
        chunk, _ = self._chunks[self._next]
        self._next += 1
        self._since = now
        return chunk

    def reconnected(self, now: float) -> None:
        """Plan to repeat the chunks that may have been lost with the last connection."""
        sent = (sent_at for _, sent_at in self._chunks[: self._next])
        self._next = sum(sent_at < now - REPEAT_SECONDS for sent_at in sent)

    def restart(self) -> None:
        """Start the chunks again, because the attempt has changed."""
        self._pending[:0] = [chunk.text for chunk, _ in self._chunks]
        self._chunks.clear()
        self._next = 0

    def _cut(self) -> str:
        text = "".join(self._pending)
        first = next(split_utf8(text.encode(), MAX_CHUNK_BYTES)).decode()
        self._pending = [text[len(first) :]] if len(first) < len(text) else []
        return first
