"""The list of spaces."""

import re

import pytest
from playwright.sync_api import Page, Route, expect

from tests.browser.support.bodies import space, space_without_worker
from tests.browser.support.gateway_stub import GatewayStub
from tests.browser.support.history import remember
from tests.browser.support.own_modules import own_module

pytestmark = pytest.mark.browser


def test_each_space_shows_its_state_in_words(page: Page, gateway: GatewayStub) -> None:
    gateway.spaces = [
        space("echo"),
        space("fast", title="Fast", state="busy", queue_length=2, running=1, eta_seconds=8.4),
        space_without_worker("speech", title="Speech"),
    ]

    page.goto("/")

    cards = page.get_by_role("listitem").filter(has=page.get_by_role("heading"))
    expect(cards.nth(0)).to_contain_text("Connected")
    expect(cards.nth(0)).not_to_contain_text("No queue")
    expect(cards.nth(1)).to_contain_text(re.compile("Connected, busy.*2 waiting.*about 8 s wait"))
    expect(cards.nth(2)).to_contain_text(re.compile("Not connected.*last seen"))


def test_search_narrows_the_list_and_lives_in_the_address(page: Page, gateway: GatewayStub) -> None:
    gateway.spaces = [space("echo"), space("chat", title="Chat with a model")]
    page.goto("/")

    page.get_by_label("Search spaces").fill("model")

    expect(page.get_by_role("link", name="Chat with a model")).to_be_visible()
    expect(page.get_by_role("link", name="Echo")).to_have_count(0)
    page.reload()
    expect(page.get_by_role("link", name="Chat with a model")).to_be_visible()
    expect(page.get_by_role("link", name="Echo")).to_have_count(0)


def test_search_typed_while_the_page_still_loads_is_kept(page: Page, gateway: GatewayStub) -> None:
    gateway.spaces = [space("echo"), space("chat", title="Chat with a model")]
    held: list[Route] = []
    page.route("**/locales/en/spaces.js", lambda route: held.append(route))  # noqa: PLW0108
    with page.expect_request("**/locales/en/spaces.js"):
        page.goto("/", wait_until="commit")

    page.get_by_label("Search spaces").fill("model")
    held[0].continue_()

    expect(page.get_by_role("link", name="Chat with a model")).to_be_visible()
    expect(page.get_by_role("link", name="Echo")).to_have_count(0)
    expect(page).to_have_url(re.compile(r"\?q=model$"))


def titles(page: Page) -> list[str]:
    return page.locator(".space-card h2").all_inner_texts()


def test_online_spaces_come_first_then_those_used_last_then_by_name(
    page: Page, gateway: GatewayStub
) -> None:
    gateway.spaces = [
        space_without_worker("asleep", title="Asleep"),
        space("beta", title="Beta"),
        space("off", title="A space that is off", disabled=True),
        space("alpha", title="Alpha"),
        space("echo"),
    ]
    remember(page, Song="COMPLETED")  # in "echo"

    page.goto("/")

    expect(page.get_by_role("link", name="Alpha")).to_be_visible()
    assert titles(page) == ["Echo", "Alpha", "Beta", "A space that is off", "Asleep"]
    expect(page.get_by_role("listitem").filter(has_text="is off")).to_contain_text("Disabled")


def test_filters_narrow_the_list_and_live_in_the_address(page: Page, gateway: GatewayStub) -> None:
    gateway.spaces = [
        space("speech", title="Speech", features=["audio"]),
        space_without_worker("songs", title="Songs", features=["audio"]),
        space("echo"),
    ]
    page.goto("/")
    page.get_by_role("button", name="Audio").click()
    expect(page.get_by_role("link", name="Echo")).to_have_count(0)

    page.get_by_role("button", name="Online").click()
    page.reload()

    expect(page.get_by_role("link", name="Speech")).to_be_visible()
    assert titles(page) == ["Speech"]
    expect(page.get_by_role("button", name="Audio")).to_have_attribute("aria-pressed", "true")
    page.get_by_role("button", name="Audio").click()
    page.get_by_role("button", name="Video").click()
    expect(page.get_by_text("No spaces pass these filters.")).to_be_visible()


def test_search_knows_what_a_space_takes(page: Page, gateway: GatewayStub) -> None:
    gateway.spaces = [space("speech", title="Speech", features=["audio"]), space("echo")]

    page.goto("/?q=audio")

    expect(page.get_by_role("link", name="Speech")).to_be_visible()
    assert titles(page) == ["Speech"]


def test_slash_moves_to_the_search(page: Page, gateway: GatewayStub) -> None:
    gateway.spaces = [space("echo")]
    page.goto("/")
    expect(page.get_by_role("link", name="Echo")).to_be_visible()

    page.keyboard.press("/")
    page.keyboard.type("a/b")

    expect(page.get_by_label("Search spaces")).to_have_value("a/b")


def test_search_without_a_match_says_so(page: Page, gateway: GatewayStub) -> None:
    gateway.spaces = [space("echo")]

    page.goto("/?q=nothing")

    expect(page.get_by_text("No spaces match “nothing”.")).to_be_visible()


def test_no_spaces_says_how_to_create_the_first(page: Page, gateway: GatewayStub) -> None:
    page.goto("/")

    expect(page.get_by_role("heading", name="No spaces yet")).to_be_visible()
    expect(page.get_by_text("make test-setup")).to_be_visible()
    expect(page.get_by_label("Search spaces")).to_be_hidden()


def test_titles_of_spaces_are_shown_as_text(page: Page, gateway: GatewayStub) -> None:
    gateway.spaces = [space("echo", title="<img src=x onerror=alert(1)>")]

    page.goto("/")

    expect(page.get_by_role("link", name="<img src=x onerror=alert(1)>")).to_be_visible()


def test_unreachable_gateway_is_said(page: Page, gateway: GatewayStub) -> None:
    page.context.route("**/v1/spaces", lambda route: route.abort())

    page.goto("/")

    expect(page.get_by_role("main").get_by_text("The gateway cannot be reached.")).to_be_visible()


def test_gateway_with_a_fault_is_not_called_unreachable(page: Page) -> None:
    page.context.route("**/v1/spaces", lambda route: route.fulfill(status=503, json={}))

    page.goto("/")

    expect(
        page.get_by_role("main").get_by_text("The gateway is not responding correctly.")
    ).to_be_visible()


PAUSES = f"""async (address) => {{
    const {{ poll }} = {own_module("api/poll.js")};"""
PAUSES += """
    const stop = new AbortController();
    const wait = window.setTimeout;
    const pauses = [];
    window.setTimeout = (go, milliseconds) => (pauses.push(milliseconds), wait(go, 0));
    let asked = 0;
    await new Promise((resolve) => poll({
        load: async () => ({ spaces: [{ cover_url: `${address}${asked++}` }] }),
        onResponse: () => asked < 8 || (stop.abort(), resolve()),
        signal: stop.signal,
    }));
    window.setTimeout = wait;
    return pauses;
}"""


def test_unchanged_list_is_asked_for_ever_less_often_though_covers_are_signed_anew(
    page: Page,
) -> None:
    page.goto("/result.html")

    pauses = page.evaluate(PAUSES, "https://files.test/cover.png?X-Amz-Signature=")

    assert pauses == sorted(pauses)
    assert pauses[-1] > 3 * pauses[0]


def test_another_cover_is_news(page: Page) -> None:
    page.goto("/result.html")

    pauses = page.evaluate(PAUSES, "https://files.test/cover")

    assert max(pauses) < 11_000
