"""Sharing a result (link, page, frame), and deleting it."""

import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from spaces_protocol.errors import ErrorType
from spaces_protocol.rest_bodies import OutputView, RequestState
from tests.browser.support.bodies import REQUEST_ID, accepted, result, space, status
from tests.browser.support.gateway_stub import (
    ACCEPTED,
    Answer,
    GatewayStub,
    refusal,
)
from tests.browser.support.page_server import serve_page
from tests.browser.support.result_menu import delete_button

pytestmark = pytest.mark.browser

DONE = Answer(status(RequestState.COMPLETED))
SHARED = f"/result.html?space=echo&request={REQUEST_ID}"


def test_shared_link_opens_the_result_read_only(answered: Page, gateway: GatewayStub) -> None:
    answered.context.grant_permissions(["clipboard-read", "clipboard-write"])
    answered.get_by_role("button", name="Share", exact=True).click()
    expect(answered.get_by_role("button", name="Link copied")).to_be_visible()
    link = answered.evaluate("navigator.clipboard.readText()")

    answered.goto(link)

    expect(answered.locator(".prose")).to_have_text("Hello back")
    expect(answered.locator("[data-part=request-input]")).to_contain_text("Hello")
    expect(answered.get_by_role("link", name="Remix")).to_be_visible()
    expect(answered.get_by_role("button", name="Delete")).to_have_count(0)
    expect(answered.get_by_role("textbox")).to_have_count(0)


def test_remix_fills_the_form_with_the_input(page: Page, gateway: GatewayStub) -> None:
    gateway.spaces = [space()]
    gateway.statuses = [DONE]
    gateway.results = [Answer(result(output=OutputView(text="Hello back")))]
    page.goto(SHARED)

    page.get_by_role("link", name="Remix").click()

    expect(page.get_by_label("Prompt")).to_have_value("Hello")
    expect(page.locator("#result-title")).to_have_text("Your result will appear here")
    expect(page).to_have_url(re.compile("space=echo$"))
    assert gateway.calls_to("POST", "/requests") == []


def test_shared_link_to_what_was_deleted_says_so(page: Page, gateway: GatewayStub) -> None:
    gateway.spaces = [space()]
    gateway.statuses = [refusal(ErrorType.REQUEST_NOT_FOUND)]

    page.goto(SHARED)

    expect(page.locator("#result-title")).to_have_text("Request not found")


def test_link_that_was_cut_says_so(page: Page, gateway: GatewayStub) -> None:
    page.goto("/result.html?space=echo")

    expect(page.get_by_role("heading", name="This link is incomplete")).to_be_visible()


def test_delete_needs_two_presses_and_reaches_other_tabs(
    answered: Page, gateway: GatewayStub
) -> None:
    other = answered.context.new_page()
    other.goto(SHARED)
    expect(other.locator(".prose")).to_have_text("Hello back")
    panel = answered.locator("[data-part=result]")

    delete_button(answered).click()
    assert gateway.calls_to("DELETE", REQUEST_ID) == []
    panel.get_by_role("button", name="Delete for everyone?").click()

    expect(answered.locator("#result-title")).to_have_text("Deleted")
    expect(other.locator("#result-title")).to_have_text("Deleted")
    expect(other.locator(".prose")).to_be_hidden()
    expect(answered.get_by_text("The list is stored only in this browser.")).to_be_visible()
    assert len(gateway.calls_to("DELETE", REQUEST_ID)) == 1


def test_delete_that_fails_says_so_and_leaves_everything(
    answered: Page, gateway: GatewayStub
) -> None:
    gateway.deletes = [refusal(ErrorType.BUSY)]
    panel = answered.locator("[data-part=result]")

    delete_button(answered).click()
    panel.get_by_role("button", name="Delete for everyone?").click()

    expect(panel.get_by_role("button", name="Not deleted")).to_be_visible()
    expect(answered.locator(".prose")).to_have_text("Hello back")


def test_list_shows_how_each_request_ended(answered: Page) -> None:
    expect(answered.get_by_role("link", name=re.compile("Answered.*Hello"))).to_be_visible()


