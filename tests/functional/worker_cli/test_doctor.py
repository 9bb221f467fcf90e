"""``spaces-worker doctor`` against gateways that are well, and against each fault."""

import json
import os
import shutil
import subprocess
import sys
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime

import pytest
from websockets.asyncio.server import serve
from websockets.http11 import Response

from spaces_protocol.codec import UnreadableMessage, decode_worker_message, encode
from spaces_protocol.gateway_messages import ErrorReply, GatewayFacts
from spaces_protocol.limits import PROTOCOL_VERSION
from spaces_worker._doctor.checks import report_of
from spaces_worker._doctor.examine import examine
from spaces_worker._settings import load_settings
from tests.functional.worker.conftest import ROOT
from tests.functional.worker_cli.support.certificates import certificate

pytestmark = pytest.mark.timeout(60)


class Gateway:
    """Lets one token in, and answers what is no action as the real one does."""

    def __init__(self):
        self.heard = []
        self.answers = True
        self.status = None
        self.clock_ahead = timedelta()
        self.tells_time = True
        self.about = GatewayFacts(protocol=PROTOCOL_VERSION, spaces=["chat", "demo"])

    async def talk(self, link):
        async for text in link:
            self.heard.append(text)
            try:
                decode_worker_message(text)
            except UnreadableMessage as error:
                if self.answers:
                    reply = ErrorReply(
                        error_type=error.error_type, detail=error.detail, gateway=self.about
                    )
                    await link.send(encode(reply))

    def check(self, _link, request):
        if self.status is not None or request.headers["Authorization"] != "Bearer wst_right":
            status = self.status or 403
            return self.timed(Response(status, "No", request.headers.__class__(), b""))
        return None

    def greet(self, _link, _request, response):
        return self.timed(response)

    def timed(self, response):
        if "Date" in response.headers:
            del response.headers["Date"]
        if self.tells_time:
            now = datetime.now(UTC) + self.clock_ahead
            response.headers["Date"] = format_datetime(now, usegmt=True)
        return response


@pytest.fixture
async def start():
    """Return a function that starts a gateway and returns its port."""
    servers = []

    async def serving(gateway, tls=None):
        server = await serve(
            gateway.talk,
            "127.0.0.1",
            0,
            process_request=gateway.check,
            process_response=gateway.greet,
            ssl=tls,
        )
        servers.append(server)
        return server.sockets[0].getsockname()[1]

    yield serving
    for server in servers:
        server.close()
        await server.wait_closed()


@pytest.fixture
def doctor(command, tmp_path):
    """Return a function that runs the command and returns its exit code and findings."""

    async def run(url, **variables):
        defaults = {"SPACES_URL": url, "SPACES_TOKEN": "wst_right", "SPACES_WORKER_ID": "atlas"}
        process = await command("doctor", "--json", **{**defaults, **variables})
        output, errors = await process.communicate()
        assert errors == b""
        report = json.loads(output)
        assert report["ok"] == (process.returncode == 0)
        return process.returncode, {each["name"]: each for each in report["checks"]}

    return run


async def test_all_is_well(doctor, start):
    gateway = Gateway()
    port = await start(gateway)

    code, found = await doctor(f"ws://127.0.0.1:{port}/v1")

    assert code == 0
    checks = "version", "state folder", "way", "name", "connection", "clock", "token", "round trip"
    checks += "protocol", "spaces"
    assert {found[check]["status"] for check in checks} == {"ok"}
    assert found["encryption"]["status"] == "skipped"
    assert "atlas" in found["token"]["text"]


async def test_it_takes_nobodys_place(doctor, start):
    gateway = Gateway()

    await doctor(f"ws://127.0.0.1:{await start(gateway)}/v1")

    assert gateway.heard == ['{"action":"doctor"}']


async def test_an_encrypted_connection_is_well_with_the_right_authority(doctor, start, tmp_path):
    tls, authority = certificate(tmp_path, days=90)
    port = await start(Gateway(), tls)

    code, found = await doctor(f"wss://localhost:{port}/v1", SPACES_CA_FILE=str(authority))

    until = datetime.now(UTC) + timedelta(days=90)
    assert code == 0
    assert f"good until {until:%Y-%m-%d}" in found["encryption"]["text"]
    assert str(authority) in found["way"]["text"]


