"""A request at the side of the list: its facts, its actions, and the ways to close it."""

import re

import pytest
from playwright.sync_api import Locator, Page, expect

from spaces_protocol.rest_bodies import FileView, InputView, Metrics, OutputView
from spaces_protocol.worker_messages import Usage
from tests.browser.support.admin_api_stub import AdminApiStub
from tests.browser.support.admin_responses import request
from tests.browser.support.axe import DESKTOP, PHONE, expect_accessible, look_at
from tests.browser.support.bodies import ago, result
from tests.browser.support.gateway_stub import Answer

pytestmark = pytest.mark.browser

ID = "echo.7.AAAAAAAAAAAAAAAAAAAAAA"
RESULT = f"/spaces/echo/requests/{ID}"
SCROLL_BAR = 15
"""Its width, for which the page keeps room."""
LIST = "/admin.html?view=requests&state=FAILED"
WEBHOOK = {"url": "https://example.com/in", "events": ["completed"], "state": "failed", "tries": 9}


def file(size: int) -> FileView:
    url = "https://files.test/a"
    return FileView(
        name="a.wav", content_type="audio/wav", size=size, url=url, download_url=url, inline=True,
        expires_at=ago(-3600),
    )  # fmt: skip


@pytest.fixture
def listed(admin_page: Page, stub: AdminApiStub) -> Page:
    stub.requests = [
        request(7, "FAILED", error="Out of memory", error_type="worker_error", webhook=WEBHOOK),
        request(6, "FAILED"),
    ]
    given = InputView(prompt="é" * 600, files=[file(1_000_000), file(2_000_000)])
    ended = result(
        request_id=ID,
        input=given,
        output=OutputView(text="x" * 300),
        model="lab-7b",
        usage=Usage(total_tokens=1234),
        metrics=Metrics(queue_time=1.8),
    )
    stub.answer("GET", RESULT, Answer(ended))
    admin_page.goto(LIST)
    expect(opener(admin_page)).to_be_visible()
    return admin_page


def opener(page: Page) -> Locator:
    return page.get_by_role("button", name="echo.7", exact=True)


def drawer(page: Page) -> Locator:
    return page.get_by_role("dialog", name="Request echo.7", exact=True)


def fact(page: Page, name: str) -> Locator:
    term = page.get_by_role("term").filter(has_text=re.compile(f"^{name}$"))
    return drawer(page).locator("dl > div").filter(has=term).get_by_role("definition")


def test_drawer_shows_what_is_known_but_no_contents(listed: Page) -> None:
    opener(listed).click()

    expect(drawer(listed)).to_contain_text("Failed")
    expect(drawer(listed)).to_contain_text("Out of memory")
    expect(fact(listed, "User")).to_have_text("visitor")
    expect(fact(listed, "Started")).to_contain_text("after 1.8 s")
    expect(fact(listed, "Ended")).to_contain_text("after 4.2 s")
    expect(fact(listed, "Worker")).to_have_text("lab-gpu-1")
    expect(fact(listed, "Attempts")).to_have_text("1")
    expect(fact(listed, "Input")).to_have_text("1.2 KB · 2 files, 2.9 MB")
    expect(fact(listed, "Answer")).to_have_text("300 bytes")
    expect(fact(listed, "Model")).to_have_text("lab-7b")
    expect(fact(listed, "Tokens")).to_have_text("1,234")
    expect(fact(listed, "Webhook")).to_have_text("failed · 9 tries · example.com")
    expect(fact(listed, "Id")).to_have_text(ID)
    expect(drawer(listed)).not_to_contain_text("xxx")
    expect(drawer(listed).get_by_role("link", name="Open on its page")).to_have_attribute(
        "href", f"./space.html?space=echo&request={ID}"
    )


@pytest.mark.parametrize("way", ["Escape", "button", "back"])
def test_drawer_closes_and_the_focus_is_where_it_was(
    listed: Page, stub: AdminApiStub, way: str
) -> None:
    opener(listed).focus()
    listed.keyboard.press("Enter")
    expect(drawer(listed).get_by_role("button", name="Close")).to_be_focused()
    assert f"request={ID}" in listed.url

    if way == "Escape":
        listed.keyboard.press("Escape")
    elif way == "button":
        listed.keyboard.press("Enter")
    else:
        listed.go_back()

    expect(drawer(listed)).to_have_count(0)
    expect(opener(listed)).to_be_focused()
    expect(listed).to_have_url(re.compile(r"view=requests&state=FAILED$"))
    assert len(stub.calls_to("GET", "/me")) == 1, "the view was redrawn"


