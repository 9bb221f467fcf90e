"""Using the page by keyboard alone, and what a screen reader announces."""

import re

import pytest
from playwright.sync_api import Page, expect

from spaces_protocol.errors import ErrorType
from spaces_protocol.rest_bodies import OutputView, ProgressView, RequestState
from tests.browser.support.bodies import accepted, result, space, status
from tests.browser.support.gateway_stub import ACCEPTED, Answer, GatewayStub, refusal

pytestmark = pytest.mark.browser

MOST_TABS = 30
NAME_OF_FOCUS = """() => {
    const { ariaLabel, labels, textContent, placeholder } = document.activeElement;
    return (ariaLabel ?? labels?.[0]?.textContent ?? textContent ?? placeholder).trim();
}"""
HEAR = """addEventListener("DOMContentLoaded", () => {
    window.heard = [];
    const region = document.querySelector("[data-part=announcement]");
    new MutationObserver(() => window.heard.push(region.textContent))
        .observe(region, { childList: true, characterData: true, subtree: true });
})"""


def tab_to(page: Page, name: str) -> None:
    """Press Tab until the focus stands on what has this name, as somebody without a mouse does."""
    for _ in range(MOST_TABS):
        page.keyboard.press("Tab")
        if page.evaluate(NAME_OF_FOCUS).startswith(name):
            assert page.evaluate("document.activeElement.matches(':focus-visible')")
            return
    pytest.fail(f"{name} is not reached by Tab")


def headline(page: Page, words: str) -> None:
    expect(page.locator("#result-title")).to_have_text(words)


def test_whole_way_by_keys(page: Page, gateway: GatewayStub) -> None:
    page.context.grant_permissions(["clipboard-read", "clipboard-write"])
    gateway.spaces = [space()]
    gateway.submits = [Answer(accepted(), ACCEPTED)]
    gateway.statuses = [Answer(status(RequestState.IN_QUEUE))]
    gateway.cancels = [Answer(status(RequestState.CANCELLED))]
    gateway.results = [Answer(result(RequestState.CANCELLED))]
    page.goto("/space.html?space=echo")
    expect(page.get_by_text("Connected to lab-gpu-1")).to_be_visible()

    tab_to(page, "中文")
    page.keyboard.press("Enter")
    expect(page.locator("html")).to_have_attribute("lang", "zh-Hans")
    expect(page.get_by_role("button", name="English")).to_be_visible()
    tab_to(page, "English")
    page.keyboard.press("Enter")
    expect(page.locator("html")).to_have_attribute("lang", "en")

    expect(page.get_by_text("Connected to lab-gpu-1")).to_be_visible()
    tab_to(page, "Prompt")
    page.keyboard.type("Hello")
    tab_to(page, "Run")
    page.keyboard.press("Enter")
    headline(page, "Next in line")
    expect(page.locator("#result-title")).to_be_focused()

    page.keyboard.press("Shift+Tab")
    assert page.evaluate(NAME_OF_FOCUS) == "Cancel"
    gateway.statuses = [Answer(status(RequestState.CANCELLED))]
    page.keyboard.press("Enter")
    headline(page, "Cancelled")
    expect(page.locator("#result-title")).to_be_focused()

    gateway.statuses = [Answer(status(RequestState.COMPLETED))]
    gateway.results = [Answer(result(output=OutputView(text="Good day.")))]
    tab_to(page, "Run again")
    page.keyboard.press("Enter")
    headline(page, "Answered")
    tab_to(page, "Share")
    page.keyboard.press("Enter")
    expect(page.get_by_role("button", name="Link copied")).to_be_focused()
    assert "/result.html?" in page.evaluate("navigator.clipboard.readText()")
    tab_to(page, "Copy")
    page.keyboard.press("Enter")
    expect(page.get_by_role("status")).to_have_text("Copied")
    assert page.evaluate("navigator.clipboard.readText()") == "Good day."

    tab_to(page, "New request")
    page.keyboard.press("Enter")
    headline(page, "Your result will appear here")
    expect(page.get_by_label("Prompt")).to_be_focused()
    tab_to(page, "AnsweredHello")
    page.keyboard.press("Enter")
    headline(page, "Answered")


def test_each_change_is_heard_once(page: Page, gateway: GatewayStub) -> None:
    gateway.spaces = [space()]
    gateway.submits = [Answer(accepted(retry_after_ms=500), ACCEPTED)]
    waiting = status(RequestState.IN_QUEUE, queue_position=2, eta_seconds=9.0, retry_after_ms=500)
    steps = [ProgressView(percent=each, message=f"Page {each}") for each in range(10, 60, 10)]
    running = [
        status(RequestState.IN_PROGRESS, progress=each, retry_after_ms=500) for each in steps
    ]
    ended = status(RequestState.COMPLETED)
    gateway.statuses = [Answer(each) for each in (waiting, waiting, waiting, *running, ended)]
    gateway.results = [Answer(result(output=OutputView(text="Done.")))]
    page.add_init_script(HEAR)
    page.goto("/space.html?space=echo", wait_until="networkidle")  # all parts are there

    page.get_by_label("Prompt").fill("Hello")
    page.get_by_label("Prompt").press("Control+Enter")
    headline(page, "Answered")

    heard = page.evaluate("window.heard")
    headlines = [words.partition(".")[0] for words in heard]
    known = ["Next in line", "2 requests ahead of you", "Running on lab-gpu-1", "Answered"]
    assert [words for words in headlines if words in known] == known
    others = [words for words in headlines if words not in known]
    assert all(words.startswith("Sending to the gateway") for words in others)
    assert len(others) <= 1


def test_skip_link_leaves_a_refusal_where_it_is(page: Page, gateway: GatewayStub) -> None:
    gateway.spaces = [space()]
    gateway.submits = [refusal(ErrorType.QUEUE_FULL)]
    page.goto("/space.html?space=echo")
    page.get_by_label("Prompt").fill("Hello")
    page.get_by_role("button", name="Run", exact=True).click()
    expect(page.locator("#result-title")).to_have_text("The queue is full")

    page.get_by_role("link", name="Skip to content").press("Enter")

    expect(page).to_have_url(re.compile("#main$"))
    expect(page.locator("#result-title")).to_have_text("The queue is full")
