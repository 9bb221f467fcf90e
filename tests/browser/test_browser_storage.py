"""What the browser stores of requests, for whom, and what a session leaves behind."""

import json
import re
from typing import Any
from urllib.parse import parse_qs, urlsplit

import msgspec
import pytest
from playwright.sync_api import Page, Route, expect

from spaces_protocol.rest_bodies import RequestState
from tests.browser.support.admin_api_stub import AdminApiStub
from tests.browser.support.bodies import NONCE, REQUEST_ID, accepted, space, status
from tests.browser.support.gateway_stub import (
    ACCEPTED,
    LATE,
    NO_NETWORK,
    Answer,
    GatewayStub,
)

pytestmark = pytest.mark.browser

SECRET = "My diagnosis"
HISTORY = "/me/requests"
REMEMBERED = {"id": REQUEST_ID, "space": "echo", "prompt": "Before", "at": 0, "status": "IN_QUEUE"}
STORED = "JSON.stringify([localStorage, sessionStorage])"


def built(body: Any) -> Any:
    return msgspec.to_builtins(body)


def entry(number: int, state: str = "COMPLETED") -> dict[str, Any]:
    return {
        "request_id": f"echo.{number}.{NONCE}",
        "space": "echo",
        "status": state,
        "prompt": f"Prompt {number}",
        "created_at": f"2026-01-01T00:00:{number:02}Z",
    }


@pytest.fixture
def person_page(admin_page: Page, stub: AdminApiStub) -> Page:
    """The page of a space, for somebody who is signed in."""
    stub.answer("GET", "/me/spaces/echo", Answer(built(space())))
    stub.answer("GET", HISTORY, Answer({"requests": [entry(1)], "next_cursor": None}))
    path = f"/spaces/echo/requests/{REQUEST_ID}/status"
    stub.answer("GET", path, Answer(built(status(RequestState.IN_QUEUE))))
    admin_page.goto("/space.html?space=echo")
    expect(admin_page.get_by_text("Connected to lab-gpu-1")).to_be_visible()
    return admin_page


def submit(page: Page) -> None:
    page.locator("#prompt").fill(SECRET)
    page.get_by_role("button", name="Run", exact=True).click()


def remember(page: Page) -> None:
    page.evaluate(f"localStorage.setItem('spaces.requests', '{json.dumps([REMEMBERED])}')")


def test_request_of_a_person_is_remembered_by_the_gateway_alone(
    person_page: Page, stub: AdminApiStub
) -> None:
    stub.answer("POST", "/me/spaces/echo/requests", Answer(built(accepted()), ACCEPTED))
    submit(person_page)
    expect(person_page.locator("#result-title")).to_have_text("Next in line")

    assert SECRET not in person_page.evaluate("JSON.stringify(localStorage)")
    expect(person_page.get_by_role("link", name="Prompt 1")).to_be_visible()


def test_submit_of_a_person_that_is_not_answered_yet_stays_in_the_tab(
    person_page: Page, stub: AdminApiStub
) -> None:
    stub.answer("POST", "/me/spaces/echo/requests", NO_NETWORK)
    submit(person_page)
    expect(person_page.locator("#result-title")).to_have_text("Not sent yet")
    assert SECRET not in person_page.evaluate("JSON.stringify(localStorage)")

    stub.answer("POST", "/me/spaces/echo/requests", Answer(built(accepted()), ACCEPTED))
    person_page.reload()

    expect(person_page.locator("#result-title")).to_have_text("Next in line")


def test_sign_out_leaves_nothing_for_the_next_person(person_page: Page, stub: AdminApiStub) -> None:
    stub.answer("POST", "/me/spaces/echo/requests", NO_NETWORK)
    remember(person_page)
    submit(person_page)
    expect(person_page.locator("#result-title")).to_have_text("Not sent yet")
    person_page.get_by_text("operator").click()

    person_page.get_by_role("button", name="Sign out").click()
    person_page.wait_for_url("**/sign-in/logout**")

    person_page.goto("/")
    expect(person_page.get_by_role("button", name="Sign in")).to_be_visible()
    stored = person_page.evaluate(STORED)
    for words in (SECRET, "Before", REQUEST_ID):
        assert words not in stored


