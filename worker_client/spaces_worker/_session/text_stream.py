"""Splits what a function streams into chunks and decides when to send them."""

import itertools
import math
from collections.abc import Sequence
from typing import Final, NamedTuple

import msgspec

from spaces_protocol.limits import MAX_CHUNK_BYTES, MAX_CHUNKS, MAX_DELTAS_BYTES
from spaces_protocol.worker_messages import Chunk
from spaces_worker._session.piece import Piece
from spaces_worker._text import split_utf8

GAP_SECONDS: Final = 0.5
"""Minimum time between two chunks of a request; pieces in between are combined."""
FIRST_SECONDS: Final = 0.1
"""Minimum age of a request whose first chunk is sent: a faster one sends none at all."""
REPEAT_SECONDS: Final = 15.0
"""Chunks sent this shortly before a connection was lost may not have arrived and are sent again."""


class _Sent(NamedTuple):
    """A chunk, the pieces that it consists of, and when it was sent."""

    chunk: Chunk
    pieces: Sequence[Piece]
    at: float


class TextStream:
    """What one request has streamed so far, and which part of it was sent.

    A chunk never changes once it was sent, so it can be sent again. If a piece says more than its
    text, its chunk has the objects of all its pieces; other chunks are text alone.

    Args:
        now: when the request arrived.
    """

    def __init__(self, now: float) -> None:
        self._since = now
        self._chunks: list[_Sent] = []
        self._next = 0
        self._pending: list[Piece] = []

    def add(self, piece: Piece) -> None:
        """Add the next piece; of one that is too large for a chunk, only the text is streamed."""
        if piece.says_more and not _fitting([piece]):
            piece = Piece(piece.text)
        if piece.text or piece.says_more:
            self._pending.append(piece)

    def due(self) -> float:
        """Return when the next chunk should go out; infinity if there is none."""
        if self._next < len(self._chunks):
            return self._since
        if not self._pending or self._next >= MAX_CHUNKS:
            return math.inf
        return self._since + (GAP_SECONDS if self._chunks else FIRST_SECONDS)

    def take(self, now: float) -> Chunk | None:
        """Return the chunk to send now; None if none is due."""
        if now < self.due():
            return None
        if self._next == len(self._chunks):
            pieces = self._cut()
            self._chunks.append(_Sent(_chunk(self._next, pieces), pieces, now))
        chunk = self._chunks[self._next].chunk
        self._next += 1
        self._since = now
        return chunk

    def reconnected(self, now: float) -> None:
        """Plan to repeat the chunks that may have been lost with the last connection."""
        self._next = sum(sent.at < now - REPEAT_SECONDS for sent in self._chunks[: self._next])

    def restart(self) -> None:
        """Start the chunks again, because the attempt has changed."""
        self._pending[:0] = [piece for sent in self._chunks for piece in sent.pieces]
        self._chunks.clear()
        self._next = 0

    def _cut(self) -> Sequence[Piece]:
        """Take the pieces of the next chunk from those that wait."""
        fitting = _fitting(self._pending)
        if any(piece.says_more for piece in fitting):
            del self._pending[: len(fitting)]
            return fitting
        return [self._cut_text()]

    def _cut_text(self) -> Piece:
        plain = list(itertools.takewhile(lambda piece: not piece.says_more, self._pending))
        text = "".join(piece.text for piece in plain)
        first = next(split_utf8(text.encode(), MAX_CHUNK_BYTES)).decode()
        rest = [Piece(text[len(first) :])] if len(first) < len(text) else []
        self._pending[: len(plain)] = rest
        return Piece(first)


def _fitting(pieces: Sequence[Piece]) -> Sequence[Piece]:
    """Return the first pieces, as many as one chunk can have with their objects."""
    deltas = text = 1  # brackets and commas
    for count, piece in enumerate(pieces):
        deltas += len(piece.delta) + 1
        text += len(msgspec.json.encode(piece.text))
        if not piece.delta or deltas > MAX_DELTAS_BYTES or text > MAX_CHUNK_BYTES:
            return pieces[:count]
    return pieces[:]


def _chunk(index: int, pieces: Sequence[Piece]) -> Chunk:
    has_more = any(piece.says_more for piece in pieces)
    return Chunk(
        index=index,
        text="".join(piece.text for piece in pieces),
        deltas=[msgspec.Raw(piece.delta) for piece in pieces] if has_more else [],
    )
