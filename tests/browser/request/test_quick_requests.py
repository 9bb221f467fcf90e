"""The page waits for a quick request in one call; whatever keeps the result back, it polls."""

from collections.abc import Iterator
from typing import Any

import pytest
from playwright.sync_api import Page, expect

from spaces_protocol.errors import ErrorType
from spaces_protocol.rest_bodies import OutputView, RequestState
from tests.browser.support.bodies import REQUEST_ID, accepted, result, space, status
from tests.browser.support.gateway_stub import (
    ACCEPTED,
    LATE,
    NO_NETWORK,
    Answer,
    GatewayStub,
    refusal,
)
from tests.browser.support.page_server import PageServer

pytestmark = pytest.mark.browser

RUNNING = RequestState.IN_PROGRESS
QUICKLY = 100
RESULT = Answer(result(output=OutputView(text="Here it is.")))
WAIT = f"/requests/{REQUEST_ID}/wait?seconds=1"
POLL = f"/requests/{REQUEST_ID}/status"


@pytest.fixture
def gateway(page_server: PageServer) -> Iterator[GatewayStub]:
    """A gateway whose requests are dispatched at once and end quickly."""
    with page_server.answering(GatewayStub()) as stub:
        stub.spaces = [space()]
        told = accepted(status=RUNNING, queue_position=None, retry_after_ms=QUICKLY)
        stub.submits = [Answer(told, ACCEPTED)]
        stub.statuses = [Answer(status(RequestState.COMPLETED))]
        stub.results = [RESULT]
        stub.waits = [RESULT]
        yield stub


def run(page: Page) -> None:
    page.goto("/space.html?space=echo")
    page.get_by_label("Prompt").fill("Quick!")
    page.get_by_role("button", name="Run", exact=True).click()


def expect_result(page: Page) -> None:
    expect(page.locator("[data-part=answer] .prose")).to_have_text("Here it is.")
    expect(page.locator("#result-title")).to_have_text("Answered")


def test_one_call_brings_the_result(page: Page, gateway: GatewayStub) -> None:
    run(page)

    expect_result(page)
    assert len(gateway.calls_to("GET", WAIT)) == 1
    assert gateway.calls_to("GET", POLL) == []
    assert gateway.calls_to("GET", f"/requests/{REQUEST_ID}") == []


@pytest.mark.parametrize(
    "answer",
    [
        NO_NETWORK,
        refusal(ErrorType.RATE_LIMITED, retry_after="30"),
        refusal(ErrorType.INTERNAL),
        Answer({"message": "Service Unavailable"}, 503),
        Answer(result(RUNNING, retry_after_ms=QUICKLY), ACCEPTED),
    ],
)
def test_wait_that_brings_no_result_is_followed_by_polls(
    page: Page, gateway: GatewayStub, answer: Answer
) -> None:
    gateway.waits = [answer]
    run(page)

    expect_result(page)
    assert len(gateway.calls_to("GET", WAIT)) == 1
    assert len(gateway.calls_to("GET", POLL)) == 1


def test_wait_that_is_held_back_is_given_up(page: Page, gateway: GatewayStub) -> None:
    gateway.waits = [LATE]
    run(page)

    expect_result(page)
    assert len(gateway.calls_to("GET", POLL)) == 1


def test_reload_during_the_wait_loses_nothing(page: Page, gateway: GatewayStub) -> None:
    gateway.waits = [LATE]
    with page.expect_request(f"**{WAIT}"):
        run(page)
    page.reload()

    expect_result(page)
    assert len(gateway.calls_to("POST", "/requests")) == 1


@pytest.mark.parametrize("changes", [{"retry_after_ms": 500}, {"status": RequestState.IN_QUEUE}])
def test_requests_that_may_take_longer_are_polled(
    page: Page, gateway: GatewayStub, changes: dict[str, Any]
) -> None:
    gateway.submits = [Answer(accepted(**{"status": RUNNING, **changes}), ACCEPTED)]
    run(page)

    expect_result(page)
    assert gateway.calls_to("GET", WAIT) == []
