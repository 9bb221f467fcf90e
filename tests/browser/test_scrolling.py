"""The page scrolls only after an action of the user, and never away from what they read."""

import pytest
from playwright.sync_api import Locator, Page, Route, expect

from spaces_protocol.rest_bodies import FileRules, OutputView, Partial, RequestState
from tests.browser.support.announcements import HEAR
from tests.browser.support.bodies import REQUEST_ID, accepted, result, space, status
from tests.browser.support.gateway_stub import ACCEPTED, Answer, GatewayStub

pytestmark = pytest.mark.browser

OPENED = f"/space.html?space=echo&request={REQUEST_ID}"
LONG = "\n\n".join(f"Line {number}" for number in range(80))
WRITING = status(
    RequestState.IN_PROGRESS, partial=Partial(text=LONG, next_after="1"), retry_after_ms=500
)
RUNNING = status(RequestState.IN_PROGRESS)


@pytest.fixture
def phone(page: Page, gateway: GatewayStub) -> Page:
    page.set_viewport_size({"width": 375, "height": 667})
    gateway.spaces = [space()]
    return page


def waiting(position: int) -> Answer:
    return Answer(
        status(RequestState.IN_QUEUE, queue_position=position, queue_reason="worker_busy")
    )


def top(place: Locator) -> float:
    """Return how far below the top of the screen an element begins, in pixels."""
    box = place.bounding_box()
    assert box
    return box["y"]


def test_news_leave_the_reader_where_they_read(phone: Page, gateway: GatewayStub) -> None:
    gateway.statuses = [Answer(WRITING), Answer(RUNNING)]
    gateway.results = [Answer(result(output=OutputView(text=LONG)))]
    phone.goto(OPENED)
    expect(phone.get_by_text("Line 79")).to_be_visible()
    read = phone.get_by_text("Line 40", exact=True)
    read.scroll_into_view_if_needed()
    before = top(read)

    gateway.statuses = [Answer(status(RequestState.COMPLETED))]

    expect(phone.locator("#result-title")).to_have_text("Answered")
    expect(read).to_be_in_viewport()
    assert top(read) == pytest.approx(before, abs=2)


def test_news_do_not_call_back_a_reader_of_something_else(
    phone: Page, gateway: GatewayStub
) -> None:
    gateway.statuses = [waiting(3)]
    phone.goto(OPENED)
    expect(phone.locator("#result-title")).to_have_text("3 requests ahead of you")
    phone.set_viewport_size({"width": 375, "height": 300})
    phone.get_by_role("heading", name="History").scroll_into_view_if_needed()
    phone.mouse.wheel(0, 5_000)
    expect(phone.locator("#result-title")).not_to_be_in_viewport()

    gateway.statuses = [waiting(1)]
    expect(phone.locator("#result-title")).to_have_text("1 request ahead of you")
    gateway.statuses = [Answer(RUNNING)]

    expect(phone.locator("#result-title")).to_have_text("Running on lab-gpu-1")
    expect(phone.locator("#result-title")).not_to_be_in_viewport()


def test_opened_request_comes_into_view(phone: Page, gateway: GatewayStub) -> None:
    phone.set_viewport_size({"width": 375, "height": 450})
    gateway.statuses = [waiting(3)]

    phone.goto(OPENED)

    expect(phone.locator("#result-title")).to_have_text("3 requests ahead of you")
    expect(phone.locator("#result-title")).to_be_in_viewport(ratio=1)


def test_opened_request_comes_into_view_below_fields_that_load_later(
    fresh_page: Page, gateway: GatewayStub
) -> None:
    fresh_page.set_viewport_size({"width": 375, "height": 720})
    held: list[Route] = []
    fresh_page.route("**/files/file_field.js", lambda route: held.append(route))  # noqa: PLW0108 - a bound method has no place for notes
    rules = FileRules(accept=["image/*", "audio/*"], max_files=3, max_file_bytes=1024)
    schema = {"properties": {"steps": {"type": "integer"}}}
    gateway.spaces = [
        space(features=["prompt", "image", "audio"], files=rules, params_schema=schema)
    ]
    gateway.statuses = [waiting(3)]

    fresh_page.goto(OPENED)
    expect(fresh_page.locator("#result-title")).to_have_text("3 requests ahead of you")
    for route in held:
        route.continue_()

    expect(fresh_page.get_by_role("button", name="Choose files")).to_be_attached()
    expect(fresh_page.locator("#result-title")).to_be_in_viewport(ratio=1)


def test_run_and_cancel_bring_the_result_into_view(phone: Page, gateway: GatewayStub) -> None:
    phone.set_viewport_size({"width": 375, "height": 450})
    gateway.submits = [Answer(accepted(), ACCEPTED)]
    gateway.statuses = [waiting(3)]
    gateway.cancels = [Answer(status(RequestState.CANCELLED))]
    gateway.results = [Answer(result(RequestState.CANCELLED))]
    phone.goto("/space.html?space=echo")
    phone.get_by_label("Prompt").fill("Hello")
    title = phone.locator("#result-title")
    phone.evaluate("scrollTo(0, 0)")
    expect(title).not_to_be_in_viewport()

    phone.get_by_role("button", name="Run", exact=True).click()
    expect(title).to_have_text("3 requests ahead of you")
    expect(title).to_be_in_viewport(ratio=1)
    expect(title).to_be_focused()

    phone.set_viewport_size({"width": 375, "height": 300})
    phone.evaluate("scrollTo(0, 0)")
    expect(title).not_to_be_in_viewport()
    phone.get_by_role("button", name="Cancel").click()
    expect(title).to_have_text("Cancelled")
    expect(title).to_be_in_viewport(ratio=1)


@pytest.mark.parametrize("height", [812, 450], ids=["whole screen", "above the keyboard"])
def test_answer_begins_on_the_screen_after_run(
    phone: Page, gateway: GatewayStub, height: int
) -> None:
    phone.set_viewport_size({"width": 375, "height": height})
    gateway.submits = [Answer(accepted(), ACCEPTED)]
    gateway.statuses = [waiting(1), Answer(status(RequestState.COMPLETED))]
    gateway.results = [Answer(result(output=OutputView(text=LONG)))]
    phone.goto("/space.html?space=echo")
    phone.get_by_label("Prompt").fill("What is a line?")

    phone.get_by_role("button", name="Run", exact=True).click()

    expect(phone.get_by_text("Line 0", exact=True)).to_be_in_viewport(ratio=1)
    expect(phone.get_by_text("What is a line?").first).to_be_in_viewport()
    assert top(phone.locator("[data-part=form]")) == pytest.approx(8, abs=2)
    phone.get_by_role("button", name="Edit").click()
    expect(phone.get_by_label("Prompt")).to_be_focused()


def test_queue_that_moves_is_heard_when_one_is_next(page: Page, gateway: GatewayStub) -> None:
    gateway.spaces = [space()]
    gateway.statuses = [waiting(3)]
    page.add_init_script(HEAR)
    page.goto(OPENED)
    title = page.locator("#result-title")
    expect(title).to_have_text("3 requests ahead of you")
    gateway.statuses = [waiting(2)]
    expect(title).to_have_text("2 requests ahead of you")
    gateway.statuses = [waiting(0)]
    expect(title).to_have_text("Next in line")

    heard = [words.partition(".")[0] for words in page.evaluate("window.heard")]
    assert heard[-2:] == ["3 requests ahead of you", "Next in line"]