def test_list_learns_how_requests_ended_that_nobody_watched(
    page: Page, gateway: GatewayStub
) -> None:
    gateway.spaces = [space()]
    gateway.submits = [Answer(accepted(), ACCEPTED)]
    gateway.statuses = [Answer(status(RequestState.IN_QUEUE))]
    page.goto("/space.html?space=echo")
    page.get_by_label("Prompt").fill("Hello")
    page.get_by_role("button", name="Run", exact=True).click()
    expect(page.get_by_role("link", name=re.compile("Waiting.*Hello"))).to_be_visible()

    gateway.statuses = [Answer(status(RequestState.FAILED))]
    page.goto("/space.html?space=echo")

    expect(page.get_by_role("link", name=re.compile("Failed.*Hello"))).to_be_visible()


def test_foreign_request_cannot_be_deleted(page: Page, gateway: GatewayStub) -> None:
    gateway.spaces = [space()]
    gateway.statuses = [DONE]
    gateway.results = [Answer(result(output=OutputView(text="Hello back")))]

    page.goto(f"/space.html?space=echo&request={REQUEST_ID}")

    expect(page.locator(".prose")).to_have_text("Hello back")
    expect(page.get_by_role("button", name="Delete")).to_be_hidden()


@pytest.fixture
def site(tmp_path: Path, static_page_url: str) -> Iterator[str]:
    """Another site on this machine, which shows the space in a frame."""
    frame = f"<iframe src='{static_page_url}/embed.html?space=echo' width=800 height=600></iframe>"
    (tmp_path / "index.html").write_text(frame)
    with serve_page(tmp_path, "frame-src *") as server:
        yield server.url


def test_frame_shows_the_space_on_a_site_that_it_allows(
    page: Page, gateway: GatewayStub, site: str
) -> None:
    gateway.spaces = [space(embed_origins=[site])]

    page.goto(site)

    expect(page.frame_locator("iframe").get_by_label("Prompt")).to_be_visible()


def test_frame_shows_nothing_on_any_other_site(page: Page, gateway: GatewayStub, site: str) -> None:
    gateway.spaces = [space(embed_origins=["https://other.example"])]

    page.goto(site)

    frame = page.frame_locator("iframe")
    heading = frame.get_by_role("heading", name="This space cannot be shown here")
    expect(heading).to_be_visible()
    expect(frame.get_by_label("Prompt")).to_be_hidden()
    way = frame.get_by_role("link", name="Open the space's page")
    expect(way).to_have_attribute("href", "./space.html?space=echo")
    expect(way).to_have_attribute("target", "_blank")


def test_list_of_spaces_does_not_open_in_a_frame_that_may_not_show_it(
    page: Page, gateway: GatewayStub, site: str
) -> None:
    page.goto(site)

    way = page.frame_locator("iframe").get_by_role("link", name="See all spaces")
    expect(way).to_have_attribute("target", "_blank")


def test_somebody_who_asked_is_told_when_it_is_done(page: Page, gateway: GatewayStub) -> None:
    page.context.grant_permissions(["notifications"])
    page.add_init_script(
        """window.Notification = class extends EventTarget {
            static permission = "granted";
            static requestPermission = async () => "granted";
            constructor(title, { body }) { super(); document.documentElement.dataset.told = body; }
            close() {}
        };"""
    )
    gateway.spaces = [space()]
    gateway.statuses = [Answer(status(RequestState.IN_PROGRESS))]
    gateway.results = [Answer(result(output=OutputView(text="Hello back")))]
    page.goto(f"/space.html?space=echo&request={REQUEST_ID}")
    page.get_by_role("button", name="Notify me").click()
    expect(page.get_by_role("button", name="You will be notified")).to_be_visible()

    page.evaluate(
        """Object.defineProperty(document, "hidden", { get: () => true });
        document.dispatchEvent(new Event("visibilitychange"));"""
    )
    gateway.statuses = [DONE]

    expect(page.locator("html")).to_have_attribute("data-told", "Answered")
