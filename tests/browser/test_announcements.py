"""Visible changes are announced to screen readers, each one once."""

import json
import time

import pytest
from playwright.sync_api import FilePayload, Page, expect

from spaces_protocol.rest_bodies import FileRules, RequestState
from tests.browser.support.announcements import HEAR
from tests.browser.support.bodies import REQUEST_ID, space, space_without_worker, status
from tests.browser.support.gateway_stub import Answer, GatewayStub

pytestmark = pytest.mark.browser

SPACE_POLL_MS = 10_000
PATIENCE_SECONDS = 30
RULES = FileRules(accept=["image/*"], max_files=3, max_file_bytes=1024)
PICTURE: FilePayload = {"name": "cat.png", "mimeType": "image/png", "buffer": b"picture"}
LOST = "sessionStorage.setItem('spaces.lost_session', 'operator')"


@pytest.fixture
def listener(page: Page) -> Page:
    page.add_init_script(HEAR)
    return page


def heard(page: Page, words: str) -> int:
    """How often something was said; waits until it was."""
    deadline = time.monotonic() + PATIENCE_SECONDS
    while time.monotonic() < deadline:
        said: list[str] = page.evaluate("window.heard")
        times = sum(words in each for each in said)
        if times:
            return times
        page.wait_for_timeout(100)
    pytest.fail(f"“{words}” was not said: {said}")


def test_lost_network_of_a_running_request_is_said_once_and_so_is_its_return(
    listener: Page, gateway: GatewayStub
) -> None:
    gateway.spaces = [space()]
    gateway.statuses = [Answer(status(RequestState.IN_PROGRESS))]
    listener.goto(f"/space.html?space=echo&request={REQUEST_ID}")
    assert heard(listener, "Running on lab-gpu-1.") == 1

    gateway.reachable = False
    assert heard(listener, "The gateway cannot be reached. This is the last known status.") == 1
    listener.wait_for_timeout(2_500)
    assert heard(listener, "The gateway cannot be reached.") == 1

    gateway.reachable = True
    expect(listener.locator("[data-part=trouble]")).to_be_hidden()
    assert heard(listener, "Running on lab-gpu-1.") == 2


def test_unreachable_list_is_said(listener: Page, gateway: GatewayStub) -> None:
    gateway.reachable = False

    listener.goto("/")

    assert heard(listener, "The gateway cannot be reached.") == 1


def test_search_for_a_space_without_a_match_is_said_when_it_is_written(
    listener: Page, gateway: GatewayStub
) -> None:
    gateway.spaces = [space("echo")]
    listener.goto("/")

    listener.get_by_label("Search spaces").press_sequentially("nothing")

    assert heard(listener, "No spaces match “nothing”.") == 1
    assert not [each for each in listener.evaluate("window.heard") if "“noth”" in each]


def test_search_of_ones_requests_without_a_match_is_said(
    listener: Page, gateway: GatewayStub
) -> None:
    entries = [
        {"id": f"echo.{number}.x", "space": "echo", "prompt": "Hello", "at": 1}
        for number in range(7)
    ]
    remember = "known => localStorage.setItem('spaces.requests', known)"
    listener.evaluate(remember, json.dumps(entries))
    gateway.spaces = [space("echo")]
    listener.goto("/space.html?space=echo")

    search = listener.get_by_label("Search your requests")
    expect(search).to_be_visible()
    search.press_sequentially("bees")

    assert heard(listener, "No requests match “bees”.") == 1


def test_end_of_an_upload_is_said(listener: Page, gateway: GatewayStub) -> None:
    gateway.spaces = [space(files=RULES, features=["prompt", "image"])]
    gateway.storage.statuses = [403]
    listener.goto("/space.html?space=echo")

    expect(listener.get_by_role("button", name="Choose files")).to_be_visible()
    listener.locator("[data-part=file-input]").set_input_files([PICTURE])
    assert heard(listener, "“cat.png” was not uploaded. The storage rejected the file") == 1

    listener.get_by_role("button", name="Try again").click()
    assert heard(listener, "“cat.png” was uploaded.") == 1


def test_worker_that_comes_is_said_to_whoever_waits_for_one(
    fresh_page: Page, gateway: GatewayStub
) -> None:
    gateway.spaces = [space_without_worker(when_offline="refuse")]
    fresh_page.add_init_script(HEAR)
    fresh_page.clock.install()
    fresh_page.goto("/space.html?space=echo")
    expect(fresh_page.get_by_text("What can I do?")).to_be_visible()

    gateway.spaces = [space()]
    fresh_page.clock.run_for(SPACE_POLL_MS)

    assert heard(fresh_page, "A worker is now connected.") == 1


@pytest.mark.parametrize("way", ["menu", "lost session"])
def test_sign_in_page_that_cannot_be_reached_is_seen_and_said(
    signed_out_page: Page, way: str
) -> None:
    signed_out_page.route("**/vendor/oidc-client-ts.js", lambda route: route.abort())
    if way == "lost session":
        signed_out_page.evaluate(LOST)
    signed_out_page.add_init_script(HEAR)
    signed_out_page.goto("/")

    name = "Sign in" if way == "menu" else "Sign in again"
    signed_out_page.get_by_role("button", name=name, exact=True).click()

    notice = signed_out_page.locator(".notice").filter(
        has_text="The sign-in page cannot be reached."
    )
    expect(notice).to_be_visible()
    expect(signed_out_page.get_by_role("button", name=name, exact=True)).to_be_enabled()
    assert heard(signed_out_page, "The sign-in page cannot be reached.") == 1
