"""The page follows a request by its event stream while text arrives, and polls otherwise."""

import json
from collections.abc import Iterator

import pytest
from playwright.sync_api import Page, expect

from spaces_protocol.errors import ErrorType
from spaces_protocol.rest_bodies import OutputView, Partial, RequestState
from tests.browser.support.bodies import REQUEST_ID, accepted, result, space, status
from tests.browser.support.event_streams import EventStream, StreamingStub
from tests.browser.support.gateway_stub import (
    ACCEPTED,
    NO_NETWORK,
    Answer,
    refusal,
)
from tests.browser.support.page_server import EMPTY_PAGE, PageServer

pytestmark = pytest.mark.browser

ADDRESS = f"/space.html?space=echo&request={REQUEST_ID}"
PROSE = "[data-part=answer] .prose"
SECONDS = 10
QUICKLY = 100
RUNNING = Answer(status(RequestState.IN_PROGRESS, retry_after_ms=QUICKLY))
HIDE = """hidden => {
    Object.defineProperty(document, "hidden", { configurable: true, get: () => hidden });
    document.dispatchEvent(new Event("visibilitychange"));
}"""


def partial(text: str, cursor: str) -> Answer:
    found = Partial(text=text, next_after=cursor, restarted=False)
    return Answer(status(RequestState.IN_PROGRESS, partial=found, retry_after_ms=QUICKLY))


@pytest.fixture
def gateway(page_server: PageServer) -> Iterator[StreamingStub]:
    """A gateway whose request runs, and whose space is said to stream text."""
    with page_server.answering(StreamingStub()) as stub:
        stub.spaces = [space()]
        stub.statuses = [RUNNING]
        stub.results = [Answer(result(output=OutputView(text="Once upon a time.")))]
        yield stub


@pytest.fixture
def stream(gateway: StreamingStub) -> EventStream:
    gateway.streams = [EventStream()]
    return begun(gateway)


def begun(gateway: StreamingStub) -> EventStream:
    """Return the stream that the page opens last, with its first event."""
    stream = gateway.streams[-1]
    assert isinstance(stream, EventStream)
    stream.status()
    return stream


def remember(page: Page, *spaces: str) -> None:
    """Let the browser know that these spaces stream text."""
    page.goto(EMPTY_PAGE)
    page.evaluate("all => localStorage.setItem('spaces.streaming', all)", json.dumps(spaces))


def streaming_spaces(page: Page) -> object:
    return page.evaluate("JSON.parse(localStorage.getItem('spaces.streaming') ?? '[]')")


@pytest.fixture
def reading(page: Page, gateway: StreamingStub, stream: EventStream) -> Page:
    """A page that reads a stream and has its first words."""
    remember(page, "echo")
    page.goto(ADDRESS)
    stream.text("Once **upon** ", "1.1")
    expect(page.locator(f"{PROSE} strong")).to_have_text("upon")
    return page


def test_text_is_read_from_the_stream_and_nothing_is_polled_meanwhile(
    reading: Page, gateway: StreamingStub, stream: EventStream
) -> None:
    stream.delta("a ", "1.2")
    stream.text("time", "1.3")
    expect(reading.locator(PROSE)).to_have_text("Once upon a time")
    stream.done()

    expect(reading.locator("#result-title")).to_have_text("Answered")
    expect(reading.locator(PROSE)).to_have_text("Once upon a time.")
    assert gateway.polls() == [""]
    assert gateway.opened() == [None]
    assert len(gateway.calls_to("GET", f"/requests/{REQUEST_ID}")) == 2  # the stream, the result


