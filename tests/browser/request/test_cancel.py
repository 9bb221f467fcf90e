"""Cancelling a request: immediately, too late, without a network, and never by accident."""

from typing import Any

import pytest
from playwright.sync_api import Locator, Page, expect

from spaces_protocol.errors import ErrorType
from spaces_protocol.rest_bodies import OutputView, ProgressView, RequestState
from tests.browser.support.bodies import REQUEST_ID, accepted, result, space, status, times
from tests.browser.support.gateway_stub import (
    ACCEPTED,
    LATE,
    NO_NETWORK,
    Answer,
    GatewayStub,
    refusal,
)

pytestmark = pytest.mark.browser

ADDRESS = f"/space.html?space=echo&request={REQUEST_ID}"
WAITING = Answer(status(RequestState.IN_QUEUE))
RUNNING = Answer(
    status(RequestState.IN_PROGRESS, progress=ProgressView(percent=40, message="Reading"))
)
CANCELLED = status(RequestState.CANCELLED)
TOLD_TO_STOP = Answer(CANCELLED, ACCEPTED)
OUT_OF_THE_QUEUE = Answer(
    status(RequestState.CANCELLED, times=times(started=False, ended=True), worker_id=None)
)


@pytest.fixture
def running_page(page: Page, gateway: GatewayStub) -> Page:
    gateway.spaces = [space(state="busy")]
    gateway.statuses = [RUNNING]
    gateway.results = [Answer(result(RequestState.CANCELLED))]
    page.goto(ADDRESS)
    headline(page, "Running on lab-gpu-1")
    return page


def headline(page: Page, text: str) -> None:
    expect(page.locator("#result-title")).to_have_text(text)


def panel(page: Page) -> Locator:
    return page.locator("[data-part=result]")


def button(page: Page, name: str = "Cancel") -> Locator:
    return page.get_by_role("button", name=name, exact=True)


def announced(page: Page, text: str) -> None:
    expect(page.locator("[data-part=announcement]")).to_contain_text(text)


def cancels(gateway: GatewayStub) -> list[Any]:
    return gateway.calls_to("PUT", f"/spaces/echo/requests/{REQUEST_ID}/cancel")


def test_waiting_request_is_cancelled_and_can_be_run_again(
    page: Page, gateway: GatewayStub
) -> None:
    gateway.spaces = [space()]
    gateway.submits = [Answer(accepted(), ACCEPTED)]
    gateway.statuses = [WAITING]
    gateway.cancels = [OUT_OF_THE_QUEUE]
    gateway.results = [
        Answer(result(RequestState.CANCELLED, times=times(started=False, ended=True)))
    ]
    page.goto("/space.html?space=echo")
    page.get_by_label("Prompt").fill("Hello")
    button(page, "Run").click()

    button(page).click()

    headline(page, "Cancelled")
    expect(panel(page)).to_contain_text("It was cancelled while waiting. There is no answer.")
    expect(button(page)).to_be_hidden()
    expect(button(page, "Run")).to_be_enabled()
    button(page, "Run again").click()
    headline(page, "Next in line")
    assert len(gateway.calls_to("POST", "/requests")) == 2


def test_running_request_is_cancelled_and_focus_goes_to_the_news(
    running_page: Page, gateway: GatewayStub
) -> None:
    gateway.cancels = [TOLD_TO_STOP]

    button(running_page).focus()
    running_page.keyboard.press("Enter")

    headline(running_page, "Cancelled")
    expect(running_page.locator("#result-title")).to_be_focused()
    announced(
        running_page, "Cancelled. It was cancelled while running, and its worker was asked to stop."
    )
    assert len(cancels(gateway)) == 1


def test_press_is_answered_at_once_and_counts_once(
    running_page: Page, gateway: GatewayStub
) -> None:
    gateway.cancels = [LATE]
    expect(button(running_page)).to_be_enabled()

    # The words stand before the browser can paint again.
    words = button(running_page).evaluate("button => (button.click(), button.textContent)")

    assert words == "Cancelling…"
    headline(running_page, "Cancelling…")
    announced(running_page, "Cancelling… Asking the gateway to stop it.")
    expect(button(running_page, "Cancelling…")).to_be_disabled()
    button(running_page, "Cancelling…").click(force=True)
    expect(running_page.get_by_role("progressbar")).to_be_visible()
    gateway.answer_late(TOLD_TO_STOP)
    headline(running_page, "Cancelled")
    assert len(cancels(gateway)) == 1


def test_request_that_ended_before_the_cancel_shows_its_answer(
    running_page: Page, gateway: GatewayStub
) -> None:
    gateway.cancels = [refusal(ErrorType.ALREADY_ENDED)]
    gateway.results = [Answer(result(output=OutputView(text="Just in time")))]

    button(running_page).click()

    headline(running_page, "Answered")
    expect(running_page.get_by_text("Just in time")).to_be_visible()
    announced(running_page, "Answered. The request ended before it could be cancelled.")


