"""What the door to the local network passes on, and how it rewrites addresses."""

import asyncio

import pytest

from infra.local.lan_door.addresses import Addresses
from infra.local.lan_door.frames import frame, rewritten_frames
from infra.local.lan_door.routes import Routes
from infra.local.strict_edge.http_messages import Message

OUTER = "192.0.2.7:4566"
ADDRESSES = Addresses(
    host="192.0.2.7", port=4566, page="http://abc.cloudfront.localhost:4566/", stream_port=4567
)
ROUTES = Routes(host=OUTER, bucket="files-bucket", socket_path="/_aws/execute-api/abc/v1")
SIGNED = "X-Amz-Credential={}%2F20260101%2Fus-east-1%2Fs3%2Faws4_request&X-Amz-Signature=0"


def request(method: str, target: str, **headers: str) -> Message:
    lines = {"Host": OUTER, **{name.replace("_", "-"): value for name, value in headers.items()}}
    head = "".join(f"{name}: {value}\r\n" for name, value in lines.items())
    return Message(f"{method} {target} HTTP/1.1\r\n{head}\r\n".encode())


@pytest.mark.parametrize(
    ("method", "target", "goes_to"),
    [
        ("GET", "/", "page"),
        ("GET", "/space.html?space=chat", "page"),
        ("GET", "/config.json", "config"),
        ("POST", "/v1/spaces/chat/requests", "page"),
        ("GET", "/v1/stream/spaces/chat/requests/chat.1.x", "streams"),
        ("POST", "/openai/v1/chat/completions", "streams"),
        ("POST", "/mcp", "streams"),
        ("POST", "/files-bucket", "files"),
        ("GET", f"/files-bucket/in/1?{SIGNED.format('ASIAFUNCTION')}", "files"),
        ("PUT", f"/files-bucket/in/1?{SIGNED.format('ASIAFUNCTION')}", "files"),
    ],
)
def test_visitors_reach_the_page_the_api_and_signed_files(
    method: str, target: str, goes_to: str
) -> None:
    assert ROUTES.target(request(method, target)) == goes_to


@pytest.mark.parametrize(
    ("method", "target"),
    [
        ("POST", "/"),
        ("GET", f"/?{SIGNED.format('test')}"),
        ("GET", "/_ministack/health"),
        ("GET", "/_aws/execute-api/abc/v1"),
        ("POST", "/2015-03-31/functions/admin/invocations"),
        ("GET", "/v1/admin/spaces"),
        ("GET", "/v1/%61dmin/spaces"),
        ("GET", "/v1/me"),
        ("GET", "/files-bucket"),
        ("GET", "/files-bucket/in/1"),
        ("GET", f"/files-bucket/in/1?{SIGNED.format('test')}"),
        ("PUT", f"/files-bucket/in/1?{SIGNED.format('test')}"),
        ("POST", "/files-bucket/?delete"),
        ("GET", "/other-bucket/../files-bucket/in/1"),
    ],
)
def test_nothing_else_is_open(method: str, target: str) -> None:
    assert ROUTES.target(request(method, target)) is None


def test_signature_of_the_deployer_is_refused_wherever_it_is() -> None:
    by = "AWS4-HMAC-SHA256 Credential=test/20260101/us-east-1/lambda/aws4_request, Signature=0"

    assert ROUTES.target(request("GET", "/", Authorization=by)) is None


def test_call_for_another_host_is_refused() -> None:
    assert ROUTES.target(request("GET", "/", Host="a.example")) is None


def test_only_the_socket_of_workers_is_open() -> None:
    upgrade = {"Upgrade": "websocket"}

    assert ROUTES.target(request("GET", ROUTES.socket_path, **upgrade)) == "socket"
    assert ROUTES.target(request("GET", "/v1/spaces", **upgrade)) is None


def test_inner_addresses_become_the_doors_own() -> None:
    inner = (
        b'"http://localhost:4566/files-bucket/x?a=1" "http://localhost:4567/openai/v1" '
        b'"ws://127.0.0.1:4566/_aws/execute-api/abc/v1" "http://abc.cloudfront.localhost:4566/"'
    )

    outer = ADDRESSES.rewrite(inner)

    assert b"localhost" not in outer
    assert b"127.0.0.1" not in outer
    assert outer.count(OUTER.encode()) == 4


def test_other_ports_and_words_stay() -> None:
    text = b"http://localhost:45660/ https://localhost:5000 localhost:4566"

    assert ADDRESSES.rewrite(text) == text


@pytest.mark.parametrize("length", [0, 125, 126, 65_535, 65_536])
async def test_frames_keep_their_shape(length: int) -> None:
    text, ping = frame(b"\x81", b"x" * length), frame(b"\x89", b"localhost")
    reader = asyncio.StreamReader()
    reader.feed_data(text + ping)
    reader.feed_eof()

    passed = [each async for each in rewritten_frames(reader, lambda text: text + b"!")]

    assert passed == [frame(b"\x81", b"x" * length + b"!"), ping]