def test_request_is_streamed_from_its_start_in_a_space_that_is_known_to_stream(
    page: Page, gateway: StreamingStub, stream: EventStream
) -> None:
    gateway.submits = [Answer(accepted(status=RequestState.IN_PROGRESS), ACCEPTED)]
    remember(page, "echo")
    page.goto("/space.html?space=echo")
    page.get_by_label("Prompt").fill("A story")
    page.get_by_role("button", name="Run", exact=True).click()
    stream.text("Once", "1.1")

    expect(page.locator(PROSE)).to_have_text("Once")
    assert gateway.polls() == []
    assert "authorization" not in gateway.calls_to("GET", f"/requests/{REQUEST_ID}")[0].headers


def test_first_text_of_an_unknown_space_is_polled_and_the_rest_is_streamed(
    page: Page, gateway: StreamingStub, stream: EventStream
) -> None:
    gateway.statuses = [RUNNING, partial("Once ", "1.1")]
    page.goto(ADDRESS)
    stream.text("upon", "1.2")

    expect(page.locator(PROSE)).to_have_text("Once upon")
    assert gateway.polls() == ["", ""]
    assert gateway.opened() == ["1.1"]
    assert streaming_spaces(page) == ["echo"]


def test_request_without_text_is_polled(page: Page, gateway: StreamingStub) -> None:
    waiting = Answer(status(RequestState.IN_QUEUE))
    done = Answer(status(RequestState.COMPLETED))
    gateway.statuses = [waiting, RUNNING, RUNNING, done]
    page.goto(ADDRESS)

    expect(page.locator("#result-title")).to_have_text("Answered")
    assert gateway.opened() == []
    assert streaming_spaces(page) == []


def test_waiting_request_is_polled_until_it_runs(
    page: Page, gateway: StreamingStub, stream: EventStream
) -> None:
    gateway.statuses = [Answer(status(RequestState.IN_QUEUE)), RUNNING]
    remember(page, "echo")
    page.goto(ADDRESS)
    stream.text("Once", "1.1")

    expect(page.locator(PROSE)).to_have_text("Once")
    assert len(gateway.polls()) == 2


def test_request_that_goes_back_to_the_queue_is_polled_there(
    reading: Page, gateway: StreamingStub, stream: EventStream
) -> None:
    gateway.statuses = [Answer(status(RequestState.IN_QUEUE, queue_reason="no_worker"))]
    stream.status(RequestState.IN_QUEUE, queue_reason="no_worker")

    expect(reading.locator("#result-title")).to_have_text("Waiting for a worker")
    expect(reading.locator(PROSE)).to_be_hidden()
    assert stream.left.wait(SECONDS)
    with reading.expect_request(lambda request: "/status" in request.url):
        pass


def test_another_attempt_replaces_the_text(reading: Page, stream: EventStream) -> None:
    stream.status(attempt=2, worker_id="lab-gpu-2")
    stream.restart("Second ", "2.1")
    stream.text("try", "2.2")

    expect(reading.locator(PROSE)).to_have_text("Second try")


def test_stream_that_is_cut_goes_on_where_it_was_without_loss_or_repetition(
    reading: Page, gateway: StreamingStub, stream: EventStream
) -> None:
    gateway.statuses = [partial("a ", "1.2"), RUNNING]
    gateway.streams = [EventStream()]
    rest = begun(gateway)
    stream.cut()
    rest.text("time", "1.3")

    expect(reading.locator(PROSE)).to_have_text("Once upon a time")
    assert gateway.polls() == ["", "after=1.1"]
    assert gateway.opened() == [None, "1.2"]


def test_stream_that_its_sender_ends_early_is_opened_again(
    reading: Page, gateway: StreamingStub, stream: EventStream
) -> None:
    gateway.streams = [EventStream()]
    rest = begun(gateway)
    stream.end()
    rest.text("a time", "1.2")

    expect(reading.locator(PROSE)).to_have_text("Once upon a time")


