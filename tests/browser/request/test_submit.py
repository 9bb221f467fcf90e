"""Submitting a prompt: validation, rejections, lost networks, and the way to the answer."""

import pytest
from playwright.sync_api import Page, Route, expect

from spaces_protocol.errors import ErrorType
from spaces_protocol.rest_bodies import OutputView, ProgressView, RequestState
from tests.browser.support.bodies import (
    REQUEST_ID,
    accepted,
    limits,
    result,
    space,
    space_without_worker,
    status,
)
from tests.browser.support.gateway_stub import (
    ACCEPTED,
    NO_NETWORK,
    Answer,
    GatewayStub,
    refusal,
)

pytestmark = pytest.mark.browser

WAITING = Answer(status(RequestState.IN_QUEUE))
RUNNING = Answer(
    status(RequestState.IN_PROGRESS, progress=ProgressView(percent=40, message="Reading"))
)
DONE = Answer(status(RequestState.COMPLETED))


@pytest.fixture
def space_page(page: Page, gateway: GatewayStub) -> Page:
    gateway.spaces = [space()]
    gateway.submits = [Answer(accepted(), ACCEPTED)]
    gateway.statuses = [WAITING]
    page.goto("/space.html?space=echo")
    expect(page.get_by_text("Connected to lab-gpu-1")).to_be_visible()
    return page


def run(page: Page, prompt: str = "Hello") -> None:
    page.get_by_label("Prompt").fill(prompt)
    page.get_by_role("button", name="Run", exact=True).click()


def headline(page: Page, text: str) -> None:
    expect(page.locator("#result-title")).to_have_text(text)


def test_request_is_followed_to_its_answer(space_page: Page, gateway: GatewayStub) -> None:
    gateway.statuses = [WAITING, RUNNING, RUNNING, RUNNING, DONE]
    gateway.results = [Answer(result(output=OutputView(text="**Hello** back")))]

    run(space_page)

    headline(space_page, "Next in line")
    headline(space_page, "Running on lab-gpu-1")
    expect(space_page.get_by_role("progressbar")).to_have_attribute("value", "40")
    headline(space_page, "Answered")
    expect(space_page.locator(".prose strong")).to_have_text("Hello")
    assert f"request={REQUEST_ID}" in space_page.url


def test_keyboard_runs_the_prompt_and_focus_goes_to_the_news(
    space_page: Page, gateway: GatewayStub
) -> None:
    space_page.get_by_label("Prompt").fill("Hello")

    space_page.get_by_label("Prompt").press("Control+Enter")

    headline(space_page, "Next in line")
    expect(space_page.locator("#result-title")).to_be_focused()
    assert gateway.calls_to("POST", "/requests")[0].body == {"input": {"prompt": "Hello"}}


def test_what_is_typed_while_the_page_still_loads_is_kept(page: Page, gateway: GatewayStub) -> None:
    gateway.spaces = [space()]
    held: list[Route] = []
    page.route("**/locales/en/request.js", lambda route: held.append(route))  # noqa: PLW0108
    page.goto("/space.html?space=echo", wait_until="commit")
    expect(page.get_by_role("button", name="Run", exact=True)).to_be_disabled()
    page.get_by_label("Prompt").fill("Typed early")

    expect(page.get_by_label("Prompt")).to_have_value("Typed early")
    for route in held:
        route.continue_()

    expect(page.get_by_text("Connected to lab-gpu-1")).to_be_visible()
    expect(page.get_by_role("button", name="Run", exact=True)).to_be_enabled()
    expect(page.get_by_label("Prompt")).to_have_value("Typed early")


def test_space_typed_last_while_the_page_still_loads_is_kept(
    page: Page, gateway: GatewayStub
) -> None:
    gateway.spaces = [space()]
    held: list[Route] = []
    page.route("**/locales/en/request.js", lambda route: held.append(route))  # noqa: PLW0108
    with page.expect_request("**/locales/en/request.js"):
        page.goto("/space.html?space=echo", wait_until="commit")
    page.get_by_label("Prompt").press_sequentially("Typed ")

    held[0].continue_()
    expect(page.get_by_role("button", name="Run", exact=True)).to_be_enabled()
    page.keyboard.type("early")

    expect(page.get_by_label("Prompt")).to_have_value("Typed early")


