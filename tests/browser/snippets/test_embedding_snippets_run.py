"""The snippets of a space that serves only embeddings work as shown, against a real worker."""

import json
import subprocess
import threading
from collections.abc import Callable, Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest
from playwright.sync_api import BrowserContext, expect

from infra.local.status import LocalSpace
from infra.project import PROJECT_FOLDER
from tests.browser.support.deployed_page import PATIENCE_MS, STOP_SECONDS
from tests.browser.support.run_snippet import NODE, OPENAI, REST, run
from tests.local.support.caller_environment import CallerEnvironment, install_caller
from tests.local_cloud import DeployedCloud
from tests.openai_clients.environment import python_of_clients

pytestmark = [pytest.mark.browser, pytest.mark.local, pytest.mark.timeout(240)]

VECTOR = [0.125, -0.5]
ANSWER = {
    "object": "list",
    "data": [{"object": "embedding", "index": 0, "embedding": VECTOR}],
    "model": "vectors",
    "usage": {"prompt_tokens": 1, "total_tokens": 1},
}


class EmbeddingServer(BaseHTTPRequestHandler):
    """A server of one model, as Ollama and others have it."""

    def do_GET(self) -> None:
        self.answer({"object": "list", "data": [{"id": "vectors", "object": "model"}]})

    def do_POST(self) -> None:
        body = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
        assert self.path == "/v1/embeddings"
        assert body["input"] == "Hello"
        self.answer(ANSWER)

    def answer(self, body: object) -> None:
        content = json.dumps(body).encode()
        self.send_response(200)
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(content)))
        self.end_headers()
        self.wfile.write(content)

    def log_message(self, *_: object) -> None:
        pass


@pytest.fixture(scope="module")
def server() -> Iterator[str]:
    with ThreadingHTTPServer(("127.0.0.1", 0), EmbeddingServer) as serving:
        threading.Thread(target=serving.serve_forever, args=(0.05,), daemon=True).start()
        yield f"http://127.0.0.1:{serving.server_port}/v1"
        serving.shutdown()


@pytest.fixture(scope="module")
def linked_space(deployed_cloud: DeployedCloud, server: str) -> Iterator[LocalSpace]:
    made = deployed_cloud.create_space(title="Vectors", features=["call"])
    words = ["run", "--openai", server, "--model", "vectors", "--endpoints", "embeddings"]
    command = deployed_cloud.worker_command(made, *words, "--worker-id", "a")
    with subprocess.Popen(command.arguments, env=command.environment) as worker:
        yield made
        worker.terminate()
        worker.wait(STOP_SECONDS)


@pytest.fixture(scope="module")
def caller(tmp_path_factory: pytest.TempPathFactory) -> CallerEnvironment:
    return install_caller(tmp_path_factory.mktemp("caller"))


def test_snippets_of_embeddings_run_as_they_stand(
    new_context: Callable[..., BrowserContext],
    deployed_cloud: DeployedCloud,
    linked_space: LocalSpace,
    caller: CallerEnvironment,
    tmp_path: Path,
) -> None:
    page = new_context(base_url=deployed_cloud.page_url).new_page()
    page.goto(f"/space.html?space={linked_space.space}")
    words = page.locator("[data-part=connection-words]")
    expect(words).to_contain_text("Connected to a", timeout=PATIENCE_MS)
    page.get_by_role("tab", name="API", exact=True).click()
    package = PROJECT_FOLDER / "node_modules/openai"
    (tmp_path / "node_modules").mkdir()
    (tmp_path / "node_modules/openai").symlink_to(package, target_is_directory=True)
    module = [NODE, "--input-type=module", "--eval"]
    python = str(caller.folder / "bin/python")
    shell = ["/bin/sh", "-ec"]
    runners = [shell, [python, "-c"], module, shell, [python_of_clients(), "-c"], module]

    for title, runner in zip((*REST, *OPENAI), runners, strict=True):
        page.get_by_role("tab", name=title, exact=True).click()
        printed = run([*runner, page.locator("#snippet").inner_text()], tmp_path)

        assert all(str(number) in printed for number in VECTOR), f"{title}: {printed}"
    expect(page.get_by_role("tab", name="Python client")).to_have_count(0)
