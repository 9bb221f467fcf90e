"""The tab that tests share, and the server of their stubs, keep tests apart."""

import pytest
from playwright.sync_api import Page

from tests.browser.support.eventually import eventually
from tests.browser.support.gateway_stub import LATE, Answer, GatewayStub
from tests.browser.support.page_server import EMPTY_PAGE
from tests.browser.support.shared_tab import SharedTab

pytestmark = pytest.mark.browser

LEFT = """async () => ({
    stored: [localStorage.length, sessionStorage.length],
    cookies: document.cookie,
    script: window.left ?? null,
    width: innerWidth,
    dark: matchMedia("(prefers-color-scheme: dark)").matches,
    online: navigator.onLine,
    microphone: (await navigator.permissions.query({ name: "microphone" })).state,
    answer: await fetch("/v1/spaces").then((response) => response.status),
})"""
STORE = """() => {
    localStorage.setItem("a", "b");
    sessionStorage.setItem("a", "b");
    document.cookie = "a=b";
}"""
NOTE_INPUT = """() => {
    window.noted = [];
    const note = (kind, read) =>
        addEventListener(kind, (event) => noted.push([kind, ...read(event)]));
    note("keydown", ({ repeat, shiftKey }) => [repeat, shiftKey]);
    note("mousemove", ({ buttons }) => [buttons]);
}"""
CALLS = """async (count) => {
    for (let call = 0; call < count; call += 1) await fetch("/v1/spaces").catch(() => undefined);
}"""


def change_everything(page: Page, heard: list[str]) -> None:
    page.evaluate(STORE)
    page.on("console", lambda message: heard.append(message.text))
    page.add_init_script("window.left = true")
    page.context.add_init_script("window.left = true")
    page.route("**/v1/**", lambda route: route.fulfill(status=500))
    page.context.route("**/v1/**", lambda route: route.fulfill(status=500))
    page.set_viewport_size({"width": 320, "height": 640})
    page.emulate_media(color_scheme="dark")
    page.context.grant_permissions(["microphone"])
    page.context.new_page()
    page.goto("/")
    page.context.set_offline(offline=True)


@pytest.mark.usefixtures("gateway")
def test_next_test_gets_the_tab_as_if_it_were_new(shared_tab: SharedTab) -> None:
    page = shared_tab.begin()
    before = page.evaluate(LEFT)

    heard: list[str] = []
    change_everything(page, heard)
    assert shared_tab.end() == []

    page = shared_tab.begin()
    after = page.evaluate(LEFT)
    heard.clear()
    page.evaluate("console.log('A listener that is left hears this.')")
    assert shared_tab.end() == []
    assert heard == []
    assert after == before
    assert page.url.endswith(EMPTY_PAGE)
    assert page.context.pages == [page]


def test_keys_and_buttons_are_released_for_the_next_test(shared_tab: SharedTab) -> None:
    page = shared_tab.begin()
    page.mouse.down()
    page.keyboard.down("Shift")
    page.keyboard.down("Enter")
    shared_tab.end()

    page = shared_tab.begin()
    page.evaluate(NOTE_INPUT)
    page.keyboard.press("Enter")
    page.mouse.move(10, 10)
    noted = page.evaluate("window.noted")
    shared_tab.end()
    assert noted == [["keydown", False, False], ["mousemove", 0]]


def test_tab_that_was_closed_is_replaced(shared_tab: SharedTab) -> None:
    shared_tab.begin().close()
    shared_tab.end()

    assert shared_tab.begin().url.endswith(EMPTY_PAGE)
    shared_tab.end()


@pytest.mark.parametrize("name", ["clock.install", "expose_function"])
def test_what_cannot_be_undone_fails_at_once(page: Page, name: str) -> None:
    owner, _, method = name.rpartition(".")

    with pytest.raises(pytest.fail.Exception, match=f"{method} .*fresh_page"):
        getattr(getattr(page, owner) if owner else page, method)()


def test_lost_call_is_not_repeated_by_the_browser(page: Page, gateway: GatewayStub) -> None:
    page.evaluate(CALLS, 1)  # its connection can be used again
    gateway.reachable = False

    page.evaluate(CALLS, 3)

    assert len(gateway.calls_to("GET", "/spaces")) == 4


def test_late_answer_waits_for_its_call(page: Page, gateway: GatewayStub) -> None:
    gateway.statuses = [LATE]
    ask = (
        "path => setTimeout(() => fetch(path).then(({ status }) => window.answered = status), 200)"
    )
    page.evaluate(ask, "/v1/spaces/echo/requests/echo.1.x/status")

    gateway.answer_late(Answer({}, 418))

    eventually(page, "window.answered === 418")
