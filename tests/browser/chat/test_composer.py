"""Writing a message: keys, input methods, options, images."""

import re
from base64 import b64decode

import pytest
from playwright.sync_api import FilePayload, Page, expect

from tests.browser.support.bodies import limits
from tests.browser.support.chat import Conversation, running
from tests.browser.support.gateway_stub import GatewayStub

pytestmark = pytest.mark.browser

BIG_PICTURE = """async () => {
    const canvas = new OffscreenCanvas(1600, 1200);
    const context = canvas.getContext("2d");
    for (let index = 0; index < 20000; index += 1) {
        context.fillStyle = `hsl(${(index * 47) % 360} 80% ${(index * 13) % 100}%)`;
        context.fillRect((index * 97) % 1600, (index * index * 61) % 1200, 30, 20);
    }
    const blob = await canvas.convertToBlob({ type: "image/png" });
    return [...new Uint8Array(await blob.arrayBuffer())];
}"""
DOT = "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg=="  # noqa: E501
PASTE = """([selector, bytes]) => {
    const transfer = new DataTransfer();
    transfer.items.add(new File([new Uint8Array(bytes)], "shot.png", { type: "image/png" }));
    const event = { clipboardData: transfer, bubbles: true, cancelable: true };
    document.querySelector(selector).dispatchEvent(new ClipboardEvent("paste", event));
}"""


def picture(page: Page) -> FilePayload:
    content = bytes(page.evaluate(BIG_PICTURE))
    return {"name": "photo.png", "mimeType": "image/png", "buffer": content}


def test_enter_sends_and_shift_enter_breaks_the_line(talk: Conversation) -> None:
    talk.open()
    talk.next(text="Fine")

    talk.message.press_sequentially("One")
    talk.message.press("Shift+Enter")
    talk.message.press_sequentially("Two")
    talk.message.press("Enter")

    expect(talk.questions).to_have_text("One\nTwo")
    assert talk.said() == [("user", "One\nTwo")]


def test_a_setting_swaps_them(talk: Conversation, page: Page) -> None:
    talk.open()
    talk.next(text="Fine")
    page.get_by_role("button", name="Options").click()
    page.get_by_label("Enter sends").uncheck()
    page.reload()

    talk.message.press_sequentially("One")
    talk.message.press("Enter")
    talk.message.press_sequentially("Two")
    talk.message.press("Shift+Enter")

    expect(talk.questions).to_have_text("One\nTwo")


def test_enter_belongs_to_an_input_method_that_is_composing(
    talk: Conversation, gateway: GatewayStub
) -> None:
    talk.open()
    talk.message.fill("ni hao")

    for detail in ("isComposing: true", "keyCode: 229"):
        talk.message.evaluate(
            f"""(field) => field.dispatchEvent(new KeyboardEvent("keydown",
                {{ key: "Enter", bubbles: true, cancelable: true, {detail} }}))"""
        )

    expect(talk.message).to_have_value("ni hao")
    assert gateway.calls_to("POST", "/requests") == []


def test_nothing_is_sent_while_an_answer_is_expected(
    talk: Conversation, gateway: GatewayStub
) -> None:
    talk.open()
    talk.next(running(1))
    talk.say("One")
    expect(talk.stop).to_be_visible()

    talk.say("Two")

    expect(talk.page.locator("#chat-problem")).to_have_text("Wait for the answer, or stop it.")
    expect(talk.message).to_have_value("Two")
    talk.finish("First")
    expect(talk.page.locator("#chat-problem")).to_be_empty()
    expect(talk.message).to_have_value("Two")
    assert len(gateway.calls_to("POST", "/requests")) == 1


def test_a_draft_survives_a_reload(talk: Conversation, page: Page) -> None:
    talk.open()
    talk.message.fill("Half a thou")

    page.reload()

    expect(talk.message).to_have_value("Half a thou")


def test_options_reach_the_body_and_the_next_conversation(talk: Conversation, page: Page) -> None:
    talk.open()
    page.get_by_role("button", name="Options").click()
    page.get_by_label("System prompt").fill("Be brief.")
    page.get_by_label("Temperature").fill("0.2")
    page.get_by_label("Max tokens").fill("64")
    talk.ask("One", "First")
    expected = {"temperature": 0.2, "max_tokens": 64}
    messages = [{"role": "system", "content": "Be brief."}, {"role": "user", "content": "One"}]
    assert talk.body() == {"messages": messages, **expected}

    page.get_by_role("button", name="New conversation").click()
    talk.ask("Two", "Second")

    assert talk.said() == [("system", "Be brief."), ("user", "Two")]