async def test_an_unknown_authority_is_a_fault(doctor, start, tmp_path):
    tls, _ = certificate(tmp_path, days=90)

    code, found = await doctor(f"wss://localhost:{await start(Gateway(), tls)}/v1")

    assert code == 4
    assert "not trusted" in found["encryption"]["text"]
    assert "--ca-file" in found["encryption"]["advice"]
    assert "token" not in found


async def test_a_certificate_that_ends_soon_is_a_warning(doctor, start, tmp_path):
    tls, authority = certificate(tmp_path, days=3)
    port = await start(Gateway(), tls)

    code, found = await doctor(f"wss://localhost:{port}/v1", SPACES_CA_FILE=str(authority))

    assert (code, found["encryption"]["status"]) == (0, "warning")


async def test_no_encryption_where_it_is_expected_is_a_fault(doctor, start):
    code, found = await doctor(f"wss://localhost:{await start(Gateway())}/v1")

    assert code == 4
    assert "No encryption could be agreed" in found["encryption"]["text"]


async def test_an_authority_that_cannot_be_read_is_a_fault(doctor, start, tmp_path):
    (tmp_path / "broken.pem").write_text("no certificate")

    code, found = await doctor("wss://localhost:9/v1", SPACES_CA_FILE=str(tmp_path / "broken.pem"))

    assert code == 4
    assert "broken.pem" in found["way"]["text"]


async def test_a_wrong_token_is_a_fault(doctor, start):
    url = f"ws://127.0.0.1:{await start(Gateway())}/v1"

    code, found = await doctor(url, SPACES_TOKEN="wst_wrong")

    assert code == 4
    assert found["clock"]["status"] == "ok"
    assert found["token"]["status"] == "failed"
    assert "refused it (403)" in found["token"]["text"]
    assert "ask the gateway's administrator" in found["token"]["advice"]
    # API Gateway answers a wrong path with 403, too.
    assert "the url may not end with its stage, such as /v1" in found["token"]["advice"]
    assert "wst_wrong" not in json.dumps(found)


@pytest.mark.parametrize(
    ("status", "advice"), [(404, "Copy the url again"), (500, "Tell the gateway's administrator")]
)
async def test_any_other_refusal_is_a_fault(doctor, start, status, advice):
    gateway = Gateway()
    gateway.status = status

    code, found = await doctor(f"ws://127.0.0.1:{await start(gateway)}/wrong")

    assert code == 4
    assert str(status) in found["handshake"]["text"]
    assert advice in found["handshake"]["advice"]


async def test_an_unknown_name_is_a_fault(doctor):
    code, found = await doctor("wss://no-such-host.invalid/v1")

    assert code == 4
    assert "no-such-host.invalid is not found" in found["name"]["text"]
    assert "connection" not in found


async def test_a_closed_port_is_a_fault(doctor):
    code, found = await doctor("ws://127.0.0.1:9/v1")

    assert code == 4
    assert "firewall lets port 9 out" in found["connection"]["advice"]


@pytest.mark.parametrize(("minutes", "words"), [(10, "10 min behind"), (-10, "10 min ahead of")])
async def test_a_clock_that_is_off_is_a_warning(doctor, start, minutes, words):
    gateway = Gateway()
    gateway.clock_ahead = timedelta(minutes=minutes)

    code, found = await doctor(f"ws://127.0.0.1:{await start(gateway)}/v1")

    assert code == 0
    assert found["clock"]["status"] == "warning"
    assert words in found["clock"]["text"]
    assert "timedatectl" in found["clock"]["advice"]


async def test_a_gateway_that_hides_its_time_is_no_fault(doctor, start):
    gateway = Gateway()
    gateway.tells_time = False

    code, found = await doctor(f"ws://127.0.0.1:{await start(gateway)}/v1")

    assert (code, found["clock"]["status"]) == (0, "skipped")


