"""The code snippets of a space work as shown, against the deployed system."""

import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import BrowserContext, Page, expect

from infra.local.status import LocalSpace
from tests.browser.support.deployed_page import MODEL, PATIENCE_MS, STOP_SECONDS
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
    space = deployed_cloud.create_space(title="Mirror", **settings)
    command = deployed_cloud.worker_command(space, "run", "--function", MODEL, "--worker-id", "lab")
    with subprocess.Popen(command.arguments, env=command.environment) as worker:
        yield space
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


@pytest.mark.parametrize(
    ("language", "words"),
    [("Python", "COMPLETED"), ("JavaScript", "COMPLETED"), ("curl", '"status":"IN_')],
)
def test_snippet_runs_as_it_stands(
    space_page: Page, tmp_path: Path, language: str, words: str
) -> None:
    space_page.get_by_role("tab", name=language, exact=True).click()
    code = space_page.locator("#snippet").inner_text()
    if language == "curl" and "UPLOAD_ID" in code:
        # What stands for the answer of the upload before it is put in by the person.
        code = code.replace("UPLOAD_ID", "'$(jq -r .upload_id upload.json)'")
    (tmp_path / "file.wav").write_bytes(b"RIFF....WAVEfmt ")

    done = subprocess.run(
        [*RUNNERS[language], code.replace("REQUEST_ID", "x")],
        check=True,
        capture_output=True,
        cwd=tmp_path,
        text=True,
        timeout=RUN_SECONDS,
    )

    assert words in done.stdout, done