def test_press_anywhere_on_a_row_opens_it(listed: Page) -> None:
    listed.get_by_role("row", name="echo.7").get_by_text("lab-gpu-1").click()

    expect(drawer(listed)).to_be_visible()


def test_address_opens_the_drawer_and_closing_it_leaves_the_list(listed: Page) -> None:
    opener(listed).click()
    expect(fact(listed, "Model")).to_be_visible()
    listed.reload()

    expect(fact(listed, "Model")).to_have_text("lab-7b")
    expect(fact(listed, "User")).to_have_text("visitor")
    listed.keyboard.press("Escape")

    expect(drawer(listed)).to_have_count(0)
    expect(listed).to_have_url(re.compile(r"view=requests&state=FAILED$"))
    expect(opener(listed)).to_be_visible()


def test_request_that_is_not_in_the_list_is_shown_as_far_as_it_is_known(
    listed: Page, stub: AdminApiStub
) -> None:
    stub.requests = []

    listed.goto(f"{LIST}&request={ID}")

    expect(fact(listed, "Model")).to_have_text("lab-7b")
    expect(drawer(listed)).to_contain_text("Answered")
    expect(fact(listed, "User")).to_have_count(0)


def test_drawer_of_a_request_whose_result_is_gone_says_so(listed: Page, stub: AdminApiStub) -> None:
    stub.answer("GET", RESULT, Answer({"error_type": "request_expired", "detail": "Gone."}, 410))

    opener(listed).click()

    expect(drawer(listed)).to_contain_text("no longer stored")
    expect(fact(listed, "User")).to_have_text("visitor")


def test_drawer_follows_the_list_and_cancels(admin_page: Page, stub: AdminApiStub) -> None:
    stub.requests = [request(7, "IN_PROGRESS")]
    stub.answer("GET", RESULT, Answer({**unfinished(), "status": "IN_PROGRESS"}, 202))
    admin_page.goto("/admin.html?view=requests")
    opener(admin_page).click()
    expect(drawer(admin_page)).to_contain_text("Running")
    drawer(admin_page).get_by_role("button", name="Cancel request echo.7").click()
    question = admin_page.get_by_role("dialog", name="Cancel request echo.7")
    stub.requests = [request(7, "CANCELLED")]
    stub.answer("GET", RESULT, Answer(result(request_id=ID)))

    question.get_by_role("button", name="Cancel request").click()

    expect(drawer(admin_page)).to_contain_text("Cancelled")
    expect(drawer(admin_page).get_by_role("button", name="Retry request echo.7")).to_be_visible()
    assert stub.calls_to("POST", f"/admin/requests/{ID}/cancel")


def unfinished() -> dict[str, object]:
    return {"request_id": ID, "space": "echo", "times": {"created_at": "2026-11-22T10:00:00Z"}}


def test_drawer_of_a_space_keeps_its_tab(listed: Page, stub: AdminApiStub) -> None:
    listed.goto("/admin.html?view=space&space=echo&tab=requests")
    opener(listed).click()
    expect(drawer(listed)).to_be_visible()

    listed.go_back()

    expect(drawer(listed)).to_have_count(0)
    expect(listed).to_have_url(re.compile("view=space&space=echo&tab=requests$"))


def test_drawer_is_accessible_and_as_wide_as_a_phone(listed: Page) -> None:
    look_at(listed, PHONE)
    opener(listed).click()
    expect(fact(listed, "Model")).to_be_visible()

    left, right = edges(listed)
    assert left == 0
    assert right >= PHONE.width - SCROLL_BAR
    expect_accessible(listed, PHONE, DESKTOP)
    left, right = edges(listed)
    assert left > DESKTOP.width / 2
    assert right >= DESKTOP.width - SCROLL_BAR


def edges(page: Page) -> tuple[float, float]:
    box = drawer(page).bounding_box()
    assert box is not None
    return box["x"], box["x"] + box["width"]