def test_empty_prompt_is_not_sent(space_page: Page, gateway: GatewayStub) -> None:
    run(space_page, "  ")

    expect(space_page.get_by_text("Write a prompt first.")).to_be_visible()
    expect(space_page.get_by_label("Prompt")).to_be_focused()
    assert gateway.calls_to("POST", "/requests") == []


def test_prompt_is_measured_in_bytes_before_it_is_sent(page: Page, gateway: GatewayStub) -> None:
    gateway.spaces = [space(limits=limits(max_input_bytes=23))]
    page.goto("/space.html?space=echo")
    expect(page.get_by_text("Connected to lab-gpu-1")).to_be_visible()

    run(page, "äöüäöü")

    expect(page.get_by_text("Too long: 2 bytes over the limit of 23 bytes.")).to_be_visible()
    expect(page.get_by_text("25 bytes of 23 bytes")).to_be_visible()
    assert gateway.calls_to("POST", "/requests") == []


def test_prompt_that_the_gateway_finds_too_large_is_said_at_the_prompt(
    space_page: Page, gateway: GatewayStub
) -> None:
    gateway.submits = [refusal(ErrorType.INPUT_TOO_LARGE)]
    gateway.spaces = [space(limits=limits(max_input_bytes=23))]  # lowered since the page opened

    run(space_page, "Hello there!")

    longer = "The input is larger than this space allows. Shorten it, then run again."
    expect(space_page.get_by_text(longer)).to_be_visible()
    expect(space_page.get_by_text("25 bytes of 23 bytes")).to_be_visible()
    expect(space_page.get_by_label("Prompt")).to_be_focused()


@pytest.mark.parametrize(
    ("error_type", "words"),
    [
        (ErrorType.QUEUE_FULL, "The queue is full"),
        (ErrorType.RATE_LIMITED, "Too many requests"),
        (ErrorType.SPACE_DISABLED, "This space is disabled"),
    ],
)
def test_refusal_says_why_and_until_when(
    space_page: Page, gateway: GatewayStub, error_type: ErrorType, words: str
) -> None:
    gateway.submits = [refusal(error_type, Retry_After="90")]

    run(space_page, "Keep me")

    headline(space_page, words)
    expect(space_page.get_by_text("You can try again at")).to_contain_text("in 1 min 30 s")
    expect(space_page.get_by_label("Prompt")).to_have_value("Keep me")


def test_page_says_when_a_worker_connects_after_a_refusal(page: Page, gateway: GatewayStub) -> None:
    gateway.spaces = [space_without_worker()]
    gateway.submits = [refusal(ErrorType.NO_WORKER, Retry_After="60")]
    page.goto("/space.html?space=echo")
    expect(page.get_by_text("No worker connected · last seen")).to_be_visible()
    run(page, "Keep me")
    headline(page, "No worker is connected")
    for words in ("this page will tell you when a worker connects", "You can try again at"):
        expect(page.locator("[data-part=result]")).to_contain_text(words)

    gateway.spaces = [space()]
    page.evaluate("dispatchEvent(new Event('online'))")

    headline(page, "A worker is now connected")
    expect(page.get_by_role("button", name="Run", exact=True)).to_be_enabled()
    assert len(gateway.calls_to("POST", "/requests")) == 1


def test_lost_network_sends_the_same_request_again_with_the_same_key(
    space_page: Page, gateway: GatewayStub
) -> None:
    gateway.submits = [NO_NETWORK, Answer(accepted(), ACCEPTED)]

    run(space_page)

    headline(space_page, "Not sent yet")
    headline(space_page, "Next in line")
    keys = [call.headers["idempotency-key"] for call in gateway.calls_to("POST", "/requests")]
    assert len(keys) == 2
    assert keys[0] == keys[1]


def test_two_submits_have_two_keys(space_page: Page, gateway: GatewayStub) -> None:
    gateway.submits = [refusal(ErrorType.QUEUE_FULL), refusal(ErrorType.QUEUE_FULL)]

    run(space_page)
    headline(space_page, "The queue is full")
    with space_page.expect_response("**/requests"):
        run(space_page)

    keys = {call.headers["idempotency-key"] for call in gateway.calls_to("POST", "/requests")}
    assert len(keys) == 2


def test_reload_in_the_middle_of_a_submit_resumes_it(
    space_page: Page, gateway: GatewayStub
) -> None:
    gateway.submits = [NO_NETWORK]
    run(space_page)
    headline(space_page, "Not sent yet")
    first = gateway.calls_to("POST", "/requests")[0].headers["idempotency-key"]

    gateway.submits = [Answer(accepted(), ACCEPTED)]
    space_page.reload()

    headline(space_page, "Next in line")
    last = gateway.calls_to("POST", "/requests")[-1]
    assert last.headers["idempotency-key"] == first
    assert last.body == {"input": {"prompt": "Hello"}}