def test_session_that_ends_by_itself_leaves_the_draft_for_who_comes_back(
    admin_page: Page, stub: AdminApiStub
) -> None:
    stub.answer("GET", "/me/spaces/echo", Answer(built(space())))
    stub.answer("GET", "/spaces/echo", Answer(built(space())))
    admin_page.goto("/space.html?space=echo")
    expect(admin_page.get_by_text("Connected to lab-gpu-1")).to_be_visible()
    remember(admin_page)
    admin_page.locator("#prompt").fill(SECRET)
    stub.answer("POST", "/sign-in/token", Answer({"error": "invalid_grant"}, 400))

    stub.answer("GET", "/me/spaces/echo", Answer({"message": "Unauthorized"}, 401))
    admin_page.evaluate("dispatchEvent(new Event('offline'))")

    expect(admin_page.get_by_text("operator's session has expired")).to_be_visible()
    assert "Before" not in admin_page.evaluate("JSON.stringify(localStorage)")
    admin_page.reload()
    expect(admin_page.get_by_label("Prompt")).to_have_value(SECRET)


class Shelf:
    """A history of thirty requests, three a page."""

    def __init__(self) -> None:
        self.entries = [entry(number) for number in range(30, 0, -1)]
        self.asked: list[str] = []

    def answer(self, route: Route) -> None:
        query = parse_qs(urlsplit(route.request.url).query)
        start = int(query.get("cursor", ["0"])[0])
        self.asked.append(query.get("cursor", ["-"])[0])
        found = self.entries[start : start + 3]
        route.fulfill(json={"requests": found, "next_cursor": str(start + 3)})


def test_what_show_more_brought_stays_when_a_status_changes(
    person_page: Page, stub: AdminApiStub
) -> None:
    shelf = Shelf()
    person_page.context.route("**/me/requests**", shelf.answer)
    person_page.reload()
    history = person_page.locator("[data-part=history]")
    expect(history.get_by_role("link")).to_have_count(3)
    person_page.get_by_role("button", name="Show more").click()
    expect(history.get_by_role("link")).to_have_count(6)

    shelf.entries.insert(0, entry(31, "IN_QUEUE"))
    stub.answer("POST", "/me/spaces/echo/requests", Answer(built(accepted()), ACCEPTED))
    submit(person_page)

    expect(history.get_by_role("link", name=re.compile("Waiting.*Prompt 31"))).to_be_visible()
    expect(history.get_by_role("link", name="Prompt 25")).to_be_visible()
    expect(history.get_by_role("link")).to_have_count(7)


def test_last_requests_of_this_browser_do_not_wait_for_ever(
    page: Page, gateway: GatewayStub
) -> None:
    gateway.spaces = [space()]
    gateway.statuses = [LATE]
    page.goto("/")
    remember(page)
    page.reload()
    expect(page.get_by_role("link", name=re.compile("Waiting.*Before"))).to_be_visible()

    gateway.answer_late(Answer(status(RequestState.COMPLETED)))

    expect(page.get_by_role("link", name=re.compile("Answered.*Before"))).to_be_visible()


def test_last_requests_of_a_person_are_those_that_the_gateway_keeps(
    admin_page: Page, stub: AdminApiStub
) -> None:
    stub.answer("GET", "/me/spaces", Answer({"spaces": [built(space())]}))
    entries = [entry(number) for number in range(9, 0, -1)]
    stub.answer("GET", HISTORY, Answer({"requests": entries, "next_cursor": None}))
    admin_page.goto("/")
    remember(admin_page)
    admin_page.reload()

    links = admin_page.locator("[data-part=history]").get_by_role("link")

    expect(links).to_have_count(5)
    expect(links.first).to_contain_text("Prompt 9")


def test_show_more_that_cannot_be_answered_says_so(person_page: Page, stub: AdminApiStub) -> None:
    shelf = Shelf()
    person_page.context.route("**/me/requests**", shelf.answer)
    person_page.reload()
    history = person_page.locator("[data-part=history]")
    expect(history.get_by_role("link")).to_have_count(3)
    person_page.context.route("**/me/requests?**cursor**", lambda route: route.abort(), times=1)

    person_page.get_by_role("button", name="Show more").click()

    unreachable = person_page.locator("[data-part=history-empty]")
    expect(unreachable).to_be_visible()
    expect(unreachable).to_have_text("Your requests could not be loaded.")
    expect(person_page.locator("[data-part=announcement]")).to_have_text(
        "Your requests could not be loaded."
    )
    person_page.get_by_role("button", name="Show more").click()
    expect(history.get_by_role("link")).to_have_count(6)
    expect(unreachable).to_be_hidden()
