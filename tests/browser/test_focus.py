"""Where the focus goes when its element disappears, and that nothing covers it."""

import msgspec
import pytest
from playwright.sync_api import Page, expect

from spaces_protocol.rest_bodies import RequestState
from tests.browser.support.admin_api_stub import AdminApiStub
from tests.browser.support.admin_responses import settings
from tests.browser.support.bodies import NONCE, space, space_without_worker, status
from tests.browser.support.gateway_stub import Answer, GatewayStub
from tests.browser.support.result_menu import delete_button

pytestmark = pytest.mark.browser

DONE = Answer(status(RequestState.COMPLETED))
MOST_TABS = 40
POLL_MS = 10_000
COVERED = """() => {
    const focused = document.activeElement;
    const bar = document.querySelector(".run-bar, .save-bar");
    const over = ["fixed", "sticky"].includes(getComputedStyle(bar).position);
    const { top, bottom } = bar.getBoundingClientRect();
    const box = focused.getBoundingClientRect();
    const isUnder = over && !bar.contains(focused) && box.top >= top - 4 && box.top < bottom;
    const name = (focused.ariaLabel || focused.textContent).trim().slice(0, 40);
    return focused !== document.body && (isUnder || box.top >= innerHeight) ? name : null;
}"""


def test_focus_goes_to_the_news_of_what_was_deleted(answered: Page) -> None:
    delete_button(answered).press("Enter")
    answered.keyboard.press("Enter")

    expect(answered.locator("#result-title")).to_have_text("Deleted")
    expect(answered.locator("#result-title")).to_be_focused()


def test_focus_goes_to_the_news_when_trying_now_helped(
    fresh_page: Page, gateway: GatewayStub
) -> None:
    gateway.spaces = [space()]
    gateway.reachable = False
    fresh_page.clock.install()
    fresh_page.clock.pause_at("2030-01-01")
    fresh_page.goto(f"/space.html?space=echo&request=echo.7.{NONCE}")
    gateway.statuses = [Answer(status(RequestState.IN_QUEUE))]
    button = fresh_page.get_by_role("button", name="Try now")
    expect(button).to_be_visible()
    gateway.reachable = True

    button.press("Enter")

    expect(fresh_page.locator("#result-title")).to_have_text("Next in line")
    expect(fresh_page.locator("#result-title")).to_be_focused()


def test_focus_goes_to_the_result_when_advice_is_no_longer_needed(
    fresh_page: Page, gateway: GatewayStub
) -> None:
    gateway.spaces = [space_without_worker()]
    fresh_page.clock.install()
    fresh_page.goto("/space.html?space=echo")
    advice = fresh_page.get_by_text("What can I do?")
    expect(advice).to_be_visible()
    advice.press("Enter")

    gateway.spaces = [space()]
    fresh_page.clock.run_for(POLL_MS)

    expect(advice).to_be_hidden()
    expect(fresh_page.locator("#result-title")).to_be_focused()


def test_focus_goes_to_the_first_of_those_that_show_more_brought(
    admin_page: Page, stub: AdminApiStub
) -> None:
    def page_of(first: int, cursor: str | None) -> Answer:
        entries = [
            {"request_id": f"echo.{n}.{NONCE}", "space": "echo", "prompt": f"Prompt {n}"}
            | {"created_at": "2026-01-01T00:00:00Z", "status": "COMPLETED"}
            for n in range(first, first - 3, -1)
        ]
        return Answer({"requests": entries, "next_cursor": cursor})

    stub.answer("GET", "/me/spaces/echo", Answer(msgspec.to_builtins(space())))
    stub.answer("GET", "/me/requests", page_of(9, "next"), page_of(6, None))
    admin_page.goto("/space.html?space=echo")

    admin_page.get_by_role("button", name="Show more").press("Enter")

    expect(admin_page.get_by_role("link", name="Answered Prompt 6")).to_be_focused()
    expect(admin_page.get_by_role("button", name="Show more")).to_be_hidden()


@pytest.mark.parametrize("size", [(375, 667), (320, 256)])
def test_focus_is_never_below_the_bar(
    page: Page, gateway: GatewayStub, size: tuple[int, int]
) -> None:
    width, height = size
    page.set_viewport_size({"width": width, "height": height})
    gateway.spaces = [space_without_worker()]
    page.goto("/space.html?space=echo", wait_until="networkidle")

    assert covered_on_the_way(page) == []


def test_focus_is_never_below_the_bar_of_a_form_of_the_administration(
    admin_page: Page, stub: AdminApiStub
) -> None:
    stub.spaces = [settings()]
    admin_page.set_viewport_size({"width": 1000, "height": 420})
    admin_page.goto("/admin.html?view=space&space=echo")
    expect(admin_page.get_by_role("button", name="Save")).to_be_visible()
    admin_page.get_by_label("Title", exact=True).fill("Changed, so that the bar stays in view")
    expect(admin_page.get_by_role("button", name="Save")).to_be_in_viewport()

    assert covered_on_the_way(admin_page) == []


def covered_on_the_way(page: Page) -> list[str]:
    """Go through the page by Tab; the names of what had the focus and was not seen."""
    covered = []
    for _ in range(MOST_TABS):
        page.keyboard.press("Tab")
        covered.append(page.evaluate(COVERED))
    return [name for name in covered if name is not None]
