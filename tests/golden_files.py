"""Reads the golden files, and answers a real boto3 client with one of them."""

import json
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

import boto3
from botocore.config import Config

from tests.served import served

GOLDEN = Path(__file__).parent / "golden"


def golden_event(name: str) -> Any:
    """Return an event that AWS sends."""
    return json.loads((GOLDEN / "events" / f"{name}.json").read_text())["event"]


def golden_response(name: str) -> Any:
    """Return a response of AWS: status, headers and body."""
    return json.loads((GOLDEN / "responses" / f"{name}.json").read_text())["response"]


@contextmanager
def client_answered_with(service: str, name: str) -> Iterator[Any]:
    """A boto3 client whose every call gets this response; boto3 itself parses it."""
    response = golden_response(name)

    class Answer(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def _answer(self) -> None:
            self.rfile.read(int(self.headers.get("Content-Length") or 0))
            body = response["body"].encode()
            self.send_response(response["status"])
            for header, value in response["headers"].items():
                self.send_header(header, value)
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            if self.command != "HEAD":
                self.wfile.write(body)

        do_GET = do_POST = do_PUT = do_DELETE = do_HEAD = _answer  # noqa: N815

        def log_message(self, *_args: object) -> None:
            """Say nothing."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Answer)
    with served(server):
        make_client: Any = boto3.client  # its stubs know services by name only
        yield make_client(
            service,
            endpoint_url=f"http://127.0.0.1:{server.server_port}",
            region_name="eu-central-1",
            aws_access_key_id="testing",
            aws_secret_access_key="testing",
            config=Config(retries={"total_max_attempts": 1}, proxies={}),
        )
