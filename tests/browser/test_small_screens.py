"""Narrow screens stay readable: whole words, room for prompts, hints with contrast."""

import pytest
from playwright.sync_api import Page, expect

from tests.browser.support.bodies import space_without_worker
from tests.browser.support.gateway_stub import GatewayStub
from tests.browser.support.history import remember

pytestmark = pytest.mark.browser

LINES = """element => {
    const range = document.createRange();
    range.selectNodeContents(element);
    return new Set(Array.from(range.getClientRects(), ({ top }) => Math.round(top))).size;
}"""
LEAST_PROMPT_PX = 120
LEAST_CONTRAST = 4.5
CONTRAST = """element => {
    const light = (colour) => {
        const parts = colour.match(/[\\d.]+/g).slice(0, 3).map((part) => part / 255);
        const linear = parts.map((c) => (c <= 0.04045 ? c / 12.92 : ((c + 0.055) / 1.055) ** 2.4));
        return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2];
    };
    const ink = getComputedStyle(element, "::placeholder").color;
    const pair = [light(ink), light(getComputedStyle(element).backgroundColor)];
    return (Math.max(...pair) + 0.05) / (Math.min(...pair) + 0.05);
}"""


@pytest.fixture(params=["light", "dark"])
def phone(request: pytest.FixtureRequest, page: Page, gateway: GatewayStub) -> Page:
    page.set_viewport_size({"width": 320, "height": 640})
    page.emulate_media(color_scheme=request.param)
    gateway.spaces = [space_without_worker()]
    remember(page, Song="FAILED", Poem="COMPLETED")
    page.goto("/space.html?space=echo")
    expect(page.locator(".history-prompt").first).to_be_visible()
    return page


def test_words_of_buttons_and_tabs_stay_whole(phone: Page) -> None:
    phone.locator("details").evaluate_all("all => all.forEach((each) => { each.open = true })")
    labels = phone.locator("[role=tab]:visible, .button:visible, .timeline-step").all()

    broken = [each.inner_text() for each in labels if each.evaluate(LINES) > 1]

    assert [words for words in broken if " " not in words.strip()] == []


def test_prompt_of_an_earlier_request_has_room(phone: Page) -> None:
    box = phone.locator(".history-prompt").first.bounding_box()
    assert box is not None
    assert box["width"] >= LEAST_PROMPT_PX


def test_placeholder_can_be_read(phone: Page) -> None:
    assert phone.get_by_label("Prompt").evaluate(CONTRAST) >= LEAST_CONTRAST
