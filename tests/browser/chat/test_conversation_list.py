"""The conversations that the browser keeps."""

import json
from typing import Any

import msgspec
import pytest
from playwright.sync_api import Page, expect

from tests.browser.support.admin_api_stub import AdminApiStub
from tests.browser.support.chat import Conversation, chat_space, running
from tests.browser.support.gateway_stub import Answer

pytestmark = pytest.mark.browser

ANSWER = {"role": "assistant", "content": "Yours", "request": None, "state": "done"}


def rows(page: Page) -> list[str]:
    return page.locator(".chat-list-item").all_inner_texts()


def test_conversations_are_kept_opened_and_deleted(talk: Conversation, page: Page) -> None:
    talk.open()
    talk.ask("First talk", "One")
    page.get_by_role("button", name="New conversation").click()
    expect(talk.turns).to_have_count(0)
    expect(talk.message).to_be_focused()
    talk.ask("Second talk", "Two")
    page.reload()
    expect(talk.questions).to_have_text(["Second talk"])
    assert rows(page) == ["Second talk", "First talk"]

    page.get_by_role("button", name="First talk", exact=True).click()
    expect(talk.questions).to_have_text(["First talk"])
    talk.ask("More", "Three")
    assert talk.said() == [("user", "First talk"), ("assistant", "One"), ("user", "More")]
    assert rows(page) == ["First talk", "Second talk"]

    delete = page.get_by_role("button", name="Delete “First talk” from this browser")
    delete.click()
    page.get_by_role("button", name="Delete?").click()
    expect(page.locator(".chat-list-item")).to_have_text(["Second talk"])
    expect(talk.turns).to_have_count(0)
    page.reload()
    expect(page.locator(".chat-list-item")).to_have_text(["Second talk"])


def test_deleting_by_keyboard_keeps_the_focus_in_the_list(talk: Conversation, page: Page) -> None:
    talk.open()
    for name in ("First", "Second", "Third"):
        talk.ask(name, "Fine")
        page.get_by_role("button", name="New conversation").click()
    bins = page.locator(".chat-delete")
    expect(bins).to_have_count(3)

    for place, left in ((1, ["Third", "First"]), (1, ["Third"]), (0, [])):
        bins.nth(place).focus()
        page.keyboard.press("Enter")
        page.keyboard.press("Enter")
        expect(page.locator(".chat-list-item")).to_have_text(left)
        if left:
            expect(bins.nth(min(place, len(left) - 1))).to_be_focused()

    expect(page.get_by_role("button", name="New conversation")).to_be_focused()


def test_opening_a_conversation_keeps_its_place(talk: Conversation, page: Page) -> None:
    talk.open()
    for name in ("First", "Second", "Third"):
        talk.ask(name, "Fine")
        page.get_by_role("button", name="New conversation").click()

    page.get_by_role("button", name="Second", exact=True).click()
    expect(talk.questions).to_have_text(["Second"])
    assert rows(page) == ["Third", "Second", "First"]
    page.reload()
    expect(talk.questions).to_have_text(["Second"])
    assert rows(page) == ["Third", "Second", "First"]

    talk.next(text="Better")
    talk.action(talk.answers.last, "Regenerate").click()
    expect(talk.answers.last.locator(".prose")).to_have_text("Better")
    assert rows(page) == ["Second", "Third", "First"]


def test_back_and_forward_show_the_conversation_that_the_address_names(
    talk: Conversation, page: Page
) -> None:
    talk.open()
    talk.ask("Old talk", "One")
    page.get_by_role("button", name="New conversation").click()
    expect(talk.turns).to_have_count(0)

    page.go_back()
    expect(talk.questions).to_have_text(["Old talk"])
    page.go_forward()
    expect(talk.turns).to_have_count(0)
    talk.ask("New talk", "Two")
    assert rows(page) == ["New talk", "Old talk"]


