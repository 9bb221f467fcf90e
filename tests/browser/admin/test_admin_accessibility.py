"""axe-core and keyboard checks of the administration."""

import pytest
from playwright.sync_api import Page, expect

from tests.browser.support.admin_api_stub import AdminApiStub
from tests.browser.support.admin_screens import DIALOGS, VIEWS, open_view
from tests.browser.support.axe import DESKTOP, PHONE, expect_accessible

pytestmark = pytest.mark.browser


@pytest.mark.parametrize("view", VIEWS)
def test_view_is_accessible(admin_page: Page, stub: AdminApiStub, view: str) -> None:
    open_view(admin_page, stub, view, DESKTOP)

    expect(admin_page.get_by_text(VIEWS[view]).first).to_be_visible()
    expect_accessible(admin_page, DESKTOP, PHONE)


@pytest.mark.parametrize("view", DIALOGS)
def test_dialog_is_accessible_and_gives_the_focus_back(
    admin_page: Page, stub: AdminApiStub, view: str
) -> None:
    button, words = DIALOGS[view]
    open_view(admin_page, stub, view, PHONE)
    opener = admin_page.get_by_role("button", name=button)
    opener.focus()
    admin_page.keyboard.press("Enter")
    dialog = admin_page.get_by_role("dialog")
    expect(dialog).to_contain_text(words)

    expect_accessible(admin_page, PHONE, DESKTOP)

    admin_page.keyboard.press("Escape")
    expect(dialog).to_have_count(0)
    expect(opener).to_be_focused()


@pytest.mark.parametrize("view", VIEWS)
def test_view_speaks_chinese(chinese_tab: Page, stub: AdminApiStub, view: str) -> None:
    stub.sign_in(chinese_tab)
    open_view(chinese_tab, stub, view, PHONE)

    expect(chinese_tab.get_by_role("heading", name="管理", exact=True)).to_be_visible()
    assert chinese_tab.evaluate("document.documentElement.lang") == "zh-Hans"
    assert chinese_tab.evaluate("document.documentElement.scrollWidth <= innerWidth")


def test_new_view_gets_the_focus(admin_page: Page, stub: AdminApiStub) -> None:
    open_view(admin_page, stub, "spaces", DESKTOP)
    expect(admin_page.get_by_text("Speech to text")).to_be_visible()

    admin_page.get_by_role("link", name="Workers", exact=True).press("Enter")

    expect(admin_page.locator("[data-part=view]")).to_be_focused()
