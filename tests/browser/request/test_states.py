"""Every state of a request and of the connection has its text."""

import re
from typing import Any

import pytest
from playwright.sync_api import Page, expect

from spaces_protocol.errors import ErrorType
from spaces_protocol.rest_bodies import (
    Metrics,
    OutputView,
    RequestResult,
    RequestState,
    RequestStatus,
    RequestTimes,
    SpaceView,
    WorkerView,
)
from spaces_protocol.worker_messages import Usage
from tests.browser.support.bodies import (
    REQUEST_ID,
    ago,
    result,
    space,
    space_without_worker,
    status,
    times,
)
from tests.browser.support.gateway_stub import NO_NETWORK, Answer, GatewayStub, refusal

pytestmark = pytest.mark.browser

ADDRESS = f"/space.html?space=echo&request={REQUEST_ID}"
COMPLETED = RequestState.COMPLETED
FAILED = RequestState.FAILED
TIMED_OUT = RequestState.TIMED_OUT
CALL_OFFLINE = """() => {
    Object.defineProperty(navigator, "onLine", { value: false });
    dispatchEvent(new Event("offline"));
}"""


def reconnecting() -> SpaceView:
    worker = WorkerView(worker_id="lab-gpu-1", state="reconnecting", since=ago(3))
    return space(connected=False, state="reconnecting", workers=[worker], eta_seconds=None)


def show(page: Page, gateway: GatewayStub, *, view: SpaceView, answer: Any) -> None:
    gateway.spaces = [view]
    gateway.statuses = [answer if isinstance(answer, Answer) else Answer(answer)]
    page.goto(ADDRESS)


def waiting(**changes: Any) -> RequestStatus:
    return status(RequestState.IN_QUEUE, **changes)


def running(**changes: Any) -> RequestStatus:
    return status(RequestState.IN_PROGRESS, **changes)


@pytest.mark.parametrize(
    ("view", "answer", "headline", "words"),
    [
        (
            space(state="busy"),
            waiting(queue_position=2, queue_reason="worker_busy", eta_seconds=40),
            "2 requests ahead of you",
            ["The worker is busy with another request.", "Starts in about"],
        ),
        (
            space_without_worker(),
            waiting(queue_reason="no_worker"),
            "Waiting for a worker",
            ["Next in line.", "No worker is connected. Your request waits for one until"],
        ),
        (
            reconnecting(),
            waiting(queue_reason="no_worker", attempt=1),
            "Waiting for a worker",
            [
                "Lost contact with the worker running it. Your request is the next",
                "lost its connection and should be back soon",
            ],
        ),
        (
            space(state="draining"),
            waiting(queue_reason="draining"),
            "Next in line",
            ["accepts no new ones. Yours waits for the next worker until"],
        ),
        (
            space(state="paused"),
            waiting(queue_reason="paused"),
            "Next in line",
            ["An administrator has paused the worker. Your request waits for it until"],
        ),
        (space(), running(), "Running on lab-gpu-1", ["No progress reported yet."]),
        (
            space(),
            running(attempt=2),
            "Running on lab-gpu-1",
            ["The previous worker stopped responding, so the request was started again."],
        ),
        (space(), refusal(ErrorType.REQUEST_NOT_FOUND), "Request not found", ["incorrect"]),
        (
            space(),
            refusal(ErrorType.REQUEST_EXPIRED),
            "This result is no longer available",
            ["kept for a limited time"],
        ),
        (
            space(),
            NO_NETWORK,
            "Loading the request…",
            ["The gateway cannot be reached.", "Checking again in"],
        ),
        (
            space(),
            refusal(ErrorType.BUSY, Retry_After="9"),
            "Loading the request…",
            ["The gateway is busy. Checking again in"],
        ),
    ],
)
def test_unfinished_request_says_where_it_stands(
    page: Page,
    gateway: GatewayStub,
    view: SpaceView,
    answer: Any,
    headline: str,
    words: list[str],
) -> None:
    show(page, gateway, view=view, answer=answer)

    expect(page.locator("#result-title")).to_have_text(headline)
    for each in words:
        expect(page.locator("[data-part=result]")).to_contain_text(each)


