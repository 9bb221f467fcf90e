"""Event streams of the stub, which a test writes piece by piece while the page reads them."""

import queue
from collections.abc import Generator
from threading import Event
from typing import Any, Final

import msgspec

from spaces.handlers.streams.responses import server_event
from spaces_protocol.rest_bodies import RequestState
from spaces_protocol.stream_events import StreamedDeltas, StreamedText, StreamEnd
from tests.browser.support.bodies import REQUEST_ID, status
from tests.browser.support.gateway_stub import Answer, Call, GatewayStub, http_response
from tests.browser.support.stub_calls import CUT, HttpRequest, HttpResponse

LOOK_SECONDS: Final = 0.05
EVENTS: Final = {"Content-Type": "text/event-stream"}
_END: Final = b""


class EventStream:
    """A stream that a test writes.

    Attributes:
        opened: set when the page has opened it.
        left: set when its connection has ended, whoever ended it.
    """

    def __init__(self) -> None:
        self.opened = Event()
        self.left = Event()
        self._pieces: queue.Queue[bytes] = queue.Queue()

    def say(self, name: str, content: msgspec.Struct, cursor: str | None = None) -> None:
        self._pieces.put(server_event(name, content, cursor))

    def status(self, state: RequestState = RequestState.IN_PROGRESS, **changes: Any) -> None:
        self.say("status", status(state, **changes))

    def text(self, text: str, cursor: str) -> None:
        self.say("text", StreamedText(text=text), cursor)

    def delta(self, text: str, cursor: str) -> None:
        self.say("delta", StreamedDeltas(text=text, deltas=[{"choices": []}]), cursor)

    def restart(self, text: str, cursor: str) -> None:
        self.say("restart", StreamedText(text=text), cursor)

    def done(self, state: RequestState = RequestState.COMPLETED) -> None:
        self.say("done", StreamEnd(request_id=REQUEST_ID, status=state, response_url=""), "1.99999")
        self.end()

    def end(self) -> None:
        """End the response as its sender does."""
        self._pieces.put(_END)

    def cut(self) -> None:
        """Lose the connection."""
        self._pieces.put(CUT)

    def pieces(self) -> Generator[bytes]:
        """Yield what the test writes, and now and then nothing, to see whether a reader is left."""
        self.opened.set()
        try:
            while True:
                try:
                    piece = self._pieces.get(timeout=LOOK_SECONDS)
                except queue.Empty:
                    yield b""
                    continue
                if piece == _END:
                    return
                yield piece
        finally:
            self.left.set()


class StreamingStub(GatewayStub):
    """A gateway that streams at the page's own origin, as on AWS.

    Attributes:
        streams: what each call of a stream gets, in turn; the last one is not repeated.
    """

    prefixes = (*GatewayStub.prefixes, "/config.json")

    def __init__(self) -> None:
        super().__init__()
        self.streams: list[EventStream | Answer] = []
        self._begun: list[EventStream] = []

    def respond(self, request: HttpRequest) -> HttpResponse:
        if request.target == "/config.json":
            return http_response(Answer({"auth": None, "stream_origin": None}))
        if not request.target.startswith("/v1/stream/"):
            return super().respond(request)
        path = request.target.removeprefix("/v1")
        self.calls.append(Call(request.method, path, dict(request.headers), None))
        stream = self.streams.pop(0) if self.streams else Answer(status=503)
        if isinstance(stream, Answer):
            return http_response(stream)
        self._begun.append(stream)
        return HttpResponse(200, headers=EVENTS, pieces=stream.pieces())

    def end(self) -> None:
        super().end()
        for stream in self._begun:
            stream.end()

    def polls(self) -> list[str]:
        """Return the queries of the polls so far."""
        return [call.path.partition("?")[2] for call in self.calls if "/status" in call.path]

    def opened(self) -> list[str | None]:
        """Return where each stream so far went on from."""
        calls = [call for call in self.calls if call.path.startswith("/stream/")]
        return [call.headers.get("last-event-id") for call in calls]
