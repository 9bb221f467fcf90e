"""A request on the deployed system: page, gateway, a real worker, and back."""

import subprocess
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from playwright.sync_api import BrowserContext, Page, expect

from infra.local.status import LocalSpace
from tests.local_cloud import DeployedCloud

pytestmark = [pytest.mark.browser, pytest.mark.local]

MODEL = f"{Path(__file__).parents[1] / 'support' / 'model.py'}:answer"
PATIENCE_MS = 30_000
STOP_SECONDS = 20
HOSTILE = "<img src=x onerror='window.owned = 1'> [bad](javascript:alert(1)) **bold**"


@pytest.fixture(scope="module")
def mirror(deployed_cloud: DeployedCloud) -> Iterator[LocalSpace]:
    """A space with a worker that runs the tests' model."""
    space = deployed_cloud.create_space(title="Mirror")
    command = deployed_cloud.worker_command(space, "run", "--function", MODEL, "--worker-id", "lab")
    with subprocess.Popen(command.arguments, env=command.environment) as worker:
        yield space
        worker.terminate()
        worker.wait(STOP_SECONDS)


@pytest.fixture
def mirror_page(
    new_context: Callable[..., BrowserContext], deployed_cloud: DeployedCloud, mirror: LocalSpace
) -> Page:
    page = new_context(base_url=deployed_cloud.page_url).new_page()
    page.set_default_timeout(PATIENCE_MS)
    page.goto(f"/space.html?space={mirror.space}")
    words = page.locator("[data-part=connection-words]")
    expect(words).to_contain_text("Connected to lab", timeout=PATIENCE_MS)
    return page


def run(page: Page, prompt: str) -> None:
    page.get_by_label("Prompt").fill(prompt)
    page.get_by_role("button", name="Run", exact=True).click()


def headline(page: Page, text: str) -> None:
    expect(page.locator("#result-title")).to_have_text(text, timeout=PATIENCE_MS)


def test_space_is_found_in_the_list(
    new_context: Callable[..., BrowserContext], deployed_cloud: DeployedCloud, mirror: LocalSpace
) -> None:
    page = new_context(base_url=deployed_cloud.page_url).new_page()

    page.goto(f"/?q={mirror.space}")
    page.get_by_role("link", name="Mirror").click()

    expect(page.get_by_role("heading", name="Mirror")).to_be_visible()


def test_prompt_is_answered(mirror_page: Page) -> None:
    run(mirror_page, "Good morning")

    headline(mirror_page, "Answered")
    panel = mirror_page.locator("[data-part=result]")
    for words in ("You said: Good morning", '"length": 12', "87%", "mirror-1", "lab"):
        expect(panel).to_contain_text(words)


def test_progress_is_seen_and_a_reload_in_the_middle_loses_nothing(mirror_page: Page) -> None:
    run(mirror_page, "slowly, please")
    headline(mirror_page, "Running on lab")
    expect(mirror_page.get_by_role("progressbar")).to_be_visible(timeout=PATIENCE_MS)

    mirror_page.reload()

    headline(mirror_page, "Answered")
    expect(mirror_page.locator(".prose")).to_contain_text("slowly, please")


def test_running_request_is_cancelled_and_the_worker_goes_on_with_the_next(
    mirror_page: Page,
) -> None:
    run(mirror_page, "slowly, but not to the end")
    headline(mirror_page, "Running on lab")
    expect(mirror_page.get_by_role("progressbar")).to_be_visible(timeout=PATIENCE_MS)

    mirror_page.get_by_role("button", name="Cancel").click()

    headline(mirror_page, "Cancelled")
    expect(mirror_page.locator("[data-part=result]")).to_contain_text("cancelled while running")
    run(mirror_page, "What was stopped?")
    headline(mirror_page, "Answered")
    expect(mirror_page.locator(".prose")).to_have_text("Stopped: slowly, but not to the end")


def test_cancelled_while_it_waits_it_never_reaches_a_worker(
    new_context: Callable[..., BrowserContext], deployed_cloud: DeployedCloud
) -> None:
    space = deployed_cloud.create_space(title="Empty")
    page = new_context(base_url=deployed_cloud.page_url).new_page()
    page.goto(f"/space.html?space={space.space}")
    run(page, "Never mind")
    headline(page, "Waiting for a worker")

    page.get_by_role("button", name="Cancel").click()
    page.reload()

    headline(page, "Cancelled")
    expect(page.locator("[data-part=result]")).to_contain_text("cancelled while waiting")
    expect(page.get_by_role("button", name="Run again")).to_be_visible()


def test_space_that_refuses_while_offline_says_so_and_takes_the_prompt_once_a_worker_is_there(
    new_context: Callable[..., BrowserContext], deployed_cloud: DeployedCloud
) -> None:
    space = deployed_cloud.create_space(title="Choosy", when_offline="refuse")
    page = new_context(base_url=deployed_cloud.page_url).new_page()
    page.goto(f"/space.html?space={space.space}")

    run(page, "Anybody?")

    headline(page, "No worker is connected")
    expect(page.locator("[data-part=result]")).to_contain_text("You can try again at")
    command = deployed_cloud.worker_command(space, "run", "--function", MODEL, "--worker-id", "lab")
    with subprocess.Popen(command.arguments, env=command.environment) as worker:
        headline(page, "A worker is now connected")
        page.get_by_role("button", name="Run", exact=True).click()
        headline(page, "Answered")
        worker.terminate()
        worker.wait(STOP_SECONDS)


def test_failure_of_the_model_is_told_in_its_words(mirror_page: Page) -> None:
    run(mirror_page, "fail")

    headline(mirror_page, "The model could not answer")
    expect(mirror_page.get_by_text("The picture is too dark to read.", exact=True)).to_be_visible()


def test_hostile_answer_of_a_real_worker_does_nothing(mirror_page: Page) -> None:
    run(mirror_page, HOSTILE)

    headline(mirror_page, "Answered")
    expect(mirror_page.locator(".prose strong").last).to_have_text("bold")
    expect(mirror_page.locator(".prose img, .prose a[href]")).to_have_count(0)
    assert mirror_page.evaluate("window.owned") is None


def test_request_without_a_worker_waits_and_says_so(
    new_context: Callable[..., BrowserContext], deployed_cloud: DeployedCloud
) -> None:
    space = deployed_cloud.create_space(title="Lonely")
    page = new_context(base_url=deployed_cloud.page_url).new_page()
    page.goto(f"/space.html?space={space.space}")

    run(page, "Anybody?")

    headline(page, "Waiting for a worker")
    expect(page.get_by_text("No worker connected · never been online")).to_be_visible()
