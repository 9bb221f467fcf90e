"""Parses server-sent events; see the HTML standard, section 9.2.6."""

import codecs
import io
from collections.abc import AsyncIterator
from typing import NamedTuple

from spaces_worker._functions.output_limit import OutputLimit


class ServerEvent(NamedTuple):
    """One event: its type ("message" by default) and its data."""

    kind: str
    data: str


class EventLines:
    """Builds events from lines; comments, ids and reconnection times are ignored."""

    def __init__(self) -> None:
        self._kind = ""
        self._data: list[str] = []

    def add(self, line: str) -> ServerEvent | None:
        """Add the next line, without its line ending; an empty one completes an event."""
        if not line:
            return self.end()
        name, _, value = line.partition(":")
        value = value.removeprefix(" ")
        if name == "event":
            self._kind = value
        elif name == "data":
            self._data.append(value)
        elif name == "error":  # llama.cpp reports errors in a separate line
            return ServerEvent("error", value)
        return None

    def end(self) -> ServerEvent | None:
        """Return the unfinished event, if it has data."""
        kind, data = self._kind or "message", self._data
        self._kind, self._data = "", []
        return ServerEvent(kind, "\n".join(data)) if data else None


async def events_of(pieces: AsyncIterator[bytes]) -> AsyncIterator[ServerEvent]:
    """Yield the events of a byte stream; the last one does not need an empty line after it.

    Raises:
        UserError: a single event is too large to deliver.
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
    # Not httpx's own splitter: it also splits at U+2028 and others, which are valid in JSON.
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
