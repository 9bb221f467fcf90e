"""A receiver of webhooks that is down, slow, rude or gone, as the path of each webhook says."""

import threading
import time
from collections import defaultdict
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from types import MappingProxyType
from typing import Any, Final

from standardwebhooks import Webhook, WebhookVerificationError

from tests.served import served

SLOW_SECONDS: Final = 18.0
"""Longer than the 15 seconds that a receiver has."""
RETRY_AFTER: Final = 90
"""Later than the second try would come by itself, with a schedule that fires 59 s late."""
UP_SECONDS: Final = 30.0
DOWN_SECONDS: Final = 6.0
TAKEN: Final = "200"
GONE: Final = "410"
BUSY: Final = "429"
TRAP: Final = "/trap"
"""Where redirects lead; nothing may ever arrive here."""

MOODS: Final = MappingProxyType(
    {
        "kind": (TAKEN,),
        "unavailable": ("503", TAKEN),
        "unavailable for long": ("503", "503", "500", TAKEN),
        "busy": (BUSY, TAKEN),
        "moved": ("302", "307", TAKEN),
        "slow": ("slow", TAKEN),
        "hung up": ("hang up", TAKEN),
        "function killed before the answer": ("kill", TAKEN),
        "function killed after the answer": ("200 and kill", TAKEN),
        "gone": (GONE,),
        "gone later": ("503", GONE),
    }
)
"""What is answered to the first, second … arrival of a webhook, by its mood; the last repeats."""


@dataclass(frozen=True)
class Arrival:
    """One call of the gateway; times in seconds since 1970.

    Attributes:
        answer: what is answered, as in `MOODS`.
        port: the function's end of the connection.
        fault: why the library of the standard does not believe it.
    """

    path: str
    method: str
    headers: dict[str, str]
    body: bytes
    answer: str
    at: float
    port: int
    fault: str | None


@dataclass
class MoodyReceiver:
    """What arrived, and what is answered next.

    Attributes:
        port: where it listens, also when it comes back.
        secret: what webhooks are verified with as they arrive.
        kill: kills the function whose end of the connection is that port.
    """

    port: int = 0
    secret: str = ""
    kill: Callable[[int], object] = lambda _port: None
    arrivals: list[Arrival] = field(default_factory=list)
    downtimes: int = 0
    _counts: dict[str, int] = field(default_factory=lambda: defaultdict(int))
    _lock: threading.Lock = field(default_factory=threading.Lock)

    def url(self, mood: str, name: str) -> str:
        """Return where a webhook goes that is to meet this mood."""
        return f"http://127.0.0.1:{self.port}/{mood.replace(' ', '-')}/{name}"

    def receive(self, arrived: dict[str, Any]) -> Arrival:
        """Note an arrival, and decide what to answer."""
        path = arrived["path"]
        answers = _ANSWERS.get(path.split("/")[1], (TAKEN,))
        fault = self._fault(arrived["headers"], arrived["body"])
        with self._lock:
            answer = answers[min(self._counts[path], len(answers) - 1)]
            self._counts[path] += 1
            arrival = Arrival(**arrived, answer=answer, at=time.time(), fault=fault)
            self.arrivals.append(arrival)
        return arrival

    def _fault(self, headers: dict[str, str], body: bytes) -> str | None:
        try:
            Webhook(self.secret).verify(body, headers)
        except (WebhookVerificationError, ValueError) as error:
            return str(error)
        return None


_ANSWERS: Final = {mood.replace(" ", "-"): answers for mood, answers in MOODS.items()}


@contextmanager
def moody_receiver() -> Iterator[MoodyReceiver]:
    """Listen, and be down now and then, until the block ends."""
    receiver, over = MoodyReceiver(), threading.Event()
    first = _Server(receiver)
    receiver.port = first.server_port
    thread = threading.Thread(target=_come_and_go, args=(receiver, first, over), daemon=True)
    thread.start()
    try:
        yield receiver
    finally:
        over.set()
        thread.join()


def _come_and_go(receiver: MoodyReceiver, server: "_Server", over: threading.Event) -> None:
    while True:
        with served(server):
            over.wait(UP_SECONDS)
        if over.wait(DOWN_SECONDS):
            return
        receiver.downtimes += 1
        server = _Server(receiver)


class _Server(ThreadingHTTPServer):
    request_queue_size = 128
    daemon_threads = True

    def __init__(self, receiver: MoodyReceiver) -> None:
        super().__init__(("127.0.0.1", receiver.port), _Handler)
        self.receiver = receiver


class _Handler(BaseHTTPRequestHandler):
    server: _Server

    def do_GET(self) -> None:
        self._receive()

    def do_POST(self) -> None:
        self._receive()

    def _receive(self) -> None:
        body = self.rfile.read(int(self.headers.get("content-length", 0)))
        headers = {name.lower(): value for name, value in self.headers.items()}
        called = {"path": self.path, "method": self.command, "headers": headers, "body": body}
        port = int(self.client_address[1])
        self._answer(self.server.receiver.receive({**called, "port": port}))

    def _answer(self, arrival: Arrival) -> None:
        first, _, then = arrival.answer.partition(" and ")
        if first == "slow":
            time.sleep(SLOW_SECONDS)
        if first == "kill":
            self.server.receiver.kill(arrival.port)
        if first in ("kill", "hang up"):
            self.close_connection = True
            return
        self._send(200 if first == "slow" else int(first))
        if then == "kill":
            self.server.receiver.kill(arrival.port)

    def _send(self, status: int) -> None:
        try:
            self.send_response(status)
            if status in (302, 307):
                trap = f"http://127.0.0.1:{self.server.receiver.port}{TRAP}"
                self.send_header("location", trap)
            if str(status) == BUSY:
                self.send_header("retry-after", str(RETRY_AFTER))
            self.send_header("content-length", "0")
            self.end_headers()
        except OSError:
            self.close_connection = True  # the gateway has given up

    def log_message(self, *_: object) -> None:
        """Say nothing."""
