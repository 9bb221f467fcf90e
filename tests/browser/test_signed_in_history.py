"""The history of a signed-in user on the deployed system: shown, searched, deleted."""

import re
import subprocess
from collections.abc import Iterator
from secrets import token_hex

import pytest
from playwright.sync_api import Page, expect

from infra.local.people import create_person
from infra.local.status import LocalPerson, LocalSpace
from tests.browser.support.deployed_page import MODEL, PATIENCE_MS, STOP_SECONDS, SignIn, sign_in
from tests.browser.support.result_menu import delete_button
from tests.local_cloud import DeployedCloud

pytestmark = [pytest.mark.browser, pytest.mark.local]
__all__ = ["sign_in"]


@pytest.fixture
def members_space(deployed_cloud: DeployedCloud) -> Iterator[LocalSpace]:
    space = deployed_cloud.create_space(title="Club", visibility="members")
    command = deployed_cloud.worker_command(space, "run", "--function", MODEL, "--worker-id", "lab")
    with subprocess.Popen(command.arguments, env=command.environment) as worker:
        yield space
        worker.terminate()
        worker.wait(STOP_SECONDS)


@pytest.fixture
def person(deployed_cloud: DeployedCloud) -> LocalPerson:
    return create_person(deployed_cloud.cloud, f"reader-{token_hex(3)}")


def ask(page: Page, prompt: str) -> None:
    page.get_by_label("Prompt").fill(prompt)
    page.get_by_role("button", name="Run", exact=True).click()
    expect(page.locator(".prose")).to_contain_text(prompt, timeout=PATIENCE_MS)


def test_requests_are_found_on_another_device_and_deleted_everywhere(
    sign_in: SignIn,
    members_space: LocalSpace,
    person: LocalPerson,
) -> None:
    address = f"/space.html?space={members_space.space}"
    first = sign_in("/", person)
    first.goto(address)
    expect(first.get_by_text("Connected to lab")).to_be_visible(timeout=PATIENCE_MS)
    ask(first, "Ants and bees")
    first.get_by_role("button", name="New request").click()
    ask(first, "Cats and dogs")

    second = sign_in("/", person)
    second.goto(address)
    history = second.locator("[data-part=history-panel]")
    ants = history.get_by_role("link", name=re.compile("Answered.*Ants and bees"))
    expect(ants).to_be_visible(timeout=PATIENCE_MS)
    ants.click()
    expect(second.locator(".prose")).to_contain_text("Ants and bees", timeout=PATIENCE_MS)

    delete_button(second).click()
    delete_button(second).click()
    expect(second.locator("#result-title")).to_have_text("Deleted", timeout=PATIENCE_MS)
    first.reload()
    expect(first.get_by_role("link", name=re.compile("Cats and dogs"))).to_be_visible()
    expect(first.get_by_role("link", name=re.compile("Ants and bees"))).to_have_count(0)