def test_an_option_that_no_model_takes_is_said_at_its_field(
    talk: Conversation, page: Page, gateway: GatewayStub
) -> None:
    talk.open()
    page.get_by_role("button", name="Options").click()
    page.get_by_label("Temperature").fill("7")

    talk.say("One")

    expect(page.get_by_text("Enter a number from 0 to 2.")).to_be_visible()
    expect(page.get_by_label("Temperature")).to_be_focused()
    assert gateway.calls_to("POST", "/requests") == []


def test_images_are_made_small_enough_and_sent_as_data(talk: Conversation, page: Page) -> None:
    talk.open(limits=limits(max_input_bytes=120_000))
    photo = picture(page)
    assert len(photo["buffer"]) > 60_000
    page.locator("input[data-part=chat-image-input]").set_input_files(photo)
    expect(page.get_by_role("img", name="Image 1")).to_be_visible()

    talk.ask("What is it?", "Colours")

    (message,) = talk.body()["messages"]
    text, image = message["content"]
    assert text == {"type": "text", "text": "What is it?"}
    assert re.match("data:image/jpeg;base64,", image["image_url"]["url"])
    assert len(image["image_url"]["url"]) < 60_000
    expect(talk.turns.first.get_by_role("img", name="Image 1")).to_be_visible()


def test_a_pasted_image_is_added_and_can_be_removed(talk: Conversation, page: Page) -> None:
    talk.open()
    page.evaluate(PASTE, ["#chat-text", list(picture(page)["buffer"])])
    expect(page.get_by_role("img", name="Image 1")).to_be_visible()

    page.get_by_role("button", name="Remove image 1").click()

    expect(page.get_by_role("img", name="Image 1")).to_have_count(0)


@pytest.mark.parametrize("leaves", ["opens", "goes back", "cancels"])
def test_an_edited_message_stays_behind_and_the_draft_comes_back(
    talk: Conversation, page: Page, leaves: str
) -> None:
    talk.open()
    talk.ask("Old talk", "One")
    page.get_by_role("button", name="New conversation").click()
    talk.ask("New talk", "Two")
    talk.message.fill("Half a thou")
    page.evaluate(PASTE, ["#chat-text", list(b64decode(DOT))])
    image = page.get_by_role("img", name="Image 1")
    expect(image).to_be_visible()
    talk.action(talk.turns.first, "Edit").click()
    expect(talk.message).to_have_value("New talk")
    expect(image).to_be_hidden()

    if leaves == "opens":
        page.get_by_role("button", name="Old talk", exact=True).click()
    elif leaves == "goes back":
        page.go_back()
    else:
        page.get_by_role("button", name="Cancel editing").click()

    expect(talk.questions).to_have_text(["New talk" if leaves == "cancels" else "Old talk"])
    expect(talk.message).to_have_value("Half a thou")
    expect(image).to_be_visible()
    expect(page.get_by_role("button", name="Cancel editing")).to_be_hidden()


def test_escape_ends_editing_unless_an_input_method_is_composing(talk: Conversation) -> None:
    talk.open()
    talk.ask("Old", "One")
    talk.message.fill("New")
    talk.action(talk.turns.first, "Edit").click()

    for detail in ("isComposing: true", "keyCode: 229"):
        talk.message.evaluate(
            f"""(field) => field.dispatchEvent(new KeyboardEvent("keydown",
                {{ key: "Escape", bubbles: true, cancelable: true, {detail} }}))"""
        )
    expect(talk.message).to_have_value("Old")
    talk.message.press("Escape")

    expect(talk.message).to_have_value("New")
    expect(talk.message).to_be_focused()
    expect(talk.page.get_by_role("button", name="Cancel editing")).to_be_hidden()


def test_what_is_no_image_is_refused(talk: Conversation, page: Page) -> None:
    talk.open()

    page.locator("input[data-part=chat-image-input]").set_input_files(
        {"name": "odd.png", "mimeType": "image/png", "buffer": b"not a picture"}
    )

    expect(page.locator("#chat-problem")).to_contain_text("“odd.png” was not added")
    expect(page.locator(".chat-image")).to_have_count(0)


def test_a_conversation_without_room_takes_no_image(talk: Conversation, page: Page) -> None:
    talk.open(limits=limits(max_input_bytes=5000))

    page.locator("input[data-part=chat-image-input]").set_input_files(picture(page))

    expect(page.locator("#chat-problem")).to_contain_text("no room for another image")