@pytest.mark.parametrize(
    ("ended", "headline", "words"),
    [
        (
            result(FAILED, error="Too dark to read.", error_type="worker_error"),
            "The model could not answer",
            ["Too dark to read."],
        ),
        (
            result(FAILED, error="lost", error_type="worker_lost", attempt=3),
            "This request could not be completed",
            ["was lost 3 times", f"quote {REQUEST_ID}"],
        ),
        (
            result(
                TIMED_OUT,
                error_type="timed_out",
                times=RequestTimes(created_at=ago(125), started_at=ago(121), ended_at=ago(1)),
            ),
            "Stopped after 2 min",
            ["can run for at most 2 min", "Try a smaller input"],
        ),
        (
            result(
                TIMED_OUT,
                error_type="queue_timed_out",
                times=RequestTimes(created_at=ago(3601), ended_at=ago(1)),
            ),
            "Not started within 1 h",
            ["Run it again when one is connected", "never"],
        ),
        (
            result(RequestState.CANCELLED),
            "Cancelled",
            ["cancelled while running, and its worker was asked to stop. There is no answer"],
        ),
        (
            result(RequestState.CANCELLED, times=times(started=False, ended=True)),
            "Cancelled",
            ["cancelled while waiting. There is no answer", "never"],
        ),
        (
            result(COMPLETED, output=OutputView(text="Hi"), attempt=2),
            "Answered",
            ["A worker stopped responding along the way. This answer is from attempt 2."],
        ),
        (result(COMPLETED, output=OutputView()), "Answered", ["without returning anything"]),
    ],
)
def test_ended_request_says_how(
    page: Page, gateway: GatewayStub, ended: RequestResult, headline: str, words: list[str]
) -> None:
    gateway.results = [Answer(ended)]
    show(page, gateway, view=space(), answer=status(ended.status))

    expect(page.locator("#result-title")).to_have_text(headline)
    for each in words:
        expect(page.locator("[data-part=result]")).to_contain_text(each)


@pytest.mark.parametrize(
    ("worker", "words"),
    [
        (
            "lab-gpu-2",
            "lab-gpu-1 stopped responding, so lab-gpu-2 has taken over. This is attempt 2.",
        ),
        ("lab-gpu-1", "lab-gpu-1 lost the request and started it again. This is attempt 2."),
    ],
)
def test_page_that_saw_a_worker_fall_silent_tells_who_took_over(
    page: Page, gateway: GatewayStub, worker: str, words: str
) -> None:
    show(page, gateway, view=space(), answer=running())
    expect(page.locator("#result-title")).to_have_text("Running on lab-gpu-1")

    gateway.statuses = [Answer(waiting(attempt=1, queue_reason="no_worker"))]
    said = "Lost contact with lab-gpu-1. Your request is the next to be started again."
    expect(page.get_by_text(said, exact=True)).to_be_visible()

    gateway.statuses = [Answer(running(attempt=2, worker_id=worker))]
    expect(page.get_by_text(words, exact=True)).to_be_visible()
    expect(page.locator("[data-part=announcement]")).to_contain_text(words)


def test_answer_comes_with_data_and_figures(page: Page, gateway: GatewayStub) -> None:
    gateway.results = [
        Answer(
            result(
                output=OutputView(text="It is German.", data={"language": "de"}),
                confidence=0.934,
                model="langid",
                usage=Usage(input_tokens=12, output_tokens=1430),
                metrics=Metrics(queue_time=1.23, inference_time=4.81),
            )
        )
    ]
    show(page, gateway, view=space(), answer=status(COMPLETED))

    panel = page.locator("[data-part=result]")
    for each in (
        "It is German.",
        '"language": "de"',
        "93.4%",
        "langid",
        "4.8 s",
        "12 in, 1,430 out",
    ):
        expect(panel).to_contain_text(each)


@pytest.mark.parametrize(
    ("view", "near", "far", "words"),
    [
        (space(), "solid", "solid", "Connected to lab-gpu-1 · No queue · starts immediately"),
        (reconnecting(), "solid", "dashed", "lab-gpu-1 lost connection and should be back soon"),
        (space_without_worker(), "solid", "broken", "No worker connected · last seen"),
    ],
)
def test_link_is_true_in_line_and_words(
    page: Page, gateway: GatewayStub, view: SpaceView, near: str, far: str, words: str
) -> None:
    gateway.spaces = [view]

    page.goto("/space.html?space=echo")

    expect(page.locator("[data-part=near]")).to_have_attribute("data-state", near)
    expect(page.locator("[data-part=far]")).to_have_attribute("data-state", far)
    expect(page.locator("[data-part=connection-words]")).to_contain_text(words)


