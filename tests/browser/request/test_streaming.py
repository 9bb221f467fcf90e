"""Text that appears while it is written."""

from typing import Any

import msgspec
import pytest
from playwright.sync_api import Page, Route, expect

from spaces_protocol.rest_bodies import OutputView, Partial, RequestState, RequestStatus
from tests.browser.support.bodies import REQUEST_ID, accepted, result, space, status
from tests.browser.support.gateway_stub import ACCEPTED, LATE, Answer, GatewayStub

pytestmark = pytest.mark.browser

ADDRESS = f"/space.html?space=echo&request={REQUEST_ID}"
PROSE = "[data-part=answer] .prose"


def writing(text: str, after: str, **changes: Any) -> RequestStatus:
    partial = Partial(text=text, next_after=after, restarted=changes.pop("restarted", False))
    return status(RequestState.IN_PROGRESS, partial=partial, **changes)


def show(page: Page, gateway: GatewayStub, *statuses: RequestStatus) -> None:
    gateway.spaces = [space()]
    gateway.statuses = [Answer(each) for each in statuses]
    page.goto(ADDRESS)


def test_text_grows_piece_by_piece_and_is_asked_for_from_where_it_is_known(
    page: Page, gateway: GatewayStub
) -> None:
    silent = status(RequestState.IN_PROGRESS)
    statuses = [writing("Once **upon** ", "1.1"), silent, writing("a time", "1.2"), silent]
    with page.expect_request(lambda request: request.url.endswith("after=1.2")):
        show(page, gateway, *statuses)

    expect(page.locator(PROSE)).to_have_text("Once upon a time")
    expect(page.locator(f"{PROSE} strong")).to_have_text("upon")
    asked = [call.path.partition("?")[2] for call in gateway.calls if "/status" in call.path]
    assert asked[:3] == ["", "after=1.1", "after=1.1"]
    assert asked[-1] == "after=1.2"


def test_another_attempt_starts_the_text_anew(page: Page, gateway: GatewayStub) -> None:
    again = writing("Second try", "2.1", restarted=True, attempt=2)
    show(page, gateway, writing("First try", "1.1"), again, status(RequestState.IN_PROGRESS))

    expect(page.locator(PROSE)).to_have_text("Second try")


def test_request_that_waits_again_shows_no_text_of_the_lost_attempt(
    page: Page, gateway: GatewayStub
) -> None:
    lost = status(RequestState.IN_QUEUE, attempt=1, queue_reason="no_worker")
    show(page, gateway, writing("Lost", "1.1"), lost)

    expect(page.locator("#result-title")).to_have_text("Waiting for a worker")
    expect(page.locator(PROSE)).to_be_hidden()


def test_whole_answer_takes_the_place_of_its_beginning(page: Page, gateway: GatewayStub) -> None:
    gateway.results = [Answer(result(output=OutputView(text="Once upon a time.")))]
    show(page, gateway, writing("Once upon", "1.1"), status(RequestState.COMPLETED))

    expect(page.locator("#result-title")).to_have_text("Answered")
    expect(page.locator(PROSE)).to_have_text("Once upon a time.")
    expect(page.locator("[data-writing]")).to_have_count(0)


def test_text_stays_where_it_is_when_it_is_complete(page: Page, gateway: GatewayStub) -> None:
    gateway.results = [Answer(result(output=OutputView(text="Once upon a time.")))]
    gateway.spaces = [space()]
    gateway.submits = [Answer(accepted(), ACCEPTED)]
    gateway.statuses = [Answer(writing("Once upon", "1.1")), LATE]
    page.goto("/space.html?space=echo")
    page.get_by_label("Prompt").fill("Hello")
    page.get_by_role("button", name="Run", exact=True).click()
    top = "text => text.getBoundingClientRect().top"
    expect(page.locator(PROSE)).to_have_text("Once upon")
    before = page.locator(PROSE).evaluate(top)

    gateway.answer_late(Answer(status(RequestState.COMPLETED)))

    expect(page.locator(PROSE)).to_have_text("Once upon a time.")
    assert page.locator(PROSE).evaluate(top) == before


def test_screen_readers_hear_once_that_it_is_written(page: Page, gateway: GatewayStub) -> None:
    pieces = [writing(f"{number} ", f"1.{number}") for number in range(8)]
    page.add_init_script(
        """addEventListener("DOMContentLoaded", () => {
            window.heard = [];
            const region = document.querySelector("[data-part=announcement]");
            new MutationObserver(() => window.heard.push(region.textContent))
                .observe(region, { childList: true, characterData: true, subtree: true });
        })"""
    )
    show(page, gateway, *pieces, status(RequestState.IN_PROGRESS))

    expect(page.locator(PROSE)).to_have_text("0 1 2 3 4 5 6 7")

    heard = [words for words in page.evaluate("window.heard") if "Loading" not in words]
    assert heard == ["Running on lab-gpu-1. The answer is being written."]


