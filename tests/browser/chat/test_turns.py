"""Turns of a conversation: ask, edit, regenerate, stop, copy, failures."""

import pytest
from playwright.sync_api import Page, expect

from spaces_protocol.errors import ErrorType
from spaces_protocol.examples import Example, ExampleMessage
from spaces_protocol.rest_bodies import FileView, OutputView, RequestState
from tests.browser.support.bodies import ago, limits, result, status
from tests.browser.support.chat import Conversation, request_id, running, writing
from tests.browser.support.gateway_stub import NO_CONTENT, Answer, GatewayStub, refusal

pytestmark = pytest.mark.browser

MARKUP = "<img src=x onerror=window.hurt=1> [a](javascript:window.hurt=1) **bold**"
PRESS_LATER = """(button) => {
    const press = new MouseEvent("click", { bubbles: true, detail: 1 });
    Object.defineProperty(press, "timeStamp", { value: press.timeStamp + 1000 });
    button.dispatchEvent(press);
}"""


def test_ten_turns_each_with_all_that_was_said(talk: Conversation) -> None:
    talk.open()

    for number in range(10):
        talk.ask(f"Question {number}", f"Answer {number}")

    expect(talk.turns).to_have_count(20)
    expect(talk.message).to_be_focused()
    expected = [
        each
        for number in range(9)
        for each in (("user", f"Question {number}"), ("assistant", f"Answer {number}"))
    ]
    assert talk.said() == [*expected, ("user", "Question 9")]


def test_first_back_leaves_the_conversation(talk: Conversation, page: Page) -> None:
    page.goto("/")
    talk.open()
    talk.ask("One", "First")
    talk.ask("Two", "Second")

    page.go_back()

    expect(page.get_by_role("heading", name="Spaces", exact=True)).to_be_visible()


def test_regenerating_takes_the_place_of_the_last_answer(talk: Conversation) -> None:
    talk.open()
    talk.ask("One", "First")
    talk.ask("Two", "Second")
    expect(talk.action(talk.answers.first, "Regenerate")).to_be_hidden()
    talk.next(text="Better")

    talk.action(talk.answers.last, "Regenerate").click()

    expect(talk.answers.last.locator(".prose")).to_have_text("Better")
    expect(talk.turns).to_have_count(4)
    assert talk.said() == [("user", "One"), ("assistant", "First"), ("user", "Two")]
    expect(talk.message).to_be_focused()


def test_editing_replaces_a_message_and_everything_after_it(talk: Conversation) -> None:
    talk.open()
    talk.ask("One", "First")
    talk.ask("Two", "Second")
    talk.message.fill("Not sent yet")

    talk.action(talk.turns.first, "Edit").click()
    expect(talk.message).to_have_value("One")
    expect(talk.message).to_be_focused()
    talk.page.get_by_role("button", name="Cancel editing").click()
    expect(talk.message).to_have_value("Not sent yet")
    talk.action(talk.turns.first, "Edit").click()
    talk.ask("Uno", "Primo")

    expect(talk.questions).to_have_text(["Uno"])
    assert talk.said() == [("user", "Uno")]


def test_stopping_keeps_what_was_written(talk: Conversation, gateway: GatewayStub) -> None:
    talk.open()
    talk.next(writing(1, "Once upon", "1.1"), running(1))
    gateway.cancels = [Answer(status=NO_CONTENT)]
    talk.say("A story")
    expect(talk.answers.locator(".prose")).to_have_text("Once upon")
    gateway.results = [Answer(result(RequestState.CANCELLED, request_id(1)))]

    talk.stop.click()
    gateway.statuses = [Answer(status(RequestState.CANCELLED, request_id(1)))]

    expect(talk.answers).to_contain_text("You stopped this answer.")
    expect(talk.answers.locator(".prose")).to_have_text("Once upon")
    assert len(gateway.calls_to("PUT", "/cancel")) == 1
    expect(talk.send).to_be_visible()
    expect(talk.message).to_be_focused()


@pytest.mark.parametrize("count", [1, 2], ids=["taps", "clicks"])
def test_pressing_send_twice_does_not_stop_the_answer(
    talk: Conversation, gateway: GatewayStub, count: int
) -> None:
    talk.open()
    talk.next(running(1))
    gateway.cancels = [Answer(status=NO_CONTENT)]
    talk.message.fill("Hello")
    box = talk.send.bounding_box()
    assert box
    middle = box["x"] + box["width"] / 2, box["y"] + box["height"] / 2

    talk.page.mouse.click(*middle)
    expect(talk.stop).to_be_visible()
    talk.page.mouse.click(*middle, click_count=count)

    expect(talk.answers).to_contain_text("Running on lab-gpu-1")
    talk.finish("Hi")
    expect(talk.answers.locator(".prose")).to_have_text("Hi")
    assert gateway.calls_to("PUT", "/cancel") == []


