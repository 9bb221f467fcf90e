"""What axe-core finds on each screen, in both themes, on desktop and phone."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import BrowserContext, Page, expect

from spaces_protocol.errors import ErrorType
from spaces_protocol.rest_bodies import OutputView, ProgressView, RequestState
from tests.browser.bodies import REQUEST_ID, result, space, space_without_worker, status
from tests.browser.gateway_stand_in import Answer, GatewayStandIn, refusal

pytestmark = pytest.mark.browser

AXE = Path(__file__).resolve().parents[2] / "node_modules/axe-core/axe.min.js"
OPENED = f"/space.html?space=echo&request={REQUEST_ID}"
RUNNING = status(RequestState.IN_PROGRESS, progress=ProgressView(percent=40, message="Reading"))
ANSWER = result(output=OutputView(text="# Hi\n[link](https://a.example) `code`", data={"a": 1}))
FAILURE = result(RequestState.FAILED, error="Too dark.", error_type="worker_error")
SCREENS = {
    "spaces": ("/", Answer(), "Echo"),
    "running": (OPENED, Answer(RUNNING), "Running on lab-gpu-1"),
    "answered": (OPENED, Answer(status(RequestState.COMPLETED)), "Answered"),
    "cancelled": (OPENED, Answer(status(RequestState.CANCELLED)), "Cancelled"),
    "failed": (OPENED, Answer(status(RequestState.FAILED)), "The model could not answer"),
    "expired": (OPENED, refusal(ErrorType.REQUEST_EXPIRED), "This result is gone"),
    "unknown": ("/space.html?space=nowhere", Answer(), "No space has this name"),
}
RESULTS = {"failed": FAILURE, "cancelled": result(RequestState.CANCELLED)}
DEVICES = {
    "desktop": {"viewport": {"width": 1280, "height": 800}, "color_scheme": "light"},
    "phone": {"viewport": {"width": 375, "height": 667}, "color_scheme": "dark"},
    "zoomed": {"viewport": {"width": 640, "height": 400}, "color_scheme": "light"},
    "dark": {"viewport": {"width": 1280, "height": 800}, "color_scheme": "dark"},
}


def violations(page: Page) -> list[str]:
    # Playwright's own world: the page's policy stays as strict as for everybody.
    page.evaluate(AXE.read_text())
    found: list[dict[str, Any]] = page.evaluate("axe.run().then(({violations}) => violations)")
    return [f"{each['id']}: {node['html']}" for each in found for node in each["nodes"]]


@pytest.mark.parametrize("device", DEVICES)
@pytest.mark.parametrize("screen", SCREENS)
def test_screen_is_accessible(
    new_context: Callable[..., BrowserContext],
    gateway: GatewayStandIn,
    static_page_url: str,
    screen: str,
    device: str,
) -> None:
    address, answer, words = SCREENS[screen]
    gateway.spaces = [space(), space_without_worker("speech", title="Speech")]
    gateway.statuses = [answer]
    gateway.results = [Answer(RESULTS.get(screen, ANSWER))]
    context = new_context(base_url=static_page_url, reduced_motion="reduce", **DEVICES[device])
    gateway.attach(context)
    page = context.new_page()

    page.goto(address)

    expect(page.get_by_role("heading", name=words).first).to_be_visible()
    assert violations(page) == []
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")


def test_primary_action_stays_readable_under_the_pointer(
    page: Page, gateway: GatewayStandIn
) -> None:
    gateway.spaces = [space()]
    gateway.statuses = [Answer(RUNNING)]
    page.emulate_media(reduced_motion="reduce")
    page.goto(OPENED)
    expect(page.get_by_role("heading", name="Running on lab-gpu-1")).to_be_visible()

    page.get_by_role("button", name="Cancel").hover()
    assert violations(page) == []

    page.get_by_role("button", name="New request").click()
    page.locator("[data-part=run]").hover()
    assert violations(page) == []
