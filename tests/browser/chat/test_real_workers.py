"""Conversations on the deployed system: a worker dies, and a second device goes on."""

import re
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from secrets import token_hex

import pytest
from playwright.sync_api import BrowserContext, Locator, Page, expect

from infra.local.people import create_person
from infra.local.status import LocalSpace
from tests.browser.support.deployed_page import PATIENCE_MS, STOP_SECONDS, SignIn, sign_in
from tests.local_cloud import DeployedCloud

pytestmark = [pytest.mark.browser, pytest.mark.local]
__all__ = ["sign_in"]

TAKING_OVER_MS = 90_000
"""The place of a worker that was killed is kept for 30 s."""
WORKER = Path(__file__).parents[1] / "support" / "talking_worker.py"


class Workers:
    """Starts workers of a space."""

    def __init__(self, cloud: DeployedCloud, space: LocalSpace, hold: Path) -> None:
        self.space = space
        self.hold = hold
        command = cloud.worker_command(space)
        url = command.arguments[command.arguments.index("--url") + 1]
        named = {"TALK_SPACE": space.space, "TALK_HOLD": str(hold), "SPACES_URL": url}
        self._environment = {**command.environment, **named}

    @contextmanager
    def started(self, name: str) -> Iterator[subprocess.Popen[bytes]]:
        environment = {**self._environment, "TALK_NAME": name}
        with subprocess.Popen([sys.executable, WORKER], env=environment) as process:
            try:
                yield process
            finally:
                process.terminate()
                process.wait(STOP_SECONDS)


@pytest.fixture
def workers(deployed_cloud: DeployedCloud, tmp_path: Path) -> Workers:
    space = deployed_cloud.create_space(title="Talk", features=["call"], visibility="public")
    return Workers(deployed_cloud, space, tmp_path / "hold")


def open_talk(page: Page, space: LocalSpace) -> None:
    page.set_default_timeout(PATIENCE_MS)
    page.goto(f"/space.html?space={space.space}")
    expect(page.get_by_role("textbox", name="Message")).to_be_visible(timeout=PATIENCE_MS)


def say(page: Page, words: str) -> None:
    page.get_by_role("textbox", name="Message").fill(words)
    page.keyboard.press("Enter")


def last_answer(page: Page) -> Locator:
    return page.locator(".chat-turn[data-role=assistant]").last


def expect_answer(page: Page, words: str, timeout: int = PATIENCE_MS) -> None:
    expect(last_answer(page).locator(".prose")).to_have_text(words, timeout=timeout)


def test_another_worker_finishes_the_answer_of_one_that_was_killed(
    workers: Workers, new_context: Callable[..., BrowserContext], deployed_cloud: DeployedCloud
) -> None:
    page = new_context(base_url=deployed_cloud.page_url).new_page()
    with workers.started("first") as first:
        open_talk(page, workers.space)
        say(page, "Hello")
        expect_answer(page, "first heard Hello.")
        workers.hold.touch()
        say(page, "Still there?")
        expect_answer(page, "first heard Hello, Still there?")
        first.kill()
    workers.hold.unlink()
    with workers.started("second"):
        expect_answer(page, "second heard Hello, Still there?.", TAKING_OVER_MS)
        expect(last_answer(page)).to_contain_text("attempt 2", timeout=PATIENCE_MS)

        page.reload()

        expect_answer(page, "second heard Hello, Still there?.")
        expect(page.locator(".chat-turn")).to_have_count(4)


def test_a_second_device_goes_on_the_first_deletes_and_signing_out_forgets(
    workers: Workers, sign_in: SignIn, deployed_cloud: DeployedCloud
) -> None:
    person = create_person(deployed_cloud.cloud, f"talker-{token_hex(3)}")
    with workers.started("lab"):
        one = sign_in("/", person)
        open_talk(one, workers.space)
        say(one, "One")
        expect_answer(one, "lab heard One.")
        say(one, "Two")
        expect_answer(one, "lab heard One, Two.")

        two = sign_in("/", person)
        open_talk(two, workers.space)
        expect(two.locator(".chat-list-item")).to_have_count(0)
        history = two.locator("[data-part=history-panel]")
        history.get_by_role("link", name=re.compile("Answered.*Two")).click()
        expect(two.locator(".chat-question")).to_have_text(["One", "Two"], timeout=PATIENCE_MS)
        say(two, "Three")
        expect_answer(two, "lab heard One, Two, Three.")
        expect(two.locator(".chat-list-item")).to_have_text(["One"])

        talk = one.locator("[data-part=history-panel] li", has_text="2 messages")
        talk.get_by_role("button", name="Delete “One”").click()
        talk.get_by_role("button", name="Delete all 2 for everyone? “One”").click()
        expect(talk).to_have_count(0)
        two.reload()
        expect(history.get_by_role("link")).to_have_text(re.compile("Three"))

    two.locator("details.account summary").click()
    two.get_by_role("button", name="Sign out").click()
    two.wait_for_url(re.compile(r"cloudfront\.localhost:\d+/$"))
    expect(two.get_by_role("button", name="Sign in").first).to_be_visible()
    open_talk(two, workers.space)
    expect(two.locator(".chat-list-item")).to_have_count(0)
    expect(two.locator(".chat-turn")).to_have_count(0)
