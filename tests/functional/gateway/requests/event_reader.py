"""A reader of server-sent events, and a sleep during which things happen."""

import json
from collections.abc import Callable
from dataclasses import dataclass, field

from spaces.handlers.streams.request_stream import server_events
from spaces.services.requests.stream_text import read_cursor
from tests.described_answers import expect_event_described

HOUR = 3_600_000


@dataclass
class Agenda:
    """Sleeps by moving the world's clock; actions run one by one, one each so many seconds."""

    world: object
    actions: list[Callable[[], None]] = field(default_factory=list)
    every: float = 0.5
    sleeps: list[float] = field(default_factory=list)
    _next: float | None = None

    def sleep(self, seconds: float) -> None:
        self.sleeps.append(seconds)
        self.world.clock.pass_seconds(seconds)
        if self._next is None:
            self._next = self.world.clock() + self.every * 1000
        while self.actions and self.world.clock() >= self._next:
            self._next += self.every * 1000
            self.actions.pop(0)()


@dataclass
class EventReader:
    """Understands events as a browser's EventSource does: only whole ones, and keeps the last id.

    Attributes:
        text: what the events say together.
        deltas: the objects of a call's stream.
        kinds: the names of the events, in order.
    """

    last_id: str | None = None
    text: str = ""
    deltas: list = field(default_factory=list)
    kinds: list[str] = field(default_factory=list)
    ended: dict | None = None
    pending: bytes = b""
    statuses: list[dict] = field(default_factory=list)
    beats: int = 0

    def read(self, arrived: bytes) -> None:
        *events, self.pending = (self.pending + arrived).split(b"\n\n")
        for event in events:
            self._take(dict(line.split(": ", 1) for line in event.decode().split("\n") if line[1:]))

    def cut(self) -> None:
        """The connection ends: what came in part is lost."""
        self.pending = b""

    def _take(self, fields: dict[str, str]) -> None:
        if not fields:
            self.beats += 1
            return
        kind, content = fields["event"], json.loads(fields["data"])
        expect_event_described(kind, content)
        self.kinds.append(kind)
        self.last_id = fields.get("id", self.last_id)
        if kind == "restart":
            self.text, self.deltas = "", []
        if kind == "status":
            self.statuses.append(content)
        elif kind == "done":
            self.ended = content
        else:
            self.text += content["text"]
            self.deltas += content.get("deltas", [])

    def follow(self, world, request_id, sleep, *, until=HOUR, cut_after=None) -> None:
        """Read until the stream ends, or only so many bytes of it."""
        events = server_events(
            world.gateway,
            request_id,
            read_cursor(self.last_id),
            sleep=sleep,
            until=world.clock() + until,
        )
        left = cut_after
        for event in events:
            part = event if left is None else event[:left]
            self.read(part)
            if left is not None and (left := left - len(event)) <= 0:
                self.cut()
                return
