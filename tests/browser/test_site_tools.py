"""The tools of every page: going anywhere by keyboard, the list of shortcuts, dark and light."""

import re
from collections.abc import Callable

import pytest
from playwright.sync_api import BrowserContext, Page, expect

from tests.browser.support.axe import violations
from tests.browser.support.bodies import space
from tests.browser.support.gateway_stub import GatewayStub

pytestmark = pytest.mark.browser

GROUND = "getComputedStyle(document.body).backgroundColor"


@pytest.fixture
def home(page: Page, gateway: GatewayStub) -> Page:
    gateway.spaces = [space("echo"), space("chat", title="Chat"), space("cat", title="Cats")]
    page.goto("/")
    expect(page.get_by_role("link", name="Echo")).to_be_visible()
    return page


def test_any_space_is_a_few_keys_away(home: Page) -> None:
    home.keyboard.press("Control+k")
    expect(home.get_by_role("combobox")).to_be_focused()
    expect(home.get_by_role("option", name="Echo")).to_be_visible()
    home.keyboard.type("ca")
    expect(home.get_by_role("option", name="Cats")).to_have_attribute("aria-selected", "true")
    assert violations(home) == []
    home.keyboard.press("Enter")

    expect(home).to_have_url(re.compile("space=cat"))


def test_arrows_choose_and_escape_leaves(home: Page) -> None:
    home.get_by_role("button", name="Go to…").click()
    expect(home.get_by_role("option", name="Echo")).to_be_visible()
    home.keyboard.press("ArrowUp")
    expect(home.get_by_role("option", name="API reference")).to_have_attribute(
        "aria-selected", "true"
    )
    home.keyboard.type("zzz")
    expect(home.get_by_text("Nothing found")).to_be_visible()
    home.keyboard.press("Escape")

    expect(home.get_by_role("dialog")).to_have_count(0)


def test_question_mark_lists_the_shortcuts_unless_it_is_typed(home: Page) -> None:
    home.get_by_label("Search spaces").fill("")
    home.keyboard.press("?")
    expect(home.get_by_role("dialog")).to_have_count(0)
    home.get_by_role("heading", name="Spaces").first.click()

    home.keyboard.press("?")

    expect(home.get_by_role("heading", name="Keyboard shortcuts")).to_be_visible()
    assert violations(home) == []


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_theme_is_kept_until_it_is_the_systems_own(
    new_context: Callable[..., BrowserContext],
    gateway: GatewayStub,
    static_page_url: str,
    scheme: str,
) -> None:
    page = new_context(base_url=static_page_url, color_scheme=scheme).new_page()
    page.goto("/")
    own = page.evaluate(GROUND)
    switch = page.get_by_role("button", name="Switch between dark and light")

    switch.click()
    other = page.evaluate(GROUND)
    page.reload()
    assert page.evaluate(GROUND) == other != own

    switch.click()
    assert page.evaluate(GROUND) == own
    assert page.evaluate("localStorage.getItem('spaces.theme')") is None


def test_slash_goes_to_the_search_or_to_any_space(home: Page, gateway: GatewayStub) -> None:
    home.get_by_role("heading", name="Spaces").first.click()
    home.keyboard.press("/")
    expect(home.get_by_label("Search spaces")).to_be_focused()
    expect(home.get_by_role("dialog")).to_have_count(0)

    home.goto("/space.html?space=echo")
    home.get_by_role("heading", name="Echo").click()
    home.keyboard.press("/")
    field = home.get_by_role("combobox")
    expect(field).to_be_focused()
    expect(home.get_by_role("option", name="Cats")).to_be_visible()
    top = "field => field.getBoundingClientRect().top"
    before = field.evaluate(top)
    home.keyboard.type("cats")

    expect(home.get_by_role("option")).to_have_count(1)
    assert field.evaluate(top) == before
