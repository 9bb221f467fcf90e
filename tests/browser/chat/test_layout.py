"""What a conversation looks like: scrolling, small screens, direction, weight, accessibility."""

from typing import Any

import pytest
from playwright.sync_api import Page, ViewportSize, expect

from spaces_protocol.errors import ErrorType
from spaces_protocol.examples import Example
from tests.browser.support.axe import DESKTOP, WIDE, ZOOMED, expect_accessible
from tests.browser.support.axe import PHONE as PHONE_DEVICE
from tests.browser.support.bodies import space
from tests.browser.support.chat import Conversation, running, writing
from tests.browser.support.eventually import eventually
from tests.browser.support.gateway_stub import Answer, GatewayStub, refusal

pytestmark = pytest.mark.browser

LONG = "\n\n".join(f"Paragraph {number} of a long answer." for number in range(60))
MOST_SHIFT = 0.1  # what Core Web Vitals calls good
SHIFTS = """
    window.shift = 0;
    new PerformanceObserver((list) => {
        const own = list.getEntries().filter((entry) => !entry.hadRecentInput);
        for (const { value } of own) window.shift += value;
    }).observe({ type: "layout-shift", buffered: true });
"""
PHONE: ViewportSize = {"width": 375, "height": 450}
OFF_END = "() => document.documentElement.scrollHeight - innerHeight - scrollY"


def is_in_view(page: Page, selector: str) -> bool:
    """Whether an element is on the screen, and nothing covers it."""
    seen: bool = page.evaluate(
        """(selector) => {
            const element = document.querySelector(selector);
            const { left, top, width, height } = element.getBoundingClientRect();
            const found = document.elementFromPoint(left + width / 2, top + height / 2);
            return top >= 0 && top + height <= innerHeight && element.contains(found);
        }""",
        selector,
    )
    return seen


def test_a_long_answer_follows_a_reader_at_its_end_only(
    talk: Conversation, page: Page, gateway: GatewayStub
) -> None:
    talk.open()
    talk.next(writing(1, LONG, "1.1"), running(1))
    talk.say("A long story")
    expect(talk.answers).to_contain_text("Paragraph 59")
    eventually(page, f"{OFF_END} < 48")

    page.mouse.wheel(0, -600)
    eventually(page, f"{OFF_END} > 300")
    expect(page.get_by_role("button", name="Go to the end")).to_be_visible()
    place = page.evaluate("scrollY")
    gateway.statuses = [Answer(writing(1, f"\n\n{LONG}", "1.2")), Answer(running(1))]
    eventually(page, f"{OFF_END} > 1500")
    assert page.evaluate("scrollY") == place

    page.get_by_role("button", name="Go to the end").click()
    eventually(page, f"{OFF_END} < 48")


def test_what_grows_below_does_not_cover_the_end(talk: Conversation, page: Page) -> None:
    talk.open()
    talk.next(text=LONG)
    talk.say("One")
    eventually(page, f"{OFF_END} < 48")

    talk.message.fill("\n" * 6)

    eventually(page, f"{OFF_END} < 2")
    expect(talk.answers.get_by_text("Paragraph 59")).to_be_in_viewport()


@pytest.mark.parametrize("when", ["empty", "talking"])
def test_composer_and_state_are_in_view_on_a_phone_with_its_keyboard(
    talk: Conversation, page: Page, when: str
) -> None:
    page.set_viewport_size(PHONE)
    talk.open(examples=[Example(prompt="Explain how a transistor works in three sentences.")])
    if when == "talking":
        talk.ask("One", "First")
        talk.next(text=LONG)
        talk.say("Two")
        expect(talk.answers.last).to_contain_text("Paragraph 59")
        eventually(page, f"{OFF_END} < 48")

    assert is_in_view(page, "#chat-text")
    assert is_in_view(page, ".chat-send")
    assert is_in_view(page, "[data-part=connection-toggle]")
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")