def test_given_up_submit_is_not_resumed(space_page: Page, gateway: GatewayStub) -> None:
    gateway.submits = [NO_NETWORK]
    run(space_page)
    headline(space_page, "Not sent yet")

    space_page.get_by_role("button", name="Stop trying").click()

    headline(space_page, "Your result will appear here")
    space_page.reload()
    headline(space_page, "Your result will appear here")
    expect(space_page.get_by_label("Prompt")).to_have_value("Hello")


def test_reload_while_it_runs_goes_on_from_the_address(
    space_page: Page, gateway: GatewayStub
) -> None:
    gateway.statuses = [RUNNING]
    run(space_page)
    headline(space_page, "Running on lab-gpu-1")

    gateway.statuses = [DONE]
    gateway.results = [Answer(result(output=OutputView(text="There you are")))]
    space_page.reload()

    expect(space_page.get_by_text("There you are")).to_be_visible()
    assert len(gateway.calls_to("POST", "/requests")) == 1


def test_sent_request_is_found_again_in_both_lists(space_page: Page, gateway: GatewayStub) -> None:
    run(space_page, "Remember this")
    headline(space_page, "Next in line")

    space_page.goto("/")
    space_page.get_by_role("link", name="Remember this").click()

    headline(space_page, "Next in line")
    entry = space_page.get_by_role("link", name="Remember this")
    expect(entry).to_have_attribute("aria-current", "page")


def test_run_again_sends_the_same_prompt_as_a_new_request(
    space_page: Page, gateway: GatewayStub
) -> None:
    gateway.statuses = [DONE]
    gateway.results = [Answer(result(output=OutputView(text="Once")))]
    run(space_page)
    headline(space_page, "Answered")

    gateway.statuses = [WAITING]
    space_page.get_by_role("button", name="Run again").click()

    headline(space_page, "Next in line")
    first, second = gateway.calls_to("POST", "/requests")
    assert first.body == second.body
    assert first.headers["idempotency-key"] != second.headers["idempotency-key"]


def test_two_tabs_of_one_request_ask_once(space_page: Page, gateway: GatewayStub) -> None:
    gateway.statuses = [Answer(status(RequestState.IN_QUEUE, retry_after_ms=500))]
    run(space_page)
    headline(space_page, "Next in line")
    twin = space_page.context.new_page()
    twin.goto(space_page.url)
    headline(twin, "Next in line")

    before = len(gateway.calls_to("GET", "/status"))
    twin.wait_for_timeout(2_000)
    asked = len(gateway.calls_to("GET", "/status")) - before

    assert 3 <= asked <= 6
    gateway.results = [Answer(result(output=OutputView(text="For both")))]
    gateway.statuses = [DONE]
    expect(twin.get_by_text("For both")).to_be_visible()
    expect(space_page.get_by_text("For both")).to_be_visible()
    assert len(gateway.calls_to("GET", REQUEST_ID)) == 1


def test_hidden_page_stops_asking_and_goes_on_when_seen(
    space_page: Page, gateway: GatewayStub
) -> None:
    run(space_page)
    headline(space_page, "Next in line")
    hide = """hidden => {
      Object.defineProperty(document, "hidden", { value: hidden, configurable: true });
      document.dispatchEvent(new Event("visibilitychange"));
    }"""
    space_page.evaluate(hide, arg=True)
    space_page.wait_for_timeout(500)
    before = len(gateway.calls_to("GET", "/status"))

    space_page.wait_for_timeout(1_500)
    assert len(gateway.calls_to("GET", "/status")) == before

    gateway.statuses = [RUNNING]
    space_page.evaluate(hide, arg=False)
    headline(space_page, "Running on lab-gpu-1")


def test_phone_keeps_run_in_reach(page: Page, gateway: GatewayStub) -> None:
    page.set_viewport_size({"width": 375, "height": 667})
    gateway.spaces = [space()]
    page.goto("/space.html?space=echo")

    page.evaluate("window.scrollTo(0, document.body.scrollHeight)")

    expect(page.get_by_role("button", name="Run", exact=True)).to_be_in_viewport(ratio=1)
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")
