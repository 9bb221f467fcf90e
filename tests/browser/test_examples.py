"""Examples of a space: one press fills the form and runs it; a disabled space takes nothing."""

import pytest
from playwright.sync_api import Page, expect

from spaces_protocol.rest_bodies import (
    ExampleFileView,
    ExampleView,
    FileRules,
    RequestState,
    SpaceView,
)
from tests.browser.support.bodies import accepted, space, status
from tests.browser.support.file_form import PNG
from tests.browser.support.gateway_stub import ACCEPTED, Answer, GatewayStub

pytestmark = pytest.mark.browser

OPTIONS = {"type": "object", "properties": {"style": {"title": "Style", "enum": ["ink", "oil"]}}}


@pytest.fixture(autouse=True)
def answers(gateway: GatewayStub) -> None:
    gateway.submits = [Answer(accepted(), ACCEPTED)]
    gateway.statuses = [Answer(status(RequestState.IN_PROGRESS))]


def test_example_runs_with_its_options(page: Page, gateway: GatewayStub) -> None:
    drawing = ExampleView(title="A drawing", prompt="A house", params={"style": "oil"})
    gateway.spaces = [space(examples=[drawing], params_schema=OPTIONS)]
    page.goto("/space.html?space=echo")

    page.get_by_role("button", name="A drawing").click()

    expect(page.locator("#result-title")).to_have_text("Running on lab-gpu-1")
    (call,) = gateway.calls_to("POST", "/requests")
    assert call.body == {"input": {"prompt": "A house", "params": {"style": "oil"}}}
    expect(page.get_by_role("button", name="A drawing")).to_be_hidden()


def test_example_without_a_title_is_called_by_its_prompt(page: Page, gateway: GatewayStub) -> None:
    gateway.spaces = [space(examples=[ExampleView(prompt="<b>" + "x" * 100)])]
    page.goto("/space.html?space=echo")

    expect(page.get_by_role("button", name=f"<b>{'x' * 57}…")).to_be_visible()


@pytest.mark.parametrize(
    ("view", "words"),
    [
        (space(disabled=True), "This space is disabled, so nothing can be sent."),
        (
            space(state="paused", connected=False, when_offline="refuse"),
            "This space is paused, so nothing can be sent.",
        ),
    ],
    ids=["disabled", "paused"],
)
def test_closed_space_says_so_and_sends_nothing(
    page: Page, gateway: GatewayStub, view: SpaceView, words: str
) -> None:
    gateway.spaces = [view]
    page.goto("/space.html?space=echo")
    expect(page.get_by_text(words)).to_be_visible()
    page.get_by_label("Prompt").fill("Hello")

    page.get_by_label("Prompt").press("Control+Enter")

    expect(page.get_by_role("button", name="Run", exact=True)).to_have_attribute(
        "aria-disabled", "true"
    )
    assert gateway.calls_to("POST", "/requests") == []


def test_paused_space_that_queues_still_takes_requests(page: Page, gateway: GatewayStub) -> None:
    gateway.spaces = [space(state="paused", connected=False)]
    page.goto("/space.html?space=echo")
    page.get_by_label("Prompt").fill("Hello")

    page.get_by_role("button", name="Run", exact=True).click()

    expect(page.locator("#result-title")).to_have_text("Running on lab-gpu-1")


SPACE_POLL_MS = 10_000
RULES = FileRules(accept=["image/*", "text/csv"], max_files=2, max_file_bytes=10_000)


def pictured(page_url: str, version: int = 1) -> SpaceView:
    """A space with an example of two files, whose URLs are signed again for each version."""
    files = [
        ExampleFileView(
            name=name,
            content_type=content_type,
            size=size,
            url=f"{page_url}/storage/{name}?signature={version}",
            inline=content_type == "image/png",
        )
        for name, content_type, size in (("cat.png", "image/png", 600), ("a.csv", "text/csv", 4))
    ]
    example = ExampleView(title="A cat", prompt="What is it?", files=files)
    title = f"Version {version}"
    return space(title=title, features=["prompt", "image"], files=RULES, examples=[example])


@pytest.fixture
def stored(gateway: GatewayStub, static_page_url: str) -> GatewayStub:
    gateway.storage.files["cat.png"] = ("image/png", PNG[:600])
    gateway.storage.files["a.csv"] = ("text/csv", b"a,b\n")
    gateway.spaces = [pictured(static_page_url)]
    return gateway


def test_example_runs_with_its_files(page: Page, stored: GatewayStub) -> None:
    page.goto("/space.html?space=echo")

    page.get_by_role("button", name="A cat").click()

    expect(page.locator("#result-title")).to_have_text("Running on lab-gpu-1")
    (call,) = stored.calls_to("POST", "/requests")
    ids = stored.upload_ids()
    assert call.body["input"] == {
        "prompt": "What is it?",
        "files": [{"upload_id": ids["cat.png"]}, {"upload_id": ids["a.csv"]}],
    }
    assert any(PNG[:600] in post for post in stored.storage.posts)
    assert any(b"a,b\n" in post for post in stored.storage.posts)


def test_example_shows_its_picture_which_does_not_flicker(
    fresh_page: Page, stored: GatewayStub, static_page_url: str
) -> None:
    fresh_page.clock.install()
    fresh_page.goto("/space.html?space=echo")
    picture = fresh_page.get_by_role("button", name="A cat").locator("img")
    expect(picture).to_have_attribute("src", f"{static_page_url}/storage/cat.png?signature=1")

    stored.spaces = [pictured(static_page_url, version=2)]
    fresh_page.clock.run_for(SPACE_POLL_MS)

    expect(fresh_page.get_by_role("heading", name="Version 2")).to_be_visible()
    expect(picture).to_have_attribute("src", f"{static_page_url}/storage/cat.png?signature=1")


def test_example_whose_files_are_gone_says_so_and_sends_nothing(
    page: Page, stored: GatewayStub
) -> None:
    page.goto("/space.html?space=echo")
    button = page.get_by_role("button", name="A cat")
    expect(button).to_be_visible()
    del stored.storage.files["a.csv"]

    button.click()

    expect(page.get_by_role("alert")).to_contain_text("this example could not be loaded")
    assert stored.calls_to("POST", "/requests") == []
