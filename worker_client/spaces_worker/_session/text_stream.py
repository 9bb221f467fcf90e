"""Text as a function produces it, cut into the chunks that go out one after another."""

import math
from typing import Final

from spaces_protocol.limits import MAX_CHUNK_BYTES, MAX_CHUNKS
from spaces_protocol.worker_messages import Chunk
from spaces_worker._text import split_utf8

GAP_SECONDS: Final = 0.5
"""Least time between two chunks of a request; what comes in between is put together."""
REPEAT_SECONDS: Final = 15.0
"""Chunks of the last seconds of a lost link may not have arrived: they go out once more."""


class TextStream:
    """The text of one request so far, and which part of it was sent.

    A chunk never changes once it was sent, so that it may be sent again.

    Args:
        now: when the request arrived; a quick one costs no chunk at all.
    """

    def __init__(self, now: float) -> None:
        self._since = now
        self._chunks: list[tuple[Chunk, float]] = []
        self._next = 0
        self._pending: list[str] = []

    def add(self, text: str) -> None:
        """Take the next piece."""
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
        """Return the chunk to send now; None if it is not time."""
        if now < self.due():
            return None
        if self._next == len(self._chunks):
            self._chunks.append((Chunk(index=self._next, text=self._cut()), now))
        chunk, _ = self._chunks[self._next]
        self._next += 1
        self._since = now
        return chunk

    def reconnected(self, now: float) -> None:
        """There is a new link: repeat what may have been lost with the last one."""
        sent = (sent_at for _, sent_at in self._chunks[: self._next])
        self._next = sum(sent_at < now - REPEAT_SECONDS for sent_at in sent)

    def restart(self) -> None:
        """The attempt has changed: its chunks begin anew."""
        self._pending[:0] = [chunk.text for chunk, _ in self._chunks]
        self._chunks.clear()
        self._next = 0

    def _cut(self) -> str:
        text = "".join(self._pending)
        first = next(split_utf8(text.encode(), MAX_CHUNK_BYTES)).decode()
        self._pending = [text[len(first) :]] if len(first) < len(text) else []
        return first
