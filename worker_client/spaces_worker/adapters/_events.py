"""Reads server-sent events; see "Server-sent events" of the HTML standard, section 9.2.6."""

import codecs
import io
from collections.abc import AsyncIterator
from typing import NamedTuple

from spaces_worker._functions.output_limit import OutputLimit


class ServerEvent(NamedTuple):
    """One event: its type ("message" if it names none) and its data."""

    kind: str
    data: str


class EventLines:
    """Puts events together from lines; comments, ids and reconnection times are left out."""

    def __init__(self) -> None:
        self._kind = ""
        self._data: list[str] = []

    def add(self, line: str) -> ServerEvent | None:
        """Take the next line without its end; an empty one completes an event."""
        if not line:
            return self.end()
        name, _, value = line.partition(":")
        value = value.removeprefix(" ")
        if name == "event":
            self._kind = value
        elif name == "data":
            self._data.append(value)
        elif name == "error":  # llama.cpp reports failures in a line of its own
            return ServerEvent("error", value)
        return None

    def end(self) -> ServerEvent | None:
        """Return the event that was begun, if it holds anything."""
        kind, data = self._kind or "message", self._data
        self._kind, self._data = "", []
        return ServerEvent(kind, "\n".join(data)) if data else None


async def events_of(pieces: AsyncIterator[bytes]) -> AsyncIterator[ServerEvent]:
    """Yield the events of a stream of bytes; the last one needs no empty line after it.

    Raises:
        UserError: one event alone is more than can be delivered.
    """
    reader, limit = EventLines(), OutputLimit()
    async for line in _lines(pieces):
        limit.add(line)
        event = reader.add(line)
        if event is not None:
            yield event
            limit = OutputLimit()
    last = reader.end()
    if last is not None:
        yield last


async def _lines(pieces: AsyncIterator[bytes]) -> AsyncIterator[str]:
    # Not httpx's own: it also splits at U+2028 and the like, which JSON may hold as they are.
    text = codecs.getincrementaldecoder("utf-8-sig")("replace")
    decoder = io.IncrementalNewlineDecoder(text, translate=True)
    rest = ""
    async for piece in pieces:
        *lines, rest = (rest + decoder.decode(piece)).split("\n")
        for line in lines:
            yield line
        OutputLimit().add(rest)
    *lines, rest = (rest + decoder.decode(b"", final=True)).split("\n")
    for line in (*lines, rest):
        yield line
