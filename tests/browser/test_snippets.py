"""The code snippets of a space work as shown, against the deployed system."""

import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import BrowserContext, Page, expect

from infra.local.status import LocalSpace
from tests.browser.support.bodies import space
from tests.browser.support.deployed_page import MODEL, PATIENCE_MS, STOP_SECONDS
from tests.browser.support.gateway_stub import GatewayStub
from tests.local_cloud import DeployedCloud

pytestmark = [pytest.mark.browser, pytest.mark.local]

NODE = Path(sys.executable).with_name("node")
RUN_SECONDS = 60
RUNNERS = {
    "Python": [sys.executable, "-c"],
    "JavaScript": [str(NODE), "--input-type=module", "--eval"],
    "curl": ["sh", "-ec"],
}


@pytest.fixture(scope="module", params=["prompt", "files"])
def mirror(deployed_cloud: DeployedCloud, request: pytest.FixtureRequest) -> Iterator[LocalSpace]:
    """A space with a worker: one that takes a prompt, and one that also takes files."""
    rules: dict[str, Any] = {"features": ["prompt", "audio"], "accept": ["audio/*"], "max_files": 1}
    settings = rules if request.param == "files" else {}
    made = deployed_cloud.create_space(title="Mirror", **settings)
    command = deployed_cloud.worker_command(made, "run", "--function", MODEL, "--worker-id", "lab")
    with subprocess.Popen(command.arguments, env=command.environment) as worker:
        yield made
        worker.terminate()
        worker.wait(STOP_SECONDS)


@pytest.fixture
def space_page(
    new_context: Callable[..., BrowserContext], deployed_cloud: DeployedCloud, mirror: LocalSpace
) -> Page:
    page = new_context(base_url=deployed_cloud.page_url).new_page()
    page.goto(f"/space.html?space={mirror.space}&view=api")
    words = page.locator("[data-part=connection-words]")
    expect(words).to_contain_text("Connected to lab", timeout=PATIENCE_MS)
    return page


@pytest.mark.parametrize("language", RUNNERS)
def test_snippet_runs_as_it_stands(space_page: Page, tmp_path: Path, language: str) -> None:
    space_page.get_by_role("tab", name=language, exact=True).click()
    code = space_page.locator("#snippet").inner_text()
    (tmp_path / "file.wav").write_bytes(b"RIFF....WAVEfmt ")

    done = subprocess.run(
        [*RUNNERS[language], code],
        check=True,
        capture_output=True,
        cwd=tmp_path,
        text=True,
        timeout=RUN_SECONDS,
    )

    assert "COMPLETED" in done.stdout, done


def test_snippet_has_what_the_form_holds(page: Page, gateway: GatewayStub) -> None:
    gateway.spaces = [space()]
    page.goto("/space.html?space=echo")
    page.get_by_label("Prompt").fill('it\'s "50 %" $HOME')
    page.get_by_role("tab", name="API", exact=True).click()
    page.get_by_role("tab", name="Python", exact=True).click()
    code = page.locator("#snippet").inner_text()

    assert '"it\'s \\"50 %\\" $HOME"' in code


def test_key_stands_in_the_code_and_nowhere_else(page: Page, gateway: GatewayStub) -> None:
    gateway.spaces = [space(visibility="private")]
    page.goto("/space.html?space=echo&view=api")
    page.get_by_label("API key").fill("wsk_secret")

    for tab in page.locator("[data-part=code] [role=tab]").all():
        tab.click()
        expect(page.locator("#snippet")).to_contain_text("wsk_")
    stored = page.evaluate("JSON.stringify([localStorage, sessionStorage])")
    assert "wsk_secret" not in stored
    assert all("wsk_secret" not in str(call) for call in gateway.calls)
