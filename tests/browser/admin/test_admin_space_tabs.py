"""The tabs of one space: each shows only what belongs to it."""

import re

import pytest
from playwright.sync_api import Page, expect

from tests.browser.support.admin_api_stub import AdminApiStub
from tests.browser.support.admin_responses import key, request, settings, token, worker

pytestmark = pytest.mark.browser

ECHO = "/admin.html?view=space&space=echo"


@pytest.fixture
def two_spaces(stub: AdminApiStub) -> AdminApiStub:
    stub.spaces = [settings(title="Echo chamber"), settings("speech")]
    place = {"space": "speech", "state": "ready", "capacity": 1, "running": []}
    stub.workers = [worker(), worker("office-desk", spaces=[place])]
    stub.tokens = [token(), token("tok2", label="Office desk", spaces=["speech"])]
    stub.keys = [key()]
    stub.requests = [request(7, "FAILED")]
    return stub


def open_tab(page: Page, name: str) -> None:
    tabs = page.get_by_role("navigation", name="Sections of this space")
    tabs.get_by_role("link", name=name, exact=True).click()
    expect(tabs.get_by_role("link", name=name)).to_have_attribute("aria-current", "page")


def test_tabs_show_what_belongs_to_the_space(admin_page: Page, two_spaces: AdminApiStub) -> None:
    admin_page.goto("/admin.html?view=spaces")
    admin_page.get_by_role("link", name="Echo chamber", exact=True).click()
    expect(admin_page.get_by_role("heading", name="Echo chamber")).to_be_visible()
    expect(admin_page.get_by_role("figure").first).to_be_visible()
    expect(admin_page.get_by_label("Space", exact=True)).to_have_count(0)

    open_tab(admin_page, "Workers")
    expect(admin_page.get_by_role("heading", name="lab-gpu-1")).to_be_visible()
    expect(admin_page.get_by_role("heading", name="office-desk")).to_have_count(0)
    open_tab(admin_page, "Access")
    expect(admin_page.get_by_role("row", name="GPU machine in room 4")).to_be_visible()
    expect(admin_page.get_by_role("row", name="Office desk")).to_have_count(0)
    open_tab(admin_page, "Settings")
    expect(admin_page.get_by_label("Title", exact=True)).to_have_value("Echo chamber")


def test_requests_of_a_space_are_filtered_in_its_tab(
    admin_page: Page, two_spaces: AdminApiStub
) -> None:
    admin_page.goto(f"{ECHO}&tab=requests")
    expect(admin_page.get_by_role("row", name="echo.7")).to_be_visible()
    expect(admin_page.get_by_label("Space", exact=True)).to_have_count(0)

    admin_page.get_by_label("State").select_option("FAILED")

    expect(admin_page).to_have_url(re.compile("view=space&state=FAILED&space=echo&tab=requests$"))
    admin_page.reload()
    expect(admin_page.get_by_label("State")).to_have_value("FAILED")
    admin_page.get_by_role("button", name="Clear filters").click()
    expect(admin_page.get_by_label("State")).to_have_value("")
    expect(admin_page.get_by_role("row", name="echo.7")).to_be_visible()
    paths = [call.path for call in two_spaces.calls_to("GET", "/admin/requests")]
    assert all("space=echo" in path for path in paths)


def test_token_of_a_space_is_for_it_alone(admin_page: Page, two_spaces: AdminApiStub) -> None:
    admin_page.goto(f"{ECHO}&tab=access")

    admin_page.get_by_role("button", name="New token").click()

    spaces = admin_page.get_by_role("dialog").get_by_role("checkbox")
    expect(spaces).to_have_count(1)
    expect(spaces).to_be_checked()


def test_space_without_worker_leads_to_connecting_one(
    admin_page: Page, two_spaces: AdminApiStub
) -> None:
    two_spaces.workers = []
    admin_page.goto(f"{ECHO}&tab=workers")
    empty = admin_page.locator(".empty-state")
    expect(empty).to_contain_text("No worker is connected to this space.")

    empty.get_by_role("link", name="Connect a worker").click()

    expect(
        admin_page.get_by_role("heading", name="Connect a worker to Echo chamber")
    ).to_be_visible()


@pytest.mark.parametrize(
    ("address", "shown"),
    [
        ("view=space&space=echo", "Delete this space…"),
        ("view=requests&space=echo", "Clear queue…"),
        ("view=activity&space=echo", "Show as a table"),
        ("view=space&space=echo&tab=nonsense", "Delete this space…"),
    ],
)
def test_older_addresses_still_lead_there(
    admin_page: Page, two_spaces: AdminApiStub, address: str, shown: str
) -> None:
    admin_page.goto(f"/admin.html?{address}")

    expect(admin_page.get_by_text(shown).first).to_be_visible()


def test_current_tabs_are_in_sight_on_a_phone(admin_page: Page, two_spaces: AdminApiStub) -> None:
    admin_page.set_viewport_size({"width": 320, "height": 640})
    admin_page.goto(ECHO)

    tabs = admin_page.get_by_role("navigation", name="Sections of this space")
    expect(tabs.get_by_role("link", name="Settings")).to_be_in_viewport(ratio=0.9)
    admin_page.goto("/admin.html?view=audit")
    sections = admin_page.get_by_role("navigation", name="Administration sections")
    expect(sections.get_by_role("link", name="Audit log")).to_be_in_viewport(ratio=0.9)
