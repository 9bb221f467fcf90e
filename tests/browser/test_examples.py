"""Examples of a space: one press fills the form and runs it; a disabled space takes nothing."""

import pytest
from playwright.sync_api import Page, expect

from spaces_protocol.examples import Example
from spaces_protocol.rest_bodies import RequestState, SpaceView
from tests.browser.support.bodies import accepted, space, status
from tests.browser.support.gateway_stub import ACCEPTED, Answer, GatewayStub

pytestmark = pytest.mark.browser

OPTIONS = {"type": "object", "properties": {"style": {"title": "Style", "enum": ["ink", "oil"]}}}


@pytest.fixture(autouse=True)
def answers(gateway: GatewayStub) -> None:
    gateway.submits = [Answer(accepted(), ACCEPTED)]
    gateway.statuses = [Answer(status(RequestState.IN_PROGRESS))]


def test_example_runs_with_its_options(page: Page, gateway: GatewayStub) -> None:
    drawing = Example(title="A drawing", prompt="A house", params={"style": "oil"})
    gateway.spaces = [space(examples=[drawing], params_schema=OPTIONS)]
    page.goto("/space.html?space=echo")

    page.get_by_role("button", name="A drawing").click()

    expect(page.locator("#result-title")).to_have_text("Running on lab-gpu-1")
    (call,) = gateway.calls_to("POST", "/requests")
    assert call.body == {"input": {"prompt": "A house", "params": {"style": "oil"}}}
    expect(page.get_by_role("button", name="A drawing")).to_be_hidden()


def test_example_without_a_title_is_called_by_its_prompt(page: Page, gateway: GatewayStub) -> None:
    gateway.spaces = [space(examples=[Example(prompt="<b>" + "x" * 100)])]
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
