"""Ready-made functions asked as the runner asks them, and a small HTTP server for them to call."""

import asyncio
import json
import threading
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import pytest

from spaces_protocol.codec import encode
from spaces_protocol.gateway_messages import Input, PresignedFile, Request
from spaces_worker._files.request_folder import RequestFolder
from spaces_worker._functions.context import RequestContext
from spaces_worker._functions.functions import RegisteredFunction, prepare_function
from spaces_worker._functions.result import Result, as_result
from spaces_worker._functions.result_message import message_of
from spaces_worker._session.piece import Piece
from tests.functional.worker.conftest import command, gateway

__all__ = ["command", "gateway"]


@dataclass
class Asked:
    """One request to a function: what it was told, what it streamed, and how to cancel it."""

    context: RequestContext
    pieces: list = field(default_factory=list)
    streamed: list = field(default_factory=list)
    steps: list = field(default_factory=list)
    task: asyncio.Task | None = None

    async def answer(self):
        """Return what the function returned, a result with the streamed text, as it is sent."""
        returned = await self.task
        return (
            as_result(returned, self.context.streamed) if isinstance(returned, Result) else returned
        )

    async def sent(self):
        """Return the output of the message that the gateway gets."""
        message = message_of("demo.1.abc", await self.answer(), 0.0)
        return json.loads(encode(message))["output"]

    async def first_piece(self):
        while not self.pieces:
            await asyncio.sleep(0.005)
            assert not self.task.done(), self.task

    async def cancel(self):
        """Cancel as the runner does it."""
        self.context.cancelled.set()
        if not self.linked.in_thread:
            self.task.cancel()
        await asyncio.wait([self.task])


@pytest.fixture
async def ask():
    """Return a function that asks another; what was left running ends with the test."""
    running, workplaces = [], []

    def start(function, prompt="Hello", *, params=None, files=None, call=None):
        contents = files or {}
        sent = [
            PresignedFile(name=name, content_type=kind, size=len(content), url="https://f")
            for name, (kind, content) in contents.items()
        ]

        def download(sent, path, *_):
            path.write_bytes(contents[sent.name][1])

        request = Request(
            request_id="demo.1.abc",
            space="demo",
            attempt=1,
            deadline=datetime.now(UTC) + timedelta(seconds=60),
            input=Input(prompt=prompt, files=sent, params=params or {}, call=call),
        )
        request_folder = RequestFolder(download)
        workplaces.append(request_folder)
        asked = Asked(context=None)

        def tell(news):
            if not isinstance(news, Piece):
                asked.steps.append(news)
                return
            asked.streamed.append(news)
            if news.text:
                asked.pieces.append(news.text)

        asked.context = RequestContext(request, tell, request_folder=request_folder)
        asked.linked = (
            function if isinstance(function, RegisteredFunction) else prepare_function(function)
        )
        asked.task = asyncio.create_task(asked.linked.call(asked.context))
        running.append(asked.task)
        return asked

    yield start
    for task in running:
        task.cancel()
    await asyncio.gather(*running, return_exceptions=True)
    for request_folder in workplaces:
        request_folder.close()


class Server:
    """Answers each POST as the test says, and keeps what was posted."""

    def __init__(self, tls=None):
        self.posted = []
        self.paths = []
        self.headers = []
        self.reply = lambda call: call.answer(200, "text/plain", b"Hi")
        self.hung_up = threading.Event()
        server = self

        class Call(BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.1"

            def do_POST(self):
                length = int(self.headers.get("Content-Length", 0))
                content = self.rfile.read(length)
                is_json = self.headers["Content-Type"] == "application/json"
                server.posted.append(json.loads(content) if is_json else content)
                server.paths.append(self.path)
                server.headers.append(self.headers)
                server.reply(self)

            def answer(self, status, kind, body, **headers):
                self.send_response(status)
                for name, value in {"Content-Type": kind, **headers}.items():
                    self.send_header(name.replace("_", "-"), value)
                self.send_header("Content-Length", str(len(body)))
                self.end_headers()
                self.wfile.write(body)

            def stream(self, kind, pieces, status=200):
                """Send chunks; notes when the other side has hung up."""
                self.send_response(status)
                self.send_header("Content-Type", kind)
                self.send_header("Transfer-Encoding", "chunked")
                self.end_headers()
                try:
                    for piece in pieces:
                        self.wfile.write(b"%x\r\n%s\r\n" % (len(piece), piece))
                        self.wfile.flush()
                    self.wfile.write(b"0\r\n\r\n")
                except OSError:
                    server.hung_up.set()
                    self.close_connection = True

            def log_message(self, *_):
                pass

        self._http = ThreadingHTTPServer(("127.0.0.1", 0), Call)
        self._http.daemon_threads = True
        if tls is not None:
            self._http.socket = tls.wrap_socket(self._http.socket, server_side=True)
        self.url = f"http://127.0.0.1:{self._http.server_port}"
        self._thread = threading.Thread(target=self._http.serve_forever, args=(0.01,))
        self._thread.start()

    def close(self):
        self._http.shutdown()
        self._thread.join()
        self._http.server_close()


@pytest.fixture
def server():
    server = Server()
    yield server
    server.close()
