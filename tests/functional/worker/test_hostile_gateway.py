"""A gateway that was taken over, and what it can make its worker do in the worker's network."""

import asyncio
import itertools
import threading
import time
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import msgspec
import pytest
from websockets.asyncio.server import serve

from spaces_protocol.codec import encode
from spaces_protocol.gateway_messages import Input, PresignedFile
from spaces_protocol.limits import MAX_FILE_BYTES
from spaces_protocol.worker_messages import Register, Result
from spaces_worker import Worker
from spaces_worker._connection.file_host import FileHost
from spaces_worker._environment.certificates import tls_context
from spaces_worker._files import retry
from spaces_worker._files.retry import RetryDeadline
from spaces_worker._files.transfers import Transfers
from tests.functional.worker.conftest import TOKEN, make_request
from tests.functional.worker.own_authority import certificate
from tests.functional.worker.storage import Storage

pytestmark = pytest.mark.timeout(60)
SECRET = b"inner secret"


class Inner:
    """A server of the worker's network, which only trusts its network."""

    def __init__(self):
        self.asked = []
        inner = self

        class Handler(BaseHTTPRequestHandler):
            def do_GET(self):
                inner.asked.append(self.path)
                self.send_response(200)
                self.send_header("Content-Length", str(len(SECRET)))
                self.end_headers()
                self.wfile.write(SECRET)

            def do_POST(self):
                self.do_GET()

            def log_message(self, *_):
                pass

        self._server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self._thread = threading.Thread(target=self._server.serve_forever, args=(0.02,))
        self._thread.start()
        self.url = f"http://127.0.0.1:{self._server.server_port}"

    def close(self):
        self._server.shutdown()
        self._thread.join()
        self._server.server_close()


@pytest.fixture
def inner():
    inner = Inner()
    yield inner
    inner.close()


@pytest.fixture(scope="module")
def authority(tmp_path_factory):
    return certificate(tmp_path_factory.mktemp("authority"))


@pytest.fixture
def storage(authority):
    """Return the gateway's own storage, with TLS."""
    storage = Storage()
    storage.server.socket = authority[1].wrap_socket(storage.server.socket, server_side=True)
    yield storage
    storage.close()


def secure(url):
    return url.replace("http://", "https://")


@pytest.fixture
async def ask(gateway, authority, storage, tmp_path, monkeypatch):
    """Return a function that sends a request over TLS and returns the worker's result."""
    for name in ("http_proxy", "https_proxy", "all_proxy"):
        monkeypatch.delenv(name, raising=False)
        monkeypatch.delenv(name.upper(), raising=False)
    monkeypatch.setattr(retry, "FIRST_WAIT_SECONDS", 0.01)
    gateway.files_url = secure(storage.url)
    server = await serve(gateway._talk, "127.0.0.1", 0, ssl=authority[1], compression=None)
    url = f"wss://127.0.0.1:{server.sockets[0].getsockname()[1]}/v1"
    worker = Worker(
        url=url, token=TOKEN, worker_id="atlas", state_dir=tmp_path, ca_file=authority[0]
    )

    @worker.space("demo")
    def read(context):
        text = " ".join(file.read_bytes().decode() for file in context.files)
        return text or b"an answer as a file"

    task = asyncio.create_task(worker.serve())
    await gateway.hear(Register)
    tickets = itertools.count(1)

    async def send(*files, upload=None):
        name = f"demo.{next(tickets)}.nnnnnnnnnnnnnnnnnnnnnn"
        request = msgspec.structs.replace(make_request(name), input=Input(files=list(files)))
        await gateway.links[-1].send(encode(msgspec.structs.replace(request, upload=upload)))
        return await gateway.hear(Result)

    yield send
    worker.stop()
    await task
    server.close()


def file_at(url, size=None):
    size = len(SECRET) if size is None else size
    return PresignedFile(name="a", content_type="text/plain", size=size, url=url)


async def test_a_file_on_the_named_host_is_fetched_and_posted(ask, storage):
    sent = storage.sent("a", b"Hello")
    policy = storage.policy()

    answer = await ask(msgspec.structs.replace(sent, url=secure(sent.url)))
    posted = await ask(upload=msgspec.structs.replace(policy, url=secure(policy.url)))

    assert answer.output.text == "Hello"
    assert storage.posted[posted.output.files[0].key] == b"an answer as a file"


@pytest.mark.parametrize("prefix", ["", "https"])
async def test_an_inner_address_is_not_read(ask, inner, caplog, prefix):
    result = await ask(file_at(f"{secure(inner.url) if prefix else inner.url}/latest/meta-data"))

    assert result.status == "failed"
    assert result.error.message == "A file of this request could not be transferred."
    assert inner.asked == []
    assert ("the host of files that the gateway has" if prefix else "use https") in caplog.text


async def test_nothing_is_posted_to_an_inner_address(ask, inner, storage, caplog):
    policy = msgspec.structs.replace(storage.policy(), url=f"{inner.url}/admin")

    result = await ask(upload=policy)

    assert result.status == "failed"
    assert inner.asked == []


async def test_a_redirect_to_an_inner_address_is_not_followed(ask, inner, storage):
    storage.refusals, storage.location = [302], f"{inner.url}/latest/meta-data"

    result = await ask(file_at(f"{secure(storage.url)}/a"))

    assert result.status == "failed"
    assert inner.asked == []


def test_a_file_waits_until_the_gateway_has_named_its_host(storage, authority, tmp_path):
    host = FileHost("wss://gateway.example/v1")
    host.gateway_is_at("127.0.0.1")
    certificates = lambda: tls_context(authority[0])  # noqa: E731
    sent = storage.sent("a", b"Hello")
    threading.Timer(0.1, host.name, [secure(storage.url)]).start()

    Transfers(host, certificates, first_wait=0.02).download(
        msgspec.structs.replace(sent, url=secure(sent.url)),
        tmp_path / "a",
        RetryDeadline(time.monotonic() + 10, threading.Event()),
    )

    assert (tmp_path / "a").read_bytes() == b"Hello"


async def test_a_file_that_is_announced_too_large_is_not_fetched(ask, storage):
    result = await ask(file_at(f"{secure(storage.url)}/a", size=MAX_FILE_BYTES + 1))

    assert result.status == "failed"
    assert storage.targets == []


@pytest.mark.parametrize("status", [301, 302, 307, 308])
async def test_a_handshake_is_not_redirected(gateway, serving, inner, caplog, status):
    ends = asyncio.Queue()

    def delay(end):
        ends.put_nowait(end)
        return 0.02

    gateway.refuse_with = status
    gateway.location = f"{inner.url.replace('http', 'ws')}/admin?key=secret"
    await serving(str, reconnect_delay=delay)
    first, second = await ends.get(), await ends.get()

    assert inner.asked == []
    assert first.reason == second.reason
    assert f"answered {status} and points to {gateway.location.partition('?')[0]}?…. Redirects" in (
        first.reason
    )
    assert "secret" not in caplog.text


@pytest.mark.parametrize("location", ["/v2", "ws://[bad", "", "javascript:x"])
async def test_a_redirect_to_nowhere_is_a_refusal(gateway, serving, location):
    ends = asyncio.Queue()

    def delay(end):
        ends.put_nowait(end)
        return 0.02

    gateway.refuse_with, gateway.location = 302, location
    await serving(str, reconnect_delay=delay)

    assert "answered 302 and points to" in (await ends.get()).reason
    gateway.refuse_with = None
    await gateway.hear(Register)