async def test_no_answer_to_a_message_is_a_fault(start, monkeypatch, tmp_path):
    monkeypatch.setattr("spaces_worker._doctor.handshake.REPLY_SECONDS", 0.05)
    gateway = Gateway()
    gateway.answers = False
    url = f"ws://127.0.0.1:{await start(gateway)}/v1"
    options = {"url": url, "token": "wst_right", "spaces": "demo", "state_dir": tmp_path}

    findings = [each async for each in examine(load_settings(options, environ={}))]

    assert not report_of(findings).ok
    assert findings[-1].name == "round trip"


NO_PROXY_HERE = {"NO_PROXY": "127.0.0.1"}


async def found_about(doctor, start, about, **variables):
    gateway = Gateway()
    gateway.about = about
    return await doctor(f"ws://127.0.0.1:{await start(gateway)}/v1", **variables)


async def test_a_space_with_a_typo_is_a_fault_that_names_those_of_the_token(doctor, start):
    about = GatewayFacts(protocol=PROTOCOL_VERSION, spaces=["chat", "demo"])
    code, found = await found_about(doctor, start, about, SPACES_SPACES="demo,chatt")

    assert code == 4
    assert found["spaces"]["text"] == "The token is not for chatt; it is for chat, demo."
    assert "SPACES_SPACES" in found["spaces"]["advice"]


@pytest.mark.parametrize(
    ("version", "advice"),
    [(PROTOCOL_VERSION + 1, "pip install --upgrade"), (PROTOCOL_VERSION - 1, "administrator")],
)
async def test_another_protocol_is_a_fault(doctor, start, version, advice):
    code, found = await found_about(doctor, start, GatewayFacts(protocol=version, spaces=["demo"]))

    assert (code, found["protocol"]["status"]) == (4, "failed")
    assert advice in found["protocol"]["advice"]


async def test_a_gateway_that_tells_nothing_of_itself_is_no_fault(doctor, start):
    code, found = await found_about(doctor, start, None)

    assert (code, found["protocol"]["status"]) == (0, "skipped")
    assert "spaces" not in found


async def test_the_host_of_files_is_looked_at_too(doctor, start):
    port = await start(Gateway())
    about = GatewayFacts(protocol=1, spaces=["demo"], files_url=f"http://127.0.0.1:{port}/files")
    code, found = await found_about(doctor, start, about)

    assert code == 0
    assert f"127.0.0.1:{port} answers in" in found["files"]["text"]


@pytest.mark.parametrize(
    ("url", "variables", "text"),
    [
        ("http://127.0.0.1:9/files", {}, "127.0.0.1:9 cannot be reached"),
        ("http://files.invalid", {}, "files.invalid is not found"),
        ("https://files", {"HTTPS_PROXY": "http://[bad", **NO_PROXY_HERE}, "HTTPS_PROXY"),
        (
            "https://files",
            {"HTTPS_PROXY": "socks5://p", **NO_PROXY_HERE},
            "cannot be transferred through the SOCKS",
        ),
    ],
)
async def test_a_host_of_files_that_cannot_be_reached_is_a_fault(
    doctor, start, url, variables, text
):
    about = GatewayFacts(protocol=1, spaces=["demo"], files_url=url)
    code, found = await found_about(doctor, start, about, **variables)

    assert code == 4
    assert text in found["files"]["text"]
    assert "url" not in found["files"].get("advice", "")


@pytest.mark.parametrize(
    ("url", "text"),
    [
        ("http://10.0.0.5/files", "10.0.0.5, has the address 10.0.0.5, which is on this machine's"),
        ("http://169.254.169.254", "which is on this machine's own network segment"),
        ("ftp://127.0.0.1", "The URL of a file does not use http or https."),
    ],
)
async def test_a_host_of_files_that_the_worker_would_not_use_is_a_fault(doctor, start, url, text):
    about = GatewayFacts(protocol=1, spaces=["demo"], files_url=url)
    code, found = await found_about(doctor, start, about)

    assert code == 4
    assert text in found["files"]["text"]
    assert "to protect your network from the gateway" in found["files"]["advice"]


NO_PROXY_ADDRESSES = [
    ("HTTPS_PROXY", "http://proxy:abc", "'http://proxy:abc' is not a valid proxy URL"),
    ("https_proxy", "http://[bad", "'http://[bad' is not a valid proxy URL"),
    (
        "HTTPS_PROXY",
        "http://me:secret@proxy:abc",
        "'http://***@proxy:abc' is not a valid proxy URL",
    ),
    ("HTTPS_PROXY", "ftp://proxy", "'ftp://proxy' is not a valid proxy URL"),
    ("HTTPS_PROXY", "socks5://proxy:1080", "pip install 'python-socks[asyncio]'"),
    ("SOCKS_PROXY", "http://proxy:1080", "pip install 'python-socks[asyncio]'"),
]