@pytest.mark.parametrize("width", [320, 640, 1280])
def test_nothing_is_wider_than_the_screen(talk: Conversation, page: Page, width: int) -> None:
    page.set_viewport_size({"width": width, "height": 512})
    talk.open(title="A title of many words that does not fit into one line of a phone")

    talk.ask("w" * 300, "w" * 300)

    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")


@pytest.mark.parametrize("state", ["empty", "offline", "talking", "editing", "failed", "list"])
def test_axe_finds_nothing(talk: Conversation, page: Page, state: str) -> None:
    changes: dict[str, Any] = {"examples": [Example(prompt="Hi there")]}
    if state == "offline":
        changes |= {"connected": False, "state": "offline", "workers": []}
    talk.open(**changes)
    if state not in {"empty", "offline"}:
        talk.ask("One", "First")
    if state == "failed":
        talk.gateway.submits = [refusal(ErrorType.QUEUE_FULL)]
        talk.say("Two")
    if state == "editing":
        talk.action(talk.turns.first, "Edit").click()
        page.get_by_role("button", name="Options").click()
    if state == "list":
        page.set_viewport_size(PHONE)
        page.get_by_role("button", name="Conversations", exact=True).click()

    expect_accessible(page, DESKTOP, PHONE_DEVICE, ZOOMED, WIDE)


def test_axe_finds_nothing_in_chinese(chinese_page: Page, gateway: GatewayStub) -> None:
    talk = Conversation(chinese_page, gateway)
    talk.message = chinese_page.get_by_role("textbox", name="消息")
    talk.open()
    talk.ask("你好", "很好")

    expect_accessible(chinese_page, DESKTOP, PHONE_DEVICE)


def test_nothing_jumps_while_the_page_loads(fresh_page: Page, gateway: GatewayStub) -> None:
    fresh_page.add_init_script(SHIFTS)

    Conversation(fresh_page, gateway).open(examples=[Example(prompt="Hi there")])
    fresh_page.wait_for_load_state("networkidle")

    assert fresh_page.evaluate("window.shift") < MOST_SHIFT


def test_a_frame_shows_the_conversation(talk: Conversation) -> None:
    talk.open("/embed.html?space=echo", embed_origins=["*"])

    talk.ask("One", "First")

    expect(talk.questions).to_have_text("One")
    expect(talk.message).to_be_focused()


def test_the_other_views_show_nothing_of_it(talk: Conversation, page: Page) -> None:
    talk.open()
    talk.ask("One", "First")

    page.get_by_role("tab", name="API").click()

    expect(talk.message).to_be_hidden()
    expect(page.locator("footer")).to_be_visible()
    page.get_by_role("tab", name="Playground").click()
    expect(talk.questions).to_have_text("One")


def test_everything_works_with_the_keyboard_alone(talk: Conversation, page: Page) -> None:
    talk.open()
    talk.ask("One", "First")
    talk.next(text="Again")

    for _ in range(12):
        page.keyboard.press("Shift+Tab")
        if page.evaluate("document.activeElement.textContent") == "Regenerate":
            break
    page.keyboard.press("Enter")

    expect(talk.answers.locator(".prose")).to_have_text("Again")
    expect(talk.message).to_be_focused()


def test_each_text_is_read_in_its_own_direction(talk: Conversation) -> None:
    talk.open()

    talk.ask("שלום", "مرحبا")

    for text in (talk.questions, talk.answers.locator(".long-text")):
        assert text.evaluate("(element) => getComputedStyle(element).direction") == "rtl"


def test_screen_readers_hear_the_answer(talk: Conversation, page: Page) -> None:
    talk.open()

    talk.ask("One", "The first answer")

    expect(page.locator("[data-part=announcement]")).to_have_text("Answered. The first answer")


def test_other_spaces_load_nothing_of_it(page: Page, gateway: GatewayStub) -> None:
    gateway.spaces = [space()]
    loaded: list[str] = []
    page.on("request", lambda request: loaded.append(request.url))

    page.goto("/space.html?space=echo", wait_until="networkidle")

    expect(page.get_by_label("Prompt")).to_be_visible()
    assert [url for url in loaded if "chat" in url] == []
