"""A conversation that is interrupted: reload, lost network, lost worker, another browser."""

import pytest
from playwright.sync_api import Page, expect

from spaces_protocol.model_call import ModelCall
from spaces_protocol.rest_bodies import InputView, OutputView, RequestState
from tests.browser.support.bodies import accepted, result, status
from tests.browser.support.chat import ADDRESS, Conversation, request_id, running, writing
from tests.browser.support.gateway_stub import ACCEPTED, NO_NETWORK, Answer, GatewayStub

pytestmark = pytest.mark.browser


def test_a_reload_in_the_middle_of_an_answer_goes_on(
    talk: Conversation, page: Page, gateway: GatewayStub
) -> None:
    talk.open()
    talk.ask("One", "First")
    talk.next(writing(2, "Once upon", "1.1"), running(2))
    talk.say("Two")
    expect(talk.answers.last.locator(".prose")).to_have_text("Once upon")
    gateway.statuses = [Answer(writing(2, "Once upon", "1.1", restarted=True))]

    page.reload()

    expect(talk.questions).to_have_text(["One", "Two"])
    expect(talk.answers.last.locator(".prose")).to_have_text("Once upon")
    talk.finish("Once upon a time")
    expect(talk.answers.last.locator(".prose")).to_have_text("Once upon a time")
    assert len(gateway.calls_to("POST", "/requests")) == 2
    talk.ask("Three", "Third")
    assert talk.said()[-2:] == [("assistant", "Once upon a time"), ("user", "Three")]


def test_a_message_that_was_not_accepted_yet_survives_a_reload(
    talk: Conversation, page: Page, gateway: GatewayStub
) -> None:
    talk.open()
    talk.ask("One", "First")
    talk.next(text="Second")
    gateway.submits = [NO_NETWORK]
    talk.say("Two")
    expect(talk.answers.last).to_contain_text("Not sent yet")
    gateway.submits = [Answer(accepted(request_id(2), retry_after_ms=100), ACCEPTED)]

    page.reload()

    expect(talk.questions).to_have_text(["One", "Two"])
    expect(talk.answers.last.locator(".prose")).to_have_text("Second")
    keys = {
        call.headers["idempotency-key"]
        for call in gateway.calls_to("POST", "/requests")
        if call.body["input"]["call"]["body"]["messages"][-1]["content"] == "Two"
    }
    assert len(keys) == 1


def test_a_message_that_is_stopped_before_it_was_accepted_is_not_sent_later(
    talk: Conversation, gateway: GatewayStub
) -> None:
    talk.open()
    gateway.submits = [NO_NETWORK]
    talk.say("Hello")
    expect(talk.answers).to_contain_text("Not sent yet")

    talk.stop.click()

    expect(talk.answers).to_contain_text("You stopped it before it reached the gateway.")
    expect(talk.answers.locator(".notice-title")).to_have_text("Not sent")
    talk.next(text="Hi")
    talk.page.get_by_role("button", name="Try again").click()
    expect(talk.answers.locator(".prose")).to_have_text("Hi")


def test_a_lost_network_is_said_and_the_answer_comes_after_it(
    talk: Conversation, gateway: GatewayStub
) -> None:
    talk.open()
    talk.next(running(1))
    talk.say("Hello")
    expect(talk.answers).to_contain_text("Running on lab-gpu-1")

    gateway.reachable = False
    expect(talk.answers).to_contain_text("The gateway cannot be reached.")
    talk.finish("Back again")
    gateway.reachable = True

    expect(talk.answers.locator(".prose")).to_have_text("Back again")


def test_another_worker_starts_the_answer_anew_and_the_turn_says_so(
    talk: Conversation, gateway: GatewayStub
) -> None:
    talk.open()
    talk.next(writing(1, "First try", "1.1"), running(1))
    talk.say("Hello")
    expect(talk.answers.locator(".prose")).to_have_text("First try")

    again = writing(1, "Second try", "2.1", restarted=True, attempt=2, worker_id="lab-gpu-2")
    later = status(RequestState.IN_PROGRESS, request_id(1), attempt=2, worker_id="lab-gpu-2")
    gateway.statuses = [Answer(again), Answer(later)]

    expect(talk.answers.locator(".prose")).to_have_text("Second try")
    expect(talk.answers).to_contain_text(
        "lab-gpu-1 stopped responding, so lab-gpu-2 has taken over"
    )


def test_another_browser_rebuilds_a_conversation_from_its_request(
    talk: Conversation, gateway: GatewayStub
) -> None:
    messages = [
        {"role": "system", "content": "Be brief."},
        {"role": "user", "content": "One"},
        {"role": "assistant", "content": "First"},
        {"role": "user", "content": "Two"},
    ]
    body = {"messages": messages, "temperature": 0.5, "seed": 7}
    call = ModelCall(endpoint="chat.completions", body=body)
    gateway.statuses = [Answer(status(RequestState.COMPLETED))]
    gateway.results = [Answer(result(input=InputView(call=call), output=OutputView(text="Second")))]

    talk.open(f"{ADDRESS}&request={request_id(7)}")

    expect(talk.questions).to_have_text(["One", "Two"])
    expect(talk.answers.locator(".prose")).to_have_text(["First", "Second"])
    talk.ask("Three", "Third")
    assert talk.said()[0] == ("system", "Be brief.")
    assert talk.said()[-2:] == [("assistant", "Second"), ("user", "Three")]
    assert (talk.body()["temperature"], talk.body()["seed"]) == (0.5, 7)


def test_a_request_that_does_not_exist_is_said(talk: Conversation, gateway: GatewayStub) -> None:
    gateway.statuses = [Answer({"detail": "?", "error_type": "unknown_request"}, 404)]

    talk.open(f"{ADDRESS}&request={request_id(7)}")

    expect(talk.answers).to_contain_text("Request not found")