@pytest.mark.parametrize(
    ("failure", "words"),
    [
        (
            NO_NETWORK,
            (
                "The gateway did not confirm the cancellation, so the request may still run. "
                "You can cancel again."
            ),
        ),
        (
            refusal(ErrorType.RATE_LIMITED, Retry_After="90"),
            "The gateway is too busy to cancel the request, so it may still run.",
        ),
    ],
)
def test_cancel_that_failed_says_so_and_can_be_tried_again(
    running_page: Page, gateway: GatewayStub, failure: Answer, words: str
) -> None:
    gateway.cancels = [failure, TOLD_TO_STOP]
    button(running_page).focus()
    expect(button(running_page)).to_be_enabled()

    running_page.keyboard.press("Enter")

    expect(panel(running_page)).to_contain_text(words)
    headline(running_page, "Running on lab-gpu-1")
    announced(running_page, words)
    expect(button(running_page)).to_be_focused()
    expect(running_page.get_by_text("Not confirmed")).to_be_visible()
    running_page.keyboard.press("Enter")
    headline(running_page, "Cancelled")
    expect(panel(running_page)).not_to_contain_text(words)


def test_gateway_that_is_busy_for_a_moment_is_asked_again(
    running_page: Page, gateway: GatewayStub
) -> None:
    gateway.cancels = [refusal(ErrorType.BUSY, Retry_After="1"), TOLD_TO_STOP]

    button(running_page).click()

    headline(running_page, "Cancelled")
    assert len(cancels(gateway)) == 2


def test_reload_after_the_press_still_cancels(running_page: Page, gateway: GatewayStub) -> None:
    gateway.cancels = [LATE]
    button(running_page).click()
    headline(running_page, "Cancelling…")

    running_page.reload()
    headline(running_page, "Running on lab-gpu-1")
    gateway.statuses = [Answer(CANCELLED)]

    headline(running_page, "Cancelled")
    assert len(cancels(gateway)) == 1
    gateway.answer_late(TOLD_TO_STOP)


def test_cancel_in_one_tab_is_seen_in_the_other_at_once(
    running_page: Page, gateway: GatewayStub
) -> None:
    slow = status(RequestState.IN_PROGRESS, retry_after_ms=60_000)
    gateway.statuses = [Answer(slow)]
    gateway.cancels = [TOLD_TO_STOP]
    twin = running_page.context.new_page()
    twin.goto(ADDRESS)
    headline(twin, "Running on lab-gpu-1")

    button(twin).click()

    headline(twin, "Cancelled")
    headline(running_page, "Cancelled")


def test_answer_that_was_under_way_does_not_bring_a_cancelled_request_back(
    running_page: Page, gateway: GatewayStub
) -> None:
    with running_page.expect_request("**/status"):
        gateway.statuses = [LATE]
    gateway.cancels = [TOLD_TO_STOP]
    gateway.results = [LATE]
    button(running_page).click()
    headline(running_page, "Cancelled")

    gateway.answer_late(RUNNING)
    running_page.wait_for_timeout(300)

    headline(running_page, "Cancelled")
    gateway.answer_late(Answer(result(RequestState.CANCELLED)))


@pytest.mark.parametrize("key", ["Escape", "Control+Enter"])
def test_keys_do_not_cancel_by_accident(running_page: Page, gateway: GatewayStub, key: str) -> None:
    gateway.cancels = [TOLD_TO_STOP]
    asked = len(gateway.calls_to("GET", "/status"))

    for place in (running_page.get_by_label("Prompt"), button(running_page)):
        place.press(key)
    running_page.wait_for_timeout(700)

    headline(running_page, "Running on lab-gpu-1")
    assert len(gateway.calls_to("GET", "/status")) > asked
    assert cancels(gateway) == []


def test_second_press_of_a_double_click_on_run_does_not_cancel(
    page: Page, gateway: GatewayStub
) -> None:
    gateway.spaces = [space()]
    gateway.submits = [Answer(accepted(), ACCEPTED)]
    gateway.statuses = [WAITING]
    page.goto("/space.html?space=echo")
    page.get_by_label("Prompt").fill("Hello")

    button(page, "Run").dblclick(delay=20)
    headline(page, "Next in line")
    page.wait_for_timeout(300)

    assert cancels(gateway) == []
    assert len(gateway.calls_to("POST", "/requests")) == 1


def test_leaving_for_a_new_request_does_not_take_the_cancel_back(
    running_page: Page, gateway: GatewayStub
) -> None:
    gateway.cancels = [LATE]
    button(running_page).click()
    headline(running_page, "Cancelling…")

    button(running_page, "New request").click()
    headline(running_page, "Your result will appear here")
    gateway.answer_late(TOLD_TO_STOP)
    running_page.wait_for_timeout(300)

    headline(running_page, "Your result will appear here")
    expect(running_page.get_by_label("Prompt")).to_be_focused()
