"""axe-core checks of every state of the page, in both themes and languages, on all screen sizes."""

import pytest
from playwright.sync_api import Page, expect

from tests.browser.support.axe import (
    DESKTOP,
    PHONE,
    WIDE,
    ZOOMED,
    expect_accessible,
    look_at,
    violations,
)
from tests.browser.support.gateway_stub import GatewayStub
from tests.browser.support.screens import SCREENS, SHARED, open_screen

pytestmark = pytest.mark.browser

OFTEN_SEEN = ("spaces", "space", "answered", "shared", "no worker")


@pytest.mark.parametrize("address", ["/", "/space.html?space=echo", SHARED])
def test_page_that_still_loads_is_accessible(
    page: Page, gateway: GatewayStub, address: str
) -> None:
    page.route("**/locales/**", lambda route: None)

    page.goto(address)

    expect(page.get_by_role("heading").first).to_be_visible()
    assert violations(page) == []


@pytest.mark.parametrize("name", SCREENS)
def test_state_is_reached_and_accessible(page: Page, gateway: GatewayStub, name: str) -> None:
    look_at(page, DESKTOP)

    open_screen(page, gateway, SCREENS[name])

    expect(page.get_by_role("heading", name=SCREENS[name].heading).first).to_be_visible()
    expect(page.get_by_text("Loading…")).to_be_hidden()
    others = (ZOOMED, WIDE) if name in OFTEN_SEEN else ()
    expect_accessible(page, DESKTOP, PHONE, *others)


@pytest.mark.parametrize("name", OFTEN_SEEN)
def test_state_is_accessible_in_chinese(
    chinese_page: Page, gateway: GatewayStub, name: str
) -> None:
    look_at(chinese_page, PHONE)

    open_screen(chinese_page, gateway, SCREENS[name])

    expect(chinese_page.get_by_role("heading").first).to_be_visible()
    chinese_page.wait_for_load_state("networkidle")
    expect_accessible(chinese_page, PHONE)


def test_primary_action_stays_readable_under_the_pointer(page: Page, gateway: GatewayStub) -> None:
    page.emulate_media(reduced_motion="reduce")
    open_screen(page, gateway, SCREENS["running with progress"])
    expect(page.get_by_role("heading", name="Running on lab-gpu-1")).to_be_visible()

    page.get_by_role("button", name="Cancel").hover()
    assert violations(page) == []

    page.get_by_role("button", name="New request").click()
    page.locator("[data-part=run]").hover()
    assert violations(page) == []


CHOSEN = """() => {
    const line = (tab) => getComputedStyle(tab).borderBlockEndColor;
    const tabs = [...document.querySelectorAll("[role=tab]")];
    const chosen = tabs.filter((tab) => tab.ariaSelected === "true").map(line);
    const others = tabs.filter((tab) => tab.ariaSelected !== "true").map(line);
    return [chosen, others, getComputedStyle(document.body).backgroundColor];
}"""


def test_chosen_tab_is_seen_in_forced_colours(page: Page, gateway: GatewayStub) -> None:
    page.emulate_media(forced_colors="active")
    open_screen(page, gateway, SCREENS["space"])
    expect(page.get_by_role("tab", name="API", exact=True)).to_be_visible()

    chosen, others, paper = page.evaluate(CHOSEN)

    assert set(others) == {paper}
    assert len(chosen) == 1
    assert paper not in chosen
