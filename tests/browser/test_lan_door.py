"""Another device in the network uses the local cloud through its door: 127.0.0.2 stands for it."""

import subprocess
from collections.abc import Callable, Iterator
from urllib.parse import urlsplit

import httpx
import pytest
from playwright.sync_api import BrowserContext, FilePayload, expect

from infra.local.emulator import end_process
from infra.local.lan_door.running import open_door
from infra.local.status import LocalSpace
from infra.project import PROJECT_FOLDER
from tests.browser.support.deployed_page import PATIENCE_MS, STOP_SECONDS
from tests.local_cloud import DeployedCloud

pytestmark = [pytest.mark.browser, pytest.mark.local, pytest.mark.timeout(180)]

HOST = "127.0.0.2"
GIVE_BACK = f"{PROJECT_FOLDER / 'tests/browser/support/mirrors.py'}:give_back"


@pytest.fixture(scope="module")
def lan_url(deployed_cloud: DeployedCloud) -> Iterator[str]:
    status = open_door(deployed_cloud.cloud, HOST)
    assert status.door
    yield status.lan_url.rstrip("/")
    end_process(status.door)


@pytest.fixture(scope="module")
def space(deployed_cloud: DeployedCloud, lan_url: str) -> Iterator[LocalSpace]:
    """A space whose worker is another machine of the network, too."""
    made = deployed_cloud.create_space(
        title="Files", features=["prompt", "file"], accept=["text/plain"]
    )
    path = urlsplit(deployed_cloud.socket_url).path
    socket = f"ws://{urlsplit(lan_url).netloc}{path}"
    command = deployed_cloud.worker_command(made, "run", "--function", GIVE_BACK)
    words = [socket if word == deployed_cloud.socket_url else word for word in command.arguments]
    with subprocess.Popen(words, env=command.environment) as worker:
        yield made
        worker.terminate()
        worker.wait(STOP_SECONDS)


def test_phone_and_worker_of_the_network_exchange_files(
    new_context: Callable[..., BrowserContext], lan_url: str, space: LocalSpace
) -> None:
    page = new_context(base_url=lan_url).new_page()
    asked: list[str] = []
    page.on("request", lambda request: asked.append(urlsplit(request.url).netloc))
    refused: list[str] = []
    page.on("console", lambda message: refused.append(message.text))
    page.goto(f"/space.html?space={space.space}")
    expect(page.locator("[data-part=connection-words]")).to_contain_text(
        "Connected", timeout=PATIENCE_MS
    )

    chosen: FilePayload = {"name": "a.txt", "mimeType": "text/plain", "buffer": b"from a phone"}
    expect(page.get_by_role("button", name="Choose files")).to_be_visible()
    page.locator("[data-part=file-input]").set_input_files([chosen])
    expect(page.get_by_text("a.txt")).to_be_visible()
    page.get_by_label("Prompt").fill("Give it back")
    page.get_by_role("button", name="Run", exact=True).click()
    expect(page.locator("#result-title")).to_have_text("Answered", timeout=PATIENCE_MS)
    link = page.get_by_role("link", name="input-1.txt")
    expect(link).to_be_visible()
    address = link.get_attribute("href")
    assert address
    assert httpx.get(address, trust_env=False).text == "from a phone"
    assert set(asked) == {urlsplit(lan_url).netloc}
    assert not [text for text in refused if "Content Security Policy" in text]
    assert page.get_by_role("button", name="Sign in").count() == 0


def test_programs_of_the_network_stream_answers(lan_url: str, space: LocalSpace) -> None:
    body = {"model": space.space, "messages": [{"role": "user", "content": "Hi"}], "stream": True}
    done = httpx.post(
        f"{lan_url}/openai/v1/chat/completions", json=body, timeout=60, trust_env=False
    )

    assert done.status_code == 200
    assert done.text.rstrip().endswith("data: [DONE]")


def test_aws_is_not_open_to_the_network(lan_url: str) -> None:
    signed = "AWS4-HMAC-SHA256 Credential=test/20260101/us-east-1/lambda/aws4_request, Signature=0"
    calls = [
        ("POST", "/", {"X-Amz-Target": "DynamoDB_20120810.ListTables"}),
        ("GET", "/2015-03-31/functions", {"Authorization": signed}),
        ("GET", "/_ministack/health", {}),
        ("GET", "/v1/admin/spaces", {}),
    ]
    for method, path, headers in calls:
        answer = httpx.request(method, f"{lan_url}{path}", headers=headers, trust_env=False)
        assert answer.status_code == 404, path
        assert answer.json() == {"detail": "This is not open to the local network."}
