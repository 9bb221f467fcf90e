"""axe-core and keyboard checks of the administration."""

from collections.abc import Callable

import pytest
from playwright.sync_api import BrowserContext, Page, expect

from tests.browser.support.admin_api_stub import AdminApiStub
from tests.browser.support.admin_responses import entry, key, request, settings, token, worker
from tests.browser.support.axe import DESKTOP, PHONE, Device, expect_accessible, look_at
from tests.browser.support.gateway_stub import Answer

pytestmark = pytest.mark.browser

VIEWS = {
    "spaces": "Speech to text",
    "space": "Name and description",
    "space&space=speech": "Delete this space…",
    "workers": "lab-gpu-1",
    "requests": "6 requests shown",
    "activity": "Processing time",
    "access": "nightly transcripts",
    "audit": "changed space",
}
DIALOGS = {
    "access": ("New key", "Create key"),
    "workers": ("Disconnect lab-gpu-1", "Disconnect lab-gpu-1?"),
    "requests": ("Cancel request echo.1", "It will leave the queue"),
    "space&space=speech": ("Delete this space…", "Type speech to confirm"),
}


def fill(stub: AdminApiStub) -> None:
    private = settings(
        "speech", title="Speech to text", features=["audio", "file"], visibility="private"
    )
    stub.spaces = [settings(), private | {"members": ["visitor"], "disabled": True}]
    stub.tokens = [token(), token("tok2", state="revoked"), token("tok3", state="rotating")]
    stub.keys = [key()]
    stub.workers = [worker()]
    stub.entries = [entry(), entry("edit_space", outcome="begun")]
    states = ("IN_QUEUE", "IN_PROGRESS", "COMPLETED", "FAILED", "TIMED_OUT", "CANCELLED")
    stub.requests = [request(index + 1, state) for index, state in enumerate(states)]
    stub.answer("POST", "/admin/spaces/speech/purge", Answer({"count": 2}))


@pytest.fixture
def open_view(
    new_context: Callable[..., BrowserContext], stub: AdminApiStub, static_page_url: str
) -> Callable[..., Page]:
    def open_as(view: str, device: Device, locale: str = "en-GB") -> Page:
        fill(stub)
        context = new_context(base_url=static_page_url, locale=locale)
        stub.attach(context)
        stub.sign_in(context)
        page = context.new_page()
        look_at(page, device)
        page.goto(f"/admin.html?view={view}")
        return page

    return open_as


@pytest.mark.parametrize("view", VIEWS)
def test_view_is_accessible(open_view: Callable[..., Page], view: str) -> None:
    page = open_view(view, DESKTOP)

    expect(page.get_by_text(VIEWS[view]).first).to_be_visible()
    expect_accessible(page, DESKTOP, PHONE)


@pytest.mark.parametrize("view", DIALOGS)
def test_dialog_is_accessible_and_gives_the_focus_back(
    open_view: Callable[..., Page], view: str
) -> None:
    button, words = DIALOGS[view]
    page = open_view(view, PHONE)
    opener = page.get_by_role("button", name=button)
    opener.focus()
    page.keyboard.press("Enter")
    dialog = page.get_by_role("dialog")
    expect(dialog).to_contain_text(words)

    expect_accessible(page, PHONE, DESKTOP)

    page.keyboard.press("Escape")
    expect(dialog).to_have_count(0)
    expect(opener).to_be_focused()


@pytest.mark.parametrize("view", VIEWS)
def test_view_speaks_chinese(open_view: Callable[..., Page], view: str) -> None:
    page = open_view(view, PHONE, "zh-CN")

    expect(page.get_by_role("heading", name="管理", exact=True)).to_be_visible()
    assert page.evaluate("document.documentElement.lang") == "zh-Hans"
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")


def test_new_view_gets_the_focus(open_view: Callable[..., Page]) -> None:
    page = open_view("spaces", DESKTOP)
    expect(page.get_by_text("Speech to text")).to_be_visible()

    page.get_by_role("link", name="Workers", exact=True).press("Enter")

    expect(page.locator("[data-part=view]")).to_be_focused()
