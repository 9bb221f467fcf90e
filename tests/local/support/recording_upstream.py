"""A model's server that keeps what it is asked, and streams what a test wants it to."""

import json
from collections.abc import Callable, Iterable
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any


class RecordingUpstream(ThreadingHTTPServer):
    """Serves ``/v1`` of the OpenAI API.

    Attributes:
        says: Returns the objects to stream.
        asked: The body of each call.
    """

    daemon_threads = True

    def __init__(self, says: Callable[[], Iterable[dict[str, Any]]]) -> None:
        super().__init__(("127.0.0.1", 0), _Handler)
        self.says = says
        self.asked: list[dict[str, Any]] = []

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.server_address[1]}/v1"


class _Handler(BaseHTTPRequestHandler):
    server: RecordingUpstream

    def do_GET(self) -> None:
        """List the one model."""
        self._begin("application/json")
        self._write(json.dumps({"data": [{"id": "tiny"}]}))

    def do_POST(self) -> None:
        """Keep the body and stream the answer."""
        length = int(self.headers["content-length"])
        self.server.asked.append(json.loads(self.rfile.read(length)))
        self._begin("text/event-stream")
        for each in self.server.says():
            self._write(f"data: {json.dumps(each)}\n\n")
        self._write("data: [DONE]\n\n")

    def _begin(self, content_type: str) -> None:
        self.send_response(200)
        self.send_header("Content-Type", content_type)
        self.end_headers()

    def _write(self, text: str) -> None:
        self.wfile.write(text.encode())
        self.wfile.flush()

    def log_message(self, *_: object) -> None:
        """Write nothing."""
