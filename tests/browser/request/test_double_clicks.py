"""The second click of a double-click does nothing to what the first one put in its place."""

import re
from collections.abc import Callable

import pytest
from playwright.sync_api import BrowserContext, Page, expect

from spaces_protocol.rest_bodies import FileRules, RequestState
from tests.browser.support.bodies import REQUEST_ID, result, space, status
from tests.browser.support.eventually import eventually
from tests.browser.support.gateway_stub import Answer, GatewayStub
from tests.browser.support.result_menu import delete_button

pytestmark = pytest.mark.browser

RULES = FileRules(accept=["text/*"], max_files=3, max_file_bytes=1000)


@pytest.fixture
def files_page(page: Page, gateway: GatewayStub) -> Page:
    """A space with two files that are on their way."""
    gateway.spaces = [space(features=["prompt", "file"], files=RULES)]
    gateway.storage.holding = True
    page.goto("/space.html?space=echo")
    expect(page.get_by_role("button", name="Choose files")).to_be_visible()
    page.get_by_label("Prompt").fill("Hello")
    files = [
        {"name": name, "mimeType": "text/plain", "buffer": b"text"} for name in ("a.txt", "b.txt")
    ]
    page.locator("[data-part=file-input]").set_input_files(files)  # type: ignore[arg-type]
    expect(page.locator(".attachment")).to_have_count(2)
    return page


def test_one_file_is_removed_not_the_next_one_too(files_page: Page) -> None:
    files_page.get_by_role("button", name=re.compile(r"Remove .*a\.txt")).dblclick()

    expect(files_page.locator(".attachment")).to_have_count(1)
    expect(files_page.locator(".attachment")).to_contain_text("b.txt")


def test_delete_asks_although_it_is_pressed_twice(answered: Page, gateway: GatewayStub) -> None:
    result = answered.locator("[data-part=result]")

    delete_button(answered).dblclick()

    expect(result.get_by_role("button", name="Delete for everyone?")).to_be_visible()
    assert gateway.calls_to("DELETE", REQUEST_ID) == []


def test_delete_asks_although_its_key_is_held(answered: Page, gateway: GatewayStub) -> None:
    result = answered.locator("[data-part=result]")
    delete_button(answered).focus()

    for _ in range(3):  # without an "up" between them, the key repeats
        answered.keyboard.down("Enter")

    expect(result.get_by_role("button", name="Delete for everyone?")).to_be_visible()
    assert gateway.calls_to("DELETE", REQUEST_ID) == []


def test_share_waits_for_the_sheet_that_the_first_press_opens(
    new_context: Callable[..., BrowserContext], gateway: GatewayStub, static_page_url: str
) -> None:
    page = new_context(base_url=static_page_url, has_touch=True, is_mobile=True).new_page()
    page.add_init_script(
        """window.shared = 0;
        navigator.share = () => (shared += 1) === 1
          ? new Promise(() => 0)
          : Promise.reject(new DOMException("An earlier share is open.", "InvalidStateError"));"""
    )
    gateway.spaces = [space()]
    gateway.statuses = [Answer(status(RequestState.COMPLETED))]
    gateway.results = [Answer(result())]
    page.goto(f"/space.html?space=echo&request={REQUEST_ID}")

    page.get_by_role("button", name="Share", exact=True).click()
    page.get_by_role("button", name="Share", exact=True).click()

    eventually(page, "shared === 2")  # and the browser has nothing to complain about