def test_a_later_press_stops_the_answer(talk: Conversation, gateway: GatewayStub) -> None:
    talk.open()
    talk.next(running(1))
    gateway.cancels = [Answer(status=NO_CONTENT)]
    gateway.results = [Answer(result(RequestState.CANCELLED, request_id(1)))]
    talk.message.fill("Hello")
    talk.send.click()
    expect(talk.answers).to_contain_text("Running on lab-gpu-1")

    talk.stop.evaluate(PRESS_LATER)

    expect(talk.answers).to_contain_text("You stopped this answer.")
    assert len(gateway.calls_to("PUT", "/cancel")) == 1


def test_a_failure_is_said_in_the_turn_and_can_be_tried_again(
    talk: Conversation, gateway: GatewayStub
) -> None:
    talk.open()
    talk.next(status(RequestState.FAILED, request_id(1)))
    failed = {"error": "CUDA out of memory", "error_type": "worker_error"}
    gateway.results = [Answer(result(RequestState.FAILED, request_id(1), **failed))]
    talk.say("Hello")
    expect(talk.answers).to_contain_text("The model could not answer")
    expect(talk.answers).to_contain_text("CUDA out of memory")
    talk.next(text="Here I am")

    talk.page.get_by_role("button", name="Try again").click()

    expect(talk.answers.locator(".prose")).to_have_text("Here I am")
    expect(talk.answers).not_to_contain_text("CUDA")


def test_an_answer_without_anything_in_it_is_said(talk: Conversation) -> None:
    message = {"role": "assistant", "content": ""}
    data = {"object": "chat.completion", "choices": [{"index": 0, "message": message}]}
    talk.open()
    talk.next(output=OutputView(text="", data=data))

    talk.say("Hello")

    expect(talk.answers).to_contain_text("The model finished without returning anything.")


def test_a_refusal_is_said_in_the_turn(talk: Conversation, gateway: GatewayStub) -> None:
    talk.open()
    gateway.submits = [refusal(ErrorType.QUEUE_FULL)]

    talk.say("Hello")

    expect(talk.answers).to_contain_text("The queue is full")
    expect(talk.page.get_by_role("button", name="Try again")).to_be_visible()


def test_a_refused_input_goes_back_to_where_it_was_written(
    talk: Conversation, gateway: GatewayStub
) -> None:
    talk.open()
    talk.ask("One", "First")
    gateway.submits = [refusal(ErrorType.INPUT_TOO_LARGE)]

    talk.say("Two")

    expect(talk.message).to_have_value("Two")
    expect(talk.page.locator("#chat-problem")).not_to_be_empty()
    expect(talk.turns).to_have_count(2)


def test_a_conversation_above_the_limit_is_not_sent(
    talk: Conversation, gateway: GatewayStub
) -> None:
    talk.open(limits=limits(max_input_bytes=2000))

    talk.say("x" * 2500)

    expect(talk.page.locator("#chat-problem")).to_contain_text("over the limit of 2 KB")
    expect(talk.message).to_have_value("x" * 2500)
    assert gateway.calls_to("POST", "/requests") == []


def test_files_of_an_answer_are_shown_with_it(talk: Conversation) -> None:
    file = FileView(
        name="cat.png",
        content_type="image/png",
        size=20_480,
        url="https://files.example/cat.png",
        download_url="https://files.example/cat.png",
        inline=False,
        expires_at=ago(-3600),
    )
    talk.open()
    talk.next(output=OutputView(text="A cat", files=[file]))

    talk.say("Draw a cat")

    expect(talk.answers.get_by_role("link", name="cat.png")).to_be_visible()
    talk.ask("Another", "No")
    expect(talk.turns).to_have_count(4)


def test_hostile_answers_are_text(talk: Conversation, page: Page) -> None:
    talk.open()
    talk.next(text=MARKUP)

    talk.say(MARKUP)

    expect(talk.answers.locator("strong")).to_have_text("bold")
    expect(talk.page.locator(".chat-turn img")).to_have_count(0)
    expect(talk.page.locator(".chat-turn a[href^=javascript]")).to_have_count(0)
    expect(talk.questions).to_have_text(MARKUP)
    assert page.evaluate("window.hurt") is None


def test_an_example_is_sent_with_one_press(talk: Conversation) -> None:
    turns = [
        ExampleMessage(role="system", content="Answer in rhyme."),
        ExampleMessage(role="user", content="Hi"),
        ExampleMessage(role="assistant", content="Hello, fellow."),
        ExampleMessage(role="user", content="Who are you?"),
    ]
    talk.open(examples=[Example(prompt="Tell me a joke"), Example(title="Poet", messages=turns)])
    expect(talk.page.get_by_role("button", name="Tell me a joke")).to_be_visible()
    talk.next(text="A poet, don't you know it.")

    talk.page.get_by_role("button", name="Poet").click()

    expect(talk.answers.last.locator(".prose")).to_have_text("A poet, don't you know it.")
    assert talk.said() == [(each.role, each.content) for each in turns]
    expect(talk.page.get_by_role("button", name="Tell me a joke")).to_be_hidden()
    expect(talk.message).to_be_focused()


def test_a_disabled_space_says_so(talk: Conversation, gateway: GatewayStub) -> None:
    talk.open(disabled=True)

    talk.say("Hello")

    expect(talk.page.locator("#chat-problem")).to_contain_text("disabled")
    assert gateway.calls_to("POST", "/requests") == []