def test_two_tabs_show_the_same_text(page: Page, gateway: GatewayStub) -> None:
    writer = Writer(list("abcdefghij"))
    page.context.route("**/status*", writer.answer)
    other = page.context.new_page()
    show(page, gateway)
    expect(page.locator(PROSE)).to_contain_text("abc")

    other.goto(ADDRESS)

    expect(page.locator(PROSE)).to_have_text("abcdefghij")
    expect(other.locator(PROSE)).to_have_text("abcdefghij")


@pytest.mark.parametrize(
    ("end", "headline"),
    [
        (RequestState.CANCELLED, "Cancelled"),
        (RequestState.TIMED_OUT, "Stopped after"),
        (RequestState.FAILED, "could not"),
    ],
)
def test_text_of_a_request_that_ends_without_an_answer_stays(
    page: Page, gateway: GatewayStub, end: RequestState, headline: str
) -> None:
    gateway.results = [Answer(result(end))]
    show(page, gateway, writing("Once **upon**", "1.1"), status(end))

    expect(page.locator("#result-title")).to_contain_text(headline)
    expect(page.get_by_role("heading", name="Text so far")).to_be_visible()
    expect(page.locator(PROSE)).to_have_text("Once upon")
    expect(page.locator("[data-writing]")).to_have_count(0)


def test_long_text_is_plain_while_it_is_written_so_that_the_page_stays_quick(
    page: Page, gateway: GatewayStub
) -> None:
    costly = "_a__b" * 2_500
    gateway.results = [Answer(result(output=OutputView(text="**Short** in the end")))]
    silent = status(RequestState.IN_PROGRESS)
    show(page, gateway, writing("**Short**", "1.1"), silent, writing(costly, "1.2"), silent)
    expect(page.locator(f"{PROSE}.plain-text")).to_contain_text("**Short**_a__b_a__b")

    gateway.statuses = [Answer(status(RequestState.COMPLETED))]

    expect(page.locator(f"{PROSE} strong")).to_have_text("Short")


class Writer:
    """A gateway whose model writes one more letter with every question, and that reads cursors."""

    def __init__(self, letters: list[str]) -> None:
        self.letters = letters
        self.written = 0

    def answer(self, route: Route) -> None:
        self.written = min(len(self.letters), self.written + 1)
        known = int(route.request.url.partition("after=")[2] or 0)
        text = "".join(self.letters[known : self.written])
        body = writing(text, str(self.written)) if text else status(RequestState.IN_PROGRESS)
        route.fulfill(body=msgspec.json.encode(body).decode(), content_type="application/json")


WORDS = " ".join(f"word{number}" for number in range(40))
SEEN_LENGTHS = """addEventListener("DOMContentLoaded", () => {
    window.lengths = [];
    new MutationObserver(() => {
        const text = document.querySelector("[data-part=answer] .prose")?.textContent ?? "";
        if (text && text.length !== window.lengths.at(-1)) window.lengths.push(text.length);
    }).observe(document.body, { childList: true, characterData: true, subtree: true });
})"""


def test_polled_text_flows_word_by_word(fresh_page: Page, gateway: GatewayStub) -> None:
    fresh_page.emulate_media(reduced_motion="no-preference")
    fresh_page.add_init_script(SEEN_LENGTHS)

    silent = status(RequestState.IN_PROGRESS)
    with fresh_page.expect_request_finished(lambda call: call.url.endswith("/text_flow.js")):
        show(fresh_page, gateway, writing("Listen: ", "1.1"), silent)
    expect(fresh_page.locator(PROSE)).to_have_text("Listen:")
    more = writing(WORDS, "1.2", retry_after_ms=4000)
    gateway.statuses = [Answer(each) for each in (more, writing("", "1.2"))]

    expect(fresh_page.locator(PROSE)).to_have_text(f"Listen: {WORDS}")
    lengths = fresh_page.evaluate("window.lengths")
    assert len(lengths) > 4, lengths
    assert lengths == sorted(lengths)


def test_polled_text_is_there_at_once_with_less_motion(
    fresh_page: Page, gateway: GatewayStub
) -> None:
    fresh_page.emulate_media(reduced_motion="reduce")
    fresh_page.add_init_script(SEEN_LENGTHS)

    show(fresh_page, gateway, writing(WORDS, "1.1", retry_after_ms=1500), writing("", "1.1"))

    expect(fresh_page.locator(PROSE)).to_have_text(WORDS)
    assert min(fresh_page.evaluate("window.lengths")) >= len(WORDS)


def test_end_shows_the_rest_of_a_polled_text_at_once(
    fresh_page: Page, gateway: GatewayStub
) -> None:
    fresh_page.emulate_media(reduced_motion="no-preference")
    gateway.results = [Answer(result(RequestState.CANCELLED))]

    show(fresh_page, gateway, writing(WORDS, "1.1"), status(RequestState.CANCELLED))

    expect(fresh_page.locator("#result-title")).to_have_text("Cancelled")
    assert fresh_page.locator(PROSE).inner_text() == WORDS
