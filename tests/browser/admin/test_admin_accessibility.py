"""axe-core and keyboard checks of the administration."""

import pytest
from playwright.sync_api import Page, expect

from tests.browser.support.admin_api_stub import AdminApiStub
from tests.browser.support.admin_responses import (
    entry,
    key,
    person,
    request,
    settings,
    token,
    worker,
)
from tests.browser.support.axe import DESKTOP, PHONE, Device, expect_accessible, look_at
from tests.browser.support.bodies import space_without_worker
from tests.browser.support.gateway_stub import Answer

pytestmark = pytest.mark.browser

VIEWS = {
    "overview": "Needs attention",
    "spaces": "Speech to text",
    "space": "Advanced settings",
    "connect&space=speech": "Ollama or vLLM",
    "space&space=speech": "Delete this space…",
    "space&space=speech&tab=overview": "Processing time",
    "space&space=speech&tab=requests": "6 requests shown",
    "workers": "lab-gpu-1",
    "requests": "6 requests shown",
    "activity": "Processing time",
    "access": "nightly transcripts",
    "people": "visitor@example.org",
    "audit": "changed space",
}
DIALOGS = {
    "access": ("New key", "Create key"),
    "people": ("Invite…", "Send invitation"),
    "workers": ("Disconnect lab-gpu-1", "Disconnect lab-gpu-1?"),
    "requests": ("Cancel request echo.1", "It will leave the queue"),
    "space&space=speech": ("Delete this space…", "Type speech to confirm"),
}


def fill(stub: AdminApiStub) -> None:
    private = settings(
        "speech", title="Speech to text", features=["audio", "file"], visibility="private"
    )
    own = [{"title": "Greeting", "prompt": "Hello", "params": {"voice": "b"}}, {"prompt": "Bye"}]
    stub.spaces = [
        settings(),
        private | {"members": ["visitor"], "disabled": True, "examples": own},
    ]
    waiting = space_without_worker("echo", queue_length=3)
    stub.live = [waiting, space_without_worker("speech", last_seen=None)]
    stub.tokens = [token(), token("tok2", state="revoked"), token("tok3", state="rotating")]
    stub.keys = [key()]
    stub.workers = [worker()]
    stub.people = [
        person("operator", administrator=True),
        person("ada", administrator=True),
        person(),
        person("guest", state="invited"),
        person("gone", disabled=True),
    ]
    stub.entries = [entry(), entry("edit_space", outcome="begun")]
    states = ("IN_QUEUE", "IN_PROGRESS", "COMPLETED", "FAILED", "TIMED_OUT", "CANCELLED")
    stub.requests = [request(index + 1, state) for index, state in enumerate(states)]
    stub.answer("POST", "/admin/spaces/speech/purge", Answer({"count": 2}))


def open_view(page: Page, stub: AdminApiStub, view: str, device: Device) -> None:
    fill(stub)
    look_at(page, device)
    page.goto(f"/admin.html?view={view}")


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
