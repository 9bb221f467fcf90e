"""Proxies, own authorities, twins and refusals, over real sockets."""

import asyncio
import datetime as dt
import threading
import time

import pytest
from websockets.asyncio.server import serve

from spaces_protocol.gateway_messages import PresignedFile
from spaces_protocol.worker_messages import Register, Result
from spaces_worker import SettingsError, TransferError, Worker
from spaces_worker._connection.file_host import FileHost
from spaces_worker._connection.transport import retry_after
from spaces_worker._environment.certificates import tls_context
from spaces_worker._files.output_files import file_of_bytes
from spaces_worker._files.retry import RetryDeadline
from spaces_worker._files.transfers import Transfers
from spaces_worker._settings import Settings
from tests.functional.worker.conftest import TOKEN
from tests.functional.worker.own_authority import certificate
from tests.functional.worker.storage import PREFIX, Storage, here

pytestmark = pytest.mark.timeout(30)
NOW = dt.datetime(2026, 11, 22, 12, 0, tzinfo=dt.UTC)


class Proxy:
    """Opens tunnels to where the test says, whatever host is asked for."""

    def __init__(self, port):
        self.asked = []
        self.headers = []
        self.port = 0
        self._target = port

    async def __aenter__(self):
        self._server = await asyncio.start_server(self._tunnel, "127.0.0.1", 0)
        self.port = self._server.sockets[0].getsockname()[1]
        return self

    async def __aexit__(self, *_):
        self._server.close()

    async def _tunnel(self, reader, writer):
        head = (await reader.readuntil(b"\r\n\r\n")).decode()
        self.asked.append(head.splitlines()[0])
        self.headers.append(head)
        far_reader, far_writer = await asyncio.open_connection("127.0.0.1", self._target)
        writer.write(b"HTTP/1.1 200 Connection established\r\n\r\n")
        await asyncio.gather(_pass(reader, far_writer), _pass(far_reader, writer))


async def _pass(reader, writer):
    while chunk := await reader.read(65536):
        writer.write(chunk)
    writer.close()


@pytest.fixture(autouse=True)
def _no_proxy_of_this_machine(monkeypatch):
    for name in ("http_proxy", "https_proxy", "all_proxy", "no_proxy"):
        monkeypatch.delenv(name, raising=False)
        monkeypatch.delenv(name.upper(), raising=False)


@pytest.fixture(scope="module")
def authority(tmp_path_factory):
    """Return a self-signed certificate for 127.0.0.1: its file, and what a server uses."""
    return certificate(tmp_path_factory.mktemp("authority"))


@pytest.fixture
async def secure_gateway(gateway, authority):
    """Serve what the gateway serves, over TLS; return the port."""
    server = await serve(gateway._talk, "127.0.0.1", 0, ssl=authority[1], compression=None)
    yield server.sockets[0].getsockname()[1]
    server.close()


async def start(worker):
    worker.space("demo")(str)
    return asyncio.create_task(worker.serve())


async def ended(worker, task):
    worker.stop()
    await task


def worker_at(url, tmp_path, **more):
    return Worker(
        url=url,
        token=TOKEN,
        worker_id="atlas",
        state_dir=tmp_path,
        **{"reconnect_delay": lambda end: 0.02, **more},
    )


async def test_the_socket_goes_through_the_proxy_of_the_environment(gateway, tmp_path, monkeypatch):
    async with Proxy(gateway.port) as proxy:
        monkeypatch.setenv("http_proxy", f"http://user:secret@127.0.0.1:{proxy.port}")
        worker = worker_at("ws://gateway.invalid:81/v1", tmp_path)
        task = await start(worker)
        await gateway.hear(Register)
        await gateway.hand_over("a")
        answer = await gateway.hear(Result)
        await ended(worker, task)

    assert answer.output.text == "Hello"
    assert proxy.asked == ["CONNECT gateway.invalid:81 HTTP/1.1"]
    assert "Proxy-Authorization: Basic dXNlcjpzZWNyZXQ=" in proxy.headers[0]


async def test_a_proxy_may_be_written_without_a_scheme(gateway, tmp_path, monkeypatch):
    async with Proxy(gateway.port) as proxy:
        monkeypatch.setenv("http_proxy", f"127.0.0.1:{proxy.port}")
        worker = worker_at("ws://gateway.invalid:81/v1", tmp_path)
        task = await start(worker)
        await gateway.hear(Register)
        await ended(worker, task)

    assert proxy.asked == ["CONNECT gateway.invalid:81 HTTP/1.1"]


