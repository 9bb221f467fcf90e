"""Files, streamed text and options on the deployed system, with a real worker."""

import re
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from playwright.sync_api import BrowserContext, Page, expect

from infra.local.status import LocalSpace
from tests.browser.support.file_form import PNG, picture
from tests.browser.support.result_menu import delete_button
from tests.local_cloud import DeployedCloud

pytestmark = [pytest.mark.browser, pytest.mark.local]

STUDIO = Path(__file__).parents[1] / "support" / "streaming_worker.py"
PATIENCE_MS = 30_000
STOP_SECONDS = 20


@pytest.fixture(scope="module")
def hold(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The file that keeps the worker from saying its last word."""
    return tmp_path_factory.mktemp("studio") / "hold"


@pytest.fixture(scope="module")
def studio(deployed_cloud: DeployedCloud, hold: Path) -> Iterator[LocalSpace]:
    """A space that takes pictures and sound, with its worker."""
    space = deployed_cloud.create_space(
        title="Studio",
        features=["prompt", "image", "audio"],
        accept=["image/*", "audio/*"],
        max_files=2,
        max_file_bytes=5 * 1024 * 1024,
    )
    command = deployed_cloud.worker_command(space)
    url = command.arguments[command.arguments.index("--url") + 1]
    named = {"STUDIO_SPACE": space.space, "STUDIO_HOLD": str(hold), "SPACES_URL": url}
    with subprocess.Popen([sys.executable, STUDIO], env={**command.environment, **named}) as worker:
        yield space
        worker.terminate()
        worker.wait(STOP_SECONDS)


@pytest.fixture
def studio_page(
    new_context: Callable[..., BrowserContext], deployed_cloud: DeployedCloud, studio: LocalSpace
) -> Page:
    context = new_context(base_url=deployed_cloud.page_url, permissions=["microphone"])
    page = context.new_page()
    page.set_default_timeout(PATIENCE_MS)
    page.goto(f"/space.html?space={studio.space}")
    words = page.locator("[data-part=connection-words]")
    expect(words).to_contain_text("Connected to studio", timeout=PATIENCE_MS)
    expect(page.get_by_text("Options")).to_be_visible(timeout=PATIENCE_MS)
    expect(page.get_by_role("button", name="Choose files")).to_be_visible(timeout=PATIENCE_MS)
    return page


def run(page: Page) -> None:
    page.get_by_role("button", name="Run", exact=True).click()


def headline(page: Page, text: str) -> None:
    expect(page.locator("#result-title")).to_have_text(text, timeout=PATIENCE_MS)


def test_text_is_seen_before_the_answer_is_complete(studio_page: Page, hold: Path) -> None:
    hold.touch()
    studio_page.get_by_label("Prompt").fill("Speak")
    run(studio_page)

    first = studio_page.locator("[data-writing] .prose")
    expect(first).to_contain_text("word0", timeout=PATIENCE_MS)
    expect(first).not_to_contain_text("word11")
    hold.unlink()
    headline(studio_page, "Answered")
    whole = " ".join(f"word{number}" for number in range(12))
    expect(studio_page.locator("[data-part=answer] .prose")).to_have_text(whole)


def test_text_comes_by_the_event_stream_once_the_space_is_known_to_stream(
    studio_page: Page, hold: Path, deployed_cloud: DeployedCloud
) -> None:
    calls: list[str] = []
    studio_page.on("request", lambda request: calls.append(request.url))
    answer = studio_page.locator("[data-part=answer] .prose")
    whole = " ".join(f"word{number}" for number in range(12))

    for prompt in ("Speak", "Speak again"):  # the first text of a new space is polled
        calls.clear()
        hold.touch()
        studio_page.get_by_label("Prompt").fill(prompt)
        run(studio_page)
        expect(answer).to_contain_text("word10", timeout=PATIENCE_MS)
        hold.unlink()
        headline(studio_page, "Answered")
        expect(answer).to_have_text(whole)
        assert stream_of(calls, deployed_cloud), prompt

    first = calls.index(stream_of(calls, deployed_cloud)[0])
    assert not [url for url in calls[first:] if "/status" in url]


def stream_of(calls: list[str], cloud: DeployedCloud) -> list[str]:
    return [url for url in calls if url.startswith(cloud.status.stream_url)]


def test_picture_goes_to_the_worker_and_comes_back_and_what_is_hostile_is_a_download(
    studio_page: Page,
) -> None:
    studio_page.locator("[data-part=file-input]").set_input_files(
        [picture("cat.png", size=len(PNG))]
    )
    studio_page.get_by_text("Options").click()
    studio_page.get_by_label("Pause").fill("0")
    run(studio_page)

    headline(studio_page, "Answered")
    shown = studio_page.get_by_role("img", name="Image: cat.png")
    expect(shown).to_have_js_property("naturalWidth", 1920)
    expect(studio_page.locator(".result-data")).to_contain_text('"pause": 0')
    with studio_page.expect_download() as download:
        studio_page.get_by_role("link", name="page.html").click()
    assert download.value.suggested_filename == "page.html"
    assert studio_page.evaluate("window.owned") is None


def test_recording_is_sent_and_can_be_played(studio_page: Page) -> None:
    studio_page.get_by_role("button", name="Record").click()
    studio_page.get_by_role("button", name="Stop · 1 s").click()
    expect(studio_page.locator(".attachment[data-phase=ready]")).to_have_count(
        1, timeout=PATIENCE_MS
    )
    studio_page.get_by_text("Options").click()
    studio_page.get_by_label("Pause").fill("0")
    run(studio_page)

    headline(studio_page, "Answered")
    sound = studio_page.locator(".output-files audio")
    expect(sound).to_have_attribute("aria-label", re.compile(r"recording-.*\.wav"))
    expect(sound).to_have_js_property("error", None)


def test_result_is_shared_and_revoked_by_deleting(studio_page: Page) -> None:
    studio_page.get_by_label("Prompt").fill("Share this")
    studio_page.get_by_text("Options").click()
    studio_page.get_by_label("Pause").fill("0")
    run(studio_page)
    headline(studio_page, "Answered")
    shared = studio_page.context.new_page()
    shared.goto(studio_page.url.replace("space.html", "result.html"))
    headline(shared, "Answered")

    delete_button(studio_page).click()
    delete_button(studio_page).click()

    headline(studio_page, "Deleted")
    shared.reload()
    headline(shared, "This result is no longer available")
