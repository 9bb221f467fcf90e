"""Serves the built page with the headers of the deployed one."""

import threading
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from functools import partial
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

from infra.components.security_headers import OPENER_POLICY, for_frames
from infra.components.static_site import EMBED_PATH
from infra.page import content_type


class _PageHandler(SimpleHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    disable_nagle_algorithm = True  # else each file waits 40 ms for its headers to be acknowledged

    def __init__(self, *arguments: Any, policy: str, **named: Any) -> None:
        self.policy = policy
        super().__init__(*arguments, **named)

    def end_headers(self) -> None:
        policy = for_frames(self.policy) if self.path.startswith(EMBED_PATH) else self.policy
        self.send_header("Content-Security-Policy", policy)
        self.send_header("X-Content-Type-Options", "nosniff")
        self.send_header("Cross-Origin-Opener-Policy", OPENER_POLICY)
        super().end_headers()

    def guess_type(self, path: Any) -> str:
        return content_type(Path(path))

    def handle(self) -> None:
        with suppress(ConnectionError):  # a page that is left does not wait for its files
            super().handle()

    def log_message(self, format: str, *args: Any) -> None:  # noqa: A002 - the library's name
        """Stay quiet; the tests say what went wrong."""


@contextmanager
def serve_page(folder: Path, policy: str) -> Iterator[str]:
    """Serve a folder on a free port of the loopback and give its address."""
    handler = partial(_PageHandler, directory=str(folder), policy=policy)
    server = ThreadingHTTPServer(("127.0.0.1", 0), handler)
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.server_port}"
    finally:
        server.shutdown()
        server.server_close()
        thread.join()