async def test_a_proxy_that_cannot_be_used_is_named_at_each_try(tmp_path, monkeypatch):
    ends = asyncio.Queue()

    def delay(end):
        ends.put_nowait(end)
        return 0.02

    monkeypatch.setenv("HTTPS_PROXY", "http://[bad")
    worker = worker_at("wss://gateway.invalid/v1", tmp_path, reconnect_delay=delay)
    task = await start(worker)
    first, second = await ends.get(), await ends.get()
    await ended(worker, task)

    assert first.reason == second.reason
    assert first.reason.startswith("HTTPS_PROXY: 'http://[bad' is not a valid proxy URL")


async def test_an_encrypted_socket_goes_through_the_proxy_with_an_authority_of_ones_own(
    gateway, secure_gateway, authority, tmp_path, monkeypatch
):
    async with Proxy(secure_gateway) as proxy:
        monkeypatch.setenv("HTTPS_PROXY", f"http://127.0.0.1:{proxy.port}")
        worker = worker_at("wss://gateway.invalid/v1", tmp_path, ca_file=authority[0])
        task = await start(worker)
        await gateway.hear(Register)
        await ended(worker, task)

    assert proxy.asked == ["CONNECT gateway.invalid:443 HTTP/1.1"]


async def test_no_proxy_is_respected(gateway, tmp_path, monkeypatch):
    monkeypatch.setenv("http_proxy", "http://127.0.0.1:9")
    monkeypatch.setenv("no_proxy", "127.0.0.1")
    worker = worker_at(gateway.url, tmp_path)
    task = await start(worker)
    await gateway.hear(Register)

    await ended(worker, task)


async def test_an_unknown_authority_is_explained(gateway, secure_gateway, tmp_path):
    ends = []
    heard = asyncio.Event()

    def delay(end):
        ends.append(end)
        heard.set()
        return 0.02

    url = f"wss://127.0.0.1:{secure_gateway}/v1"
    worker = worker_at(url, tmp_path, reconnect_delay=delay)
    task = await start(worker)
    await heard.wait()
    await ended(worker, task)

    assert "is not trusted" in ends[0].reason
    assert "--ca-file" in ends[0].reason


async def test_a_file_without_certificates_is_a_setting_that_is_wrong(gateway, tmp_path):
    (tmp_path / "ca.pem").write_text("nothing")
    worker = worker_at(gateway.url, tmp_path, ca_file=tmp_path / "ca.pem")
    worker.space("demo")(str)

    with pytest.raises(SettingsError, match=r"ca_file: .*ca\.pem contains no usable certificates"):
        await worker.serve()


async def test_the_authority_may_be_a_variable(gateway, tmp_path, monkeypatch):
    monkeypatch.setenv("SPACES_CA_FILE", str(tmp_path / "missing.pem"))
    worker = worker_at(gateway.url, tmp_path)
    worker.space("demo")(str)

    with pytest.raises(SettingsError, match=r"SPACES_CA_FILE: the file .* does not exist"):
        await worker.serve()


def patience():
    return RetryDeadline(time.monotonic() + 10, threading.Event())


def test_files_go_through_the_proxy_of_the_environment(tmp_path, monkeypatch):
    storage = Storage()
    monkeypatch.setenv("http_proxy", storage.url)
    sent = storage.sent("a", b"Hello")
    far = type(sent)(name="a", content_type="", size=5, url="http://files.invalid/a?x=1")

    Transfers(here()).download(far, tmp_path / "a", patience())
    storage.close()

    assert storage.targets == ["http://files.invalid/a?x=1"]
    assert (tmp_path / "a").read_bytes() == b"Hello"


async def test_encrypted_files_go_through_a_tunnel_of_the_proxy(tmp_path, authority, monkeypatch):
    storage = Storage()
    storage.server.socket = authority[1].wrap_socket(storage.server.socket, server_side=True)
    sent = storage.sent("a", b"Hello")
    secure = type(sent)(name="a", content_type="", size=5, url=sent.url.replace("http:", "https:"))
    transfers = Transfers(here(), lambda: tls_context(authority[0]))
    async with Proxy(storage.server.server_port) as proxy:
        monkeypatch.setenv("https_proxy", f"http://127.0.0.1:{proxy.port}")
        await asyncio.to_thread(transfers.download, secure, tmp_path / "a", patience())
    storage.close()

    (asked,) = proxy.asked
    assert asked.startswith(f"CONNECT 127.0.0.1:{storage.server.server_port} HTTP/1.")
    assert (tmp_path / "a").read_bytes() == b"Hello"


