"""Right-to-left text is shown in its own direction and does not change that of the page."""

from typing import Any

import msgspec
import pytest
from playwright.sync_api import Locator, Page, expect

from spaces_protocol.rest_bodies import FileView, OutputView, RequestState
from tests.browser.support.bodies import REQUEST_ID, accepted, ago, result, space, status
from tests.browser.support.gateway_stub import ACCEPTED, Answer, GatewayStub

pytestmark = pytest.mark.browser

HEBREW = "שלום עולם!"
ARABIC = "مرحبا بالعالم."
MIXED = f"{ARABIC}\n\nEnglish words.\n\n- {HEBREW}\n\n```\ncode = 1\n```"


def direction(place: Locator) -> str:
    expect(place).to_be_visible()
    found: str = place.evaluate("element => getComputedStyle(element).direction")
    return found


def left_of(place: Locator) -> float:
    """Where the text of an element begins on the screen, whatever the element's own box."""
    script = """element => {
        const range = document.createRange();
        range.selectNodeContents(element);
        return range.getBoundingClientRect().left;
    }"""
    left: float = place.evaluate(script)
    return left


def file(**changes: Any) -> FileView:
    address = "https://files.example/a.pdf"
    view = FileView(
        name=f"{HEBREW}.pdf",
        content_type="application/pdf",
        size=20,
        inline=False,
        url=address,
        download_url=address,
        expires_at=ago(-3600),
    )
    return msgspec.structs.replace(view, **changes)


def test_prompt_title_answer_and_names_are_read_from_the_right(
    page: Page, gateway: GatewayStub
) -> None:
    gateway.spaces = [space(title=HEBREW, description=ARABIC)]
    gateway.submits = [Answer(accepted(), ACCEPTED)]
    gateway.statuses = [Answer(status(RequestState.COMPLETED))]
    gateway.results = [Answer(result(output=OutputView(text=MIXED, files=[file()])))]
    page.goto("/space.html?space=echo")
    prompt = page.get_by_label("Prompt")
    prompt.fill(HEBREW)
    assert direction(prompt) == "rtl"
    page.get_by_role("button", name="Run", exact=True).click()
    expect(page.locator("#result-title")).to_have_text("Answered")

    prose = page.locator(".prose")
    places = {
        "title": page.locator("[data-part=title]"),
        "description": page.locator("[data-part=description]"),
        "answer": prose,
        "file": page.locator(".output-file-name"),
        "history": page.locator(".history-prompt"),
    }
    assert {name: direction(place) for name, place in places.items()} == dict.fromkeys(
        places, "rtl"
    )
    assert direction(page.locator("body")) == "ltr"
    for name in ("title", "history"):
        edge = places[name].bounding_box()
        assert edge is not None
        assert left_of(places[name]) == pytest.approx(edge["x"], abs=2)
    assert direction(prose.locator("pre")) == "ltr"
    assert left_of(prose.get_by_text("English words.")) < left_of(prose.get_by_text(ARABIC))


def test_asked_prompt_of_a_shared_result_and_a_card_are_read_from_the_right(
    page: Page, gateway: GatewayStub
) -> None:
    gateway.spaces = [space(title=HEBREW)]
    gateway.statuses = [Answer(status(RequestState.COMPLETED))]
    gateway.results = [Answer(result(input={"prompt": ARABIC}, output=OutputView(text="Hi")))]

    page.goto(f"/result.html?space=echo&request={REQUEST_ID}")
    assert direction(page.locator(".request-input-prompt")) == "rtl"
    assert direction(page.locator("[data-part=space-title]")) == "rtl"
    assert direction(page.locator(".prose")) == "ltr"

    page.goto("/")
    assert direction(page.get_by_role("link", name=HEBREW)) == "rtl"