def test_an_answer_goes_on_while_another_conversation_is_open(
    talk: Conversation, page: Page
) -> None:
    talk.open()
    talk.next(running(1))
    talk.say("Slow one")
    expect(talk.stop).to_be_visible()
    page.get_by_role("button", name="New conversation").click()
    expect(talk.stop).to_be_hidden()
    talk.finish("At last")

    page.get_by_role("button", name="Slow one", exact=True).click()

    expect(talk.answers.locator(".prose")).to_have_text("At last")


@pytest.fixture
def person(stub: AdminApiStub, admin_page: Page) -> Page:
    """The conversations of somebody who is signed in and has one open."""
    stub.answer("GET", "/me/spaces/echo", Answer(msgspec.to_builtins(chat_space())))
    stub.answer("GET", "/spaces/echo", Answer(msgspec.to_builtins(chat_space())))
    stub.answer("GET", "/me/requests", Answer({"requests": [], "next_cursor": None}))
    turns = [{"role": "user", "content": "Mine"}, ANSWER]
    options: dict[str, Any] = {
        "system": "",
        "temperature": None,
        "top_p": None,
        "max_tokens": None,
        "others": {},
    }
    kept = json.dumps([{"id": "a", "at": 1, "options": options, "turns": turns}])
    admin_page.evaluate("(kept) => sessionStorage.setItem('spaces.chats.echo', kept)", kept)
    admin_page.goto("/space.html?space=echo")
    admin_page.get_by_role("button", name="Mine", exact=True).click()
    return admin_page


def test_signed_in_conversations_are_said_to_be_kept_in_the_tab(person: Page) -> None:
    words = person.locator(".chat-list-words")
    expect(words).to_have_text("Kept only in this tab. What you asked stays under History.")
    delete = person.get_by_role("button", name="Delete “Mine” from this tab")
    expect(delete).to_have_attribute("title", "Delete from this tab")

    delete.click()
    person.get_by_role("button", name="Delete?").click()

    said = person.locator("[data-part=announcement]")
    expect(said).to_have_text("The conversation was deleted from this tab.")


def test_signing_out_in_another_tab_ends_editing(person: Page) -> None:
    message = person.get_by_role("textbox", name="Message")
    message.fill("My diagnosis")
    person.locator(".chat-turn").get_by_role("button", name="Edit").click()
    expect(message).to_have_value("Mine")

    person.evaluate("new BroadcastChannel('spaces.session').postMessage('signed_out')")

    expect(person.locator(".chat-turn")).to_have_count(0)
    expect(message).to_have_value("")
    expect(person.get_by_role("button", name="Cancel editing")).to_be_hidden()


def test_conversations_of_nobody_are_said_to_be_kept_in_the_browser(
    talk: Conversation, page: Page
) -> None:
    talk.open()
    talk.ask("Mine", "Yours")

    expect(page.locator(".chat-list-words")).to_have_text("Kept only in this browser.")


def test_conversations_of_another_space_are_not_listed(talk: Conversation, page: Page) -> None:
    talk.open()
    talk.ask("Here", "One")
    page.evaluate(
        """localStorage.setItem("spaces.chats.other", localStorage["spaces.chats.echo"])"""
    )
    page.evaluate("""localStorage.removeItem("spaces.chats.echo")""")

    page.goto("/space.html?space=echo")

    expect(talk.message).to_be_visible()
    expect(page.locator(".chat-list-item")).to_have_count(0)


@pytest.mark.parametrize("stored", ["null", "7", "[null, 3, {}]", '[{"id": "a"}]', "{oops"])
def test_what_is_stored_wrongly_does_no_harm(talk: Conversation, page: Page, stored: str) -> None:
    page.goto("/signed-in.html")
    page.evaluate("(stored) => localStorage.setItem('spaces.chats.echo', stored)", stored)

    talk.open()
    talk.ask("Hello", "Hi")

    expect(page.locator(".chat-list-item")).to_have_text(["Hello"])
