"""A small Lambda Runtime API on the loopback interface, and processes that run against it."""

import json
import os
import subprocess
import sys
import time
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from queue import Queue

from tests.served import served

FUNCTIONS = Path(__file__).parents[3] / "functions"
SECONDS = 20


@dataclass
class Post:
    """What the runtime posted.

    Attributes:
        chunks: the chunks with the time at which each came.
    """

    path: str
    headers: dict
    chunks: list = field(default_factory=list)
    trailers: dict = field(default_factory=dict)
    whole: bool = False
    closed_by_runtime: bool = False

    @property
    def body(self):
        return b"".join(chunk for _, chunk in self.chunks)

    @property
    def prelude(self):
        return json.loads(self.body.partition(b"\0" * 8)[0])

    @property
    def payload(self):
        return self.body.partition(b"\0" * 8)[2]


class RuntimeServer(ThreadingHTTPServer):
    """Hands out invocations and keeps what is posted."""

    daemon_threads = True

    def __init__(self):
        super().__init__(("127.0.0.1", 0), _Handler)
        self.invocations = Queue()
        self.posts = Queue()
        self.asked = Queue()
        self.status = 202
        self.cut_after = None
        self.next_status = 200

    def invoke(self, event=None, request_id="id-1", **headers):
        given = {
            "Lambda-Runtime-Aws-Request-Id": request_id,
            "Lambda-Runtime-Deadline-Ms": str(time.time_ns() // 1_000_000 + 60_000),
            "Lambda-Runtime-Invoked-Function-Arn": "arn:aws:lambda:eu-central-1:1:function:s",
            **{name.replace("_", "-"): value for name, value in headers.items()},
        }
        self.invocations.put((given, json.dumps(event or {}).encode()))

    def posted(self):
        return self.posts.get(timeout=SECONDS)


class _Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"

    def log_message(self, *args):
        pass

    def do_GET(self):
        self.server.asked.put((self.path, dict(self.headers)))
        headers, body = self.server.invocations.get()
        self.send_response(self.server.next_status)
        for name, value in headers.items():
            self.send_header(name, value)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def do_POST(self):
        post = Post(self.path, {name.lower(): value for name, value in self.headers.items()})
        if self.headers.get("Transfer-Encoding") == "chunked":
            if not self._read_chunks(post):
                return
        else:
            body = self.rfile.read(int(self.headers["Content-Length"]))
            post.chunks.append((time.monotonic(), body))
        self.send_response(self.server.status)
        self.send_header("Content-Length", "0")
        self.end_headers()
        self.wfile.flush()
        post.closed_by_runtime = self.rfile.readline() == b""
        self.close_connection = True
        self.server.posts.put(post)

    def _read_chunks(self, post):
        while size := int(self.rfile.readline(), 16):
            post.chunks.append((time.monotonic(), self.rfile.read(size)))
            assert self.rfile.readline() == b"\r\n"
            if self.server.cut_after is not None and len(post.chunks) >= self.server.cut_after:
                self.close_connection = True
                self.server.posts.put(post)
                return False
        while (line := self.rfile.readline().strip().decode()) != "":
            name, _, value = line.partition(": ")
            post.trailers[name] = value
        post.whole = True
        return True


def runtime_server():
    return served(RuntimeServer())


@contextmanager
def started(server, folder, handler="handlers.handler", **environment):
    """Start the runtime as Lambda does: by the wrapper script, with its own runtime's command."""
    command = [str(FUNCTIONS / "streaming_runtime" / "start"), sys.executable, "/no/such/bootstrap"]
    process = subprocess.Popen(
        command,
        env={
            "PATH": os.environ["PATH"],
            "AWS_LAMBDA_RUNTIME_API": f"127.0.0.1:{server.server_port}",
            "LAMBDA_TASK_ROOT": str(FUNCTIONS),
            "PYTHONPATH": str(folder),
            "_HANDLER": handler,
            **environment,
        },
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
    )
    try:
        yield process
    finally:
        process.kill()
        process.communicate()
