"""A receiver of webhooks on this machine, which answers as the test says."""

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

from tests.served import served


@dataclass
class Answer:
    """What the receiver answers.

    Attributes:
        drip: whether the head of the answer comes byte by byte, without an end.
    """

    status: int = 200
    headers: dict[str, str] = field(default_factory=dict)
    drip: bool = False


@dataclass
class Receiver:
    """What arrived, and what is answered: each answer once, then the last one until the end."""

    url: str = ""
    answers: list[Answer] = field(default_factory=lambda: [Answer()])
    arrived: list[tuple[dict[str, str], bytes]] = field(default_factory=list)

    def next_answer(self) -> Answer:
        return self.answers.pop(0) if len(self.answers) > 1 else self.answers[0]


@contextmanager
def receiving() -> Iterator[Receiver]:
    """Listen until the block ends."""
    receiver, over = Receiver(), threading.Event()

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers["content-length"]))
            receiver.arrived.append(({k.lower(): v for k, v in self.headers.items()}, body))
            answer = receiver.next_answer()
            if answer.drip:
                self._drip()
                return
            self.send_response(answer.status)
            for name, value in answer.headers.items():
                self.send_header(name, value)
            self.send_header("content-length", "0")
            self.end_headers()

        def _drip(self) -> None:
            try:
                while not over.wait(0.05):
                    self.wfile.write(b"H")
                    self.wfile.flush()
            except OSError:
                return

        def log_message(self, *_: object) -> None:
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    with served(server):
        receiver.url = f"http://127.0.0.1:{server.server_port}/in?a=b"
        yield receiver
        over.set()