def test_link_keeps_the_wait_of_others_to_itself_while_ones_own_request_is_on_its_way(
    page: Page, gateway: GatewayStub
) -> None:
    show(page, gateway, view=space(), answer=running())
    expect(page.locator("#result-title")).to_have_text("Running on lab-gpu-1")

    words = page.locator("[data-part=connection-words]")
    expect(words).to_have_text("Connected to lab-gpu-1 · No queue")


def test_offline_page_says_what_it_last_knew_and_goes_on_by_itself(
    page: Page, gateway: GatewayStub
) -> None:
    show(page, gateway, view=space(), answer=running())
    expect(page.locator("#result-title")).to_have_text("Running on lab-gpu-1")

    gateway.reachable = False
    page.context.set_offline(True)

    expect(page.get_by_text("You are offline. Last known: Connected to lab-gpu-1")).to_be_visible()
    expect(page.locator("[data-part=near]")).to_have_attribute("data-state", "broken")
    expect(page.locator("[data-part=far]")).to_have_attribute("data-state", "unknown")
    expect(page.get_by_text("Updates continue when you are back online")).to_be_visible()

    gateway.statuses = [Answer(status(COMPLETED, times=times(started=True, ended=True)))]
    gateway.results = [Answer(result(output=OutputView(text="Back again")))]
    gateway.reachable = True
    page.context.set_offline(False)

    expect(page.get_by_text("Back again")).to_be_visible()


def test_gateway_with_a_fault_of_its_own_is_not_called_connected(
    page: Page, gateway: GatewayStub
) -> None:
    show(page, gateway, view=space(), answer=running())
    expect(page.locator("[data-part=near]")).to_have_attribute("data-state", "solid")

    page.route("**/v1/spaces/echo", lambda route: route.fulfill(status=503, json={}))
    page.evaluate("dispatchEvent(new Event('offline'))")

    words = page.locator("[data-part=connection-words]")
    expect(words).to_have_text(
        re.compile("The gateway is not responding correctly. Last known: Connected to lab-gpu-1")
    )
    expect(page.locator("[data-part=near]")).to_have_attribute("data-state", "dashed")
    expect(page.locator("[data-part=far]")).to_have_attribute("data-state", "unknown")


def test_browser_that_calls_itself_offline_is_not_believed_while_the_gateway_answers(
    page: Page, gateway: GatewayStub
) -> None:
    show(page, gateway, view=space(), answer=running())
    expect(page.locator("#result-title")).to_have_text("Running on lab-gpu-1")

    with page.expect_response("**/status"):
        page.evaluate(CALL_OFFLINE)

    expect(page.get_by_text("You are offline")).to_have_count(0)
    expect(page.locator("[data-part=near]")).to_have_attribute("data-state", "solid")


def test_request_travels_along_the_link(page: Page, gateway: GatewayStub) -> None:
    show(page, gateway, view=space(), answer=waiting())
    marker = page.locator("[data-part=marker]")
    expect(marker).to_have_attribute("data-at", "gateway")

    gateway.statuses = [Answer(running())]
    expect(marker).to_have_attribute("data-at", "worker")

    gateway.statuses = [Answer(status(COMPLETED))]
    gateway.results = [Answer(result(output=OutputView(text="Hi")))]
    expect(marker).to_have_attribute("data-at", "you")


def test_unknown_space_says_so_and_leads_on(page: Page, gateway: GatewayStub) -> None:
    page.goto("/space.html?space=nowhere")

    heading = page.get_by_role("heading", name="Space not found")
    expect(heading).to_be_focused()
    expect(page.get_by_text("No space is called “nowhere”.")).to_be_visible()
    page.get_by_role("link", name="See all spaces").click()
    expect(page.get_by_role("heading", name="Spaces", exact=True)).to_be_visible()


def test_screen_readers_hear_a_state_once(page: Page, gateway: GatewayStub) -> None:
    show(page, gateway, view=space(), answer=running())
    region = page.locator("[data-part=announcement]")
    expect(region).to_contain_text("Running on lab-gpu-1")
    page.evaluate("""() => {
      window.changes = 0;
      const region = document.querySelector("[data-part=announcement]");
      const options = { childList: true, characterData: true, subtree: true };
      new MutationObserver(() => { window.changes += 1; }).observe(region, options);
    }""")

    page.wait_for_timeout(2_500)

    assert page.evaluate("window.changes") == 0