def test_streams_that_are_always_cut_are_given_up(
    reading: Page, gateway: StreamingStub, stream: EventStream
) -> None:
    gateway.streams = [EventStream(), EventStream()]
    for each in gateway.streams:
        assert isinstance(each, EventStream)
        each.status()
        each.cut()
    gateway.statuses = [RUNNING, RUNNING, partial("a time", "1.2"), RUNNING]
    stream.cut()

    expect(reading.locator(PROSE)).to_have_text("Once upon a time")
    with reading.expect_request(lambda request: request.url.endswith("after=1.2")):
        pass
    assert len(gateway.opened()) == 3


@pytest.mark.parametrize(
    "answer",
    [
        refusal(ErrorType.INTERNAL),
        refusal(ErrorType.NOT_ALLOWED),
        refusal(ErrorType.RATE_LIMITED),
        Answer({"Message": "Rate Exceeded."}, 429),
        Answer({"Message": None}, 502),
        Answer("<html>", 200, {"content-type": "text/html"}),
        NO_NETWORK,
    ],
    ids=["500", "403", "429", "lambda 429", "lambda 502", "not a stream", "lost"],
)
def test_request_whose_stream_cannot_be_had_is_polled(
    page: Page, gateway: StreamingStub, answer: Answer
) -> None:
    gateway.streams = [answer] * 3
    done = Answer(status(RequestState.COMPLETED))
    gateway.statuses = [RUNNING, partial("Once ", "1.1"), partial("upon", "1.2"), RUNNING, done]
    remember(page, "echo")
    page.goto(ADDRESS)

    expect(page.locator("#result-title")).to_have_text("Answered")
    assert len(gateway.polls()) == 5
    assert len(gateway.opened()) == (3 if answer is NO_NETWORK else 1)


def test_gateway_without_streams_is_polled(page: Page, gateway: StreamingStub) -> None:
    page.route("**/config.json", lambda route: route.fulfill(status=404))
    gateway.statuses = [RUNNING, partial("Once", "1.1"), Answer(status(RequestState.COMPLETED))]
    remember(page, "echo")
    page.goto(ADDRESS)

    expect(page.locator("#result-title")).to_have_text("Answered")
    assert gateway.opened() == []


def test_stream_that_a_proxy_holds_back_is_given_up(
    fresh_page: Page, gateway: StreamingStub
) -> None:
    held = [EventStream() for _ in range(3)]
    gateway.streams = [*held, EventStream()]
    gateway.statuses = [RUNNING, partial("Once ", "1.1"), RUNNING, partial("upon", "1.2"), RUNNING]
    fresh_page.clock.install()
    remember(fresh_page, "echo")
    fresh_page.goto(ADDRESS)
    for each in held:
        assert each.opened.wait(SECONDS)
        fresh_page.clock.run_for(4_000)
        assert each.left.wait(SECONDS)

    expect(fresh_page.locator(PROSE)).to_have_text("Once upon")
    with fresh_page.expect_request(lambda request: request.url.endswith("after=1.2")):
        fresh_page.clock.run_for(1_000)
    assert len(gateway.opened()) == 3


def test_stream_is_closed_while_the_model_pauses_and_opened_again_with_the_next_text(
    fresh_page: Page, gateway: StreamingStub, stream: EventStream
) -> None:
    fresh_page.clock.install()
    remember(fresh_page, "echo")
    fresh_page.goto(ADDRESS)
    stream.text("Once ", "1.1")
    expect(fresh_page.locator(PROSE)).to_have_text("Once")

    fresh_page.clock.run_for(10_000)
    assert stream.left.wait(SECONDS)
    gateway.streams = [EventStream()]
    rest = begun(gateway)
    rest.text("time", "1.3")
    gateway.statuses = [partial("upon a ", "1.2"), RUNNING]
    fresh_page.clock.run_for(1_000)

    expect(fresh_page.locator(PROSE)).to_have_text("Once upon a time")
    assert gateway.opened() == [None, "1.2"]
    assert streaming_spaces(fresh_page) == ["echo"]


