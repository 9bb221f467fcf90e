"""Reads server-sent events; see the HTML standard, section 9.2.6.

Libraries such as httpx-sse drop what is not part of an event. Here it matters: many servers report
an error as a bare line of JSON, or answer with a page or an object instead of a stream.
"""

import codecs
import io
from collections.abc import AsyncGenerator, AsyncIterator
from typing import Final, NamedTuple

from spaces_worker._functions.output_limit import OutputLimit

MESSAGE: Final = "message"
"""The type of an event without ``event:``."""
DONE: Final = "[DONE]"
"""The data of the event with which many servers end a stream."""
STRAY: Final = "stray line"
"""The type given to a line that is not part of an event."""

_SILENT_FIELDS: Final = frozenset({"", "id", "retry"})
"""Comments have an empty name."""


class ServerEvent(NamedTuple):
    """One event: its type and its data."""

    kind: str
    data: str


class EventLines:
    """Builds events from lines; comments, ids and reconnection times are ignored."""

    def __init__(self) -> None:
        self._kind = ""
        self._data: list[str] = []
        self._limit = OutputLimit()

    def add(self, line: str) -> ServerEvent | None:
        """Add the next line, without its line ending; an empty one completes an event.

        Raises:
            UserError: a single event is too large to deliver.
        """
        if not line:
            return self.end()
        name, _, value = line.partition(":")
        value = value.removeprefix(" ")
        if name == "event":
            self._kind = value
        elif name == "data":
            self._limit.add(f"{value}\n")
            self._data.append(value)
        elif name == "error":  # llama.cpp reports errors in a separate line
            return ServerEvent("error", value)
        elif name not in _SILENT_FIELDS:
            return ServerEvent(STRAY, line)
        return None

    def end(self) -> ServerEvent | None:
        """Return the unfinished event, if it has data."""
        kind, data = self._kind or MESSAGE, self._data
        self._kind, self._data, self._limit = "", [], OutputLimit()
        return ServerEvent(kind, "\n".join(data)) if data else None


async def events_of(pieces: AsyncIterator[bytes]) -> AsyncGenerator[ServerEvent, None]:
    """Yield the events and stray lines of a byte stream; the last needs no empty line after it.

    Raises:
        UserError: a single event or line is too large to deliver.
    """
    reader = EventLines()
    async for line in _lines(pieces):
        event = reader.add(line)
        if event is not None:
            yield event
    last = reader.end()
    if last is not None:
        yield last


async def _lines(pieces: AsyncIterator[bytes]) -> AsyncIterator[str]:
    line, limit = list[str](), OutputLimit()
    async for text in _texts(pieces):
        *ends, begin = text.split("\n")
        for end in ends:
            yield "".join([*line, end])
            line, limit = [], OutputLimit()
        limit.add(begin)
        line.append(begin)
    yield "".join(line)


async def _texts(pieces: AsyncIterator[bytes]) -> AsyncIterator[str]:
    """Yield the text in which only line feeds end a line."""
    # Not httpx's own splitter: it also splits at U+2028 and others, which are valid in JSON.
    text = codecs.getincrementaldecoder("utf-8-sig")("replace")
    decoder = io.IncrementalNewlineDecoder(text, translate=True)
    async for piece in pieces:
        yield decoder.decode(piece)
    yield decoder.decode(b"", final=True)