@pytest.mark.parametrize(("name", "value", "words"), NO_PROXY_ADDRESSES)
async def test_a_proxy_that_cannot_be_used_is_a_fault_that_names_its_variable(
    doctor, name, value, words
):
    code, found = await doctor("wss://gateway.invalid/v1", **{name: value})

    assert code == 4
    assert found["way"]["text"].startswith(f"{name}: ")
    assert words in found["way"]["text"]
    assert "secret" not in json.dumps(found)


@pytest.mark.parametrize(("name", "value", "words"), NO_PROXY_ADDRESSES)
async def test_a_worker_does_not_start_with_a_proxy_that_cannot_be_used(
    command, name, value, words
):
    process = await command("mock-app", SPACES_URL="wss://gateway.invalid/v1", **{name: value})
    _, errors = await process.communicate()

    assert process.returncode == 2
    assert f"{name}: " in errors.decode()
    assert words in errors.decode()


async def test_a_proxy_without_a_scheme_is_read_as_curl_reads_it(doctor):
    code, found = await doctor("wss://gateway.invalid/v1", HTTPS_PROXY="127.0.0.1:9")

    assert code == 4
    assert "through the proxy 127.0.0.1:9 from HTTPS_PROXY" in found["way"]["text"]
    assert "127.0.0.1:9 cannot be reached" in found["connection"]["text"]


async def test_a_worker_does_not_start_with_an_authority_that_cannot_be_read(command, tmp_path):
    (tmp_path / "broken.pem").write_text("no certificate")
    process = await command("mock-app", SPACES_CA_FILE=str(tmp_path / "broken.pem"))
    _, errors = await process.communicate()

    assert process.returncode == 2
    assert b"Traceback" not in errors
    assert b"broken.pem contains no usable certificates" in errors


async def test_a_proxy_is_named_and_asked_instead(doctor):
    code, found = await doctor("wss://gateway.invalid/v1", HTTPS_PROXY="http://127.0.0.1:9")

    assert code == 4
    assert "through the proxy 127.0.0.1:9" in found["way"]["text"]
    assert "127.0.0.1:9 cannot be reached" in found["connection"]["text"]


async def test_missing_settings_are_said_with_their_own_code(command):
    process = await command("doctor", SPACES_TOKEN="")
    output, _ = await process.communicate()

    assert process.returncode == 2
    assert "✗ settings     No token is set." in output.decode()


async def test_lines_for_people_have_a_sign_and_advice(command):
    process = await command("doctor", SPACES_URL="ws://127.0.0.1:9/v1")
    output, _ = await process.communicate()

    assert "\n✗ connection   127.0.0.1:9 cannot be reached" in output.decode()
    assert "→ Check the url, and whether a firewall" in output.decode()
    assert "\x1b" not in output.decode()


def without_network():
    """Whether this machine lets a test run a program in a network with nothing in it."""
    tool = shutil.which("unshare")
    return tool is not None and subprocess.run([tool, "-rn", "true"], check=False).returncode == 0


@pytest.mark.skipif(not without_network(), reason="needs unshare and user namespaces")
def test_no_network_is_a_fault(tmp_path):
    done = subprocess.run(
        ["unshare", "-rn", sys.executable, "-m", "spaces_worker", "doctor"],
        env={
            "PATH": os.environ["PATH"],
            "PYTHONPATH": f"{ROOT / 'functions'}:{ROOT / 'worker_client'}",
            "SPACES_URL": "wss://gateway.example/v1",
            "SPACES_TOKEN": "wst_right",
            "SPACES_SPACES": "demo",
            "SPACES_STATE_DIR": str(tmp_path),
        },
        capture_output=True,
        text=True,
        check=False,
    )

    assert done.returncode == 4
    assert "✗ name         gateway.example is not found" in done.stdout
    assert "→ Check this machine's network" in done.stdout
