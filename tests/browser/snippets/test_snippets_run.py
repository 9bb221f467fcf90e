"""The snippets of a space work as shown, in fresh environments, against the deployed system."""

import json
import os
import re
import subprocess
from base64 import urlsafe_b64decode
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from secrets import token_hex
from typing import Any

import pytest
from playwright.sync_api import BrowserContext, FilePayload, Page, expect

from infra.admin.admin_client import create_secret
from infra.local.people import create_person
from infra.local.spaces import admin_of
from infra.local.status import LocalPerson, LocalSpace
from infra.project import PROJECT_FOLDER
from tests.browser.support.deployed_page import PATIENCE_MS, STOP_SECONDS, SignIn, sign_in
from tests.browser.support.run_snippet import NODE, OPENAI, REST, run
from tests.local.support.caller_environment import CallerEnvironment, install_caller
from tests.local_cloud import DeployedCloud
from tests.openai_clients.environment import python_of_clients

pytestmark = [pytest.mark.browser, pytest.mark.local, pytest.mark.timeout(240)]
__all__ = ["sign_in"]

MIRRORS = PROJECT_FOLDER / "tests/browser/support/mirrors.py"
CALLER = ("Python client", "Command")
PROMPT = 'it\'s "50 %" $HOME \\ `id`, 你好'
PNG = b"\x89PNG\r\n\x1a\n\xff\x00"


@dataclass(frozen=True)
class Case:
    """A space, and what is filled in on its page.

    Attributes:
        settings: The settings of the space.
        options: The labels and values of its options.
        files: The files that are chosen, with their types.
        heard: What the model should get.
        function: The function of the worker.
        talks: Whether the page is a conversation.
    """

    settings: dict[str, Any]
    heard: dict[str, Any]
    options: dict[str, str] = field(default_factory=dict)
    files: dict[str, tuple[str, bytes]] = field(default_factory=dict)
    function: str = "mirror"
    talks: bool = False

    @property
    def is_private(self) -> bool:
        return self.settings.get("visibility") == "private"


OPTIONS = {"mode": 'so "good"', "beam": "4"}
PARAMS = {"mode": 'so "good"', "beam": 4}
SYSTEM = "Don't hurry."
TALK = {
    "messages": [{"role": "system", "content": SYSTEM}, {"role": "user", "content": PROMPT}],
    "temperature": 0.5,
}
CASES = {
    "prompt": Case(
        settings={},
        heard={"prompt": PROMPT, "params": {"mode": "fast", "beam": 1}, "files": []},
    ),
    "options and a key": Case(
        settings={"visibility": "private"},
        options=OPTIONS,
        heard={"prompt": PROMPT, "params": PARAMS, "files": []},
    ),
    "files, options and a key": Case(
        settings={
            "visibility": "private",
            "features": ["prompt", "file"],
            "accept": ["text/plain", "image/*"],
            "max_files": 2,
        },
        options=OPTIONS,
        files={"it's one.txt": ("text/plain", b"first"), "two.png": ("image/png", PNG)},
        heard={"prompt": PROMPT, "params": PARAMS, "files": ["first", PNG.decode("latin-1")]},
    ),
    "a recording": Case(
        settings={"features": ["prompt", "audio"], "accept": ["audio/*"], "max_files": 1},
        options=OPTIONS,
        files={"it's one.wav": ("audio/wav", b"RIFF....WAVEfmt ")},
        heard={"prompt": PROMPT, "params": PARAMS, "files": ["RIFF....WAVEfmt "]},
    ),
    "a conversation": Case(
        settings={"features": ["call"]},
        talks=True,
        function="mirror_talk",
        heard=TALK,
    ),
    "a conversation and a key": Case(
        settings={"features": ["prompt", "call"], "visibility": "private"},
        talks=True,
        function="mirror_talk",
        heard=TALK,
    ),
}


@dataclass(frozen=True)
class Shown:
    """The snippets of a page by their titles, and what they were made from."""

    case: Case
    codes: dict[str, str]


@pytest.fixture(scope="module")
def caller(tmp_path_factory: pytest.TempPathFactory) -> CallerEnvironment:
    return install_caller(tmp_path_factory.mktemp("caller"))


@pytest.fixture(scope="module", params=CASES)
def case(request: pytest.FixtureRequest) -> Case:
    return CASES[request.param]


@pytest.fixture(scope="module")
def linked_space(deployed_cloud: DeployedCloud, case: Case) -> Iterator[LocalSpace]:
    made = deployed_cloud.create_space(title="Mirror", **case.settings)
    function = f"{MIRRORS}:{case.function}"
    command = deployed_cloud.worker_command(made, "run", "--function", function, "--worker-id", "a")
    with subprocess.Popen(command.arguments, env=command.environment) as worker:
        yield made
        worker.terminate()
        worker.wait(STOP_SECONDS)


