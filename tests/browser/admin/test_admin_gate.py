"""Who may enter the administration, and what everyone else sees."""

import pytest
from playwright.sync_api import Page, Route, expect

from tests.browser.support.admin_api_stub import AdminApiStub
from tests.browser.support.admin_responses import settings
from tests.browser.support.gateway_stub import Answer

pytestmark = pytest.mark.browser


def test_nobody_signed_in_is_asked_to(signed_out_page: Page, stub: AdminApiStub) -> None:
    signed_out_page.goto("/admin.html?view=audit")

    expect(signed_out_page.get_by_role("heading", name="Sign in to administer")).to_be_visible()
    signed_out_page.locator("[data-part=gate]").get_by_role("button", name="Sign in").click()

    signed_out_page.wait_for_url("**/sign-in/authorization**")
    assert stub.calls_to("GET", "/me") == []


def test_user_who_is_no_administrator_is_told_so(admin_page: Page, stub: AdminApiStub) -> None:
    stub.admin = False

    admin_page.goto("/admin.html")

    expect(admin_page.get_by_role("heading", name="You are not an administrator")).to_be_visible()
    assert stub.calls_to("GET", "/admin/spaces") == []


def test_gateway_without_sign_in_names_the_terminal(
    signed_out_page: Page, stub: AdminApiStub
) -> None:
    stub.with_sign_in = False

    signed_out_page.goto("/admin.html")

    expect(signed_out_page.get_by_text("python -m infra.admin")).to_be_visible()


def test_gateway_that_does_not_answer_is_asked_again(admin_page: Page, stub: AdminApiStub) -> None:
    stub.reachable = False
    admin_page.goto("/admin.html")
    expect(admin_page.get_by_role("heading", name="The gateway did not respond")).to_be_visible()

    stub.reachable = True
    admin_page.get_by_role("button", name="Try again").click()

    expect(admin_page.get_by_role("heading", name="Administration", exact=True)).to_be_visible()


def test_list_that_cannot_be_read_says_why_and_is_read_again(
    admin_page: Page, stub: AdminApiStub
) -> None:
    stub.spaces = [settings()]
    failure = Answer({"error_type": "internal_error", "request_id": "r-1"}, 500)
    stub.answer("GET", "/admin/spaces", failure, Answer({"spaces": stub.spaces}))
    admin_page.goto("/admin.html?view=spaces")
    expect(admin_page.get_by_role("alert")).to_contain_text("Look for r-1 in its log")

    admin_page.get_by_role("button", name="Try again").click()

    expect(admin_page.get_by_role("link", name="Echo", exact=True)).to_be_visible()


def test_right_that_was_taken_away_meanwhile_is_told(admin_page: Page, stub: AdminApiStub) -> None:
    stub.answer("GET", "/admin/audit", Answer({"error_type": "not_allowed"}, 403))

    admin_page.goto("/admin.html?view=audit")

    expect(admin_page.get_by_role("alert")).to_contain_text("Only administrators can do this")


def test_views_are_links_that_back_undoes(admin_page: Page, stub: AdminApiStub) -> None:
    stub.spaces = [settings()]
    admin_page.goto("/admin.html?view=spaces")
    tabs = admin_page.get_by_role("navigation", name="Administration sections")

    tabs.get_by_role("link", name="Audit").click()
    expect(admin_page.get_by_role("heading", name="Audit")).to_be_visible()
    expect(tabs.get_by_role("link", name="Audit")).to_have_attribute("aria-current", "page")
    admin_page.go_back()

    expect(admin_page.get_by_role("link", name="Echo", exact=True)).to_be_visible()


def test_view_that_cannot_be_loaded_says_so_and_is_tried_again(
    admin_page: Page, stub: AdminApiStub
) -> None:
    stub.spaces = [settings()]
    admin_page.goto("/admin.html?view=spaces")
    expect(admin_page.get_by_role("table", name="Spaces")).to_be_visible()
    held: list[Route] = []
    admin_page.route("**/workers_view.js", lambda route: held.append(route), times=1)  # noqa: PLW0108
    with admin_page.expect_request("**/workers_view.js"):
        admin_page.get_by_role("link", name="Workers").click()
    expect(admin_page.get_by_text("Loading…")).to_be_visible()
    expect(admin_page.get_by_role("table", name="Spaces")).to_have_count(0)

    held[0].abort("internetdisconnected")
    admin_page.get_by_role("button", name="Try again").click()

    expect(admin_page.get_by_text("No worker is connected")).to_be_visible()