def test_space_whose_stream_has_no_text_is_polled_the_next_time(
    reading: Page, gateway: StreamingStub, stream: EventStream
) -> None:
    """Its whole answer came at the end: a stream would be paid for nothing."""
    assert streaming_spaces(reading) == ["echo"]
    stream.done()

    expect(reading.locator("#result-title")).to_have_text("Answered")
    assert streaming_spaces(reading) == []


def test_hidden_tab_closes_its_stream_and_goes_on_when_seen(
    reading: Page, gateway: StreamingStub, stream: EventStream
) -> None:
    reading.evaluate(HIDE, arg=True)
    assert stream.left.wait(SECONDS)
    gateway.streams = [EventStream()]
    rest = begun(gateway)
    rest.text("a time", "1.2")

    reading.evaluate(HIDE, arg=False)

    expect(reading.locator(PROSE)).to_have_text("Once upon a time")
    assert gateway.opened() == [None, "1.1"]
    assert len(gateway.polls()) == 1


def test_reloaded_page_reads_the_text_again(
    reading: Page, gateway: StreamingStub, stream: EventStream
) -> None:
    gateway.statuses = [partial("Once upon ", "1.1")]
    gateway.streams = [EventStream()]
    rest = begun(gateway)
    rest.text("a time", "1.2")

    reading.reload()

    expect(reading.locator(PROSE)).to_have_text("Once upon a time")
    assert stream.left.wait(SECONDS)
    assert gateway.opened() == [None, "1.1"]


def test_cancelled_request_closes_its_stream(
    reading: Page, gateway: StreamingStub, stream: EventStream
) -> None:
    gateway.cancels = [Answer(status(RequestState.CANCELLED), ACCEPTED)]
    gateway.results = [Answer(result(RequestState.CANCELLED))]
    reading.get_by_role("button", name="Cancel", exact=True).click()

    expect(reading.locator("#result-title")).to_have_text("Cancelled")
    expect(reading.locator(PROSE)).to_have_text("Once upon")
    assert stream.left.wait(SECONDS)
    assert len(gateway.opened()) == 1


def test_another_request_closes_the_stream_of_the_first(
    reading: Page, gateway: StreamingStub, stream: EventStream
) -> None:
    reading.evaluate("history.pushState(null, '', '?space=echo')")
    reading.evaluate("dispatchEvent(new PopStateEvent('popstate'))")

    assert stream.left.wait(SECONDS)
    expect(reading.locator(PROSE)).to_be_hidden()
    assert len(gateway.opened()) == 1


def test_two_tabs_share_one_stream_and_the_second_takes_over(
    reading: Page, gateway: StreamingStub, stream: EventStream
) -> None:
    gateway.statuses = [partial("Once **upon** ", "1.1")]
    other = reading.context.new_page()
    other.goto(ADDRESS)
    expect(other.locator(PROSE)).to_have_text("Once upon")
    stream.text("a ", "1.2")
    for each in (reading, other):
        expect(each.locator(PROSE)).to_have_text("Once upon a")
    gateway.streams = [EventStream()]
    rest = begun(gateway)
    rest.text("time", "1.3")

    reading.close()

    expect(other.locator(PROSE)).to_have_text("Once upon a time")
    assert gateway.opened() == [None, "1.2"]


def test_shared_result_is_streamed_too(
    page: Page, gateway: StreamingStub, stream: EventStream
) -> None:
    remember(page, "echo")
    page.goto(f"/result.html?space=echo&request={REQUEST_ID}")
    stream.text("Once", "1.1")

    expect(page.locator(PROSE)).to_have_text("Once")


def test_result_that_cannot_be_read_after_the_end_is_asked_for_again(
    reading: Page, gateway: StreamingStub, stream: EventStream
) -> None:
    gateway.results = [NO_NETWORK, *gateway.results]
    gateway.statuses = [Answer(status(RequestState.COMPLETED))]
    stream.done()

    expect(reading.locator("#result-title")).to_have_text("Answered")
    assert len(gateway.opened()) == 1