@pytest.fixture(scope="module")
def administrator(deployed_cloud: DeployedCloud) -> LocalPerson:
    return create_person(deployed_cloud.cloud, f"snippets-{token_hex(3)}-admin", administrator=True)


@pytest.fixture
def space_page(
    new_context: Callable[..., BrowserContext],
    sign_in: SignIn,
    deployed_cloud: DeployedCloud,
    linked_space: LocalSpace,
    administrator: LocalPerson,
    case: Case,
) -> Page:
    address = f"/space.html?space={linked_space.space}"
    if case.is_private:
        page = sign_in(address, administrator)
    else:
        page = new_context(base_url=deployed_cloud.page_url).new_page()
        page.goto(address)
    words = page.locator("[data-part=connection-words]")
    expect(words).to_contain_text("Connected to a", timeout=PATIENCE_MS)
    return page


def fill_form(page: Page, case: Case) -> None:
    page.get_by_label("Prompt").fill(PROMPT)
    if case.options:
        page.get_by_text("Options", exact=True).click()
    for label, value in case.options.items():
        page.get_by_label(label, exact=True).fill(value)
    if case.files:
        chosen: list[FilePayload] = [
            {"name": name, "mimeType": kind, "buffer": content}
            for name, (kind, content) in case.files.items()
        ]
        page.locator("[data-part=file-input]").set_input_files(chosen)
        ready = page.locator(".attachment[data-phase=ready]")
        expect(ready).to_have_count(len(chosen), timeout=PATIENCE_MS)


def fill_conversation(page: Page) -> None:
    page.get_by_role("button", name="Options").click()
    page.get_by_label("System prompt").fill(SYSTEM)
    page.get_by_label("Temperature").fill("0.5")
    page.get_by_role("textbox", name="Message").fill(PROMPT)


@pytest.fixture
def shown(
    space_page: Page, deployed_cloud: DeployedCloud, linked_space: LocalSpace, case: Case
) -> Shown:
    """All snippets, after the page was filled in."""
    if case.talks:
        fill_conversation(space_page)
    else:
        fill_form(space_page, case)
    space_page.get_by_role("tab", name="API", exact=True).click()
    if case.is_private:
        admin = admin_of(deployed_cloud.cloud)
        key = create_secret(admin, "key", [linked_space.space])["key"]
        space_page.get_by_label("API key").fill(key)
    codes = {}
    for title in (*REST, *CALLER, *OPENAI):
        space_page.get_by_role("tab", name=title, exact=True).click()
        codes[title] = space_page.locator("#snippet").inner_text()
    return Shown(case, codes)


def heard(printed: str) -> Any:
    found = re.search(r"heard:([\w=-]+):", printed)
    assert found, printed
    return json.loads(urlsafe_b64decode(found[1]))


@pytest.mark.usefixtures("space_page")
def test_snippets_run_as_they_stand(
    shown: Shown, caller: CallerEnvironment, tmp_path: Path
) -> None:
    for name, (_, content) in shown.case.files.items():
        (tmp_path / name).write_bytes(content)
    own = caller.folder / "bin"
    module = [NODE, "--input-type=module", "--eval"]

    for title, words in {
        "curl": ["/bin/sh", "-ec"],
        "Python": [str(own / "python"), "-c"],
        "JavaScript": module,
        "Python client": [str(own / "python"), "-c"],
        "Command": ["/bin/sh", "-ec"],
        "OpenAI: curl": ["/bin/sh", "-ec"],
    }.items():
        code = shown.codes[title]
        path = f"{own}{os.pathsep}/usr/bin{os.pathsep}/bin"
        said = f"{PROMPT}\n" if "spaces chat" in code else ""
        printed = run([*words, code], tmp_path, said=said, path=path)

        assert heard(printed) == shown.case.heard, title
        assert title not in REST or "COMPLETED" in printed


@pytest.mark.usefixtures("space_page")
def test_snippets_run_with_the_openai_packages(shown: Shown, tmp_path: Path) -> None:
    for name, (_, content) in shown.case.files.items():
        (tmp_path / name).write_bytes(content)
    (tmp_path / "node_modules").mkdir()
    package = PROJECT_FOLDER / "node_modules/openai"
    (tmp_path / "node_modules/openai").symlink_to(package, target_is_directory=True)

    python, node = (shown.codes[title] for title in OPENAI[1:])
    printed = run([NODE, "--input-type=module", "--eval", node], tmp_path)
    assert heard(printed) == shown.case.heard
    printed = run([python_of_clients(), "-c", python], tmp_path)
    assert heard(printed) == shown.case.heard
