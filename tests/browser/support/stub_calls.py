"""Calls of the page as a stub gets them, its responses, and calls that it holds."""

from collections import deque
from collections.abc import Generator, Mapping
from concurrent.futures import Future
from dataclasses import dataclass, field
from threading import Condition
from typing import Final

ARRIVAL_SECONDS: Final = 10


@dataclass(frozen=True)
class HttpRequest:
    """A call.

    Attributes:
        target: path and query.
        headers: by their names in lower case.
    """

    method: str
    origin: str
    target: str
    headers: Mapping[str, str]
    content: bytes


@dataclass(frozen=True)
class HttpResponse:
    """A response; None as status stands for a connection that is lost before it.

    Attributes:
        pieces: a body that is sent while it is made, in place of `content`. `CUT` loses the
            connection, and an empty piece only looks whether the reader is still there.
    """

    status: int | None
    content: bytes = b""
    headers: Mapping[str, str] = field(default_factory=dict)
    pieces: Generator[bytes] | None = None


LOST: Final = HttpResponse(None)
CUT: Final = b"\0cut"


class HeldCalls:
    """Calls that wait for their responses until the test gives them, or ends."""

    def __init__(self) -> None:
        self._waiting: deque[Future[HttpResponse]] = deque()
        self._changed = Condition()
        self._ended = False

    def hold(self) -> HttpResponse:
        """Wait, in the thread of the call."""
        call: Future[HttpResponse] = Future()
        with self._changed:
            if self._ended:
                return LOST
            self._waiting.append(call)
            self._changed.notify_all()
        return call.result()

    def release(self, response: HttpResponse) -> None:
        """Respond to the call that waits longest, once there is one."""
        with self._changed:
            arrived = self._changed.wait_for(lambda: self._waiting, ARRIVAL_SECONDS)
            assert arrived, "no call waits for its response"
            self._waiting.popleft().set_result(response)

    def release_all(self, response: HttpResponse) -> None:
        """Respond to all calls that wait."""
        with self._changed:
            while self._waiting:
                self._waiting.popleft().set_result(response)

    def end(self) -> None:
        """Lose the calls that wait, and those to come."""
        with self._changed:
            self._ended = True
        self.release_all(LOST)
