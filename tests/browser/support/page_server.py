"""Serves the built page with the headers of the deployed one, and what a stub answers."""

import select
import socket
import threading
from collections.abc import Generator, Iterator
from contextlib import closing, contextmanager, suppress
from functools import partial
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any, ClassVar, Final, Protocol, TypeVar
from urllib.parse import urlsplit

from infra.page import cache_control, content_type
from infra.page_policy import EMBED_PATH, OPENER_POLICY, for_frames
from tests.browser.support.stub_calls import CUT, LOST, HttpRequest, HttpResponse

EMPTY_PAGE: Final = "/empty"
"""A document of the page's origin that runs nothing."""
_EMPTY: Final = b"<!doctype html><title>Empty</title>"
_NO_HTTP: Final = b"\0"
END_SECONDS: Final = 10


class Stub(Protocol):
    """Answers calls of the page; `end` releases those that it holds."""

    prefixes: ClassVar[tuple[str, ...]]

    def respond(self, request: HttpRequest) -> HttpResponse: ...

    def end(self) -> None: ...


S = TypeVar("S", bound=Stub)


class PageServer:
    """The server of a folder, and of the stub that is bound to it.

    Attributes:
        url: its address, without a slash at the end.
        policy: the content security policy of the folder's files.
    """

    def __init__(self, folder: Path, policy: str) -> None:
        self.policy = policy
        handler = partial(_PageHandler, directory=str(folder), page_server=self)
        self._server = ThreadingHTTPServer(("127.0.0.1", 0), handler)
        self._thread = threading.Thread(target=self._server.serve_forever, daemon=True)
        self._thread.start()
        self.url = f"http://127.0.0.1:{self._server.server_port}"
        self._stub: Stub | None = None
        self._responding = 0
        self._changed = threading.Condition()

    @contextmanager
    def answering(self, stub: S) -> Iterator[S]:
        """Let a stub answer, until it has answered all calls that came meanwhile."""
        assert self._stub is None, "a test has one stub"
        self._stub = stub
        yield stub
        with self._changed:
            self._stub = None
            stub.end()
            assert self._changed.wait_for(lambda: not self._responding, END_SECONDS)

    def answers(self, target: str) -> bool:
        """Tell whether a stub, not a file, answers an address."""
        return self._stub is not None and urlsplit(target).path.startswith(self._stub.prefixes)

    def respond(self, request: HttpRequest) -> HttpResponse:
        """Return the stub's response."""
        with self._changed:
            stub = self._stub
            self._responding += 1
        try:
            return stub.respond(request) if stub else LOST
        finally:
            with self._changed:
                self._responding -= 1
                self._changed.notify_all()

    def close(self) -> None:
        self._server.shutdown()
        self._server.server_close()
        self._thread.join()


class _PageHandler(SimpleHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    disable_nagle_algorithm = True  # else each file waits 40 ms for its headers to be acknowledged

    def __init__(self, *arguments: Any, page_server: PageServer, **named: Any) -> None:
        self._page_server = page_server
        self._of_the_page = True
        super().__init__(*arguments, **named)

    def do_GET(self) -> None:
        self._of_the_page = not self._page_server.answers(self.path)
        if not self._of_the_page:
            self._respond()
        elif self.path == EMPTY_PAGE:
            self._send(HttpResponse(200, _EMPTY, {"Content-Type": "text/html"}))
        else:
            super().do_GET()

    def do_POST(self) -> None:
        self._of_the_page = False
        if self._page_server.answers(self.path):
            self._respond()
        else:
            self.send_error(405)

    def do_PUT(self) -> None:
        self.do_POST()

    def do_DELETE(self) -> None:
        self.do_POST()

    def _respond(self) -> None:
        content = self.rfile.read(int(self.headers.get("Content-Length") or 0))
        headers = {name.lower(): value for name, value in self.headers.items()}
        origin = f"http://{headers['host']}"
        request = HttpRequest(self.command, origin, self.path, headers, content)
        response = self._page_server.respond(request)
        if response.pieces is None:
            self._send(response)
        else:
            self._send_pieces(response, response.pieces)

    def _send_pieces(self, response: HttpResponse, pieces: Generator[bytes]) -> None:
        self.close_connection = True
        with closing(pieces):
            self.send_response(response.status or 0)
            for name, value in {**response.headers, "Transfer-Encoding": "chunked"}.items():
                self.send_header(name, value)
            self.end_headers()
            for piece in pieces:
                if piece == CUT or self._is_left():
                    return
                if piece:
                    self.wfile.write(b"%x\r\n%b\r\n" % (len(piece), piece))
            self.wfile.write(b"0\r\n\r\n")

    def _is_left(self) -> bool:
        ready, _, _ = select.select([self.connection], [], [], 0)
        return bool(ready) and self.connection.recv(1, socket.MSG_PEEK) == b""

    def _send(self, response: HttpResponse) -> None:
        if response.status is None:
            # Chromium repeats a request by itself if its connection ends without a byte.
            self.wfile.write(_NO_HTTP)
            self.close_connection = True
            return
        self.send_response(response.status)
        for name, value in response.headers.items():
            self.send_header(name, value)
        if response.status != 204:
            self.send_header("Content-Length", str(len(response.content)))
        self.end_headers()
        self.wfile.write(response.content)

    def end_headers(self) -> None:
        if self._of_the_page:
            self._add_headers_of_the_page()
        super().end_headers()

    def _add_headers_of_the_page(self) -> None:
        policy = self._page_server.policy
        policy = for_frames(policy) if self.path.startswith(EMBED_PATH) else policy
        self.send_header("Content-Security-Policy", policy)
        self.send_header("X-Content-Type-Options", "nosniff")
        self.send_header("Cross-Origin-Opener-Policy", OPENER_POLICY)
        self.send_header("Cache-Control", cache_control(Path(self.translate_path(self.path))))

    def guess_type(self, path: Any) -> str:
        return content_type(Path(path))

    def handle(self) -> None:
        with suppress(ConnectionError):  # a page that is left does not wait for its files
            super().handle()

    def log_message(self, format: str, *args: Any) -> None:  # noqa: A002 - the library's name
        """Stay quiet; the tests say what went wrong."""


@contextmanager
def serve_page(folder: Path, policy: str) -> Iterator[PageServer]:
    """Serve a folder on a free port of the loopback."""
    server = PageServer(folder, policy)
    try:
        yield server
    finally:
        server.close()