@pytest.mark.parametrize("host", ["10.0.0.5", "169.254.169.254", "localhost", "127.1"])
def test_a_proxy_is_not_asked_for_an_inner_address(tmp_path, monkeypatch, host):
    monkeypatch.setenv("http_proxy", "http://127.0.0.1:9")
    inner = PresignedFile(name="a", content_type="", size=5, url=f"http://{host}/a")

    with pytest.raises(TransferError, match="only transferred there if the gateway is there"):
        Transfers(FileHost("ws://gateway.example")).download(inner, tmp_path / "a", patience())


def test_files_take_a_proxy_without_a_scheme(tmp_path, monkeypatch):
    storage = Storage()
    monkeypatch.setenv("http_proxy", storage.url.removeprefix("http://"))
    sent = storage.sent("a", b"Hello")
    far = type(sent)(name="a", content_type="", size=5, url="http://files.invalid/a?x=1")

    Transfers(here()).download(far, tmp_path / "a", patience())
    storage.close()

    assert (tmp_path / "a").read_bytes() == b"Hello"


@pytest.mark.parametrize(
    ("proxy", "words"),
    [
        ("http://[bad", r"http_proxy: 'http://\[bad' is not a valid proxy URL"),
        (
            "socks5://proxy:1080",
            "cannot be transferred through the SOCKS proxy of http_proxy: .*files.invalid to",
        ),
    ],
)
def test_a_proxy_that_files_cannot_go_by_is_said_at_once(tmp_path, monkeypatch, proxy, words):
    monkeypatch.setenv("http_proxy", proxy)
    far = PresignedFile(name="a", content_type="", size=5, url="http://files.invalid/a?x=1")

    with pytest.raises(TransferError, match=words):
        Transfers(here()).download(far, tmp_path / "a", patience())


@pytest.mark.parametrize("known", [True, False])
def test_files_are_checked_against_the_same_authorities(tmp_path, authority, known):
    storage = Storage()
    storage.server.socket = authority[1].wrap_socket(storage.server.socket, server_side=True)
    settings = Settings(
        url="wss://x",
        token=TOKEN,
        spaces=("a",),
        worker_id="a",
        ca_file=authority[0] if known else None,
    )
    policy = storage.policy()
    secure = type(policy)(
        url=policy.url.replace("http:", "https:"),
        fields=policy.fields,
        key_prefix=PREFIX,
        max_bytes=10**6,
    )

    def upload():
        transfers = Transfers(here(), lambda: tls_context(settings.ca_file), first_wait=0.01)
        transfers.upload(secure, f"{PREFIX}1", file_of_bytes("a", "text/plain", b"Hi"), patience())

    if known:
        upload()
    else:
        with pytest.raises(TransferError, match="certificate verify failed"):
            upload()
    storage.close()

    assert storage.posted == ({f"{PREFIX}1": b"Hi"} if known else {})


async def test_a_twin_that_takes_the_place_again_and_again_is_named(gateway, serving, caplog):
    ends = []

    def delay(end):
        ends.append(end)
        return 0.02

    await serving(str, reconnect_delay=delay)
    for _ in range(3):
        await gateway.hear(Register)
        await gateway.links[-1].close()
    await gateway.hear(Register)

    assert [end.replaced for end in ends] == [False, False, True]
    assert "Another worker with the id atlas" in caplog.text
    assert "--worker-id" in caplog.text


@pytest.mark.parametrize(
    ("header", "seconds"),
    [
        ("7", 7.0),
        ("Sun, 22 Nov 2026 12:00:30 GMT", 30.0),
        ("Sun, 22 Nov 2026 11:00:00 GMT", 0.0),
        ("Sun, 22 Nov 2026 12:00:30 -0000", None),
        ("Sun, 22 Nov 99999999999 12:00:30 GMT", None),
        ("soon", None),
        ("", None),
    ],
)
def test_retry_after_is_read_in_all_its_forms(header, seconds):
    assert retry_after(header, NOW) == seconds
