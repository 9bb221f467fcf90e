"""The list of earlier requests: names of its buttons, and that rows stay while it is used."""

import pytest
from playwright.sync_api import Locator, Page, expect

from spaces_protocol.rest_bodies import OutputView, RequestState
from tests.browser.support.bodies import result, space, status
from tests.browser.support.gateway_stub import NO_CONTENT, Answer, GatewayStub
from tests.browser.support.history import POEM, SONG, remember
from tests.browser.support.result_menu import delete_button

pytestmark = pytest.mark.browser

SLOW_READER_MS = 60_000


def open_list(page: Page, gateway: GatewayStub) -> Locator:
    remember(page, Song="FAILED", Poem="COMPLETED")
    gateway.spaces = [space()]
    gateway.deletes = [Answer(status=NO_CONTENT)]
    page.goto("/space.html?space=echo")
    return page.locator("[data-part=history-panel]")


@pytest.fixture
def history(page: Page, gateway: GatewayStub) -> Locator:
    return open_list(page, gateway)


def button(history: Locator, name: str) -> Locator:
    return history.get_by_role("button", name=name, exact=True)


def test_delete_says_what_it_deletes_and_waits_for_a_slow_reader(
    fresh_page: Page, gateway: GatewayStub
) -> None:
    fresh_page.clock.install()
    history = open_list(fresh_page, gateway)
    button(history, "Delete “Poem”").click()
    expect(button(history, "Delete for everyone? “Poem”")).to_be_focused()
    assert gateway.calls_to("DELETE", POEM) == []

    fresh_page.clock.fast_forward(SLOW_READER_MS)
    button(history, "Delete for everyone? “Poem”").click()

    expect(history.get_by_role("link")).to_have_count(1)
    assert len(gateway.calls_to("DELETE", POEM)) == 1
    expect(history.get_by_role("heading")).to_be_focused()


@pytest.mark.parametrize("other", ["Escape", "Tab", "elsewhere", "another"])
def test_delete_is_off_as_soon_as_one_does_something_else(
    page: Page, history: Locator, other: str
) -> None:
    button(history, "Delete “Poem”").click()
    expect(button(history, "Delete for everyone? “Poem”")).to_be_visible()

    if other == "elsewhere":
        page.get_by_role("heading", name="Echo").click()
    elif other == "another":
        button(history, "Delete “Song”").click()
    else:
        page.keyboard.press(other)

    expect(button(history, "Delete “Poem”")).to_be_visible()


def test_delete_of_the_open_request_is_off_when_another_is_opened(
    page: Page, gateway: GatewayStub
) -> None:
    remember(page, Poem="COMPLETED")
    gateway.spaces = [space()]
    gateway.statuses = [Answer(status(RequestState.COMPLETED))]
    gateway.results = [Answer(result(output=OutputView(text="Roses are red.")))]
    page.goto("/space.html?space=echo")
    page.evaluate(f"history.pushState(null, '', '?space=echo&request={POEM}')")
    page.evaluate("dispatchEvent(new PopStateEvent('popstate'))")
    delete_button(page).click()
    expect(delete_button(page)).to_have_text("Delete for everyone?")

    page.go_back()
    page.go_forward()

    expect(page.get_by_text("Roses are red.")).to_be_visible()
    expect(delete_button(page)).to_have_text("Delete")


def test_rows_stay_with_their_focus_while_a_request_goes_on(
    page: Page, gateway: GatewayStub
) -> None:
    remember(page, Song="IN_PROGRESS", Poem="COMPLETED")
    gateway.spaces = [space()]
    gateway.statuses = [Answer(status(RequestState.IN_PROGRESS, SONG))]
    gateway.results = [Answer(result(RequestState.COMPLETED, SONG))]
    page.goto(f"/space.html?space=echo&request={SONG}")
    history = page.locator("[data-part=history-panel]")
    button(history, "Delete “Poem”").click()

    gateway.statuses = [Answer(status(RequestState.COMPLETED, SONG))]

    expect(history.get_by_role("link", name="Answered Song")).to_be_visible()
    expect(button(history, "Delete “Song”")).to_be_visible()
    expect(button(history, "Delete for everyone? “Poem”")).to_be_focused()


def test_prompt_in_a_narrow_column_has_a_line_of_its_own(page: Page, history: Locator) -> None:
    history.evaluate("panel => { panel.style.inlineSize = '236px' }")

    width = history.get_by_text("Poem").evaluate("prompt => prompt.clientWidth")

    assert width > 80
