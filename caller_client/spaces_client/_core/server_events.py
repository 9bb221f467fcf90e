"""Reads server-sent events (HTML standard, section 9.2.6)."""

import codecs
import io
from collections.abc import Iterator
from typing import Final, NamedTuple

from spaces_client._errors import UnexpectedAnswer

_MAX_EVENT_CHARS: Final = 16 * 1024**2
"""A longer event is not one of this API, whose largest answer has 4 MB."""


class ServerEvent(NamedTuple):
    """One event: its type, its data, and the id of the last event that had one."""

    kind: str
    data: str
    id: str | None


class EventReader:
    """Builds events from bytes, however they are cut."""

    def __init__(self) -> None:
        text = codecs.getincrementaldecoder("utf-8-sig")("replace")
        self._decoder = io.IncrementalNewlineDecoder(text, translate=True)
        self._rest: list[str] = []
        self._chars = 0
        self._kind = ""
        self._id: str | None = None
        self._data: list[str] = []

    def feed(self, piece: bytes) -> Iterator[ServerEvent]:
        """Yield the events that are complete with this piece.

        Raises:
            UnexpectedAnswer: an event is too large.
        """
        text = self._decoder.decode(piece)
        self._chars += len(text)
        if self._chars > _MAX_EVENT_CHARS:
            raise UnexpectedAnswer("The event stream has an event of more than 16 MB.")
        first, *others = text.split("\n")
        self._rest.append(first)
        for following in others:
            event = self._line("".join(self._rest))
            self._rest = [following]
            if event is not None:
                yield event

    def _line(self, line: str) -> ServerEvent | None:
        if not line:
            return self._end()
        name, _, value = line.partition(":")
        value = value.removeprefix(" ")
        if name == "event":
            self._kind = value
        elif name == "data":
            self._data.append(value)
        elif name == "id":
            self._id = value
        return None

    def _end(self) -> ServerEvent | None:
        kind, data = self._kind or "message", self._data
        self._kind, self._data, self._chars = "", [], 0
        return ServerEvent(kind, "\n".join(data), self._id) if data else None
